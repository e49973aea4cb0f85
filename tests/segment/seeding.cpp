#include "tailor/segment/seeding.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <numeric>
#include <utility>
#include <vector>

#include "../catch.hpp"

using namespace tailor;
using namespace tailor::segment;

namespace {

// Five points on a line, told apart by where they are; distances differ for every pair.
const std::vector<double> line = {0, 1, 3, 7, 12};
const std::vector<double> weights = {1, 2, 0.5, 3, 1};
constexpr std::size_t draws = 40'000;

using pair_chances = std::map<std::pair<std::size_t, std::size_t>, double>;

std::size_t place_of(double x) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == x) return i;
  }
  FAIL("a centre that is no point");
  return 0;
}

/// Chances of first and second centre; `chance(first)` gives those of the second.
template <class Second>
pair_chances pairs(std::span<const double> w, const Second& second) {
  const double total = std::accumulate(w.begin(), w.end(), 0.0);
  pair_chances out;
  for (std::size_t a = 0; a < line.size(); ++a) {
    const std::vector<double> q = second(a);
    for (std::size_t b = 0; b < line.size(); ++b) {
      if (q[b] > 0) out[{a, b}] = w[a] / total * q[b];
    }
  }
  return out;
}

/// Pearson's statistic of 40,000 draws; pairs that cannot be must not come.
template <class Seeding>
double chi_square(const Seeding& s, std::span<const double> w, const pair_chances& expected) {
  const point_view<double> points(line.data(), line.size(), 1);
  std::map<std::pair<std::size_t, std::size_t>, double> seen;
  for (std::uint64_t seed = 0; seed < draws; ++seed) {
    counter_random draw(seed, 5);
    std::vector<double> centres(2);
    REQUIRE(s.seed(points, w, 2, draw, centres));
    const std::pair at(place_of(centres[0]), place_of(centres[1]));
    REQUIRE(expected.contains(at));
    ++seen[at];
  }
  double sum = 0;
  for (const auto& [at, p] : expected) {
    const double off = seen[at] - p * draws;
    sum += off * off / (p * draws);
  }
  return sum;
}

std::vector<double> normed(std::vector<double> q) {
  const double total = std::accumulate(q.begin(), q.end(), 0.0);
  for (double& x : q) x /= total;
  return q;
}

std::vector<double> by_distance(std::span<const double> w, std::size_t first) {
  std::vector<double> q;
  for (std::size_t i = 0; i < line.size(); ++i) {
    q.push_back(w[i] * (line[i] - line[first]) * (line[i] - line[first]));
  }
  return normed(q);
}

// 19 degrees of freedom: above 51 once in ten thousand.
constexpr double most = 51;

}  // namespace

TEST_CASE("seeding: random points come by weight, without those taken before") {
  for (const auto& w : {std::vector<double>(5, 1.0), weights}) {
    const auto second = [&](std::size_t a) {
      std::vector<double> q = w;
      q[a] = 0;
      return normed(q);
    };
    CHECK(chi_square(random_points{}, w, pairs(w, second)) < most);
  }
  const std::vector<double> same(5, 1.0);
  const auto second = [&](std::size_t a) {
    std::vector<double> q = same;
    q[a] = 0;
    return normed(q);
  };
  CHECK(chi_square(random_points{}, {}, pairs(same, second)) < most);
}

TEST_CASE("seeding: k-means++ draws by weight times squared distance") {
  for (const auto& w : {std::vector<double>(5, 1.0), weights}) {
    const auto second = [&](std::size_t a) { return by_distance(w, a); };
    CHECK(chi_square(plus_plus{}, w, pairs(w, second)) < most);
  }
}

