#ifndef TAILOR_SIMILAR_INCIDENCE_HPP
#define TAILOR_SIMILAR_INCIDENCE_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "../core/ids.hpp"
#include "../core/result.hpp"
#include "sparse_rows.hpp"

namespace tailor::inline v0::similar {

/// Which items occur together: rows are shoppers, orders or sessions, and a row holds the distinct
/// items it has. Inside, items go by index into a dictionary that ascends by id. A row may name the
/// shopper it belongs to, so that people can be counted where rows are orders.
/// Memory: 4 bytes per entry, 4 to 8 per row, 8 per item.
class incidence {
 public:
  /// That a row has an item.
  struct cell {
    std::uint32_t row = 0;
    item_id item{};
  };

  incidence() = default;

  /// From single cells in any order; repeated ones count once. `owners[r]` is the shopper of row r,
  /// any number below the number of rows; when left out, every row is a shopper of its own.
  /// out_of_range: a row at or above `row_count`, or such an owner; malformed: `no_item`; conflict:
  /// the number of owners is not that of rows; full: 2^32 rows and cells or more. `at` is the index
  /// of the first fault. Cost: O(cells · log cells).
  [[nodiscard]] static result<incidence> make(std::span<const cell> cells, std::uint32_t row_count,
                                              std::vector<std::uint32_t> owners = {}) {
    if (cells.size() > UINT32_MAX) return error{errc::full, "incidence cells", cells.size()};
    std::vector<item_id> items;
    items.reserve(cells.size());
    for (std::size_t n = 0; n < cells.size(); ++n) {
      if (cells[n].row >= row_count) return error{errc::out_of_range, "incidence row", n};
      if (cells[n].item == no_item) return error{errc::malformed, "incidence item", n};
      items.push_back(cells[n].item);
    }
    std::sort(items.begin(), items.end());
    items.erase(std::unique(items.begin(), items.end()), items.end());
    items.shrink_to_fit();

    sparse_rows rows;
    rows.begin.assign(std::size_t{row_count} + 1, 0);
    rows.columns.resize(cells.size());
    for (const cell& c : cells) ++rows.begin[std::size_t{c.row} + 1];
    for (std::size_t r = 0; r < row_count; ++r) rows.begin[r + 1] += rows.begin[r];
    std::vector<std::uint32_t> next(rows.begin.begin(), rows.begin.end() - 1);
    for (const cell& c : cells) {
      const auto at = std::lower_bound(items.begin(), items.end(), c.item);
      rows.columns[next[c.row]++] = static_cast<std::uint32_t>(at - items.begin());
    }
    std::uint32_t kept = 0;
    std::uint32_t begin = 0;
    for (std::size_t r = 0; r < row_count; ++r) {
      const std::uint32_t end = rows.begin[r + 1];
      const auto first = rows.columns.begin() + begin;
      std::sort(first, rows.columns.begin() + end);
      for (std::uint32_t n = begin; n < end; ++n) {
        if (n > begin && rows.columns[n] == rows.columns[n - 1]) continue;
        rows.columns[kept++] = rows.columns[n];
      }
      begin = end;
      rows.begin[r + 1] = kept;
    }
    rows.columns.resize(kept);
    return make(std::move(rows), std::move(items), std::move(owners));
  }

  /// From rows in their final form. malformed: the dictionary or a row does not strictly ascend, or
  /// the row limits are not those of the columns; out_of_range: a column outside the dictionary, or
  /// an owner at or above the number of rows; conflict: the number of owners is not that of rows;
  /// full: 2^32 rows and columns or more.
  /// `at` is the index of the first fault. Cost: O(size).
  [[nodiscard]] static result<incidence> make(sparse_rows rows, std::vector<item_id> items,
                                              std::vector<std::uint32_t> owners = {}) {
    if (const status s = check(rows, items, owners); !s) return s.error();
    incidence out;
    out.rows_ = std::move(rows);
    out.items_ = std::move(items);
    out.owners_ = std::move(owners);
    for (std::size_t r = 0; r < out.rows_.rows(); ++r) {
      out.population_ += out.rows_.size_of(r) != 0;
    }
    return out;
  }

  [[nodiscard]] const sparse_rows& rows() const { return rows_; }
  /// The dictionary: ascending, the index of an item in it is its column.
  [[nodiscard]] std::span<const item_id> items() const { return items_; }
  /// Rows with at least one item.
  [[nodiscard]] std::int64_t population() const { return population_; }

  [[nodiscard]] std::optional<std::uint32_t> find(item_id item) const {
    const auto at = std::lower_bound(items_.begin(), items_.end(), item);
    if (at == items_.end() || *at != item) return std::nullopt;
    return static_cast<std::uint32_t>(at - items_.begin());
  }

  /// Whether several rows may belong to one shopper.
  [[nodiscard]] bool has_owners() const { return !owners_.empty(); }
  [[nodiscard]] std::uint32_t owner_of(std::uint32_t row) const {
    return owners_.empty() ? row : owners_[row];
  }

  friend bool operator==(const incidence&, const incidence&) = default;

 private:
  [[nodiscard]] static status check(const sparse_rows& rows, const std::vector<item_id>& items,
                                    const std::vector<std::uint32_t>& owners) {
    for (std::size_t i = 1; i < items.size(); ++i) {
      if (!(items[i - 1] < items[i])) return error{errc::malformed, "incidence items", i};
    }
    if (!items.empty() && items.back() == no_item) {
      return error{errc::malformed, "incidence items", items.size() - 1};
    }
    if (rows.begin.empty() || rows.begin.front() != 0 || rows.begin.back() != rows.entries() ||
        rows.begin.size() > UINT32_MAX) {
      return error{errc::malformed, "incidence rows", 0};
    }
    if (rows.begin.size() + rows.entries() > UINT32_MAX) {
      return error{errc::full, "incidence cells", rows.entries()};
    }
    for (std::size_t r = 0; r < rows.rows(); ++r) {
      if (rows.begin[r] > rows.begin[r + 1] || rows.begin[r + 1] > rows.entries()) {
        return error{errc::malformed, "incidence rows", r};
      }
      for (std::uint32_t n = rows.begin[r]; n < rows.begin[r + 1]; ++n) {
        if (rows.columns[n] >= items.size()) return error{errc::out_of_range, "incidence item", r};
        if (n > rows.begin[r] && rows.columns[n - 1] >= rows.columns[n]) {
          return error{errc::malformed, "incidence row", r};
        }
      }
    }
    if (!owners.empty() && owners.size() != rows.rows()) {
      return error{errc::conflict, "incidence owners", owners.size()};
    }
    for (std::size_t r = 0; r < owners.size(); ++r) {
      if (owners[r] >= rows.rows()) return error{errc::out_of_range, "incidence owner", r};
    }
    return {};
  }

  sparse_rows rows_;
  std::vector<item_id> items_;
  std::vector<std::uint32_t> owners_;
  std::int64_t population_ = 0;
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_INCIDENCE_HPP
