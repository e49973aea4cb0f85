#ifndef TAILOR_SEGMENT_STEADY_MATH_HPP
#define TAILOR_SEGMENT_STEADY_MATH_HPP

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numbers>

#include "../core/config.hpp"

// Functions that C libraries round each in their own way, the same to the bit on every platform,
// compiler and optimisation level. Only + - * / and std::fma are used, which IEEE 754 rounds one
// way; every sum of a product is a std::fma, so that no compiler may choose where to round. Errors
// are below 2 units in the last place. Needs a compiler that does not reorder sums (no
// -ffast-math).

namespace tailor::inline v0::segment::steady {

inline constexpr double infinity = std::numeric_limits<double>::infinity();

namespace detail {

inline constexpr double ln2_high = std::numbers::ln2;  // ln 2 rounded, and what is missing
inline constexpr double ln2_low = 0x1.abc9e3b39803fp-56;

/// c[0] + x c[1] + x² c[2] + …
template <std::size_t N>
[[nodiscard]] inline double polynomial(double x, const double (&c)[N]) {
  double sum = c[N - 1];
  for (std::size_t i = N - 1; i-- > 0;) sum = std::fma(sum, x, c[i]);
  return sum;
}

/// exp(x) - 1 for |x| < 0.36: Taylor's series to x^13.
[[nodiscard]] inline double expm1_near_zero(double x) {
  constexpr double c[] = {1. / 2,       1. / 6,        1. / 24,        1. / 120,
                          1. / 720,     1. / 5040,     1. / 40320,     1. / 362880,
                          1. / 3628800, 1. / 39916800, 1. / 479001600, 1. / 6227020800.};
  return std::fma(x * x, polynomial(x, c), x);
}

/// ln(1 + x) for |x| < 0.42: with s = x / (2 + x) it is 2 (s + s³/3 + s⁵/5 + …).
[[nodiscard]] inline double log1p_near_zero(double x) {
  constexpr double c[] = {2. / 3,  2. / 5,  2. / 7,  2. / 9,  2. / 11, 2. / 13,
                          2. / 15, 2. / 17, 2. / 19, 2. / 21, 2. / 23};
  const double s = x / (2 + x);
  const double z = s * s;
  return std::fma(-s, std::fma(-z, polynomial(z, c), x), x);
}

/// 2^k for -1022 <= k <= 1023.
[[nodiscard]] inline double power_of_two(std::int64_t k) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(k + 1023) << 52);
}

}  // namespace detail

/// x y, rounded; a product that is followed by a sum could be rounded together with it.
[[nodiscard]] inline double product(double x, double y) { return std::fma(x, y, 0.0); }

/// e^x; infinite from about 709.8 on, zero below about -745.1. Nothing is raised for either.
[[nodiscard]] inline double exp(double x) {
  if (std::isnan(x)) return x;
  if (x > 709.79) return infinity;
  if (x < -745.2) return 0;
  constexpr double far = 0x1.8p52;  // a sum with it is rounded to a whole number
  const double k = std::fma(x, std::numbers::log2e, far) - far;
  const double rest = std::fma(-k, detail::ln2_low, std::fma(-k, detail::ln2_high, x));
  const auto n = static_cast<std::int64_t>(k);
  const std::int64_t half = n / 2;
  return (1 + detail::expm1_near_zero(rest)) * detail::power_of_two(half) *
         detail::power_of_two(n - half);
}

/// e^x - 1, to full precision near zero.
[[nodiscard]] inline double expm1(double x) {
  return x > -0.35 && x < 0.35 ? detail::expm1_near_zero(x) : exp(x) - 1;
}

/// The natural logarithm; -infinity at 0, NaN below.
[[nodiscard]] inline double log(double x) {
  if (!(x > 0)) return x == 0 ? -infinity : std::numeric_limits<double>::quiet_NaN();
  if (x == infinity) return x;
  std::int64_t k = 0;
  if (x < (std::numeric_limits<double>::min)()) {
    x *= 0x1p54;
    k = -54;
  }
  // x = m 2^k with m from √½ to √2.
  constexpr std::uint64_t root_half = 0x3fe6a09e667f3bcd;
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const auto shift = static_cast<std::int64_t>(bits - root_half) >> 52;
  k += shift;
  const double m = std::bit_cast<double>(bits - (static_cast<std::uint64_t>(shift) << 52));
  const auto times = static_cast<double>(k);
  return std::fma(times, detail::ln2_high,
                  std::fma(times, detail::ln2_low, detail::log1p_near_zero(m - 1)));
}

/// ln(1 + x), to full precision near zero.
[[nodiscard]] inline double log1p(double x) {
  return x > -0.29 && x < 0.41 ? detail::log1p_near_zero(x) : log(1 + x);
}

/// ln(e^a + e^b) without overflow; either may be -infinity.
[[nodiscard]] inline double log_add(double a, double b) {
  const double high = a > b ? a : b;
  const double low = a > b ? b : a;
  return low == -infinity ? high : high + log1p(exp(low - high));
}

/// 1 / (1 + e^-x), to full relative precision also where it is tiny.
[[nodiscard]] inline double logistic(double x) {
  const double e = exp(x < 0 ? x : -x);
  return (x < 0 ? e : 1) / (1 + e);
}

}  // namespace tailor::inline v0::segment::steady

#endif  // TAILOR_SEGMENT_STEADY_MATH_HPP
