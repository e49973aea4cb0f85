#ifndef TAILOR_RECOMMEND_RECENT_OF_HPP
#define TAILOR_RECOMMEND_RECENT_OF_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "source.hpp"

namespace tailor::inline v0::recommend {

/// Proposes what the shopper looked at (or carted, or bought) last, the newest first. Its score is
/// its place in the history. Cost: O(history · log).
class recent_of {
 public:
  struct scratch {
    std::vector<std::pair<item_id, std::int64_t>> last;  // ascending; the score of its last time
  };

  explicit recent_of(events::event_kind touched = events::event_kind::view_item,
                     strategy kind = strategy::recently_viewed)
      : touched_(touched), kind_(kind) {}

  template <class F>
  void candidates(const context& c, scratch& s, F&& f) const {
    s.last.clear();
    for (std::size_t n = 0; n < c.history.size(); ++n) {
      if (c.history[n].kind == touched_) s.last.emplace_back(c.history[n].item, score_of(n));
    }
    std::sort(s.last.begin(), s.last.end());
    for (std::size_t n = 0; n < s.last.size(); ++n) {
      const bool last = n + 1 == s.last.size() || s.last[n + 1].first != s.last[n].first;
      if (last) f(s.last[n].first, s.last[n].second);
    }
  }
  template <class F>
  void explain(const context& c, item_id item, scratch&, F&& f) const {
    for (std::size_t n = c.history.size(); n-- > 0;) {
      if (c.history[n].item != item || c.history[n].kind != touched_) continue;
      f(part{item, reason(), 1, score_of(n), {}});
      return;
    }
  }

  [[nodiscard]] strategy kind() const { return kind_; }
  [[nodiscard]] int bits() const { return 0; }
  [[nodiscard]] std::uint64_t digest() const { return 0; }

 private:
  [[nodiscard]] static std::int64_t score_of(std::size_t n) {
    return static_cast<std::int64_t>(n) + 1;
  }
  [[nodiscard]] seed_reason reason() const {
    switch (touched_) {
      case events::event_kind::purchase:
        return seed_reason::bought;
      case events::event_kind::add_to_cart:
        return seed_reason::carted;
      default:
        return seed_reason::viewed;
    }
  }

  events::event_kind touched_;
  strategy kind_;
};

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_RECENT_OF_HPP
