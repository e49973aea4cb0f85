#include "tailor/segment/quality.hpp"

#include <cmath>
#include <cstdint>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"
#include "tailor/core/thread_pool.hpp"

using namespace tailor;
using segment::point_view;
using segment::quality_of;

namespace {

/// 500 points around four places; Python makes the same.
std::vector<double> known_points() {
  std::uint32_t s = 7;
  const auto draw = [&s] { return ((s = (s * 1103515245 + 12345) % (1U << 31)) >> 16) % 1000; };
  std::vector<double> out;
  for (int i = 0; i < 500; ++i) {
    out.push_back(i % 4 % 2 * 10 + draw() / 250.0);
    out.push_back(i % 4 / 2 * 6 + draw() / 250.0);
  }
  return out;
}

const std::vector<double> four = {2, 2, 12, 2, 2, 8, 12, 8};

}  // namespace

TEST_CASE("quality: inertia, silhouette and BIC as a few lines of numpy compute them") {
  const auto values = known_points();
  const point_view<double> points(values.data(), 500, 2);
  const auto q = quality_of(points, four);
  CHECK(q.sizes == std::vector<std::uint64_t>{125, 125, 125, 125});
  CHECK(q.inertia == Approx(1319.9193440000001).epsilon(1e-13));
  CHECK(q.silhouette == Approx(0.738687275808908).epsilon(1e-13));
  CHECK(q.bic == Approx(-2288.1747640543385).epsilon(1e-13));
  const auto two = quality_of(points, std::span<const double>(four).first(4));
  CHECK(two.inertia == Approx(10086.879344).epsilon(1e-13));
  CHECK(two.silhouette == Approx(0.6645188376118695).epsilon(1e-13));
  CHECK(two.bic == Approx(-2939.7777107119364).epsilon(1e-13));

  const std::vector<float> narrow(values.begin(), values.end());
  CHECK(quality_of(point_view<float>(narrow.data(), 500, 2), four).silhouette ==
        Approx(q.silhouette).epsilon(1e-6));
}

TEST_CASE("quality: labels go to the nearest centre, ties to the lower index") {
  const std::vector<double> values = {0, 1, 2, 3, 4};
  const point_view<double> points(values.data(), 5, 1);
  const std::vector<double> centres = {0, 4, 4};
  CHECK(segment::nearest_centres(points, centres) == std::vector<std::uint32_t>{0, 0, 0, 1, 1});
  CHECK(quality_of(points, centres).sizes == std::vector<std::uint64_t>{3, 2, 0});
}

TEST_CASE("quality: one centre, no points, equal points") {
  const std::vector<double> values = {1, 1, 1, 1};
  const point_view<double> points(values.data(), 4, 1);
  const std::vector<double> one = {1};
  CHECK(quality_of(points, one).silhouette == 0);
  CHECK(quality_of(points, one).bic == HUGE_VAL);
  const std::vector<double> same = {1, 1};
  CHECK(quality_of(points, same).silhouette == 0);
  const auto none = quality_of(point_view<double>(values.data(), 0, 1), same);
  CHECK(none.silhouette == 0);
  CHECK(none.bic == -HUGE_VAL);
  CHECK(none.sizes == std::vector<std::uint64_t>{0, 0});
}

TEST_CASE("quality: the same bits for any number of threads") {
  counter_random g(1);
  std::vector<double> values(2 * 30'000);
  for (double& x : values) x = normal(g);
  const point_view<double> points(values.data(), 30'000, 2);
  const auto serial = quality_of(points, four);
  thread_pool three(3);
  const auto parallel = quality_of(points, four, three);
  CHECK(parallel.inertia == serial.inertia);
  CHECK(parallel.silhouette == serial.silhouette);
  CHECK(parallel.sizes == serial.sizes);
  CHECK(segment::nearest_centres(points, four, three) == segment::nearest_centres(points, four));
}

TEST_CASE("points: a view reads rows, columns and parts of a matrix in place") {
  const double m[] = {0, 1, 2, 10, 11, 12, 20, 21, 22};
  const point_view<double> rows(m, 3, 3);
  CHECK(rows(2, 1) == 21);
  const point_view<double> columns(m, 3, 3, 1, 3);
  CHECK(columns(1, 2) == 21);
  const point_view<double> part(m + 1, 2, 2, 3, 1);
  CHECK(part(1, 1) == 12);
  CHECK(part.data() == m + 1);
  CHECK(point_view<float>().n() == 0);
}
