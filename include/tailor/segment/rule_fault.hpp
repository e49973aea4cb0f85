#ifndef TAILOR_SEGMENT_RULE_FAULT_HPP
#define TAILOR_SEGMENT_RULE_FAULT_HPP

#include <cstddef>
#include <cstdint>
#include <string>

#include "../core/errc.hpp"
#include "property.hpp"
#include "rule.hpp"

namespace tailor::inline v0::segment {

/// What is wrong with a definition, and where.
struct mistake {
  errc code = errc::malformed;
  const char* what = "";
  std::string segment;  ///< its name
  std::string path;     ///< a JSON pointer (RFC 6901) into the list: /2/who/all/0/of/items
};

namespace detail {

/// What is wrong with one test of a property; ok when nothing is.
struct property_fault {
  errc code = errc::ok;
  const char* what = "";
  const char* word = "";  ///< the member at fault; empty: the test itself
};

[[nodiscard]] inline property_fault fault_of(const property_test& t, property_type type) {
  using enum property_operator;
  const bool number =
      type == property_type::number || type == property_type::date || type == property_type::flag;
  const bool text = type == property_type::text || type == property_type::texts;
  const std::size_t operands = t.numbers.size() + t.texts.size();
  const bool one_number = t.numbers.size() == 1 && operands == 1;
  const bool one_text = t.texts.size() == 1 && operands == 1;
  if (operands > rule_limits::list) return {errc::oversized, "a list of more than 1,000", ""};
  for (const std::string& s : t.texts) {
    if (s.size() > rule_limits::text) return {errc::oversized, "a text of more than 1,000", ""};
  }
  switch (t.op) {
    case exists:
    case missing:
      if (operands != 0) return {errc::malformed, "takes no operand", ""};
      return {};
    case equal:
    case not_equal:
      if ((number && one_number) || (type == property_type::text && one_text)) return {};
      return {errc::malformed, "takes one operand of the type of the property", ""};
    case less:
    case at_most:
    case more:
    case at_least:
      if (type != property_type::number && type != property_type::date) {
        return {errc::conflict, "of numbers and dates alone", "is"};
      }
      if (!one_number) return {errc::malformed, "takes one number", ""};
      return {};
    case any_of:
      if (operands > 0 && number && t.texts.empty()) return {};
      if (operands > 0 && text && t.numbers.empty()) return {};
      return {errc::malformed, "takes a list of the type of the property", ""};
    case contains:
    case starts_with:
    case ends_with:
      if (type != property_type::text) return {errc::conflict, "of text alone", "is"};
      if (!one_text) return {errc::malformed, "takes one text", ""};
      return {};
    case in_time:
      if (type != property_type::date) return {errc::conflict, "of dates alone", "is"};
      if (operands != 0) return {errc::malformed, "takes a timeframe", ""};
      return {};
    case anniversary:
      if (type != property_type::date) return {errc::conflict, "of dates alone", "is"};
      if (!one_number) return {errc::malformed, "takes one number of days", ""};
      if (t.numbers[0] < 1 || t.numbers[0] > 366) {
        return {errc::out_of_range, "1 to 366 days", "number"};
      }
      return {};
  }
  return {errc::unknown, "operator", "is"};
}

}  // namespace detail
}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_RULE_FAULT_HPP
