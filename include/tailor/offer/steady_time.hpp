#ifndef TAILOR_OFFER_STEADY_TIME_HPP
#define TAILOR_OFFER_STEADY_TIME_HPP

#include <atomic>
#include <cstdint>

#include "../core/time.hpp"

namespace tailor::inline v0::offer {

namespace detail {

/// A moment that threads move in one direction only.
template <bool Later>
class moving_moment {
 public:
  explicit moving_moment(timestamp at) : us_(at.us) {}
  moving_moment(moving_moment&& other) noexcept : us_(other.at().us) {}
  moving_moment& operator=(moving_moment&& other) noexcept {
    us_.store(other.at().us, std::memory_order_relaxed);
    return *this;
  }
  moving_moment(const moving_moment&) = delete;
  moving_moment& operator=(const moving_moment&) = delete;
  ~moving_moment() = default;

  [[nodiscard]] timestamp at() const { return {us_.load(std::memory_order_relaxed)}; }
  void set(timestamp at) { us_.store(at.us, std::memory_order_relaxed); }

  /// Moves to `to` if that is its direction: where it is then.
  timestamp move(timestamp to) {
    std::int64_t us = us_.load(std::memory_order_relaxed);
    while (Later ? to.us > us : to.us < us) {
      if (us_.compare_exchange_weak(us, to.us, std::memory_order_relaxed)) return to;
    }
    return {us};
  }

 private:
  std::atomic<std::int64_t> us_;
};

}  // namespace detail

/// The time of a part that must not be hurt by a clock that jumps back: never decreases.
using steady_time = detail::moving_moment<true>;
/// The earliest of many moments, as threads report them.
using earliest_time = detail::moving_moment<false>;

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_STEADY_TIME_HPP
