#ifndef TAILOR_SIMILAR_SESSION_NEIGHBOURS_HPP
#define TAILOR_SIMILAR_SESSION_NEIGHBOURS_HPP

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../core/ids.hpp"
#include "../core/time.hpp"
#include "best_scores.hpp"
#include "raw_array.hpp"
#include "session_index.hpp"
#include "session_weights.hpp"

namespace tailor::inline v0::similar {

/// Whether the list may name again what the running session has.
enum class seen_items { all_but_last, none };

struct session_knn_options {
  std::size_t recent = 500;  ///< m: of the sessions that share an item, so many newest are compared
  std::size_t neighbours = 100;  ///< k: the most similar of them that are listened to
  std::size_t last = 9;          ///< clicks of the running session that are looked at
  std::size_t count = 20;        ///< items in the answer
  seen_items seen = seen_items::all_but_last;
  timestamp now{};  ///< read by weights that look at ages
};

/// A past session that resembles the running one.
struct session_neighbour {
  std::uint32_t number = 0;  ///< in the index
  float similarity = 0;
  std::uint32_t place = 0;  ///< of the newest click of the running session that it shares, from 0
};

/// Memory that a query works in, one per thread. Reused, it stops growing.
struct session_scratch {
  struct click {
    std::uint32_t item = 0;  // handle
    std::uint32_t place = 0;
    float weight = 0;
    std::uint32_t at = 0;    // where its list is read
    std::uint32_t head = 0;  // the number there
  };
  std::vector<click> clicks;   ///< known and distinct, newest first
  std::uint32_t distinct = 0;  ///< unknown ones too
  float norm = 0;
  std::vector<item_id> met;
  std::vector<session_neighbour> found;       ///< candidates, newest first
  std::vector<session_neighbour> neighbours;  ///< newest first
  std::vector<float> values;                  ///< free to use
  best_scores best_items;
  raw_array<float> sums;  ///< by item handle; all zero between queries
  raw_array<std::uint32_t> touched;
};

namespace detail {

/// Takes the last clicks of the running session apart: distinct ones, newest first, with weights.
template <session_weights Weights>
void read_clicks(const session_index& index, std::span<const item_id> running, std::size_t last,
                 const Weights& weights, session_scratch& s) {
  const std::size_t size = (std::min)(last, running.size());
  const auto clicks = running.subspan(running.size() - size);
  s.clicks.clear();
  s.met.clear();
  s.clicks.reserve((std::min)(last, std::size_t{256}));
  s.met.reserve((std::min)(last, std::size_t{256}));
  double squares = 0;
  for (const item_id item : clicks) index.prefetch_item(item);
  for (std::uint32_t place = 0; place < size; ++place) {
    const item_id item = clicks[size - 1 - place];
    if (std::find(s.met.begin(), s.met.end(), item) != s.met.end()) continue;
    s.met.push_back(item);
    const float weight = weights.click(place, static_cast<std::uint32_t>(size));
    squares += double{weight} * double{weight};
    const auto handle = index.find_item(item);
    if (!handle) continue;
    index.lists().prefetch(*handle);
    s.clicks.push_back({*handle, place, weight, 0, 0});
  }
  s.distinct = static_cast<std::uint32_t>(s.met.size());
  s.norm = static_cast<float>(std::sqrt(squares));
}

/// Merges the lists of the clicks, newest number first, until `limit` sessions are found. No step
/// depends on a comparison but the end: which list has the number is not predictable.
template <class Part>
void merge_lists(const session_index& index, const Part& part, std::size_t limit,
                 session_scratch& s) {
  std::span<session_scratch::click> heads(s.clicks);
  for (session_scratch::click& c : heads) {
    c.at = part.first(c.item);
    c.head = part.number(c.at);
  }
  while (s.found.size() < limit) {
    std::uint32_t newest = 0;
    for (const session_scratch::click& c : heads) newest = (std::max)(newest, c.head);
    if (newest == 0) return;
    session_neighbour next{newest, 0, 0};
    for (std::size_t n = heads.size(); n-- > 0;) {
      session_scratch::click& c = heads[n];
      const bool here = c.head == newest;
      next.similarity += here ? c.weight : 0.0f;
      next.place = here ? c.place : next.place;
      c.at = here ? part.next(c.at) : c.at;
      c.head = part.number(c.at);
    }
    if (!index.is_dead(newest)) s.found.push_back(next);
  }
}

/// The k-th highest of the values, of which there are at least k > 0, none below 0. Most of them
/// may be equal, as sums of few weights are. Leaves them in another order.
inline float highest(std::vector<float>& values, std::size_t k) {
  const auto bits = [](float v) { return std::bit_cast<std::uint32_t>(v); };  // in the same order
  std::uint32_t low = UINT32_MAX;
  std::uint32_t high = 0;
  for (const float v : values) {
    low = (std::min)(low, bits(v));
    high = (std::max)(high, bits(v));
  }
  const int shift = (std::max)(0, static_cast<int>(std::bit_width(high - low)) - 8);
  std::uint32_t sizes[256] = {};
  for (const float v : values) ++sizes[(high - bits(v)) >> shift];
  std::uint32_t digit = 0;
  std::size_t above = 0;
  for (; above + sizes[digit] < k; ++digit) above += sizes[digit];
  std::size_t kept = 0;
  for (const float v : values) {
    values[kept] = v;
    kept += (high - bits(v)) >> shift == digit ? 1u : 0u;
  }
  values.resize(kept);
  if (std::count(values.begin(), values.end(), values[0]) == std::ssize(values)) return values[0];
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(k - above - 1);
  std::nth_element(values.begin(), at, values.end(), [](float a, float b) { return a > b; });
  return *at;
}

/// The k most similar of those found, the newer among equals.
inline void keep_most_similar(std::size_t k, session_scratch& s) {
  float bar = 0;
  std::size_t room = s.found.size();  // for those that just reach the bar
  if (s.found.size() > k) {
    s.values.clear();
    for (const session_neighbour& c : s.found) s.values.push_back(c.similarity);
    bar = highest(s.values, k);
    room = k;
    for (const session_neighbour& c : s.found) room -= c.similarity > bar ? 1 : 0;
  }
  s.neighbours.resize(s.found.size());
  std::size_t kept = 0;
  for (const session_neighbour& c : s.found) {
    const bool ties = c.similarity == bar && room > 0;
    s.neighbours[kept] = c;
    kept += (c.similarity > bar || ties) && c.similarity > 0 ? 1 : 0;
    room -= ties ? 1 : 0;
  }
  s.neighbours.resize(kept);
}

}  // namespace detail

/// The sessions most similar to the running one, among the `recent` newest that share one of its
/// `last` items: the newer among equals: written to `scratch.neighbours`, newest first.
/// `running` has the oldest click first; repeated items count at their newest place, unknown ones
/// resemble nothing. Cost: O(recent · last). Allocates nothing once the scratch has its size.
template <session_weights Weights>
void session_neighbours(const session_index& index, std::span<const item_id> running,
                        const session_knn_options& options, const Weights& weights,
                        session_scratch& s) {
  s.found.clear();
  s.neighbours.clear();
  const std::size_t most = std::bit_ceil((std::min)(options.recent, index.size()) + 1);
  s.found.reserve(most);
  s.neighbours.reserve(most);
  s.values.reserve(most);
  detail::read_clicks(index, running, options.last, weights, s);
  if (options.recent == 0 || options.neighbours == 0) return;
  if (index.lists().has_added()) {
    detail::merge_lists(index, index.lists().added(), options.recent, s);
  }
  for (const session_scratch::click& c : s.clicks) index.lists().prefetch_list(c.item);
  detail::merge_lists(index, index.lists().settled(), options.recent, s);

  if constexpr (!plain_similarity<Weights>) {
    for (const session_neighbour& c : s.found) index.prefetch_row_begin(c.number);
    for (session_neighbour& c : s.found) {
      const duration age = (std::max)(duration{}, options.now - index.end(c.number));
      const auto items = static_cast<std::uint32_t>(index.row(c.number).size());
      c.similarity = weights.similarity(c.similarity, {s.norm, items, age});
    }
  }
  detail::keep_most_similar(options.neighbours, s);
}

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_SESSION_NEIGHBOURS_HPP
