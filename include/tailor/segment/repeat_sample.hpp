#ifndef TAILOR_SEGMENT_REPEAT_SAMPLE_HPP
#define TAILOR_SEGMENT_REPEAT_SAMPLE_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "../core/contract.hpp"
#include "../core/result.hpp"
#include "repeat_counts.hpp"
#include "repeat_history.hpp"

namespace tailor::inline v0::segment {

/// Shoppers as a fit sees them: equal histories once, with how many have them, in groups of equal
/// repeats; the times that occur in a table of their own, so that a logarithm is taken once for
/// each. Memory: 16 bytes per distinct history, 8 per distinct time.
class repeat_sample {
 public:
  struct cell {
    std::uint32_t last = 0;  ///< places in times()
    std::uint32_t age = 0;
    double shoppers = 0;
  };
  struct group {
    double repeats = 0;
    std::size_t end = 0;  ///< one past its last cell
  };

  repeat_sample() = default;

  /// Of rows as the host has them, in any order. Errors of `check` with the row; full beyond 2^31
  /// rows. Cost: O(n log n).
  [[nodiscard]] static result<repeat_sample> of(std::span<const repeat_history> rows) {
    if (rows.size() > std::size_t{INT32_MAX}) return errc::full;
    std::vector<entry> entries;
    entries.reserve(rows.size());
    for (std::size_t row = 0; row < rows.size(); ++row) {
      if (const status s = check(rows[row]); !s) {
        return error{s.code(), s.error().what, row};
      }
      entries.push_back({rows[row], 1});
    }
    const auto order = [](const repeat_history& h) { return std::tie(h.repeats, h.last, h.age); };
    std::sort(entries.begin(), entries.end(),
              [&](const entry& a, const entry& b) { return order(a.history) < order(b.history); });
    std::size_t kept = 0;
    for (const entry& e : entries) {
      if (kept > 0 && entries[kept - 1].history == e.history) {
        entries[kept - 1].shoppers += e.shoppers;
      } else {
        entries[kept++] = e;
      }
    }
    entries.resize(kept);
    return repeat_sample(entries);
  }

  /// Of counts, in a unit of so many ticks: 7 makes weeks of days. Errors as above, with the place
  /// of the key. Precondition: unit > 0 and finite. Cost: O(n log n).
  [[nodiscard]] static result<repeat_sample> of(const repeat_counts& counts, double unit) {
    TAILOR_EXPECTS(unit > 0 && unit < 1e300);
    if (counts.times().size() > std::size_t{INT32_MAX}) return errc::full;
    std::vector<entry> entries;
    entries.reserve(counts.times().size());
    for (const auto& [key, shoppers] : counts.times().counts()) {
      const entry e{{static_cast<double>(key.repeats), static_cast<double>(key.last) / unit,
                     static_cast<double>(key.age) / unit},
                    static_cast<double>(shoppers)};
      if (const status s = check(e.history); !s) {
        return error{s.code(), s.error().what, entries.size()};
      }
      entries.push_back(e);
    }
    return repeat_sample(entries);
  }

  [[nodiscard]] std::span<const cell> cells() const { return cells_; }
  /// Ascending by repeats; the cells of one begin where those of the one before end.
  [[nodiscard]] std::span<const group> groups() const { return groups_; }
  /// Ascending.
  [[nodiscard]] std::span<const double> times() const { return times_; }

  [[nodiscard]] double shoppers() const { return shoppers_; }
  /// Shoppers who bought again.
  [[nodiscard]] double repeaters() const { return repeaters_; }
  [[nodiscard]] double repeats() const { return repeats_; }
  [[nodiscard]] double mean_age() const { return mean_age_; }

 private:
  struct entry {
    repeat_history history;
    double shoppers = 0;
  };

  /// Of distinct histories in ascending order.
  explicit repeat_sample(const std::vector<entry>& entries) {
    times_.reserve(2 * entries.size());
    for (const entry& e : entries) {
      times_.push_back(e.history.last);
      times_.push_back(e.history.age);
    }
    std::sort(times_.begin(), times_.end());
    times_.erase(std::unique(times_.begin(), times_.end()), times_.end());
    const auto place = [this](double t) {
      return static_cast<std::uint32_t>(std::lower_bound(times_.begin(), times_.end(), t) -
                                        times_.begin());
    };
    cells_.reserve(entries.size());
    for (const entry& e : entries) {
      if (groups_.empty() || groups_.back().repeats != e.history.repeats) {
        groups_.push_back({e.history.repeats, 0});
      }
      cells_.push_back({place(e.history.last), place(e.history.age), e.shoppers});
      groups_.back().end = cells_.size();
      shoppers_ += e.shoppers;
      if (e.history.repeats > 0) repeaters_ += e.shoppers;
      repeats_ = std::fma(e.shoppers, e.history.repeats, repeats_);
      mean_age_ = std::fma(e.shoppers, e.history.age, mean_age_);
    }
    if (shoppers_ > 0) mean_age_ /= shoppers_;
  }

  std::vector<cell> cells_;
  std::vector<group> groups_;
  std::vector<double> times_;
  double shoppers_ = 0;
  double repeaters_ = 0;
  double repeats_ = 0;
  double mean_age_ = 0;
};

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_REPEAT_SAMPLE_HPP
