#include "tailor/similar/expected.hpp"

#include <cmath>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "../catch.hpp"
#include "tailor/similar/measure.hpp"

using namespace tailor;
using namespace tailor::similar;

using group = std::pair<std::uint32_t, std::uint32_t>;

TEST_CASE("chance: the worked check of three buyers with 1, 4 and 40 other purchases") {
  const std::vector<group> buyers = {{1, 1}, {4, 1}, {40, 1}};
  const std::uint64_t expected = chance(2, 100).expected_rows(buyers);
  CHECK(static_cast<double>(expected) * 0x1p-32 == Approx(0.652).margin(5e-4));
  CHECK(chance_corrected{}({2, 3, 2, 3, expected}) == Approx(1.67).margin(5e-3));
}

TEST_CASE("chance: certain, impossible and barely possible") {
  const std::vector<group> rows = {{0, 7}, {3, 5}};
  CHECK(chance(10, 10).expected_rows(rows) == std::uint64_t{5} << 32);
  CHECK(chance(11, 10).expected_rows(rows) == std::uint64_t{5} << 32);
  CHECK(chance(0, 10).expected_rows(rows) == 0);
  CHECK(chance(1, UINT64_MAX >> 1).expected_rows(std::vector<group>{{1, 1}}) == 1);
  CHECK(chance(1, 10).expected_rows({}) == 0);
  CHECK(chance(1, 2).none_of(0) == chance::one);
  CHECK(chance(1, 2).none_of(3) == chance::one / 8);
  CHECK(chance(1, 2).none_of(UINT32_MAX) == 0);
}

TEST_CASE("chance: agrees with long double") {
  std::mt19937_64 random(17);
  for (int round = 0; round < 2000; ++round) {
    const std::uint64_t total = 1 + random() % (std::uint64_t{1} << (1 + random() % 40));
    const std::uint64_t target = random() % (total + 1) >> random() % 20;
    std::vector<group> rows(random() % 20);
    long double sum = 0;
    const long double log_missed =
        std::log1p(-static_cast<long double>(target) / static_cast<long double>(total));
    for (auto& [others, count] : rows) {
      others = static_cast<std::uint32_t>(random() % (1u << random() % 20));
      count = static_cast<std::uint32_t>(random() % 1000);
      const long double none = others == 0 ? 1 : std::exp(log_missed * others);
      sum += count * (1 - none);
    }
    CAPTURE(round, target, total);
    const std::uint64_t expected = chance(target, total).expected_rows(rows);
    const long double error = static_cast<long double>(expected) * 0x1p-32L - sum;
    CHECK(std::fabs(static_cast<double>(error)) <= 0x1p-31);
  }
}

TEST_CASE("chance: is known when the program is compiled") {
  STATIC_REQUIRE(chance(1, 4).none_of(1) == chance::one / 4 * 3);
}
