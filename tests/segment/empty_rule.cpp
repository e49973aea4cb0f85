#include "tailor/segment/empty_rule.hpp"

#include <cstdint>
#include <vector>

#include "../catch.hpp"
#include "tailor/segment/kmeans.hpp"

using namespace tailor;
using namespace tailor::segment;

namespace {

cluster_labels labels_of(const std::vector<std::uint32_t>& of) {
  cluster_labels out(of.size(), 4);
  for (std::size_t i = 0; i < of.size(); ++i) out.set(i, of[i]);
  return out;
}

// Twelve points in two places and one outside; the third centre is too far away for all of them.
const std::vector<double> line = {0, 0.1, 0.2, 0.3, 0.4, 0.5, 5, 5.1, 5.2, 5.3, 9, 9.5};

template <class Rule>
kmeans_model fit(const Rule&, std::vector<double> centres, std::uint32_t steps = 50) {
  const std::size_t k = centres.size();
  const kmeans<given_centres, blocked, Rule> by({.k = k, .max_iterations = steps},
                                                given_centres(std::move(centres)));
  return by.fit(point_view<double>(line.data(), line.size(), 1)).value();
}

}  // namespace

TEST_CASE(
    "empty rule: the farthest point, the first of equals, that does not leave its own empty") {
  const cluster_labels labels = labels_of({0, 0, 1, 2, 2});
  const std::vector<std::uint64_t> counts = {2, 1, 2, 0};
  const std::vector<double> cost = {1, 4, 9, 4, 0};
  const crowd c{labels, cost, counts};
  CHECK_FALSE(c.may_go(2));  // alone
  CHECK_FALSE(c.may_go(4));  // costs nothing where it is
  CHECK(farthest_point{}.refill(c) == 1u);
  CHECK(split_largest{}.refill(c) == 1u);
  CHECK_FALSE(keep_empty{}.refill(c));
  CHECK_FALSE(drop_empty{}.refill(c));
}

TEST_CASE("empty rule: the largest cluster is split even where another point is farther") {
  const cluster_labels labels = labels_of({0, 0, 0, 1, 1});
  const std::vector<std::uint64_t> counts = {3, 2, 0};
  const std::vector<double> cost = {1, 2, 0, 9, 1};
  const crowd c{labels, cost, counts};
  CHECK(farthest_point{}.refill(c) == 3u);
  CHECK(split_largest{}.refill(c) == 1u);
}

TEST_CASE("empty rule: nobody goes where all points are equal") {
  const cluster_labels labels = labels_of({0, 0});
  const std::vector<std::uint64_t> counts = {2, 0};
  const std::vector<double> cost = {0, 0};
  CHECK_FALSE(farthest_point{}.refill({labels, cost, counts}));
  CHECK_FALSE(split_largest{}.refill({labels, cost, counts}));
}

TEST_CASE("empty rule: refilled clusters end with points") {
  const auto check = [](const auto& rule) {
    const kmeans_model m = fit(rule, {0, 5, 1000, 2000});
    CHECK(m.k() == 4);
    CHECK(m.converged());
    for (const std::uint64_t n : m.counts()) CHECK(n > 0);
    CHECK(m.inertia() < fit(keep_empty{}, {0, 5, 1000, 2000}).inertia());
  };
  check(farthest_point{});
  check(split_largest{});
}

TEST_CASE("empty rule: empty clusters stay where they are, or are no clusters in the end") {
  const kmeans_model kept = fit(keep_empty{}, {0, 1000, 5, 2000, 9});
  CHECK(kept.k() == 5);
  CHECK(kept.centres()[1] == 1000);
  CHECK(kept.counts()[1] == 0);
  const kmeans_model dropped = fit(drop_empty{}, {0, 1000, 5, 2000, 9});
  CHECK(dropped.k() == 3);
  CHECK(dropped.inertia() == kept.inertia());
  CHECK(dropped.centres()[1] == kept.centres()[2]);
  for (std::size_t i = 0; i < line.size(); ++i) CHECK(dropped.labels()[i] == kept.labels()[i] / 2);
  CHECK(dropped.assign(point_view<double>(line.data(), line.size(), 1)).value() ==
        dropped.labels());
}

TEST_CASE("empty rule: a point of no weight in a dropped cluster goes to the nearest left") {
  const std::vector<double> x = {0, 1, 10, 11, 100};
  const std::vector<double> weights = {1, 1, 1, 1, 0};
  const kmeans<given_centres, blocked, drop_empty> by({.k = 3}, given_centres({0, 10, 100}));
  const auto m = by.fit(point_view<double>(x.data(), 5, 1), std::span<const double>(weights),
                        serial_executor{})
                     .value();
  CHECK(m.k() == 2);
  CHECK(m.labels()[4] == 1);
  CHECK(m.counts()[1] == 2);
  CHECK(m.inertia() == Approx(1));
}

TEST_CASE("empty rule: a rule of the host may pick, and what may not go stays") {
  struct last_one {
    std::optional<std::size_t> refill(const crowd& c) const { return c.cost.size() - 1; }
  };
  struct nonsense {
    std::optional<std::size_t> refill(const crowd&) const { return 1'000'000; }
  };
  const kmeans_model m = fit(last_one{}, {0, 5, 1000}, 1);
  CHECK(m.labels()[11] == 2);
  CHECK(fit(nonsense{}, {0, 5, 1000}).counts()[2] == 0);
}
