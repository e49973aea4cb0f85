// A property source gives typed values: a bare text is none.
// expect: property_source
#include <cstddef>
#include <string_view>

#include <tailor/segment/rule_names.hpp>

struct towns {
#if TAILOR_REJECT
  std::string_view value(tailor::user_id, std::size_t) const { return "Bern"; }
#else
  tailor::segment::property_value value(tailor::user_id, std::size_t) const {
    return tailor::segment::text_value("Bern");
  }
#endif
};

int main() {
  const towns source;
  tailor::segment::rule_names names;
  return names.shoppers(source, {{"town", tailor::segment::property_type::text}}) ? 0 : 1;
}
