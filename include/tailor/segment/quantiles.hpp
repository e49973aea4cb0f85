#ifndef TAILOR_SEGMENT_QUANTILES_HPP
#define TAILOR_SEGMENT_QUANTILES_HPP

#include <cstddef>
#include <cstdint>
#include <span>

#include "../core/contract.hpp"
#include "../core/int128.hpp"

namespace tailor::inline v0::segment {

/// A quantile as an exact fraction.
struct fraction {
  int128 numerator = 0;
  std::int64_t denominator = 1;

  [[nodiscard]] double value() const {
    return static_cast<double>(numerator) / static_cast<double>(denominator);
  }
  /// The least whole number that is not below it.
  [[nodiscard]] int128 ceiling() const {
    const int128 whole = numerator / denominator;
    return whole * denominator < numerator ? whole + 1 : whole;
  }
  friend constexpr bool operator==(const fraction&, const fraction&) = default;
};

/// The part / parts quantile of ascending values by linear interpolation between order statistics:
/// type 7 of R. J. Hyndman and Y. Fan, "Sample quantiles in statistical packages", The American
/// Statistician 50 (1996), doi:10.1080/00031305.1996.10473566, in whole numbers.
/// Precondition: values, 0 <= part <= parts, 1 <= parts <= 2^31. Cost: O(1).
[[nodiscard]] inline fraction interpolated_quantile(std::span<const std::int64_t> ascending,
                                                    std::int64_t part, std::int64_t parts) {
  TAILOR_EXPECTS(!ascending.empty() && part >= 0 && part <= parts);
  TAILOR_EXPECTS(parts >= 1 && parts <= std::int64_t{1} << 31);
  const int128 place = int128{static_cast<std::int64_t>(ascending.size() - 1)} * part;
  const auto low = static_cast<std::size_t>(place / parts);
  const int128 rest = place % parts;
  const int128 from = ascending[low];
  const int128 to = rest == 0 ? from : int128{ascending[low + 1]};
  return {from * parts + rest * (to - from), parts};
}

/// The part / parts · n-th of n ascending values, counted from 1 and rounded up: the least value
/// that at least that share of the values do not exceed. Precondition as above, but part > 0.
[[nodiscard]] inline std::int64_t observed_quantile(std::span<const std::int64_t> ascending,
                                                    std::int64_t part, std::int64_t parts) {
  TAILOR_EXPECTS(!ascending.empty() && part > 0 && part <= parts);
  const int128 n = static_cast<std::int64_t>(ascending.size());
  const int128 rank = (n * part + parts - 1) / parts;
  return ascending[static_cast<std::size_t>(rank) - 1];
}

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_QUANTILES_HPP
