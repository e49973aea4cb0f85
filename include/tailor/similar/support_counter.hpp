#ifndef TAILOR_SIMILAR_SUPPORT_COUNTER_HPP
#define TAILOR_SIMILAR_SUPPORT_COUNTER_HPP

#include <cstddef>
#include <cstdint>
#include <vector>

#include "incidence.hpp"

namespace tailor::inline v0::similar {

/// The rows of each item, those of one shopper side by side.
class owned_rows {
 public:
  explicit owned_rows(const incidence& rows) : rows_(&rows) {
    sparse_rows owner_of;
    for (std::uint32_t r = 0; r < rows.rows().rows(); ++r) {
      owner_of.columns.push_back(rows.owner_of(r));
      owner_of.begin.push_back(r + 1);
    }
    const sparse_rows rows_of_owner = transposed(owner_of, rows.rows().rows());
    rows_of_.begin.assign(rows.items().size() + 1, 0);
    rows_of_.columns.resize(rows.rows().entries());
    for (const std::uint32_t i : rows.rows().columns) ++rows_of_.begin[i + 1];
    for (std::size_t i = 0; i < rows.items().size(); ++i) {
      rows_of_.begin[i + 1] += rows_of_.begin[i];
    }
    std::vector<std::uint32_t> next(rows_of_.begin.begin(), rows_of_.begin.end() - 1);
    for (const std::uint32_t r : rows_of_owner.columns) {
      for (const std::uint32_t i : rows.rows()[r]) rows_of_.columns[next[i]++] = r;
    }
  }

  [[nodiscard]] std::size_t items() const { return rows_of_.rows(); }

  /// Calls `f(other, shopper)` for the items of each row of an item, shopper by shopper.
  template <class F>
  void for_each(std::uint32_t item, F&& f) const {
    for (const std::uint32_t r : rows_of_[item]) {
      for (const std::uint32_t other : rows_->rows()[r]) f(other, rows_->owner_of(r));
    }
  }

 private:
  const incidence* rows_;
  sparse_rows rows_of_;
};

/// How many distinct shoppers have a row with both of two items, for all partners of one item at a
/// time. One per thread.
class support_counter {
 public:
  explicit support_counter(const owned_rows& rows) : rows_(&rows), cells_(rows.items()) {}

  /// Counts the partners of an item. Cost: Σ over its rows of their items.
  void count(std::uint32_t item) {
    for (const std::uint32_t other : touched_) cells_[other] = {};
    touched_.clear();
    rows_->for_each(item, [this](std::uint32_t other, std::uint32_t shopper) {
      cell& c = cells_[other];
      if (c.shoppers != 0 && c.last == shopper) return;
      if (c.shoppers++ == 0) touched_.push_back(other);
      c.last = shopper;
    });
  }
  [[nodiscard]] std::uint32_t with(std::uint32_t other) const { return cells_[other].shoppers; }

 private:
  struct cell {
    std::uint32_t shoppers = 0;
    std::uint32_t last = 0;
  };

  const owned_rows* rows_;
  std::vector<cell> cells_;  // by item
  std::vector<std::uint32_t> touched_;
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_SUPPORT_COUNTER_HPP
