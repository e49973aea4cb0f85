#ifndef TAILOR_SIMILAR_WEIGHTED_COUNTER_HPP
#define TAILOR_SIMILAR_WEIGHTED_COUNTER_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "../core/int128.hpp"
#include "candidates.hpp"
#include "chosen.hpp"
#include "pair_counter.hpp"
#include "ranked_rows.hpp"
#include "raw_array.hpp"

namespace tailor::inline v0::similar {

/// Sums, for one column after another, the weights of the rows that each other column shares with
/// it, and chooses the best. One per thread. Memory: 8 bytes per column.
template <class Id, class Mask>
class weighted_counter {
 public:
  /// `weight_of[n]` is the weight of a row of n columns; the rows of any column sum to less than
  /// 2^32.
  weighted_counter(const ranked_rows<Id>& rows, std::span<const std::uint32_t> weight_of)
      : rows_(&rows),
        weight_of_(weight_of),
        padded_((rows.columns() + mask_width - 1) / mask_width * mask_width),
        sums_(padded_),
        list_(rows.columns() + 1) {
    sums_.zero();
  }

  /// Σ over the other columns of (shared weight)².
  [[nodiscard]] uint128 squares(std::uint32_t rank) {
    uint128 sum = 0;
    sums_[rank] = 0;
    for_each_part(rank, [&](std::span<const Id> part, std::size_t base, std::uint32_t weight) {
      std::uint32_t* const from = sums_.data() + base;
      for (const Id c : part) {
        // (s + w)² - s²
        sum += std::uint64_t{weight} * (2 * std::uint64_t{from[c]} + weight);
        from[c] += weight;
      }
    });
    sum -= uint128{sums_[rank]} * sums_[rank];
    clear(rank);
    return sum;
  }

  /// Up to k columns with the highest sum · factor[rank], best first, ties by item; none that
  /// `keep` refuses. `top_factor[b]` is the highest of the 64 factors of block b. Valid until the
  /// next call.
  template <class Keep>
  [[nodiscard]] std::span<const chosen> best(std::uint32_t rank, std::uint32_t k,
                                             std::span<const double> factor,
                                             std::span<const double> top_factor, counting how,
                                             const Keep& keep) {
    k_ = k;
    bar_ = 0;
    best_.clear();
    if (how == counting::automatic) {
      how = rows_->work[rank] < padded_ / (Mask::scanned_per_touch / 4 + 1) ? counting::touched
                                                                            : counting::dense;
    }
    std::uint32_t* const sums = sums_.data();
    if (how == counting::touched) {
      std::size_t size = 0;
      sums[rank] = 1;  // so that it never counts as new
      for_each_part(rank, [&](std::span<const Id> part, std::size_t base, std::uint32_t weight) {
        std::uint32_t* const from = sums + base;
        for (const Id c : part) {
          list_[size] = static_cast<std::uint32_t>(base + c);
          size += from[c] == 0 && weight != 0;
          from[c] += weight;
        }
      });
      for (std::size_t n = 0; n < size; ++n) offer(list_[n], factor, keep);
      for (std::size_t n = 0; n < size; ++n) sums[list_[n]] = 0;
      sums[rank] = 0;
    } else {
      for_each_part(rank, [&](std::span<const Id> part, std::size_t base, std::uint32_t weight) {
        std::uint32_t* const from = sums + base;
        for (const Id c : part) from[c] += weight;
      });
      sums[rank] = 0;
      std::uint32_t ranks[mask_width + 4];
      for (std::size_t b = 0; b < padded_; b += mask_width) {
        const std::uint64_t word = Mask::at_least(sums + b, least(top_factor[b / mask_width]));
        if (word == 0) continue;
        const std::uint32_t* const end =
            detail::put_bits(word, static_cast<std::uint32_t>(b), ranks);
        for (const std::uint32_t* r = ranks; r != end; ++r) offer(*r, factor, keep);
      }
      sums_.zero();
    }
    cut();
    std::sort(best_.begin(), best_.end());
    return best_;
  }

 private:
  /// No sum below this can reach the bar with a factor of at most `top`.
  [[nodiscard]] std::uint32_t least(double top) const {
    // Rounded down, with room for how sum · factor is rounded.
    const double sum = bar_ / top * (1 - 0x1p-40);
    if (!(sum >= 1)) return 1;
    return sum < 0x1p32 ? static_cast<std::uint32_t>(sum) : UINT32_MAX;
  }

  template <class Keep>
  void offer(std::uint32_t rank, std::span<const double> factor, const Keep& keep) {
    const double score = sums_[rank] * factor[rank];
    if (!(score > 0) || score < bar_ || !keep(rank)) return;
    best_.push_back({score, rows_->column_at[rank], sums_[rank]});
    if (best_.size() >= 2 * std::size_t{k_} + mask_width) cut();
  }

  /// Leaves the k best, and raises the bar to the last of them.
  void cut() {
    if (best_.size() <= k_) return;
    const auto last = best_.begin() + (k_ - 1);
    std::nth_element(best_.begin(), last, best_.end());
    bar_ = last->score;
    best_.resize(k_);
  }

  /// Calls `f(ids, base, weight)` for each block of each row of a column.
  template <class F>
  void for_each_part(std::uint32_t rank, F&& f) {
    rows_->for_each_part_of(rank,
                            [&](std::uint32_t at, std::span<const Id> part, std::size_t base) {
                              f(part, base, weight_of_[rows_->size_at(at)]);
                            });
  }

  void clear(std::uint32_t rank) {
    if (rows_->work[rank] > padded_ / 16) {
      sums_.zero();
      return;
    }
    for_each_part(rank, [this](std::span<const Id> part, std::size_t base, std::uint32_t) {
      for (const Id c : part) sums_[base + c] = 0;
    });
  }

  const ranked_rows<Id>* rows_;
  std::span<const std::uint32_t> weight_of_;
  std::size_t padded_;
  raw_array<std::uint32_t> sums_;  // by rank
  std::vector<std::uint32_t> list_;
  std::vector<chosen> best_;
  std::uint32_t k_ = 0;
  double bar_ = 0;
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_WEIGHTED_COUNTER_HPP
