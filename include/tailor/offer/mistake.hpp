#ifndef TAILOR_OFFER_MISTAKE_HPP
#define TAILOR_OFFER_MISTAKE_HPP

#include <cstddef>
#include <cstdint>
#include <string>

#include "../core/errc.hpp"
#include "condition.hpp"
#include "field.hpp"

namespace tailor::inline v0::offer {

/// What is wrong with a rule, and where.
struct mistake {
  errc code = errc::malformed;
  const char* what = "";  ///< and what to do about it
  std::string rule;       ///< its name
  std::string path;       ///< a JSON pointer (RFC 6901) into the rule: /when/all/0/value
  std::size_t line = 0;   ///< of the document the rule was read from, from 1; 0: it was not read

  friend bool operator==(const mistake&, const mistake&) = default;
};

namespace detail {

struct test_fault {
  errc code = errc::ok;
  const char* what = "";
};

/// What is wrong with a test of a field of that kind; ok when nothing is.
[[nodiscard]] inline test_fault fault_of(const test& t, field_kind kind) {
  using enum test_operator;
  const bool number = kind != field_kind::text && kind != field_kind::set;
  const std::size_t operands = t.numbers.size() + t.texts.size();
  const bool numbers_only = t.texts.empty() && operands > 0;
  const bool texts_only = t.numbers.empty() && operands > 0;
  if (operands > condition_limits::list) return {errc::oversized, "a list of more than 1,000"};
  for (const std::string& s : t.texts) {
    if (s.size() > condition_limits::text) return {errc::oversized, "a text of over 1,000 bytes"};
  }
  switch (t.op) {
    case exists:
    case missing:
      if (operands != 0) return {errc::malformed, "exists and missing take no operand"};
      return {};
    case equal:
    case not_equal:
      if (kind == field_kind::set) return {errc::conflict, "a set: ask any of, all of or none of"};
      if (operands == 1 && (number ? numbers_only : texts_only)) return {};
      return {errc::malformed,
              number ? "one number, as the field is one" : "one text, as the field"};
    case less:
    case at_most:
    case more:
    case at_least:
      if (!number || kind == field_kind::flag) {
        return {errc::conflict, "only numbers, money and times are more or less"};
      }
      if (operands == 1 && numbers_only) return {};
      return {errc::malformed, "one number, as the field is one"};
    case between:
      if (!number || kind == field_kind::flag) {
        return {errc::conflict, "only numbers, money and times lie between"};
      }
      if (operands != 2 || !numbers_only) return {errc::malformed, "between takes two numbers"};
      if (t.numbers[0] > t.numbers[1]) return {errc::out_of_range, "the lower end comes first"};
      return {};
    case any_of:
    case none_of:
      if (number ? numbers_only : texts_only) return {};
      return {errc::malformed, number ? "a list of numbers, as the field is one"
                                      : "a list of texts, as the field is text"};
    case all_of:
      if (kind != field_kind::set) return {errc::conflict, "only a set has all of a list"};
      if (texts_only) return {};
      return {errc::malformed, "a list of texts"};
    case contains:
    case starts_with:
    case ends_with:
      if (kind != field_kind::text) return {errc::conflict, "of text alone"};
      if (operands == 1 && texts_only) return {};
      return {errc::malformed, "one text"};
  }
  return {errc::unknown, "no such operator"};
}

}  // namespace detail
}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_MISTAKE_HPP
