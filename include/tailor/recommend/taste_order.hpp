#ifndef TAILOR_RECOMMEND_TASTE_ORDER_HPP
#define TAILOR_RECOMMEND_TASTE_ORDER_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "reranker.hpp"
#include "taste.hpp"

namespace tailor::inline v0::recommend::detail {

/// What orders by the groups of a taste work in.
struct taste_scratch {
  std::vector<std::size_t> group;  // of each candidate, by index in the taste; its size: none of it
  std::vector<double> relevance;   // shares of the greatest
  std::vector<std::uint8_t> chosen;
};

/// Greedy: before each choice calls `prepare(items with this one)`, then takes the candidate with
/// the greatest `value(relevance, group)`, ties by position, and calls `take(group)`. Relevance is
/// a share of the greatest.
template <item_group Group, class Prepare, class Value, class Take>
void choose_by_taste(std::span<const ranked_input> candidates, std::size_t count,
                     const Group& group, const taste& of, taste_scratch& s,
                     std::vector<std::uint32_t>& out, const Prepare& prepare, const Value& value,
                     const Take& take) {
  out.clear();
  const std::size_t n = candidates.size();
  relevance_shares(candidates, s.relevance);
  s.group.resize(n);
  for (std::size_t i = 0; i < n; ++i) s.group[i] = of.find(group(candidates[i].item));
  s.chosen.assign(n, 0);
  while (out.size() < (std::min)(count, n)) {
    prepare(out.size() + 1);
    std::size_t best = n;
    double most = 0;
    for (std::size_t i = 0; i < n; ++i) {
      if (s.chosen[i] != 0) continue;
      const double worth = value(s.relevance[i], s.group[i]);
      if (best == n || worth > most) {
        best = i;
        most = worth;
      }
    }
    s.chosen[best] = 1;
    take(s.group[best]);
    out.push_back(static_cast<std::uint32_t>(best));
  }
}

}  // namespace tailor::inline v0::recommend::detail

#endif  // TAILOR_RECOMMEND_TASTE_ORDER_HPP
