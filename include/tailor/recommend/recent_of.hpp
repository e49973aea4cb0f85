#ifndef TAILOR_RECOMMEND_RECENT_OF_HPP
#define TAILOR_RECOMMEND_RECENT_OF_HPP

#include <cstddef>
#include <cstdint>

#include "source.hpp"

namespace tailor::inline v0::recommend {

/// Proposes what the shopper looked at (or carted, or bought) last, the newest first.
class recent_of {
 public:
  struct scratch {};

  explicit recent_of(events::event_kind touched = events::event_kind::view_item,
                     strategy kind = strategy::recently_viewed)
      : touched_(touched), kind_(kind) {}

  template <class F>
  void candidates(const context& c, scratch&, F&& f) const {
    for (std::size_t n = 0; n < c.history.size(); ++n) {
      if (counts(c, n)) f(c.history[n].item, score_of(n));
    }
  }
  template <class F>
  void explain(const context& c, item_id item, scratch&, F&& f) const {
    for (std::size_t n = 0; n < c.history.size(); ++n) {
      if (c.history[n].item != item || !counts(c, n)) continue;
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
  /// Of the kind, and the last time of its item: an item in the history twice counts once.
  [[nodiscard]] bool counts(const context& c, std::size_t n) const {
    if (c.history[n].kind != touched_) return false;
    for (std::size_t later = n + 1; later < c.history.size(); ++later) {
      if (c.history[later].item == c.history[n].item && c.history[later].kind == touched_) {
        return false;
      }
    }
    return true;
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
