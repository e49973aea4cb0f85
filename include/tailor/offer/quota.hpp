#ifndef TAILOR_OFFER_QUOTA_HPP
#define TAILOR_OFFER_QUOTA_HPP

#include <atomic>
#include <cstdint>

#include "../core/result.hpp"

namespace tailor::inline v0::offer {

/// So many units and no more: uses, or minor units of money. Any number of threads take and give
/// back; what is taken is never above the cap, and a `take` is refused only when it would be: one
/// compare-and-swap, no lock. Moved and compared only while nobody else uses it. Cost: O(1).
class quota {
 public:
  /// A quota of nothing.
  quota() = default;

  /// out_of_range when the cap is negative, or `taken` not within it.
  [[nodiscard]] static result<quota> make(std::int64_t cap, std::int64_t taken = 0) {
    if (cap < 0 || taken < 0 || taken > cap) return errc::out_of_range;
    return quota(cap, taken);
  }

  quota(quota&& other) noexcept : quota(other.cap_, other.taken()) {}
  quota& operator=(quota&& other) noexcept {
    cap_ = other.cap_;
    taken_.store(other.taken(), std::memory_order_relaxed);
    return *this;
  }
  quota(const quota&) = delete;
  quota& operator=(const quota&) = delete;
  ~quota() = default;

  [[nodiscard]] std::int64_t cap() const { return cap_; }
  [[nodiscard]] std::int64_t taken() const { return taken_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::int64_t left() const { return cap_ - taken(); }

  /// full when fewer than `units` are left: nothing is taken then. out_of_range when not positive.
  status take(std::int64_t units) {
    if (units <= 0) return errc::out_of_range;
    std::int64_t taken = this->taken();
    do {
      if (units > cap_ - taken) return errc::full;
    } while (!taken_.compare_exchange_weak(taken, taken + units, std::memory_order_relaxed));
    return {};
  }

  /// Puts units back. out_of_range when negative, or more than are taken: nothing changes then.
  status give(std::int64_t units) {
    if (units < 0) return errc::out_of_range;
    std::int64_t taken = this->taken();
    do {
      if (units > taken) return errc::out_of_range;
    } while (!taken_.compare_exchange_weak(taken, taken - units, std::memory_order_relaxed));
    return {};
  }

  friend bool operator==(const quota& a, const quota& b) {
    return a.cap_ == b.cap_ && a.taken() == b.taken();
  }

 private:
  quota(std::int64_t cap, std::int64_t taken) : cap_(cap), taken_(taken) {}

  std::int64_t cap_ = 0;
  std::atomic<std::int64_t> taken_{0};
};

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_QUOTA_HPP
