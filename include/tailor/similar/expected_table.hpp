#ifndef TAILOR_SIMILAR_EXPECTED_TABLE_HPP
#define TAILOR_SIMILAR_EXPECTED_TABLE_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "expected.hpp"

namespace tailor::inline v0::similar {

/// The rows that chance would give two columns, for all partners of one column at a time. Partners
/// of one degree have one answer, so it is computed once for each. One per thread.
class expected_table {
 public:
  /// `degrees`: of all columns, ascending. `total`: their sum. It has to outlive the table.
  expected_table(std::span<const std::uint32_t> degrees, std::uint64_t total)
      : total_(total), known_(degrees.empty() ? 1 : std::size_t{degrees.back()} + 1) {}

  /// Starts with a column: `others` holds, for each of its rows, the number of other columns there.
  void start(std::vector<std::uint32_t> others) {
    for (const std::uint32_t degree : computed_) known_[degree] = 0;
    computed_.clear();
    groups_.clear();
    std::sort(others.begin(), others.end());
    for (const std::uint32_t n : others) {
      if (groups_.empty() || groups_.back().first != n) groups_.emplace_back(n, 0);
      ++groups_.back().second;
    }
  }

  /// `pair_evidence::expected` of the column with a partner of this degree.
  [[nodiscard]] std::uint64_t with(std::uint32_t degree) {
    if (known_[degree] == 0) {
      known_[degree] = chance(degree, total_).expected_rows(groups_);
      computed_.push_back(degree);
    }
    return known_[degree];
  }

 private:
  std::uint64_t total_;
  std::vector<std::uint64_t> known_;  // by degree; 0: not computed
  std::vector<std::uint32_t> computed_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> groups_;
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_EXPECTED_TABLE_HPP
