#ifndef TAILOR_SIMILAR_SPARSE_ROWS_HPP
#define TAILOR_SIMILAR_SPARSE_ROWS_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../core/config.hpp"

namespace tailor::inline v0::similar {

/// A matrix of zeroes and ones by rows: row r holds `columns[begin[r]] … columns[begin[r + 1] -
/// 1]`, ascending and distinct. Fewer than 2^32 ones.
struct sparse_rows {
  std::vector<std::uint32_t> begin{0};
  std::vector<std::uint32_t> columns;

  [[nodiscard]] std::size_t rows() const { return begin.size() - 1; }
  [[nodiscard]] std::size_t entries() const { return columns.size(); }
  [[nodiscard]] std::uint32_t size_of(std::size_t row) const { return begin[row + 1] - begin[row]; }
  [[nodiscard]] std::span<const std::uint32_t> operator[](std::size_t row) const {
    return {columns.data() + begin[row], size_of(row)};
  }
  friend bool operator==(const sparse_rows&, const sparse_rows&) = default;
};

/// In how many rows each column is. Precondition: all columns are below `column_count`.
[[nodiscard]] inline std::vector<std::uint32_t> column_sizes(const sparse_rows& m,
                                                             std::size_t column_count) {
  std::vector<std::uint32_t> sizes(column_count);
  for (const std::uint32_t c : m.columns) ++sizes[c];
  return sizes;
}

/// Rows become columns. Precondition: all columns are below `column_count`. Cost: O(entries).
[[nodiscard]] inline sparse_rows transposed(const sparse_rows& m, std::size_t column_count) {
  sparse_rows out;
  out.begin.assign(column_count + 1, 0);
  out.columns.resize(m.entries());
  for (const std::uint32_t c : m.columns) ++out.begin[c + 1];
  for (std::size_t c = 0; c < column_count; ++c) out.begin[c + 1] += out.begin[c];
  std::vector<std::uint32_t> next(out.begin.begin(), out.begin.end() - 1);
  for (std::size_t r = 0; r < m.rows(); ++r) {
    for (const std::uint32_t c : m[r]) out.columns[next[c]++] = static_cast<std::uint32_t>(r);
  }
  return out;
}

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_SPARSE_ROWS_HPP
