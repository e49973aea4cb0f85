#include "tailor/segment/cell_order.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"
#include "tailor/core/thread_pool.hpp"
#include "tailor/segment/assignment.hpp"
#include "tailor/segment/distance.hpp"
#include "tailor/segment/extent.hpp"
#include "tailor/segment/group_boxes.hpp"
#include "tailor/segment/lanes.hpp"
#include "tailor/segment/point_tiles.hpp"
#include "tailor/segment/points.hpp"

using namespace tailor;
using namespace tailor::segment;

namespace {

std::vector<double> some_points(std::uint64_t seed, std::size_t n, std::size_t d) {
  counter_random g(seed, 12);
  std::vector<double> out(n * d);
  for (double& x : out) x = seed % 3 == 0 ? double(uniform_below(g, 3)) : normal(g);
  return out;
}

}  // namespace

TEST_CASE("cell order: by the cell, of one cell by the row, for any number of threads") {
  for (std::uint64_t seed = 0; seed < 24; ++seed) {
    CAPTURE(seed);
    const std::size_t d = 1 + seed % 4, n = 1 + seed * 131 % 2000;
    const auto v = some_points(seed, n, d);
    const point_view<double> points(v.data(), n, d);
    serial_executor alone;
    const extent where = extent_of(points, alone).value();
    const segment::detail::cell_curve<double> curve(points, where);
    std::vector<std::uint32_t> expected(n);
    for (std::size_t i = 0; i < n; ++i) expected[i] = static_cast<std::uint32_t>(i);
    std::sort(expected.begin(), expected.end(), [&](std::uint32_t a, std::uint32_t b) {
      return curve.key(a) != curve.key(b) ? curve.key(a) < curve.key(b) : a < b;
    });
    CHECK(segment::detail::cell_order(points, where, alone) == expected);
    thread_pool pool(3);
    CHECK(segment::detail::cell_order(points, where, pool) == expected);
  }
}

TEST_CASE("cell order: the key of a cell has the bits of its numbers in turn") {
  // 64 cells a side from -1 to 1: (0, 0, 0) to (1, 1, 1) are in the cells 32 and, at most, 63.
  const std::vector<double> v = {0, 0, 0, 1, -1, -1, -1, 1, 1, 0.04, 0, -1};
  const point_view<double> points(v.data(), 4, 3);
  const segment::detail::cell_curve<double> curve(points, extent{{0, 0, 0}, 1});
  CHECK(curve.key(0) == 0b111'000'000'000'000'000);
  CHECK(curve.key(1) == 0b001'001'001'001'001'001);
  CHECK(curve.key(2) == 0b110'110'110'110'110'110);
  CHECK(curve.key(3) == 0b011'000'000'000'000'001);
}

TEST_CASE("group boxes: the nearest centre of each point is among those of its group") {
  std::size_t left_out = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    CAPTURE(seed);
    const std::size_t d = 1 + seed % 4, n = 300 + seed, k = 1 + seed * 7 % 40;
    const auto v = some_points(seed, n, d);
    const point_view<double> points(v.data(), n, d);
    serial_executor pool;
    const extent where = extent_of(points, pool).value();
    using lanes = portable_lanes<double>;
    using tiles = segment::detail::point_tiles<double, lanes>;
    const segment::detail::point_frame<double> frame(points, where);
    const tiles placed(frame, segment::detail::cell_order(points, where, pool), pool);
    segment::detail::group_boxes<double, lanes> boxes(placed, n, pool);
    std::vector<double> centres = some_points(seed + 100, k, d);
    boxes.prepare(centres, frame);
    segment::detail::group_boxes<double, lanes>::found near;
    for (std::size_t place = 0; place < n; ++place) {
      if (place % tiles::group == 0) {
        boxes.near(place, near);
        REQUIRE(std::is_sorted(near.centres.begin(), near.centres.end()));
        REQUIRE(near.centres.back() < k);
        left_out += k - near.centres.size();
      }
      const std::span<const double> row(v.data() + placed.row_at(place) * d, d);
      const std::uint32_t nearest = segment::detail::nearest_centre(
          squared_euclidean{}, row, std::span<const double>(centres));
      REQUIRE(std::count(near.centres.begin(), near.centres.end(), nearest) == 1);
    }
  }
  CHECK(left_out > 500);
}
