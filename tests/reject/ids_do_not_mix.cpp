// A shopper is not an item: the ids are types of their own.
// expect: user_id
// expect: item_id
#include <tailor/core/ids.hpp>

int main() {
#if TAILOR_REJECT
  const tailor::user_id shopper = tailor::item_id{7};
#else
  const tailor::user_id shopper = tailor::user_id{7};
#endif
  return tailor::raw(shopper) == 7 ? 0 : 1;
}
