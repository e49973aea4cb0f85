#include "tailor/evaluate/tune.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <set>
#include <vector>

#include "../catch.hpp"

using namespace tailor;
using namespace tailor::evaluate;

TEST_CASE("tune: every configuration has its values, the last setting running fastest") {
  const std::vector<std::size_t> shape{2, 3, 4};
  const grid g = grid::make(shape).value();
  REQUIRE(g.size() == 24);
  REQUIRE(g.settings() == 3);
  std::size_t n = 0;
  for (std::size_t a = 0; a < 2; ++a) {
    for (std::size_t b = 0; b < 3; ++b) {
      for (std::size_t c = 0; c < 4; ++c, ++n) {
        CHECK(g.value(n, 0) == a);
        CHECK(g.value(n, 1) == b);
        CHECK(g.value(n, 2) == c);
      }
    }
  }
}

TEST_CASE("tune: the best is taken, of equals the one of smaller number") {
  const grid g = grid::make(std::vector<std::size_t>{5}).value();
  const double scores[] = {1, 3, 2, 3, 0};
  const tuned t = tune(g, [&](std::size_t n) { return scores[n]; }).value();
  CHECK(t.best == 1);
  CHECK(t.score == 3);
  CHECK(t.tried() == 5);
  CHECK(t.failed == 0);
  CHECK_FALSE(t.at_edge());
  CHECK(t.scores == std::vector<double>(scores, scores + 5));
  // Scores below 0 are scores, too.
  const tuned low = tune(g, [](std::size_t n) { return -1.0 - double(n == 2 ? 0 : 1); }).value();
  CHECK(low.best == 2);
}

TEST_CASE("tune: the best at the end of a setting is said so") {
  const grid g = grid::make(std::vector<std::size_t>{3, 2, 4, 1}).value();
  const auto wants = [&](std::size_t a, std::size_t c) {
    return tune(g,
                [&, a, c](std::size_t n) {
                  return g.value(n, 0) == a && g.value(n, 2) == c ? 1.0 : 0.0;
                })
        .value();
  };
  CHECK(wants(1, 2).edges.empty());
  CHECK(wants(0, 2).edges == std::vector<std::size_t>{0});
  CHECK(wants(1, 3).edges == std::vector<std::size_t>{2});
  CHECK(wants(2, 0).edges == std::vector<std::size_t>{0, 2});
  CHECK(wants(2, 0).at_edge());
}

TEST_CASE("tune: a budget takes so many different ones, by the seed, each as likely") {
  const grid g = grid::make(std::vector<std::size_t>{10}).value();
  std::vector<int> taken(10);
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    std::vector<std::size_t> asked;
    const auto score = [&](std::size_t n) {
      asked.push_back(n);
      return static_cast<double>(n);
    };
    const tuned t = tune(g, score, {.budget = 3, .seed = seed}).value();
    REQUIRE(t.tried() == 3);
    REQUIRE(t.which == asked);
    REQUIRE(std::set<std::size_t>(asked.begin(), asked.end()).size() == 3);
    REQUIRE(asked[0] < asked[1]);
    REQUIRE(asked[1] < asked[2]);
    REQUIRE(t.best == asked[2]);
    REQUIRE(tune(g, score, {.budget = 3, .seed = seed}).value().which == t.which);
    for (const std::size_t n : t.which) ++taken[n];
  }
  for (const int count : taken) CHECK(std::fabs(count - 600) < 5 * std::sqrt(2000 * .3 * .7));
  CHECK(tune(g, [](std::size_t) { return 0.0; }, {.budget = 99}).value().tried() == 10);
}

TEST_CASE("tune: what cannot be fitted is counted and never the best") {
  const grid g = grid::make(std::vector<std::size_t>{4}).value();
  const double infinite = std::numeric_limits<double>::infinity();
  const double scores[] = {std::nan(""), infinite, -5, std::nan("")};
  const tuned t = tune(g, [&](std::size_t n) { return scores[n]; }).value();
  CHECK(t.best == 2);
  CHECK(t.score == -5);
  CHECK(t.tried() == 4);
  CHECK(t.failed == 3);
  const auto none = tune(g, [](std::size_t) { return std::nan(""); });
  CHECK(none.error().code == errc::not_finite);
  CHECK(none.error().at == 4);
  CHECK(tune(g, [](std::size_t) { return 1.0; }, {.budget = 0}).error().code == errc::too_few);
}

TEST_CASE("tune: grids of nothing and beyond bounds are refused") {
  CHECK(grid::make({}).error().code == errc::too_few);
  const auto empty = grid::make(std::vector<std::size_t>{3, 0});
  CHECK(empty.error().code == errc::too_few);
  CHECK(empty.error().at == 1);
  const auto big = grid::make(std::vector<std::size_t>{1 << 16, 1 << 16, 2});
  CHECK(big.error().code == errc::overflow);
  CHECK(big.error().at == 2);
  CHECK(grid::make(std::vector<std::size_t>{SIZE_MAX, SIZE_MAX}).error().code == errc::overflow);
}
