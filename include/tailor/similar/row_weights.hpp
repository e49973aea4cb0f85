#ifndef TAILOR_SIMILAR_ROW_WEIGHTS_HPP
#define TAILOR_SIMILAR_ROW_WEIGHTS_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "incidence.hpp"
#include "weighting.hpp"

namespace tailor::inline v0::similar {

/// The weights of rows as whole numbers, so that their sums are the same in any order: units of
/// 2^-16, or of the next greater power of two for which the weights of any one item sum to less
/// than 2^32.
struct row_weights {
  std::vector<std::uint32_t> by_size;    ///< the weight of a row, by its number of items
  std::vector<std::uint32_t> of_column;  ///< the sum for each column
  int bits = 16;                         ///< the unit is 2^-bits

  template <weighting Weighting>
  row_weights(const incidence& rows, const Weighting& w, const weighting_facts& facts) {
    const sparse_rows& m = rows.rows();
    std::vector<bool> used;
    for (std::size_t r = 0; r < m.rows(); ++r) {
      if (m.size_of(r) >= used.size()) used.resize(std::size_t{m.size_of(r)} + 1);
      used[m.size_of(r)] = true;
    }
    std::vector<double> real(used.size());
    for (std::uint32_t n = 1; n < used.size(); ++n) {
      if (used[n]) real[n] = w.row_weight(n, facts);
    }
    std::vector<double> sums(rows.items().size());
    for (std::size_t r = 0; r < m.rows(); ++r) {
      for (const std::uint32_t c : m[r]) sums[c] += real[m.size_of(r)];
    }
    const double most = sums.empty() ? 0 : *std::max_element(sums.begin(), sums.end());
    // Rounding may add half a unit for each row.
    while (bits > -32 && std::ldexp(most, bits) + 0.5 * static_cast<double>(m.rows()) >= 0x1p32) {
      --bits;
    }
    by_size.resize(used.size());
    for (std::size_t n = 0; n < used.size(); ++n) {
      by_size[n] = static_cast<std::uint32_t>(std::ldexp(real[n], bits) + 0.5);
    }
    of_column.resize(rows.items().size());
    for (std::size_t r = 0; r < m.rows(); ++r) {
      for (const std::uint32_t c : m[r]) of_column[c] += by_size[m.size_of(r)];
    }
  }
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_ROW_WEIGHTS_HPP
