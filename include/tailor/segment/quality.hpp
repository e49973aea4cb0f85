#ifndef TAILOR_SEGMENT_QUALITY_HPP
#define TAILOR_SEGMENT_QUALITY_HPP

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "../core/contract.hpp"
#include "../core/executor.hpp"
#include "points.hpp"

namespace tailor::inline v0::segment {

/// How well centres describe points.
struct cluster_quality {
  std::vector<std::uint64_t> sizes;  ///< points nearest to each centre, ties to the lower index
  double inertia = 0;                ///< sum of squared distances to the nearest centre
  double silhouette = 0;             ///< simplified: see quality_of; 0 for one centre
  double bic = 0;                    ///< see spherical_bic; more is better
};

namespace detail {

struct two_nearest {
  std::uint32_t first = 0;
  double squared = 0;         // distance to the first
  double second_squared = 0;  // to the second; infinite when there is none
};

/// The two centres next to a point, ties to the lower index.
template <class Real>
[[nodiscard]] two_nearest nearest_two(const point_view<Real>& points, std::size_t i,
                                      std::span<const double> centres) {
  constexpr double far = std::numeric_limits<double>::infinity();
  two_nearest out{0, far, far};
  const std::size_t d = points.d();
  for (std::size_t c = 0; c * d < centres.size(); ++c) {
    double sum = 0;
    for (std::size_t j = 0; j < d; ++j) {
      const double apart = static_cast<double>(points(i, j)) - centres[c * d + j];
      sum += apart * apart;
    }
    if (sum < out.squared) {
      out.second_squared = out.squared;
      out.squared = sum;
      out.first = static_cast<std::uint32_t>(c);
    } else if (sum < out.second_squared) {
      out.second_squared = sum;
    }
  }
  return out;
}

}  // namespace detail

/// Bayesian information criterion of a mixture of k equal spheres, ln L - ½ k (d + 1) ln n; more is
/// better. The variance is inertia / (d (n - k)), the weights are sizes / n, each point counts for
/// the sphere it is nearest to. Infinite when inertia is zero; minus infinity when n <= k.
/// D. Pelleg and A. Moore, "X-means", ICML 2000.
[[nodiscard]] inline double spherical_bic(double inertia, std::span<const std::uint64_t> sizes,
                                          std::size_t d) {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  constexpr double two_pi = 6.283185307179586;
  double n = 0;
  for (const std::uint64_t size : sizes) n += static_cast<double>(size);
  const auto k = static_cast<double>(sizes.size());
  const auto columns = static_cast<double>(d);
  if (n <= k) return -infinite;
  if (inertia <= 0) return infinite;
  double log_likelihood =
      -n * columns / 2 * std::log(two_pi * inertia / (columns * (n - k))) - (n - k) * columns / 2;
  for (const std::uint64_t size : sizes) {
    const auto own = static_cast<double>(size);
    if (size > 0) log_likelihood += own * std::log(own / n);
  }
  return log_likelihood - k * (columns + 1) / 2 * std::log(n);
}

/// Which centre each point is nearest to, ties to the lower index. `centres` holds k · d numbers.
/// Cost: O(n k d).
template <class Real, executor Executor = serial_executor>
[[nodiscard]] std::vector<std::uint32_t> nearest_centres(const point_view<Real>& points,
                                                         std::span<const double> centres,
                                                         Executor&& pool = {}) {
  std::vector<std::uint32_t> out(points.n());
  pool.for_each_chunk(points.n(), 1024, [&](std::size_t from, std::size_t to, std::size_t) {
    for (std::size_t i = from; i < to; ++i) {
      out[i] = detail::nearest_two(points, i, centres).first;
    }
  });
  return out;
}

/// Looks at all points. The simplified silhouette is the mean of (b - a) / max(a, b), a and b the
/// distances of a point to its own and to the next centre, 0 where both are 0: near 1 when clusters
/// lie apart, near 0 when they touch. The same for any executor.
/// Precondition: at least one centre, finite numbers. Cost: O(n k d), where the full silhouette
/// takes O(n² d).
/// P. Rousseeuw, 1987, doi:10.1016/0377-0427(87)90125-7; simplified by E. R. Hruschka,
/// L. N. de Castro and R. J. G. B. Campello, ICDM 2004, doi:10.1109/ICDM.2004.10073.
template <class Real, executor Executor = serial_executor>
[[nodiscard]] cluster_quality quality_of(const point_view<Real>& points,
                                         std::span<const double> centres, Executor&& pool = {}) {
  TAILOR_EXPECTS(points.d() > 0 && !centres.empty() && centres.size() % points.d() == 0);
  constexpr std::size_t grain = 1024;
  struct part {
    double inertia = 0;
    double silhouette = 0;
    std::vector<std::uint64_t> sizes;
  };
  const std::size_t k = centres.size() / points.d();
  std::vector<part> parts((points.n() + grain - 1) / grain);
  pool.for_each_chunk(points.n(), grain, [&](std::size_t from, std::size_t to, std::size_t) {
    part& own = parts[from / grain];
    own.sizes.assign(k, 0);
    for (std::size_t i = from; i < to; ++i) {
      const detail::two_nearest near = detail::nearest_two(points, i, centres);
      ++own.sizes[near.first];
      own.inertia += near.squared;
      if (k > 1 && near.second_squared > 0) {
        own.silhouette += 1 - std::sqrt(near.squared / near.second_squared);
      }
    }
  });
  cluster_quality out;
  out.sizes.assign(k, 0);
  for (const part& p : parts) {
    out.inertia += p.inertia;
    out.silhouette += p.silhouette;
    for (std::size_t c = 0; c < k; ++c) out.sizes[c] += p.sizes[c];
  }
  if (points.n() > 0) out.silhouette /= static_cast<double>(points.n());
  out.bic = spherical_bic(out.inertia, out.sizes, points.d());
  return out;
}

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_QUALITY_HPP
