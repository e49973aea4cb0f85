#ifndef TAILOR_SEGMENT_HYPERGEOMETRIC_HPP
#define TAILOR_SEGMENT_HYPERGEOMETRIC_HPP

#include <cmath>

#include "../core/config.hpp"
#include "../core/contract.hpp"

namespace tailor::inline v0::segment::steady {

/// Gauss's series ₂F₁(a, b; c; z) = Σ (a)ₙ (b)ₙ / (c)ₙ · zⁿ / n!, summed until a term adds less
/// than 2^-56 of the sum and the terms are falling. Without cancellation when a, b, c > 0.
/// Precondition: 0 <= z < 1, c > 0. Cost: about 37 / (1 - z) terms, 10^7 at most.
/// M. Abramowitz and I. A. Stegun, "Handbook of Mathematical Functions", 1964, 15.1.1.
[[nodiscard]] inline double hypergeometric(double a, double b, double c, double z) {
  TAILOR_EXPECTS(z >= 0 && z < 1 && c > 0);
  constexpr int most_terms = 10'000'000;
  double term = 1;
  double sum = 1;
  for (int i = 0; i < most_terms; ++i) {
    const auto n = static_cast<double>(i);
    const double factor = (a + n) * (b + n) / ((c + n) * (n + 1)) * z;
    sum = std::fma(term, factor, sum);
    term *= factor;
    const double left = std::fabs(term);
    if (left == 0) break;
    // The rest is below left / (1 - z) once the factors have come near z.
    if (std::fabs(factor) < 1 && left <= 0x1p-56 * std::fabs(sum) * (1 - z)) break;
  }
  return sum;
}

}  // namespace tailor::inline v0::segment::steady

#endif  // TAILOR_SEGMENT_HYPERGEOMETRIC_HPP
