#include "tailor/evaluate/tie_averaged.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
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

bool near(double a, double b) { return std::fabs(a - b) < 1e-9; }

/// The mean of measure_list over all orders that the scores allow.
list_metrics over_all_orders(std::vector<item_id> list, const std::vector<double>& scores,
                             const std::vector<item_id>& relevant, std::size_t k) {
  std::vector<std::size_t> order(list.size());
  for (std::size_t n = 0; n < order.size(); ++n) order[n] = n;
  list_metrics sum;
  double orders = 0;
  do {
    bool allowed = true;
    for (std::size_t n = 0; n < order.size(); ++n) allowed &= scores[order[n]] == scores[n];
    if (!allowed) continue;
    std::vector<item_id> turned;
    turned.reserve(order.size());
    for (const std::size_t n : order) turned.push_back(list[n]);
    const list_metrics m = measure_list(turned, relevant, k).value();
    for (std::size_t v = 0; v < metric_count; ++v) sum.values[v] += m.values[v];
    orders += 1;
  } while (std::next_permutation(order.begin(), order.end()));
  for (double& v : sum.values) v /= orders;
  return sum;
}

}  // namespace

TEST_CASE("tie averaged: the mean over all orders of equal scores") {
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    counter_random draw(seed, 2);
    const std::size_t size = uniform_below(draw, 7);
    std::vector<item_id> list;
    std::vector<double> scores;
    for (std::uint64_t n = 0; n < size; ++n) {
      list.push_back(item_id{n});
      scores.push_back(static_cast<double>(uniform_below(draw, 4)));
    }
    shuffle(std::span(list), draw);
    std::sort(scores.rbegin(), scores.rend());
    std::vector<item_id> relevant;
    for (std::uint64_t n = 0; n < 9; ++n) {
      if (uniform_below(draw, 3) == 0) relevant.push_back(item_id{n});
    }
    if (relevant.empty()) relevant.push_back(item_id{8});
    const std::size_t k = 1 + uniform_below(draw, 8);
    const list_metrics got = measure_tied(list, scores, relevant, k).value();
    const list_metrics want = over_all_orders(list, scores, relevant, k);
    INFO("seed " << seed);
    for (std::size_t v = 0; v < metric_count; ++v) CHECK(near(got.values[v], want.values[v]));
  }
}

TEST_CASE("tie averaged: the NDCG of scikit-learn with its ties") {
  // ndcg_score([y], [s], k=k, ignore_ties=False) of scikit-learn 1.9.1 for 24 items x with the
  // scores (7x² + 3c) mod (4 + c), relevant where (5x² + x + c) mod 7 < 2.
  constexpr double want[] = {0.4166666667, 0.6000000000, 0.6979300144, 0.2500000000, 0.3585502011};
  constexpr std::size_t cuts[] = {5, 10, 24, 3, 7};
  for (std::uint64_t c = 0; c < 5; ++c) {
    std::vector<item_id> list, relevant;
    std::vector<double> scores;
    list.reserve(24);
    scores.reserve(24);
    for (std::uint64_t x = 0; x < 24; ++x) {
      list.push_back(item_id{x});
      if ((5 * x * x + x + c) % 7 < 2) relevant.push_back(item_id{x});
    }
    const auto score_of = [&](item_id i) { return (7 * raw(i) * raw(i) + 3 * c) % (4 + c); };
    std::sort(list.begin(), list.end(), [&](item_id a, item_id b) {
      return score_of(a) != score_of(b) ? score_of(a) > score_of(b) : a < b;
    });
    for (const item_id i : list) scores.push_back(static_cast<double>(score_of(i)));
    const list_metrics m = measure_tied(list, scores, relevant, cuts[c]).value();
    CHECK(near(m[metric::ndcg], want[c]));
  }
}

TEST_CASE("tie averaged: without ties it is the plain metric, and a rule for ties gains nothing") {
  const auto list = items({3, 2, 1, 4, 5}), relevant = items({1, 3, 5});
  const std::vector<double> scores{5, 4, 3, 2, 1};
  const list_metrics plain = measure_list(list, relevant, 5).value();
  const list_metrics tied = measure_tied(list, scores, relevant, 5).value();
  for (std::size_t v = 0; v < metric_count; ++v) CHECK(near(plain.values[v], tied.values[v]));
  // One score for all: item 1 comes first by its id alone.
  const auto ten = items({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}), first = items({1});
  const std::vector<double> same(10, .5);
  CHECK(measure_list(ten, first, 2).value()[metric::recall_of_all] == 1);
  const list_metrics even = measure_tied(ten, same, first, 2).value();
  CHECK(near(even[metric::recall_of_all], .2));
  CHECK(near(even[metric::hit], .2));
  CHECK(near(even[metric::reciprocal_rank], .15));
  CHECK(near(even[metric::precision], .1));
}

TEST_CASE("tie averaged: scores that cannot order a list are refused") {
  const auto two = items({1, 2}), relevant = items({1});
  const std::vector<double> good{2, 1}, rising{1, 2}, one{1}, zeros{0.0, -0.0};
  const double nan = std::nan(""), infinite = std::numeric_limits<double>::infinity();
  CHECK(measure_tied(two, good, relevant, 2));
  CHECK(near(measure_tied(two, zeros, relevant, 1).value()[metric::hit], .5));
  CHECK(measure_tied(two, rising, relevant, 2).error().code == errc::malformed);
  CHECK(measure_tied(two, one, relevant, 2).error().code == errc::conflict);
  for (const double bad : {nan, infinite, -infinite}) {
    const auto refused = measure_tied(two, std::vector<double>{2, bad}, relevant, 2);
    CHECK(refused.error().code == errc::not_finite);
    CHECK(refused.error().at == 1);
  }
  // Also behind the cut: the whole list is what ties are counted in.
  const auto twice =
      measure_tied(items({2, 1, 1, 2}), std::vector<double>{4, 3, 2, 1}, relevant, 1);
  CHECK(twice.error().code == errc::duplicate);
  CHECK(twice.error().at == 2);
  CHECK(measure_tied(two, good, {}, 2).error().code == errc::too_few);
  CHECK(measure_tied(two, good, relevant, 0).error().code == errc::too_few);
  CHECK(measure_tied(two, good, items({2, 1}), 2).error().code == errc::malformed);
  const list_metrics none = measure_tied({}, {}, relevant, 3).value();
  for (const double v : none.values) CHECK(v == 0);
}
