#ifndef TAILOR_OFFER_ANALYSIS_HPP
#define TAILOR_OFFER_ANALYSIS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "../core/time.hpp"
#include "compiled_rules.hpp"
#include "discount.hpp"
#include "finding.hpp"
#include "overlap_count.hpp"
#include "rule_regions.hpp"
#include "shadow_search.hpp"
#include "stack_search.hpp"
#include "taking.hpp"
#include "twin_search.hpp"

namespace tailor::inline v0::offer {

/// How the checkout decides between rules that hold; see conflict.hpp. What a rule does to others
/// is certain only under the first.
enum class chosen_by : std::uint8_t {
  priority,  ///< first_by_priority
  gain,      ///< best_for_shopper, best_for_shop, or one of the host's that keeps groups apart
  stack      ///< stack_within_group
};

struct analysis_options {
  chosen_by chooses = chosen_by::priority;
  timestamp now{INT64_MIN};  ///< carts from then on are meant; by default of all times
  /// Basis points of an order, or of one of its lines, beyond which it is too much that rules take
  /// together: a shop that keeps 30 % of what it sells loses beyond 3,000. From 10,000 on it is not
  /// looked for, as prices never fall below zero.
  std::int64_t most_off = 5'000;
  /// The field that says what the lines of a cart cost, in minor units; none: amounts off an order
  /// count as nothing, and limits of discounts as if they did not bind.
  std::string total{};
  std::size_t most_together = 8;          ///< rules that are put together at most
  std::size_t most_stacks = 100;          ///< of them that are told at most
  std::uint64_t most_looks = 20'000'000;  ///< in each search: at a pair, or at 64 at once
};

namespace detail {

/// The slot of a field of the cart; none when no rule asks for it.
[[nodiscard]] inline std::uint32_t slot_of_field(const compiled_rules& rules,
                                                 const std::string& name) {
  const auto& names = rules.cart_names;
  const auto at = std::find(names.begin(), names.end(), name);
  return at == names.end() ? UINT32_MAX : static_cast<std::uint32_t>(at - names.begin());
}

/// Of which lines each condition on lines of a rule can hold.
class line_conditions_meant {
 public:
  explicit line_conditions_meant(const compiled_rules& rules) : rules_(&rules) {
    possible_.assign(rules.line_roots.size(), false);
    for (const std::uint32_t id : rules.line_box_condition) possible_[id] = true;
  }
  /// Valid until it is asked again.
  [[nodiscard]] std::span<const lines_meant> of(std::uint32_t rule) {
    const std::uint32_t first = rules_->compiled[rule].lines_first;
    const std::size_t last = rule + 1 < rules_->compiled.size()
                                 ? rules_->compiled[rule + 1].lines_first
                                 : rules_->line_lists.size();
    meant_.clear();
    for (std::size_t i = first; i < last; ++i) {
      const std::uint32_t id = rules_->line_lists[i];
      meant_.push_back(id == compiled_rules::all_lines ? lines_meant::all
                       : possible_[id]                 ? lines_meant::some
                                                       : lines_meant::none);
    }
    return meant_;
  }

