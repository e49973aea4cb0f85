#ifndef TAILOR_CORE_DECIMAL_HPP
#define TAILOR_CORE_DECIMAL_HPP

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include "contract.hpp"
#include "errc.hpp"
#include "int128.hpp"
#include "result.hpp"

namespace tailor::inline v0 {

inline constexpr int max_decimal_exponent = 18;

namespace detail {

inline constexpr std::uint64_t powers_of_ten[] = {1u,
                                                  10u,
                                                  100u,
                                                  1'000u,
                                                  10'000u,
                                                  100'000u,
                                                  1'000'000u,
                                                  10'000'000u,
                                                  100'000'000u,
                                                  1'000'000'000u,
                                                  10'000'000'000u,
                                                  100'000'000'000u,
                                                  1'000'000'000'000u,
                                                  10'000'000'000'000u,
                                                  100'000'000'000'000u,
                                                  1'000'000'000'000'000u,
                                                  10'000'000'000'000'000u,
                                                  100'000'000'000'000'000u,
                                                  1'000'000'000'000'000'000u};

/// The value of a digit, above 9 for anything else.
[[nodiscard]] constexpr unsigned digit_of(char c) {
  return static_cast<unsigned>(static_cast<unsigned char>(c)) - '0';
}

/// Takes a sign off the front; true for minus.
constexpr bool take_sign(std::string_view text, std::size_t& at) {
  if (at == text.size() || (text[at] != '-' && text[at] != '+')) return false;
  return text[at++] == '-';
}

/// With its sign, a magnitude that fits into 64 bits; overflow otherwise.
[[nodiscard]] constexpr result<std::int64_t> with_sign(bool negative, std::uint64_t magnitude) {
  constexpr std::uint64_t top = std::uint64_t{1} << 63;
  if (magnitude > top || (magnitude == top && !negative)) return errc::overflow;
  return static_cast<std::int64_t>(negative ? 0 - magnitude : magnitude);
}

/// Why a text that is no number is none: spelt-out NaN and infinity are told apart.
[[nodiscard]] constexpr error not_a_number(std::string_view text, std::size_t at) {
  std::size_t start = 0;
  take_sign(text, start);
  const std::string_view word = text.substr(start);
  for (const std::string_view name : {"nan", "inf", "infinity"}) {
    const auto same = [](char a, char b) {
      return (a >= 'A' && a <= 'Z' ? a + ('a' - 'A') : a) == b;
    };
    if (std::equal(word.begin(), word.end(), name.begin(), name.end(), same))
      return {errc::not_finite, "", 0};
  }
  return {errc::malformed, "", at};
}

/// significand × 10^exponent, as read from text. The first 19 significant digits are kept; where
/// more follow, `exponent` accounts for them and `lost` says whether one of them was not zero.
struct scanned_decimal {
  std::uint64_t significand = 0;
  std::int64_t exponent = 0;
  std::size_t digits = 0;
  bool lost = false;

  constexpr void take(unsigned digit) {
    ++digits;
    if (significand <= (UINT64_MAX - 9) / 10) {
      significand = significand * 10 + digit;
    } else {
      ++exponent;
      lost |= digit != 0;
    }
  }
};

}  // namespace detail

/// Reads a decimal number as a count of units of 10^-exponent, exactly: "2.55" with exponent 2 is
/// 255. Takes an optional sign, digits with at most one point among, before or after them, and an
/// optional power of ten ("9.83E-05"); no spaces, no thousands separators.
///
/// inexact when a digit other than zero is too small for the unit: nothing is rounded. overflow
/// when the count does not fit into 64 bits. not_finite for nan, inf, infinity in any case.
/// malformed for everything else, with the offset of the first byte that does not belong; "" is
/// malformed. Precondition: 0 <= exponent <= max_decimal_exponent. Cost: one pass, some
/// nanoseconds.
[[nodiscard]] constexpr result<std::int64_t> parse_decimal(std::string_view text, int exponent) {
  TAILOR_EXPECTS(exponent >= 0 && exponent <= max_decimal_exponent);
  std::size_t at = 0;
  const bool negative = detail::take_sign(text, at);
  detail::scanned_decimal number;
  for (; at < text.size() && detail::digit_of(text[at]) <= 9; ++at)
    number.take(detail::digit_of(text[at]));
  if (at < text.size() && text[at] == '.') {
    const std::size_t fraction = ++at;
    for (; at < text.size() && detail::digit_of(text[at]) <= 9; ++at)
      number.take(detail::digit_of(text[at]));
    number.exponent -= static_cast<std::int64_t>(at - fraction);
  }
  if (number.digits == 0) return detail::not_a_number(text, at);
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    const bool down = detail::take_sign(text, at);
    const std::size_t first = at;
    std::int64_t power = 0;
    for (; at < text.size() && detail::digit_of(text[at]) <= 9; ++at) {
      // Beyond this only zero and faults are left, however long the text may be.
      constexpr std::int64_t enough = std::int64_t{1} << 60;
      if (power < enough / 16)
        power = power * 10 + static_cast<std::int64_t>(detail::digit_of(text[at]));
    }
    if (at == first) return error{errc::malformed, "", at};
    number.exponent += down ? -power : power;
  }
  if (at != text.size()) return error{errc::malformed, "", at};

