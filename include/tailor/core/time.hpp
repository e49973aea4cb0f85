#ifndef TAILOR_CORE_TIME_HPP
#define TAILOR_CORE_TIME_HPP

#include <compare>
#include <cstdint>

#include "config.hpp"

namespace tailor::inline v0 {

/// A length of time in whole microseconds.
struct duration {
  std::int64_t us = 0;

  friend constexpr auto operator<=>(duration, duration) = default;
  friend constexpr duration operator+(duration a, duration b) { return {a.us + b.us}; }
  friend constexpr duration operator-(duration a, duration b) { return {a.us - b.us}; }
  friend constexpr duration operator*(duration a, std::int64_t n) { return {a.us * n}; }
};

/// A moment: microseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
struct timestamp {
  std::int64_t us = 0;

  friend constexpr auto operator<=>(timestamp, timestamp) = default;
  friend constexpr timestamp operator+(timestamp t, duration d) { return {t.us + d.us}; }
  friend constexpr timestamp operator-(timestamp t, duration d) { return {t.us - d.us}; }
  friend constexpr duration operator-(timestamp a, timestamp b) { return {a.us - b.us}; }
};

[[nodiscard]] constexpr duration microseconds(std::int64_t n) { return {n}; }
[[nodiscard]] constexpr duration milliseconds(std::int64_t n) { return {n * 1'000}; }
[[nodiscard]] constexpr duration seconds(std::int64_t n) { return {n * 1'000'000}; }
[[nodiscard]] constexpr duration minutes(std::int64_t n) { return {n * 60'000'000}; }
[[nodiscard]] constexpr duration hours(std::int64_t n) { return {n * 3'600'000'000}; }
[[nodiscard]] constexpr duration days(std::int64_t n) { return {n * 86'400'000'000}; }

/// Division that rounds towards minus infinity, so that buckets before 1970 are as wide as others.
[[nodiscard]] constexpr std::int64_t floor_div(std::int64_t n, std::int64_t d) {
  const std::int64_t q = n / d;
  return (n % d != 0 && ((n < 0) != (d < 0))) ? q - 1 : q;
}

/// The day of a moment, counted from 1970-01-01, in a shop whose day begins `midnight` after 00:00
/// UTC (one hour ahead of UTC is -1 h). Precondition: `midnight` is shorter than a day.
[[nodiscard]] constexpr std::int64_t day_of(timestamp t, duration midnight = {}) {
  const std::int64_t day = floor_div(t.us, days(1).us);
  const std::int64_t rest = t.us % days(1).us;  // of the sign of t: its day may begin before time
  const std::int64_t within = (rest < 0 ? rest + days(1).us : rest) - midnight.us;
  return within < 0 ? day - 1 : within >= days(1).us ? day + 1 : day;
}

}  // namespace tailor::inline v0

#endif  // TAILOR_CORE_TIME_HPP
