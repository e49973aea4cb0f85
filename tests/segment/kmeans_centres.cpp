#include "tailor/segment/kmeans_centres.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "../catch.hpp"
#include "../support/rounds.hpp"
#include "plain_fit.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"
#include "tailor/core/thread_pool.hpp"
#include "tailor/segment/cells.hpp"
#include "tailor/segment/kmeans.hpp"
#include "tailor/segment/quality.hpp"
#include "tailor/segment/random_swaps.hpp"

using namespace tailor;
using segment::kmeans_centres;
using segment::point_view;

namespace {

std::vector<double> random_numbers(std::uint64_t seed, std::size_t count) {
  counter_random g(seed, 4);
  std::vector<double> out(count);
  for (double& x : out) x = normal(g) + 4 * double(uniform_below(g, 3));
  return out;
}

}  // namespace

TEST_CASE("k-means centres: as good as the best of many plain starts") {
  for (std::uint64_t seed = 0; seed < tailor_test::rounds(20u); ++seed) {
    CAPTURE(seed);
    const auto v = random_numbers(seed, 600);
    const point_view<double> points(v.data(), 300, 2);
    const std::size_t k = 2 + seed % 5;
    const auto ours = kmeans_centres{.seed = seed}(points, k).value();
    const auto plain = tailor_test::plain_kmeans{.starts = 30}(points, k).value();
    CHECK(segment::quality_of(points, ours).inertia <=
          segment::quality_of(points, plain).inertia * 1.02);
    CHECK(kmeans_centres{.seed = seed}(points, k).value() == ours);
    const std::vector<float> narrow(v.begin(), v.end());
    CHECK(kmeans_centres{}(point_view<float>(narrow.data(), 300, 2), k).value().size() == 2 * k);
  }
}

TEST_CASE("k-means centres: those of k-means from random swaps, for any number of threads") {
  const std::size_t n = tailor_test::rounds(5'000u);
  const auto v = random_numbers(3, 2 * n);
  const point_view<double> points(v.data(), n, 2);
  const auto ours = kmeans_centres{.seed = 4}(points, 7).value();
  thread_pool three(3);
  CHECK(kmeans_centres{.seed = 4}(points, 7, three).value() == ours);
  const segment::kmeans<segment::random_swaps> fit(
      {.k = 7, .max_iterations = 300, .restarts = 2, .seed = 4});
  const auto model = fit.fit(points).value();
  CHECK(std::equal(ours.begin(), ours.end(), model.centres().begin(), model.centres().end()));
}

TEST_CASE("k-means centres: a weight is as many points") {
  std::vector<double> few, many, weights;
  counter_random g(2);
  for (int i = 0; i < 60; ++i) {
    const double x = normal(g), y = normal(g) + i % 3 * 8;
    const std::uint64_t times = 1 + uniform_below(g, 4);
    few.insert(few.end(), {x, y});
    weights.push_back(double(times));
    for (std::uint64_t t = 0; t < times; ++t) many.insert(many.end(), {x, y});
  }
  const auto sorted = [](std::vector<double> c) {
    std::vector<std::pair<double, double>> out;
    for (std::size_t i = 0; i < c.size(); i += 2) out.emplace_back(c[i + 1], c[i]);
    std::sort(out.begin(), out.end());
    return out;
  };
  const auto a =
      sorted(kmeans_centres{}.weighted(point_view<double>(few.data(), 60, 2), weights, 3).value());
  const auto b =
      sorted(kmeans_centres{}(point_view<double>(many.data(), many.size() / 2, 2), 3).value());
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(a[i].first == Approx(b[i].first).margin(1e-9));
    CHECK(a[i].second == Approx(b[i].second).margin(1e-9));
  }
}

TEST_CASE("k-means centres: equal points, as many centres as points, and none") {
  const std::vector<double> equal(20, 3.0);
  const point_view<double> same(equal.data(), 10, 2);
  CHECK(kmeans_centres{}(same, 1).value() == std::vector<double>{3.0, 3.0});
  CHECK(kmeans_centres{}(same, 3) == errc::too_few);
  const std::vector<double> v = {5, 1, 9};
  const point_view<double> three(v.data(), 3, 1);
  auto all = kmeans_centres{}(three, 3).value();
  std::sort(all.begin(), all.end());
  CHECK(all == std::vector<double>{1, 5, 9});
  CHECK(kmeans_centres{}(three, 1).value() == std::vector<double>{5});
  CHECK(kmeans_centres{}(three, 4) == errc::too_few);
  CHECK(kmeans_centres{}(three, 0) == errc::out_of_range);
  CHECK(kmeans_centres{}(point_view<double>(), 1) == errc::too_few);
  const std::vector<double> bad = {1, 2, std::nan("")};
  const auto refused = kmeans_centres{}(point_view<double>(bad.data(), 3, 1), 2);
  CHECK(refused == errc::not_finite);
  CHECK(refused.error().at == 2);
  std::vector<double> weights = {1, 0, 1};
  auto two = kmeans_centres{}.weighted(three, weights, 2).value();
  std::sort(two.begin(), two.end());
  CHECK(two == std::vector<double>{5, 9});
  CHECK(kmeans_centres{}.weighted(three, weights, 3) == errc::too_few);
  weights[1] = -1;
  CHECK(kmeans_centres{}.weighted(three, weights, 2) == errc::out_of_range);
  CHECK(kmeans_centres{}.weighted(three, weights, 2).error().at == 1);
}

TEST_CASE("k-means centres: on cells nearly as good as on all points") {
  const std::size_t n = tailor_test::rounds(20'000u);
  const auto v = random_numbers(5, 3 * n);
  const point_view<double> points(v.data(), n, 3);
  segment::cells grid;
  for (std::size_t i = 0; i < points.n(); ++i) {
    while (grid.observe(std::span<const double>(v).subspan(3 * i, 3)) == errc::full) {
      REQUIRE(grid.coarsen());
    }
  }
  const auto means = grid.means();
  CHECK(grid.size() <= n);
  const point_view<double> few(means.points.data(), means.weights.size(), 3);
  const kmeans_centres fit{.seed = 3, .starts = 2};
  const double direct = segment::quality_of(points, fit(points, 6).value()).inertia;
  const auto centres = fit.weighted(few, means.weights, 6).value();
  CHECK(segment::quality_of(points, centres).inertia <= direct * 1.005);
}
