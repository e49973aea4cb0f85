#ifndef TAILOR_SIMILAR_PAIR_TALLY_HPP
#define TAILOR_SIMILAR_PAIR_TALLY_HPP

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "../core/executor.hpp"
#include "incidence.hpp"

namespace tailor::inline v0::similar {

/// In how many rows an item is together with the item of the moment.
struct pair_count {
  std::uint32_t other = 0;
  std::uint32_t both = 0;
  friend bool operator==(const pair_count&, const pair_count&) = default;
};

enum class pair_order : std::uint8_t {
  both_ways,  ///< every pair from each of its two items
  once,       ///< from the item with the smaller index only: half the work
};

/// Counts all pairs of an incidence: calls `f(item, pairs, worker)` for each item that shares a row
/// with another, with all its partners ascending; items are indices. Items come in any order, from
/// the threads of the executor. A counter per item, no hash table: each row of the matrix of counts
/// is made at a time, and forgotten. Memory: 16 bytes per item and thread, 12 per entry.
/// Cost: Σ over the rows of (items in the row)², half of that for `once`.
template <class F, executor Executor = serial_executor>
void tally_pairs(const incidence& m, pair_order order, F&& f, Executor&& pool = {}) {
  struct part {
    std::uint32_t begin = 0;  // in the columns: of a row of the item, or of what follows it there
    std::uint32_t end = 0;
  };
  const sparse_rows& rows = m.rows();
  const std::size_t items = m.items().size();
  std::vector<std::uint32_t> begin(items + 1);
  for (const std::uint32_t i : rows.columns) ++begin[std::size_t{i} + 1];
  for (std::size_t i = 0; i < items; ++i) begin[i + 1] += begin[i];
  std::vector<part> parts(rows.entries());
  {
    std::vector<std::uint32_t> next(begin.begin(), begin.end() - 1);
    for (std::size_t r = 0; r < rows.rows(); ++r) {
      for (std::uint32_t n = rows.begin[r]; n < rows.begin[r + 1]; ++n) {
        parts[next[rows.columns[n]]++] = {order == pair_order::once ? n + 1 : rows.begin[r],
                                          rows.begin[r + 1]};
      }
    }
  }

  struct worker {
    std::vector<std::uint32_t> counts;  // by item; all 0 between items
    std::vector<std::uint64_t> words;   // a bit per item that is counted
    std::vector<pair_count> pairs;
  };
  std::vector<worker> workers(pool.concurrency());
  pool.for_each_chunk(items, 64, [&](std::size_t first, std::size_t last, std::size_t number) {
    worker& w = workers[number];
    w.counts.resize(items);
    w.words.resize(items / 64 + 1);
    for (auto item = static_cast<std::uint32_t>(first); item < last; ++item) {
      for (std::uint32_t p = begin[item]; p < begin[item + 1]; ++p) {
        if (p + 8 < begin[item + 1]) __builtin_prefetch(rows.columns.data() + parts[p + 8].begin);
        for (std::uint32_t n = parts[p].begin; n < parts[p].end; ++n) {
          const std::uint32_t other = rows.columns[n];
          ++w.counts[other];
          w.words[other / 64] |= std::uint64_t{1} << other % 64;
        }
      }
      w.counts[item] = 0;
      w.words[item / 64] &= ~(std::uint64_t{1} << item % 64);
      w.pairs.clear();
      const std::size_t from = order == pair_order::once ? item / 64 : 0;
      for (std::size_t word = from; word < w.words.size(); ++word) {
        for (std::uint64_t bits = std::exchange(w.words[word], 0); bits != 0; bits &= bits - 1) {
          const auto other = static_cast<std::uint32_t>(word * 64) +
                             static_cast<std::uint32_t>(std::countr_zero(bits));
          w.pairs.push_back({other, std::exchange(w.counts[other], 0)});
        }
      }
      if (!w.pairs.empty()) f(item, std::span<const pair_count>(w.pairs), number);
    }
  });
}

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_PAIR_TALLY_HPP
