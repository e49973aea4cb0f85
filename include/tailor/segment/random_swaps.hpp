#ifndef TAILOR_SEGMENT_RANDOM_SWAPS_HPP
#define TAILOR_SEGMENT_RANDOM_SWAPS_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../core/distributions.hpp"
#include "../core/executor.hpp"
#include "../core/int128.hpp"
#include "../core/random.hpp"
#include "../core/result.hpp"
#include "blocked.hpp"
#include "empty_rule.hpp"
#include "extent.hpp"
#include "lloyd.hpp"
#include "point_weights.hpp"
#include "points.hpp"
#include "seeding.hpp"
#include "seeding_sample.hpp"

namespace tailor::inline v0::segment {

/// A seeding that does most of the work on a sample: from greedy_plus_plus it moves one centre at a
/// time, drawn evenly, to a point drawn by what it costs, settles all for some steps, and keeps
/// what is better. So it gets out of places that more starts only come back to; one start is
/// enough. Errors are those of greedy_plus_plus. Cost: O(swaps · steps · sample · k · d).
/// P. Fränti, "Efficiency of random swap clustering", Journal of Big Data 5 (2018),
/// doi:10.1186/s40537-018-0122-y, which draws the point evenly too.
struct random_swaps {
  std::size_t swaps = 200;
  std::size_t sample = 5'000;  ///< points looked at, at most; 20 for each centre at least
  std::uint32_t steps = 15;    ///< after each swap, at most

  template <class Real>
  status seed(const point_view<Real>& points, std::span<const double> weights, std::size_t k,
              counter_random& draw, std::span<double> centres) const {
    const std::size_t limit = (std::max)(sample, 20 * k);
    const greedy_plus_plus start{{.sample = limit}};
    if (const status s = start.seed(points, weights, k, draw, centres); !s) return s;
    const detail::seeding_sample some(points, weights, limit, draw);
    const std::size_t d = points.d();
    std::vector<double> rows(some.size() * d);
    for (std::size_t i = 0; i < some.size(); ++i) {
      some.copy(i, std::span<double>(rows).subspan(i * d, d));
    }
    serial_executor pool;
    const result<extent> where = extent_of(point_view<double>(rows.data(), some.size(), d), pool);
    if (!where) return where.error();
    // Single precision is enough for a seeding, and twice as many numbers fit into a vector.
    const double unit = power_of_two_above(where->reach);
    std::vector<float> numbers(rows.size());
    for (std::size_t t = 0; t < rows.size(); ++t) {
      numbers[t] = static_cast<float>((rows[t] - where->mean[t % d]) / unit);
    }
    const point_view<float> looked_at(numbers.data(), some.size(), d);
    for (std::size_t t = 0; t < centres.size(); ++t) {
      centres[t] = (centres[t] - where->mean[t % d]) / unit;
    }
    const result<point_weights> exact =
        weights.empty() ? point_weights() : point_weights::of(some.weights());
    status done{};
    if (weights.empty()) {
      done = improve<std::int64_t>(looked_at, *exact, k, draw, centres);
    } else if (exact) {  // else all that is in the sample has no weight, and the start stands
      done = improve<int128>(looked_at, *exact, k, draw, centres);
    }
    for (std::size_t t = 0; t < centres.size(); ++t) {
      centres[t] = centres[t] * unit + where->mean[t % d];
    }
    return done;
  }

 private:
  [[nodiscard]] static double power_of_two_above(double reach) {
    int exponent = 0;
    if (reach > 0) std::frexp(reach, &exponent);
    return std::ldexp(1.0, (std::max)(exponent, -1000));
  }

  template <class Sum>
  status improve(const point_view<float>& points, const point_weights& weights, std::size_t k,
                 counter_random& draw, std::span<double> centres) const {
    serial_executor pool;
    const result<extent> where = extent_of(points, pool);
    if (!where) return where.error();
    const std::size_t d = points.d();
    auto search = blocked{}.over(points, *where, {k, swaps * steps}, pool);
    const squared_euclidean distance;
    const farthest_point rule;
    detail::lloyd<float, Sum, decltype(search), squared_euclidean, farthest_point, serial_executor>
        settling(points, weights, *where, k, search, distance, rule, pool);
    std::vector<double> best(centres.begin(), centres.end()), trial, cost;
    double least = settling.run(best, {.max_iterations = 50, .may_move = 0}).inertia;
    settling.costs(best, cost);
    for (std::size_t s = 0; s < swaps; ++s) {
      const auto gone = static_cast<std::size_t>(uniform_below(draw, k));
      const auto to = detail::drawn(cost, draw);
      if (!to) break;  // every point is a centre
      trial = best;
      for (std::size_t j = 0; j < d; ++j) trial[gone * d + j] = static_cast<double>(points(*to, j));
      const double inertia = settling.run(trial, {.max_iterations = steps, .may_move = 0}).inertia;
      if (!(inertia < least)) continue;
      least = inertia;
      best.swap(trial);
      settling.costs(best, cost);
    }
    std::copy(best.begin(), best.end(), centres.begin());
    return {};
  }
};

static_assert(seeding<random_swaps>);

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_RANDOM_SWAPS_HPP
