// A text field is read in place: a new string would be gone before it is compared.
// expect: let the getter return std::string_view or a reference into the object
// expect: offer::fields
#include <string>
#include <string_view>

#include <tailor/offer/field.hpp>

struct visit {
  std::string page;
};

int main() {
#if TAILOR_REJECT
  const auto all =
      tailor::offer::fields<visit>{}.text("page", [](const visit& v) { return v.page; });
#else
  const auto all = tailor::offer::fields<visit>{}.text(
      "page", [](const visit& v) -> std::string_view { return v.page; });
#endif
  return all.list().size() == 1 ? 0 : 1;
}
