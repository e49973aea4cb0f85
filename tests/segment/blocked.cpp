#include "tailor/segment/blocked.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"
#include "tailor/segment/lanes.hpp"
#include "tailor/segment/lanes_x86.hpp"

using namespace tailor;
using namespace tailor::segment;

namespace {

template <class Real>
using bits = segment::detail::bits_of<Real>;

/// What lanes do, number by number.
template <class L, class Real>
void lanes_do_as_they_say(std::uint64_t seed) {
  counter_random g(seed);
  constexpr std::size_t w = L::width;
  Real a[w], b[w], c[w], out[w];
  for (std::size_t n = 0; n < w; ++n) {
    a[n] = static_cast<Real>(std::fabs(normal(g)));
    b[n] = n % 3 == 0 ? a[n] : static_cast<Real>(std::fabs(normal(g)));
    c[n] = static_cast<Real>(normal(g));
  }
  const auto x = L::load(a), y = L::load(b), z = L::load(c);
  const auto each = [&](const auto& value, const auto& expected) {
    L::store(out, value);
    for (std::size_t n = 0; n < w; ++n) CHECK(out[n] == expected(n));
  };
  const auto near = [&](const auto& value, const auto& expected) {
    L::store(out, value);
    for (std::size_t n = 0; n < w; ++n) CHECK(out[n] == Approx(expected(n)).margin(1e-6));
  };
  each(L::set(Real{3}), [&](std::size_t) { return Real{3}; });
  each(L::add(x, z), [&](std::size_t n) { return a[n] + c[n]; });
  each(L::product(x, z), [&](std::size_t n) { return a[n] * c[n]; });
  near(L::add_product(z, x, y), [&](std::size_t n) { return c[n] + a[n] * b[n]; });
  near(L::less_product(z, x, y), [&](std::size_t n) { return c[n] - a[n] * b[n]; });
  each(L::least(x, y), [&](std::size_t n) { return (std::min)(a[n], b[n]); });
  each(L::most(x, y), [&](std::size_t n) { return (std::max)(a[n], b[n]); });
  each(L::where_less(x, y, z, x), [&](std::size_t n) { return a[n] < b[n] ? c[n] : a[n]; });
  std::uint32_t expected = 0;
  for (std::size_t n = 0; n < w; ++n) expected |= std::uint32_t{a[n] <= b[n]} << n;
  CHECK(L::not_above(x, y) == expected);
  for (const unsigned tag : {0u, 1u, 77u, 255u}) {
    L::store(out, L::tagged(x, std::bit_cast<Real>(static_cast<bits<Real>>(tag))));
    for (std::size_t n = 0; n < w; ++n) {
      CHECK(std::bit_cast<bits<Real>>(out[n]) ==
            ((std::bit_cast<bits<Real>>(a[n]) & ~bits<Real>{255}) | tag));
    }
  }
  // A number below zero comes before those that are not.
  each(L::least(L::set(Real{-1}), x), [](std::size_t) { return Real{-1}; });
}

template <class Real>
void all_lanes(std::uint64_t seed) {
  lanes_do_as_they_say<portable_lanes<Real>, Real>(seed);
#if defined(__AVX2__) && defined(__FMA__)
  lanes_do_as_they_say<avx2_lanes<Real>, Real>(seed);
#endif
#if defined(__AVX512F__)
  lanes_do_as_they_say<avx512_lanes<Real>, Real>(seed);
#endif
}

}  // namespace

TEST_CASE("blocked: lanes of every machine do as they say") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    all_lanes<float>(seed);
    all_lanes<double>(seed);
  }
}

TEST_CASE("blocked: any part of the points may be asked for, as often as wanted") {
  counter_random g(3);
  std::vector<float> v(777 * 5);
  for (float& x : v) x = static_cast<float>(normal(g));
  const point_view<float> points(v.data(), 777, 5);
  serial_executor pool;
  const extent where = extent_of(points, pool).value();
  auto search = blocked{}.over(points, where, {}, pool);
  auto slow = plain<>{}.over(points, where, {}, pool);
  std::vector<double> centres;
  for (std::size_t t = 0; t < 13 * 5; ++t) centres.push_back(normal(g));
  for (int round = 0; round < 3; ++round) {
    for (double& x : centres) x += 0.1;
    search.prepare(centres);
    slow.prepare(centres);
    for (const auto& [first, last] : {std::pair<std::size_t, std::size_t>{0, 777},
                                      {1, 2},
                                      {63, 65},
                                      {64, 128},
                                      {100, 300},
                                      {776, 777},
                                      {5, 5}}) {
      std::vector<std::uint32_t> a(last - first, 99), b(last - first, 98);
      search.nearest(first, last, a.data());
      slow.nearest(first, last, b.data());
      CHECK(a == b);
    }
  }
}

TEST_CASE("blocked: centres without end and between equal points are measured again") {
  const std::vector<float> v = {0, 1, 2, 3, 4, 5, 6, 7, 8};
  const point_view<float> points(v.data(), 9, 1);
  serial_executor pool;
  const extent where = extent_of(points, pool).value();
  auto search = blocked{}.over(points, where, {}, pool);
  std::vector<std::uint32_t> labels(9);
  const std::vector<double> middle = {8, 4, 4, 0};  // 2 and 6 are in the middle of two
  search.prepare(middle);
  search.nearest(0, 9, labels.data());
  CHECK(labels == std::vector<std::uint32_t>{3, 3, 1, 1, 1, 1, 0, 0, 0});
  const std::vector<double> far = {1e140, -1e140, 1e100};
  search.prepare(far);
  search.nearest(0, 9, labels.data());
  CHECK(labels == std::vector<std::uint32_t>(9, 2));
}
