#ifndef TAILOR_SEGMENT_MEMBERSHIP_CHANGE_HPP
#define TAILOR_SEGMENT_MEMBERSHIP_CHANGE_HPP

#include <concepts>
#include <cstdint>

#include "../core/ids.hpp"
#include "../core/time.hpp"

namespace tailor::inline v0::segment {

/// Somebody entered a segment or left it.
struct membership_change {
  timestamp at{};  ///< the moment from which on it is so
  user_id user{};
  std::uint32_t segment = 0;
  bool entered = false;

  friend constexpr bool operator==(const membership_change&, const membership_change&) = default;
};

/// Hears of changes: `f(change)`, on the calling thread, when all of a call's changes are made; it
/// may ask the memberships, but not change them.
template <class F>
concept change_listener = std::invocable<F&, const membership_change&>;

/// Hears nothing.
struct unheard {
  constexpr void operator()(const membership_change&) const {}
};

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_MEMBERSHIP_CHANGE_HPP
