#ifndef TAILOR_SEGMENT_LIVE_RFM_HPP
#define TAILOR_SEGMENT_LIVE_RFM_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "../core/ids.hpp"
#include "../core/int128.hpp"
#include "../core/result.hpp"
#include "../core/time.hpp"
#include "../events/event.hpp"
#include "../events/timeline.hpp"
#include "features.hpp"
#include "orders.hpp"
#include "rfm_fit.hpp"
#include "rfm_record.hpp"
#include "wake_queue.hpp"

namespace tailor::inline v0::segment {

/// The three numbers of every shopper, kept up with each event and with the clock: at any moment
/// equal to what `rfm_rows` and `read_rfm` read from the timeline. Name it after the timeline in
/// `dispatch`; after bulk loading call `rebuild`. Its clock moves by `advance` alone; later events
/// have not happened. Refers to the timeline. 16 bytes a shopper and some 12 for the clock.
class live_rfm {
 public:
  live_rfm(const events::timeline& history, timestamp now, const rfm_rules& rules = {})
      : history_(&history), rules_(rules) {
    rebuild(now);
  }

  [[nodiscard]] timestamp now() const { return now_; }
  [[nodiscard]] const rfm_rules& rules() const { return rules_; }

  /// Nothing when no order stands in the window. Cost: O(1).
  [[nodiscard]] std::optional<rfm_record> find(user_id user) const {
    const auto h = history_->find_shopper(user);
    return h ? at(*h) : std::nullopt;
  }
  /// Of all who have one, ascending by id: what `fit_rfm` takes. Cost: O(n log n).
  [[nodiscard]] std::vector<rfm_row> rows() const {
    std::vector<rfm_row> out;
    for (std::uint32_t h = 0; h < kept_.size(); ++h) {
      if (const auto record = at(h)) out.push_back({history_->shopper_at(h), *record});
    }
    std::sort(out.begin(), out.end(),
              [](const rfm_row& a, const rfm_row& b) { return a.user < b.user; });
    return out;
  }

  /// too_early when the clock would go back: nothing changes then; `rebuild` goes anywhere.
  /// Cost: that of the shoppers whose orders leave the window, or come, until then.
  status advance(timestamp now) {
    if (now < now_) return error{errc::too_early, "clock"};
    now_ = now;
    queue_.take_due(now, due_);
    for (const wake_queue::entry& d : due_) read(d.handle);
    return {};
  }
  /// Cost: that of the shopper's orders.
  void observe(const events::event& e) { look_again(e); }
  void retract(const events::event& e) { look_again(e); }
  /// Before or after the timeline forgets; O(shoppers) after.
  void forget(user_id user) {
    if (const auto h = history_->find_shopper(user)) {
      if (*h < kept_.size()) drop(*h);
    } else {
      drop_lost();
    }
  }
  /// From the timeline, as of any moment.
  void rebuild(timestamp now) {
    now_ = now;
    kept_.clear();
    queue_.clear();
    grow();
    for (std::uint32_t h = 0; h < kept_.size(); ++h) read(h);
  }

  /// Memory held, in bytes, without the allocator's own.
  [[nodiscard]] std::size_t bytes() const {
    return kept_.capacity() * sizeof(kept) + queue_.bytes();
  }

 private:
  struct kept {
    std::int32_t last_day = 0;  // days as int32 reach beyond the years of a timestamp
    std::uint32_t orders = 0;
    std::int64_t revenue = 0;
  };

  [[nodiscard]] std::optional<rfm_record> at(std::uint32_t h) const {
    if (h >= kept_.size() || kept_[h].orders == 0) return std::nullopt;
    const kept& k = kept_[h];
    return rfm_record{day_of(now_, rules_.orders.midnight) - k.last_day, k.orders, k.revenue};
  }

  void grow() {
    const std::size_t n = history_->shopper_limit();
    if (n <= kept_.size()) return;
    // By a quarter: doubling would hold twice the memory of a shop that has stopped growing.
    if (n > kept_.capacity()) kept_.reserve((std::max)(n, kept_.capacity() + kept_.capacity() / 4));
    kept_.resize(n);
    queue_.grow(n);
  }

  void read(std::uint32_t h) {
    const auto lines = history_->lines_of(h);
    const auto later = std::partition_point(lines.begin(), lines.end(),
                                            [&](const events::line& l) { return l.at <= now_; });
    timestamp wakes = later == lines.end() ? never : later->at;
    kept_[h] = {};
    const auto past = lines.first(static_cast<std::size_t>(later - lines.begin()));
    if (const auto found = read_rfm_orders(past, now_, rules_, reader_)) {
      const timestamp last = found->orders.back().at;
      kept_[h] = {static_cast<std::int32_t>(day_of(last, rules_.orders.midnight)),
                  static_cast<std::uint32_t>(found->record.orders), found->record.revenue};
      if (rules_.window.us > 0) {
        const int128 leaves = int128{found->orders.front().at.us} + rules_.window.us;
        if (leaves < wakes.us) wakes = timestamp{static_cast<std::int64_t>(leaves)};
      }
    }
    queue_.set(h, wakes);
  }

  void look_again(const events::event& e) {
    const auto h = history_->find_shopper(e.user);
    if (!h) return drop_lost();
    grow();
    read(*h);
  }
  /// Those whose last event is gone, found by looking: it is rare.
  void drop_lost() {
    for (std::uint32_t h = 0; h < kept_.size(); ++h) {
      const bool held_something = kept_[h].orders != 0 || queue_.of(h) != never;
      if (held_something && history_->lines_of(h).empty()) drop(h);
    }
  }
  void drop(std::uint32_t h) {
    kept_[h] = {};
    queue_.set(h, never);
  }

  const events::timeline* history_;
  rfm_rules rules_;
  timestamp now_{};
  std::vector<kept> kept_;
  wake_queue queue_;
  std::vector<wake_queue::entry> due_;
  order_reader reader_;
};

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_LIVE_RFM_HPP