 private:
  const compiled_rules* rules_;
  std::vector<bool> possible_{};
  std::vector<lines_meant> meant_{};
};

inline void about_each_rule(const compiled_rules& rules, const rule_regions& regions,
                            std::vector<taking>& takings, std::vector<finding>& out) {
  line_conditions_meant lines(rules);
  finding slow{finding_kind::asks_every_cart};
  for (std::uint32_t r = 0; r < rules.rules.size(); ++r) {
    const rule_regions::region& region = regions[r];
    if (region.is == rule_regions::state::never) {
      out.push_back({finding_kind::never_holds, r, finding::none,
                     "never holds: no cart passes its condition"});
    } else if (region.is == rule_regions::state::over) {
      out.push_back({finding_kind::over, r, finding::none, "is over"});
    }
    bool asks = false;
    for (std::uint32_t b = region.first; b < region.last; ++b) {
      asks |= !regions.exact(b) && regions.boxes().sides(b).empty();
    }
    if (asks && slow.amount++ == 0) slow.rule = r;
    const auto meant = lines.of(r);
    finding f{.rule = r};
    if (about_discount(rules.rules[r].gives, meant, f)) out.push_back(f);
    takings.push_back(taking_of(rules.rules[r].gives, meant));
  }
  if (slow.amount > 0) out.push_back(slow);
}

/// Whether it could add to what others take.
[[nodiscard]] inline bool gives_money(const discount& d) {
  return !std::holds_alternative<no_discount>(d) && !std::holds_alternative<gift>(d);
}

inline void count_overlaps(const compiled_rules& rules, const rule_regions& regions,
                           const analysis_options& options, std::vector<finding>& out) {
  std::vector<overlap_count::counted> counted;
  for (std::uint32_t r = 0; r < rules.rules.size(); ++r) {
    if (regions[r].is != rule_regions::state::may_hold || !gives_money(rules.rules[r].gives) ||
        rules.rules[r].combines == combining::alone) {
      continue;
    }
    counted.push_back({r, rules.compiled[r].group});
  }
  if (counted.size() < 2) return;
  const auto pairs = overlap_count(regions, counted).pairs(options.most_looks);
  if (!pairs.has_value()) {
    out.push_back({finding_kind::cut, counted[0].rule, finding::none,
                   "of pairs of rules that may add up", static_cast<std::int64_t>(counted.size())});
  } else if (*pairs > 0) {
    out.push_back({finding_kind::may_add_up, finding::none, finding::none, "", *pairs});
  }
}

}  // namespace detail

/// What is odd about the rules of a book, by rule, kind and other rule.
///
/// Two fields of a cart are taken not to depend on each other, and a field to have any value of its
/// kind. Each finding says what is so even where they do; what is missed for it is missed
/// silently. Where each condition comes to one exact box (a conjunction of tests of numbers, texts
/// and flags, and of one `any of` a set), every rule that never holds, every duplicate and every
/// shadow is found; where one is inexact, as tests of lines, segments and parts of texts are, or
/// comes to several boxes, those of which it is certain. A gate of the checkout (a cap, a budget)
/// may refuse the rule that shadows another: nothing is known of gates here.
///
/// Under `priority`: a rule is shadowed by one before it that holds whenever it does, if both are
/// of one group, or it stands alone itself, or the other does and whatever comes before that one
/// either excludes the shadowed rule or cannot hold with it. `name_decides` is told there as well,
/// and that rules take too much is certain at most there. Under `gain` and `stack` what rules do to
/// each other is not looked for, and all that may be too much is possible.
///
/// Too much is looked for greedily, from each rule on: found for certain is any pair of rules of
/// percentages that is too much, and more than two where the greatest together are. Shares are
/// taken of what others left, but for rounding. A buy-and-get counts as if all pieces cost the
/// same; amounts of lines and pieces, prices and bundles count as nothing, as only prices tell.
///
/// Cost: O(rules · log) where few conditions are alike, and at most `most_looks` in each of five
/// searches; whatever was left out for it is told as `cut`.
[[nodiscard]] inline std::vector<finding> analyse(const compiled_rules& rules,
                                                  const analysis_options& options = {}) {
  std::vector<finding> out;
  const detail::rule_regions regions(rules, options.now);
  std::vector<detail::taking> takings;
  detail::about_each_rule(rules, regions, takings, out);
  detail::twin_search twins(rules, regions, options.most_looks);
  twins.duplicates(out);
  if (options.chooses == chosen_by::priority) {
    detail::twin_search(rules, regions, options.most_looks).name_decides(out);
    detail::shadow_search(rules, regions, options.most_looks).run(out);
  }
  detail::count_overlaps(rules, regions, options, out);
  if (options.most_off < whole_share) {
    detail::stack_limits limits;
    limits.most_off = (std::max)(std::int64_t{0}, options.most_off);
    limits.total_slot = detail::slot_of_field(rules, options.total);
    limits.total_named = !options.total.empty();
    limits.rule = options.chooses == chosen_by::stack ? detail::apart::groups_stack
                                                      : detail::apart::groups_exclude;
    limits.may_be_certain = options.chooses == chosen_by::priority;
    limits.most_together = options.most_together;
    limits.most_found = options.most_stacks;
    limits.most_looks = options.most_looks;
    detail::stack_search(rules, regions, std::move(takings), limits).run(out);
  }
  std::sort(out.begin(), out.end(), [](const finding& a, const finding& b) {
    const std::tuple x(a.rule, a.kind, a.other, a.amount, a.together);
    const std::tuple y(b.rule, b.kind, b.other, b.amount, b.together);
    return x != y ? x < y : std::string_view(a.what) < b.what;
  });
  return out;
}

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_ANALYSIS_HPP
