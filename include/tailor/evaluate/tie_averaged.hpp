#ifndef TAILOR_EVALUATE_TIE_AVERAGED_HPP
#define TAILOR_EVALUATE_TIE_AVERAGED_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "../core/ids.hpp"
#include "../core/result.hpp"
#include "metrics.hpp"

namespace tailor::inline v0::evaluate {

namespace detail {

/// Items of one score: `size` of them, `relevant` of which are relevant, behind `before` others.
struct tied_group {
  std::size_t before = 0;
  std::size_t size = 0;
  std::size_t relevant = 0;
};

/// What a group adds to the expected metrics of the first `k`; `hits` are relevant before it.
inline void add_group(const tied_group& g, double hits, std::size_t k, double reachable,
                      list_metrics& out) {
  if (g.before >= k || g.relevant == 0) return;
  const auto size = static_cast<double>(g.size), relevant = static_cast<double>(g.relevant);
  const double chance = relevant / size;
  const double others = g.size < 2 ? 0 : (relevant - 1) / (size - 1);  // given one at this place
  double none = 1;  // the chance that no place of the group so far is relevant
  for (std::size_t n = 0; n < g.size && g.before + n < k; ++n) {
    const auto place = static_cast<double>(g.before + n + 1), earlier = static_cast<double>(n);
    out[metric::ndcg] += chance * gain_at(g.before + n + 1);
    out[metric::average_precision] += chance * (hits + 1 + earlier * others) / place / reachable;
    out[metric::precision] += chance;
    if (hits > 0) continue;
    const double first = none * relevant / (size - earlier);
    out[metric::reciprocal_rank] += first / place;
    out[metric::hit] += first;
    none *= (std::max)(0.0, size - earlier - relevant) / (size - earlier);
  }
}

}  // namespace detail

/// Whether scores can order a list: conflict when there are not as many as items; not_finite;
/// malformed when one is greater than the one before. `at` is the place. −0 and 0 are one score.
[[nodiscard]] inline status check_scores(std::span<const item_id> list,
                                         std::span<const double> scores) {
  if (list.size() != scores.size()) return error{errc::conflict, "scores"};
  for (std::size_t n = 0; n < scores.size(); ++n) {
    if (!std::isfinite(scores[n])) return error{errc::not_finite, "score", n};
    if (n > 0 && scores[n] > scores[n - 1]) return error{errc::malformed, "scores", n};
  }
  return {};
}

/// The mean of every metric over all orders of items with equal scores: what is left of a model
/// when the rule for ties is taken away. A model that gives one score to everything looks good by
/// `measure_list` where small ids are popular, and not here. `list` descends by score and goes on
/// behind the k-th for as long as items tie with it. Errors: of `check_scores` and, as in
/// `measure_list`, duplicate (anywhere in the list), malformed and too_few for `relevant`.
/// Cost: O(list · log). The counting is that of McSherry and Najork 2008,
/// doi:10.1007/978-3-540-78646-7_38.
[[nodiscard]] inline result<list_metrics> measure_tied(std::span<const item_id> list,
                                                       std::span<const double> scores,
                                                       std::span<const item_id> relevant,
                                                       std::size_t k) {
  if (relevant.empty() || k == 0) return error{errc::too_few, "relevant items"};
  for (std::size_t n = 1; n < relevant.size(); ++n) {
    if (!(relevant[n - 1] < relevant[n])) return error{errc::malformed, "relevant items", n};
  }
  if (const status fault = check_scores(list, scores); !fault) return fault;
  std::vector<std::pair<item_id, std::size_t>> named;
  named.reserve(list.size());
  for (std::size_t n = 0; n < list.size(); ++n) named.emplace_back(list[n], n);
  std::sort(named.begin(), named.end());
  std::size_t second = list.size();
  for (std::size_t n = 1; n < named.size(); ++n) {
    if (named[n].first == named[n - 1].first) second = (std::min)(second, named[n].second);
  }
  if (second < list.size()) return error{errc::duplicate, "ranked list", second};

  const std::size_t most = (std::min)(k, relevant.size());
  const auto reachable = static_cast<double>(most);
  list_metrics out;
  double hits = 0;
  for (std::size_t begin = 0; begin < list.size() && begin < k;) {
    detail::tied_group g{.before = begin};
    while (begin + g.size < list.size() && scores[begin + g.size] == scores[begin]) {
      const item_id item = list[begin + g.size];
      g.relevant += std::size_t{std::binary_search(relevant.begin(), relevant.end(), item)};
      ++g.size;
    }
    detail::add_group(g, hits, k, reachable, out);
    hits += static_cast<double>(g.relevant);
    begin += g.size;
  }
  out[metric::ndcg] /= gain_of_best(most);
  out[metric::recall_of_all] = out[metric::precision] / static_cast<double>(relevant.size());
  out[metric::recall_of_reachable] = out[metric::precision] / reachable;
  out[metric::precision] /= static_cast<double>(k);
  return out;
}

}  // namespace tailor::inline v0::evaluate

#endif  // TAILOR_EVALUATE_TIE_AVERAGED_HPP
