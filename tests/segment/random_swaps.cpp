#include "tailor/segment/random_swaps.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "../catch.hpp"
#include "../support/rounds.hpp"
#include "tailor/segment/kmeans.hpp"

using namespace tailor;
using namespace tailor::segment;

namespace {

/// Sixteen clouds on a grid: a start that misses one and has two in another stays so.
std::vector<double> grid_of_clouds(std::uint64_t seed) {
  counter_random g(seed, 3);
  std::vector<double> v;
  for (std::size_t i = 0; i < 1600; ++i) {
    v.push_back(10 * double(i % 4) + normal(g));
    v.push_back(10 * double(i / 4 % 4) + normal(g));
  }
  return v;
}

}  // namespace

TEST_CASE("random swaps: one start finds every cloud, where others come back to the same faults") {
  for (std::uint64_t seed = 0; seed < tailor_test::rounds(5u); ++seed) {
    CAPTURE(seed);
    const auto v = grid_of_clouds(seed);
    const point_view<double> points(v.data(), 1600, 2);
    const kmeans_options options{.k = 16, .restarts = 1, .seed = seed};
    const kmeans<random_swaps> fit(options);
    const kmeans_model m = fit.fit(points).value();
    CHECK(m.inertia() < 1600 * 2 * 1.1);
    for (const std::uint64_t n : m.counts()) CHECK(n == 100);
    CHECK(m.inertia() <= kmeans<>(options).fit(points).value().inertia() * (1 + 1e-12));
    const kmeans_model again = fit.fit(points).value();
    CHECK(std::equal(m.centres().begin(), m.centres().end(), again.centres().begin()));
    const kmeans<random_swaps> by_sample(options, {.sample = 500});
    CHECK(by_sample.fit(points).value().inertia() < 1600 * 2 * 1.1);
  }
}

TEST_CASE("random swaps: without swaps it is greedy k-means++, settled") {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    CAPTURE(seed);
    const auto v = grid_of_clouds(seed);
    const point_view<double> points(v.data(), 1600, 2);
    std::vector<double> centres(2 * 12);
    counter_random draw(seed, 0);
    REQUIRE(random_swaps{.swaps = 0}.seed(points, {}, 12, draw, std::span<double>(centres)));
    const kmeans_model settled =
        kmeans<greedy_plus_plus>({.k = 12, .restarts = 1, .seed = seed}).fit(points).value();
    for (std::size_t t = 0; t < centres.size(); ++t) {
      CHECK(centres[t] == Approx(settled.centres()[t]).margin(1e-4));
    }
  }
}

TEST_CASE("random swaps: more swaps are never worse, and their draws follow one another") {
  const auto v = grid_of_clouds(7);
  const point_view<double> points(v.data(), 1600, 2);
  const auto cost = [&](std::size_t swaps) {
    std::vector<double> centres(2 * 14);
    counter_random draw(5, 0);
    REQUIRE(random_swaps{.swaps = swaps}.seed(points, {}, 14, draw, std::span<double>(centres)));
    double sum = 0;
    for (std::size_t i = 0; i < points.n(); ++i) {
      const std::span<const double> row(v.data() + 2 * i, 2);
      double least = squared_euclidean{}(row, std::span<const double>(centres).first(2));
      for (std::size_t c = 1; c < 14; ++c) {
        least = (std::min)(
            least, squared_euclidean{}(row, std::span<const double>(centres).subspan(2 * c, 2)));
      }
      sum += least;
    }
    return sum;
  };
  double before = cost(0);
  for (const std::size_t swaps : {1u, 2u, 5u, 10u, 20u, 50u, 100u}) {
    const double now = cost(swaps);
    CHECK(now <= before * (1 + 1e-6));
    before = now;
  }
}

TEST_CASE("random swaps: weights count, and what cannot be is refused") {
  const auto v = grid_of_clouds(1);
  std::vector<double> weights(1600);
  for (std::size_t i = 0; i < 1600; ++i) weights[i] = i % 4 == 3 ? 0 : 1.5;
  const point_view<double> points(v.data(), 1600, 2);
  const kmeans<random_swaps> fit({.k = 12, .restarts = 1}, {.swaps = 50});
  const auto m = fit.fit(points, std::span<const double>(weights), serial_executor{}).value();
  for (const std::uint64_t n : m.counts()) CHECK(n == 100);
  for (std::size_t c = 0; c < 12; ++c) CHECK(m.centre(c)[0] < 25);
  const std::vector<double> equal(40, 2.0);
  const point_view<double> same(equal.data(), 20, 2);
  CHECK(kmeans<random_swaps>({.k = 2}).fit(same) == errc::too_few);
  CHECK(kmeans<random_swaps>({.k = 1}).fit(same).value().inertia() == 0);
}

