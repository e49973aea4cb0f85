#ifndef TAILOR_SIMILAR_SESSION_KNN_HPP
#define TAILOR_SIMILAR_SESSION_KNN_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "../core/ids.hpp"
#include "next_item.hpp"
#include "session_index.hpp"
#include "session_neighbours.hpp"
#include "session_weights.hpp"

namespace tailor::inline v0::similar {

namespace detail {

/// Adds up what the neighbours say in s.sums; gives the number of items touched. Rows are short and
/// of lengths that nobody can predict: they are copied into one, eight items at once, and that is
/// added up.
template <session_weights Weights>
std::size_t add_up_neighbours(const session_index& index, const Weights& weights,
                              session_scratch& s) {
  constexpr std::size_t block = 8;
  constexpr std::size_t room = 2048;
  constexpr std::size_t rows_ahead = 8;
  constexpr std::size_t begins_ahead = 16;
  const bool far = index.item_limit() > (1 << 18);  // sums and logs do not fit in a near cache
  std::uint32_t items[room + block];
  float more[room + block];
  std::size_t waiting = 0;
  std::size_t size = 0;
  float* const sums = s.sums.data();
  std::uint32_t* const touched = s.touched.data();
  const auto add_waiting = [&] {
    for (std::size_t n = 0; n < waiting; ++n) {
      if (!plain_places<Weights> && !(more[n] > 0)) continue;  // an item has to stay touched once
      touched[size] = items[n];                                // kept only if it is new
      size += sums[items[n]] == 0 ? 1 : 0;
      sums[items[n]] += more[n];
    }
    waiting = 0;
  };

  const std::size_t neighbours = s.neighbours.size();
  for (std::size_t n = 0; n < neighbours; ++n) {
    if (n + begins_ahead < neighbours) {
      index.prefetch_row_begin(s.neighbours[n + begins_ahead].number);
    }
    if (n + rows_ahead < neighbours) index.prefetch_row(s.neighbours[n + rows_ahead].number);
    const session_neighbour& from = s.neighbours[n];
    const float weight = from.similarity * weights.shared(from.place);
    if (!(weight > 0)) continue;
    const auto row = index.row(from.number);
    const auto rest = index.clicks_from(from.number);  // the row and those behind it
    std::size_t shared = 0;
    if constexpr (!plain_places<Weights>) {
      std::uint32_t item = 0;
      for (const session_scratch::click& c : s.clicks) {
        if (c.place == from.place) item = c.item;
      }
      while (row[shared] != item) ++shared;
    }
    for (std::size_t at = 0; at < row.size(); at += block) {
      const std::size_t count = (std::min)(block, row.size() - at);
      if (waiting + block > room) add_waiting();
      if (rest.size() - at >= block) {
        std::memcpy(items + waiting, rest.data() + at, block * sizeof(std::uint32_t));
      } else {
        std::copy_n(rest.data() + at, count, items + waiting);
      }
      for (std::size_t i = 0; far && i < count; ++i) {
        __builtin_prefetch(sums + items[waiting + i], 1);
        index.lists().prefetch_log(items[waiting + i]);
      }
      for (std::size_t i = 0; i < block; ++i) more[waiting + i] = weight;
      if constexpr (!plain_places<Weights>) {
        for (std::size_t i = 0; i < count; ++i) {
          const std::size_t steps = at + i < shared ? shared - at - i : at + i - shared;
          more[waiting + i] *= weights.near(static_cast<std::uint32_t>(steps));
        }
      }
      waiting += count;
    }
  }
  add_waiting();
  return size;
}

/// Leaves the scores that reach the bar at the front; gives their number.
inline std::size_t above(double bar, double* scores, std::uint32_t* items, std::size_t size) {
  std::size_t kept = 0;
  for (std::size_t n = 0; n < size; ++n) {
    scores[kept] = scores[n];
    items[kept] = items[n];
    kept += scores[kept] >= bar ? 1 : 0;
  }
  return kept;
}

}  // namespace detail

/// The next items of a running session, best first, ties by the smaller id: session-based nearest
/// neighbours as `session_weights` describes. `running` has the oldest click first. Nothing for a
/// session of unknown items. Cost: O(recent · last + Σ items of the neighbours). Allocates nothing
/// once scratch and `out` have their size.
template <session_weights Weights>
void next_in_session(const session_index& index, std::span<const item_id> running,
                     const session_knn_options& options, const Weights& weights, session_scratch& s,
                     std::vector<next_item>& out) {
  out.clear();
  if (options.count == 0) return;
  session_neighbours(index, running, options, weights, s);
  if (s.neighbours.empty()) return;
  if (s.sums.size() < index.item_limit()) {
    s.sums.reserve(index.item_limit() + index.item_limit() / 4);
    s.sums.zero();
    s.touched.reserve(s.sums.size() + 1);
    s.best_items.reset(s.sums.size() + 1);
  }
  const std::size_t size = detail::add_up_neighbours(index, weights, s);
  const std::size_t shown = options.seen == seen_items::all_but_last ? running.size() - 1 : 0;
  for (const item_id item : running.subspan(shown)) {
    if (const auto handle = index.find_item(item)) s.sums[*handle] = 0;
  }

  // Under a rising bar, as most have no chance.
  const double log_all = std::log(static_cast<double>(index.clicks()));
  const double scale = weights.scale(s.distinct);
  double* const scores = s.best_items.scores();
  std::uint32_t* const items = s.best_items.ties();
  double bar = std::numeric_limits<double>::denorm_min();
  std::size_t kept = 0;
  std::size_t raise_at = 4 * (std::min)(options.count, size) + 1024;
  for (std::size_t n = 0; n < size; ++n) {
    const std::uint32_t item = s.touched[n];
    const double sum = double{std::exchange(s.sums[item], 0.0f)};
    const double log_count = double{index.lists().log_count(item)};
    scores[kept] = sum * weights.item_factor(log_all - log_count) * scale;
    items[kept] = item;
    kept += scores[kept] >= bar ? 1 : 0;
    if (kept < raise_at) continue;
    bar = (std::max)(bar, s.best_items.bar(kept, options.count));
    kept = detail::above(bar, scores, items, kept);
    raise_at = (std::max)(raise_at, 2 * kept);  // many equal scores may all stay
  }
  bar = (std::max)(bar, s.best_items.bar(kept, options.count));
  kept = detail::above(bar, scores, items, kept);
  for (std::size_t n = 0; n < kept; ++n) out.push_back({index.item(items[n]), scores[n]});
  const auto better = [](const next_item& a, const next_item& b) {
    return a.score != b.score ? a.score > b.score : a.item < b.item;
  };
  std::sort(out.begin(), out.end(), better);
  if (out.size() > options.count) out.resize(options.count);
}

/// The same where memory does not matter.
template <session_weights Weights = vmis>
[[nodiscard]] std::vector<next_item> next_in_session(const session_index& index,
                                                     std::span<const item_id> running,
                                                     const session_knn_options& options = {},
                                                     const Weights& weights = {}) {
  session_scratch scratch;
  std::vector<next_item> out;
  next_in_session(index, running, options, weights, scratch, out);
  return out;
}

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_SESSION_KNN_HPP
