#ifndef TAILOR_CORE_SYNC_HPP
#define TAILOR_CORE_SYNC_HPP

#include <mutex>
#include <shared_mutex>
#include <type_traits>
#include <utility>

#include "config.hpp"

namespace tailor::inline v0 {

/// Owns a value and its lock, so that nothing gets at the one without the other. Readers wait for
/// each other unless the mutex can be shared (`synchronized<T, std::shared_mutex>`).
///
/// What runs under the lock should be short, and may not call into the same object again. It
/// returns values: a reference to what is guarded would outlive the lock, and does not compile.
template <class T, class Mutex = std::mutex>
class synchronized {
  static_assert(std::is_object_v<T>, "synchronized<T>: T owns its state; a reference does not");

 public:
  synchronized() = default;
  explicit synchronized(T value) : value_(std::move(value)) {}
  template <class... Args>
  explicit synchronized(std::in_place_t, Args&&... args) : value_(std::forward<Args>(args)...) {}

  /// Calls `f(T&)` alone and gives back what it returns.
  template <class F>
  auto with(F&& f) {
    static_assert(returns_value<F, T&>, "synchronized::with(f): f returns a value, no reference");
    const std::lock_guard lock(mutex_);
    return std::forward<F>(f)(value_);
  }

  /// Calls `f(const T&)`, beside other readers if the mutex can be shared.
  template <class F>
  auto read(F&& f) const {
    static_assert(returns_value<F, const T&>, "synchronized::read(f): f returns a value");
    if constexpr (requires(Mutex& m) { m.lock_shared(); }) {
      const std::shared_lock lock(mutex_);
      return std::forward<F>(f)(value_);
    } else {
      const std::lock_guard lock(mutex_);
      return std::forward<F>(f)(value_);
    }
  }

  /// On a const object there is nothing but reading.
  template <class F>
  auto with(F&& f) const {
    return read(std::forward<F>(f));
  }

  // A part that is guarded is a part.

  template <class E>
    requires requires(T& part, const E& e) { part.observe(e); }
  auto observe(const E& e) {
    return with([&e](T& part) { return part.observe(e); });
  }
  template <class E>
    requires requires(T& part, const E& e) { part.retract(e); }
  auto retract(const E& e) {
    return with([&e](T& part) { return part.retract(e); });
  }
  template <class User>
    requires requires(T& part, User u) { part.forget(u); }
  auto forget(User user) {
    return with([user](T& part) { return part.forget(user); });
  }

 private:
  template <class F, class Value>
  static constexpr bool returns_value = !std::is_reference_v<std::invoke_result_t<F, Value>>;

  mutable Mutex mutex_;
  T value_{};
};

}  // namespace tailor::inline v0

#endif  // TAILOR_CORE_SYNC_HPP
