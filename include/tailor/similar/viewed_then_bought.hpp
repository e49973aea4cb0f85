#ifndef TAILOR_SIMILAR_VIEWED_THEN_BOUGHT_HPP
#define TAILOR_SIMILAR_VIEWED_THEN_BOUGHT_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "../events/timeline.hpp"
#include "pair_source.hpp"

namespace tailor::inline v0::similar {

/// What people buy after they viewed an item: pairs with a direction. A shopper counts once for a
/// pair, when he bought the target later than he viewed the source, and no later than `within`
/// after he did (nobody, when that is negative). Of the evidence, `source` are those who viewed the
/// source, `target` those who bought the target, `population` all shoppers. Counted on demand from
/// a timeline, which it refers to, so it knows of the event that came a moment ago and of nobody
/// who was forgotten. Cost of a question: Σ over the viewers of the source of their events.
class viewed_then_bought {
 public:
  using takes_no_events = void;
  using holds_no_personal_data = void;

  explicit viewed_then_bought(const events::timeline& history, duration within = days(100 * 366))
      : history_(&history), within_(within) {}

  template <class F>
  void for_each_pair(item_id item, std::int64_t at_least, pair_scratch& s, F&& f) const {
    const auto i = history_->find_item(item);
    if (!i) return;
    s.reset(history_->item_limit());
    const auto viewers = history_->viewed().shoppers_of(*i);
    for (const std::uint32_t shopper : viewers) {
      bought_after(history_->lines_of(shopper), *i, s);
      for (const auto& entry : s.sizes) s.count(entry.first);
    }
    const auto source = static_cast<std::int64_t>(viewers.size());
    const auto population = static_cast<std::int64_t>(history_->shoppers());
    s.for_each_counted(at_least, [&](std::uint32_t j, std::int64_t both) {
      const auto target = static_cast<std::int64_t>(history_->bought().shoppers_of(j).size());
      f(history_->item_at(j), pair_evidence{both, source, target, population, 0});
    });
  }

 private:
  /// Into `s.sizes` the distinct items, other than the source, that were bought in time.
  void bought_after(std::span<const events::line> lines, std::uint32_t source,
                    pair_scratch& s) const {
    s.sizes.clear();
    if (within_.us < 0) return;
    bool viewed = false, viewed_before = false;
    timestamp last{}, before{};  // the last view, and the last that was earlier than that
    for (const events::line& l : lines) {
      if (l.item == source && l.kind() == events::event_kind::view_item) {
        if (viewed && l.at > last) {
          before = last;
          viewed_before = true;
        }
        last = l.at;
        viewed = true;
      } else if (viewed && l.kind() == events::event_kind::purchase && l.item != source &&
                 l.item != events::no_item_handle) {
        const bool later = last < l.at;
        if (!later && !viewed_before) continue;
        const timestamp view = later ? last : before;
        const auto apart =
            static_cast<std::uint64_t>(l.at.us) - static_cast<std::uint64_t>(view.us);
        if (apart <= static_cast<std::uint64_t>(within_.us)) s.sizes.emplace_back(l.item, 0);
      }
    }
    std::sort(s.sizes.begin(), s.sizes.end());
    s.sizes.erase(std::unique(s.sizes.begin(), s.sizes.end()), s.sizes.end());
  }

  const events::timeline* history_;
  duration within_;
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_VIEWED_THEN_BOUGHT_HPP
