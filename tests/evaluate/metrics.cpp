#include "tailor/evaluate/metrics.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/distributions.hpp"

using namespace tailor;
using namespace tailor::evaluate;

namespace {

std::vector<item_id> items(std::initializer_list<std::uint64_t> ids) {
  std::vector<item_id> out;
  for (const std::uint64_t id : ids) out.push_back(item_id{id});
  return out;
}

bool near(double a, double b) { return std::fabs(a - b) < 1e-6; }

}  // namespace

TEST_CASE("metrics: the answers of the textbook, and of scikit-learn") {
  const auto m = measure_list(items({3, 2, 1, 4, 5}), items({1, 3, 5}), 5).value();
  CHECK(near(m[metric::ndcg], .885460));
  CHECK(near(m[metric::average_precision], .755556));
  CHECK(m[metric::recall_of_all] == 1);
  CHECK(m[metric::reciprocal_rank] == 1);
  CHECK(m[metric::precision] == .6);
  // ndcg_score([[0,1,0,0,1,0,0,1]], [[8,7,6,5,4,3,2,1]], k=4) of scikit-learn 1.9.1, items by
  // column.
  const auto n = measure_list(items({0, 1, 2, 3, 4, 5, 6, 7}), items({1, 4, 7}), 4).value();
  CHECK(near(n[metric::ndcg], .2960819));
  CHECK(near(n[metric::recall_of_all], 1.0 / 3));
}

TEST_CASE("metrics: both recalls differ where more is relevant than can be shown") {
  const auto m = measure_list(items({1, 2, 9}), items({1, 2, 3, 4}), 2).value();
  CHECK(m[metric::recall_of_all] == .5);
  CHECK(m[metric::recall_of_reachable] == 1);
  CHECK(m[metric::ndcg] == 1);
  CHECK(m[metric::average_precision] == 1);
  CHECK(m[metric::hit] == 1);
  const auto shorter = measure_list(items({7}), items({7, 8}), 4).value();
  CHECK(shorter[metric::precision] == .25);
  CHECK(shorter[metric::recall_of_reachable] == .5);
  const auto none = measure_list({}, items({7, 8}), 4).value();
  for (const double v : none.values) CHECK(v == 0);
}

TEST_CASE("metrics: a list that names an item twice is no list") {
  // Counted twice, a hit makes every figure better than it is.
  const auto twice = measure_list(items({1, 1, 2}), items({1}), 3);
  REQUIRE_FALSE(twice);
  CHECK(twice.error().code == errc::duplicate);
  CHECK(twice.error().at == 1);
  CHECK(measure_list(items({1, 2, 1}), items({1}), 2));  // beyond what is measured
  CHECK(measure_list(items({1}), {}, 3).error().code == errc::too_few);
  CHECK(measure_list(items({1}), items({1}), 0).error().code == errc::too_few);
  CHECK(measure_list(items({1}), items({2, 1}), 1).error().code == errc::malformed);
}

TEST_CASE("metrics: as by the definitions on random lists") {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    counter_random draw(seed, 1);
    std::vector<item_id> list;
    for (std::uint64_t i = 0; i < 12; ++i) list.push_back(item_id{i});
    shuffle(std::span(list), draw);
    list.resize(uniform_below(draw, 13));
    std::set<item_id> relevant{item_id{uniform_below(draw, 20)}};
    for (std::uint64_t n = uniform_below(draw, 6); n > 0; --n) {
      relevant.insert(item_id{uniform_below(draw, 20)});
    }
    const std::size_t k = 1 + uniform_below(draw, 14);
    const std::vector<item_id> sorted(relevant.begin(), relevant.end());
    const auto m = measure_list(list, sorted, k).value();
    double hits = 0, dcg = 0, ideal = 0, precisions = 0, rank = 0;
    for (std::size_t n = 0; n < k && n < list.size(); ++n) {
      if (relevant.count(list[n]) == 0) continue;
      hits += 1;
      dcg += 1 / std::log2(static_cast<double>(n) + 2);
      precisions += hits / (static_cast<double>(n) + 1);
      if (rank == 0) rank = 1 / (static_cast<double>(n) + 1);
    }
    const std::size_t most = (std::min)(k, relevant.size());
    for (std::size_t n = 0; n < most; ++n) ideal += 1 / std::log2(static_cast<double>(n) + 2);
    REQUIRE(near(m[metric::ndcg], dcg / ideal));
    REQUIRE(near(m[metric::average_precision], precisions / static_cast<double>(most)));
    REQUIRE(near(m[metric::reciprocal_rank], rank));
    REQUIRE(near(m[metric::recall_of_all], hits / static_cast<double>(relevant.size())));
    REQUIRE(near(m[metric::recall_of_reachable], hits / static_cast<double>(most)));
    REQUIRE(near(m[metric::precision], hits / static_cast<double>(k)));
    REQUIRE(m[metric::hit] == (hits > 0 ? 1 : 0));
  }
}

TEST_CASE("metrics: variety and revenue of a list") {
  const auto same_tens = [](item_id a, item_id b) {
    return raw(a) / 10 == raw(b) / 10 ? 1.0 : 0.0;
  };
  CHECK(near(intra_list_diversity(items({1, 2, 11}), same_tens), 2.0 / 3));
  CHECK(intra_list_diversity(items({1}), same_tens) == 0);
  const auto price = [](item_id i) { return static_cast<std::int64_t>(100 * raw(i)); };
  CHECK(revenue_of_hits(items({1, 2, 3}), items({2, 3}), 2, price) == 200);
  const auto huge = [](item_id) { return INT64_MAX; };
  CHECK(revenue_of_hits(items({1, 2}), items({1, 2}), 2, huge) == INT64_MAX);
}
