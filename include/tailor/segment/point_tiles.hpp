#ifndef TAILOR_SEGMENT_POINT_TILES_HPP
#define TAILOR_SEGMENT_POINT_TILES_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <new>
#include <utility>
#include <vector>

#include "../core/executor.hpp"
#include "extent.hpp"
#include "fixed_sums.hpp"
#include "points.hpp"

namespace tailor::inline v0::segment::detail {

/// Numbers whose memory is first touched by who writes them. Starts at a multiple of 64 bytes.
template <class Real>
class aligned_numbers {
 public:
  explicit aligned_numbers(std::size_t count)
      : data_(static_cast<Real*>(::operator new(count * sizeof(Real), alignment))) {}
  aligned_numbers(aligned_numbers&& other) noexcept : data_(std::exchange(other.data_, nullptr)) {}
  aligned_numbers& operator=(aligned_numbers&& other) noexcept {
    std::swap(data_, other.data_);
    return *this;
  }
  aligned_numbers(const aligned_numbers&) = delete;
  aligned_numbers& operator=(const aligned_numbers&) = delete;
  ~aligned_numbers() { ::operator delete(data_, alignment); }

  [[nodiscard]] Real* data() const { return data_; }

 private:
  static constexpr std::align_val_t alignment{64};
  Real* data_;
};

/// A copy of points for vectors to walk over: tiles of as many points as `Lanes` takes at once,
/// column after column, so that memory is read in order. Counted from the mean and scaled by a
/// power of two, so that nothing is beyond 1. Zeros fill the last tiles.
template <class Real, class Lanes>
class point_tiles {
 public:
  static constexpr std::size_t tile = Lanes::at_once * Lanes::width;
  static constexpr std::size_t group = 64;  ///< what is labelled at once starts at a multiple of it
  static_assert(group % tile == 0);

  /// Cost: O(n d), at the speed of memory.
  template <class X>
  point_tiles(const point_view<Real>& points, const extent& where, X& pool)
      : points_(points),
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
  /// Where column 0 of a tile stands; the next column is `tile` further.
  /// Precondition: `row` is a multiple of `tile`.
  [[nodiscard]] const Real* at(std::size_t row) const { return numbers_.data() + row * d(); }
  /// Point `i`, its numbers multiplied by scale().
  [[nodiscard]] centred_point<Real> inside(std::size_t i) const {
    return {at(i / tile * tile) + i % tile, tile};
  }
  [[nodiscard]] double scale() const { return scale_; }
  /// A number of this column as it stands in the tiles.
  [[nodiscard]] double inside(double x, std::size_t column) const {
    return (x - mean_[column]) * scale_;
  }

 private:
  void fill(std::size_t row) {
    Real* to = numbers_.data() + row * d();
    const std::size_t count = row < points_.n() ? (std::min)(tile, points_.n() - row) : 0;
    for (std::size_t j = 0; j < d(); ++j, to += tile) {
      const Real mean = static_cast<Real>(mean_[j]);
      if (count == tile) {
        for (std::size_t r = 0; r < tile; ++r) to[r] = points_(row + r, j);
        for (std::size_t r = 0; r < tile; ++r) {
          to[r] = static_cast<Real>(static_cast<double>(to[r] - mean) * scale_);
        }
        continue;
      }
      for (std::size_t r = 0; r < tile; ++r) {
        to[r] = r < count
                    ? static_cast<Real>(static_cast<double>(points_(row + r, j) - mean) * scale_)
                    : Real{};
      }
    }
  }

  point_view<Real> points_;
  std::vector<double> mean_;
  double scale_ = 1;
  aligned_numbers<Real> numbers_;
};

}  // namespace tailor::inline v0::segment::detail

#endif  // TAILOR_SEGMENT_POINT_TILES_HPP
