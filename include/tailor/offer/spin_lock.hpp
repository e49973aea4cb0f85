#ifndef TAILOR_OFFER_SPIN_LOCK_HPP
#define TAILOR_OFFER_SPIN_LOCK_HPP

#include <atomic>

#if __has_include(<sched.h>)
#include <sched.h>  // <thread> is ten thousand lines for one call
#else
#include <thread>
#endif

#include "../core/config.hpp"

namespace tailor::inline v0::offer::detail {

/// A lock of one byte for what takes some nanoseconds. Who finds it taken looks a few times, then
/// lets others run: the holder may be one of them. A copy is a free lock.
class spin_lock {
 public:
  spin_lock() = default;
  spin_lock(const spin_lock& /*other*/) noexcept {}
  spin_lock& operator=(const spin_lock& /*other*/) noexcept { return *this; }
  ~spin_lock() = default;

  void lock() {
    while (taken_.exchange(true, std::memory_order_acquire)) {
      for (int i = 0; taken_.load(std::memory_order_relaxed); ++i) {
        if (i >= looks) give_way();
      }
    }
  }
  void unlock() { taken_.store(false, std::memory_order_release); }

 private:
  static void give_way() {
#if __has_include(<sched.h>)
    ::sched_yield();
#else
    std::this_thread::yield();
#endif
  }

  static constexpr int looks = 32;
  std::atomic<bool> taken_{false};
};

/// Holds a lock for as long as it lives.
class spin_guard {
 public:
  explicit spin_guard(spin_lock& lock) : lock_(lock) { lock_.lock(); }
  spin_guard(const spin_guard&) = delete;
  spin_guard& operator=(const spin_guard&) = delete;
  ~spin_guard() { lock_.unlock(); }

 private:
  spin_lock& lock_;
};

}  // namespace tailor::inline v0::offer::detail

#endif  // TAILOR_OFFER_SPIN_LOCK_HPP
