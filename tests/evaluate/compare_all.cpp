#include "tailor/evaluate/compare_all.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/thread_pool.hpp"

using namespace tailor;
using namespace tailor::evaluate;

TEST_CASE("compare all: each as alone, its p made up for there being several") {
  counter_random draw(1, 5);
  std::vector<double> base(50);
  for (double& x : base) x = uniform01(draw);
  std::vector<std::vector<double>> values(3, base);
  const double shift[] = {.2, .02, 0};
  for (std::size_t s = 0; s < 3; ++s) {
    for (double& x : values[s]) x += shift[s] + .1 * normal(draw);
  }
  const std::vector<std::span<const double>> systems(values.begin(), values.end());
  const auto got = compare_all(base, systems).value();
  REQUIRE(got.size() == 3);
  std::vector<double> p;
  for (std::size_t s = 0; s < 3; ++s) {
    const paired alone = compare(values[s], base).value();
    CHECK(got[s].difference.mean == alone.mean);
    CHECK(got[s].difference.p == alone.p);
    CHECK(got[s].difference.low == alone.low);
    CHECK(got[s].corrected >= alone.p);
    p.push_back(alone.p);
  }
  const std::vector<double> corrected = holm(p);
  for (std::size_t s = 0; s < 3; ++s) CHECK(got[s].corrected == corrected[s]);
  CHECK(got[0].corrected < .01);
  CHECK(std::fabs(got[0].corrected - 3 * p[0]) < 1e-12);  // the smallest of three
  thread_pool pool(3);
  const auto many = compare_all(base, systems, {}, pool).value();
  for (std::size_t s = 0; s < 3; ++s) {
    CHECK(many[s].corrected == got[s].corrected);
    CHECK(many[s].difference.high == got[s].difference.high);
  }
}

TEST_CASE("compare all: refusals name what is at fault") {
  const std::vector<double> base{1, 2}, same{1, 2}, shorter{1}, bad{1, std::nan("")};
  const std::vector<std::span<const double>> uneven{same, shorter}, broken{same, bad};
  CHECK(compare_all(base, {}).value().empty());
  CHECK(compare_all(base, uneven).error().code == errc::conflict);
  CHECK(compare_all(base, uneven).error().at == 1);
  CHECK(compare_all(base, broken).error().code == errc::not_finite);
  CHECK(compare_all(base, broken).error().at == 1);  // the user
}
