#ifndef TAILOR_RECOMMEND_RULE_CONFLICT_HPP
#define TAILOR_RECOMMEND_RULE_CONFLICT_HPP

#include <algorithm>
#include <cstdint>
#include <variant>
#include <vector>

#include "merchandise.hpp"

namespace tailor::inline v0::recommend::detail {

// What two rules that may be active at once do to each other. Each says how the first goes against
// the second; null: it does not.

[[nodiscard]] inline std::vector<item_id> in_order(std::vector<item_id> items) {
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
  return items;
}

/// Precondition: the second list ascends.
[[nodiscard]] inline bool any_in(const std::vector<item_id>& items,
                                 const std::vector<item_id>& ascending) {
  return std::any_of(items.begin(), items.end(), [&](item_id i) {
    return std::binary_search(ascending.begin(), ascending.end(), i);
  });
}
[[nodiscard]] inline bool all_in(const std::vector<item_id>& items,
                                 const std::vector<item_id>& ascending) {
  return std::all_of(items.begin(), items.end(), [&](item_id i) {
    return std::binary_search(ascending.begin(), ascending.end(), i);
  });
}

template <class F>
[[nodiscard]] const F* filter_in(const rule& r) {
  const filter* f = std::get_if<filter>(&r.what);
  return f == nullptr ? nullptr : std::get_if<F>(f);
}

template <class A, class B>
[[nodiscard]] bool same_value(const A& a, const B& b) {
  return a.of == b.of && a.value == b.value;
}

/// Filters that leave nothing, whatever the catalogue.
[[nodiscard]] inline const char* empties(const rule& a, const rule& b) {
  if (const auto* only = filter_in<only_listed>(a)) {
    const auto* other = filter_in<only_listed>(b);
    if (other && !any_in(only->items, in_order(other->items))) {
      return "keeps nothing that the other keeps";
    }
    const auto* without = filter_in<not_listed>(b);
    if (without && all_in(only->items, in_order(without->items))) {
      return "keeps only what the other removes";
    }
  }
  if (const auto* without = filter_in<not_with>(a)) {
    const auto* with = filter_in<only_with>(b);
    if (with && same_value(*without, *with)) return "removes what alone the other keeps";
  }
  if (const auto* near = filter_in<same_as_page>(a)) {
    const auto* far = filter_in<other_than_page>(b);
    if (far && near->of == far->of) return "removes what alone the other keeps";
  }
  if (const auto* x = filter_in<priced>(a)) {
    const auto* y = filter_in<priced>(b);
    if (y && (x->to < y->from || y->to < x->from)) return "keeps no price that the other keeps";
  }
  return nullptr;
}

/// A filter that keeps another rule from doing anything.
[[nodiscard]] inline const char* undoes(const rule& a, const rule& b) {
  const auto* pinned = std::get_if<pin>(&b.what);
  const auto* value_pinned = std::get_if<pin_with>(&b.what);
  const auto* lifted = std::get_if<boost>(&b.what);
  const auto* listed = std::get_if<boost_listed>(&b.what);
  const auto* asked = std::get_if<quota>(&b.what);
  if (const auto* only = filter_in<only_listed>(a)) {
    const auto& items = only->items;
    if (pinned && std::find(items.begin(), items.end(), pinned->item) == items.end()) {
      return "removes what the other pins";
    }
    if (listed && !listed->items.empty() && !any_in(listed->items, in_order(items))) {
      return "removes what the other boosts";
    }
  }
  if (const auto* without = filter_in<not_listed>(a)) {
    const auto& items = without->items;
    if (pinned && std::find(items.begin(), items.end(), pinned->item) != items.end()) {
      return "removes what the other pins";
    }
    if (listed && !listed->items.empty() && all_in(listed->items, in_order(items))) {
      return "removes what the other boosts";
    }
  }
  if (const auto* without = filter_in<not_with>(a)) {
    if (value_pinned && same_value(*without, *value_pinned)) return "removes what the other pins";
    if (lifted && same_value(*without, *lifted)) return "removes what the other boosts";
    if (asked && asked->at_least > 0 && same_value(*without, *asked)) {
      return "removes what the other asks for";
    }
  }
  return nullptr;
}

/// Two pins of which one can have its place.
[[nodiscard]] inline const char* crowds(const rule& a, const rule& b) {
  const auto* p = std::get_if<pin>(&a.what);
  const auto* pw = std::get_if<pin_with>(&a.what);
  if (!p && !pw) return nullptr;
  const std::uint32_t place = p ? p->place : pw->place;
  const auto* q = std::get_if<pin>(&b.what);
  const auto* qw = std::get_if<pin_with>(&b.what);
  if ((q && q->place == place) || (qw && qw->place == place)) return "pins where the other pins";
  return p && q && p->item == q->item ? "pins what the other pins elsewhere" : nullptr;
}

/// Numbers of items that cannot both be had.
[[nodiscard]] inline const char* outnumbers(const rule& a, const rule& b) {
  if (const auto* l = std::get_if<limit_per>(&a.what)) {
    const auto* m = std::get_if<limit_per>(&b.what);
    return m && m->of == l->of ? "limits what the other limits" : nullptr;
  }
  const auto* q = std::get_if<quota>(&a.what);
  if (!q) return nullptr;
  const auto* pinned = std::get_if<pin_with>(&b.what);
  if (pinned && q->at_most == 0 && same_value(*q, *pinned)) {
    return "permits none of what the other pins";
  }
  const auto* r = std::get_if<quota>(&b.what);
  if (r && same_value(*q, *r) && (q->at_least > r->at_most || r->at_least > q->at_most)) {
    return "asks for more than the other permits";
  }
  const auto* l = std::get_if<limit_per>(&b.what);
  if (l && l->of == q->of && q->at_least > l->at_most) {
    return "asks for more than the other permits";
  }
  return nullptr;
}

}  // namespace tailor::inline v0::recommend::detail

#endif  // TAILOR_RECOMMEND_RULE_CONFLICT_HPP
