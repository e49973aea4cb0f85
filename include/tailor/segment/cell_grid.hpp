#ifndef TAILOR_SEGMENT_CELL_GRID_HPP
#define TAILOR_SEGMENT_CELL_GRID_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include "../core/contract.hpp"
#include "../core/result.hpp"

namespace tailor::inline v0::segment {

/// A fixed grid of cubes in space. Coordinates are rounded to multiples of 2^-16, so that where a
/// point lies within its cell is a whole number too.
class cell_grid {
 public:
  static constexpr int fraction_bits = 16;
  static constexpr int narrowest = -12;
  static constexpr int widest = 12;

  /// Whether there is such a grid: 1 to 1024 columns, cells 2^-12 to 2^12 wide.
  [[nodiscard]] static constexpr bool sound(std::size_t columns, int width_log2) {
    return columns >= 1 && columns <= 1024 && width_log2 >= narrowest && width_log2 <= widest;
  }

  /// Precondition: sound(columns, width_log2).
  constexpr cell_grid(std::size_t columns, int width_log2)
      : columns_(columns), bits_(width_log2 + fraction_bits) {
    TAILOR_EXPECTS(sound(columns, width_log2));
  }

  [[nodiscard]] constexpr std::size_t columns() const { return columns_; }
  [[nodiscard]] constexpr int width_log2() const { return bits_ - fraction_bits; }
  /// The width of a cell is 2^bits multiples of 2^-16.
  [[nodiscard]] constexpr int bits() const { return bits_; }

  /// Points that one cell can hold before its sums might leave 62 bits.
  [[nodiscard]] constexpr std::int64_t room() const {
    return (std::int64_t{1} << (62 - 2 * bits_)) / static_cast<std::int64_t>(columns_);
  }

  /// Whether a point within the limits can lie in this cell.
  [[nodiscard]] bool holds(std::span<const std::int64_t> key) const {
    const std::int64_t end = std::int64_t{1} << (47 - bits_);
    return std::all_of(key.begin(), key.end(),
                       [end](std::int64_t k) { return k >= -end && k <= end; });
  }

  /// The cell of a point, and where in it the point lies, from its lower corner. malformed when the
  /// point has another number of columns; not_finite, and out_of_range beyond 2^31, with the
  /// column. Precondition: `key` and `rest` have room.
  template <class Real>
  status locate(std::span<const Real> point, std::span<std::int64_t> key,
                std::span<std::int64_t> rest) const {
    if (point.size() != columns_) return error{errc::malformed, "columns", point.size()};
    for (std::size_t j = 0; j < point.size(); ++j) {
      const auto x = static_cast<double>(point[j]);
      if (!std::isfinite(x)) return error{errc::not_finite, "column", j};
      if (std::fabs(x) > 2147483648.0) return error{errc::out_of_range, "column", j};
      const auto fixed = static_cast<std::int64_t>(std::llround(std::ldexp(x, fraction_bits)));
      key[j] = fixed >> bits_;
      rest[j] = fixed - key[j] * (std::int64_t{1} << bits_);
    }
    return {};
  }

  friend bool operator==(const cell_grid&, const cell_grid&) = default;

 private:
  std::size_t columns_;
  int bits_;
};

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_CELL_GRID_HPP
