#include "tailor/segment/match_labels.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"

using namespace tailor;
using segment::cheapest_matching;
using segment::no_match;

namespace {

/// The least total over all ways to give each row its own column; rows <= columns.
double by_trying_all(const std::vector<double>& cost, std::size_t rows, std::size_t columns) {
  std::vector<std::size_t> order(columns);
  std::iota(order.begin(), order.end(), std::size_t{0});
  double best = std::numeric_limits<double>::infinity();
  do {
    double sum = 0;
    for (std::size_t i = 0; i < rows; ++i) sum += cost[i * columns + order[i]];
    best = (std::min)(best, sum);
  } while (std::next_permutation(order.begin(), order.end()));
  return best;
}

std::vector<double> transposed(const std::vector<double>& m, std::size_t rows,
                               std::size_t columns) {
  std::vector<double> out(m.size());
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) out[j * rows + i] = m[i * columns + j];
  }
  return out;
}

}  // namespace

TEST_CASE("matching: as cheap as the cheapest of all permutations, for any shape") {
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    CAPTURE(seed);
    counter_random g(seed, 3);
    const std::size_t columns = 1 + uniform_below(g, seed % 20 == 0 ? 8 : 6);
    const std::size_t rows = 1 + uniform_below(g, columns);
    // Few distinct whole costs make many ties and exact sums.
    const std::int64_t most = seed % 2 == 0 ? 4 : 1'000'000;
    std::vector<double> cost(rows * columns);
    for (double& c : cost) c = static_cast<double>(uniform_between(g, -most, most));
    const double least = by_trying_all(cost, rows, columns);

    const auto got = cheapest_matching(cost, rows, columns).value();
    std::vector<std::uint32_t> used = got;
    std::sort(used.begin(), used.end());
    CHECK(std::adjacent_find(used.begin(), used.end()) == used.end());
    CHECK(used.back() < columns);
    double sum = 0;
    for (std::size_t i = 0; i < rows; ++i) sum += cost[i * columns + got[i]];
    CHECK(sum == least);

    const auto back = cheapest_matching(transposed(cost, rows, columns), columns, rows).value();
    double other = 0;
    std::size_t matched = 0;
    for (std::size_t j = 0; j < columns; ++j) {
      if (back[j] == no_match) continue;
      ++matched;
      other += cost[back[j] * columns + j];
    }
    CHECK(matched == rows);
    CHECK(other == least);
  }
}

TEST_CASE("matching: nothing on a side, and costs that are no numbers") {
  CHECK(cheapest_matching({}, 0, 0).value().empty());
  CHECK(cheapest_matching({}, 0, 3).value().empty());
  CHECK(cheapest_matching({}, 2, 0).value() == std::vector<std::uint32_t>{no_match, no_match});
  const std::vector<double> bad = {1, std::nan("")};
  const auto refused = cheapest_matching(bad, 1, 2);
  CHECK(refused == errc::not_finite);
  CHECK(refused.error().at == 1);
  CHECK(cheapest_matching(std::vector<double>{1e200}, 1, 1) == errc::overflow);
}

TEST_CASE("matching: labels stay with the clusters, new ones get new numbers") {
  const std::vector<double> before = {0, 0, 10, 10, 20, 20};
  const std::vector<std::int64_t> labels = {4, 0, 2};
  std::int64_t next = 5;
  const std::vector<double> shuffled = {19, 21, 1, 0, 10, 9};
  CHECK(segment::keep_labels(before, labels, shuffled, 2, next).value() ==
        std::vector<std::int64_t>{2, 4, 0});
  CHECK(next == 5);
  const std::vector<double> more = {50, 50, 20, 20, 0, 0, 10, 10};
  CHECK(segment::keep_labels(before, labels, more, 2, next).value() ==
        std::vector<std::int64_t>{5, 2, 4, 0});
  CHECK(next == 6);
  const std::vector<double> fewer = {10, 11};
  CHECK(segment::keep_labels(before, labels, fewer, 2, next).value() ==
        std::vector<std::int64_t>{0});
  CHECK(segment::keep_labels({}, {}, before, 2, next).value() ==
        std::vector<std::int64_t>{6, 7, 8});
}
