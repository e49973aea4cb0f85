#ifndef TAILOR_OFFER_CONDITION_HPP
#define TAILOR_OFFER_CONDITION_HPP

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <variant>
#include <vector>

#include "../core/comparison.hpp"

namespace tailor::inline v0::offer {

// A condition as data: a closed tree of tests of named fields. There is no code in it, no call and
// no pattern, so that whoever writes rules cannot make the checkout do anything but compare.

/// What a field has to be. A value that is not known passes `missing` alone.
enum class test_operator : std::uint8_t {
  exists,
  missing,
  equal,      ///< one operand: a number (of number, money, time, flag) or a text
  not_equal,  ///< known, and other than that
  less,
  at_most,
  more,
  at_least,
  between,      ///< two numbers, both included
  any_of,       ///< one of the operands; a set: has one of them
  none_of,      ///< known, and none of them; a set: has none of them
  all_of,       ///< a set: has all of them
  contains,     ///< a text: somewhere in it the one text, byte for byte
  starts_with,  ///< a text
  ends_with     ///< a text
};

/// As it is written; never null.
[[nodiscard]] constexpr const char* name_of(test_operator o) {
  constexpr const char* names[] = {"exists",  "missing", "=",        "!=",          "<",
                                   "<=",      ">",       ">=",       "between",     "any of",
                                   "none of", "all of",  "contains", "starts with", "ends with"};
  const auto index = static_cast<std::size_t>(o);
  return index < std::size(names) ? names[index] : "unnamed";
}

/// A test of one field. Money is compared in minor units, times in microseconds since 1970.
struct test {
  std::string field;
  test_operator op = test_operator::exists;
  std::vector<std::int64_t> numbers{};
  std::vector<std::string> texts{};

  friend bool operator==(const test&, const test&) = default;
};

struct condition;

/// AND, OR, and NOT ANY.
enum class joined_by : std::uint8_t { all, any, none };

struct group {
  joined_by how = joined_by::all;
  std::vector<condition> parts;
};

/// What is asked of the lines of a cart.
enum class quantifier : std::uint8_t {
  any,    ///< a line passes
  all,    ///< there are lines, and all of them pass
  none,   ///< no line passes
  count,  ///< the number of lines that pass, compared with the bound
  sum     ///< the sum of `field` over the lines that pass, compared with the bound
};

/// As it is written; never null.
[[nodiscard]] constexpr const char* name_of(quantifier q) {
  constexpr const char* names[] = {"any", "all", "none", "count", "sum"};
  const auto index = static_cast<std::size_t>(q);
  return index < std::size(names) ? names[index] : "unnamed";
}

/// A question about the lines of a cart; `where` is over the fields of a line, and none or one.
struct line_test {
  quantifier how = quantifier::any;
  std::vector<condition> where;
  std::string field{};  ///< of `sum`: a number or money of a line; unknown ones count as nothing
  comparison op = comparison::at_least;
  std::int64_t bound = 1;
};

/// The shopper is in a segment, as the host's `audience` says.
struct member_test {
  std::string segment;

  friend bool operator==(const member_test&, const member_test&) = default;
};

[[nodiscard]] bool operator==(const group& a, const group& b);
[[nodiscard]] bool operator==(const line_test& a, const line_test& b);

/// One node of a condition's tree. As it is made it holds always: a group of no parts.
struct condition {
  std::variant<group, test, line_test, member_test> is{};

  friend bool operator==(const condition&, const condition&) = default;
};

[[nodiscard]] inline bool operator==(const group& a, const group& b) {
  return a.how == b.how && a.parts == b.parts;
}
[[nodiscard]] inline bool operator==(const line_test& a, const line_test& b) {
  return a.how == b.how && a.where == b.where && a.field == b.field && a.op == b.op &&
         a.bound == b.bound;
}

/// What a rule may hold. Beyond it is a mistake, told when the book is made.
struct condition_limits {
  static constexpr std::size_t depth = 16;
  static constexpr std::size_t nodes = 256;
  static constexpr std::size_t list = 1'000;
  static constexpr std::size_t text = 1'000;  ///< bytes
};

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_CONDITION_HPP