TEST_CASE("random swaps: a sample without any weight leaves the first centres") {
  std::vector<double> v(3000), weights(3000, 0.0);
  for (std::size_t i = 0; i < v.size(); ++i) v[i] = double(i);
  weights[7] = weights[2900] = 1;
  const point_view<double> points(v.data(), 3000, 1);
  const kmeans<random_swaps> fit({.k = 2}, {.sample = 50});
  const auto m = fit.fit(points, std::span<const double>(weights), serial_executor{}).value();
  CHECK(m.inertia() == 0);
}

namespace {

using places = std::vector<double>;  // of centres on a line, in their order
using chances = std::map<places, double>;

/// The exact chances of what random_swaps gives for few points on a line: all draws gone through.
struct exact_swaps {
  std::vector<double> points;
  std::vector<double> weights;
  std::size_t k = 3;
  random_swaps rule{};
  double nearest_tie = 1e9;      // of two centres, from any point
  double nearest_inertia = 1e9;  // of two that are not the same

  static double square(double x) { return x * x; }

  std::vector<std::size_t> labels(const places& c) {
    std::vector<std::size_t> out;
    for (const double p : points) {
      std::vector<std::pair<double, std::size_t>> far;
      for (std::size_t i = 0; i < c.size(); ++i) far.emplace_back(square(p - c[i]), i);
      std::sort(far.begin(), far.end());
      if (far.size() > 1) nearest_tie = (std::min)(nearest_tie, far[1].first - far[0].first);
      out.push_back(far[0].second);
    }
    return out;
  }
  std::vector<double> costs(const places& c) {
    const auto own = labels(c);
    std::vector<double> out;
    for (std::size_t i = 0; i < points.size(); ++i) {
      out.push_back(weights[i] * square(points[i] - c[own[i]]));
    }
    return out;
  }
  double inertia(const places& c) {
    const auto all = costs(c);
    return std::accumulate(all.begin(), all.end(), 0.0);
  }
  places settled(places c, std::size_t iterations) {
    for (; iterations > 0; --iterations) {
      const auto own = labels(c);
      std::vector<double> sum(k), weight(k);
      for (std::size_t i = 0; i < points.size(); ++i) {
        sum[own[i]] += weights[i] * points[i];
        weight[own[i]] += weights[i];
      }
      for (std::size_t j = 0; j < k; ++j) {
        REQUIRE(weight[j] > 0);  // what becomes of an empty cluster is not modelled
        c[j] = sum[j] / weight[j];
      }
    }
    return c;
  }

  /// Of greedy_plus_plus: the first by weight, each next the best of 2 + ln k draws by cost; of
  /// equals the first.
  chances starts() {
    const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
    chances now;
    for (std::size_t i = 0; i < points.size(); ++i) now[{points[i]}] = weights[i] / total;
    const std::size_t candidates = 2 + static_cast<std::size_t>(std::log(static_cast<double>(k)));
    while (now.begin()->first.size() < k) {
      chances next;
      for (const auto& [c, chance] : now) {
        const std::vector<double> q = costs(c);
        const double sum = std::accumulate(q.begin(), q.end(), 0.0);
        std::vector<double> left;
        for (const double p : points) {
          left.push_back(0);
          for (std::size_t i = 0; i < points.size(); ++i) {
            left.back() += (std::min)(q[i], weights[i] * square(points[i] - p));
          }
        }
        for (std::size_t b = 0; b < points.size(); ++b) {
          if (q[b] <= 0) continue;
          double as_good = 0, worse = 0;
          for (std::size_t i = 0; i < points.size(); ++i) {
            if (left[i] >= left[b]) as_good += q[i] / sum;
            if (left[i] > left[b]) worse += q[i] / sum;
          }
          double taken = 0;  // as draw number j: those before it are worse, none behind is better
          for (std::size_t j = 0; j < candidates; ++j) {
            taken += std::pow(worse, static_cast<double>(j)) * q[b] / sum *
                     std::pow(as_good, static_cast<double>(candidates - 1 - j));
          }
          places more = c;
          more.push_back(points[b]);
          next[more] += chance * taken;
        }
      }
      now = std::move(next);
    }
    return now;
  }

