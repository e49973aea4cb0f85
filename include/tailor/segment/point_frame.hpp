#ifndef TAILOR_SEGMENT_POINT_FRAME_HPP
#define TAILOR_SEGMENT_POINT_FRAME_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "extent.hpp"
#include "points.hpp"

namespace tailor::inline v0::segment::detail {

/// Points as vectors take them: counted from the mean and scaled by a power of two, so that nothing
/// is beyond 1.
template <class Real>
class point_frame {
 public:
  point_frame(const point_view<Real>& points, const extent& where) : points_(points) {
    for (const double mean : where.mean) mean_.push_back(static_cast<Real>(mean));
    int exponent = 0;
    if (where.reach > 0) std::frexp(where.reach, &exponent);
    scale_ = std::ldexp(1.0, std::clamp(-exponent, -1000, 1000));
  }

  [[nodiscard]] std::size_t d() const { return points_.d(); }
  [[nodiscard]] const point_view<Real>& points() const { return points_; }
  [[nodiscard]] double scale() const { return scale_; }
  /// A number of this column as it is in the frame.
  [[nodiscard]] double inside(double x, std::size_t column) const {
    return (x - static_cast<double>(mean_[column])) * scale_;
  }
  [[nodiscard]] const std::vector<Real>& mean() const { return mean_; }
  /// A number of a point, counted from the mean, not scaled.
  [[nodiscard]] Real centred(std::size_t row, std::size_t column) const {
    return points_(row, column) - mean_[column];
  }

  /// Writes the points of some rows, column after column of `tile` numbers each; zeros fill them.
  template <std::size_t tile>
  void put(const std::size_t* rows, std::size_t count, Real* to) const {
    for (std::size_t j = 0; j < d(); ++j, to += tile) {
      for (std::size_t r = 0; r < count; ++r) to[r] = centred(rows[r], j);
      for (std::size_t r = count; r < tile; ++r) to[r] = Real{};
      for (std::size_t r = 0; r < tile; ++r) {
        to[r] = static_cast<Real>(static_cast<double>(to[r]) * scale_);
      }
    }
  }

 private:
  point_view<Real> points_;
  std::vector<Real> mean_;
  double scale_ = 1;
};

}  // namespace tailor::inline v0::segment::detail

#endif  // TAILOR_SEGMENT_POINT_FRAME_HPP
