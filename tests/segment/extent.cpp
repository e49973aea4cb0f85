#include "tailor/segment/extent.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"
#include "tailor/core/thread_pool.hpp"

using namespace tailor;
using namespace tailor::segment;

TEST_CASE("extent: means and reach as a slow loop finds them, for any executor and strides") {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    CAPTURE(seed);
    counter_random g(seed);
    const std::size_t n = 1 + seed * 2500, d = 1 + seed % 5;
    std::vector<float> rows(n * d), columns(n * d);
    std::vector<double> sums(d);
    for (std::size_t t = 0; t < n * d; ++t) {
      rows[t] = static_cast<float>(normal(g) + double(t % d));
      columns[t % d * n + t / d] = rows[t];
      sums[t % d] += rows[t];
    }
    const extent e = extent_of(point_view<float>(rows.data(), n, d), serial_executor{}).value();
    thread_pool pool(3);
    const extent f =
        extent_of(point_view<float>(columns.data(), n, d, 1, std::ptrdiff_t(n)), pool).value();
    CHECK(e.mean == f.mean);
    CHECK(e.reach == f.reach);
    double reach = 0;
    for (std::size_t t = 0; t < n * d; ++t) {
      reach = (std::max)(reach, std::fabs(rows[t] - e.mean[t % d]));
    }
    CHECK(e.reach == reach);
    for (std::size_t j = 0; j < d; ++j)
      CHECK(e.mean[j] == Approx(sums[j] / double(n)).margin(1e-6));
  }
}

TEST_CASE("extent: the first bad number is told, wherever it hides") {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    CAPTURE(seed);
    counter_random g(seed);
    std::vector<double> v(3000 * 3, 1.0);
    const std::size_t at = uniform_below(g, v.size());
    v[at] = seed % 2 == 0 ? std::nan("") : std::numeric_limits<double>::infinity();
    const auto got = extent_of(point_view<double>(v.data(), 3000, 3), serial_executor{});
    CHECK(got == errc::not_finite);
    CHECK(got.error().at == at / 3);
    v[at] = 1e300;
    const auto large = extent_of(point_view<double>(v.data(), 3000, 3), serial_executor{});
    CHECK(large == errc::out_of_range);
    CHECK(large.error().at == at / 3);
  }
  CHECK(extent_of(point_view<double>(), serial_executor{}) == errc::too_few);
}
