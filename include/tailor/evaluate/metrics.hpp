#ifndef TAILOR_EVALUATE_METRICS_HPP
#define TAILOR_EVALUATE_METRICS_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../core/ids.hpp"
#include "../core/int128.hpp"
#include "../core/result.hpp"

namespace tailor::inline v0::evaluate {

/// What is measured of one list against the items that were really chosen. The field uses one name
/// for different things, so each definition has its own.
enum class metric : std::uint8_t {
  recall_of_all,        ///< hits / relevant: cannot reach 1 where more are relevant than K
  recall_of_reachable,  ///< hits / min(K, relevant)
  precision,            ///< hits / K, also where the list is shorter
  hit,                  ///< 1 when anything was hit
  reciprocal_rank,      ///< 1 / place of the first hit, 0 without one
  average_precision,    ///< Σ over the hits of precision at their place / min(K, relevant)
  ndcg,                 ///< Σ 1 / log2(1 + place) over the hits, over that of the best list of K
};
inline constexpr std::size_t metric_count = 7;

[[nodiscard]] constexpr const char* name_of(metric m) {
  constexpr const char* names[metric_count] = {
      "recall of all",   "recall of reachable", "precision", "hit rate",
      "reciprocal rank", "average precision",   "ndcg"};
  const auto n = static_cast<std::size_t>(m);
  return n < metric_count ? names[n] : "unnamed";
}

/// The metrics of one list.
struct list_metrics {
  double values[metric_count] = {};

  [[nodiscard]] double operator[](metric m) const { return values[static_cast<std::size_t>(m)]; }
  [[nodiscard]] double& operator[](metric m) { return values[static_cast<std::size_t>(m)]; }
};

/// 1 / log2(1 + place), the first place being 1 (Järvelin & Kekäläinen 2002,
/// doi:10.1145/582415.582418).
[[nodiscard]] inline double gain_at(std::size_t place) {
  return 1 / std::log2(1 + static_cast<double>(place));
}

/// The gain of a list that begins with so many relevant items.
[[nodiscard]] inline double gain_of_best(std::size_t relevant) {
  double sum = 0;
  for (std::size_t n = 1; n <= relevant; ++n) sum += gain_at(n);
  return sum;
}

/// Measures the first `k` of a list. `relevant` ascends. duplicate: the list names an item twice,
/// which would count a hit twice (`at` is the place of the second); malformed: `relevant` does not
/// strictly ascend; too_few: nothing is relevant, or k is 0. Cost: O(k² + k · log relevant)
/// for the check of uniqueness, and O(relevant).
[[nodiscard]] inline result<list_metrics> measure_list(std::span<const item_id> list,
                                                       std::span<const item_id> relevant,
                                                       std::size_t k) {
  if (relevant.empty() || k == 0) return error{errc::too_few, "relevant items"};
  for (std::size_t n = 1; n < relevant.size(); ++n) {
    if (!(relevant[n - 1] < relevant[n])) return error{errc::malformed, "relevant items", n};
  }
  const std::size_t size = (std::min)(k, list.size());
  for (std::size_t n = 1; n < size; ++n) {
    const auto end = list.begin() + static_cast<std::ptrdiff_t>(n);
    if (std::find(list.begin(), end, list[n]) != end) {
      return error{errc::duplicate, "ranked list", n};
    }
  }
  const std::size_t most = (std::min)(k, relevant.size());
  const auto reachable = static_cast<double>(most);
  list_metrics out;
  double hits = 0;
  for (std::size_t n = 0; n < size; ++n) {
    if (!std::binary_search(relevant.begin(), relevant.end(), list[n])) continue;
    const auto place = static_cast<double>(n + 1);
    if (hits == 0) out[metric::reciprocal_rank] = 1 / place;
    hits += 1;
    out[metric::average_precision] += hits / place / reachable;
    out[metric::ndcg] += gain_at(n + 1);
  }
  out[metric::ndcg] /= gain_of_best(most);
  out[metric::recall_of_all] = hits / static_cast<double>(relevant.size());
  out[metric::recall_of_reachable] = hits / reachable;
  out[metric::precision] = hits / static_cast<double>(k);
  out[metric::hit] = hits > 0 ? 1 : 0;
  return out;
}

/// How unlike each other the items of a list are: the mean of 1 − likeness(a, b) over its pairs; 0
/// for fewer than two.
template <class Likeness>
[[nodiscard]] double intra_list_diversity(std::span<const item_id> list, const Likeness& likeness) {
  double sum = 0;
  for (std::size_t a = 0; a < list.size(); ++a) {
    for (std::size_t b = 0; b < a; ++b) sum += 1 - likeness(list[a], list[b]);
  }
  const auto n = static_cast<double>(list.size());
  return list.size() < 2 ? 0 : sum / (n * (n - 1) / 2);
}

/// What the hits among the first `k` would have brought, `value_of(item)` in minor units.
template <class ValueOf>
[[nodiscard]] std::int64_t revenue_of_hits(std::span<const item_id> list,
                                           std::span<const item_id> relevant, std::size_t k,
                                           const ValueOf& value_of) {
  std::int64_t sum = 0;
  for (const item_id item : list.first((std::min)(k, list.size()))) {
    if (std::binary_search(relevant.begin(), relevant.end(), item)) {
      sum = held(int128{sum} + value_of(item));
    }
  }
  return sum;
}

}  // namespace tailor::inline v0::evaluate

#endif  // TAILOR_EVALUATE_METRICS_HPP
