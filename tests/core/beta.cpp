#include "tailor/core/beta.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/random.hpp"

using tailor::counter_random;

namespace {

struct moments {
  double mean = 0, variance = 0, skew = 0;
};

template <class Draw>
moments moments_of(int n, Draw draw) {
  std::vector<double> xs(static_cast<std::size_t>(n));
  moments m;
  for (double& x : xs) m.mean += (x = draw()) / n;
  for (const double x : xs) m.variance += (x - m.mean) * (x - m.mean) / n;
  for (const double x : xs) m.skew += std::pow((x - m.mean) / std::sqrt(m.variance), 3) / n;
  return m;
}

/// Chi-square of draws over ten cells that are equally likely if `below` is their distribution.
template <class Draw, class Below>
double chi_square(Draw draw, Below below) {
  std::vector<int> counts(10);
  for (int n = 0; n < 100'000; ++n) {
    ++counts[static_cast<std::size_t>((std::min)(9.0, 10 * below(draw())))];
  }
  double sum = 0;
  for (const int c : counts) sum += (c - 1e4) * (c - 1e4) / 1e4;
  return sum;
}

constexpr double one_in_thousand = 27.88;  // of chi-square with 9 degrees of freedom

}  // namespace

TEST_CASE("beta: gamma deviates have their moments and their distribution") {
  counter_random g(8);
  for (const double shape : {1.0, 1.5, 4.0, 60.0, 1e6}) {
    const moments m = moments_of(100'000, [&] { return tailor::gamma(g, shape); });
    CHECK(std::fabs(m.mean - shape) < 5 * std::sqrt(shape / 1e5));
    CHECK(m.variance / shape == Approx(1).epsilon(0.05));
    CHECK(m.skew == Approx(2 / std::sqrt(shape)).margin(0.15));
  }
  CHECK(chi_square([&] { return tailor::gamma(g, 1); }, [](double x) { return -std::expm1(-x); }) <
        one_in_thousand);
  CHECK(chi_square([&] { return tailor::gamma(g, 2); },
                   [](double x) { return 1 - (1 + x) * std::exp(-x); }) < one_in_thousand);
}

TEST_CASE("beta: shares have their moments and their distribution") {
  counter_random g(9);
  CHECK(chi_square([&] { return tailor::beta(g, 1, 1); }, [](double x) { return x; }) <
        one_in_thousand);
  CHECK(chi_square([&] { return tailor::beta(g, 3, 1); }, [](double x) { return x * x * x; }) <
        one_in_thousand);
  CHECK(chi_square([&] { return tailor::beta(g, 1, 20); },
                   [](double x) { return 1 - std::pow(1 - x, 20); }) < one_in_thousand);
  const moments rare = moments_of(100'000, [&] { return tailor::beta(g, 3, 500); });
  CHECK(rare.mean == Approx(3 / 503.0).epsilon(0.02));
  CHECK(rare.variance == Approx(3 * 500 / (503.0 * 503 * 504)).epsilon(0.05));
}
