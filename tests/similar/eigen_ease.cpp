#include <cmath>
#include <cstdint>
#include <random>
#include <set>
#include <vector>

#include "../catch.hpp"
#include "random_matrix.hpp"
#include "tailor/core/thread_pool.hpp"
#include "tailor/similar/ease.hpp"
#include "tailor/similar/sr_ease.hpp"

using namespace tailor;
using namespace tailor::similar;

namespace {

incidence rows_of(const std::vector<std::set<std::uint32_t>>& rows) {
  return tailor_test::matrix{rows, {}}.to_incidence();
}

std::vector<std::set<std::uint32_t>> random_rows(std::uint64_t seed, std::size_t rows,
                                                 std::uint32_t items, std::size_t longest) {
  std::mt19937_64 random(seed);
  std::vector<std::set<std::uint32_t>> out(rows);
  for (auto& row : out) {
    for (std::size_t n = 1 + random() % longest; n > 0; --n) {
      row.insert(
          static_cast<std::uint32_t>(random() % (random() % 2 == 0 ? items : items / 5 + 1)));
    }
  }
  return out;
}

}  // namespace

TEST_CASE("ease: the toy of the textbook") {
  const incidence rows = rows_of({{0, 1}, {0, 1, 2}, {1, 2}, {2, 3}, {0, 3}});
  const double want[4][4] = {{0, 6.0 / 13, -.125, 1.0 / 3},
                             {.5625, 0, .5625, -1.0 / 3},
                             {-.125, 6.0 / 13, 0, 1.0 / 3},
                             {.375, -4.0 / 13, .375, 0}};
  const auto model = ease<double>::fit(rows, {.l2 = 1}).value();
  for (std::size_t s = 0; s < 4; ++s) {
    for (std::size_t t = 0; t < 4; ++t) {
      CHECK(std::fabs(model.weight(s, t) - want[s][t]) < 1e-12);
    }
  }
  const item_weights w = model.weights(2).value();
  CHECK(w.weight(item_id{1}, item_id{0}) == 36864);  // .5625
  CHECK(w.weight(item_id{2}, item_id{0}) == 0);      // the third in size
  CHECK(w.size() == 8);
}

TEST_CASE("ease: several blocks, both precisions and sr_ease agree") {
  const incidence rows = rows_of(random_rows(1, 500, 320, 12));
  REQUIRE(rows.items().size() > 256);
  const ease_options o{.l2 = 5, .dropout = 1.2, .gamma = .8, .beta = 0, .alpha = .1};
  const auto one = ease<double>::fit(rows, o).value();
  thread_pool pool(3);
  const auto many = ease<double>::fit(rows, o, pool).value();
  const auto single = ease<float>::fit(rows, o, pool).value();
  const auto n = static_cast<std::uint32_t>(rows.items().size());
  const sr_ease all =
      sr_ease::fit(
          rows, {.support = n, .beta = 0, .l2 = 5, .dropout = 1.2, .gamma = .8, .alpha = .1}, pool)
          .value();
  double worst = 0, rounded = 0;
  for (std::uint32_t s = 0; s < n; ++s) {
    for (std::uint32_t t = 0; t < n; ++t) {
      REQUIRE(one.weight(s, t) == many.weight(s, t));
      worst = (std::max)(worst, std::fabs(one.weight(s, t) - double{single.weight(s, t)}));
      const double w = std::ldexp(all.weights().weight(rows.items()[s], rows.items()[t]), -16);
      rounded = (std::max)(rounded, std::fabs(one.weight(s, t) - w));
    }
  }
  CHECK(worst < 1e-6);
  CHECK(rounded < 0x1p-17 + 1e-9);
}

TEST_CASE("ease: little data and bad options are answered") {
  CHECK(ease<>::fit(incidence{}).value().items().empty());
  CHECK(ease<>::fit(rows_of({{7}})).value().weight(0, 0) == 0);
  const incidence rows = rows_of({{1, 2}, {2, 3}});
  CHECK(ease<>::fit(rows, {.l2 = 0}).error().code == errc::out_of_range);
  CHECK(ease<>::fit(rows, {.l2 = std::nan("")}).error().code == errc::out_of_range);
  CHECK(ease<>::fit(rows, {.beta = -1}).error().code == errc::out_of_range);
}
