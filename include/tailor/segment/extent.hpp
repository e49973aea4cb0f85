#ifndef TAILOR_SEGMENT_EXTENT_HPP
#define TAILOR_SEGMENT_EXTENT_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "../core/executor.hpp"
#include "../core/result.hpp"
#include "points.hpp"

namespace tailor::inline v0::segment {

/// Where points lie.
struct extent {
  std::vector<double> mean;  ///< of each column, rounded to the numbers' own type
  double reach = 0;          ///< the farthest that a number is from the mean of its column
};

/// Sums of squares of numbers up to here are finite in double, and differences in their own type.
template <class Real>
inline constexpr double most_magnitude = sizeof(Real) == sizeof(float) ? 0x1p126 : 0x1p500;

namespace detail {

/// Sums, least and most of each column, over some rows. Sixteen rows go side by side, so that sums
/// are vectors without changing the order of any addition.
template <class Real>
class column_sums {
 public:
  explicit column_sums(std::size_t d)
      : d_(d), sums_(16 * d), least_(16 * d), most_(16 * d), buffer_(16 * d) {}

  void begin(const point_view<Real>& points, std::size_t row) {
    std::fill(sums_.begin(), sums_.end(), 0.0);
    for (std::size_t t = 0; t < 16 * d_; ++t) least_[t] = most_[t] = points(row, t % d_);
  }

  void add(const point_view<Real>& points, std::size_t first, std::size_t last) {
    const bool dense = points.column_stride() == 1 &&
                       points.row_stride() == static_cast<std::ptrdiff_t>(points.d());
    std::size_t row = first;
    for (; row + 16 <= last; row += 16) {
      if (dense) {
        add(points.data() + row * d_);
        continue;
      }
      for (std::size_t j = 0; j < d_; ++j) {
        for (std::size_t r = 0; r < 16; ++r) buffer_[r * d_ + j] = points(row + r, j);
      }
      add(buffer_.data());
    }
    for (; row < last; ++row) {
      for (std::size_t j = 0; j < d_; ++j) take(j, points(row, j));
    }
  }

  [[nodiscard]] double sum(std::size_t j) const {
    double out = 0;
    for (std::size_t r = 0; r < 16; ++r) out += sums_[r * d_ + j];
    return out;
  }
  [[nodiscard]] double least(std::size_t j) const {
    Real out = least_[j];
    for (std::size_t r = 1; r < 16; ++r) out = (std::min)(out, least_[r * d_ + j]);
    return static_cast<double>(out);
  }
  [[nodiscard]] double most(std::size_t j) const {
    Real out = most_[j];
    for (std::size_t r = 1; r < 16; ++r) out = (std::max)(out, most_[r * d_ + j]);
    return static_cast<double>(out);
  }

 private:
  void add(const Real* rows) {
    const std::size_t count = 16 * d_;
    double* sums = sums_.data();
    Real* least = least_.data();
    Real* most = most_.data();
    constexpr std::size_t line = 64 / sizeof(Real);
    for (std::size_t t = 0; t < count; t += line) __builtin_prefetch(rows + 2 * count + t);
    for (std::size_t t = 0; t < count; ++t) sums[t] += static_cast<double>(rows[t]);
    for (std::size_t t = 0; t < count; ++t) least[t] = rows[t] < least[t] ? rows[t] : least[t];
    for (std::size_t t = 0; t < count; ++t) most[t] = rows[t] > most[t] ? rows[t] : most[t];
  }
  void take(std::size_t t, Real x) {
    sums_[t] += static_cast<double>(x);
    least_[t] = x < least_[t] ? x : least_[t];
    most_[t] = x > most_[t] ? x : most_[t];
  }

  std::size_t d_;
  std::vector<double> sums_;
  std::vector<Real> least_, most_, buffer_;
};

/// The first row with a number that is none, or too large.
template <class Real>
[[nodiscard]] error first_fault(const point_view<Real>& points) {
  for (std::size_t i = 0; i < points.n(); ++i) {
    for (std::size_t j = 0; j < points.d(); ++j) {
      const double x = static_cast<double>(points(i, j));
      if (!std::isfinite(x)) return {errc::not_finite, "point", i};
      if (std::fabs(x) > most_magnitude<Real>) return {errc::out_of_range, "point", i};
    }
  }
  return {};
}

}  // namespace detail

/// Looks at every number once. not_finite and out_of_range (beyond `most_magnitude`) with the row,
/// too_few without numbers. Same for any executor. Cost: O(n d), at the speed of memory.
template <class Real, executor X>
[[nodiscard]] result<extent> extent_of(const point_view<Real>& points, X&& pool) {
  constexpr std::size_t grain = 8192;
  const std::size_t n = points.n();
  const std::size_t d = points.d();
  if (n == 0 || d == 0) return error{errc::too_few, "points"};
  const std::size_t chunks = (n - 1) / grain + 1;
  std::vector<double> sums(chunks * d), least(chunks * d), most(chunks * d);
  std::vector<detail::column_sums<Real>> workers(pool.concurrency(), detail::column_sums<Real>(d));
  pool.for_each_chunk(n, grain, [&](std::size_t first, std::size_t last, std::size_t number) {
    detail::column_sums<Real>& part = workers[number];
    part.begin(points, first);
    part.add(points, first, last);
    const std::size_t at = first / grain * d;
    for (std::size_t j = 0; j < d; ++j) {
      sums[at + j] = part.sum(j);
      least[at + j] = part.least(j);
      most[at + j] = part.most(j);
    }
  });
  extent out;
  out.mean.resize(d);
  for (std::size_t j = 0; j < d; ++j) {
    double sum = 0;
    double low = least[j];
    double high = most[j];
    for (std::size_t c = 0; c < chunks; ++c) {
      sum += sums[c * d + j];
      low = (std::min)(low, least[c * d + j]);
      high = (std::max)(high, most[c * d + j]);
    }
    // A NaN or an infinity anywhere is one in the sum; least and most may have passed over it.
    if (!std::isfinite(sum) || low < -most_magnitude<Real> || high > most_magnitude<Real>) {
      const error fault = detail::first_fault(points);
      if (fault.code != errc::ok) return fault;
    }
    const double mean = std::clamp(sum / static_cast<double>(n), low, high);
    out.mean[j] = static_cast<double>(static_cast<Real>(mean));
    out.reach = (std::max)({out.reach, high - out.mean[j], out.mean[j] - low});
  }
  return out;
}

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_EXTENT_HPP
