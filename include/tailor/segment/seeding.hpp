#ifndef TAILOR_SEGMENT_SEEDING_HPP
#define TAILOR_SEGMENT_SEEDING_HPP

#include <cmath>
#include <concepts>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "../core/random.hpp"
#include "../core/result.hpp"
#include "extent.hpp"
#include "points.hpp"
#include "seeding_sample.hpp"

namespace tailor::inline v0::segment {

/// Where the centres of k-means start: `s.seed(points, weights, k, draw, centres)` fills in k
/// centres of d numbers. `weights` has one number per point, not below zero, or is empty.
/// Must depend on its arguments alone. A model that draws nothing declares
/// `using draws_nothing = void;`: it is asked once, however many starts there are.
template <class S>
concept seeding = requires(const S& s, const point_view<double>& points,
                           const point_view<float>& others, std::span<const double> weights,
                           std::size_t k, counter_random& draw, std::span<double> centres) {
  { s.seed(points, weights, k, draw, centres) } -> std::same_as<status>;
  { s.seed(others, weights, k, draw, centres) } -> std::same_as<status>;
};

namespace detail {

/// Seeds from a sample, and from all points where the sample has too few that differ.
template <class Real, class Pick>
status seed_from_sample(const point_view<Real>& points, std::span<const double> weights,
                        std::size_t k, std::size_t limit, counter_random& draw,
                        std::span<double> centres, const Pick& pick) {
  if (limit < points.n() && limit >= k) {
    const seeding_sample some(points, weights, limit, draw);
    if (pick(some)) return {};
  }
  const seeding_sample all(points, weights, points.n(), draw);
  if (pick(all)) return {};
  return error{errc::too_few, "different points", centres.size() / points.d()};
}

}  // namespace detail

/// k different points, each as likely as its weight among those that differ from the ones taken
/// before. too_few when fewer than k differ. Cost: O(sample · k · d).
struct random_points {
  std::size_t sample = 30'000;  ///< points looked at, at most: one of each stretch of rows

  template <class Real>
  status seed(const point_view<Real>& points, std::span<const double> weights, std::size_t k,
              counter_random& draw, std::span<double> centres) const {
    return detail::seed_from_sample(
        points, weights, k, sample, draw, centres, [&](const detail::seeding_sample& some) {
          std::vector<double> chance(some.weights().begin(), some.weights().end());
          std::vector<double> apart(some.size());
          for (std::size_t c = 0; c < k; ++c) {
            const auto next = detail::drawn(chance, draw);
            if (!next) return false;
            some.copy(*next, centres.subspan(c * points.d(), points.d()));
            some.distances(*next, apart);
            for (std::size_t i = 0; i < chance.size(); ++i) chance[i] *= apart[i] > 0 ? 1 : 0;
          }
          return true;
        });
  }
};

/// Each next centre is a point drawn by weight times squared distance to the nearest centre so far.
/// too_few when fewer than k points differ. Cost: O(sample · k · d · candidates).
/// D. Arthur and S. Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007.
struct plus_plus {
  std::size_t sample = 30'000;  ///< points looked at, at most: one of each stretch of rows

  template <class Real>
  status seed(const point_view<Real>& points, std::span<const double> weights, std::size_t k,
              counter_random& draw, std::span<double> centres) const {
    return seed(points, weights, k, draw, centres, 1);
  }

 protected:
  template <class Real>
  status seed(const point_view<Real>& points, std::span<const double> weights, std::size_t k,
              counter_random& draw, std::span<double> centres, std::size_t candidates) const {
    return detail::seed_from_sample(points, weights, k, sample, draw, centres,
                                    [&](const detail::seeding_sample& some) {
                                      return pick(some, k, points.d(), draw, centres, candidates);
                                    });
  }

 private:
  static bool pick(const detail::seeding_sample& some, std::size_t k, std::size_t d,
                   counter_random& draw, std::span<double> centres, std::size_t candidates) {
    const auto first = detail::drawn(some.weights(), draw);
    if (!first) return false;
    some.copy(*first, centres.first(d));
    std::vector<double> chance(some.size()), apart(some.size()), trial, best;
    some.distances(*first, chance);
    for (std::size_t i = 0; i < chance.size(); ++i) chance[i] *= some.weights()[i];
    for (std::size_t c = 1; c < k; ++c) {
      double least = 0;
      std::size_t chosen = 0;
      for (std::size_t t = 0; t < candidates; ++t) {
        const auto next = detail::drawn(chance, draw);
        if (!next) return false;
        some.distances(*next, apart);
        trial.resize(some.size());
        const double left = some.lowered(chance, apart, trial);
        if (t > 0 && left >= least) continue;
        least = left;
        chosen = *next;
        best.swap(trial);
      }
      some.copy(chosen, centres.subspan(c * d, d));
      chance.swap(best);
    }
    return true;
  }
};

/// plus_plus with several candidates for each centre, of which the one is taken that lowers the
/// inertia most; of equals the first. Arthur and Vassilvitskii, as above, section 6.
struct greedy_plus_plus : plus_plus {
  template <class Real>
  status seed(const point_view<Real>& points, std::span<const double> weights, std::size_t k,
              counter_random& draw, std::span<double> centres) const {
    const auto more = static_cast<std::size_t>(std::log(static_cast<double>(k)));
    return plus_plus::seed(points, weights, k, draw, centres, 2 + more);
  }
};

/// Centres that the host has: of an earlier model, or by its own method.
class given_centres {
 public:
  using draws_nothing = void;

  /// k centres of d numbers, one after another.
  explicit given_centres(std::vector<double> centres = {}) : centres_(std::move(centres)) {}

  /// malformed when there are not k · d of them, not_finite or out_of_range with the centre.
  template <class Real>
  status seed(const point_view<Real>& points, std::span<const double>, std::size_t, counter_random&,
              std::span<double> centres) const {
    if (centres_.size() != centres.size())
      return error{errc::malformed, "centres", centres_.size()};
    for (std::size_t t = 0; t < centres.size(); ++t) {
      if (!std::isfinite(centres_[t])) return error{errc::not_finite, "centre", t / points.d()};
      if (std::fabs(centres_[t]) > most_magnitude<Real>) {
        return error{errc::out_of_range, "centre", t / points.d()};
      }
      centres[t] = centres_[t];
    }
    return {};
  }

 private:
  std::vector<double> centres_;
};

static_assert(seeding<random_points> && seeding<plus_plus>);
static_assert(seeding<greedy_plus_plus> && seeding<given_centres>);

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_SEEDING_HPP
