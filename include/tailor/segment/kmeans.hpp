#ifndef TAILOR_SEGMENT_KMEANS_HPP
#define TAILOR_SEGMENT_KMEANS_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "../core/executor.hpp"
#include "../core/int128.hpp"
#include "../core/random.hpp"
#include "../core/result.hpp"
#include "assignment.hpp"
#include "blocked.hpp"
#include "empty_rule.hpp"
#include "extent.hpp"
#include "kmeans_model.hpp"
#include "lloyd.hpp"
#include "point_weights.hpp"
#include "points.hpp"
#include "seeding.hpp"

namespace tailor::inline v0::segment {

/// Whether a model keeps the cluster of every point of the fit.
enum class point_labels : std::uint8_t { kept, left_out };

struct kmeans_options {
  std::size_t k = 8;
  std::uint32_t max_iterations = 100;
  std::uint32_t restarts = 3;  ///< starts, of which the best is kept; 1 for centres that are given
  double tolerance = 0;        ///< share of points that may still change cluster at the end
  std::uint64_t seed = 0;
  point_labels labels = point_labels::kept;
};

/// Groups points around k centres so that the sum of squared distances is small: a local least of
/// it, the best of some starts. What it does is chosen by what it is made of:
/// `Seeding` says where centres start, `Assignment` how points find theirs, `EmptyRule` what
/// becomes of a cluster that loses all its points.
///
/// The same points, weights and seed give the same centres, labels and counts, bit for bit, for any
/// executor; and for any Assignment of the same distance.
template <class Seeding = greedy_plus_plus, class Assignment = blocked,
          class EmptyRule = farthest_point>
class kmeans {
  static_assert(seeding<Seeding>,
                "kmeans<Seeding, Assignment, EmptyRule>: Seeding needs  template <class Real> "
                "status seed(const point_view<Real>&, std::span<const double> weights, std::size_t "
                "k, counter_random&, std::span<double> centres) const  [segment::seeding]");
  static_assert(
      assignment<Assignment>,
      "kmeans<Seeding, Assignment, EmptyRule>: Assignment needs  distance() const  and  "
      "over(const point_view<Real>&, const extent&, const search_load&, X& executor) const  "
      "[segment::assignment]");
  static_assert(empty_rule<EmptyRule>,
                "kmeans<Seeding, Assignment, EmptyRule>: EmptyRule needs  "
                "std::optional<std::size_t> refill(const crowd&) const  [segment::empty_rule]");

 public:
  /// More clusters than these are refused.
  static constexpr std::size_t most_clusters = std::size_t{1} << 24;

  explicit kmeans(const kmeans_options& options = {}, Seeding seeding = Seeding{},
                  Assignment assignment = Assignment{}, EmptyRule rule = EmptyRule{})
      : options_(options),
        seeding_(std::move(seeding)),
        assignment_(std::move(assignment)),
        rule_(std::move(rule)) {}

  [[nodiscard]] const kmeans_options& options() const { return options_; }

  /// Points that count once each. Errors as below.
  template <class Real, executor X = serial_executor>
  [[nodiscard]] result<kmeans_model> fit(const point_view<Real>& points, X&& pool = {}) const {
    return fit(points, std::span<const double>{}, pool);
  }

  /// Points that stand for `weights[i]` points each; see point_weights for how exactly.
  /// too_few ("points", "different points", "weights") when there are fewer than k, or none of
  /// weight; not_finite and out_of_range ("point", "weight") with the row, for weights below zero
  /// and numbers beyond most_magnitude; malformed ("weights") when they are not one per point;
  /// out_of_range with the name of an option; oversized ("points") from 2^32 on; and what the
  /// seeding refuses. All points equal, or columns that are constant, are no fault.
  /// Memory beside the points, for `blocked`: a copy of them at most, and up to 14 bytes a point.
  /// Cost: O(restarts · iterations · n · k · d).
  template <class Real, executor X>
  [[nodiscard]] result<kmeans_model> fit(const point_view<Real>& points,
                                         std::span<const double> weights, X&& pool) const {
    if (const status s = check(points.n(), points.d(), weights.size()); !s) return s;
    const result<point_weights> exact = point_weights::of(weights);
    if (!exact) return exact.error();
    const result<extent> where = extent_of(points, pool);
    if (!where) return where.error();
    if (weights.empty()) return settle<std::int64_t>(points, weights, *exact, *where, pool);
    return settle<int128>(points, weights, *exact, *where, pool);
  }

  /// Only the centres, for another k: a kmeans is a centre_fitter.
  template <class Real, executor X = serial_executor>
  [[nodiscard]] result<std::vector<double>> operator()(const point_view<Real>& points,
                                                       std::size_t k, X&& pool = {}) const {
    kmeans_options options = options_;
    options.k = k;
    options.labels = point_labels::left_out;
    const auto model = kmeans(options, seeding_, assignment_, rule_).fit(points, pool);
    if (!model) return model.error();
    return std::vector<double>(model->centres().begin(), model->centres().end());
  }

