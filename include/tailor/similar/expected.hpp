#ifndef TAILOR_SIMILAR_EXPECTED_HPP
#define TAILOR_SIMILAR_EXPECTED_HPP

#include <cstdint>
#include <span>
#include <utility>

#include "../core/contract.hpp"
#include "../core/int128.hpp"

namespace tailor::inline v0::similar {

/// How likely a purchase is to be of a given target when all purchases are equally likely, and
/// what follows for several. In fixed point: the same on every platform.
class chance {
 public:
  /// `target` of all `total` (row, item) entries are the target's. Precondition: total > 0.
  constexpr chance(std::uint64_t target, std::uint64_t total) {
    TAILOR_EXPECTS(total > 0);
    const uint128 share = ((uint128{target} << 63) + total / 2) / total;
    missed_[0] = share < one ? one - static_cast<std::uint64_t>(share) : 0;
    for (int b = 1; b < bits; ++b) missed_[b] = times(missed_[b - 1], missed_[b - 1]);
  }

  /// (1 - P)^n, in units of 2^-63: the chance that none of n purchases is of the target.
  /// Within n · 2^-63 of the true value. Cost: a multiplication per bit set in n.
  [[nodiscard]] constexpr std::uint64_t none_of(std::uint32_t n) const {
    std::uint64_t p = one;
    for (int b = 0; n != 0; ++b, n >>= 1) {
      if (n & 1) p = times(p, missed_[b]);
    }
    return p;
  }

  /// The rows in which chance would put the target, in units of 2^-32 as `pair_evidence::expected`:
  /// Σ rows · (1 - (1 - P)^others) over the groups (others, rows) of the rows of a source, where
  /// `others` is the number of items beside the source in each (Smith & Linden 2017,
  /// doi:10.1109/MIC.2017.72). At least 1 when there is any chance, so that 0 means "not counted".
  [[nodiscard]] constexpr std::uint64_t expected_rows(
      std::span<const std::pair<std::uint32_t, std::uint32_t>> groups) const {
    uint128 sum = 0;
    for (const auto& [others, rows] : groups) sum += uint128{one - none_of(others)} * rows;
    return in_rows(sum);
  }

  static constexpr std::uint64_t one = std::uint64_t{1} << 63;

  /// From units of 2^-63 to those of `expected`.
  [[nodiscard]] static constexpr std::uint64_t in_rows(uint128 sum) {
    const auto rows = static_cast<std::uint64_t>((sum + (uint128{1} << 30)) >> 31);
    return rows == 0 && sum != 0 ? 1 : rows;
  }

 private:
  static constexpr int bits = 32;

  [[nodiscard]] static constexpr std::uint64_t times(std::uint64_t a, std::uint64_t b) {
    return static_cast<std::uint64_t>((uint128{a} * b + (uint128{1} << 62)) >> 63);
  }

  std::uint64_t missed_[bits]{};  // (1 - P)^(2^b)
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_EXPECTED_HPP
