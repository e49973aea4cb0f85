#ifndef TAILOR_SIMILAR_WEIGHTED_COUNTER_HPP
#define TAILOR_SIMILAR_WEIGHTED_COUNTER_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "../core/int128.hpp"
#include "best_scores.hpp"
#include "candidates.hpp"
#include "chosen.hpp"
#include "pair_counter.hpp"
#include "ranked_rows.hpp"
#include "raw_array.hpp"

namespace tailor::inline v0::similar {

/// Sums, for one column after another, the weights of the rows that each other
/// column shares with it, and chooses the best. One per thread. Memory: 44
/// bytes per column.
template <class Id, class Mask>
class weighted_counter {
 public:
  /// `weight_of[n]` is the weight of a row of n columns; the rows of any column
  /// sum to less than 2^32.
  weighted_counter(const ranked_rows<Id>& rows, std::span<const std::uint32_t> weight_of)
      : rows_(&rows),
        weight_of_(weight_of),
        padded_((rows.columns() + mask_width - 1) / mask_width * mask_width),
        sums_(padded_),
        list_(rows.columns() + 1),
        offered_(rows.columns() + 1) {
    sums_.zero();
    scores_.reset(rows.columns() + 1);
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

  /// Up to k columns with the highest sum · factor[rank], best first, ties by
  /// item; none that `keep` refuses. `top_factor[b]` is the highest of the 64
  /// factors of block b. Valid until the next call.
  template <class Keep>
  [[nodiscard]] std::span<const chosen> best(std::uint32_t rank, std::uint32_t k,
                                             std::span<const double> factor,
                                             std::span<const double> top_factor, counting how,
                                             const Keep& keep) {
    k_ = k;
    bar_ = 0;
    size_ = 0;
    raise_at_ = 2 * std::size_t{k} + mask_width;
    if (how == counting::automatic) {
      how = rows_->work[rank] < padded_ / sparse ? counting::touched : counting::dense;
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
      for (std::size_t n = 0; n < size; n += mask_width) {
        offer(list_.data() + n, (std::min)(mask_width, size - n), factor, keep);
      }
      choose();
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
        offer(ranks, static_cast<std::size_t>(end - ranks), factor, keep);
      }
      choose();
      sums_.zero();
    }
    return best_;
  }

 private:
  static constexpr std::size_t sparse = 32;  // dense from one summation per so many columns

  /// No sum below this can reach the bar with a factor of at most `top`.
  [[nodiscard]] std::uint32_t least(double top) const {
    // Rounded down, with room for how sum · factor is rounded.
    const double sum = bar_ / top * (1 - 0x1p-40);
    if (!(sum >= 1)) return 1;
    return sum < 0x1p32 ? static_cast<std::uint32_t>(sum) : UINT32_MAX;
  }

  template <class Keep>
  void offer(const std::uint32_t* ranks, std::size_t n, std::span<const double> factor,
             const Keep& keep) {
    double* const scores = scores_.scores();
    for (const std::uint32_t* r = ranks; r != ranks + n; ++r) {
      const double score = sums_[*r] * factor[*r];
      scores[size_] = score;
      offered_[size_] = *r;
      size_ += score >= bar_ && keep(*r);
    }
    if (size_ >= raise_at_) raise_bar();
  }

  /// Raises the bar to about the k-th best, and leaves out what is below.
  void raise_bar() {
    bar_ = (std::max)(bar_, scores_.bar(size_, k_));
    double* const scores = scores_.scores();
    std::size_t kept = 0;
    for (std::size_t n = 0; n < size_; ++n) {
      scores[kept] = scores[n];
      offered_[kept] = offered_[n];
      kept += scores[n] >= bar_;
    }
    size_ = kept;
    raise_at_ = (std::max)(raise_at_, 2 * kept);  // many equal scores may all stay
  }

  void choose() {
    const double* const scores = scores_.scores();
    for (std::size_t n = 0; n < size_; ++n) scores_.ties()[n] = rows_->column_at[offered_[n]];
    best_.clear();
    for (const std::uint32_t n : scores_.choose(size_, k_)) {
      best_.push_back({scores[n], scores_.ties()[n], sums_[offered_[n]]});
    }
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
  std::vector<std::uint32_t> offered_;  // the ranks whose scores are the first size_ of scores_
  best_scores scores_;
  std::size_t size_ = 0;
  std::size_t raise_at_ = 0;
  std::uint32_t k_ = 0;
  double bar_ = 0;
  std::vector<chosen> best_;
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_WEIGHTED_COUNTER_HPP
