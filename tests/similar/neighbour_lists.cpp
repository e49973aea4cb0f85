#include "tailor/similar/neighbour_lists.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "../catch.hpp"
#include "../support/rounds.hpp"
#include "random_matrix.hpp"
#include "tailor/core/thread_pool.hpp"
#include "tailor/similar/expected.hpp"

using namespace tailor;
using namespace tailor::similar;
using tailor_test::matrix;
using tailor_test::random_matrix;

namespace {

// The definition, without any thought of speed.
template <class Measure>
std::vector<neighbour> slow_list(const matrix& m, std::uint32_t item, const list_options& o,
                                 const Measure& measure) {
  std::map<std::uint32_t, std::int64_t> degree;
  std::int64_t population = 0;
  std::uint64_t total = 0;
  for (const auto& row : m.rows) {
    population += !row.empty();
    total += row.size();
    for (const std::uint32_t i : row) ++degree[i];
  }
  std::vector<neighbour> out;
  for (const auto& [other, target] : degree) {
    if (other == item) continue;
    pair_evidence e{0, degree[item], target, population, 0};
    std::set<std::uint32_t> shoppers;
    std::map<std::uint32_t, std::uint32_t> groups;
    for (std::uint32_t r = 0; r < m.rows.size(); ++r) {
      if (m.rows[r].count(item) == 0) continue;
      ++groups[static_cast<std::uint32_t>(m.rows[r].size() - 1)];
      if (m.rows[r].count(other) == 0) continue;
      ++e.both;
      shoppers.insert(m.owners.empty() ? r : m.owners[r]);
    }
    if (e.both == 0 || shoppers.size() < o.min_support) continue;
    if constexpr (needs_expected<Measure>) {
      const std::vector<std::pair<std::uint32_t, std::uint32_t>> g(groups.begin(), groups.end());
      e.expected = chance(static_cast<std::uint64_t>(target), total).expected_rows(g);
    }
    const double score = measure(e);
    if (score > 0) out.push_back({item_id{other}, score, e});
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const neighbour& a, const neighbour& b) { return a.score > b.score; });
  if (out.size() > o.k) out.resize(o.k);
  return out;
}

// A test framework has no time for millions of assertions: counts lists that differ.
template <class Measure>
int wrong_lists(const matrix& m, const list_options& options, const Measure& measure,
                thread_pool* pools) {
  const incidence rows = m.to_incidence();
  int wrong = 0;
  const auto serial = neighbour_lists<Measure>::fit(rows, options, measure);
  for (const item_id item : rows.items()) {
    const auto expected = slow_list(m, static_cast<std::uint32_t>(raw(item)), options, measure);
    wrong += serial.neighbours(item, options.k + 1) != expected;
  }
  for (const counting how : {counting::dense, counting::touched, counting::bits}) {
    list_options forced = options;
    forced.how = how;
    wrong += !(neighbour_lists<Measure>::fit(rows, forced, measure, pools[0]) == serial);
    wrong += !(neighbour_lists<Measure>::template fit<portable_mask>(rows, forced, measure,
                                                                     pools[1]) == serial);
  }
  return wrong;
}

}  // namespace

TEST_CASE("neighbour lists: equal to the definition on random matrices, however they are counted") {
  thread_pool pools[] = {thread_pool(2), thread_pool(3)};
  for (std::uint64_t seed = 1; seed <= tailor_test::rounds(1200u); ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    const matrix m = random_matrix(random);
    const list_options options{.k = static_cast<std::uint32_t>(random() % 12),
                               .min_support = static_cast<std::uint32_t>(random() % 4)};
    const double shrink = static_cast<double>(random() % 3 * 10);
    CAPTURE(options.k, options.min_support, shrink);
    switch (seed % 10) {
      case 0:
        REQUIRE(wrong_lists(m, options, count{}, pools) == 0);
        break;
      case 1:
      case 2:
        REQUIRE(wrong_lists(m, options, cosine{shrink}, pools) == 0);
        break;
      case 3:
        REQUIRE(wrong_lists(m, options, asymmetric_cosine{0.3, shrink}, pools) == 0);
        break;
      case 4:
        REQUIRE(wrong_lists(m, options, jaccard{shrink}, pools) == 0);
        break;
      case 5:
        REQUIRE(wrong_lists(m, options, tversky{0.2, 0.9, shrink}, pools) == 0);
        break;
      case 6:
        REQUIRE(wrong_lists(m, options, lift{}, pools) == 0);
        break;
      case 7:
        REQUIRE(wrong_lists(m, options, log_likelihood{}, pools) == 0);
        break;
      case 8:
        REQUIRE(wrong_lists(m, options, chance_corrected{}, pools) == 0);
        break;
      default:
        REQUIRE(wrong_lists(m, options, asymmetric_cosine{1, shrink}, pools) == 0);
        break;
    }
  }
}

TEST_CASE("neighbour lists: counts beyond one and two bytes") {
  // Item 3 n is in the rows below 70,000 / (n + 1): the most popular need four bytes to count.
  matrix m;
  m.rows.resize(70000);
  for (std::uint32_t n = 0; n < 90; ++n) {
    for (std::uint32_t r = 0; r < 70000 / (n + 1) / (n % 3 + 1); ++r) m.rows[r].insert(3 * n);
  }
  const incidence rows = m.to_incidence();
  for (const counting how : {counting::dense, counting::touched, counting::bits}) {
    const auto lists = neighbour_lists<jaccard>::fit(rows, {.k = 10, .min_support = 1, .how = how});
    for (const std::uint32_t item : {0u, 3u, 30u, 267u}) {
      CHECK(lists.neighbours(item_id{item}, 10) ==
            slow_list(m, item, {.k = 10, .min_support = 1}, jaccard{}));
    }
  }
}

TEST_CASE("neighbour lists: the toy of five shoppers and four items") {
  const matrix m{{{0, 1}, {0, 1, 2}, {1, 2}, {2, 3}, {0, 3}}, {}};
  const auto lists = neighbour_lists<>::fit(m.to_incidence(), {.min_support = 1});
  const auto best = lists.neighbours(item_id{0}, 10);
  REQUIRE(best.size() == 3);
  CHECK(best[0].item == item_id{1});
  CHECK(best[0].score == Approx(2.0 / 3).epsilon(1e-12));
  CHECK(best[0].evidence == pair_evidence{2, 3, 3, 5, 0});
  CHECK(best[1].item == item_id{3});
  CHECK(best[2].item == item_id{2});
  CHECK(lists.neighbours(item_id{0}, 1).size() == 1);
  CHECK(lists.neighbours(item_id{9}, 1).empty());
  CHECK(neighbour_lists<>::fit(m.to_incidence()).neighbours(item_id{0}, 9).empty());
}

TEST_CASE("neighbour lists: nothing in, nothing out") {
  CHECK(neighbour_lists<>().neighbours(item_id{1}, 5).empty());
  CHECK(neighbour_lists<>::fit({}).neighbours(item_id{1}, 5).empty());
  const matrix alone{{{7}, {7}, {}}, {}};
  const auto lists = neighbour_lists<>::fit(alone.to_incidence(), {.min_support = 0});
  CHECK(lists.population() == 2);
  CHECK(lists.neighbours(item_id{7}, 5).empty());
}
