#ifndef TAILOR_SIMILAR_BLEND_WEIGHTS_HPP
#define TAILOR_SIMILAR_BLEND_WEIGHTS_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "../core/int128.hpp"
#include "../core/result.hpp"
#include "item_weights.hpp"

namespace tailor::inline v0::similar {

namespace detail {

/// Σ of the sizes of all weights.
[[nodiscard]] inline int128 mass_of(const item_weights& w) {
  int128 sum = 0;
  for (std::uint32_t s = 0; s < w.items().size(); ++s) {
    for (const auto& e : w.row(s)) sum += e.weight < 0 ? -e.weight : e.weight;
  }
  return sum;
}

}  // namespace detail

/// Two models as one: what `a` says, and `share` times what `b` says after it was scaled to the
/// same sum of sizes, so that the share means the same for any units. In the units of `a`; either
/// model may know items that the other does not. A regression gains from a graph filter what it
/// lost to its ridge. out_of_range: a share that is not in 0 … 1024, or a weight that no longer
/// fits. Cost: O(weights).
[[nodiscard]] inline result<item_weights> blend_weights(const item_weights& a,
                                                        const item_weights& b, double share) {
  if (!(share >= 0 && share <= 1024)) return error{errc::out_of_range, "share"};
  constexpr int fine = 30;
  const int128 mass_a = detail::mass_of(a), mass_b = detail::mass_of(b);
  // One weight of b in units of 2^-fine of a's; 0 where either has nothing.
  const double one =
      mass_b == 0
          ? 0
          : std::floor(std::ldexp(share * static_cast<double>(mass_a) / static_cast<double>(mass_b),
                                  fine) +
                       0.5);
  if (!(one < 0x1p62)) return error{errc::out_of_range, "share"};
  const auto factor = static_cast<std::int64_t>(one);

  std::vector<item_id> items(a.items().begin(), a.items().end());
  items.insert(items.end(), b.items().begin(), b.items().end());
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
  const auto places = [&](std::span<const item_id> own) {
    std::vector<std::uint32_t> out;
    out.reserve(own.size());
    for (const item_id item : own) {
      out.push_back(static_cast<std::uint32_t>(std::lower_bound(items.begin(), items.end(), item) -
                                               items.begin()));
    }
    return out;
  };
  const std::vector<std::uint32_t> of_a = places(a.items()), of_b = places(b.items());

  std::vector<std::size_t> begin{0};
  std::vector<item_weights::entry> entries, row;
  begin.reserve(items.size() + 1);
  for (const item_id source : items) {
    row.clear();
    if (const auto s = a.find(source)) {
      for (const auto& e : a.row(*s)) row.push_back({of_a[e.item], e.weight});
    }
    if (const auto s = b.find(source)) {
      for (const auto& e : b.row(*s)) {
        const int128 half = int128{1} << (fine - 1);
        const int128 scaled = (int128{e.weight} * factor + half) >> fine;
        if (scaled > item_weights::max_weight || scaled < -item_weights::max_weight) {
          return error{errc::out_of_range, "blended weight", entries.size()};
        }
        row.push_back({of_b[e.item], static_cast<std::int32_t>(scaled)});
      }
    }
    std::sort(row.begin(), row.end(), [](const auto& x, const auto& y) { return x.item < y.item; });
    for (std::size_t n = 0; n < row.size(); ++n) {
      if (n + 1 < row.size() && row[n + 1].item == row[n].item) {
        row[n + 1].weight += row[n].weight;
      } else if (row[n].weight != 0) {
        entries.push_back(row[n]);
      }
    }
    begin.push_back(entries.size());
  }
  return item_weights::make(std::move(items), std::move(begin), std::move(entries), a.bits());
}

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_BLEND_WEIGHTS_HPP
