#ifndef TAILOR_RECOMMEND_RULE_FAULTS_HPP
#define TAILOR_RECOMMEND_RULE_FAULTS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "rule_conflict.hpp"

namespace tailor::inline v0::recommend {

/// What is wrong with a rule, alone or beside another. `what` says it and has static lifetime.
struct rule_fault {
  std::size_t rule = 0;
  std::size_t other = SIZE_MAX;  ///< the rule it contradicts; SIZE_MAX: none alone
  const char* what = "";

  friend bool operator==(const rule_fault&, const rule_fault&) = default;
};

/// Whether one shopper may be in two segments that rules name: lifecycle and city, say. Where they
/// exclude each other, rules of one cannot meet those of another.
enum class segment_overlap : std::uint8_t { possible, impossible };

namespace detail {

[[nodiscard]] inline bool names_no_value(const rule& r) {
  if (const auto* f = filter_in<only_with>(r)) return f->value == 0;
  if (const auto* f = filter_in<not_with>(r)) return f->value == 0;
  if (const auto* f = filter_in<sensitive>(r)) return f->value == 0;
  if (const auto* p = std::get_if<pin_with>(&r.what)) return p->value == 0;
  if (const auto* b = std::get_if<boost>(&r.what)) return b->value == 0;
  if (const auto* q = std::get_if<quota>(&r.what)) return q->value == 0;
  return false;
}

[[nodiscard]] inline const char* fault_of_filter(const rule& r) {
  if (const auto* f = filter_in<only_listed>(r); f && f->items.empty()) return "keeps nothing";
  if (const auto* f = filter_in<priced>(r); f && (f->from > f->to || f->to < 0)) {
    return "keeps nothing: no price is in the range";
  }
  if (const auto* f = filter_in<priced_near_page>(r);
      f && (std::int64_t{f->less_percent} + f->more_percent < 0 || f->less_percent > 100)) {
    return "has a range of prices that is none";
  }
  if (const auto* f = filter_in<not_shown_often>(r); f && f->times == 0) {
    return "removes what was shown no time at all";
  }
  const auto* bought = filter_in<not_bought>(r);
  const auto* viewed = filter_in<not_viewed>(r);
  if ((bought && bought->within.us < 0) || (viewed && viewed->within.us < 0)) {
    return "has a negative window";
  }
  return nullptr;
}

/// What is wrong with one rule in an answer of `count` places; null: nothing.
[[nodiscard]] inline const char* fault_of(const rule& r, std::uint32_t count) {
  if (!(r.from < r.until)) return "is never active";
  if (names_no_value(r)) return "names no value";
  if (const char* wrong = fault_of_filter(r)) return wrong;
  const auto* p = std::get_if<pin>(&r.what);
  const auto* pw = std::get_if<pin_with>(&r.what);
  if (p && p->item == no_item) return "pins no item";
  if ((p && p->place >= count) || (pw && pw->place >= count)) return "pins beyond the end";
  const auto* by_value = std::get_if<boost>(&r.what);
  const auto* by_list = std::get_if<boost_listed>(&r.what);
  if (by_value || by_list) {
    const std::uint32_t percent = by_value ? by_value->percent : by_list->percent;
    if (percent == 0) return "boosts to nothing: that is a filter";
    if (percent == 100) return "boosts by nothing";
    if (percent > max_boost_percent) return "boosts more than a hundredfold";
  }
  if (const auto* q = std::get_if<quota>(&r.what)) {
    if (q->at_least > q->at_most) return "asks for more than it permits";
    if (q->at_least > count) return "asks for more items than there are places";
    if (q->at_least == 0 && q->at_most == UINT32_MAX) return "asks for nothing, permits everything";
  }
  const auto* l = std::get_if<limit_per>(&r.what);
  if (l && l->at_most == 0) return "removes everything that has a value";
  return nullptr;
}

[[nodiscard]] inline bool same_shoppers(const rule& a, const rule& b) {
  return a.segment == 0 || b.segment == 0 || a.segment == b.segment;
}

/// How two rules contradict each other; null: they do not, or do not meet. Of rules for different
/// segments only filters are told of: what else they do to a shopper of both is a matter of order.
[[nodiscard]] inline const char* contradiction(const rule& a, const rule& b,
                                               segment_overlap overlap) {
  if (!((std::max)(a.from, b.from) < (std::min)(a.until, b.until))) return nullptr;
  if (!same_shoppers(a, b)) return overlap == segment_overlap::possible ? empties(a, b) : nullptr;
  for (const auto look : {empties, undoes, crowds, outnumbers}) {
    if (const char* wrong = look(a, b)) return wrong;
  }
  return nullptr;
}

/// Faults of more than two rules: lists that leave nothing, minima that add up to too much. They
/// are looked for at the moments when a rule begins.
class joint_faults {
 public:
  joint_faults(std::span<const rule> rules, std::uint32_t count, segment_overlap overlap)
      : rules_(rules), count_(count), overlap_(overlap) {
    for (std::size_t n = 0; n < rules.size(); ++n) {
      const auto* q = std::get_if<quota>(&rules[n].what);
      const bool lists = filter_in<only_listed>(rules[n]) || filter_in<not_listed>(rules[n]);
      if (lists) lists_.push_back(n);
      if (q && q->at_least > 0) minima_.push_back(n);
      if (lists || (q && q->at_least > 0)) segments_.push_back(rules[n].segment);
    }
    std::sort(segments_.begin(), segments_.end());
    segments_.erase(std::unique(segments_.begin(), segments_.end()), segments_.end());
  }

