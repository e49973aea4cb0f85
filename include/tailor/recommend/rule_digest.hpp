#ifndef TAILOR_RECOMMEND_RULE_DIGEST_HPP
#define TAILOR_RECOMMEND_RULE_DIGEST_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "../core/hash.hpp"
#include "merchandise.hpp"

namespace tailor::inline v0::recommend {

namespace detail {

/// Folds all that a rule says into one number.
struct rule_fold {
  std::uint64_t digest = 0;

  template <class... Numbers>
  void add(Numbers... numbers) {
    ((digest = mix64(mix64(digest) + static_cast<std::uint64_t>(numbers))), ...);
  }
  void add_all(const std::vector<item_id>& items) {
    add(items.size());
    for (const item_id item : items) add(raw(item));
  }

  void operator()(const not_bought& f) { add(f.within.us); }
  void operator()(const not_viewed& f) { add(f.within.us); }
  void operator()(const not_in_cart&) {}
  void operator()(const not_shown_often& f) { add(f.times); }
  void operator()(const only_listed& f) { add_all(f.items); }
  void operator()(const not_listed& f) { add_all(f.items); }
  void operator()(const only_with& f) { add(f.of, f.value); }
  void operator()(const not_with& f) { add(f.of, f.value); }
  void operator()(const same_as_page& f) { add(f.of); }
  void operator()(const other_than_page& f) { add(f.of); }
  void operator()(const priced& f) { add(f.from, f.to); }
  void operator()(const priced_near_page& f) { add(f.less_percent, f.more_percent); }
  void operator()(const sensitive& f) { add(f.of, f.value); }

  void operator()(const filter& f) {
    add(f.index());
    std::visit(*this, f);
  }
  void operator()(const pin& p) { add(raw(p.item), p.place); }
  void operator()(const pin_with& p) { add(p.of, p.value, p.place); }
  void operator()(const boost& b) { add(b.of, b.value, b.percent); }
  void operator()(const boost_listed& b) {
    add_all(b.items);
    add(b.percent);
  }
  void operator()(const quota& q) { add(q.of, q.value, q.at_least, q.at_most); }
  void operator()(const limit_per& l) { add(l.of, l.at_most); }
};

}  // namespace detail

/// Stands for all that rules say, but their names; 0 for no rules. Lists count in their order.
/// Finds accidents, not forgers: it is not keyed.
[[nodiscard]] inline std::uint64_t digest_of(std::span<const rule> rules) {
  if (rules.empty()) return 0;
  detail::rule_fold fold;
  for (const rule& r : rules) {
    fold.add(r.segment, r.from.us, r.until.us, r.what.index());
    std::visit(fold, r.what);
  }
  return fold.digest;
}

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_RULE_DIGEST_HPP
