#ifndef TAILOR_SEGMENT_SPECIAL_FUNCTIONS_HPP
#define TAILOR_SEGMENT_SPECIAL_FUNCTIONS_HPP

#include <cmath>

#include "../core/config.hpp"
#include "../core/contract.hpp"
#include "steady_math.hpp"

// The logarithm of the gamma function and its derivatives for positive numbers, the same to the bit
// everywhere (std::lgamma differs between C libraries and writes a global). Above 10 the asymptotic
// series of Stirling, below it the recurrence: M. Abramowitz and I. A. Stegun, "Handbook of
// Mathematical Functions", 1964, 6.1.15, 6.1.41, 6.3.5, 6.3.18, 6.4.6 and 6.4.12.

namespace tailor::inline v0::segment::steady {

/// ln Γ(x). Error: below 1e-14 in absolute or 1e-15 in relative terms, whichever is more.
/// Precondition: x > 0 and finite. Cost: two logarithms.
[[nodiscard]] inline double log_gamma(double x) {
  TAILOR_EXPECTS(x > 0 && x < infinity);
  constexpr double c[] = {1. / 12,   -1. / 360,       1. / 1260, -1. / 1680,
                          1. / 1188, -691. / 360360., 1. / 156};
  constexpr double half_log_two_pi = 0x1.d67f1c864beb5p-1;
  double product = 1;
  for (; x < 10; x += 1) product *= x;
  const double inverse = 1 / x;
  const double series =
      std::fma(inverse, detail::polynomial(inverse * inverse, c), half_log_two_pi);
  return std::fma(x - 0.5, log(x), -x) + (series - log(product));
}

/// The first derivative of ln Γ. Error: as log_gamma. Precondition: x > 0.
[[nodiscard]] inline double digamma(double x) {
  TAILOR_EXPECTS(x > 0);
  constexpr double c[] = {1. / 12,   -1. / 120,     1. / 252, -1. / 240,
                          1. / 132., -691. / 32760, 1. / 12,  -3617. / 8160};
  double sum = 0;
  for (; x < 10; x += 1) sum += 1 / x;
  const double inverse = 1 / x;
  const double square = inverse * inverse;
  return log(x) - (std::fma(square, detail::polynomial(square, c), inverse / 2) + sum);
}

/// The second derivative of ln Γ. Error: a few units in the last place. Precondition: x > 0.
[[nodiscard]] inline double trigamma(double x) {
  TAILOR_EXPECTS(x > 0);
  constexpr double c[] = {1. / 6,  -1. / 30,     1. / 42, -1. / 30,
                          5. / 66, -691. / 2730, 7. / 6,  -3617. / 510};
  double sum = 0;
  for (; x < 10; x += 1) {
    const double inverse = 1 / x;
    sum = std::fma(inverse, inverse, sum);
  }
  const double inverse = 1 / x;
  const double square = inverse * inverse;
  return std::fma(inverse * square, detail::polynomial(square, c), inverse + (square / 2)) + sum;
}

}  // namespace tailor::inline v0::segment::steady

#endif  // TAILOR_SEGMENT_SPECIAL_FUNCTIONS_HPP
