#ifndef TAILOR_SIMILAR_PAIR_COUNTER_HPP
#define TAILOR_SIMILAR_PAIR_COUNTER_HPP

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "bit_columns.hpp"
#include "candidates.hpp"
#include "ranked_rows.hpp"

namespace tailor::inline v0::similar {

/// How the pairs of a column are counted. The answers are the same.
enum class counting : std::uint8_t {
  automatic,  ///< whichever is expected to be fastest, column by column
  dense,      ///< a counter per column, all of which are looked at
  touched,    ///< the same, looking only at those that were counted: for sparse data
  bits,       ///< columns as bits, of which rows · columns / 8 bytes are made: for dense data
};

/// Counts, for one column after another, the rows that each other column shares with it. One per
/// thread. Memory: up to 15 bytes per column.
template <class Id, class Mask>
class pair_counter {
 public:
  /// `bits` are the same columns as bits, or null where counting is not in bits.
  pair_counter(const ranked_rows<Id>& rows, const bit_columns* bits)
      : rows_(&rows),
        bits_(bits),
        padded_((rows.columns() + mask_width - 1) / mask_width * mask_width),
        touched_(rows.columns()) {
    found_.reset(rows.columns());
  }

  /// The columns that share rows with `rank` and that `filter` takes. Valid until the next call.
  template <class Filter>
  [[nodiscard]] candidates& count(std::uint32_t rank, Filter& filter, counting how) {
    found_.size = 0;
    filter.start();
    if (bits_ != nullptr) {
      count_bits(rank, filter);
      return found_;
    }
    if (how == counting::automatic) {
      how = rows_->work[rank] < padded_ / Mask::scanned_per_touch ? counting::touched
                                                                  : counting::dense;
    }
    // No pair can be in more rows than the column is: small counters suffice for the rare ones, and
    // the smaller the counters, the faster the look at all of them.
    const std::uint32_t most = rows_->degree[rank];
    if (most <= (std::numeric_limits<std::uint8_t>::max)()) {
      count(rank, bytes_, filter, how);
    } else if (most <= (std::numeric_limits<std::uint16_t>::max)()) {
      count(rank, shorts_, filter, how);
    } else {
      count(rank, words_, filter, how);
    }
    return found_;
  }

 private:
  template <class T, class Filter>
  void count(std::uint32_t rank, raw_array<T>& counters, Filter& filter, counting how) {
    if (counters.size() < padded_) {
      counters.reserve(padded_);
      counters.zero();
    }
    if (how == counting::touched) {
      count_touched(rank, counters.data(), filter);
    } else {
      count_dense(rank, counters.data(), filter);
    }
  }

  template <class Filter>
  void count_bits(std::uint32_t rank, Filter& filter) {
    // Columns are asked for one after another: those beside this one will be next.
    const auto group = static_cast<std::uint32_t>(rank / bit_columns::at_once);
    if (group != group_ || in_bits_.size() == 0) {
      in_bits_.reserve(bit_columns::at_once * padded_);
      in_bits_.zero();
      std::uint32_t* counts[bit_columns::at_once];
      for (std::size_t s = 0; s < bit_columns::at_once; ++s) {
        counts[s] = in_bits_.data() + s * padded_;
      }
      bits_->template count<native_bits>(group * bit_columns::at_once, counts);
      group_ = group;
    }
    std::uint32_t* const counts = in_bits_.data() + rank % bit_columns::at_once * padded_;
    counts[rank] = 0;
    scan<Mask>(counts, padded_, filter, found_);
  }

  template <class T, class Filter>
  void count_dense(std::uint32_t rank, T* counters, Filter& filter) {
    rows_->for_each_part_of(rank,
                            [counters](std::uint32_t, std::span<const Id> part, std::size_t base) {
                              T* const from = counters + base;
                              for (const Id c : part) ++from[c];
                            });
    counters[rank] = 0;
    scan<Mask>(counters, padded_, filter, found_);
  }

  template <class T, class Filter>
  void count_touched(std::uint32_t rank, T* counters, Filter& filter) {
    std::uint32_t* const list = touched_.list();
    std::size_t size = 0;
    counters[rank] = 1;  // so that it never counts as new
    rows_->for_each_part_of(rank, [&](std::uint32_t, std::span<const Id> part, std::size_t base) {
      T* const from = counters + base;
      for (const Id c : part) {
        list[size] = static_cast<std::uint32_t>(base + c);
        size += from[c]++ == 0;
      }
    });
    counters[rank] = 0;
    touched_.scan(counters, size, filter, found_);
  }

  const ranked_rows<Id>* rows_;
  const bit_columns* bits_;
  std::size_t padded_;
  touched_columns touched_;
  raw_array<std::uint8_t> bytes_;
  raw_array<std::uint16_t> shorts_;
  raw_array<std::uint32_t> words_;
  raw_array<std::uint32_t> in_bits_;  // counts of the columns of group_
  std::uint32_t group_ = 0;
  candidates found_;
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_PAIR_COUNTER_HPP
