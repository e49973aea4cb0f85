#ifndef TAILOR_EVALUATE_SCOREBOARD_HPP
#define TAILOR_EVALUATE_SCOREBOARD_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "../core/executor.hpp"
#include "metrics.hpp"

namespace tailor::inline v0::evaluate {

/// A user whose choice is known: what a list for him is measured against. Both lists ascend.
struct case_of_user {
  user_id user{};
  std::vector<item_id> relevant;  ///< what he chose
  std::vector<item_id> known;     ///< what he had before
};

/// Ranks items for a user: `r(user, count, scratch, out)` fills `out` with at most `count` items,
/// best first, from all items there are. Must be safe to ask from several threads, each with its
/// `R::scratch`, and pure.
template <class R>
concept ranker = requires(const R& r, user_id user, std::size_t count, typename R::scratch& s,
                          std::vector<item_id>& out) { r(user, count, s, out); };

/// How a model did: every metric of every user, and what its lists are like.
struct scoreboard {
  std::size_t k = 0;
  std::vector<double> values[metric_count];  ///< by user, in the order of the cases
  std::vector<double> repeat_recall;         ///< hits among what he had before / such items chosen
  std::vector<double> explore_recall;        ///< likewise for what was new to him; NaN: none chosen
  std::size_t empty = 0;                     ///< lists with nothing
  std::size_t shorter = 0;                   ///< lists with less than k, but something
  std::size_t refused = 0;                   ///< lists that name an item twice: measured as empty
  std::vector<std::pair<item_id, std::uint32_t>> shown;  ///< how often each item was, ascending
  std::size_t unasked = 0;    ///< cases with nothing relevant: they measure 0
  std::size_t malformed = 0;  ///< cases whose relevant items do not ascend: they measure 0, a fault

