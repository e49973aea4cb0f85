#ifndef TAILOR_SEGMENT_CELLS_HPP
#define TAILOR_SEGMENT_CELLS_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "../core/bytes.hpp"
#include "../core/contract.hpp"
#include "../core/int128.hpp"
#include "../core/result.hpp"
#include "cell_grid.hpp"

namespace tailor::inline v0::segment {

/// The grid that points are gathered on.
struct cell_options {
  std::size_t columns = 3;  ///< numbers per point, 1 to 1024
  int width_log2 = -3;      ///< a cell is 2^this wide in each column; -12 to 12
  std::size_t max_cells = 20'000;

  friend bool operator==(const cell_options&, const cell_options&) = default;
};

/// Points as clusters are fitted on them: the mean of each cell, and how many points it stands for.
struct cell_means {
  std::vector<double> points;   ///< row after row, ascending by place on the grid
  std::vector<double> weights;  ///< one per row
  /// Sum of squared distances of all points from the means of their cells: to be added to the
  /// weighted inertia of any centres, it gives the inertia over the points themselves.
  double scatter = 0;
};

/// Points too many to keep, summed up by the cells of a fixed grid: count, sum and sum of squares
/// of each cell. Coordinates are rounded to multiples of 2^-16 and summed as whole numbers, so that
/// points can be taken out again and shards add up exactly, in any order. Scale columns before.
/// Memory: about 100 + 16 · columns bytes per cell. Cost: O(columns · log cells) a point.
/// T. Zhang, R. Ramakrishnan and M. Livny, "BIRCH", SIGMOD 1996, doi:10.1145/233269.233324, for the
/// three sums; the grid in place of a tree is what makes them independent of the order.
class cells {
 public:
  static constexpr const char* section = "cluster cells";
  static constexpr std::uint32_t format = 1;
  using forgets_by_replay = void;  // knows no shoppers: their points are retracted

  /// Precondition: options within their ranges.
  explicit cells(const cell_options& options = {})
      : options_(options), grid_(options.columns, options.width_log2) {
    TAILOR_EXPECTS(cell_grid::sound(options.columns, options.width_log2));
  }

  [[nodiscard]] const cell_options& options() const { return options_; }
  [[nodiscard]] std::size_t size() const { return cells_.size(); }
  [[nodiscard]] std::int64_t points() const { return points_; }
  /// How wide a cell is by now.
  [[nodiscard]] double width() const { return std::ldexp(1.0, grid_.width_log2()); }

  /// Adds a point. malformed when it has another number of columns, not_finite and out_of_range
  /// (beyond 2^31) with the column, full when it would need one cell too many: `coarsen` then and
  /// try again. overflow when the cell can hold no more (2^62 / columns / 4^(16 + width_log2)).
  template <class Real>
  status observe(std::span<const Real> point) {
    if (const status s = locate(point); !s) return s;
    const auto at = cells_.find(key_);
    if (at == cells_.end()) {
      if (cells_.size() >= options_.max_cells) return errc::full;
      cells_.emplace(key_, cell{1, squares_, rest_});
    } else {
      cell& c = at->second;
      if (c.count >= grid_.room()) return errc::overflow;
      ++c.count;
      c.squares += squares_;
      for (std::size_t j = 0; j < rest_.size(); ++j) c.sums[j] += rest_[j];
    }
    ++points_;
    return {};
  }

  /// Takes a point away. Errors as observe; unknown when no such point can be in the cell: nothing
  /// changes then. A point that was never added, but could have been, is not noticed.
  template <class Real>
  status retract(std::span<const Real> point) {
    if (const status s = locate(point); !s) return s;
    const auto at = cells_.find(key_);
    if (at == cells_.end()) return errc::unknown;
    cell left = at->second;
    --left.count;
    left.squares -= squares_;
    for (std::size_t j = 0; j < rest_.size(); ++j) left.sums[j] -= rest_[j];
    if (!possible(left)) return errc::unknown;
    if (left.count == 0) {
      cells_.erase(at);
    } else {
      at->second = std::move(left);
    }
    --points_;
    return {};
  }