  /// Settled, and then each swap: a centre drawn evenly goes to a point drawn by what it costs, all
  /// settle for some steps, and what is not better is not taken.
  chances of() {
    chances now;
    for (const auto& [c, p] : starts()) now[settled(c, 50)] += p;
    for (std::size_t s = 0; s < rule.swaps; ++s) {
      chances next;
      for (const auto& [c, p] : now) {
        const std::vector<double> q = costs(c);
        const double sum = std::accumulate(q.begin(), q.end(), 0.0);
        const double before = inertia(c);
        for (std::size_t gone = 0; gone < k; ++gone) {
          for (std::size_t to = 0; to < points.size(); ++to) {
            if (q[to] <= 0) continue;
            places trial = c;
            trial[gone] = points[to];
            trial = settled(std::move(trial), rule.steps);
            const double now_costs = inertia(trial);
            const bool same = std::abs(now_costs - before) < 1e-9;
            if (!same) {
              nearest_inertia = (std::min)(nearest_inertia, std::abs(now_costs - before));
            }
            next[!same && now_costs < before ? trial : c] +=
                p / static_cast<double>(k) * q[to] / sum;
          }
        }
      }
      now = std::move(next);
    }
    return now;
  }
};

/// Pearson's statistic of 40,000 draws, less what it exceeds once in ten thousand times; what
/// cannot be must not come. Outcomes that are too rare for the statistic are taken together.
double above_chance(exact_swaps model) {
  constexpr std::size_t draws = tailor_test::rounds(40'000u);
  const chances expected = model.of();
  REQUIRE(model.nearest_tie > 1e-3);  // so that single precision decides like the model
  REQUIRE(model.nearest_inertia > 1e-2);
  const point_view<double> points(model.points.data(), model.points.size(), 1);
  std::map<places, double> seen;
  std::span<const double> weights = model.weights;
  if (weights[0] == 1) weights = {};  // none given: the same
  for (std::uint64_t seed = 0; seed < draws; ++seed) {
    counter_random draw(seed, 6);
    places c(model.k);
    const status done = model.rule.seed(points, weights, model.k, draw, std::span<double>(c));
    if (!done) FAIL("refused");
    for (double& x : c) x = std::round(x * 1e4);
    ++seen[c];
  }
  double sum = 0, rare = 0, rare_seen = 0, cells = 0, total = 0;
  for (const auto& [c, p] : expected) {
    double n = 0;
    for (const auto& [drawn, times] : seen) {
      bool same = true;
      for (std::size_t j = 0; j < c.size(); ++j)
        same = same && std::abs(drawn[j] - c[j] * 1e4) < 10;
      if (same) n += times;
    }
    total += n;
    if (p * draws < 10) {
      rare += p * draws;
      rare_seen += n;
      continue;
    }
    ++cells;
    sum += exact_swaps::square(n - p * draws) / (p * draws);
  }
  REQUIRE(total == draws);
  if (rare >= 1) {
    ++cells;
    sum += exact_swaps::square(rare_seen - rare) / rare;
  }
  CHECK(cells > 15);
  // E. B. Wilson and M. M. Hilferty, "The distribution of chi-square", 1931.
  const double f = 2 / (9 * (cells - 1));
  return sum - (cells - 1) * std::pow(1 - f + 3.72 * std::sqrt(f), 3);
}

const std::vector<double> on_a_line = {0, 4, 9, 15, 24, 32, 35, 43};
const std::vector<double> on_another = {0, 12.625, 16.75, 22.25, 27, 40.125, 47.625, 56};
const std::vector<double> of_one(8, 1.0);
const std::vector<double> of_weight = {4, 1, 2, 0.5, 1.5, 0.5, 4, 2.5};

}  // namespace

TEST_CASE("random swaps: the centre comes evenly, the point by what it costs, and only if better") {
  // Without a step the point stays where it was put; with many, all that is seen is what is best.
  for (const std::uint32_t steps : {0u, 15u}) {
    CAPTURE(steps);
    CHECK(above_chance({on_a_line, of_weight, 3, {.swaps = 1, .steps = steps}}) < 0);
  }
}

TEST_CASE("random swaps: a second swap draws by what points cost after the first") {
  CHECK(above_chance({on_a_line, of_weight, 3, {.swaps = 2, .steps = 15}}) < 0);
  CHECK(above_chance({on_another, of_one, 3, {.swaps = 2, .steps = 0}}) < 0);
}
