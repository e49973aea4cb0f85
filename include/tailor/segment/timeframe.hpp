#ifndef TAILOR_SEGMENT_TIMEFRAME_HPP
#define TAILOR_SEGMENT_TIMEFRAME_HPP

#include <algorithm>
#include <cstdint>

#include "../core/int128.hpp"
#include "../core/time.hpp"
#include "standing.hpp"

namespace tailor::inline v0::segment {

/// The moments that count, seen from `now`: those whose age now - t lies in near <= age < far, and
/// which lie in from <= t < to. Every kind of time condition is one of these; by default all time.
struct timeframe {
  duration near{INT64_MIN};
  duration far{INT64_MAX};
  timestamp from{INT64_MIN};
  timestamp to{INT64_MAX};

  friend constexpr bool operator==(const timeframe&, const timeframe&) = default;

  /// Ages never overflow: the difference of two moments is taken in 128 bits.
  [[nodiscard]] constexpr bool holds(timestamp t, timestamp now) const {
    const int128 age = int128{now.us} - t.us;
    return fixed(t) && (near.us == INT64_MIN || age >= near.us) &&
           (far.us == INT64_MAX || age < far.us);
  }
  /// The part that no clock changes.
  [[nodiscard]] constexpr bool fixed(timestamp t) const {
    return from <= t && (t < to || to.us == INT64_MAX);
  }
  /// When a moment comes to be old enough; the beginning of time when it always was.
  [[nodiscard]] constexpr timestamp enters(timestamp t) const {
    return near.us == INT64_MIN ? timestamp{INT64_MIN} : later(t, near);
  }
  /// When a moment comes to be too old; `never` when it never does.
  [[nodiscard]] constexpr timestamp leaves(timestamp t) const {
    return far.us == INT64_MAX ? never : later(t, far);
  }
  /// The next moment after `now` at which `holds(t, ·)` changes; `never` when it does not.
  [[nodiscard]] constexpr timestamp next_change(timestamp t, timestamp now) const {
    if (!fixed(t)) return never;
    const timestamp in = enters(t);
    if (in > now) return in;
    const timestamp out = leaves(t);
    return out > now ? out : never;
  }
  /// Whether the clock alone ever changes anything.
  [[nodiscard]] constexpr bool moves() const { return near.us != INT64_MIN || far.us != INT64_MAX; }

 private:
  static constexpr timestamp later(timestamp t, duration d) {
    const int128 us = int128{t.us} + d.us;
    if (us >= INT64_MAX) return never;
    return timestamp{us <= INT64_MIN ? INT64_MIN : static_cast<std::int64_t>(us)};
  }
};

[[nodiscard]] constexpr timeframe always() { return {}; }
/// The last `d` until now: 30 days ago exactly is no longer in the last 30 days.
[[nodiscard]] constexpr timeframe last(duration d) {
  return {duration{0}, d, timestamp{INT64_MIN}, timestamp{INT64_MAX}};
}
/// The coming `d`, for dates that a shop knows of; from the next microsecond on, the end included.
[[nodiscard]] constexpr timeframe next(duration d) {
  return {duration{0} - d, duration{0}, timestamp{INT64_MIN}, timestamp{INT64_MAX}};
}
/// `d` ago or earlier.
[[nodiscard]] constexpr timeframe at_least_ago(duration d) {
  return {d, duration{INT64_MAX}, timestamp{INT64_MIN}, timestamp{INT64_MAX}};
}
/// `near` ago or earlier, but later than `far` ago.
[[nodiscard]] constexpr timeframe between_ago(duration near, duration far) {
  return {near, far, timestamp{INT64_MIN}, timestamp{INT64_MAX}};
}
[[nodiscard]] constexpr timeframe before(timestamp t) {
  return {duration{INT64_MIN}, duration{INT64_MAX}, timestamp{INT64_MIN}, t};
}
/// At `t` or later.
[[nodiscard]] constexpr timeframe since(timestamp t) {
  return {duration{INT64_MIN}, duration{INT64_MAX}, t, timestamp{INT64_MAX}};
}
/// from <= t < to.
[[nodiscard]] constexpr timeframe between(timestamp from, timestamp to) {
  return {duration{INT64_MIN}, duration{INT64_MAX}, from, to};
}

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_TIMEFRAME_HPP
