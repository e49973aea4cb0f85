#ifndef TAILOR_EVENTS_INTAKE_HPP
#define TAILOR_EVENTS_INTAKE_HPP

#include <utility>

#include "dedupe.hpp"
#include "limits.hpp"

namespace tailor::inline v0::events {

/// The door for events from outside: within the limits, and not taken before.
class intake {
 public:
  intake() = default;
  explicit intake(const limits& within, dedupe seen = {})
      : limits_(within), seen_(std::move(seen)) {}

  /// The errc of `check`, or duplicate. `now` is the host's clock, never a time from an event.
  status admit(const event& e, timestamp now) {
    if (const status ok = check(e, limits_, now); !ok) return ok;
    return seen_.admit(e);
  }

  /// For an event that was admitted and then refused further on: it may come again.
  void withdraw(const event& e) { seen_.withdraw(e); }

  void forget(user_id user) { seen_.forget(user); }

  [[nodiscard]] const limits& within() const { return limits_; }
  [[nodiscard]] const dedupe& seen() const { return seen_; }

 private:
  limits limits_{};
  dedupe seen_{};
};

}  // namespace tailor::inline v0::events

#endif  // TAILOR_EVENTS_INTAKE_HPP
