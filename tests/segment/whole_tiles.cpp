#include "tailor/segment/whole_tiles.hpp"

#include <algorithm>
#include <cmath>
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
#include "tailor/segment/point_frame.hpp"
#include "tailor/segment/points.hpp"
#include "tailor/segment/whole_block.hpp"
#include "tailor/segment/whole_lanes.hpp"
#include "tailor/segment/whole_lanes_x86.hpp"

using namespace tailor;
using namespace tailor::segment;

namespace {

/// What lanes do, number by number.
template <class W>
void wholes_do_as_they_say(std::uint64_t seed) {
  counter_random g(seed);
  constexpr std::size_t w = W::width;
  const auto any = [&] {
    return static_cast<std::int16_t>(int(uniform_below(g, 65'535)) - 32'767);
  };
  std::int32_t a[w], b[w], c[w], out[w];
  std::int16_t low[w], high[w], low_by[w], high_by[w];
  for (std::size_t n = 0; n < w; ++n) {
    low[n] = any();
    high[n] = any();
    low_by[n] = static_cast<std::int16_t>(any() / 2);
    high_by[n] = static_cast<std::int16_t>(any() / 2);
    a[n] = segment::detail::pair_of(low[n], high[n]);
    b[n] = n % 3 == 0 ? a[n] : segment::detail::pair_of(low_by[n], high_by[n]);
    if (n % 3 == 0) b[n] = segment::detail::pair_of(low_by[n] = 7, high_by[n] = -9);
    c[n] = any() * 1000;
  }
  const auto x = W::load(a), y = W::load(b), z = W::load(c);
  const auto each = [&](const auto& value, const auto& expected) {
    W::store(out, value);
    for (std::size_t n = 0; n < w; ++n) CHECK(out[n] == expected(n));
  };
  each(W::set(-3), [](std::size_t) { return -3; });
  each(W::add_pairs(z, x, y),
       [&](std::size_t n) { return c[n] + low[n] * low_by[n] + high[n] * high_by[n]; });
  each(W::least(x, z), [&](std::size_t n) { return (std::min)(a[n], c[n]); });
  each(W::most(x, z), [&](std::size_t n) { return (std::max)(a[n], c[n]); });
  for (const std::int32_t tag : {0, 1, 77, 255}) {
    each(W::tagged(z, tag), [&](std::size_t n) { return (c[n] & ~0xFF) | tag; });
  }
  std::uint32_t expected = 0;
  for (std::size_t n = 0; n < w; ++n) expected |= std::uint32_t{a[n] <= c[n] + 500} << n;
  CHECK(W::not_above(x, z, 500) == expected);
  CHECK(W::not_above(z, z, 0) == (std::uint64_t{1} << w) - 1);
  CHECK(W::not_above(z, z, -1) == 0);
}

template <class Real>
std::vector<Real> cloud(std::uint64_t seed, std::size_t n, std::size_t d) {
  counter_random g(seed, 13);
  std::vector<Real> out(n * d);
  for (Real& x : out) x = static_cast<Real>(normal(g) + 5);
  return out;
}

/// Labels that a rough search is certain of are those of the definition, and it is of most.
template <class Real, class W>
void certain_labels_are_right(std::uint64_t seed) {
  using tiles = segment::detail::whole_tiles<Real, W>;
  const std::size_t d = 3 + seed % 14, n = 300 + seed, k = 2 + seed * 11 % 60;
  auto v = cloud<Real>(seed, n, d);
  for (std::size_t j = 0; j < d; ++j) v[7 * d + j] = Real(60);  // one far from all others
  const point_view<Real> points(v.data(), n, d);
  serial_executor pool;
  const extent where = extent_of(points, pool).value();
  const segment::detail::point_frame<Real> frame(points, where);
  const tiles rounded(frame, tiles::longest / (2.2 * std::sqrt(double(d))), pool);
  std::vector<double> centres;
  for (std::size_t t = 0; t < k * d; ++t) centres.push_back(double(v[t % d + t / d * d * 4]));
  for (double& x : centres) {
    if (x > 50) x = 5;
  }
  segment::detail::whole_centres packed;
  if (!packed.pack(centres, frame, rounded)) return;  // a centre is too long
  std::size_t uncertain = 0;
  for (std::size_t from = 0; from < n; from += tiles::group) {
    std::uint32_t labels[tiles::group];
    const std::uint64_t open =
        rounded.far(from) |
        segment::detail::whole_block<W>(rounded.at(from), rounded.pairs(), packed, labels);
    for (std::size_t i = from; i < (std::min)(from + tiles::group, n); ++i) {
      if ((open >> (i - from) & 1) != 0) {
        ++uncertain;
        continue;
      }
      const std::vector<double> row(v.begin() + std::ptrdiff_t(i * d),
                                    v.begin() + std::ptrdiff_t(i * d + d));
      REQUIRE(labels[i - from] ==
              segment::detail::nearest_centre(squared_euclidean{}, std::span<const double>(row),
                                              std::span<const double>(centres)));
    }
    if (from == 0) CHECK((open >> 7 & 1) == 1);
  }
  CHECK(uncertain < n / 2);
}

}  // namespace

TEST_CASE("whole tiles: lanes of every machine do as they say") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    CAPTURE(seed);
    wholes_do_as_they_say<portable_wholes>(seed);
#if defined(__AVX2__)
    wholes_do_as_they_say<avx2_wholes>(seed);
#endif
#if defined(__AVX512BW__)
    wholes_do_as_they_say<avx512bw_wholes>(seed);
#endif
#if defined(__AVX512VNNI__)
    wholes_do_as_they_say<avx512vnni_wholes>(seed);
#endif
  }
}

