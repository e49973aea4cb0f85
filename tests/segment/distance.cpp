#include "tailor/segment/distance.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "../catch.hpp"

using namespace tailor::segment;

TEST_CASE("distance: squares and relative entropy by hand") {
  const std::vector<double> a = {1, 2}, b = {4, 6}, zero = {0, 2};
  CHECK(squared_euclidean{}(a, b) == 25);
  CHECK(squared_euclidean{}(a, a) == 0);
  CHECK(relative_entropy{}(a, a) == 0);
  CHECK(relative_entropy{}(a, b) ==
        Approx(std::log(1.0 / 4) + 2 * std::log(2.0 / 6) - 3 + 10).margin(1e-12));
  CHECK(relative_entropy{}(zero, a) == Approx(1));
  CHECK(relative_entropy{}(a, zero) == std::numeric_limits<double>::infinity());
}

TEST_CASE("distance: the mean is the place of the least sum") {
  const std::vector<std::vector<double>> points = {{1, 3}, {2, 0.5}, {6, 1}};
  const std::vector<double> mean = {3, 1.5};
  const auto check = [&](const auto& d) {
    const auto sum = [&](const std::vector<double>& c) {
      double out = 0;
      for (const auto& p : points) out += d(p, c);
      return out;
    };
    for (const double x : {-0.3, 0.0, 0.3}) {
      for (const double y : {-0.3, 0.0, 0.3}) CHECK(sum({3 + x, 1.5 + y}) >= sum(mean) - 1e-12);
    }
  };
  check(squared_euclidean{});
  check(relative_entropy{});
}
