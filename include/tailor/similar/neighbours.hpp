#ifndef TAILOR_SIMILAR_NEIGHBOURS_HPP
#define TAILOR_SIMILAR_NEIGHBOURS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "expected.hpp"
#include "pair_source.hpp"

namespace tailor::inline v0::similar {

struct neighbour_options {
  std::size_t count = 10;
  /// Shoppers who must share both items before the pair is shown: what fewer do is theirs alone.
  std::int64_t min_shoppers = 5;
};

namespace detail {

/// Fills in `expected` of the candidates: the rows of the source by size, then each target's share
/// of all entries.
template <chance_source Source>
void expect(const Source& source, item_id item, pair_scratch& scratch) {
  auto& groups = scratch.sizes;  // (other items, rows)
  groups.clear();
  source.for_each_row_size(item, [&](std::uint32_t others) { groups.emplace_back(others, 1); });
  std::sort(groups.begin(), groups.end());
  std::size_t kept = 0;
  for (const auto& [others, rows] : groups) {
    if (kept > 0 && groups[kept - 1].first == others) {
      groups[kept - 1].second += rows;
    } else {
      groups[kept++] = {others, rows};
    }
  }
  groups.resize(kept);
  const auto total = static_cast<std::uint64_t>(source.touches());
  for (neighbour& n : scratch.candidates) {
    const auto target = static_cast<std::uint64_t>(n.evidence.target);
    n.evidence.expected = chance(target, total).expected_rows(groups);
  }
}

}  // namespace detail

/// The items that go best with `item`: highest score first, ties by id; only pairs with a score
/// above 0 and the support asked for. Empty for an unknown item. Cost: that of the source's pairs,
/// plus a measure for each that has the support. Allocates nothing once `scratch` and `out` have
/// grown.
template <pair_source Source, measure Measure>
void neighbours(const Source& source, item_id item, const neighbour_options& options,
                const Measure& m, pair_scratch& scratch, std::vector<neighbour>& out) {
  static_assert(
      !needs_expected<Measure> || chance_source<Source>,
      "neighbours(source, item, options, measure, ...): this measure needs a source with  "
      "void for_each_row_size(item_id, f) const  and  std::int64_t touches() const  "
      "[similar::chance_source]");
  scratch.candidates.clear();
  scratch.best.reset(options.count);
  source.for_each_pair(item, options.min_shoppers, scratch,
                       [&](item_id other, const pair_evidence& evidence) {
                         scratch.candidates.push_back({other, 0, evidence});
                       });
  if constexpr (needs_expected<Measure> && chance_source<Source>) {
    detail::expect(source, item, scratch);
  }
  for (std::uint32_t i = 0; i < scratch.candidates.size(); ++i) {
    neighbour& n = scratch.candidates[i];
    n.score = m(n.evidence);
    if (n.score > 0) scratch.best.push(n.score, {n.item, i});
  }
  out.clear();
  for (const auto& best : scratch.best.take()) out.push_back(scratch.candidates[best.id.second]);
}

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_NEIGHBOURS_HPP
