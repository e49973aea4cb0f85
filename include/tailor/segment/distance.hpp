#ifndef TAILOR_SEGMENT_DISTANCE_HPP
#define TAILOR_SEGMENT_DISTANCE_HPP

#include <cmath>
#include <concepts>
#include <cstddef>
#include <span>
#include <vector>

#include "../core/contract.hpp"
#include "points.hpp"

namespace tailor::inline v0::segment {

/// How far a point is from a centre: `d(point, centre)` is 0 for equal ones and never below.
/// Must be pure, and a Bregman divergence: the mean of points is then the place of the least sum of
/// distances, so that every step of k-means lowers what it is to lower. A. Banerjee, S. Merugu,
/// I. S. Dhillon and J. Ghosh, "Clustering with Bregman divergences", JMLR 6, 2005.
template <class D>
concept distance =
    requires(const D& d, std::span<const double> point, std::span<const double> centre) {
      { d(point, centre) } -> std::same_as<double>;
    };

namespace detail {

/// x, rounded before anything is added to it: compilers may not make one rounding of two, as they
/// do where a machine multiplies and adds at once, so all instruction sets give the same bits.
[[nodiscard]] inline double rounded(double x) {
#if defined(__x86_64__)
  asm("" : "+x"(x));
#elif defined(__aarch64__)
  asm("" : "+w"(x));
#endif
  return x;
}

/// One number after another, so that any caller gets the same bits.
template <class Real>
[[nodiscard]] double squared_distance(const Real* point, std::span<const double> centre) {
  double sum = 0;
  for (std::size_t j = 0; j < centre.size(); ++j) {
    const double along = static_cast<double>(point[j]) - centre[j];
    sum += rounded(along * along);
  }
  return sum;
}

}  // namespace detail

/// Σ (x - c)².
struct squared_euclidean {
  [[nodiscard]] double operator()(std::span<const double> point,
                                  std::span<const double> centre) const {
    TAILOR_EXPECTS(point.size() == centre.size());
    return detail::squared_distance(point.data(), centre);
  }
};

/// Σ x ln(x / c) - x + c, for amounts that are not below zero, such as what a shopper buys of each
/// category: shares of a basket are compared rather than its size in money. Infinite where a centre
/// has nothing of what the point has. Precondition: no number is below zero.
struct relative_entropy {
  [[nodiscard]] double operator()(std::span<const double> point,
                                  std::span<const double> centre) const {
    TAILOR_EXPECTS(point.size() == centre.size());
    double sum = 0;
    for (std::size_t j = 0; j < point.size(); ++j) {
      const double x = point[j];
      TAILOR_EXPECTS(x >= 0 && centre[j] >= 0);
      sum += (x > 0 ? x * std::log(x / centre[j]) : 0) - x + centre[j];
    }
    return sum > 0 ? sum : 0;
  }
};

static_assert(distance<squared_euclidean> && distance<relative_entropy>);

namespace detail {

/// Row `i` as doubles, one after another.
template <class Real>
void read_row(const point_view<Real>& points, std::size_t i, std::vector<double>& row) {
  row.resize(points.d());
  for (std::size_t j = 0; j < row.size(); ++j) row[j] = static_cast<double>(points(i, j));
}

}  // namespace detail

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_DISTANCE_HPP
