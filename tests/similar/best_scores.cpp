#include "tailor/similar/best_scores.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "../catch.hpp"

using namespace tailor::similar;

namespace {

// The kinds of scores that a coarse key might get wrong.
double odd_score(std::mt19937_64& random, int kind) {
  const double u = static_cast<double>(random() % 1000000) / 1e6;
  switch (kind) {
    case 0:
      return u;
    case 1:  // equal as floats, different as doubles
      return 1 + u * 1e-12;
    case 2:  // many exact ties
      return static_cast<double>(random() % 5);
    case 3:  // every magnitude, down to what a float cannot hold and up to infinity
      return std::ldexp(u, static_cast<int>(random() % 2000) - 1000);
    case 4:
      return random() % 50 == 0 ? 1e30 : 1 + u * 1e-3;
    default:
      switch (random() % 5) {
        case 0:
          return std::numeric_limits<double>::quiet_NaN();
        case 1:
          return -u;
        case 2:
          return std::numeric_limits<double>::infinity();
        case 3:
          return 0;
        default:
          return u;
      }
  }
}

}  // namespace

TEST_CASE("best scores: those and in the order of a full sort") {
  best_scores best;
  for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    const std::size_t n = random() % (seed % 3 == 0 ? 3000 : 90);
    const std::size_t k = random() % 300;
    best.reset(n);
    std::vector<std::uint32_t> expected;
    const auto ties = static_cast<std::uint32_t>(random());  // descending or wrapping round
    for (std::uint32_t i = 0; i < n; ++i) {
      best.scores()[i] = odd_score(random, static_cast<int>(seed % 6));
      best.ties()[i] = ties - 7 * i;
      if (best.scores()[i] > 0) expected.push_back(i);
    }
    std::sort(expected.begin(), expected.end(), [&](std::uint32_t a, std::uint32_t b) {
      const double x = best.scores()[a];
      const double y = best.scores()[b];
      return x != y ? x > y : best.ties()[a] < best.ties()[b];
    });
    expected.resize((std::min)(k, expected.size()));
    const auto chosen = best.choose(n, k);
    REQUIRE(std::equal(chosen.begin(), chosen.end(), expected.begin(), expected.end()));
    const double bar = best.bar(n, k);
    REQUIRE((bar >= 0 && (k == 0 || expected.size() < k || best.scores()[expected.back()] >= bar)));
    REQUIRE((bar == 0 || expected.size() == k));
  }
}
