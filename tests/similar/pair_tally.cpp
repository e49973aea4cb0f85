#include "tailor/similar/pair_tally.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <utility>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/thread_pool.hpp"

using namespace tailor;
using namespace tailor::similar;

namespace {

using counts = std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t>;

incidence random_incidence(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<incidence::cell> cells;
  const auto rows = static_cast<std::uint32_t>(random() % 30);
  const std::uint64_t items = 1 + random() % 200;
  for (std::uint64_t n = rows == 0 ? 0 : random() % 300; n > 0; --n) {
    const auto row = static_cast<std::uint32_t>(random() % rows);
    cells.push_back({row, item_id{7 * (random() % items)}});
  }
  return incidence::make(cells, rows).value();
}

counts slow_counts(const incidence& m, pair_order order) {
  counts out;
  for (std::size_t r = 0; r < m.rows().rows(); ++r) {
    for (const std::uint32_t a : m.rows()[r]) {
      for (const std::uint32_t b : m.rows()[r]) {
        if (order == pair_order::once ? a < b : a != b) ++out[{a, b}];
      }
    }
  }
  return out;
}

template <class Pool>
counts tallied(const incidence& m, pair_order order, Pool& pool, bool& ascending) {
  std::vector<counts> parts(pool.concurrency());
  std::vector<char> sorted(pool.concurrency(), 1);
  const auto take = [&](std::uint32_t item, std::span<const pair_count> pairs, std::size_t worker) {
    sorted[worker] &= std::is_sorted(pairs.begin(), pairs.end(),
                                     [](auto& a, auto& b) { return a.other < b.other; });
    for (const pair_count& p : pairs) parts[worker][{item, p.other}] = p.both;
  };
  tally_pairs(m, order, take, pool);
  for (const char s : sorted) ascending &= s != 0;
  counts out;
  for (counts& p : parts) out.merge(p);
  return out;
}

}  // namespace

TEST_CASE("pair tally: equal to counting row by row, from any number of threads") {
  serial_executor alone;
  thread_pool three(3);
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    CAPTURE(seed);
    const incidence m = random_incidence(seed);
    bool ascending = true;
    for (const pair_order order : {pair_order::both_ways, pair_order::once}) {
      const counts expected = slow_counts(m, order);
      REQUIRE((tallied(m, order, alone, ascending) == expected));
      REQUIRE((tallied(m, order, three, ascending) == expected));
    }
    REQUIRE(ascending);
  }
}

TEST_CASE("pair tally: nothing is called for items that are alone") {
  const std::vector<incidence::cell> cells{{0, item_id{1}}, {1, item_id{2}}};
  const incidence m = incidence::make(cells, 2).value();
  const auto never = [](std::uint32_t, std::span<const pair_count>, std::size_t) { FAIL(); };
  tally_pairs(m, pair_order::both_ways, never);
  tally_pairs({}, pair_order::once, never);
}
