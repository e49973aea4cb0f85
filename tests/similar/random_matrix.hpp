#ifndef TAILOR_TESTS_SIMILAR_RANDOM_MATRIX_HPP
#define TAILOR_TESTS_SIMILAR_RANDOM_MATRIX_HPP

#include <cstdint>
#include <random>
#include <set>
#include <vector>

#include "tailor/similar/incidence.hpp"

namespace tailor_test {

/// Rows of items as sets, and whose they are.
struct matrix {
  std::vector<std::set<std::uint32_t>> rows;  // items as raw ids
  std::vector<std::uint32_t> owners;

  [[nodiscard]] tailor::similar::incidence to_incidence() const {
    std::vector<tailor::similar::incidence::cell> cells;
    for (std::uint32_t r = 0; r < rows.size(); ++r) {
      for (const std::uint32_t i : rows[r]) cells.push_back({r, tailor::item_id{i}});
    }
    return tailor::similar::incidence::make(cells, static_cast<std::uint32_t>(rows.size()), owners)
        .value();
  }
};

/// Few items, many shoppers or the other way round, dense or sparse, with some very popular items.
inline matrix random_matrix(std::mt19937_64& random) {
  matrix m;
  const std::uint64_t items = 1 + random() % (random() % 4 == 0 ? 300 : 25);
  m.rows.resize(random() % (random() % 4 == 0 ? 400 : 40));
  const std::uint64_t longest = 1 + random() % 12;
  for (auto& row : m.rows) {
    for (std::uint64_t n = random() % (longest + 1); n > 0; --n) {
      const std::uint64_t top = random() % 2 == 0 ? items : 1 + items / 8;
      row.insert(static_cast<std::uint32_t>(3 * (random() % top)));
    }
  }
  if (random() % 2 == 0 && !m.rows.empty()) {
    for (std::size_t r = 0; r < m.rows.size(); ++r) {
      m.owners.push_back(static_cast<std::uint32_t>(random() % (1 + m.rows.size() / 3)));
    }
  }
  return m;
}

}  // namespace tailor_test

#endif  // TAILOR_TESTS_SIMILAR_RANDOM_MATRIX_HPP
