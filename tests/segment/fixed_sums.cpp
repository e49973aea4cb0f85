#include "tailor/segment/fixed_sums.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/int128.hpp"
#include "tailor/core/random.hpp"

using namespace tailor;
using namespace tailor::segment;

TEST_CASE("fixed sums: the nearest multiple, either side of the mean") {
  const extent where{.mean = {10}, .reach = 4};
  const fixed_grid grid(where, 1, 1);
  CHECK(grid.at(0) == 0);
  CHECK(grid.at(4) == -grid.at(-4));
  CHECK(grid.at(1) == std::int64_t{1} << 48);
  CHECK(grid.mean(static_cast<double>(grid.at(1)) * 3, 3, 0) == 11);
  const fixed_grid twice(where, 2, 1);  // numbers that come doubled
  CHECK(twice.at(2) == grid.at(1));
  const fixed_grid crowded(where, 1, std::uint64_t{1} << 31);
  CHECK(crowded.at(4) <= std::int64_t{1} << 31);
}

TEST_CASE("fixed sums: the same in any order, in any number of parts, and back again") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    counter_random g(seed);
    const std::size_t n = 500, d = 1 + seed % 6, k = 5;
    std::vector<float> v(n * d);
    for (float& x : v) x = static_cast<float>(normal(g));
    const extent where{.mean = std::vector<double>(d), .reach = 8};
    const auto check = [&](auto zero, std::uint32_t heaviest) {
      using sum = decltype(zero);
      const fixed_grid grid(where, 1, sizeof(sum) > 8 ? 1 : n);
      std::vector<std::uint32_t> cluster(n), weight(n);
      for (std::size_t i = 0; i < n; ++i) {
        cluster[i] = static_cast<std::uint32_t>(uniform_below(g, k));
        weight[i] = heaviest == 1 ? 1 : static_cast<std::uint32_t>(uniform_below(g, heaviest));
      }
      const auto point = [&](std::size_t i) { return centred_point<float>{v.data() + i * d, 1}; };
      fixed_sums<sum> forward(k, d), parts(k, d), one(k, d), other(k, d);
      for (std::size_t i = 0; i < n; ++i) forward.add(cluster[i], point(i), grid, weight[i]);
      for (std::size_t i = n; i-- > 0;) {
        fixed_sums<sum>& part = i % 3 == 0 ? one : other;
        part.add(2, point(i), grid, weight[i]);
        if (cluster[i] != 2)
          (i % 2 == 0 ? one : other).move(2, cluster[i], point(i), grid, weight[i]);
      }
      parts.take(one);
      parts.take(other);
      std::vector<double> a(k * d, -1), b(k * d, -1);
      forward.centres(grid, a);
      parts.centres(grid, b);
      CHECK(a == b);
      CHECK(std::equal(forward.points().begin(), forward.points().end(), parts.points().begin()));
      CHECK(std::count(one.points().begin(), one.points().end(), 0) == k);
      parts.clear();
      std::vector<double> kept(k * d, 7);
      parts.centres(grid, kept);
      CHECK(kept == std::vector<double>(k * d, 7));
    };
    check(std::int64_t{}, 1);
    check(int128{}, 1u << 31);
  }
}

TEST_CASE("fixed sums: the largest numbers and weights do not overflow") {
  const extent where{.mean = {0}, .reach = 1e30};
  const fixed_grid grid(where, 1, 1);
  fixed_sums<int128> sums(1, 1);
  const double x = 1e30;
  for (int i = 0; i < 1000; ++i) sums.add(0, centred_point<double>{&x, 1}, grid, 0x7fffffffu);
  double centre = 0;
  sums.centres(grid, std::span<double>(&centre, 1));
  CHECK(centre == Approx(1e30).epsilon(1e-14));
}
