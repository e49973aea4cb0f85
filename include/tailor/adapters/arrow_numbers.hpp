#ifndef TAILOR_ADAPTERS_ARROW_NUMBERS_HPP
#define TAILOR_ADAPTERS_ARROW_NUMBERS_HPP

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "../core/decimal.hpp"
#include "../core/errc.hpp"
#include "../core/int128.hpp"
#include "../core/result.hpp"
#include "arrow_column.hpp"
#include "arrow_format.hpp"

namespace tailor::inline v0::adapters::detail {

[[nodiscard]] inline result<std::int64_t> narrow(int128 n) {
  if (n < INT64_MIN || n > INT64_MAX) return errc::overflow;
  return static_cast<std::int64_t>(n);
}

/// units · 10^power, exactly: overflow, or inexact when a digit would be lost.
[[nodiscard]] inline result<std::int64_t> times_power_of_ten(int128 units, int power) {
  if (units == 0) return std::int64_t{0};
  if (power > 0) {
    if (power > max_decimal_exponent || !narrow(units)) return errc::overflow;
    return narrow(units * static_cast<int128>(tailor::detail::powers_of_ten[power]));
  }
  for (int drop = -power; drop > 0;) {
    const int step = (std::min)(drop, max_decimal_exponent);
    const auto factor = static_cast<int128>(tailor::detail::powers_of_ten[step]);
    if (units % factor != 0) return errc::inexact;
    units /= factor;
    drop -= step;
  }
  return narrow(units);
}

/// How floating-point numbers become counts.
enum class rounding : std::uint8_t { none, half_even };

/// Row `i` of a column of numbers or texts as a count of units of 10^-exponent. Precondition: it is
/// not null.
[[nodiscard]] inline result<std::int64_t> count_at(const arrow_column& c, std::int64_t i,
                                                   int exponent, rounding how) {
  const auto rounded = [&](double amount) -> result<std::int64_t> {
    if (how == rounding::none && std::isfinite(amount) && amount != std::floor(amount))
      return errc::inexact;
    return round_half_even(amount, exponent);
  };
  const arrow_values& values = c.values();
  switch (c.format().type) {
    case arrow_type::float32:
    case arrow_type::float64:
      return rounded(values.floating(i));
    case arrow_type::decimal128: {
      const auto units = values.decimal(i);
      if (!units) return units.error();
      return times_power_of_ten(*units, exponent - c.format().scale);
    }
    case arrow_type::text32:
    case arrow_type::text64:
    case arrow_type::text_view:
      return parse_decimal(c.text(i), exponent);
    default: {
      const auto n = values.integer(i);
      if (!n) return n.error();
      return times_power_of_ten(*n, exponent);
    }
  }
}

/// A count of `unit` since 1970 in microseconds.
[[nodiscard]] inline result<std::int64_t> microseconds_of(std::int64_t count, arrow_unit unit) {
  switch (unit) {
    case arrow_unit::seconds:
      return narrow(int128{count} * 1'000'000);
    case arrow_unit::milliseconds:
      return narrow(int128{count} * 1'000);
    case arrow_unit::nanoseconds:
      if (count % 1'000 != 0) return errc::inexact;
      return count / 1'000;
    default:
      return count;
  }
}

}  // namespace tailor::inline v0::adapters::detail

#endif  // TAILOR_ADAPTERS_ARROW_NUMBERS_HPP