 private:
  [[nodiscard]] status check(std::size_t n, std::size_t d, std::size_t weights) const {
    if (options_.k == 0 || options_.k > most_clusters) {
      return error{errc::out_of_range, "k", options_.k};
    }
    if (options_.max_iterations == 0) return error{errc::out_of_range, "max_iterations"};
    if (options_.restarts == 0) return error{errc::out_of_range, "restarts"};
    if (!(options_.tolerance >= 0 && options_.tolerance < 1)) {
      return error{errc::out_of_range, "tolerance"};
    }
    if (n < options_.k || d == 0) return error{errc::too_few, "points", options_.k};
    if (n > UINT32_MAX) return error{errc::oversized, "points", n};
    if (weights != 0 && weights != n) return error{errc::malformed, "weights", weights};
    return {};
  }

  template <class Sum, class Real, class X>
  [[nodiscard]] result<kmeans_model> settle(const point_view<Real>& points,
                                            std::span<const double> weights,
                                            const point_weights& exact, const extent& where,
                                            X& pool) const {
    const std::size_t n = points.n();
    const std::size_t d = points.d();
    const std::size_t k = options_.k;
    constexpr bool draws = !requires { typename Seeding::draws_nothing; };
    const std::uint32_t starts = draws ? options_.restarts : 1;
    constexpr std::uint32_t usual_steps = 20;
    const std::size_t steps_ahead =
        std::size_t{starts} * (std::min)(options_.max_iterations, usual_steps);
    auto search = assignment_.over(points, where, search_load{k, steps_ahead}, pool);
    decltype(auto) distance = assignment_.distance();
    detail::lloyd<Real, Sum, decltype(search), std::remove_cvref_t<decltype(distance)>, EmptyRule,
                  X>
        steps(points, exact, where, k, search, distance, rule_, pool);
    const detail::lloyd_limits limits{
        options_.max_iterations,
        static_cast<std::uint64_t>(std::floor(options_.tolerance * static_cast<double>(n)))};

    kmeans_result best;
    std::vector<double> centres(k * d);
    for (std::uint32_t start = 0; start < starts; ++start) {
      counter_random draw(options_.seed, start);
      if (const status s = seeding_.seed(points, weights, k, draw, std::span<double>(centres));
          !s) {
        return s;
      }
      const detail::lloyd_outcome got = steps.run(centres, limits);
      if (start > 0 && !(got.inertia < best.inertia)) continue;
      best.centres = centres;
      best.inertia = got.inertia;
      best.iterations = got.iterations;
      best.converged = got.converged;
      best.start = start;
    }
    if (best.start + 1 != starts) best.inertia = steps.settle(best.centres);
    best.dimensions = d;
    best.points.assign(steps.counts().begin(), steps.counts().end());
    if (options_.labels == point_labels::kept) best.labels = std::move(steps.labels());
    if constexpr (requires { typename EmptyRule::drops_empty; }) {
      drop_empty_ones(best, points, distance);
    }
    return kmeans_model(std::move(best));
  }

  /// Clusters that have points move up; labels follow. A point of no weight whose cluster had none
  /// that counts goes to the nearest of those left.
  template <class Real, class Distance>
  static void drop_empty_ones(kmeans_result& found, const point_view<Real>& points,
                              const Distance& distance) {
    constexpr std::uint32_t gone = UINT32_MAX;
    const std::size_t d = found.dimensions;
    std::vector<std::uint32_t> renamed(found.points.size(), gone);
    std::size_t left = 0;
    for (std::size_t c = 0; c < renamed.size(); ++c) {
      if (found.points[c] == 0) continue;
      renamed[c] = static_cast<std::uint32_t>(left);
      found.points[left] = found.points[c];
      for (std::size_t j = 0; j < d; ++j) found.centres[left * d + j] = found.centres[c * d + j];
      ++left;
    }
    found.points.resize(left);
    found.centres.resize(left * d);
    cluster_labels labels(found.labels.size(), left);
    std::vector<double> row;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      std::uint32_t label = renamed[found.labels[i]];
      if (label == gone) {
        detail::read_row(points, i, row);
        label = detail::nearest_centre(distance, row, std::span<const double>(found.centres));
      }
      labels.set(i, label);
    }
    found.labels = std::move(labels);
  }

  kmeans_options options_;
  [[no_unique_address]] Seeding seeding_;
  [[no_unique_address]] Assignment assignment_;
  [[no_unique_address]] EmptyRule rule_;
};

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_KMEANS_HPP
