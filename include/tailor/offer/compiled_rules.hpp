#ifndef TAILOR_OFFER_COMPILED_RULES_HPP
#define TAILOR_OFFER_COMPILED_RULES_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "../core/interner.hpp"
#include "boxes.hpp"
#include "compiler.hpp"
#include "match_index.hpp"
#include "program.hpp"
#include "rule.hpp"
#include "rule_faults.hpp"
#include "vocabulary.hpp"

namespace tailor::inline v0::offer {

/// What the library itself knows of a request, under names that conditions may use as well.
inline constexpr const char* now_field = "@now";          ///< time
inline constexpr const char* channel_field = "@channel";  ///< text
inline constexpr const char* arms_field = "@arms";        ///< set of "experiment=arm"
inline constexpr const char* day_field = "@day";        ///< 1 Monday … 7 Sunday, in the book's zone
inline constexpr const char* minute_field = "@minute";  ///< of the day, in the book's zone

/// A part of what a rule asks, and where it stands in it.
struct rule_part {
  const char* path;
  condition is;
};

/// All that must hold for a rule to apply, in the order in which it is asked.
[[nodiscard]] inline std::vector<rule_part> parts_of(const rule& r) {
  std::vector<rule_part> out;
  const auto texts = [](const char* field, const std::vector<std::string>& list) {
    return condition{test{field, test_operator::any_of, {}, list}};
  };
  const auto number = [](const char* field, test_operator op, std::int64_t n) {
    return condition{test{field, op, {n}, {}}};
  };
  if (r.from.us != INT64_MIN) {
    out.push_back({"/from", number(now_field, test_operator::at_least, r.from.us)});
  }
  if (r.until.us != INT64_MAX) {
    out.push_back({"/until", number(now_field, test_operator::less, r.until.us)});
  }
  if (!r.hours.empty()) {
    group any{joined_by::any, {}};
    const auto span = [&](std::vector<std::int64_t> days, std::int64_t from, std::int64_t until) {
      group all{joined_by::all, {}};
      if (!days.empty()) {
        all.parts.push_back({test{day_field, test_operator::any_of, std::move(days), {}}});
      }
      all.parts.push_back({test{minute_field, test_operator::between, {from, until - 1}, {}}});
      any.parts.push_back({std::move(all)});
    };
    for (const weekly_hours& h : r.hours) {
      if (h.from < h.until) {
        span(h.days, h.from, h.until);
        continue;
      }
      span(h.days, h.from, 1'440);
      std::vector<std::int64_t> next;
      next.reserve(h.days.size());
      for (const std::int64_t d : h.days) next.push_back(d % 7 + 1);
      if (h.until > 0) span(std::move(next), 0, h.until);
    }
    out.push_back({"/hours", {std::move(any)}});
  }
  if (!r.channels.empty()) out.push_back({"/channels", texts(channel_field, r.channels)});
  if (!r.arms.empty()) out.push_back({"/arms", texts(arms_field, r.arms)});
  if (!r.audience.empty()) {
    group any{joined_by::any, {}};
    for (const std::string& s : r.audience) any.parts.push_back({member_test{s}});
    out.push_back({"/audience", {std::move(any)}});
  }
  out.push_back({"/when", r.when});
  return out;
}

/// A condition that a discount puts on lines, none or one, and where it stands in the rule.
struct line_condition {
  const std::vector<condition>* is;
  std::string path;
};

/// The conditions on lines that a discount has, in order.
[[nodiscard]] inline std::vector<line_condition> line_conditions(const discount& d) {
  std::vector<line_condition> out;
  std::visit(
      [&out](const auto& one) {
        if constexpr (requires { one.on; }) out.push_back({&one.on, "/gives/on"});
        if constexpr (requires { one.of; }) out.push_back({&one.of, "/gives/of"});
        if constexpr (requires { one.parts; }) {
          for (std::size_t i = 0; i < one.parts.size(); ++i) {
            std::string path = "/gives/parts/";
            path += std::to_string(i);
            path += "/on";
            out.push_back({&one.parts[i].on, std::move(path)});
          }
        }
      },
      d);
  return out;
}

/// A rule, compiled.
struct compiled_rule {
  std::uint32_t root = 0;
  std::uint32_t lines_first = 0;  ///< in `line_lists`: one for each of `line_conditions`
  std::uint32_t group = 0;        ///< 0: of its own
  bool personal = false;          ///< asks about the person
};

/// All rules of a book, compiled; in the order in which they are considered.
struct compiled_rules {
  static constexpr std::uint32_t all_lines = UINT32_MAX;
  static constexpr std::uint32_t ask = std::uint32_t{1} << 31;

  std::vector<rule> rules{};
  std::vector<compiled_rule> compiled{};
  program code{};
  vocabulary words{};
  interner segments{};
  std::vector<fact_slot> cart_slots{};
  std::vector<fact_slot> line_slots{};
  std::vector<std::uint32_t> cart_texts{};  ///< slots of texts
  std::vector<std::uint32_t> line_texts{};
  std::vector<std::string> cart_names{};  ///< of the field in each slot
  std::vector<std::string> line_names{};
  std::uint32_t now_slot = UINT32_MAX;  ///< of the fields of the request; none: nobody asks
  std::uint32_t channel_slot = UINT32_MAX;
  std::uint32_t arms_slot = UINT32_MAX;
  std::uint32_t day_slot = UINT32_MAX;
  std::uint32_t minute_slot = UINT32_MAX;

  std::vector<box> boxes{};
  std::vector<std::uint32_t> box_rule{};  ///< ascending; with `ask` when the box is not exact
  match_index index{};
  bool boxes_are_rules = false;  ///< box i is rule i, exactly

  std::vector<std::uint32_t> line_lists{};      ///< conditions on lines, or all_lines
  std::vector<std::uint32_t> line_roots{};      ///< different conditions on lines
  std::vector<std::uint32_t> line_box_first{};  ///< of each condition, and the end
  std::vector<std::uint32_t> line_box_condition{};
  std::vector<bool> line_box_exact{};
  match_index line_index{};
};

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_COMPILED_RULES_HPP
