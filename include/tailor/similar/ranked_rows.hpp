#ifndef TAILOR_SIMILAR_RANKED_ROWS_HPP
#define TAILOR_SIMILAR_RANKED_ROWS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include "../core/contract.hpp"
#include "../core/executor.hpp"
#include "raw_array.hpp"
#include "sparse_rows.hpp"

namespace tailor::inline v0::similar {

/// Rows and their columns laid out for counting pairs. Columns are renamed by rank: ascending by
/// the number of rows they are in, then by index; so among equal counts a smaller rank is the
/// better neighbour for many measures, and small counters can be used for the rare. A row is packed
/// as its length and its ranks, and the column lists hold the place of that directly: one cache
/// miss per row visited. With an `Id` of 16 bits, a row is packed in blocks of ranks that these can
/// tell apart, one after another.
template <class Id>
struct ranked_rows {
  static_assert(std::is_same_v<Id, std::uint16_t> || std::is_same_v<Id, std::uint32_t>);

  /// Ranks of one block. Its length can be told, too.
  static constexpr std::size_t block = std::is_same_v<Id, std::uint16_t> ? 65472 : UINT32_MAX;
  /// More blocks than these cost more than they save.
  static constexpr std::size_t max_columns = 3 * block;

  std::vector<std::uint32_t> column_at;   ///< by rank
  std::vector<std::uint32_t> degree;      ///< by rank, ascending
  std::vector<std::uint32_t> begin;       ///< by rank, of its part of `places`; one more
  raw_array<std::uint32_t> places;        ///< in `packed`, of the rows of each rank
  raw_array<Id> packed;                   ///< rows of two and more columns
  std::uint32_t blocks = 1;               ///< of every row
  std::vector<std::uint32_t> row_places;  ///< of all rows in `packed`, ascending
  std::vector<std::uint64_t> work;        ///< by rank: Σ over its rows of the other columns

  template <executor Executor>
  ranked_rows(const sparse_rows& m, std::size_t columns, Executor& pool) {
    std::vector<std::uint32_t> degree_of = column_sizes(m, columns);
    const std::vector<std::uint32_t> rank_of = sort_by_degree(degree_of);

    std::vector<std::uint32_t> place(m.rows());
    blocks = static_cast<std::uint32_t>((columns + block - 1) / block);
    std::size_t packed_size = 0;
    for (std::size_t r = 0; r < m.rows(); ++r) {
      place[r] = static_cast<std::uint32_t>(packed_size);
      if (m.size_of(r) < 2) continue;
      row_places.push_back(place[r]);
      packed_size += m.size_of(r) + blocks;
    }
    TAILOR_EXPECTS(packed_size <= UINT32_MAX);
    packed = raw_array<Id>(packed_size);
    pool.for_each_chunk(m.rows(), 2048, [&](std::size_t from, std::size_t to, std::size_t) {
      for (std::size_t r = from; r < to; ++r) {
        if (m.size_of(r) < 2) continue;
        Id* out = packed.data() + place[r];
        for (std::size_t base = 0; base < columns; base += block) {
          Id* const length = out++;
          for (const std::uint32_t c : m[r]) {
            const std::size_t rank = rank_of[c] - base;
            *out = static_cast<Id>(rank);
            out += rank < block;
          }
          *length = static_cast<Id>(out - length - 1);
        }
      }
    });

    begin.resize(columns + 1);
    for (std::size_t rank = 0; rank < columns; ++rank) begin[rank + 1] = begin[rank] + degree[rank];
    places = raw_array<std::uint32_t>(m.entries());
    work.resize(columns);
    // Rows of one column lead to no pair: their places stay unused, at the end of each list.
    used_.assign(begin.begin(), begin.end() - 1);
    for (std::size_t r = 0; r < m.rows(); ++r) {
      if (m.size_of(r) < 2) continue;
      for_each_part(place[r], [&](std::span<const Id> part, std::size_t base) {
        for (const Id id : part) {
          const std::size_t rank = base + id;
          places[used_[rank]++] = place[r];
          work[rank] += m.size_of(r) - 1;
        }
      });
    }
  }

  /// Calls `f(ids, base)` for each block of the row at a place; ranks are base + id.
  template <class F>
  void for_each_part(std::uint32_t at, F&& f) const {
    for_each_part(packed.data() + at, blocks, f);
  }
  /// Calls `f(place, ids, base)` for each block of each of rows_of(rank), while the next rows come
  /// from memory.
  template <class F>
  void for_each_part_of(std::size_t rank, F&& f) const {
    constexpr std::size_t ahead = 8;
    // Copies, so that the compiler sees that what f writes does not change them.
    const std::span<const std::uint32_t> all = rows_of(rank);
    const Id* const rows = packed.data();
    const std::uint32_t count = blocks;
    for (std::size_t n = 0; n < all.size(); ++n) {
      if (n + ahead < all.size()) __builtin_prefetch(rows + all[n + ahead]);
      const std::uint32_t at = all[n];
      for_each_part(rows + at, count,
                    [&](std::span<const Id> part, std::size_t base) { f(at, part, base); });
    }
  }
  [[nodiscard]] std::uint32_t size_at(std::uint32_t at) const {
    std::uint32_t size = 0;
    for_each_part(at, [&](std::span<const Id> part, std::size_t) {
      size += static_cast<std::uint32_t>(part.size());
    });
    return size;
  }

  [[nodiscard]] std::size_t columns() const { return degree.size(); }
  /// Places of the rows of a column that have other columns too.
  [[nodiscard]] std::span<const std::uint32_t> rows_of(std::size_t rank) const {
    return {places.data() + begin[rank], used_[rank] - begin[rank]};
  }

  /// For each row of rows_of(rank), how many other columns it has.
  [[nodiscard]] std::vector<std::uint32_t> row_sizes(std::size_t rank) const {
    std::vector<std::uint32_t> out;
    for (const std::uint32_t at : rows_of(rank)) out.push_back(size_at(at) - 1);
    return out;
  }

 private:
  std::vector<std::uint32_t> used_;

  template <class F>
  static void for_each_part(const Id* part, std::uint32_t count, F&& f) {
    f(std::span<const Id>(part + 1, part[0]), std::size_t{0});
    for (std::uint32_t b = 1; b < count; ++b) {
      part += std::size_t{part[0]} + 1;
      f(std::span<const Id>(part + 1, part[0]), b * block);
    }
  }

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
