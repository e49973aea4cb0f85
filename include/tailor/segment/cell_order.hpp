#ifndef TAILOR_SEGMENT_CELL_ORDER_HPP
#define TAILOR_SEGMENT_CELL_ORDER_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "../core/executor.hpp"
#include "aligned_numbers.hpp"
#include "extent.hpp"
#include "points.hpp"

namespace tailor::inline v0::segment::detail {

/// Numbers of points along the Z-order curve through the cells of an even grid: points near each
/// other in the order are near each other in space.
/// G. M. Morton, "A computer oriented geodetic data base and a new technique in file sequencing",
/// IBM, 1966.
template <class Real>
class cell_curve {
 public:
  static constexpr unsigned bits = 18;  ///< of a key, at most
  static constexpr std::size_t most_dimensions = 4;

  /// Precondition: 1 <= d <= most_dimensions.
  cell_curve(const point_view<Real>& points, const extent& where)
      : points_(points), mean_(where.mean) {
    const auto d = static_cast<unsigned>(points.d());
    const unsigned each = (std::min)(bits / d, bits / 2);
    spread_.resize(std::size_t{1} << each);
    for (std::size_t cell = 0; cell < spread_.size(); ++cell) {
      for (unsigned b = 0; b < each; ++b) {
        spread_[cell] |= static_cast<std::uint32_t>(cell >> b & 1) << b * d;
      }
    }
    constexpr double smallest = 0x1p-1000;  // its inverse is a number
    if (where.reach > smallest) scale_ = middle() / where.reach;
  }

  [[nodiscard]] std::uint32_t key(std::size_t row) const {
    const double most = static_cast<double>(spread_.size() - 1);
    std::uint32_t out = 0;
    for (std::size_t j = 0; j < points_.d(); ++j) {
      const double at = (static_cast<double>(points_(row, j)) - mean_[j]) * scale_ + middle();
      out |= spread_[static_cast<std::uint32_t>(std::clamp(at, 0.0, most))] << j;
    }
    return out;
  }

 private:
  [[nodiscard]] double middle() const { return static_cast<double>(spread_.size()) / 2; }

  point_view<Real> points_;
  std::vector<double> mean_;
  std::vector<std::uint32_t> spread_;  // the bits of a number, d apart
  double scale_ = 0;
};

/// The rows of the points in the order of their cells, of one cell in their own: two rounds of a
/// counting sort. Same for any executor. Precondition: d <= cell_curve::most_dimensions and
/// n < 2^32. Cost: O(n d). Memory: 8 bytes a point, for the time of the call.
template <class Real, class X>
[[nodiscard]] std::vector<std::uint32_t> cell_order(const point_view<Real>& points,
                                                    const extent& where, X& pool) {
  constexpr unsigned digit = cell_curve<Real>::bits / 2;
  constexpr std::size_t values = std::size_t{1} << digit;
  constexpr std::size_t parts = 8;
  const std::size_t n = points.n();
  const std::size_t grain = n / parts + 1;
  const cell_curve<Real> curve(points, where);
  const aligned_numbers<std::uint32_t> kept(n);
  std::uint32_t* keys = kept.data();
  const aligned_numbers<std::uint32_t> sorted(n);  // rows by the last digit
  std::uint32_t* halfway = sorted.data();
  std::vector<std::uint32_t> out(n);
  std::vector<std::uint32_t> at(parts * values);

  // Each part counts by itself and then knows where its own go.
  const auto round = [&](const auto& digit_of, const auto& put) {
    std::fill(at.begin(), at.end(), 0u);
    const auto place = [&](std::size_t part, std::size_t i) -> std::uint32_t& {
      return at[part * values + digit_of(i)];
    };
    pool.for_each_chunk(n, grain, [&](std::size_t first, std::size_t last, std::size_t) {
      for (std::size_t i = first; i < last; ++i) ++place(first / grain, i);
    });
    std::uint32_t sum = 0;
    for (std::size_t value = 0; value < values; ++value) {
      for (std::size_t part = 0; part < parts; ++part) {
        const std::uint32_t some = at[part * values + value];
        at[part * values + value] = sum;
        sum += some;
      }
    }
    pool.for_each_chunk(n, grain, [&](std::size_t first, std::size_t last, std::size_t) {
      for (std::size_t i = first; i < last; ++i) put(place(first / grain, i)++, i);
    });
  };
  pool.for_each_chunk(n, grain, [&](std::size_t first, std::size_t last, std::size_t) {
    for (std::size_t i = first; i < last; ++i) keys[i] = curve.key(i);
  });
  round([&](std::size_t i) { return keys[i] & (values - 1); },
        [&](std::uint32_t to, std::size_t i) { halfway[to] = static_cast<std::uint32_t>(i); });
  round([&](std::size_t i) { return keys[halfway[i]] >> digit; },
        [&](std::uint32_t to, std::size_t i) { out[to] = halfway[i]; });
  return out;
}

}  // namespace tailor::inline v0::segment::detail

#endif  // TAILOR_SEGMENT_CELL_ORDER_HPP