  [[nodiscard]] std::span<const double> of(metric m) const {
    return values[static_cast<std::size_t>(m)];
  }
  /// The mean over users; 0 without any. Those where the metric is not defined do not count.
  [[nodiscard]] static double mean(std::span<const double> v) {
    double sum = 0;
    double count = 0;
    for (const double x : v) {
      if (std::isnan(x)) continue;
      sum += x;
      count += 1;
    }
    return count == 0 ? 0 : sum / count;
  }
  [[nodiscard]] double mean(metric m) const { return mean(of(m)); }
};

namespace detail {

struct no_progress {
  void operator()(std::size_t, std::size_t) const {}
};

/// Hits among the items of one kind over how many of that kind were chosen; NaN when none was.
[[nodiscard]] inline double part_recall(std::span<const item_id> list, const case_of_user& c,
                                        bool wants_known) {
  const auto is_of_kind = [&](item_id item) {
    return std::binary_search(c.known.begin(), c.known.end(), item) == wants_known;
  };
  double chosen = 0;
  for (const item_id item : c.relevant) chosen += is_of_kind(item) ? 1 : 0;
  double hits = 0;
  for (const item_id item : list) {
    hits +=
        is_of_kind(item) && std::binary_search(c.relevant.begin(), c.relevant.end(), item) ? 1 : 0;
  }
  return chosen == 0 ? std::nan("") : hits / chosen;
}

}  // namespace detail

/// Asks a model for all users and measures the lists of `k`. `progress(done, all)` is called now
/// and then, from any thread. Cases without anything relevant measure 0 and are counted, as are
/// those that are not in order. The same numbers for any number of threads. Memory: 72 bytes per
/// user, and 16 for each item that is shown to him while the lists are counted.
template <ranker Ranker, executor Executor = serial_executor, class Progress = detail::no_progress>
[[nodiscard]] scoreboard judge(const Ranker& model, std::span<const case_of_user> cases,
                               std::size_t k, Executor&& pool = {}, const Progress& progress = {}) {
  scoreboard out;
  out.k = k;
  for (auto& v : out.values) v.assign(cases.size(), 0);
  out.repeat_recall.assign(cases.size(), std::nan(""));
  out.explore_recall.assign(cases.size(), std::nan(""));
  struct worker {
    typename Ranker::scratch scratch;
    std::vector<item_id> list;
    std::vector<item_id> shown;
    std::size_t empty = 0, shorter = 0, refused = 0, unasked = 0, malformed = 0;
  };
  std::vector<worker> workers(pool.concurrency());
  pool.for_each_chunk(cases.size(), 64,
                      [&](std::size_t begin, std::size_t end, std::size_t number) {
                        worker& w = workers[number];
                        for (std::size_t n = begin; n < end; ++n) {
                          const case_of_user& c = cases[n];
                          w.list.clear();
                          model(c.user, k, w.scratch, w.list);
                          if (w.list.size() > k) w.list.resize(k);
                          w.empty += std::size_t{w.list.empty()};
                          w.shorter += std::size_t{!w.list.empty() && w.list.size() < k};
                          if (const auto m = measure_list(w.list, c.relevant, k)) {
                            for (std::size_t v = 0; v < metric_count; ++v)
                              out.values[v][n] = m->values[v];
                            out.repeat_recall[n] = detail::part_recall(w.list, c, true);
                            out.explore_recall[n] = detail::part_recall(w.list, c, false);
                          } else if (m.error().code == errc::duplicate) {
                            // As empty: a recall that is left out of the mean would be a reward.
                            ++w.refused;
                            out.repeat_recall[n] = detail::part_recall({}, c, true);
                            out.explore_recall[n] = detail::part_recall({}, c, false);
                            continue;
                          } else {
                            (c.relevant.empty() || k == 0 ? w.unasked : w.malformed) += 1;
                          }
                          w.shown.insert(w.shown.end(), w.list.begin(), w.list.end());
                        }
                        progress(end, cases.size());
                      });
  std::vector<item_id> shown;
  for (worker& w : workers) {
    shown.insert(shown.end(), w.shown.begin(), w.shown.end());
    out.empty += w.empty;
    out.shorter += w.shorter;
    out.refused += w.refused;
    out.unasked += w.unasked;
    out.malformed += w.malformed;
  }
  std::sort(shown.begin(), shown.end());
  for (const item_id item : shown) {
    if (out.shown.empty() || out.shown.back().first != item) out.shown.emplace_back(item, 0);
    ++out.shown.back().second;
  }
  return out;
}

/// The share of a catalogue of so many items that is shown to anybody.
[[nodiscard]] inline double coverage(const scoreboard& s, std::size_t items) {
  return items == 0 ? 0 : static_cast<double>(s.shown.size()) / static_cast<double>(items);
}

/// How unevenly items are shown: the Gini index over a catalogue of so many items; 0: all alike, 1:
/// one has everything. Items that are never shown count.
[[nodiscard]] inline double gini(const scoreboard& s, std::size_t items) {
  std::vector<std::uint32_t> counts;
  counts.reserve(s.shown.size());
  for (const auto& [item, count] : s.shown) counts.push_back(count);
  std::sort(counts.begin(), counts.end());
  if (items < counts.size()) items = counts.size();
  double weighted = 0, sum = 0;
  for (std::size_t n = 0; n < counts.size(); ++n) {
    const auto rank = static_cast<double>(items - counts.size() + n + 1);
    weighted += rank * counts[n];
    sum += counts[n];
  }
  const auto all = static_cast<double>(items);
  return sum == 0 ? 0 : 2 * weighted / (all * sum) - (all + 1) / all;
}

/// Mean self-information of what is shown, in bits: −log2 of the share of users who have the item.
/// `users_of(item)` counts them; items that nobody has count as one's.
template <class UsersOf>
[[nodiscard]] double novelty(const scoreboard& s, std::size_t users, const UsersOf& users_of) {
  double bits = 0, shown = 0;
  for (const auto& entry : s.shown) {
    const auto have = (std::max)(1.0, static_cast<double>(users_of(entry.first)));
    bits += entry.second * std::log2(static_cast<double>((std::max)(users, std::size_t{1})) / have);
    shown += entry.second;
  }
  return shown == 0 ? 0 : bits / shown;
}

}  // namespace tailor::inline v0::evaluate

#endif  // TAILOR_EVALUATE_SCOREBOARD_HPP
