#ifndef TAILOR_SIMILAR_WEIGHTS_FROM_LISTS_HPP
#define TAILOR_SIMILAR_WEIGHTS_FROM_LISTS_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "../core/result.hpp"
#include "item_weights.hpp"

namespace tailor::inline v0::similar {

/// How scores become weights: at so many bits the greatest of them is as large as weights may be.
[[nodiscard]] inline int bits_for(double greatest) {
  if (!(greatest > 0)) return 0;
  const int bits = 24 - static_cast<int>(std::ceil(std::log2(greatest)));
  return (std::min)((std::max)(bits, 0), 60);
}

/// The scores of lists as whole-number weights, for answers that are exact. `lists` are
/// `neighbour_lists` or `weighted_lists`; the unit is as fine as their greatest score permits.
/// `power` is what scores are raised to first. out_of_range: a score of 2^24 or more, or a power
/// that is not in 0 … 8. Cost: O(neighbours · log).
template <class Lists>
[[nodiscard]] result<item_weights> weights_from(const Lists& lists, double power = 1) {
  if (!(power > 0 && power <= 8)) return error{errc::out_of_range, "power"};
  const std::size_t n = lists.items().size();
  const auto score_of = [&](std::size_t i, const auto& e) {
    const double score = lists.score_of(i, e);
    return power == 1 ? score : std::pow(score, power);
  };
  double greatest = 0;
  for (std::size_t i = 0; i < n; ++i) {
    for (const auto& e : lists.list_of(i)) greatest = (std::max)(greatest, score_of(i, e));
  }
  const int bits = bits_for(greatest);
  std::vector<std::size_t> begin{0};
  std::vector<item_weights::entry> entries;
  begin.reserve(n + 1);
  for (std::size_t i = 0; i < n; ++i) {
    for (const auto& e : lists.list_of(i)) {
      const double scaled = std::floor(std::ldexp(score_of(i, e), bits) + 0.5);
      if (!(scaled <= item_weights::max_weight)) {
        return error{errc::out_of_range, "list score", i};
      }
      if (scaled >= 1) entries.push_back({e.item, static_cast<std::int32_t>(scaled)});
    }
    std::sort(entries.begin() + static_cast<std::ptrdiff_t>(begin.back()), entries.end(),
              [](const auto& a, const auto& b) { return a.item < b.item; });
    begin.push_back(entries.size());
  }
  return item_weights::make({lists.items().begin(), lists.items().end()}, std::move(begin),
                            std::move(entries), bits);
}

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_WEIGHTS_FROM_LISTS_HPP
