#include <cmath>
#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <vector>

#include "../catch.hpp"
#include "random_matrix.hpp"
#include "tailor/similar/blend_weights.hpp"
#include "tailor/similar/weighted_lists.hpp"
#include "tailor/similar/weights_from_lists.hpp"

using namespace tailor;
using namespace tailor::similar;

namespace {

struct trial {
  incidence rows;
  std::vector<std::set<std::uint32_t>> sets;
  std::map<std::uint32_t, double> degree;
};

trial make_trial(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  trial t;
  t.sets.resize(60);
  for (auto& row : t.sets) {
    for (std::size_t n = 1 + random() % 7; n > 0; --n) {
      row.insert(static_cast<std::uint32_t>(random() % (random() % 2 == 0 ? 30 : 6)));
    }
    for (const std::uint32_t i : row) t.degree[i] += 1;
  }
  t.rows = tailor_test::matrix{t.sets, {}}.to_incidence();
  return t;
}

/// score(source, target) as the definition has it, beside the weights of the lists.
template <class W, class Score>
void check(const trial& t, const W& weighting, double power, const Score& score) {
  const auto lists = weighted_lists<W>::fit(t.rows, {.k = 1000, .min_support = 1}, weighting);
  const item_weights w = weights_from(lists, power).value();
  std::size_t seen = 0;
  for (const auto& [i, di] : t.degree) {
    for (const auto& [j, dj] : t.degree) {
      if (i == j) continue;
      const double want = score(i, j);
      const double got = std::ldexp(w.weight(item_id{i}, item_id{j}), -w.bits());
      REQUIRE(std::fabs(got - want) <= 1e-4 * want + std::ldexp(1.0, -w.bits()));
      seen += want > 0;
    }
  }
  REQUIRE(seen > 10);
}

}  // namespace

TEST_CASE("graph models: walks and filters as their definitions have them") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    trial t = make_trial(seed);
    const auto sum = [&](std::uint32_t i, std::uint32_t j, double power) {
      double out = 0;
      for (const auto& row : t.sets) {
        if (row.count(i) && row.count(j)) out += std::pow(static_cast<double>(row.size()), -power);
      }
      return out;
    };
    check(t, rp3_beta{.alpha = .6, .beta = .3}, 1, [&](std::uint32_t i, std::uint32_t j) {
      return std::pow(t.degree[i], -.6) * sum(i, j, .6) * std::pow(t.degree[j], -.3);
    });
    check(t, turbo_cf{.alpha = .6}, .7, [&](std::uint32_t i, std::uint32_t j) {
      return std::pow(sum(i, j, 1.2) * std::pow(t.degree[i] * t.degree[j], -.4), .7);
    });
    check(t, weighted_cosine{.a = .3, .beta = 1}, 1, [&](std::uint32_t i, std::uint32_t j) {
      return sum(i, j, 1) / (std::pow(sum(i, i, 1), .3) * std::pow(sum(j, j, 1), .7));
    });
  }
  CHECK(weights_from(weighted_lists<rp3_beta>{}, 0).error().code == errc::out_of_range);
  CHECK(weights_from(weighted_lists<rp3_beta>{}).value().items().empty());
}

TEST_CASE("blended weights: both say what they said, in one unit") {
  using entry = item_weights::entry;
  const std::vector<item_id> some{item_id{1}, item_id{2}, item_id{3}};
  const item_weights a =
      item_weights::make(some, {0, 2, 2, 3}, {{1, 100}, {2, -300}, {0, 600}}, 16).value();
  const item_weights b = item_weights::make({item_id{2}, item_id{3}, item_id{9}}, {0, 1, 1, 2},
                                            {entry{1, 5}, entry{0, 15}}, 3)
                             .value();
  const item_weights c = blend_weights(a, b, 0.5).value();  // 1000 of a, 20 of b: 25 each
  CHECK(c.bits() == 16);
  CHECK(c.items().size() == 4);
  CHECK(c.weight(item_id{1}, item_id{2}) == 100);
  CHECK(c.weight(item_id{1}, item_id{3}) == -300);
  CHECK(c.weight(item_id{2}, item_id{3}) == 125);
  CHECK(c.weight(item_id{9}, item_id{2}) == 375);
  CHECK(blend_weights(a, b, 0).value().weight(item_id{9}, item_id{2}) == 0);
  CHECK(blend_weights(a, item_weights{}, 1).value() == a);
  CHECK(blend_weights(item_weights{}, b, 1).value().size() == 0);
  CHECK(blend_weights(a, a, 1).value().weight(item_id{3}, item_id{1}) == 1200);
  CHECK(blend_weights(a, b, std::nan("")).error().code == errc::out_of_range);
  CHECK(blend_weights(a, b, -1).error().code == errc::out_of_range);
  const item_weights huge =
      item_weights::make(some, {0, 1, 1, 1}, {{1, item_weights::max_weight}}, 0).value();
  CHECK(blend_weights(huge, huge, 1).error().code == errc::out_of_range);
}
