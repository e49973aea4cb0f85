#ifndef TAILOR_CORE_BETA_HPP
#define TAILOR_CORE_BETA_HPP

#include <cmath>
#include <numbers>

#include "contract.hpp"
#include "distributions.hpp"
#include "random.hpp"

namespace tailor::inline v0 {

// Unlike the draws of distributions.hpp these ask the C library and may be compiled to fused
// operations: builds agree to a few units in the last place, and one draw of some 10^15 may be
// another one. Round what has to be the same everywhere.

namespace detail {

/// A normal deviate, several times as quick as the exact one; none is beyond 8.6. G. E. P. Box and
/// M. E. Muller, "A note on the generation of random normal deviates", 1958,
/// doi:10.1214/aoms/1177706645.
template <random_bits G>
[[nodiscard]] double quick_normal(G& g) {
  const double u = 1 - uniform01(g);  // above 0
  return std::sqrt(-2 * std::log(u)) * std::cos(2 * std::numbers::pi * uniform01(g));
}

}  // namespace detail

/// A gamma deviate of that shape and scale 1: of mean and variance `shape`. Precondition:
/// 1 <= shape <= 10^15. Cost: some 70 ns. G. Marsaglia and W. W. Tsang, "A simple method for
/// generating gamma variables", ACM Transactions on Mathematical Software 26 (2000),
/// doi:10.1145/358407.358414.
template <random_bits G>
[[nodiscard]] double gamma(G& g, double shape) {
  TAILOR_EXPECTS(shape >= 1 && shape <= 1e15);
  const double d = shape - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = detail::quick_normal(g);
    const double root = 1 + c * x;
    if (root <= 0) continue;
    const double v = root * root * root;
    const double u = 1 - uniform01(g);  // above 0
    if (u < 1 - 0.0331 * (x * x) * (x * x)) return d * v;
    if (std::log(u) < 0.5 * x * x + d * (1 - v + std::log(v))) return d * v;
  }
}

/// A share in 0 … 1 of mean a / (a + b): what is known of a rate after a - 1 hits and b - 1 misses,
/// if nothing was known before. Precondition: a and b as for `gamma`. Cost: two gamma deviates.
template <random_bits G>
[[nodiscard]] double beta(G& g, double a, double b) {
  const double hits = gamma(g, a);
  return hits / (hits + gamma(g, b));
}

}  // namespace tailor::inline v0

#endif  // TAILOR_CORE_BETA_HPP
