#ifndef TAILOR_RECOMMEND_MERCHANDISING_HPP
#define TAILOR_RECOMMEND_MERCHANDISING_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "../core/result.hpp"
#include "rule_digest.hpp"
#include "rule_faults.hpp"

namespace tailor::inline v0::recommend {

/// The rules of a place on a page, checked. They act in a fixed order, whatever theirs is: filters,
/// pins by item, pins by value, boosts, quotas and limits, then diversity. Immutable.
class merchandising {
 public:
  merchandising() = default;

  /// conflict when rules contradict each other or can do nothing in an answer of `count` places:
  /// `what` says how and `at` is the first such rule; `faults_of` tells all of them.
  [[nodiscard]] static result<merchandising> make(
      std::vector<rule> rules, std::uint32_t count,
      segment_overlap overlap = segment_overlap::possible) {
    const std::vector<rule_fault> faults = faults_of(rules, count, overlap);
    if (!faults.empty()) return error{errc::conflict, faults.front().what, faults.front().rule};
    for (rule& r : rules) {
      if (auto* f = std::get_if<filter>(&r.what)) {
        if (auto* l = std::get_if<only_listed>(f)) l->items = detail::in_order(std::move(l->items));
        if (auto* l = std::get_if<not_listed>(f)) l->items = detail::in_order(std::move(l->items));
      }
      if (auto* l = std::get_if<boost_listed>(&r.what)) {
        l->items = detail::in_order(std::move(l->items));
      }
    }
    merchandising out;
    out.rules_ = std::move(rules);
    out.digest_ = digest_of(out.rules_);
    return out;
  }

  [[nodiscard]] std::span<const rule> rules() const { return rules_; }
  /// Stands for all that the rules say, but their names; 0: none. Not keyed.
  [[nodiscard]] std::uint64_t digest() const { return digest_; }

 private:
  std::vector<rule> rules_;  // their lists ascend
  std::uint64_t digest_ = 0;
};

namespace detail {

/// The rules that act in a context, by what they do, and what they say of an item.
struct active_rules {
  std::vector<std::uint32_t> filters;  // indices of rules, as are the next
  std::vector<std::uint32_t> pins;
  std::vector<std::uint32_t> value_pins;
  std::vector<std::uint32_t> boosts;
  std::vector<std::uint32_t> quotas;
  std::vector<std::uint32_t> limits;
  std::int64_t most_percent = 100;  // that a score may be multiplied by, at most; INT64_MAX: more

  void read(const merchandising& m, const context& c) {
    for (auto* list : {&filters, &pins, &value_pins, &boosts, &quotas, &limits}) list->clear();
    most_percent = 100;
    for (std::uint32_t n = 0; n < m.rules().size(); ++n) {
      const rule& r = m.rules()[n];
      if (!r.active(c)) continue;
      if (std::holds_alternative<filter>(r.what)) filters.push_back(n);
      if (std::holds_alternative<pin>(r.what)) pins.push_back(n);
      if (std::holds_alternative<pin_with>(r.what)) value_pins.push_back(n);
      if (std::holds_alternative<quota>(r.what)) quotas.push_back(n);
      if (std::holds_alternative<limit_per>(r.what)) limits.push_back(n);
      if (const auto* b = std::get_if<boost>(&r.what)) add_boost(n, b->percent);
      if (const auto* b = std::get_if<boost_listed>(&r.what)) add_boost(n, b->percent);
    }
  }

  /// The first rule that removes the item; UINT32_MAX when none does.
  template <catalogue Catalogue>
  [[nodiscard]] std::uint32_t first_removing(const merchandising& m, item_id item, const context& c,
                                             const Catalogue& known, const filter_facts& facts,
                                             obeys which) const {
    const filter_asked<Catalogue> asked{item, c, known, facts};
    for (const std::uint32_t n : filters) {
      const filter& f = std::get<filter>(m.rules()[n].what);
      if (which == obeys::denials && !always_holds(f)) continue;
      if (!std::visit(asked, f)) return n;
    }
    return UINT32_MAX;
  }

  /// Calls `f(rule, percent)` for each boost of the item, in the order of the rules.
  template <catalogue Catalogue, class F>
  void for_each_boost(const merchandising& m, item_id item, const Catalogue& known, F&& f) const {
    for (const std::uint32_t n : boosts) {
      if (const auto* b = std::get_if<boost>(&m.rules()[n].what)) {
        if (known.has(item, b->of, b->value)) f(n, b->percent);
      } else {
        const auto& l = std::get<boost_listed>(m.rules()[n].what);
        if (std::binary_search(l.items.begin(), l.items.end(), item)) f(n, l.percent);
      }
    }
  }

 private:
  void add_boost(std::uint32_t rule, std::uint32_t percent) {
    boosts.push_back(rule);
    if (percent > 100) most_percent = held(int128{most_percent} * percent / 100 + 1);
  }
};

}  // namespace detail

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_MERCHANDISING_HPP
