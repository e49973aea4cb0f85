#ifndef TAILOR_SIMILAR_RANKED_ROWS_HPP
#define TAILOR_SIMILAR_RANKED_ROWS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../core/executor.hpp"
#include "raw_array.hpp"
#include "sparse_rows.hpp"

namespace tailor::inline v0::similar {

/// Rows and their columns laid out for counting pairs. Columns are renamed by rank: ascending by
/// the number of rows they are in, then by index; so among equal counts a smaller rank is the
/// better neighbour for many measures, and small counters can be used for the rare. A row is packed
/// as its length and its ranks, of which each row's column lists hold the place directly: one cache
/// miss per row visited. `Id` holds every rank and every length of a row.
template <class Id>
struct ranked_rows {
  std::vector<std::uint32_t> column_at;  ///< by rank
  std::vector<std::uint32_t> degree;     ///< by rank, ascending
  std::vector<std::uint32_t> begin;      ///< by rank, of its part of `places`; one more
  raw_array<std::uint32_t> places;       ///< in `packed`, of the rows of each rank
  raw_array<Id> packed;                  ///< rows of two and more columns
  std::vector<std::uint64_t> work;       ///< by rank: Σ over its rows of the other columns

  template <executor Executor>
  ranked_rows(const sparse_rows& m, std::size_t columns, Executor& pool) {
    std::vector<std::uint32_t> degree_of = column_sizes(m, columns);
    const std::vector<std::uint32_t> rank_of = sort_by_degree(degree_of);

    std::vector<std::uint32_t> place(m.rows());
    std::uint32_t packed_size = 0;
    for (std::size_t r = 0; r < m.rows(); ++r) {
      place[r] = packed_size;
      if (m.size_of(r) > 1) packed_size += m.size_of(r) + 1;
    }
    packed = raw_array<Id>(packed_size);
    pool.for_each_chunk(m.rows(), 2048, [&](std::size_t from, std::size_t to, std::size_t) {
      for (std::size_t r = from; r < to; ++r) {
        if (m.size_of(r) < 2) continue;
        Id* out = packed.data() + place[r];
        *out++ = static_cast<Id>(m.size_of(r));
        for (const std::uint32_t c : m[r]) *out++ = static_cast<Id>(rank_of[c]);
      }
    });

    begin.resize(columns + 1);
    for (std::size_t rank = 0; rank < columns; ++rank) begin[rank + 1] = begin[rank] + degree[rank];
    places = raw_array<std::uint32_t>(m.entries());
    work.resize(columns);
    // Rows of one column lead to no pair: their places stay unused, at the end of each list.
    used_.assign(begin.begin(), begin.end() - 1);
    for (std::uint32_t at = 0; at < packed_size;) {
      const std::uint32_t size = packed[at];
      for (std::uint32_t n = 1; n <= size; ++n) {
        const Id rank = packed[at + n];
        places[used_[rank]++] = at;
        work[rank] += size - 1;
      }
      at += size + 1;
    }
  }

  [[nodiscard]] std::size_t columns() const { return degree.size(); }
  /// Places of the rows of a column that have other columns too.
  [[nodiscard]] std::span<const std::uint32_t> rows_of(std::size_t rank) const {
    return {places.data() + begin[rank], used_[rank] - begin[rank]};
  }

  /// For each row of rows_of(rank), how many other columns it has.
  [[nodiscard]] std::vector<std::uint32_t> row_sizes(std::size_t rank) const {
    std::vector<std::uint32_t> out;
    for (const std::uint32_t at : rows_of(rank)) out.push_back(std::uint32_t{packed[at]} - 1);
    return out;
  }

 private:
  std::vector<std::uint32_t> used_;

  /// Fills `column_at` and `degree`; the rank of each column.
  std::vector<std::uint32_t> sort_by_degree(const std::vector<std::uint32_t>& degree_of) {
    std::uint32_t most = 0;
    for (const std::uint32_t d : degree_of) most = (std::max)(most, d);
    std::vector<std::uint32_t> next(std::size_t{most} + 2);
    for (const std::uint32_t d : degree_of) ++next[std::size_t{d} + 1];
    for (std::size_t d = 0; d <= most; ++d) next[d + 1] += next[d];
    std::vector<std::uint32_t> rank_of(degree_of.size());
    column_at.resize(degree_of.size());
    degree.resize(degree_of.size());
    for (std::uint32_t c = 0; c < degree_of.size(); ++c) {
      const std::uint32_t rank = next[degree_of[c]]++;
      rank_of[c] = rank;
      column_at[rank] = c;
      degree[rank] = degree_of[c];
    }
    return rank_of;
  }
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_RANKED_ROWS_HPP
