#include "tailor/core/draw_table.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "../catch.hpp"

using tailor::counter_random;
using tailor::draw_table;

TEST_CASE("draw_table: indices come in proportion to their weights, zero weights never") {
  const std::vector<std::uint64_t> weights{0, 1, 0, 3, 6, 0};
  const draw_table table(weights);
  CHECK(table.size() == 6);
  counter_random g(1);
  std::vector<int> counts(6);
  for (int i = 0; i < 100'000; ++i) ++counts[table(g)];
  CHECK((counts[0] == 0 && counts[2] == 0 && counts[5] == 0));
  for (const std::size_t i : {std::size_t{1}, std::size_t{3}, std::size_t{4}}) {
    const double expected = 10'000.0 * static_cast<double>(weights[i]);
    CHECK(std::abs(counts[i] - expected) < 5 * std::sqrt(expected));
  }
  const std::vector<std::uint64_t> one{5};
  CHECK(draw_table(one)(g) == 0);
  const std::vector<std::uint64_t> largest{UINT64_MAX - 1, 1};
  CHECK(draw_table(largest)(g) == 0);
}

TEST_CASE("draw_table: logarithms and powers in integers agree with the C library") {
  for (const std::uint64_t n : {1ull, 2ull, 3ull, 7ull, 1000ull, 123456789ull, ~0ull}) {
    CAPTURE(n);
    CHECK(static_cast<double>(tailor::detail::fixed_log2(n)) * 0x1p-48 ==
          Catch::Approx(std::log2(static_cast<double>(n))).epsilon(1e-13).margin(1e-13));
  }
  const tailor::detail::fixed_exp2 exp2;
  for (const double x : {0.0, 0.001, 0.5, 0.999999, 1.0, 3.25, 20.0, 62.5}) {
    CAPTURE(x);
    const auto fixed = static_cast<std::uint64_t>(x * 0x1p48);
    CHECK(static_cast<double>(exp2(fixed)) * 0x1p-63 ==
          Catch::Approx(std::exp2(-x)).epsilon(1e-12).margin(0x1p-62));
  }
  CHECK(exp2(tailor::uint128{64} << 48) == 0);
}

TEST_CASE("draw_table: Zipf's law") {
  counter_random g(2);
  constexpr std::size_t n = 1000;
  for (const double s : {0.0, 0.9, 1.0, 2.0}) {
    CAPTURE(s);
    const draw_table table = tailor::zipf_table(n, s);
    CHECK(table.size() == n);
    double sum = 0;
    for (std::size_t r = 1; r <= n; ++r) sum += std::pow(static_cast<double>(r), -s);
    std::vector<int> counts(n);
    constexpr int draws = 200'000;
    for (int i = 0; i < draws; ++i) ++counts[table(g)];
    for (const std::size_t r : {1u, 2u, 3u, 10u, 100u}) {
      const double expected = draws * std::pow(static_cast<double>(r), -s) / sum;
      CHECK(std::abs(counts[r - 1] - expected) < 5 * std::sqrt(expected) + 1);
    }
  }
  CHECK(tailor::zipf_table(1, 16).size() == 1);
}

// Golden: the same on every platform.
TEST_CASE("draw_table: a Zipf table is the same everywhere") {
  const draw_table table = tailor::zipf_table(5000, 0.9);
  counter_random g(3);
  std::uint64_t digest = 0;
  for (int i = 0; i < 1000; ++i) digest = digest * 0x100000001b3u ^ table(g);
  CHECK(digest == 0xef6ec156d1355a59u);
}
