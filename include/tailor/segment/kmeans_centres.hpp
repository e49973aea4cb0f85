#ifndef TAILOR_SEGMENT_KMEANS_CENTRES_HPP
#define TAILOR_SEGMENT_KMEANS_CENTRES_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "../core/contract.hpp"
#include "../core/distributions.hpp"
#include "../core/random.hpp"
#include "../core/result.hpp"
#include "choose_k.hpp"
#include "points.hpp"
#include "quality.hpp"

namespace tailor::inline v0::segment {

/// k-means as a centre_fitter: the best of several starts by greedy k-means++, each settled by
/// Lloyd's steps. Works in double, whatever the points are. Depends on points, weights and seed
/// alone.
/// S. P. Lloyd, 1982, doi:10.1109/TIT.1982.1056489; D. Arthur and S. Vassilvitskii, "k-means++",
/// SODA 2007, where 2 + ⌊ln k⌋ candidates for each centre are tried and the best is kept.
struct kmeans_centres {
  std::uint64_t seed = 0;
  std::size_t starts = 8;
  std::size_t max_steps = 300;  ///< of each start; most need some ten
  double gain = 1e-6;           ///< a start ends with the step that lowers its inertia by no more

  /// too_few when there are fewer than k points, or none asked for; not_finite with the row.
  /// Cost: O(starts · steps · n k d).
  template <class Real>
  [[nodiscard]] result<std::vector<double>> operator()(const point_view<Real>& points,
                                                       std::size_t k) const {
    return weighted(points, {}, k);
  }

  /// Points that stand for `weights[i]` points each: see cells. out_of_range for a weight that is
  /// not above zero, with the row. Precondition: one weight per point, or none.
  template <class Real>
  [[nodiscard]] result<std::vector<double>> weighted(const point_view<Real>& points,
                                                     std::span<const double> weights,
                                                     std::size_t k) const {
    TAILOR_EXPECTS(weights.empty() || weights.size() == points.n());
    if (k == 0 || points.d() == 0 || points.n() < k) return error{errc::too_few, "points", k};
    for (std::size_t i = 0; i < points.n(); ++i) {
      for (std::size_t j = 0; j < points.d(); ++j) {
        if (!std::isfinite(points(i, j))) return error{errc::not_finite, "point", i};
      }
      if (!weights.empty() && !(std::isfinite(weights[i]) && weights[i] > 0)) {
        return error{errc::out_of_range, "weight", i};
      }
    }
    const weighing<Real> all{points, weights};
    std::vector<double> best;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t start = 0; start < (std::max)(starts, std::size_t{1}); ++start) {
      counter_random draw(seed, start);
      std::vector<double> centres = all.seeded(k, draw);
      const double inertia = all.settle(centres, max_steps, gain);
      if (best.empty() || inertia < least) {
        least = inertia;
        best.swap(centres);
      }
    }
    return best;
  }

 private:
  template <class Real>
  struct weighing {
    const point_view<Real>& points;
    std::span<const double> weights;

    [[nodiscard]] double weight(std::size_t i) const { return weights.empty() ? 1 : weights[i]; }

    void append(std::vector<double>& centres, std::size_t i) const {
      for (std::size_t j = 0; j < points.d(); ++j) {
        centres.push_back(static_cast<double>(points(i, j)));
      }
    }

    /// A point, drawn by `chances`; the last that has any when rounding leads beyond them.
    [[nodiscard]] static std::size_t drawn(std::span<const double> chances, double total,
                                           counter_random& draw) {
      double left = uniform01(draw) * total;
      std::size_t last = 0;
      for (std::size_t i = 0; i < chances.size(); ++i) {
        if (chances[i] <= 0) continue;
        last = i;
        left -= chances[i];
        if (left < 0) break;
      }
      return last;
    }

    /// Lowers `apart`, weighted squared distances to the nearest centre, by one more centre; gives
    /// their sum.
    [[nodiscard]] double lower(std::vector<double>& apart, std::size_t centre) const {
      std::vector<double> at;
      append(at, centre);
      double total = 0;
      for (std::size_t i = 0; i < points.n(); ++i) {
        apart[i] = (std::min)(apart[i], weight(i) * detail::nearest_two(points, i, at).squared);
        total += apart[i];
      }
      return total;
    }

    [[nodiscard]] std::vector<double> seeded(std::size_t k, counter_random& draw) const {
      const std::size_t n = points.n();
      std::vector<double> chances(n);
      double total = 0;
      for (std::size_t i = 0; i < n; ++i) total += chances[i] = weight(i);
      const std::size_t first = drawn(chances, total, draw);
      std::vector<double> centres;
      append(centres, first);
      std::vector<double> apart(n, std::numeric_limits<double>::infinity());
      total = lower(apart, first);
      const auto candidates = 2 + static_cast<std::size_t>(std::log(static_cast<double>(k)));
      std::vector<double> trial;
      for (std::size_t c = 1; c < k; ++c) {
        std::vector<double> best;
        double least = std::numeric_limits<double>::infinity();
        std::size_t chosen = 0;
        for (std::size_t t = 0; t < candidates; ++t) {
          const std::size_t next = drawn(apart, total, draw);
          trial = apart;
          const double left = lower(trial, next);
          if (best.empty() || left < least) {
            least = left;
            chosen = next;
            best.swap(trial);
          }
        }
        append(centres, chosen);
        apart.swap(best);
        total = least;
      }
      return centres;
    }

    /// Lloyd's steps until they gain nothing more; gives the inertia. A centre without points moves
    /// to the point that costs most where it is.
    [[nodiscard]] double settle(std::vector<double>& centres, std::size_t steps,
                                double least_gain) const {
      const std::size_t d = points.d();
      std::vector<double> sums(centres.size()), counts(centres.size() / d), before;
      double last = std::numeric_limits<double>::infinity();
      for (std::size_t step = 0;; ++step) {
        sums.assign(centres.size(), 0);
        counts.assign(counts.size(), 0);
        double inertia = 0, most = -1;
        std::size_t worst = 0;
        for (std::size_t i = 0; i < points.n(); ++i) {
          const detail::two_nearest near = detail::nearest_two(points, i, centres);
          const double cost = weight(i) * near.squared;
          inertia += cost;
          counts[near.first] += weight(i);
          if (cost > most) {
            most = cost;
            worst = i;
          }
          for (std::size_t j = 0; j < d; ++j) {
            sums[near.first * d + j] += weight(i) * static_cast<double>(points(i, j));
          }
        }
        if (step == steps || last - inertia <= least_gain * inertia) return inertia;
        last = inertia;
        before = centres;
        bool refilled = false;
        for (std::size_t c = 0; c < counts.size(); ++c) {
          if (counts[c] == 0 && (refilled || most <= 0)) continue;
          for (std::size_t j = 0; j < d; ++j) {
            centres[c * d + j] =
                counts[c] > 0 ? sums[c * d + j] / counts[c] : static_cast<double>(points(worst, j));
          }
          refilled |= counts[c] == 0;
        }
        if (centres == before) return inertia;
      }
    }
  };
};

static_assert(centre_fitter<kmeans_centres, double> && centre_fitter<kmeans_centres, float>);

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_KMEANS_CENTRES_HPP