  /// What is wrong with a rule and others that are active when it begins; null: nothing.
  [[nodiscard]] const char* fault_of(std::size_t rule) const {
    const recommend::rule& r = rules_[rule];
    const auto* q = std::get_if<quota>(&r.what);
    const bool lists = filter_in<only_listed>(r) || filter_in<not_listed>(r);
    if (!lists && (!q || q->at_least == 0)) return nullptr;
    for (const std::uint64_t segment : segments_) {
      if (r.segment != 0 && segment != r.segment) continue;
      if (lists && leaves_nothing(rule, segment)) return "leaves nothing, together with the others";
      if (!lists && asks_too_much(rule, segment)) {
        return "asks, with the others, for more items than there are places";
      }
    }
    return nullptr;
  }

 private:
  /// Whether rule n is active for shoppers of a segment when another begins.
  [[nodiscard]] bool active(std::size_t n, std::size_t when, std::uint64_t segment,
                            segment_overlap overlap) const {
    const rule& r = rules_[n];
    return r.from <= rules_[when].from && rules_[when].from < r.until &&
           (r.segment == 0 || r.segment == segment || overlap == segment_overlap::possible);
  }
  [[nodiscard]] bool leaves_nothing(std::size_t of, std::uint64_t segment) const {
    std::vector<item_id> left;
    bool listed = false;
    for (const std::size_t n : lists_) {
      const auto* only = filter_in<only_listed>(rules_[n]);
      if (only == nullptr || !active(n, of, segment, overlap_)) continue;
      const std::vector<item_id> kept = in_order(only->items);
      if (!listed) left = kept;
      listed = true;
      std::erase_if(left, [&](item_id i) { return !contains(kept, i); });
    }
    for (const std::size_t n : lists_) {
      const auto* without = filter_in<not_listed>(rules_[n]);
      if (without == nullptr || !active(n, of, segment, overlap_)) continue;
      const std::vector<item_id> removed = in_order(without->items);
      std::erase_if(left, [&](item_id i) { return contains(removed, i); });
    }
    return listed && left.empty();
  }
  [[nodiscard]] static bool contains(const std::vector<item_id>& ascending, item_id item) {
    return std::binary_search(ascending.begin(), ascending.end(), item);
  }
  [[nodiscard]] bool asks_too_much(std::size_t of, std::uint64_t segment) const {
    const attribute what = std::get<quota>(rules_[of].what).of;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> asked;  // value and number
    for (const std::size_t n : minima_) {
      const quota& q = std::get<quota>(rules_[n].what);
      if (q.of == what && active(n, of, segment, segment_overlap::impossible)) {
        asked.emplace_back(q.value, q.at_least);
      }
    }
    std::sort(asked.begin(), asked.end());
    std::uint64_t sum = 0;
    for (std::size_t n = 0; n < asked.size(); ++n) {
      const bool most = n + 1 == asked.size() || asked[n + 1].first != asked[n].first;
      if (most) sum += asked[n].second;
    }
    return sum > count_;
  }

  std::span<const rule> rules_;
  std::uint32_t count_;
  segment_overlap overlap_;
  std::vector<std::size_t> lists_;       // rules that list items
  std::vector<std::size_t> minima_;      // quotas that ask for some
  std::vector<std::uint64_t> segments_;  // of both, ascending
};

}  // namespace detail

/// What is wrong with the rules of an answer of `count` places: those that can do nothing, and
/// those that may be active at once and of which one undoes the other, so that an answer would be
/// empty or short without a word. What depends on the catalogue or the page is not found here: an
/// answer says it. Ascending by rule. Cost: O(rules²) and the lists in them, and for lists and
/// minima O(rules³).
[[nodiscard]] inline std::vector<rule_fault> faults_of(
    std::span<const rule> rules, std::uint32_t count,
    segment_overlap overlap = segment_overlap::possible) {
  std::vector<rule_fault> out;
  std::vector<std::uint8_t> told(rules.size(), 0);
  for (std::size_t n = 0; n < rules.size(); ++n) {
    if (const char* wrong = detail::fault_of(rules[n], count)) {
      out.push_back({n, SIZE_MAX, wrong});
      told[n] = 1;
    }
    for (std::size_t m = 0; m < n; ++m) {
      rule_fault fault{n, m, detail::contradiction(rules[n], rules[m], overlap)};
      if (fault.what == nullptr) {
        fault = {m, n, detail::contradiction(rules[m], rules[n], overlap)};
      }
      if (fault.what == nullptr) continue;
      out.push_back(fault);
      told[n] = told[m] = 1;
    }
  }
  const detail::joint_faults joint(rules, count, overlap);
  for (std::size_t n = 0; n < rules.size(); ++n) {
    const char* wrong = told[n] == 0 ? joint.fault_of(n) : nullptr;
    if (wrong != nullptr) out.push_back({n, SIZE_MAX, wrong});
  }
  std::sort(out.begin(), out.end(), [](const rule_fault& a, const rule_fault& b) {
    return a.rule != b.rule ? a.rule < b.rule : a.other < b.other;
  });
  return out;
}

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_RULE_FAULTS_HPP
