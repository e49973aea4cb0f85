#ifndef TAILOR_ADAPTERS_SEGMENT_JSON_TIME_HPP
#define TAILOR_ADAPTERS_SEGMENT_JSON_TIME_HPP

#include <cstdint>
#include <string>
#include <string_view>

#include "../core/decimal.hpp"
#include "../core/errc.hpp"
#include "../core/int128.hpp"
#include "../core/iso8601.hpp"
#include "../core/result.hpp"
#include "../core/time.hpp"

namespace tailor::inline v0::adapters::detail {

struct length_unit {
  char letter;
  std::int64_t us;
};
inline constexpr length_unit length_units[] = {{'w', 7 * days(1).us},
                                               {'d', days(1).us},
                                               {'h', hours(1).us},
                                               {'m', minutes(1).us},
                                               {'s', seconds(1).us}};

/// "30d": a whole number and one of w, d, h, m, s. malformed; overflow.
[[nodiscard]] inline result<duration> parse_length(std::string_view text) {
  if (text.size() < 2) return errc::malformed;
  const auto n = parse_int<std::int64_t>(text.substr(0, text.size() - 1));
  if (!n) return errc::malformed;
  for (const length_unit& u : length_units) {
    if (u.letter != text.back()) continue;
    const int128 us = int128{*n} * u.us;
    if (us > INT64_MAX || us < INT64_MIN) return errc::overflow;
    return duration{static_cast<std::int64_t>(us)};
  }
  return errc::malformed;
}

/// The shortest text for it that parse_length reads, in quotes; a number of microseconds else.
[[nodiscard]] inline std::string length_text(duration d) {
  std::string out;
  for (const length_unit& u : length_units) {
    if (d.us == 0 || d.us % u.us != 0) continue;
    out += '"';
    out += std::to_string(d.us / u.us);
    out += u.letter;
    out += '"';
    return out;
  }
  return std::to_string(d.us);
}

}  // namespace tailor::inline v0::adapters::detail

#endif  // TAILOR_ADAPTERS_SEGMENT_JSON_TIME_HPP