  /// Makes cells twice as wide, now and for points that come later: loses detail, not counts;
  /// cannot be undone. out_of_range at the widest (2^12), overflow when a cell could not hold its
  /// points: nothing changes then.
  status coarsen() {
    if (grid_.width_log2() >= cell_grid::widest) return errc::out_of_range;
    const cell_grid next(options_.columns, grid_.width_log2() + 1);
    std::map<std::vector<std::int64_t>, cell> wider;
    for (const auto& [key, c] : cells_) {
      if (const status s = fold(wider, key, c, next); !s) return s;
    }
    grid_ = next;
    cells_ = std::move(wider);
    return {};
  }

  /// Adds the points of another shard; the wider of the two grids is kept. conflict when columns,
  /// or the widths to begin with, differ; full and overflow as above: nothing changes then.
  status merge(const cells& other) {
    if (!(options_ == other.options_)) return errc::conflict;
    cells sum = *this;
    cells added = other;
    while (sum.grid_.bits() < added.grid_.bits()) {
      if (const status s = sum.coarsen(); !s) return s;
    }
    while (added.grid_.bits() < sum.grid_.bits()) {
      if (const status s = added.coarsen(); !s) return s;
    }
    for (const auto& [key, c] : added.cells_) {
      if (const status s = join(sum.cells_[key], c, sum.grid_.room()); !s) return s;
    }
    if (sum.cells_.size() > options_.max_cells) return errc::full;
    sum.points_ += added.points_;
    *this = std::move(sum);
    return {};
  }

  friend bool operator==(const cells& a, const cells& b) {
    return a.options_ == b.options_ && a.grid_ == b.grid_ && a.points_ == b.points_ &&
           a.cells_ == b.cells_;
  }

  /// Cost: O(cells · columns).
  [[nodiscard]] cell_means means() const {
    cell_means out;
    out.points.reserve(cells_.size() * options_.columns);
    out.weights.reserve(cells_.size());
    for (const auto& [key, c] : cells_) {
      const auto count = static_cast<double>(c.count);
      int128 spread = int128{c.squares} * c.count;  // below 2^124
      for (std::size_t j = 0; j < key.size(); ++j) {
        const double corner = std::ldexp(static_cast<double>(key[j]), grid_.bits());
        out.points.push_back(
            std::ldexp(corner + static_cast<double>(c.sums[j]) / count, -cell_grid::fraction_bits));
        spread -= int128{c.sums[j]} * c.sums[j];
      }
      out.weights.push_back(count);
      out.scatter += std::ldexp(static_cast<double>(spread) / count, -2 * cell_grid::fraction_bits);
    }
    return out;
  }

  void encode(byte_writer& out) const {
    out.u32(static_cast<std::uint32_t>(options_.columns));
    out.i64(options_.width_log2);
    out.u64(options_.max_cells);
    out.i64(grid_.width_log2());
    out.u64(cells_.size());
    for (const auto& [key, c] : cells_) {
      for (const std::int64_t k : key) out.i64(k);
      out.i64(c.count);
      out.i64(c.squares);
      for (const std::int64_t s : c.sums) out.i64(s);
    }
  }

