#ifndef TAILOR_SEGMENT_POINT_TILES_HPP
#define TAILOR_SEGMENT_POINT_TILES_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "../core/executor.hpp"
#include "aligned_numbers.hpp"
#include "extent.hpp"
#include "fixed_sums.hpp"
#include "points.hpp"

namespace tailor::inline v0::segment::detail {

/// A copy of points for vectors to walk over: tiles of as many points as `Lanes` takes at once,
/// column after column, so that memory is read in order. Counted from the mean and scaled by a
/// power of two, so that nothing is beyond 1. Zeros fill the last tiles. Points may be in an order
/// of the tiles' own; places are counted in that.
template <class Real, class Lanes>
class point_tiles {
 public:
  static constexpr std::size_t tile = Lanes::at_once * Lanes::width;
  static constexpr std::size_t group = 64;  ///< what is labelled at once starts at a multiple of it
  static_assert(group % tile == 0);

  /// `order`: the row of each place; empty when they are the same. Cost: O(n d), at the speed of
  /// memory.
  template <class X>
  point_tiles(const point_view<Real>& points, const extent& where, std::vector<std::uint32_t> order,
              X& pool)
      : points_(points),
        order_(std::move(order)),
        mean_(where.mean),
        numbers_((points.n() + group - 1) / group * group * points.d()) {
    int exponent = 0;
    if (where.reach > 0) std::frexp(where.reach, &exponent);
    scale_ = std::ldexp(1.0, std::clamp(-exponent, -1000, 1000));
    const std::size_t rounded = (points.n() + group - 1) / group * group;
    pool.for_each_chunk(rounded, 64 * group, [&](std::size_t first, std::size_t last, std::size_t) {
      for (std::size_t i = first; i < last; i += tile) fill(i);
    });
  }

  [[nodiscard]] std::size_t d() const { return points_.d(); }
  [[nodiscard]] const point_view<Real>& points() const { return points_; }
  [[nodiscard]] std::span<const std::uint32_t> order() const { return order_; }
  [[nodiscard]] std::size_t row_at(std::size_t place) const {
    return order_.empty() ? place : order_[place];
  }
  /// Where column 0 of a tile stands; the next column is `tile` further.
  /// Precondition: `place` is a multiple of `tile`.
  [[nodiscard]] const Real* at(std::size_t place) const { return numbers_.data() + place * d(); }
  /// The point at a place, its numbers multiplied by scale().
  [[nodiscard]] centred_point<Real> inside(std::size_t place) const {
    return {at(place / tile * tile) + place % tile, tile};
  }
  [[nodiscard]] double scale() const { return scale_; }
  /// A number of this column as it stands in the tiles.
  [[nodiscard]] double inside(double x, std::size_t column) const {
    return (x - mean_[column]) * scale_;
  }

 private:
  void fill(std::size_t place) {
    Real* to = numbers_.data() + place * d();
    const std::size_t count = place < points_.n() ? (std::min)(tile, points_.n() - place) : 0;
    std::size_t rows[tile];
    for (std::size_t r = 0; r < count; ++r) rows[r] = row_at(place + r);
    if (!order_.empty() && place + 3 * tile <= points_.n()) {  // far from each other in memory
      for (std::size_t r = 0; r < tile; ++r) {
        __builtin_prefetch(points_.data() +
                           static_cast<std::ptrdiff_t>(order_[place + 2 * tile + r]) *
                               points_.row_stride());
      }
    }
    for (std::size_t j = 0; j < d(); ++j, to += tile) {
      const Real mean = static_cast<Real>(mean_[j]);
      if (count == tile) {
        for (std::size_t r = 0; r < tile; ++r) to[r] = points_(rows[r], j);
        for (std::size_t r = 0; r < tile; ++r) {
          to[r] = static_cast<Real>(static_cast<double>(to[r] - mean) * scale_);
        }
        continue;
      }
      for (std::size_t r = 0; r < tile; ++r) {
        to[r] = r < count
                    ? static_cast<Real>(static_cast<double>(points_(rows[r], j) - mean) * scale_)
                    : Real{};
      }
    }
  }

  point_view<Real> points_;
  std::vector<std::uint32_t> order_;
  std::vector<double> mean_;
  double scale_ = 1;
  aligned_numbers<Real> numbers_;
};

}  // namespace tailor::inline v0::segment::detail

#endif  // TAILOR_SEGMENT_POINT_TILES_HPP
