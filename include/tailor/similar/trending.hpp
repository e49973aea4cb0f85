#ifndef TAILOR_SIMILAR_TRENDING_HPP
#define TAILOR_SIMILAR_TRENDING_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "../core/ids.hpp"
#include "popularity.hpp"

namespace tailor::inline v0::similar {

/// An item in a list of what is popular, with the integers behind its score.
struct ranked_item {
  item_id item{};
  double score = 0;
  std::int64_t recent = 0;   ///< events in the window
  std::int64_t earlier = 0;  ///< events in the window before it, where one is compared with
};

namespace detail {

/// The `count` best, highest score first, ties by id.
inline std::vector<ranked_item> best_of(std::vector<ranked_item> all, std::size_t count) {
  const auto better = [](const ranked_item& a, const ranked_item& b) {
    return a.score != b.score ? a.score > b.score : a.item < b.item;
  };
  const auto end = all.begin() + static_cast<std::ptrdiff_t>((std::min)(count, all.size()));
  std::partial_sort(all.begin(), end, all.end(), better);
  all.erase(end, all.end());
  return all;
}

struct keep_all {
  bool operator()(item_id) const { return true; }
};

}  // namespace detail

struct best_seller_options {
  std::size_t count = 10;
  duration window = days(30);  ///< whole hours up to `now`
};

/// Most events in the window. `keep(item)` says what may be shown (in stock, enough buyers).
/// Score = recent. Cost: O(buckets).
template <class Keep = detail::keep_all>
[[nodiscard]] std::vector<ranked_item> best_sellers(const popularity& sales, timestamp now,
                                                    const best_seller_options& options = {},
                                                    const Keep& keep = {}) {
  std::vector<ranked_item> all;
  sales.for_each_item([&](item_id item) {
    const std::int64_t n = sales.count(item, now - options.window, now);
    if (n > 0 && keep(item)) all.push_back({item, static_cast<double>(n), n, 0});
  });
  return detail::best_of(std::move(all), options.count);
}

struct popular_options {
  std::size_t count = 10;
  duration half_life = days(14);  ///< usual: 14 days for purchases, 7 for carts, 2 for views
};

/// Highest decayed count at `now`: the recent weigh more, without an edge where they stop counting.
template <class Keep = detail::keep_all>
[[nodiscard]] std::vector<ranked_item> most_popular(const popularity& sales, timestamp now,
                                                    const popular_options& options = {},
                                                    const Keep& keep = {}) {
  std::vector<ranked_item> all;
  sales.for_each_item([&](item_id item) {
    const double score = sales.decayed(item, now, options.half_life);
    if (score > 0 && keep(item)) all.push_back({item, score, 0, 0});
  });
  return detail::best_of(std::move(all), options.count);
}

struct trending_options {
  std::size_t count = 10;
  duration recent = hours(24);   ///< the window in which something may be going on
  duration earlier = days(28);   ///< the window right before it: what is usual
  std::int64_t min_recent = 10;  ///< fewer events than this are no trend
};

/// How many standard deviations the recent count is above what the earlier window leads to expect:
/// (recent − e) / √(e + 1), e = earlier · |recent window| / |earlier window| (a Poisson z-score;
/// the one keeps new items finite).
[[nodiscard]] inline double trend_score(std::int64_t recent, std::int64_t earlier,
                                        const trending_options& options) {
  const double expected = static_cast<double>(earlier) * static_cast<double>(options.recent.us) /
                          static_cast<double>(options.earlier.us);
  return (static_cast<double>(recent) - expected) / std::sqrt(expected + 1);
}

/// Items that are bought more often than usual, most unusual first.
template <class Keep = detail::keep_all>
[[nodiscard]] std::vector<ranked_item> trending(const popularity& sales, timestamp now,
                                                const trending_options& options = {},
                                                const Keep& keep = {}) {
  std::vector<ranked_item> all;
  const timestamp begin = now - options.recent;
  sales.for_each_item([&](item_id item) {
    const std::int64_t recent = sales.count(item, begin, now);
    if (recent < options.min_recent || recent == 0 || !keep(item)) return;
    const std::int64_t earlier = sales.count(item, begin - options.earlier, begin);
    const double score = trend_score(recent, earlier, options);
    if (score > 0) all.push_back({item, score, recent, earlier});
  });
  return detail::best_of(std::move(all), options.count);
}

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_TRENDING_HPP