  [[nodiscard]] static result<cells> decode(byte_reader& in) {
    cell_options options;
    options.columns = in.u32();
    const std::int64_t first = in.i64();
    options.max_cells = static_cast<std::size_t>(in.u64());
    const std::int64_t width = in.i64();
    options.width_log2 = static_cast<int>(std::clamp<std::int64_t>(first, -99, 99));
    if (in.ok() && (!cell_grid::sound(options.columns, options.width_log2) || width < first ||
                    width > cell_grid::widest)) {
      in.fail(errc::corrupt, "grid");
    }
    const std::uint64_t count = in.u64();
    if (in.ok() && count > in.remaining() / (16 * (options.columns + 1))) {
      in.fail(errc::truncated, "cells");
    }
    if (in.ok() && count > options.max_cells) in.fail(errc::corrupt, "cells");
    if (!in.ok()) return in.error();
    cells out(options);
    out.grid_ = cell_grid(options.columns, static_cast<int>(width));
    for (std::uint64_t n = 0; n < count; ++n) {
      std::vector<std::int64_t> key(options.columns);
      cell c{0, 0, std::vector<std::int64_t>(options.columns)};
      in.array(std::span<std::int64_t>(key));
      c.count = in.i64();
      c.squares = in.i64();
      in.array(std::span<std::int64_t>(c.sums));
      const bool after = out.cells_.empty() || out.cells_.rbegin()->first < key;
      if (!after || !out.grid_.holds(key) || c.count <= 0 || c.count > out.grid_.room() ||
          c.count > INT64_MAX - out.points_ || !out.possible(c)) {
        return error{errc::corrupt, "cell", in.offset()};
      }
      out.points_ += c.count;
      out.cells_.emplace_hint(out.cells_.end(), std::move(key), std::move(c));
    }
    return out;
  }

 private:
  struct cell {
    std::int64_t count = 0;
    std::int64_t squares = 0;        // of the places within the cell
    std::vector<std::int64_t> sums;  // likewise, from its lower corner
    friend bool operator==(const cell&, const cell&) = default;
  };

  /// Whether so many points of this cell can have these sums.
  [[nodiscard]] bool possible(const cell& c) const {
    if (c.count < 0) return false;
    const std::int64_t most = (std::int64_t{1} << grid_.bits()) - 1;
    int128 sum = 0;
    int128 least = 0;
    for (const std::int64_t s : c.sums) {
      if (s < 0 || s > int128{most} * c.count) return false;
      sum += s;
      least += int128{s} * s;
    }
    return c.squares <= sum * most && int128{c.squares} * c.count >= least;
  }

  /// Sets key_, rest_ and squares_ to where the point lies.
  template <class Real>
  status locate(std::span<const Real> point) {
    key_.resize(options_.columns);
    rest_.resize(options_.columns);
    squares_ = 0;
    if (const status s = grid_.locate(point, key_, rest_); !s) return s;
    for (const std::int64_t r : rest_) squares_ += r * r;
    return {};
  }

  static status join(cell& into, const cell& c, std::int64_t room) {
    if (c.count > room - into.count) return errc::overflow;
    into.sums.resize(c.sums.size());
    into.count += c.count;
    into.squares += c.squares;
    for (std::size_t j = 0; j < c.sums.size(); ++j) into.sums[j] += c.sums[j];
    return {};
  }

  /// Adds a cell to the one twice as wide that it lies in.
  static status fold(std::map<std::vector<std::int64_t>, cell>& wider,
                     std::span<const std::int64_t> key, cell c, const cell_grid& next) {
    if (c.count > next.room()) return errc::overflow;
    std::vector<std::int64_t> up(key.size());
    const std::int64_t half = std::int64_t{1} << (next.bits() - 1);
    for (std::size_t j = 0; j < key.size(); ++j) {
      up[j] = key[j] >> 1;
      if ((key[j] & 1) == 0) continue;
      c.squares += 2 * half * c.sums[j] + half * half * c.count;
      c.sums[j] += half * c.count;
    }
    return join(wider[std::move(up)], c, next.room());
  }

  cell_options options_;
  cell_grid grid_;
  std::int64_t points_ = 0;
  std::map<std::vector<std::int64_t>, cell> cells_;  // ordered: bytes may not depend on hash order
  std::vector<std::int64_t> key_;                    // of the point at hand, as are the next two
  std::vector<std::int64_t> rest_;
  std::int64_t squares_ = 0;
};

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_CELLS_HPP
