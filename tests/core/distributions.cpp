#include "tailor/core/distributions.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/random.hpp"

using tailor::counter_random;

namespace {

struct moments {
  double mean = 0, variance = 0, skew = 0, kurtosis = 0;
};

template <class Draw>
moments moments_of(int n, Draw draw) {
  std::vector<double> xs(static_cast<std::size_t>(n));
  moments m;
  for (double& x : xs) m.mean += (x = static_cast<double>(draw())) / n;
  for (const double x : xs) m.variance += (x - m.mean) * (x - m.mean) / n;
  const double sd = std::sqrt(m.variance);
  for (const double x : xs) {
    m.skew += std::pow((x - m.mean) / sd, 3) / n;
    m.kurtosis += std::pow((x - m.mean) / sd, 4) / n;
  }
  return m;
}

// Chi-square of counts against probabilities (the last cell takes what is left).
double chi_square(const std::vector<double>& probabilities, const std::vector<int>& counts) {
  double total = 0, sum = 0;
  for (const int c : counts) total += c;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const double expected = probabilities[i] * total;
    sum += (counts[i] - expected) * (counts[i] - expected) / expected;
  }
  return sum;
}

double normal_cdf(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

// Gives the numbers it was made with, to force the rare paths.
struct scripted {
  std::vector<std::uint64_t> numbers;
  std::size_t at = 0;
  std::uint64_t operator()() { return numbers.at(at++); }
};

}  // namespace