TEST_CASE("whole tiles: labels that are certain are those of the definition") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    CAPTURE(seed);
    certain_labels_are_right<float, portable_wholes>(seed);
    certain_labels_are_right<double, portable_wholes>(seed);
#if defined(__AVX2__)
    certain_labels_are_right<float, avx2_wholes>(seed);
#endif
#if defined(__AVX512BW__)
    certain_labels_are_right<float, avx512bw_wholes>(seed);
#endif
  }
}

TEST_CASE("whole tiles: numbers are off by half at most, points that are too long are told") {
  const std::size_t n = 200, d = 5;
  std::vector<float> v = cloud<float>(1, n, d);
  v[3 * d] = 1e30f;
  const point_view<float> points(v.data(), n, d);
  const extent where{std::vector<double>(d, 5), 1e30};
  const segment::detail::point_frame<float> frame(points, where);
  thread_pool pool(2);
  using tiles = segment::detail::whole_tiles<float, portable_wholes>;
  const tiles rounded(frame, 8000, pool);
  CHECK(rounded.pairs() == 3);
  for (std::size_t i = 0; i < n; ++i) {
    double square = 0;
    for (std::size_t j = 0; j < d; ++j) {
      square += std::pow((double(v[i * d + j]) - 5) * rounded.scale(), 2);
    }
    const bool far = (rounded.far(i / 64 * 64) >> i % 64 & 1) != 0;
    if (std::fabs(std::sqrt(square) - tiles::longest) > 2)
      CHECK(far == (std::sqrt(square) > tiles::longest));
    const std::int32_t* at = rounded.at(i / 64 * 64) + i % 64 / tiles::tile * tiles::tile * 3;
    for (std::size_t p = 0; p < 3; ++p) {
      const std::int32_t pair = at[p * tiles::tile + i % tiles::tile];
      const double low = static_cast<std::int16_t>(pair & 0xFFFF), high = pair >> 16;
      if (far) {
        CHECK(pair == 0);
        continue;
      }
      CHECK(std::fabs(low - (double(v[i * d + 2 * p]) - 5) * rounded.scale()) <= tiles::rounding);
      if (p == 2) {
        CHECK(high == 0);
      } else {
        CHECK(std::fabs(high - (double(v[i * d + 2 * p + 1]) - 5) * rounded.scale()) <=
              tiles::rounding);
      }
    }
  }
  CHECK((rounded.far(0) >> 3 & 1) == 1);
}

TEST_CASE("whole tiles: only points about equally far from the mean are rounded") {
  using tiles = segment::detail::whole_tiles<double, portable_wholes>;
  serial_executor pool;
  const auto scale_of = [&](const std::vector<double>& v, std::size_t d) {
    const point_view<double> points(v.data(), v.size() / d, d);
    const extent where = extent_of(points, pool).value();
    return tiles::scale_for(segment::detail::point_frame<double>(points, where));
  };
  std::vector<double> v = cloud<double>(2, 4000, 6);
  const double scale = scale_of(v, 6);
  CHECK(scale > 3000);
  CHECK(scale < 8000);
  for (double& x : v) x *= 1e-30;
  CHECK(scale_of(v, 6) == Approx(scale * 1e30));
  for (double& x : v) x *= 1e-290;
  CHECK(scale_of(v, 6) == 0);                             // not to be scaled by a number
  CHECK(scale_of(std::vector<double>(60, 3.0), 6) == 0);  // all equal
  counter_random g(4);
  for (double& x : v) x = std::exp(2 * normal(g));
  CHECK(scale_of(v, 6) == 0);  // a long tail
}
