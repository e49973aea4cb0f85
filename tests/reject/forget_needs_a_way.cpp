// A part says how it forgets, or that there is nothing to forget.
// expect: void forget(user_id)
// expect: holds_no_personal_data
#include <tailor/compose/forget.hpp>

struct rules {
#if !TAILOR_REJECT
  using holds_no_personal_data = void;
#endif
};

int main() {
  rules book;
  tailor::forget(tailor::user_id{1}, book);
}
