#ifndef TAILOR_EVENTS_LIMITS_HPP
#define TAILOR_EVENTS_LIMITS_HPP

#include <cstdint>

#include "../core/result.hpp"
#include "event.hpp"

namespace tailor::inline v0::events {

/// What an event from outside may say. Everything else is refused before it touches any state.
struct limits {
  std::int32_t max_quantity = 10'000;  ///< per line, from 1; returns are events of their own
  std::int64_t min_unit_price = 0;     ///< minor units
  std::int64_t max_unit_price = 9'000'000'000'000;  ///< minor units
  duration max_ahead = minutes(5);                  ///< how far a clock may run ahead of `now`
  duration max_age = days(10 * 366);                ///< the retention window
};

/// Whether `e` is within the limits at `now`, the host's own clock. out_of_range with the field
/// ("kind", "quantity", "unit_price"), too_late or too_early ("at").
[[nodiscard]] constexpr status check(const event& e, const limits& within, timestamp now) {
  // Differences as unsigned: hostile times may be further apart than a signed difference can say.
  const auto apart = [](timestamp later, timestamp earlier) {
    return static_cast<std::uint64_t>(later.us) - static_cast<std::uint64_t>(earlier.us);
  };
  if (!is_event_kind(static_cast<std::uint8_t>(e.kind))) return error{errc::out_of_range, "kind"};
  if (!(e.quantity >= 1 && e.quantity <= within.max_quantity)) {
    return error{errc::out_of_range, "quantity"};
  }
  if (!(e.unit_price >= within.min_unit_price && e.unit_price <= within.max_unit_price)) {
    return error{errc::out_of_range, "unit_price"};
  }
  if (e.at > now && apart(e.at, now) > static_cast<std::uint64_t>(within.max_ahead.us)) {
    return error{errc::too_late, "at"};
  }
  if (e.at < now && apart(now, e.at) > static_cast<std::uint64_t>(within.max_age.us)) {
    return error{errc::too_early, "at"};
  }
  return {};
}

}  // namespace tailor::inline v0::events

#endif  // TAILOR_EVENTS_LIMITS_HPP