  if (number.significand == 0) return std::int64_t{0};
  const std::int64_t shift = number.exponent + exponent;
  if (shift > 0) {
    if (shift > max_decimal_exponent) return errc::overflow;
    const std::uint64_t factor = detail::powers_of_ten[shift];
    if (number.significand > UINT64_MAX / factor) return errc::overflow;
    return detail::with_sign(negative, number.significand * factor);
  }
  if (number.lost) return errc::inexact;
  if (shift == 0) return detail::with_sign(negative, number.significand);
  // A significand below 2^64 has at most 19 zeros at its end, and 10^19 itself ends in 19.
  std::uint64_t rest = number.significand;
  for (std::int64_t drop = -shift; drop > 0;) {
    const auto step = static_cast<int>((std::min)(drop, std::int64_t{max_decimal_exponent}));
    if (rest % detail::powers_of_ten[step] != 0) return errc::inexact;
    rest /= detail::powers_of_ten[step];
    drop -= step;
  }
  return detail::with_sign(negative, rest);
}

/// Reads a whole number: an optional sign and digits, nothing else. overflow when it does not fit
/// into T (any negative number but -0 when T is unsigned); malformed with the offset of the first
/// byte that does not belong.
template <std::integral T>
[[nodiscard]] constexpr result<T> parse_int(std::string_view text) {
  std::size_t at = 0;
  const bool negative = detail::take_sign(text, at);
  const std::size_t first = at;
  std::uint64_t magnitude = 0;
  bool fits = true;
  for (; at < text.size() && detail::digit_of(text[at]) <= 9; ++at) {
    const unsigned digit = detail::digit_of(text[at]);
    fits = fits && magnitude <= (UINT64_MAX - digit) / 10;
    magnitude = magnitude * 10 + digit;
  }
  if (at != text.size() || at == first) return error{errc::malformed, "", at};
  constexpr std::uint64_t top{(std::numeric_limits<T>::max)()};
  const std::uint64_t limit = negative ? (std::signed_integral<T> ? top + 1 : 0) : top;
  if (!fits || magnitude > limit) return errc::overflow;
  return static_cast<T>(negative ? 0 - magnitude : magnitude);
}

/// The count of units of 10^-exponent nearest to `value`, halves to the even count. Exact in the
/// sense that the very number the double holds is rounded, once: 2.675 is a double just below and
/// gives 267 cents. not_finite, or overflow when the count does not fit into 64 bits.
/// Precondition: 0 <= exponent <= max_decimal_exponent.
[[nodiscard]] constexpr result<std::int64_t> round_half_even(double value, int exponent) {
  TAILOR_EXPECTS(exponent >= 0 && exponent <= max_decimal_exponent);
  static_assert(std::numeric_limits<double>::is_iec559 && sizeof(double) == 8);
  const auto bits = std::bit_cast<std::uint64_t>(value);
  const bool negative = bits >> 63 != 0;
  const auto biased = static_cast<int>(bits >> 52 & 0x7ff);
  if (biased == 0x7ff) return errc::not_finite;
  const std::uint64_t fraction = bits & ((std::uint64_t{1} << 52) - 1);
  const std::uint64_t mantissa = biased == 0 ? fraction : fraction | std::uint64_t{1} << 52;
  const int power = (biased == 0 ? 1 : biased) - 1075;  // |value| = mantissa × 2^power
  // Below 2^53 × 10^18 < 2^113.
  const uint128 scaled = uint128{mantissa} * detail::powers_of_ten[exponent];
  if (scaled == 0) return std::int64_t{0};
  if (power >= 0) {
    if (power >= 64 || scaled > UINT64_MAX >> power) return errc::overflow;
    return detail::with_sign(negative, static_cast<std::uint64_t>(scaled) << power);
  }
  if (power < -114) return std::int64_t{0};  // less than a half
  const uint128 unit = uint128{1} << -power;
  uint128 rounded = scaled >> -power;
  const uint128 rest = scaled & (unit - 1);
  if (rest > unit / 2 || (rest == unit / 2 && (rounded & 1) != 0)) ++rounded;
  if (rounded > UINT64_MAX) return errc::overflow;
  return detail::with_sign(negative, static_cast<std::uint64_t>(rounded));
}

}  // namespace tailor::inline v0

#endif  // TAILOR_CORE_DECIMAL_HPP