TEST_CASE("seeding: greedy k-means++ takes the better of two draws for a second centre") {
  for (const auto& w : {std::vector<double>(5, 1.0), weights}) {
    const auto second = [&](std::size_t a) {
      const std::vector<double> q = by_distance(w, a);
      std::vector<double> left(5, 0.0);
      for (std::size_t b = 0; b < 5; ++b) {
        for (std::size_t i = 0; i < 5; ++i) {
          const double x = line[i] - line[a], y = line[i] - line[b];
          left[b] += w[i] * (std::min)(x * x, y * y);
        }
      }
      // b is taken when it comes first and the other is no better, or second after a worse one.
      std::vector<double> out(5, 0.0);
      for (std::size_t b = 0; b < 5; ++b) {
        double as_good = 0, worse = 0;
        for (std::size_t i = 0; i < 5; ++i) {
          if (left[i] >= left[b]) as_good += q[i];
          if (left[i] > left[b]) worse += q[i];
        }
        out[b] = q[b] * (as_good + worse);
      }
      return out;
    };
    CHECK(chi_square(greedy_plus_plus{}, w, pairs(w, second)) < most);
  }
}

TEST_CASE("seeding: a sample takes every row as often as any other") {
  std::vector<double> rows(20);
  std::iota(rows.begin(), rows.end(), 0.0);
  const point_view<double> points(rows.data(), 20, 1);
  std::vector<double> seen(20);
  for (std::uint64_t seed = 0; seed < draws; ++seed) {
    counter_random draw(seed);
    double centre = 0;
    REQUIRE(random_points{.sample = 7}.seed(points, {}, 1, draw, std::span<double>(&centre, 1)));
    ++seen[static_cast<std::size_t>(centre)];
  }
  double sum = 0;
  for (const double n : seen) sum += (n - draws / 20.0) * (n - draws / 20.0) / (draws / 20.0);
  CHECK(sum < most);
}

TEST_CASE("seeding: different points are found where a sample has too few of them") {
  std::vector<float> rows(5000, 1.0f);
  rows[17] = 2;
  rows[4321] = 3;
  const point_view<float> points(rows.data(), 5000, 1);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    const auto check = [&](const auto& s) {
      counter_random draw(seed);
      std::vector<double> centres(3);
      REQUIRE(s.seed(points, {}, 3, draw, centres));
      std::sort(centres.begin(), centres.end());
      CHECK(centres == std::vector<double>{1, 2, 3});
      std::vector<double> more(4);
      const status s4 = s.seed(points, {}, 4, draw, more);
      CHECK(s4 == errc::too_few);
      CHECK(s4.error().at == 4);
    };
    check(random_points{.sample = 100});
    check(plus_plus{.sample = 100});
    check(greedy_plus_plus{{.sample = 100}});
  }
}

TEST_CASE("seeding: points of no weight are never taken") {
  const std::vector<double> w = {0, 1, 0, 1, 0};
  const point_view<double> points(line.data(), 5, 1);
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    CAPTURE(seed);
    counter_random draw(seed);
    std::vector<double> c(2);
    REQUIRE(greedy_plus_plus{}.seed(points, w, 2, draw, c));
    CHECK(std::min(c[0], c[1]) == 1);
    CHECK(std::max(c[0], c[1]) == 7);
    std::vector<double> three(3);
    CHECK(plus_plus{}.seed(points, w, 3, draw, three) == errc::too_few);
    CHECK(random_points{}.seed(points, w, 3, draw, three) == errc::too_few);
  }
}

TEST_CASE("seeding: centres that are given are taken or refused as a whole") {
  const point_view<double> points(line.data(), 5, 1);
  counter_random draw(1);
  std::vector<double> c(2);
  CHECK(given_centres({4, 5}).seed(points, {}, 2, draw, c));
  CHECK(c == std::vector<double>{4, 5});
  CHECK(given_centres({4}).seed(points, {}, 2, draw, c) == errc::malformed);
  CHECK(given_centres().seed(points, {}, 2, draw, c) == errc::malformed);
  const status s = given_centres({4, std::nan("")}).seed(points, {}, 2, draw, c);
  CHECK(s == errc::not_finite);
  CHECK(s.error().at == 1);
  CHECK(given_centres({1e300, 0}).seed(points, {}, 2, draw, c) == errc::out_of_range);
}
