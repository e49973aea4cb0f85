#ifndef TAILOR_SEGMENT_CHOOSE_K_HPP
#define TAILOR_SEGMENT_CHOOSE_K_HPP

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "../core/contract.hpp"
#include "../core/executor.hpp"
#include "../core/hash.hpp"
#include "../core/result.hpp"
#include "adjusted_rand.hpp"
#include "points.hpp"
#include "quality.hpp"

namespace tailor::inline v0::segment {

/// Finds k centres for points: `fit(points, k)` gives k · d numbers, centre after centre, or says
/// why not. Must be pure: same points, same centres. May be called from several threads at once.
/// Where there is also `fit(points, k, executor)`, with the same centres, that is used for many
/// points. Models: kmeans, kmeans_centres.
template <class F, class Real>
concept centre_fitter = requires(const F& fit, const point_view<Real>& points, std::size_t k) {
  { fit(points, k) } -> std::same_as<result<std::vector<double>>>;
};

struct choice_options {
  std::size_t least = 2;
  std::size_t most = 12;
  std::size_t sample = 20'000;  ///< points looked at, at most
  double tie = 0.01;            ///< silhouettes that differ by no more are equally good
  double stability = 0.6;       ///< a k below is refused
  std::uint64_t seed = 0;       ///< which points are looked at
};

/// What became of a number of clusters.
enum class verdict : std::uint8_t {
  chosen,
  beaten,    ///< fit for use, but another is better
  unstable,  ///< two halves of the points give different clusters
  too_few    ///< fewer than k different points in a half
};

[[nodiscard]] constexpr const char* name_of(verdict v) {
  constexpr const char* names[] = {"chosen", "beaten", "unstable", "too_few"};
  const auto index = static_cast<std::size_t>(v);
  return index < 4 ? names[index] : "unnamed";
}

/// One row of the report.
struct k_candidate {
  std::size_t k = 0;
  double inertia = 0;     ///< of the sample, as are the next two
  double silhouette = 0;  ///< simplified
  double bic = 0;         ///< more is better
  double stability = 0;   ///< adjusted Rand index of the two halves
  verdict what = verdict::too_few;
};

struct k_choice {
  std::size_t k = 0;               ///< 0: none is good enough, and the table says why
  std::size_t looked_at = 0;       ///< points of the sample
  std::vector<k_candidate> table;  ///< ascending by k
};

namespace detail {

/// The centres of a fitter, on all threads if it can.
template <class Fit, class Real, class X>
[[nodiscard]] result<std::vector<double>> centres_by(const Fit& fit, const point_view<Real>& points,
                                                     std::size_t k, X& pool) {
  if constexpr (requires { fit(points, k, pool); }) {
    return fit(points, k, pool);
  } else {
    return fit(points, k);
  }
}

/// Fits each part of the points with `least` to `most` centres, many at a time: the fit of part p
/// with k centres is number (k - least) · parts + p.
template <class Fit, class Real, class X>
[[nodiscard]] result<std::vector<std::vector<double>>> fit_each(
    const Fit& fit, std::span<const point_view<Real>> parts, std::size_t least, std::size_t most,
    X& pool) {
  const std::size_t count = most < least ? 0 : (most - least + 1) * parts.size();
  std::vector<std::vector<double>> centres(count);
  std::vector<status> outcomes(count);
  pool.for_each_chunk(count, 1, [&](std::size_t at, std::size_t, std::size_t) {
    result<std::vector<double>> got = fit(parts[at % parts.size()], least + at / parts.size());
    if (got) {
      centres[at] = *std::move(got);
    } else {
      outcomes[at] = got.error();
    }
  });
  for (const status& s : outcomes) {
    if (!s) return s;
  }
  return centres;
}

/// Rows of `points` at `rows`, one after another.
template <class Real>
[[nodiscard]] std::vector<Real> gather(const point_view<Real>& points,
                                       std::span<const std::size_t> rows) {
  std::vector<Real> out;
  out.reserve(rows.size() * points.d());
  for (const std::size_t i : rows) {
    for (std::size_t j = 0; j < points.d(); ++j) out.push_back(points(i, j));
  }
  return out;
}

/// How many of the rows differ. Cost: O(n d log n).
template <class Real>
[[nodiscard]] std::size_t distinct_points(std::span<const Real> values, std::size_t d) {
  std::vector<const Real*> rows(values.size() / d);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = values.data() + i * d;
  const auto before = [d](const Real* a, const Real* b) {
    return std::lexicographical_compare(a, a + d, b, b + d);
  };
  std::sort(rows.begin(), rows.end(), before);
  std::size_t count = rows.empty() ? 0 : 1;
  for (std::size_t i = 1; i < rows.size(); ++i) count += before(rows[i - 1], rows[i]) ? 1U : 0U;
  return count;
}

/// Names the winner: the best silhouette of those not refused, ties by BIC, then the smaller k.
inline void decide(k_choice& c, double tie) {
  double best = -2;
  for (const k_candidate& r : c.table) {
    if (r.what == verdict::beaten) best = (std::max)(best, r.silhouette);
  }
  k_candidate* winner = nullptr;
  for (k_candidate& r : c.table) {
    if (r.what != verdict::beaten || r.silhouette < best - tie) continue;
    if (winner == nullptr || r.bic > winner->bic) winner = &r;
  }
  if (winner == nullptr) return;
  winner->what = verdict::chosen;
  c.k = winner->k;
}

}  // namespace detail

/// Which number of clusters suits the points best. Each k is fitted on a sample, and on its two
/// halves: of those whose halves agree (adjusted Rand index of the labels that they give to the
/// whole sample), the one of highest simplified silhouette is chosen; among those no more than
/// `tie` below the highest, the one of highest BIC; then the smallest.
/// The sample are the points whose hashed id comes first, so it does not depend on their order;
/// `ids` has one entry per point, or none: then it is the row.
/// Errors of `fit` are handed on, of several the one of the smallest k. too_few without points. The
/// same for any executor. Precondition: 1 <= least <= most; numbers are finite.
/// Cost: for each k, a fit of the sample and of each half, spread over the executor, and
/// O(sample · k · d).
/// Stability: U. von Luxburg, "Clustering stability", 2010, doi:10.1561/2200000008.
template <class Real, class Fit, executor Executor = serial_executor>
[[nodiscard]] result<k_choice> choose_k(const point_view<Real>& points,
                                        std::span<const std::uint64_t> ids, const Fit& fit,
                                        const choice_options& options = {}, Executor&& pool = {}) {
  static_assert(centre_fitter<Fit, Real>,
                "choose_k: Fit needs  result<std::vector<double>> operator()(const "
                "point_view<Real>&, std::size_t k) const  [segment::centre_fitter]");
  TAILOR_EXPECTS(ids.empty() || ids.size() == points.n());
  TAILOR_EXPECTS(options.least >= 1 && options.least <= options.most);
  if (points.n() == 0 || points.d() == 0) return error{errc::too_few, "points"};
  std::vector<std::pair<std::uint64_t, std::size_t>> order(points.n());
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i] = {mix64((ids.empty() ? std::uint64_t{i} : ids[i]) ^ mix64(options.seed + 1)), i};
  }
  const std::size_t looked_at = (std::min)(points.n(), (std::max)(options.sample, std::size_t{2}));
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(looked_at),
                    order.end());
  std::vector<std::size_t> rows(looked_at);
  for (std::size_t i = 0; i < looked_at; ++i) rows[i] = order[i].second;

  const std::size_t d = points.d();
  const std::vector<Real> values = detail::gather(points, rows);
  const std::size_t half = looked_at / 2;
  const point_view<Real> all(values.data(), looked_at, d);
  const point_view<Real> first(values.data(), half, d);
  const point_view<Real> second(values.data() + half * d, looked_at - half, d);
  const std::span<const Real> numbers(values);
  const std::size_t distinct = (std::min)(detail::distinct_points(numbers.first(half * d), d),
                                          detail::distinct_points(numbers.subspan(half * d), d));

  const point_view<Real> parts[] = {all, first, second};
  const auto fits = detail::fit_each(fit, std::span<const point_view<Real>>(parts), options.least,
                                     (std::min)(options.most, distinct), pool);
  if (!fits) return fits.error();

  k_choice out;
  out.looked_at = looked_at;
  for (std::size_t k = options.least; k <= options.most; ++k) {
    k_candidate row;
    row.k = k;
    if (k <= distinct) {
      const std::vector<double>* const centres = fits->data() + (k - options.least) * 3;
      const cluster_quality q = quality_of(all, centres[0], pool);
      row.inertia = q.inertia;
      row.silhouette = q.silhouette;
      row.bic = q.bic;
      row.stability = adjusted_rand(nearest_centres(all, centres[1], pool),
                                    nearest_centres(all, centres[2], pool))
                          .value();
      row.what = row.stability < options.stability ? verdict::unstable : verdict::beaten;
    }
    out.table.push_back(row);
  }
  detail::decide(out, options.tie);
  return out;
}

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_CHOOSE_K_HPP
