#ifndef TAILOR_CORE_DRAW_TABLE_HPP
#define TAILOR_CORE_DRAW_TABLE_HPP

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "contract.hpp"
#include "distributions.hpp"
#include "int128.hpp"
#include "random.hpp"

namespace tailor::inline v0 {

/// Draws an index with probability proportional to its integer weight, exactly.
/// Memory: 8 bytes a weight. Cost of a draw: one search by halving.
class draw_table {
 public:
  /// Precondition: the sum of the weights is not zero and fits into 64 bits.
  explicit draw_table(std::span<const std::uint64_t> weights) {
    sums_.reserve(weights.size());
    std::uint64_t sum = 0;
    for (const std::uint64_t w : weights) {
      TAILOR_EXPECTS(w <= UINT64_MAX - sum);
      sums_.push_back(sum += w);
    }
    TAILOR_EXPECTS(sum != 0);
  }

  [[nodiscard]] std::size_t size() const { return sums_.size(); }

  template <random_bits G>
  [[nodiscard]] std::size_t operator()(G& g) const {
    const std::uint64_t at = uniform_below(g, sums_.back());
    return static_cast<std::size_t>(std::upper_bound(sums_.begin(), sums_.end(), at) -
                                    sums_.begin());
  }

 private:
  std::vector<std::uint64_t> sums_;  // of the weights up to and including each
};

namespace detail {

/// log2(n) in units of 2^-48, rounded down, digit by digit: squaring the number doubles the
/// logarithm. The same on every platform. Precondition: n > 0.
[[nodiscard]] constexpr std::uint64_t fixed_log2(std::uint64_t n) {
  const int whole = 63 - std::countl_zero(n);
  auto log = static_cast<std::uint64_t>(whole);
  uint128 m = uint128{n} << (63 - whole);  // in [1, 2), units of 2^-63
  for (int digit = 0; digit < 48; ++digit) {
    m = m * m >> 63;
    const auto carry = static_cast<int>(m >> 64);
    log = log << 1 | static_cast<std::uint64_t>(carry);
    m >>= carry;
  }
  return log;
}

/// 2^(-x 2^-48) in units of 2^-63, from the roots of one half.
class fixed_exp2 {
 public:
  constexpr fixed_exp2() {
    std::uint64_t root = std::uint64_t{1} << 62;  // one half
    for (std::uint64_t& r : roots_) r = root = square_root(uint128{root} << 63);
  }

  [[nodiscard]] constexpr std::uint64_t operator()(uint128 x) const {
    if (x >> 48 > 63) return 0;
    std::uint64_t power = std::uint64_t{1} << 63;
    for (std::size_t digit = 0; digit < roots_.size(); ++digit) {
      if ((x >> (47 - digit) & 1) != 0)
        power = static_cast<std::uint64_t>(uint128{power} * roots_[digit] >> 63);
    }
    return power >> static_cast<int>(x >> 48);
  }

 private:
  [[nodiscard]] static constexpr std::uint64_t square_root(uint128 n) {
    std::uint64_t root = 0;
    for (std::uint64_t bit = std::uint64_t{1} << 63; bit != 0; bit >>= 1) {
      if (uint128{root | bit} * (root | bit) <= n) root |= bit;
    }
    return root;
  }

  std::array<std::uint64_t, 48> roots_{};
};

}  // namespace detail

/// Zipf's law: index r has a weight of (r + 1)^-exponent, rounded to units of 2^-32 and at least
/// one of them, so that every index occurs. As sales are spread over a catalogue: exponent about
/// 0.9. Computed in integers: the same table on every platform. Preconditions: 0 < count < 2^31, 0
/// <= exponent <= 16. Cost: about 0.2 microseconds an index.
[[nodiscard]] inline draw_table zipf_table(std::size_t count, double exponent) {
  TAILOR_EXPECTS(count > 0 && count < std::size_t{1} << 31 && exponent >= 0 && exponent <= 16);
  const auto fixed_exponent = static_cast<std::uint64_t>(exponent * 0x1p32);
  const detail::fixed_exp2 exp2;
  std::vector<std::uint64_t> weights(count);
  for (std::size_t r = 0; r < count; ++r) {
    const uint128 log = uint128{detail::fixed_log2(r + 1)} * fixed_exponent >> 32;
    weights[r] = (std::max)(std::uint64_t{1}, (exp2(log) + (std::uint64_t{1} << 30)) >> 31);
  }
  return draw_table(weights);
}

}  // namespace tailor::inline v0

#endif  // TAILOR_CORE_DRAW_TABLE_HPP
