#ifndef TAILOR_SEGMENT_POINT_TILES_HPP
#define TAILOR_SEGMENT_POINT_TILES_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "../core/executor.hpp"
#include "aligned_numbers.hpp"
#include "fixed_sums.hpp"
#include "point_frame.hpp"
#include "points.hpp"

namespace tailor::inline v0::segment::detail {

/// A copy of the points of a frame for vectors to walk over: tiles of as many points as `Lanes`
/// takes at once, column after column, so that memory is read in order. Zeros fill the last tiles.
/// Points may be in an order of the tiles' own; places are counted in that.
template <class Real, class Lanes>
class point_tiles {
 public:
  static constexpr std::size_t tile = Lanes::at_once * Lanes::width;
  static constexpr std::size_t group = 64;  ///< what is labelled at once starts at a multiple of it
  static_assert(group % tile == 0);

  /// Without points.
  point_tiles() : numbers_(0) {}
  /// `order`: the row of each place; empty when they are the same. Cost: O(n d), at the speed of
  /// memory.
  template <class X>
  point_tiles(const point_frame<Real>& frame, std::vector<std::uint32_t> order, X& pool)
      : d_(frame.d()),
        order_(std::move(order)),
        numbers_((frame.points().n() + group - 1) / group * group * d_) {
    const std::size_t rounded = (frame.points().n() + group - 1) / group * group;
    pool.for_each_chunk(rounded, 64 * group, [&](std::size_t first, std::size_t last, std::size_t) {
      for (std::size_t place = first; place < last; place += tile) fill(frame, place);
    });
  }

  [[nodiscard]] std::size_t d() const { return d_; }
  [[nodiscard]] std::span<const std::uint32_t> order() const { return order_; }
  [[nodiscard]] std::size_t row_at(std::size_t place) const {
    return order_.empty() ? place : order_[place];
  }
  /// Where column 0 of a tile stands; the next column is `tile` further.
  /// Precondition: `place` is a multiple of `tile`.
  [[nodiscard]] const Real* at(std::size_t place) const { return numbers_.data() + place * d_; }
  /// The point at a place, as it is in the frame.
  [[nodiscard]] centred_point<Real> inside(std::size_t place) const {
    return {at(place / tile * tile) + place % tile, tile};
  }

 private:
  void fill(const point_frame<Real>& frame, std::size_t place) {
    const point_view<Real>& points = frame.points();
    const std::size_t count = place < points.n() ? (std::min)(tile, points.n() - place) : 0;
    std::size_t rows[tile];
    for (std::size_t r = 0; r < count; ++r) rows[r] = row_at(place + r);
    if (place + 3 * tile <= points.n()) {
      for (std::size_t r = 0; r < tile; ++r) {
        __builtin_prefetch(points.row(row_at(place + 2 * tile + r)));
      }
    }
    frame.template put<tile>(rows, count, numbers_.data() + place * d_);
  }

  std::size_t d_ = 0;
  std::vector<std::uint32_t> order_;
  aligned_numbers<Real> numbers_;
};

}  // namespace tailor::inline v0::segment::detail

#endif  // TAILOR_SEGMENT_POINT_TILES_HPP
