#ifndef TAILOR_SIMILAR_BIT_COLUMNS_HPP
#define TAILOR_SIMILAR_BIT_COLUMNS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "../core/executor.hpp"
#include "ranked_rows.hpp"
#include "raw_array.hpp"
#include "shared_bits.hpp"

namespace tailor::inline v0::similar {

/// The columns of a dense matrix as bits, one per row: pairs are counted 512 rows at a time,
/// however few of them are set. Memory: columns · rows / 8 bytes.
class bit_columns {
 public:
  /// By rank.
  template <class Id, executor Executor>
  bit_columns(const ranked_rows<Id>& rows, Executor& pool)
      : columns_(rows.columns()),
        words_((rows.row_places.size() + 511) / 512 * 8),
        bits_(words_ * columns_) {
    pool.for_each_chunk(columns_, 64, [&](std::size_t begin, std::size_t end, std::size_t) {
      std::fill(bits_.data() + begin * words_, bits_.data() + end * words_, std::uint64_t{0});
      for (std::size_t rank = begin; rank < end; ++rank) {
        std::uint64_t* const column = bits_.data() + rank * words_;
        // Places ascend by row, in both lists.
        auto row = rows.row_places.begin();
        for (const std::uint32_t place : rows.rows_of(rank)) {
          row = std::lower_bound(row, rows.row_places.end(), place);
          const auto r = static_cast<std::size_t>(row - rows.row_places.begin());
          column[r / 64] |= std::uint64_t{1} << r % 64;
        }
      }
    });
  }

  /// Whether counting in bits is expected to be faster than counting row by row.
  template <class Bits, class Id>
  [[nodiscard]] static bool pays(const ranked_rows<Id>& rows) {
    double counts = 0;
    for (const std::uint64_t w : rows.work) counts += static_cast<double>(w);
    const double columns = static_cast<double>(rows.columns());
    return columns * columns * static_cast<double>(rows.row_places.size()) <
           counts * static_cast<double>(Bits::bits_per_count);
  }

  static constexpr std::size_t at_once = 4;

  /// How many rows each column shares with columns first … first + 3: counts[s][rank]. Columns
  /// beyond the last are counted as the last.
  template <class Bits>
  void count(std::size_t first, std::uint32_t* const counts[at_once]) const {
    const std::uint64_t* sources[at_once];
    for (std::size_t s = 0; s < at_once; ++s) {
      sources[s] = bits_.data() + (std::min)(first + s, columns_ - 1) * words_;
    }
    for (std::size_t rank = 0; rank < columns_; ++rank) {
      std::uint32_t shared[at_once];
      Bits::count(sources, bits_.data() + rank * words_, words_, shared);
      for (std::size_t s = 0; s < at_once; ++s) counts[s][rank] = shared[s];
    }
  }

 private:
  std::size_t columns_;
  std::size_t words_;  // of a column
  raw_array<std::uint64_t> bits_;
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_BIT_COLUMNS_HPP