TEST_CASE("distributions: uniform_below is exact") {
  // With n = 3, 2^64 mod 3 = 1 product is too many: the one of 0. Lemire's bound is used.
  scripted g{{0, 1, UINT64_MAX}};
  CHECK(tailor::uniform_below(g, 3) == 0);
  CHECK(g.at == 2);  // the first was drawn again
  CHECK(tailor::uniform_below(g, 3) == 2);

  counter_random r(1);
  for (const std::uint64_t n : {1u, 2u, 6u, 7u, 10u}) {
    std::vector<int> counts(n);
    for (int i = 0; i < 70'000; ++i) ++counts[tailor::uniform_below(r, n)];
    // 99.99 % of chi-square with 9 degrees of freedom is 33.7.
    CHECK(chi_square(std::vector<double>(n, 1.0 / static_cast<double>(n)), counts) < 34);
  }
  for (int i = 0; i < 1000; ++i) REQUIRE(tailor::uniform_below(r, UINT64_MAX) < UINT64_MAX);
}

TEST_CASE("distributions: uniform_between includes both ends and the whole range") {
  counter_random g(2);
  std::array<int, 5> seen{};
  for (int i = 0; i < 1000; ++i)
    ++seen[static_cast<std::size_t>(tailor::uniform_between(g, -2, 2) + 2)];
  for (const int n : seen) CHECK(n > 100);
  CHECK(tailor::uniform_between(g, 7, 7) == 7);
  CHECK(tailor::uniform_between(g, INT64_MIN, INT64_MIN) == INT64_MIN);
  int negative = 0;
  for (int i = 0; i < 1000; ++i) negative += tailor::uniform_between(g, INT64_MIN, INT64_MAX) < 0;
  CHECK((negative > 400 && negative < 600));
}

TEST_CASE("distributions: uniform01 and bernoulli") {
  scripted ends{{0, UINT64_MAX}};
  CHECK(tailor::uniform01(ends) == 0.0);
  CHECK(tailor::uniform01(ends) == 1.0 - 0x1p-53);
  counter_random g(3);
  const moments m = moments_of(200'000, [&] { return tailor::uniform01(g); });
  CHECK(m.mean == Catch::Approx(0.5).margin(0.004));
  CHECK(m.variance == Catch::Approx(1.0 / 12).margin(0.001));
  int hits = 0;
  for (int i = 0; i < 100'000; ++i) {
    hits += tailor::bernoulli(g, 0.3);
    REQUIRE(!tailor::bernoulli(g, 0.0));
    REQUIRE(tailor::bernoulli(g, 1.0));
  }
  CHECK((hits > 30'000 - 800 && hits < 30'000 + 800));
}

TEST_CASE("distributions: exponential waiting times") {
  counter_random g(4);
  const moments m = moments_of(300'000, [&] { return tailor::exponential(g); });
  CHECK(m.mean == Catch::Approx(1).margin(0.011));
  CHECK(m.variance == Catch::Approx(1).margin(0.03));
  CHECK(m.skew == Catch::Approx(2).margin(0.1));
  // 20 cells of equal probability between the quantiles; 99.99 % of chi-square(19) is 50.8.
  std::vector<int> counts(20);
  for (int i = 0; i < 100'000; ++i) {
    const double below = 1 - std::exp(-tailor::exponential(g));
    ++counts[static_cast<std::size_t>(std::min(19.0, below * 20))];
  }
  CHECK(chi_square(std::vector<double>(20, 0.05), counts) < 51);
}

TEST_CASE("distributions: normal deviates") {
  counter_random g(5);
  const moments m = moments_of(300'000, [&] { return tailor::normal(g); });
  CHECK(m.mean == Catch::Approx(0).margin(0.011));
  CHECK(m.variance == Catch::Approx(1).margin(0.016));
  CHECK(m.skew == Catch::Approx(0).margin(0.03));
  CHECK(m.kurtosis == Catch::Approx(3).margin(0.06));
  std::vector<int> counts(40);
  int far = 0;
  for (int i = 0; i < 200'000; ++i) {
    const double x = tailor::normal(g);
    ++counts[static_cast<std::size_t>(std::min(39.0, normal_cdf(x) * 40))];
    far += std::abs(x) > 3;
  }
  CHECK(chi_square(std::vector<double>(40, 0.025), counts) < 85);  // 99.99 % of chi-square(39)
  CHECK((far > 540 - 140 && far < 540 + 140));                     // 0.27 %
}

TEST_CASE("distributions: poisson counts") {
  counter_random g(6);
  for (const double mean : {0.3, 4.0, 50.0}) {
    CAPTURE(mean);
    const moments m = moments_of(40'000, [&] { return tailor::poisson(g, mean); });
    CHECK(m.mean == Catch::Approx(mean).epsilon(0.05 / std::sqrt(mean)));
    CHECK(m.variance == Catch::Approx(mean).epsilon(0.06));
  }
  CHECK(tailor::poisson(g, 0) == 0);
  std::vector<int> counts(5);
  for (int i = 0; i < 50'000; ++i) ++counts[std::min<std::uint64_t>(tailor::poisson(g, 1), 4)];
  const double e = std::exp(-1.0);
  CHECK(chi_square({e, e, e / 2, e / 6, 1 - e * (2 + 0.5 + 1.0 / 6)}, counts) < 24);
}

TEST_CASE("distributions: geometric counts") {
  counter_random g(7);
  CHECK(tailor::geometric(g, 1) == 0);
  for (const double p : {0.9, 0.5, 0.1, 0.001}) {
    CAPTURE(p);
    const double q = 1 - p;
    const moments m = moments_of(60'000, [&] { return tailor::geometric(g, p); });
    CHECK(m.mean == Catch::Approx(q / p).epsilon(0.03));
    CHECK(m.variance == Catch::Approx(q / (p * p)).epsilon(0.08));
  }
  std::vector<int> counts(6);
  for (int i = 0; i < 60'000; ++i) ++counts[std::min<std::uint64_t>(tailor::geometric(g, 0.4), 5)];
  std::vector<double> expected;
  for (int k = 0; k < 5; ++k) expected.push_back(0.4 * std::pow(0.6, k));
  expected.push_back(std::pow(0.6, 5));
  CHECK(chi_square(expected, counts) < 26);
  for (int i = 0; i < 100; ++i) REQUIRE(tailor::geometric(g, 5e-324) < (std::uint64_t{1} << 63));
}

TEST_CASE("distributions: all orders are equally likely after a shuffle") {
  counter_random g(8);
  std::vector<int> counts(24);
  for (int i = 0; i < 48'000; ++i) {
    std::array<int, 4> order{0, 1, 2, 3};
    tailor::shuffle(std::span<int>(order), g);
    std::array<int, 4> sorted{0, 1, 2, 3};
    std::size_t rank = 0;
    while (sorted != order) {
      std::next_permutation(sorted.begin(), sorted.end());
      ++rank;
    }
    ++counts[rank];
  }
  CHECK(chi_square(std::vector<double>(24, 1.0 / 24), counts) < 57);  // 99.99 % of chi-square(23)
  std::vector<int> none;
  tailor::shuffle(std::span<int>(none), g);
}

// Golden draws: the same on every platform, compiler and optimisation level.
TEST_CASE("distributions: draws are the same everywhere") {
  counter_random g(42, 7);
  std::uint64_t digest = 0;
  const auto add = [&](std::uint64_t x) { digest = digest * 0x100000001b3u ^ x; };
  const auto bits = [](double x) { return std::bit_cast<std::uint64_t>(x); };
  for (int i = 0; i < 1000; ++i) {
    add(tailor::uniform_below(g, 1'000'000));
    add(bits(tailor::uniform01(g)));
    add(bits(tailor::exponential(g)));
    add(bits(tailor::normal(g)));
    add(tailor::poisson(g, 2.5));
    add(tailor::geometric(g, 0.01));
  }
  CHECK(digest == 0x52172a5e0e6d0390u);
}
