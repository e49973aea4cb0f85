#include "tailor/similar/weighted_lists.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <set>
#include <vector>

#include "../catch.hpp"
#include "random_matrix.hpp"
#include "tailor/core/thread_pool.hpp"

using namespace tailor;
using namespace tailor::similar;
using tailor_test::matrix;
using tailor_test::random_matrix;

namespace {

const matrix toy{{{0, 1}, {0, 1, 2}, {1, 2}, {2, 3}, {0, 3}}, {}};

// The definition by a dense matrix. Weights are in units of 2^-16.
template <class Weighting>
int wrong_lists(const matrix& m, const list_options& options, const Weighting& w,
                thread_pool& pool) {
  const incidence rows = m.to_incidence();
  const std::size_t n = rows.items().size();
  const weighting_facts facts{
      n, n == 0 ? 0 : static_cast<double>(rows.rows().entries()) / static_cast<double>(n)};
  std::vector<std::vector<std::uint64_t>> gram(n, std::vector<std::uint64_t>(n));
  std::vector<std::vector<std::set<std::uint32_t>>> people(n,
                                                           std::vector<std::set<std::uint32_t>>(n));
  std::vector<weighted_item> of(n);
  for (std::uint32_t r = 0; r < m.rows.size(); ++r) {
    const auto row = rows.rows()[r];
    const auto weight = static_cast<std::uint64_t>(std::llround(
        w.row_weight(static_cast<std::uint32_t>((std::max)(std::size_t{1}, row.size())), facts) *
        65536));
    for (const std::uint32_t i : row) {
      ++of[i].degree;
      for (const std::uint32_t j : row) {
        gram[i][j] += weight;
        people[i][j].insert(rows.owner_of(r));
      }
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    of[i].weight = static_cast<double>(gram[i][i]) / 65536;
    double squares = 0;
    for (const std::uint64_t g : gram[i])
      squares += static_cast<double>(g) * static_cast<double>(g);
    of[i].norm = std::sqrt(squares) / 65536;
  }
  int wrong = 0;
  const auto lists = weighted_lists<Weighting>::fit(rows, options, w);
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<weighted_neighbour> expected;
    for (std::size_t j = 0; j < n; ++j) {
      if (i == j || people[i][j].empty() || people[i][j].size() < options.min_support) continue;
      const double score = static_cast<double>(gram[i][j]) *
                           (w.target_factor(of[j], facts) / 65536) * w.source_factor(of[i], facts);
      if (gram[i][j] == 0) continue;
      expected.push_back({rows.items()[j], score, static_cast<std::uint32_t>(gram[i][j])});
    }
    std::stable_sort(expected.begin(), expected.end(), [&](const auto& a, const auto& b) {
      const auto key = [&](const weighted_neighbour& x) {
        return x.weight * (w.target_factor(of[*rows.find(x.item)], facts) / 65536);
      };
      return key(a) > key(b);
    });
    if (expected.size() > options.k) expected.resize(options.k);
    wrong += lists.neighbours(rows.items()[i], options.k + 1) != expected;
  }
  for (const counting how : {counting::dense, counting::touched}) {
    list_options forced = options;
    forced.how = how;
    wrong += !(weighted_lists<Weighting>::fit(rows, forced, w, pool) == lists);
    wrong += !(weighted_lists<Weighting>::template fit<portable_mask>(rows, forced, w) == lists);
  }
  return wrong;
}

}  // namespace

TEST_CASE("weighted lists: gnorm of the toy") {
  const auto lists =
      weighted_lists<gnorm>::fit(toy.to_incidence(), {.min_support = 1}, {.a = 0.5, .beta = 0});
  CHECK(lists.bits() == 16);
  CHECK(lists.facts_of(0).norm == Approx(3.872983).margin(5e-7));
  CHECK(lists.facts_of(1).norm == Approx(4.123106).margin(5e-7));
  CHECK(lists.facts_of(2).norm == Approx(3.872983).margin(5e-7));
  CHECK(lists.facts_of(3).norm == Approx(2.449490).margin(5e-7));
  const auto best = lists.neighbours(item_id{0}, 3);
  REQUIRE(best.size() == 3);
  CHECK(best[0].item == item_id{1});
  CHECK(best[0].score == Approx(0.500489).margin(5e-7));
  CHECK(best[0].weight == 2 * 65536);
}

TEST_CASE("weighted lists: equal to the definition on random matrices, however they are counted") {
  thread_pool pools[] = {thread_pool(2), thread_pool(3)};
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    const matrix m = random_matrix(random);
    const list_options options{.k = 1 + static_cast<std::uint32_t>(random() % 12),
                               .min_support = static_cast<std::uint32_t>(random() % 4)};
    REQUIRE(wrong_lists(m, options, gnorm{}, pools[seed % 2]) == 0);
    REQUIRE(wrong_lists(m, options, bm25{}, pools[seed % 2]) == 0);
    REQUIRE(wrong_lists(m, options, tf_idf{}, pools[seed % 2]) == 0);
  }
}

TEST_CASE("weighted lists: units grow where the sums would not fit") {
  matrix m;
  m.rows.resize(70000);
  for (std::uint32_t r = 0; r < 70000; ++r) m.rows[r] = {1, 2 + r % 2};
  const auto lists = weighted_lists<gnorm>::fit(m.to_incidence(), {}, {.a = 0.5, .beta = 0});
  CHECK(lists.bits() == 15);
  const auto best = lists.neighbours(item_id{1}, 5);
  REQUIRE(best.size() == 2);
  CHECK(best[0].weight == 35000u << 15);
  CHECK(lists.facts_of(0).norm ==
        Approx(std::sqrt(70000.0 * 70000.0 + 2 * 35000.0 * 35000.0)).epsilon(1e-12));
}

TEST_CASE("weighted lists: nothing in, nothing out") {
  CHECK(weighted_lists<bm25>().neighbours(item_id{1}, 5).empty());
  CHECK(weighted_lists<bm25>::fit({}).neighbours(item_id{1}, 5).empty());
  CHECK(weighted_lists<gnorm>::fit(toy.to_incidence()).neighbours(item_id{0}, 5).empty());
}
