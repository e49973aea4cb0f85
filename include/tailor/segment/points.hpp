#ifndef TAILOR_SEGMENT_POINTS_HPP
#define TAILOR_SEGMENT_POINTS_HPP

#include <concepts>
#include <cstddef>

#include "../core/contract.hpp"

namespace tailor::inline v0::segment {

/// n points of d numbers in somebody else's memory, seen as they lie: number j of point i is at
/// `data[i · row_stride + j · column_stride]`. Valid as long as that memory is. A value: pass it
/// so.
template <std::floating_point Real>
class point_view {
 public:
  constexpr point_view() = default;

  /// Points one after another.
  constexpr point_view(const Real* data, std::size_t n, std::size_t d)
      : point_view(data, n, d, static_cast<std::ptrdiff_t>(d), 1) {}

  /// Any strides, counted in numbers: row-major, column-major, or a part of a larger matrix.
  /// Precondition: `data` is not null where there are numbers.
  constexpr point_view(const Real* data, std::size_t n, std::size_t d, std::ptrdiff_t row_stride,
                       std::ptrdiff_t column_stride)
      : data_(data), n_(n), d_(d), row_stride_(row_stride), column_stride_(column_stride) {
    TAILOR_EXPECTS(data != nullptr || n == 0 || d == 0);
  }

  [[nodiscard]] constexpr const Real* data() const { return data_; }
  [[nodiscard]] constexpr std::size_t n() const { return n_; }
  [[nodiscard]] constexpr std::size_t d() const { return d_; }
  [[nodiscard]] constexpr std::ptrdiff_t row_stride() const { return row_stride_; }
  [[nodiscard]] constexpr std::ptrdiff_t column_stride() const { return column_stride_; }

  /// Where number 0 of a point is. Precondition: it exists.
  [[nodiscard]] constexpr const Real* row(std::size_t i) const {
    return data_ + static_cast<std::ptrdiff_t>(i) * row_stride_;
  }
  /// Number `column` of point `row`. Precondition: both exist.
  [[nodiscard]] constexpr Real operator()(std::size_t row, std::size_t column) const {
    return data_[static_cast<std::ptrdiff_t>(row) * row_stride_ +
                 static_cast<std::ptrdiff_t>(column) * column_stride_];
  }

 private:
  const Real* data_ = nullptr;
  std::size_t n_ = 0;
  std::size_t d_ = 0;
  std::ptrdiff_t row_stride_ = 0;
  std::ptrdiff_t column_stride_ = 1;
};

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_POINTS_HPP
