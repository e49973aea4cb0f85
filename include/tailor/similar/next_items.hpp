#ifndef TAILOR_SIMILAR_NEXT_ITEMS_HPP
#define TAILOR_SIMILAR_NEXT_ITEMS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../core/ids.hpp"
#include "next_item.hpp"
#include "rule_lists.hpp"
#include "sequential_rules.hpp"
#include "session_knn.hpp"
#include "trending.hpp"

namespace tailor::inline v0::similar {

/// Which model knew an answer.
enum class answered_by : std::uint8_t { nothing, past_sessions, sequential_rules, popularity };

[[nodiscard]] constexpr const char* name_of(answered_by source) {
  constexpr const char* names[] = {"nothing", "past sessions", "sequential rules", "popularity"};
  const auto n = static_cast<std::size_t>(source);
  return n < 4 ? names[n] : "unnamed";
}

/// A next item and who says so. Scores compare within one source only.
struct sourced_item {
  item_id item{};
  double score = 0;
  answered_by source = answered_by::nothing;

  friend bool operator==(const sourced_item&, const sourced_item&) = default;
};

struct next_items_scratch {
  session_scratch sessions;
  sequential_rules::scratch rules;
  std::vector<next_item> next;
};

/// The next items of a running session from whoever knows: past sessions, then what follows its
/// last known item (`sequential_rules` or `rule_lists`), then what is popular (best first, from
/// `best_sellers` or `most_popular`). A source fills what the ones before it leave free; no item is
/// named twice, nor what `options.seen` keeps out. Gives the source of the first item: the reason
/// to show. Cost: that of `next_in_session`, and O(items that follow the last one + popular) when
/// it falls short. Allocates nothing once scratch and `out` have their size.
template <successor_source Rules, session_weights Weights>
answered_by next_items(const session_index& index, const Rules& rules,
                       std::span<const ranked_item> popular, std::span<const item_id> running,
                       const session_knn_options& options, const Weights& weights,
                       next_items_scratch& s, std::vector<sourced_item>& out) {
  out.clear();
  const auto kept_out = running.last(
      (std::min)(running.size(), options.seen == seen_items::none ? running.size() : 1));
  const auto offer = [&](item_id item, double score, answered_by source) {
    if (out.size() >= options.count) return;
    for (const item_id own : kept_out) {
      if (own == item) return;
    }
    for (const sourced_item& o : out) {
      if (o.item == item) return;
    }
    out.push_back({item, score, source});
  };
  next_in_session(index, running, options, weights, s.sessions, s.next);
  for (const next_item& n : s.next) offer(n.item, n.score, answered_by::past_sessions);

  for (std::size_t n = running.size(); n-- > 0 && out.size() < options.count;) {
    if (running.size() - n > options.last) break;
    // So many, as some of them may be named already or kept out.
    const std::size_t spare = out.size() + kept_out.size();
    const std::size_t most = options.count > SIZE_MAX - spare ? SIZE_MAX : options.count + spare;
    rules.next(running[n], most, s.rules, s.next);
    if (s.next.empty()) continue;
    for (const next_item& next : s.next) {
      offer(next.item, next.score, answered_by::sequential_rules);
    }
    break;
  }
  for (const ranked_item& p : popular) offer(p.item, p.score, answered_by::popularity);
  return out.empty() ? answered_by::nothing : out.front().source;
}

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_NEXT_ITEMS_HPP
