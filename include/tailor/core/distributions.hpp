#ifndef TAILOR_CORE_DISTRIBUTIONS_HPP
#define TAILOR_CORE_DISTRIBUTIONS_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "contract.hpp"
#include "int128.hpp"
#include "random.hpp"

// Draws from distributions. All decide by integer arithmetic alone, or by single operations on
// doubles that IEEE 754 rounds one way only: no function of the C library is called and no inexact
// product is followed by a sum. So the same bits give the same draws on every platform, compiler
// and optimisation level. Where a result is scaled (mean + deviation * normal(g)), a compiler may
// fuse the two operations: keep such a number out of what has to be reproduced to the bit.

namespace tailor::inline v0 {

/// A whole number from 0 to n - 1, each equally likely: exactly, not nearly. Precondition: n > 0.
/// Cost: one draw nearly always. D. Lemire, "Fast random integer generation in an interval", ACM
/// Transactions on Modeling and Computer Simulation 29 (2019), doi:10.1145/3230636.
template <random_bits G>
[[nodiscard]] constexpr std::uint64_t uniform_below(G& g, std::uint64_t n) {
  TAILOR_EXPECTS(n > 0);
  uint128 product = uint128{g()} * n;
  if (static_cast<std::uint64_t>(product) < n) {
    const std::uint64_t surplus = (0 - n) % n;  // 2^64 mod n: so many products are too many
    while (static_cast<std::uint64_t>(product) < surplus) product = uint128{g()} * n;
  }
  return static_cast<std::uint64_t>(product >> 64);
}

/// A whole number from `low` to `high`, both included. Precondition: low <= high.
template <random_bits G>
[[nodiscard]] constexpr std::int64_t uniform_between(G& g, std::int64_t low, std::int64_t high) {
  TAILOR_EXPECTS(low <= high);
  const std::uint64_t last = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
  const std::uint64_t step = last == UINT64_MAX ? g() : uniform_below(g, last + 1);
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + step);
}

/// One of the 2^53 multiples of 2^-53 in [0, 1), each equally likely.
template <random_bits G>
[[nodiscard]] constexpr double uniform01(G& g) {
  return static_cast<double>(g() >> 11) * 0x1p-53;
}

/// True with probability p, to within 2^-53. Precondition: 0 <= p <= 1.
template <random_bits G>
[[nodiscard]] constexpr bool bernoulli(G& g, double p) {
  TAILOR_EXPECTS(p >= 0 && p <= 1);
  return uniform01(g) < p;
}

namespace detail {

/// True with probability exp(-x 2^-64): the first descent x > u1 > u2 > … is of even length.
/// J. von Neumann, "Various techniques used in connection with random digits", 1951.
template <random_bits G>
[[nodiscard]] constexpr bool with_exp_probability(G& g, std::uint64_t x) {
  for (bool even = true;; even = !even) {
    const std::uint64_t u = g();
    if (u >= x) return even;
    x = u;
  }
}

/// True with probability exp(-1/2).
template <random_bits G>
[[nodiscard]] constexpr bool with_root_probability(G& g) {
  return with_exp_probability(g, std::uint64_t{1} << 63);
}

/// whole + part 2^-64, rounded down to a multiple of 2^-53 and then to a double.
[[nodiscard]] constexpr double to_double(std::uint64_t whole, std::uint64_t part) {
  return static_cast<double>(whole) + static_cast<double>(part >> 11) * 0x1p-53;
}

}  // namespace detail

/// An exponential waiting time of mean 1. Cost: about 6 draws. Von Neumann, as above.
template <random_bits G>
[[nodiscard]] constexpr double exponential(G& g) {
  for (std::uint64_t whole = 0;; ++whole) {
    const std::uint64_t part = g();
    if (detail::with_exp_probability(g, part)) return detail::to_double(whole, part);
  }
}

/// A normal deviate of mean 0 and variance 1. Cost: about 20 draws. Exact but for the final
/// rounding: C. F. F. Karney, "Sampling exactly from the normal distribution", ACM Transactions on
/// Mathematical Software 42 (2016), doi:10.1145/2710016, algorithm N.
template <random_bits G>
[[nodiscard]] constexpr double normal(G& g) {
  for (;;) {
    std::uint64_t whole = 0;
    while (detail::with_root_probability(g)) ++whole;
    bool kept = true;
    for (std::uint64_t i = 0; kept && whole > 1 && i < whole * (whole - 1); ++i)
      kept = detail::with_root_probability(g);
    const std::uint64_t part = g();
    // whole + 1 times with probability exp(-x (2 whole + x) / (2 whole + 2)), x = part 2^-64.
    for (std::uint64_t i = 0; kept && i <= whole; ++i) {
      std::uint64_t x = part;
      for (;; kept = !kept) {
        const std::uint64_t u = g();
        if (u >= x) break;
        if (uint128{g()} * uint128{2 * whole + 2} >= (uint128{2 * whole} << 64) + part) break;
        x = u;
      }
    }
    if (!kept) continue;
    const double size = detail::to_double(whole, part);
    return (g() & 1) != 0 ? -size : size;
  }
}

/// How many events of rate 1 fall into a time of length `mean`. Precondition: 0 <= mean <= 10^6.
/// Cost: mean + 1 exponential draws.
template <random_bits G>
[[nodiscard]] constexpr std::uint64_t poisson(G& g, double mean) {
  TAILOR_EXPECTS(mean >= 0 && mean <= 1e6);
  std::uint64_t events = 0;
  for (double time = exponential(g); time < mean; time += exponential(g)) ++events;
  return events;
}

/// How many failures come before the first success of probability p, at most 2^63 - 1.
/// Precondition: 0 < p <= 1. Cost: about 2 log2(1 / p) + 12 draws.
/// The binary digits of a geometric number are independent: digit k is 1 with odds q^(2^k) : 1,
/// where q = 1 - p. The odds are met by a fair coin whose heads are kept with probability q^(2^k).
template <random_bits G>
[[nodiscard]] constexpr std::uint64_t geometric(G& g, double p) {
  TAILOR_EXPECTS(p > 0 && p <= 1);
  if (p == 1) return 0;
  // q 2^64; 1 - p is 1 for a p below 2^-53, and the largest q that is not 1 stands for it.
  const double q = 1 - p;
  std::uint64_t power = q < 1 ? static_cast<std::uint64_t>(q * 0x1p64) : UINT64_MAX;
  std::uint64_t failures = 0;
  for (int digit = 0; digit < 63 && power != 0; ++digit) {
    for (;;) {
      if ((g() >> 63) == 0) break;
      if (g() < power) {
        failures |= std::uint64_t{1} << digit;
        break;
      }
    }
    power = static_cast<std::uint64_t>(uint128{power} * power >> 64);
  }
  return failures;
}

/// Brings `items` into random order, each order equally likely.
/// R. Durstenfeld, "Algorithm 235: random permutation", 1964, doi:10.1145/364520.364540.
template <class T, random_bits G>
constexpr void shuffle(std::span<T> items, G& g) {
  using std::swap;
  for (std::size_t left = items.size(); left > 1; --left)
    swap(items[left - 1], items[static_cast<std::size_t>(uniform_below(g, left))]);
}

}  // namespace tailor::inline v0

#endif  // TAILOR_CORE_DISTRIBUTIONS_HPP
