#ifndef TAILOR_ADAPTERS_OFFER_JSON_WORDS_HPP
#define TAILOR_ADAPTERS_OFFER_JSON_WORDS_HPP

#include <cstdint>
#include <string_view>

#include "../core/comparison.hpp"
#include "../offer/condition.hpp"

namespace tailor::inline v0::adapters::detail {

/// What an operator of JsonLogic becomes.
enum class logic_word : std::uint8_t {
  join_all,
  join_any,
  negate,
  truth,
  compare,
  compare_strictly,
  in,
  some,
  all,
  none,
  var,
  missing,
  starts_with,
  ends_with,
  has_all,
  not_in,
  in_segment,
  refused
};

struct logic_entry {
  std::string_view name;
  logic_word word;
  comparison how = comparison::equal;
  const char* refusal = "";  ///< why, and what to write instead
};

/// Every operator of JsonLogic, and ours: those that rules ask most come first.
inline constexpr logic_entry logic_entries[] = {
    {"var", logic_word::var},
    {"==", logic_word::compare, comparison::equal},
    {">=", logic_word::compare, comparison::at_least},
    {"<=", logic_word::compare, comparison::at_most},
    {"in", logic_word::in},
    {"and", logic_word::join_all},
    {"or", logic_word::join_any},
    {"!", logic_word::negate},
    {"<", logic_word::compare, comparison::less},
    {">", logic_word::compare, comparison::more},
    {"!=", logic_word::compare, comparison::not_equal},
    {"===", logic_word::compare_strictly, comparison::equal},
    {"!==", logic_word::compare_strictly, comparison::not_equal},
    {"!!", logic_word::truth},
    {"some", logic_word::some},
    {"all", logic_word::all},
    {"none", logic_word::none},
    {"missing", logic_word::missing},
    {"startsWith", logic_word::starts_with},
    {"endsWith", logic_word::ends_with},
    {"starts_with", logic_word::starts_with},
    {"ends_with", logic_word::ends_with},
    {"has_all", logic_word::has_all},
    {"not_in", logic_word::not_in},
    {"in_segment", logic_word::in_segment},
    {"reduce",
     logic_word::refused,
     {},
     "reduce: a count or a sum of lines, compared with a number"},
    {"filter", logic_word::refused, {}, R"(filter: only inside of reduce, over {"var": "lines"})"},
    {"+", logic_word::refused, {}, "+: only as the step of reduce: conditions do not calculate"},
    {"if", logic_word::refused, {}, "if: conditions do not branch: use and, or, or two rules"},
    {"?:", logic_word::refused, {}, "?: does not branch here: use and, or, or two rules"},
    {"missing_some", logic_word::refused, {}, "missing_some: spell it with or, and, and missing"},
    {"map", logic_word::refused, {}, "map: lists are asked with some, all, none and reduce"},
    {"merge", logic_word::refused, {}, "merge: a list is written out"},
    {"cat", logic_word::refused, {}, "cat: texts are compared as they are"},
    {"substr", logic_word::refused, {}, "substr: use startsWith, endsWith or in"},
    {"-", logic_word::refused, {}, "-: conditions do not calculate: let the host give a field"},
    {"*", logic_word::refused, {}, "*: conditions do not calculate: let the host give a field"},
    {"/", logic_word::refused, {}, "/: conditions do not calculate: let the host give a field"},
    {"%", logic_word::refused, {}, "%: conditions do not calculate: let the host give a field"},
    {"max", logic_word::refused, {}, "max: conditions do not calculate: let the host give a field"},
    {"min", logic_word::refused, {}, "min: conditions do not calculate: let the host give a field"},
    {"log", logic_word::refused, {}, "log: a rule has no effect but what it gives"},
    {"method", logic_word::refused, {}, "method: a rule calls nothing"},
};

/// Null when there is no such operator.
[[nodiscard]] constexpr const logic_entry* logic_entry_of(std::string_view name) {
  for (const logic_entry& e : logic_entries) {
    if (e.name == name) return &e;
  }
  return nullptr;
}

/// `a op b` as `b op a`.
[[nodiscard]] constexpr comparison turned(comparison c) {
  switch (c) {
    case comparison::less:
      return comparison::more;
    case comparison::at_most:
      return comparison::at_least;
    case comparison::more:
      return comparison::less;
    case comparison::at_least:
      return comparison::at_most;
    default:
      return c;
  }
}
[[nodiscard]] constexpr offer::test_operator operator_of(comparison c) {
  using enum offer::test_operator;
  constexpr offer::test_operator all[] = {equal, not_equal, less, at_most, more, at_least};
  return all[static_cast<std::size_t>(c)];
}
/// The operator of JsonLogic; null when it is none of these.
[[nodiscard]] constexpr const char* logic_name_of(comparison c) {
  constexpr const char* names[] = {"==", "!=", "<", "<=", ">", ">="};
  return names[static_cast<std::size_t>(c)];
}

}  // namespace tailor::inline v0::adapters::detail

#endif  // TAILOR_ADAPTERS_OFFER_JSON_WORDS_HPP
