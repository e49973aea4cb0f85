#ifndef TAILOR_RECOMMEND_RULE_FAULTS_HPP
#define TAILOR_RECOMMEND_RULE_FAULTS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "merchandise.hpp"

namespace tailor::inline v0::recommend {

/// What is wrong with a rule, alone or beside another. `what` says it and has static lifetime.
struct rule_fault {
  std::size_t rule = 0;
  std::size_t other = SIZE_MAX;  ///< the rule it contradicts; SIZE_MAX: it is wrong by itself
  const char* what = "";

  friend bool operator==(const rule_fault&, const rule_fault&) = default;
};

namespace detail {

[[nodiscard]] inline std::vector<item_id> in_order(std::vector<item_id> items) {
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
  return items;
}

template <class F>
[[nodiscard]] const F* filter_in(const rule& r) {
  const filter* f = std::get_if<filter>(&r.what);
  return f == nullptr ? nullptr : std::get_if<F>(f);
}

[[nodiscard]] inline bool meet(const rule& a, const rule& b) {
  return (std::max)(a.from, b.from) < (std::min)(a.until, b.until) &&
         (a.segment == 0 || b.segment == 0 || a.segment == b.segment);
}

template <class A, class B>
[[nodiscard]] bool same_value(const A& a, const B& b) {
  return a.of == b.of && a.value == b.value;
}

/// What is wrong with one rule in an answer of `count` places; null: nothing.
[[nodiscard]] inline const char* fault_of(const rule& r, std::uint32_t count) {
  if (!(r.from < r.until)) return "is never active";
  if (const auto* f = filter_in<only_listed>(r); f && f->items.empty()) return "keeps nothing";
  if (const auto* f = filter_in<priced>(r); f && (f->from > f->to || f->to < 0)) {
    return "keeps nothing: no price is in the range";
  }
  if (const auto* f = filter_in<priced_near_page>(r);
      f && (f->less_percent < -f->more_percent || f->less_percent > 100)) {
    return "has a range of prices that is none";
  }
  if (const auto* f = filter_in<not_shown_often>(r); f && f->times == 0)
    return "removes everything";
  if (const auto* f = filter_in<not_bought>(r); f && f->within.us < 0)
    return "has a negative window";
  if (const auto* f = filter_in<not_viewed>(r); f && f->within.us < 0)
    return "has a negative window";
  if (const auto* p = std::get_if<pin>(&r.what); p && p->place >= count)
    return "pins beyond the end";
  if (const auto* p = std::get_if<pin_with>(&r.what); p && p->place >= count) {
    return "pins beyond the end";
  }
  const auto* by_value = std::get_if<boost>(&r.what);
  const auto* by_list = std::get_if<boost_listed>(&r.what);
  if (by_value || by_list) {
    const std::uint32_t percent = by_value ? by_value->percent : by_list->percent;
    if (percent == 0) return "boosts to nothing: that is a filter";
    if (percent > max_boost_percent) return "boosts more than a hundredfold";
  }
  if (const auto* q = std::get_if<quota>(&r.what)) {
    if (q->at_least > q->at_most) return "asks for more than it permits";
    if (q->at_least > count) return "asks for more items than there are places";
  }
  if (const auto* l = std::get_if<limit_per>(&r.what); l && l->at_most == 0) {
    return "removes everything that has a value";
  }
  return nullptr;
}

/// How two rules that may be active together contradict each other, `a` seen first; null: they do
/// not.
[[nodiscard]] inline const char* contradiction(const rule& a, const rule& b, std::uint32_t count) {
  const auto listed = [](const std::vector<item_id>& items, item_id item) {
    return std::find(items.begin(), items.end(), item) != items.end();
  };
  if (const auto* only = filter_in<only_listed>(a)) {
    if (const auto* other = filter_in<only_listed>(b)) {
      const auto both = [&](item_id i) { return listed(other->items, i); };
      if (std::none_of(only->items.begin(), only->items.end(), both)) {
        return "keeps nothing that the other keeps";
      }
    }
    if (const auto* not_these = filter_in<not_listed>(b)) {
      const auto denied = in_order(not_these->items);
      const auto gone = [&](item_id i) {
        return std::binary_search(denied.begin(), denied.end(), i);
      };
      if (std::all_of(only->items.begin(), only->items.end(), gone)) {
        return "keeps only what the other removes";
      }
    }
    if (const auto* p = std::get_if<pin>(&b.what); p && !listed(only->items, p->item)) {
      return "removes what the other pins";
    }
  }
  if (const auto* not_these = filter_in<not_listed>(a)) {
    if (const auto* p = std::get_if<pin>(&b.what); p && listed(not_these->items, p->item)) {
      return "removes what the other pins";
    }
  }
  if (const auto* without = filter_in<not_with>(a)) {
    if (const auto* with = filter_in<only_with>(b); with && same_value(*without, *with)) {
      return "removes what alone the other keeps";
    }
    if (const auto* p = std::get_if<pin_with>(&b.what); p && same_value(*without, *p)) {
      return "removes what the other pins";
    }
    if (const auto* q = std::get_if<quota>(&b.what);
        q && q->at_least > 0 && same_value(*without, *q)) {
      return "removes what the other asks for";
    }
  }
  if (const auto* near = filter_in<same_as_page>(a)) {
    if (const auto* far = filter_in<other_than_page>(b); far && near->of == far->of) {
      return "removes what alone the other keeps";
    }
  }
  if (const auto* x = filter_in<priced>(a)) {
    if (const auto* y = filter_in<priced>(b); y && (x->to < y->from || y->to < x->from)) {
      return "keeps no price that the other keeps";
    }
  }
  const auto* p = std::get_if<pin>(&a.what);
  const auto* pw = std::get_if<pin_with>(&a.what);
  if (p || pw) {
    const std::uint32_t place = p ? p->place : pw->place;
    const auto* q = std::get_if<pin>(&b.what);
    const auto* qw = std::get_if<pin_with>(&b.what);
    if ((q && q->place == place) || (qw && qw->place == place)) return "pins where the other pins";
    if (p && q && p->item == q->item) return "pins what the other pins elsewhere";
  }
  if (const auto* l = std::get_if<limit_per>(&a.what)) {
    if (const auto* m = std::get_if<limit_per>(&b.what); m && m->of == l->of) {
      return "limits what the other limits";
    }
  }
  if (const auto* q = std::get_if<quota>(&a.what)) {
    if (const auto* w = std::get_if<pin_with>(&b.what);
        w && q->at_most == 0 && same_value(*q, *w)) {
      return "permits none of what the other pins";
    }
    if (const auto* r = std::get_if<quota>(&b.what); r && r->of == q->of) {
      if (r->value != q->value && std::uint64_t{q->at_least} + r->at_least > count) {
        return "asks, with the other, for more items than there are places";
      }
      if (r->value == q->value && (q->at_least > r->at_most || r->at_least > q->at_most)) {
        return "asks for more than the other permits";
      }
    }
    if (const auto* l = std::get_if<limit_per>(&b.what);
        l && l->of == q->of && q->at_least > l->at_most) {
      return "asks for more than the other permits";
    }
  }
  return nullptr;
}

}  // namespace detail

/// What is wrong with the rules of an answer of `count` places: those that can do nothing, and
/// pairs that may be active at once and of which one undoes the other, so that an answer would be
/// empty or short without a word. Ascending by rule. Cost: O(rules²) and the lists in them.
[[nodiscard]] inline std::vector<rule_fault> faults_of(std::span<const rule> rules,
                                                       std::uint32_t count) {
  std::vector<rule_fault> out;
  for (std::size_t n = 0; n < rules.size(); ++n) {
    const char* wrong = detail::fault_of(rules[n], count);
    if (wrong != nullptr) out.push_back({n, SIZE_MAX, wrong});
    for (std::size_t m = 0; m < n; ++m) {
      if (!detail::meet(rules[n], rules[m])) continue;
      const char* against = detail::contradiction(rules[n], rules[m], count);
      if (against != nullptr) {
        out.push_back({n, m, against});
        continue;
      }
      against = detail::contradiction(rules[m], rules[n], count);
      if (against != nullptr) out.push_back({m, n, against});
    }
  }
  std::sort(out.begin(), out.end(), [](const rule_fault& a, const rule_fault& b) {
    return a.rule != b.rule ? a.rule < b.rule : a.other < b.other;
  });
  return out;
}

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_RULE_FAULTS_HPP
