#ifndef TAILOR_SEGMENT_KMEANS_MODEL_HPP
#define TAILOR_SEGMENT_KMEANS_MODEL_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "../core/contract.hpp"
#include "../core/executor.hpp"
#include "../core/result.hpp"
#include "assignment.hpp"
#include "blocked.hpp"
#include "cluster_labels.hpp"
#include "extent.hpp"
#include "points.hpp"

namespace tailor::inline v0::segment {

/// What a fit of k-means found.
struct kmeans_result {
  std::size_t dimensions = 0;
  std::vector<double> centres;        ///< one after another, `dimensions` numbers each
  std::vector<std::uint64_t> points;  ///< of each cluster; those of no weight are left out
  cluster_labels labels;              ///< of each point; empty when they were not asked for
  double inertia = 0;                 ///< sum of weight times distance to the own centre
  std::uint32_t iterations = 0;       ///< of the start that was best
  std::uint32_t start = 0;            ///< which start that was, from 0
  bool converged = false;             ///< false: max_iterations came first
};

/// Clusters by their centres. A value that nothing changes.
class kmeans_model {
 public:
  kmeans_model() = default;
  /// Precondition: `found` has as many counts as centres.
  explicit kmeans_model(kmeans_result found) : found_(std::move(found)) {
    TAILOR_EXPECTS(found_.centres.size() == found_.points.size() * found_.dimensions);
  }

  /// Number of clusters; fewer than were asked for when empty ones were dropped.
  [[nodiscard]] std::size_t k() const { return found_.points.size(); }
  [[nodiscard]] std::size_t dimensions() const { return found_.dimensions; }
  /// All centres one after another, in the units of the points.
  [[nodiscard]] std::span<const double> centres() const { return found_.centres; }
  /// Precondition: cluster < k().
  [[nodiscard]] std::span<const double> centre(std::size_t cluster) const {
    TAILOR_EXPECTS(cluster < k());
    return centres().subspan(cluster * dimensions(), dimensions());
  }
  /// How many points each cluster has; those of no weight are not counted.
  [[nodiscard]] std::span<const std::uint64_t> counts() const { return found_.points; }
  /// The cluster of each point of the fit; empty unless the options asked for them.
  [[nodiscard]] const cluster_labels& labels() const { return found_.labels; }
  /// Sum of weight times distance of each point to its centre.
  [[nodiscard]] double inertia() const { return found_.inertia; }
  [[nodiscard]] std::uint32_t iterations() const { return found_.iterations; }
  /// Which of the starts was the best, from 0.
  [[nodiscard]] std::uint32_t start() const { return found_.start; }
  /// Whether labels had settled before the iterations ran out.
  [[nodiscard]] bool converged() const { return found_.converged; }

  /// The cluster whose centre is nearest, of equals the first. Cost: O(k d); allocates nothing.
  /// Precondition: `point` has dimensions() finite numbers, and there is a cluster.
  [[nodiscard]] std::uint32_t nearest(std::span<const double> point) const {
    TAILOR_EXPECTS(point.size() == dimensions() && k() > 0);
    return detail::nearest_centre(squared_euclidean{}, point, centres());
  }

  /// The cluster of each of other points; for those of the fit, the labels of the fit. Pass the
  /// assignment of the fit where its distance is not the Euclidean one.
  /// malformed when the points are of other dimensions; not_finite, out_of_range with the row.
  template <class Real, executor X = serial_executor, class Assignment = blocked>
  [[nodiscard]] result<cluster_labels> assign(const point_view<Real>& points, X&& pool = {},
                                              const Assignment& how = Assignment{}) const {
    static_assert(segment::assignment<Assignment>, "assign: see [segment::assignment]");
    TAILOR_EXPECTS(k() > 0);
    if (points.d() != dimensions()) return error{errc::malformed, "dimensions", points.d()};
    if (points.n() == 0) return cluster_labels{};
    const result<extent> where = extent_of(points, pool);
    if (!where) return where.error();
    auto search = how.over(points, *where, search_load{k(), 1}, pool);
    search.prepare(centres());
    const std::span<const std::uint32_t> order = detail::order_of(search);
    cluster_labels out(points.n(), k());
    constexpr std::size_t grain = 2048;
    std::vector<std::vector<std::uint32_t>> scratch(pool.concurrency());
    pool.for_each_chunk(points.n(), grain, [&](std::size_t first, std::size_t last, std::size_t w) {
      scratch[w].resize(grain);
      search.nearest(first, last, scratch[w].data());
      for (std::size_t i = first; i < last; ++i) {
        out.set(order.empty() ? i : order[i], scratch[w][i - first]);
      }
    });
    return out;
  }

 private:
  kmeans_result found_;
};

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_KMEANS_MODEL_HPP
