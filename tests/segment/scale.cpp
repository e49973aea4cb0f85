#include "tailor/segment/scale.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"
#include "tailor/core/thread_pool.hpp"

using namespace tailor;
using segment::point_view;
using segment::scale_options;
using segment::scaling;
using segment::shape;

namespace {

constexpr shape first_plain[] = {shape::as_it_is, shape::log1p};

/// 1000 points of two columns, the second with a long tail; Python makes the same.
std::vector<double> known_points() {
  std::uint32_t s = 7;
  const auto draw = [&s] { return ((s = (s * 1103515245 + 12345) % (1U << 31)) >> 16); };
  std::vector<double> out;
  for (int i = 0; i < 1000; ++i) {
    out.push_back(draw() % 100);
    const double x = draw();
    out.push_back(x * x / 1000.0);
  }
  return out;
}

template <class Real>
result<scaling> fit(const std::vector<Real>& values, std::size_t d,
                    std::span<const shape> shapes = {}, const scale_options& options = {}) {
  return scaling::fit(point_view<Real>(values.data(), values.size() / d, d), shapes, options);
}

}  // namespace

TEST_CASE("scaling: limits, mean and deviation as numpy and scikit-learn give them") {
  const auto values = known_points();
  const auto s = fit(values, 2, first_plain, {.lower = 0.01, .upper = 0.995}).value();
  CHECK(s.columns()[0].low == 0);
  CHECK(s.columns()[0].high == 99);
  CHECK(s.columns()[1].low == 104.976);
  CHECK(s.columns()[1].high == 1061456.4);
  CHECK(s.columns()[0].centre == Approx(49.172).epsilon(1e-13));
  CHECK(s.columns()[1].centre == Approx(11.89378428840974).epsilon(1e-13));
  CHECK(s.columns()[0].deviation == Approx(29.669317754205267).epsilon(1e-13));
  CHECK(s.columns()[1].deviation == Approx(1.8896462952290425).epsilon(1e-13));
  std::vector<double> z(values.size());
  REQUIRE(s.apply(point_view<double>(values.data(), 1000, 2), std::span<double>(z)));
  CHECK(z[0] == Approx(0.49977556352465546).epsilon(1e-12));
  CHECK(z[1] == Approx(-0.22227954749731563).epsilon(1e-12));
  CHECK(z[1999] == Approx(0.121166759021329).epsilon(1e-12));
}

TEST_CASE("scaling: there and back, one point or all, float or double") {
  const auto values = known_points();
  const point_view<double> points(values.data(), 1000, 2);
  const auto s = fit(values, 2, first_plain, {.upper = 1}).value();
  std::vector<float> z(values.size());
  REQUIRE(s.apply(points, std::span<float>(z)));
  for (std::size_t i = 0; i < 1000; ++i) {
    std::vector<double> one = {values[2 * i], values[2 * i + 1]};
    REQUIRE(s.apply(std::span<double>(one)));
    CHECK(static_cast<float>(one[1]) == z[2 * i + 1]);
    s.invert(std::span<double>(one));
    CHECK(one[0] == Approx(values[2 * i]).margin(1e-9));
    CHECK(one[1] == Approx(values[2 * i + 1]).epsilon(1e-9));
  }
  const std::vector<float> narrow(values.begin(), values.end());
  CHECK(fit(narrow, 2, first_plain).value().columns()[0] == fit(values, 2).value().columns()[0]);
}

TEST_CASE("scaling: what lies beyond the quantiles is drawn in, then and later") {
  std::vector<double> values(200, 0.0);
  for (std::size_t i = 0; i < 200; ++i) values[i] = static_cast<double>(i);
  values[199] = 1e12;
  const auto s = fit(values, 1).value();
  CHECK(s.columns()[0].high == 198);
  std::vector<double> late = {1e300};
  REQUIRE(s.apply(std::span<double>(late)));
  s.invert(std::span<double>(late));
  CHECK(late[0] == Approx(198));
  const auto both = fit(values, 1, {}, {.lower = 0.05, .upper = 0.95}).value();
  CHECK(both.columns()[0].low == 9);
  CHECK(both.columns()[0].high == 189);
}

TEST_CASE("scaling: a constant column says nothing, and says so") {
  const std::vector<double> values = {7, 1, 7, 2, 7, 3};
  const auto s = fit(values, 2).value();
  CHECK(s.columns()[0].constant());
  CHECK_FALSE(s.columns()[1].constant());
  std::vector<double> p = {1e9, 2};
  REQUIRE(s.apply(std::span<double>(p)));
  CHECK(p == std::vector<double>{0, 0});
  s.invert(std::span<double>(p));
  CHECK(p == std::vector<double>{7, 2});
  // A column that only outliers keep from being constant is one as well.
  std::vector<double> nearly(1000, 4.0);
  nearly[17] = 99;
  CHECK(fit(nearly, 1).value().columns()[0].constant());
  CHECK(fit(std::vector<double>{5, 6}, 2).value().columns()[1].constant());  // one point
  CHECK(fit(std::vector<double>(8, 0.1), 1).value().columns()[0].constant());
}

TEST_CASE("scaling: points that are none are refused with their place") {
  const double inf = std::numeric_limits<double>::infinity();
  CHECK(fit(std::vector<double>{}, 2) == errc::too_few);
  const auto nan = fit(std::vector<double>{1, 2, 3, std::nan("")}, 2);
  CHECK(nan == errc::not_finite);
  CHECK(nan.error().at == 3);
  CHECK(fit(std::vector<double>{1, -inf}, 1) == errc::not_finite);
  const auto negative = fit(std::vector<double>{-1, 2, 3, -1e-9}, 2, first_plain);
  CHECK(negative == errc::out_of_range);
  CHECK(negative.error().at == 3);
  const auto huge = fit(std::vector<double>{1e308, -1e308, 1e308, 1e308}, 1, {}, {.upper = 1});
  CHECK(huge == errc::overflow);

  const auto s = fit(std::vector<double>{1, 2, 3, 4}, 2, first_plain).value();
  std::vector<double> p = {5, -2};
  const status refused = s.apply(std::span<double>(p));
  CHECK(refused == errc::out_of_range);
  CHECK(refused.error().at == 1);
  CHECK(p == std::vector<double>{5, -2});
  p[1] = std::nan("");
  CHECK(s.apply(std::span<double>(p)) == errc::not_finite);
  CHECK(s.apply(point_view<double>(p.data(), 1, 2), std::span<double>(p)) == errc::not_finite);
}

TEST_CASE("scaling: the same bits for any number of threads") {
  counter_random g(3);
  std::vector<double> values(3 * 20'000);
  for (double& x : values) x = exponential(g) * 1e6;
  const point_view<double> points(values.data(), 20'000, 3);
  const shape shapes[] = {shape::log1p, shape::as_it_is, shape::log1p};
  const auto one = scaling::fit(points, shapes).value();
  std::vector<double> z(values.size());
  REQUIRE(one.apply(points, std::span<double>(z)));
  for (std::size_t threads = 2; threads < 5; ++threads) {
    thread_pool pool(threads);
    CHECK(scaling::fit(points, shapes, {}, pool).value() == one);
    std::vector<double> other(values.size());
    REQUIRE(one.apply(points, std::span<double>(other), pool));
    CHECK(other == z);
  }
}
