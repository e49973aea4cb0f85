#ifndef TAILOR_OFFER_QUIET_HOURS_HPP
#define TAILOR_OFFER_QUIET_HOURS_HPP

#include <cstdint>

#include "../core/errc.hpp"
#include "../core/result.hpp"
#include "../core/time.hpp"

namespace tailor::inline v0::offer {

/// Minutes of a day, and how far ahead of UTC a clock on the wall may be.
inline constexpr std::int32_t minutes_of_day = 1'440;
inline constexpr std::int32_t widest_zone = 18 * 60;

/// How long after the last local midnight `t` is, where clocks are `zone_minutes` ahead of UTC.
/// Exact for every moment there is.
[[nodiscard]] constexpr duration since_midnight(timestamp t, std::int32_t zone_minutes) {
  const std::int64_t day = days(1).us;
  const std::int64_t utc = (t.us % day + day) % day;
  return {((utc + minutes(zone_minutes).us) % day + day) % day};
}

/// A time of every day at which nobody is to be disturbed: [from, until) in minutes after local
/// midnight. `until` before `from` wraps midnight: {21 * 60, 8 * 60} is from nine in the evening to
/// eight in the morning. Equal ones are no quiet hours. The zone is a fixed offset: a shop with
/// summer time gives the one in force.
struct quiet_hours {
  std::int32_t from = 0;
  std::int32_t until = 0;
  std::int32_t zone_minutes = 0;  ///< ahead of UTC

  friend constexpr bool operator==(const quiet_hours&, const quiet_hours&) = default;

  /// out_of_range with the member, when it is outside a day or no zone.
  [[nodiscard]] constexpr status check() const {
    if (from < 0 || from >= minutes_of_day) return error{errc::out_of_range, "quiet from"};
    if (until < 0 || until >= minutes_of_day) return error{errc::out_of_range, "quiet until"};
    if (zone_minutes < -widest_zone || zone_minutes > widest_zone) {
      return error{errc::out_of_range, "quiet zone"};
    }
    return {};
  }

  /// Whether `t` lies within them.
  [[nodiscard]] constexpr bool contains(timestamp t) const {
    const duration now = since_midnight(t, zone_minutes);
    const bool started = now >= minutes(from);
    const bool goes_on = now < minutes(until);
    return from < until ? started && goes_on : from > until && (started || goes_on);
  }

  /// The first moment, not before `t`, outside of them: `t` itself or their end.
  /// Precondition: a day after `t` is a moment too.
  [[nodiscard]] constexpr timestamp next_allowed(timestamp t) const {
    if (!contains(t)) return t;
    const std::int64_t left = minutes(until).us - since_midnight(t, zone_minutes).us;
    return t + duration{left > 0 ? left : left + days(1).us};
  }
};

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_QUIET_HOURS_HPP
