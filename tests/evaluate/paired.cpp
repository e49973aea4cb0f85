#include "tailor/evaluate/paired.hpp"

#include <cmath>
#include <cstdint>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/thread_pool.hpp"

using namespace tailor;
using namespace tailor::evaluate;

namespace {

/// Differences with a skew: x² / 10 − 1 for x = 0, 0.1 … 5.9.
std::vector<double> skewed() {
  std::vector<double> out;
  for (int n = 0; n < 60; ++n) out.push_back(0.1 * n * 0.1 * n / 10 - 1);
  return out;
}

}  // namespace

TEST_CASE("paired: few users are tested over all signs") {
  const std::vector<double> a{1, 2, 3, 4}, b{0, 0, 0, 0};
  const paired p = compare(a, b).value();
  CHECK(p.p == 2.0 / 16);  // all plus or all minus
  CHECK(p.mean == 2.5);
  CHECK(std::fabs(p.standard_error - std::sqrt(5.0 / 3 / 4)) < 1e-12);
  CHECK(compare(b, b).value().p == 1);
  const std::vector<double> one{1}, none{0};
  CHECK(compare(one, none).value().p == 1);
  CHECK(compare(one, none).value().standard_error == 0);
}

TEST_CASE("paired: signs at random agree with all signs") {
  std::vector<double> d{.3, -.1, .4, .2, -.2, .5, .1, -.3, .2, .1, .3, -.1, .2, .4, -.2, .1};
  const std::vector<double> zero(d.size());
  const double exact = compare(d, zero).value().p;
  d.push_back(0);  // the 17th changes no sum
  const double drawn = compare(d, std::vector<double>(17), {.flips = 40'000}).value().p;
  CHECK(std::fabs(exact - drawn) < 5 * std::sqrt(exact * (1 - exact) / 40'000));
}

TEST_CASE("paired: the interval is that of scipy") {
  // scipy.stats.bootstrap((d,), np.mean, n_resamples=100000, method='BCa', random_state=1) gives
  // -.08127 … .45318 at 95 %, and with seeds 2 and 3 the same to .002.
  const std::vector<double> d = skewed();
  const paired p = compare(d, std::vector<double>(d.size()), {.resamples = 40'000}).value();
  CHECK(std::fabs(p.low - -.081) < .006);
  CHECK(std::fabs(p.high - .454) < .006);
  CHECK(std::fabs(detectable(p) - 2.801585 * p.standard_error) < 1e-5);
}

TEST_CASE("paired: the interval of few and skewed users is that of scipy") {
  // As above, 200000 resamples, seeds 1, 2 and 3: .160 … .163 to 1.147 … 1.157.
  const std::vector<double> d{0, 0, 0, .1, -.2, .5, .9, 0, 1.4, .05, -.1, 3.2, .3, 0, .7};
  const paired p = compare(d, std::vector<double>(15), {.resamples = 40'000}).value();
  CHECK(std::fabs(p.low - .161) < .008);
  CHECK(std::fabs(p.high - 1.152) < .02);
  CHECK(std::fabs(p.z() - p.mean / p.standard_error) < 1e-12);
}

TEST_CASE("paired: where the correction is not defined the interval is that of percentiles") {
  const std::vector<double> same(40, .25), zero(40);
  const paired p = compare(same, zero).value();
  CHECK(p.low == .25);
  CHECK(p.high == .25);
  CHECK(p.z() == 0);
  // Two resamples are on one side of the mean for some seed: their ends, in order, for any.
  for (std::uint64_t seed = 1; seed < 200; ++seed) {
    const paired few = compare(skewed(), std::vector<double>(60),
                               {.flips = 1, .resamples = 2, .level = .999, .seed = seed})
                           .value();
    REQUIRE(few.low <= few.high);
  }
  // One user of twenty makes all of it, at a level beyond what can be corrected.
  std::vector<double> d(20, -1);
  d[0] = 1000;
  const paired far =
      compare(d, std::vector<double>(20), {.flips = 1, .resamples = 50, .level = 1 - 1e-15})
          .value();
  CHECK(far.low <= far.high);
  CHECK(far.high > 0);
}

TEST_CASE("paired: the same for any number of threads, another for another seed") {
  const std::vector<double> d = skewed(), zero(d.size());
  const paired one = compare(d, zero).value();
  for (const std::size_t threads : {2u, 3u}) {
    thread_pool pool(threads);
    const paired many = compare(d, zero, {}, pool).value();
    CHECK(many.p == one.p);
    CHECK(many.low == one.low);
    CHECK(many.high == one.high);
  }
  const paired other = compare(d, zero, {.seed = 2}).value();
  CHECK(other.p != one.p);
  CHECK(std::fabs(other.p - one.p) < .03);
}

TEST_CASE("paired: under the null hypothesis p is even") {
  int below = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    counter_random draw(seed, 9);
    std::vector<double> d(40);
    for (double& x : d) x = normal(draw);
    below += compare(d, std::vector<double>(40), {.flips = 400, .resamples = 1}).value().p < .1;
  }
  CHECK(std::fabs(below - 40) < 5 * std::sqrt(400 * .1 * .9));
}

TEST_CASE("paired: what cannot be compared is refused") {
  const std::vector<double> one{1}, two{1, 2};
  CHECK(compare(one, two).error().code == errc::conflict);
  CHECK(compare({}, {}).error().code == errc::too_few);
  CHECK(compare(one, one, {.flips = 0}).error().code == errc::too_few);
  CHECK(compare(one, one, {.level = 1}).error().code == errc::out_of_range);
  const std::vector<double> bad{std::nan("")};
  CHECK(compare(one, bad).error().code == errc::not_finite);
  const std::vector<double> most{1e308}, least{-1e308}, two_most{1e308, 1e308}, zeros{0, 0};
  CHECK(compare(most, least).error().code == errc::overflow);
  const std::vector<double> second{1, 1e308}, against{1, -1e308};
  CHECK(compare(second, against).error().at == 1);
  CHECK(compare(two_most, zeros).error().code == errc::overflow);
}

TEST_CASE("paired: several p-values are made up for by their order") {
  const std::vector<double> p{.01, .04, .03, .5};
  const std::vector<double> got = holm(p);
  const double want[] = {.04, .09, .09, .5};
  for (std::size_t n = 0; n < 4; ++n) CHECK(std::fabs(got[n] - want[n]) < 1e-12);
  CHECK(holm({}).empty());
}
