#ifndef TAILOR_SEGMENT_KMEANS_CENTRES_HPP
#define TAILOR_SEGMENT_KMEANS_CENTRES_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../core/executor.hpp"
#include "../core/result.hpp"
#include "choose_k.hpp"
#include "kmeans.hpp"
#include "points.hpp"
#include "random_swaps.hpp"

namespace tailor::inline v0::segment {

/// k-means as groups of shoppers want it: few groups, found once in a while, so that a better place
/// is worth more than the time for it. The best of some starts by random swaps, as a centre_fitter.
/// For other policies take `kmeans` itself, which is one too.
struct kmeans_centres {
  std::uint64_t seed = 0;
  std::uint32_t starts = 2;
  std::uint32_t max_steps = 300;  ///< of each start over all points; most need some ten

  /// Errors are those of kmeans. Same centres for any executor.
  template <class Real, executor X = serial_executor>
  [[nodiscard]] result<std::vector<double>> operator()(const point_view<Real>& points,
                                                       std::size_t k, X&& pool = {}) const {
    return weighted(points, {}, k, pool);
  }

  /// Points that stand for `weights[i]` points each, such as the means of cells.
  template <class Real, executor X = serial_executor>
  [[nodiscard]] result<std::vector<double>> weighted(const point_view<Real>& points,
                                                     std::span<const double> weights, std::size_t k,
                                                     X&& pool = {}) const {
    const kmeans<random_swaps> fit({.k = k,
                                    .max_iterations = max_steps,
                                    .restarts = starts,
                                    .seed = seed,
                                    .labels = point_labels::left_out});
    const auto model = fit.fit(points, weights, pool);
    if (!model) return model.error();
    return std::vector<double>(model->centres().begin(), model->centres().end());
  }
};

static_assert(centre_fitter<kmeans_centres, double> && centre_fitter<kmeans_centres, float>);

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_KMEANS_CENTRES_HPP
