#include "tailor/core/sorted_runs.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <vector>

#include "../catch.hpp"

using tailor::key_count;
using tailor::sorted_run;

namespace {

using keys = std::vector<std::uint64_t>;
using counts = std::map<std::uint64_t, std::int64_t>;

sorted_run run_of(keys k) {
  keys scratch;
  return sorted_run::of(k, scratch);
}

counts counts_of(const keys& k) {
  counts c;
  for (const std::uint64_t key : k) ++c[key];
  return c;
}

counts counts_of(const sorted_run& run) {
  counts c;
  for (const key_count& e : run.entries()) {
    REQUIRE(e.count != 0);
    REQUIRE((c.empty() || c.rbegin()->first < e.key));
    c[e.key] = e.count;
  }
  return c;
}

void add(counts& into, const counts& other, std::int64_t factor) {
  for (const auto& [key, n] : other) {
    if ((into[key] += factor * n) == 0) into.erase(key);
  }
}

// Few distinct keys, many, in low bits, in high bits, and the ends of the range.
keys random_keys(std::mt19937_64& g, std::size_t most) {
  keys k(g() % (most + 1));
  const std::uint64_t masks[] = {0xf, 0xffff, 0xffffffff, ~0ull, 0xff00000000000000, 0x0f0f0f0f};
  const std::uint64_t mask = masks[g() % 6];
  for (std::uint64_t& key : k) key = g() & mask;
  if (!k.empty() && g() % 2 == 0) k[0] = g() % 2 == 0 ? 0 : UINT64_MAX;
  return k;
}

}  // namespace

TEST_CASE("sorted_runs: keys are sorted as std::sort does") {
  const auto seed = GENERATE(1u, 2u, 3u);
  CAPTURE(seed);
  std::mt19937_64 g(seed);
  keys scratch;
  for (const std::size_t most : {0u, 1u, 2u, 511u, 512u, 513u, 5000u}) {
    for (int round = 0; round < 20; ++round) {
      keys k = random_keys(g, most);
      if (round == 0) k.resize(most);
      keys expected = k;
      std::sort(expected.begin(), expected.end());
      tailor::sort_keys(k, scratch);
      REQUIRE(k == expected);
    }
  }
}

TEST_CASE("sorted_runs: counts, merges and differences agree with std::map") {
  const auto seed = GENERATE(1u, 2u, 3u, 4u);
  CAPTURE(seed);
  std::mt19937_64 g(seed);
  for (int round = 0; round < 200; ++round) {
    const keys a = random_keys(g, round % 4 == 0 ? 2000 : 60);
    const keys b = random_keys(g, round % 3 == 0 ? 2000 : 60);
    const sorted_run run_a = run_of(a), run_b = run_of(b);
    counts expected = counts_of(a);
    REQUIRE(counts_of(run_a) == expected);
    for (const auto& [key, n] : expected) REQUIRE(run_a.count(key) == n);

    sorted_run sum = run_a;
    sum.merge(run_b);
    add(expected, counts_of(b), 1);
    REQUIRE(counts_of(sum) == expected);

    sorted_run difference = run_a;
    difference.subtract(run_b);
    expected = counts_of(a);
    add(expected, counts_of(b), -1);
    REQUIRE(counts_of(difference) == expected);
  }
}

TEST_CASE("sorted_runs: merging is a commutative group") {
  const auto seed = GENERATE(1u, 2u);
  CAPTURE(seed);
  std::mt19937_64 g(seed);
  const auto plus = [](sorted_run a, const sorted_run& b) {
    a.merge(b);
    return a;
  };
  for (int round = 0; round < 100; ++round) {
    const keys ka = random_keys(g, 100), kb = random_keys(g, 100), kc = random_keys(g, 100);
    const sorted_run a = run_of(ka), b = run_of(kb), c = run_of(kc), zero;
    REQUIRE(plus(a, b) == plus(b, a));
    REQUIRE(plus(plus(a, b), c) == plus(a, plus(b, c)));
    REQUIRE(plus(a, zero) == a);
    sorted_run back = plus(a, b);
    back.subtract(b);
    REQUIRE(back == a);
    back.subtract(a);
    REQUIRE(back.empty());
    // Shards, in any cut, are the whole.
    keys all = ka;
    all.insert(all.end(), kb.begin(), kb.end());
    REQUIRE(plus(a, b) == run_of(all));
  }
}

TEST_CASE("sorted_runs: a run may meet itself") {
  sorted_run a = run_of({1, 1, 5});
  a.merge(a);
  CHECK(a == run_of({1, 1, 1, 1, 5, 5}));
  a.subtract(a);
  CHECK(a == sorted_run{});
  CHECK(a.count(1) == 0);
}
