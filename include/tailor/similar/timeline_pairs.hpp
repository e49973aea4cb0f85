#ifndef TAILOR_SIMILAR_TIMELINE_PAIRS_HPP
#define TAILOR_SIMILAR_TIMELINE_PAIRS_HPP

#include <cstdint>

#include "../events/timeline.hpp"
#include "pair_source.hpp"

namespace tailor::inline v0::similar {

// Pairs counted on demand from a timeline: an answer knows of the event that came a moment ago, and
// nothing but the timeline is kept. A row is a shopper. The sources refer to the history and do not
// copy it: it has to outlive them, and must not change during a query.

namespace detail {

/// Pairs of one index. Cost: Σ over the shoppers of the item of their distinct items.
template <class F>
void for_each_shared(const events::timeline& history, const events::touch_index& index,
                     item_id item, std::int64_t at_least, pair_scratch& scratch, F&& f) {
  const auto i = history.find_item(item);
  if (!i) return;
  scratch.reset(history.item_limit());
  index.for_each_shared(*i, [&](const auto& cell) { scratch.count(cell.item); });
  const auto source = static_cast<std::int64_t>(index.shoppers_of(*i).size());
  const auto population = static_cast<std::int64_t>(index.shoppers());
  scratch.for_each_counted(at_least, [&](std::uint32_t j, std::int64_t both) {
    if (j == *i) return;
    const auto target = static_cast<std::int64_t>(index.shoppers_of(j).size());
    f(history.item_at(j), pair_evidence{both, source, target, population, 0});
  });
}

/// Calls `f(other distinct items)` for each shopper of the item.
template <class F>
void for_each_row_size(const events::timeline& history, const events::touch_index& index,
                       item_id item, F&& f) {
  const auto i = history.find_item(item);
  if (!i) return;
  for (const std::uint32_t shopper : index.shoppers_of(*i)) {
    f(static_cast<std::uint32_t>(index.items_of(shopper).size() - 1));
  }
}

}  // namespace detail

/// Shoppers who bought both.
class bought_together {
 public:
  using takes_no_events = void;
  using holds_no_personal_data = void;

  explicit bought_together(const events::timeline& history) : history_(&history) {}

  template <class F>
  void for_each_pair(item_id item, std::int64_t at_least, pair_scratch& scratch, F&& f) const {
    detail::for_each_shared(*history_, history_->bought(), item, at_least, scratch, f);
  }
  template <class F>
  void for_each_row_size(item_id item, F&& f) const {
    detail::for_each_row_size(*history_, history_->bought(), item, f);
  }
  [[nodiscard]] std::int64_t touches() const {
    return static_cast<std::int64_t>(history_->bought().pairs());
  }

 private:
  const events::timeline* history_;
};

/// Shoppers who viewed both.
class viewed_together {
 public:
  using takes_no_events = void;
  using holds_no_personal_data = void;

  explicit viewed_together(const events::timeline& history) : history_(&history) {}

  template <class F>
  void for_each_pair(item_id item, std::int64_t at_least, pair_scratch& scratch, F&& f) const {
    detail::for_each_shared(*history_, history_->viewed(), item, at_least, scratch, f);
  }
  template <class F>
  void for_each_row_size(item_id item, F&& f) const {
    detail::for_each_row_size(*history_, history_->viewed(), item, f);
  }
  [[nodiscard]] std::int64_t touches() const {
    return static_cast<std::int64_t>(history_->viewed().pairs());
  }

 private:
  const events::timeline* history_;
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_TIMELINE_PAIRS_HPP
