#include "tailor/segment/cells.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"
#include "tailor/events/event.hpp"
#include "tailor/storage/canonical.hpp"
#include "tailor/testing/histories.hpp"
#include "tailor/testing/laws.hpp"

using namespace tailor;
static_assert(storage::canonical<segment::cells>);
using segment::cell_options;
using segment::cells;

namespace {

using point = std::array<double, 3>;

status add(cells& c, const point& p) { return c.observe(std::span<const double>(p)); }
status take(cells& c, const point& p) { return c.retract(std::span<const double>(p)); }

/// Each event is a point: what the laws of a statistic are tried with.
struct gathered {
  using forgets_by_replay = void;
  cells all;

  static point of(const events::event& e) {
    counter_random g(raw(e.user), static_cast<std::uint64_t>(e.at.us) ^ raw(e.item));
    return {normal(g), 3 * normal(g), -100 * uniform01(g)};
  }
  status observe(const events::event& e) { return add(all, of(e)); }
  status retract(const events::event& e) { return take(all, of(e)); }
  status merge(const gathered& other) { return all.merge(other.all); }
  void encode(byte_writer& out) const { all.encode(out); }
  static result<gathered> decode(byte_reader& in) {
    auto c = cells::decode(in);
    if (!c) return c.error();
    return gathered{*std::move(c)};
  }
  friend bool operator==(const gathered& a, const gathered& b) = default;
};

std::vector<point> random_points(std::uint64_t seed, std::size_t n) {
  counter_random g(seed, 9);
  std::vector<point> out(n);
  for (point& p : out) p = {normal(g), normal(g), 2 * normal(g)};
  return out;
}

}  // namespace

TEST_CASE("cells: the four laws hold on random histories") {
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    CAPTURE(seed);
    const auto make = [&] {
      gathered g{cells({.width_log2 = seed % 2 == 0 ? -3 : 2})};
      for (std::uint64_t i = 0; i < seed % 4; ++i) REQUIRE(g.all.coarsen());
      return g;
    };
    const char* broken = testing::broken_law<gathered>(make, testing::random_history(seed), seed);
    INFO((broken == nullptr ? "" : broken));
    REQUIRE(broken == nullptr);
  }
}

TEST_CASE("cells: wider cells now or later are the same, and shards may differ in width") {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    CAPTURE(seed);
    cells early, late, part, rest;
    REQUIRE(early.coarsen());
    REQUIRE(early.coarsen());
    std::size_t i = 0;
    for (const point& p : random_points(seed, 60)) {
      REQUIRE(add(early, p));
      REQUIRE(add(late, p));
      if (i++ == 30) {
        REQUIRE(late.coarsen());
        REQUIRE(rest.coarsen());
        REQUIRE(rest.coarsen());
      }
      REQUIRE(add(i % 3 == 0 ? part : rest, p));
    }
    REQUIRE(late.coarsen());
    CHECK(early == late);
    REQUIRE(part.merge(rest));
    CHECK(part == early);
    CHECK(early.points() == 60);
    CHECK(early.width() == 0.5);
  }
}

TEST_CASE("cells: means, weights and scatter are those of the points") {
  const auto points = random_points(4, 2000);
  cells c({.width_log2 = 0});
  for (const point& p : points) REQUIRE(add(c, p));
  const auto m = c.means();
  REQUIRE(m.weights.size() == c.size());
  // Around the origin: what is summed up by cells is summed up by points.
  double count = 0, squares = m.scatter;
  point sums{};
  for (std::size_t i = 0; i < m.weights.size(); ++i) {
    count += m.weights[i];
    for (std::size_t j = 0; j < 3; ++j) {
      sums[j] += m.weights[i] * m.points[3 * i + j];
      squares += m.weights[i] * m.points[3 * i + j] * m.points[3 * i + j];
    }
  }
  CHECK(count == 2000);
  double all_squares = 0;
  point all_sums{};
  for (const point& p : points) {
    for (std::size_t j = 0; j < 3; ++j) {
      all_sums[j] += p[j];
      all_squares += p[j] * p[j];
    }
  }
  CHECK(squares == Approx(all_squares).epsilon(1e-5));
  for (std::size_t j = 0; j < 3; ++j) CHECK(sums[j] == Approx(all_sums[j]).margin(0.02));
}

TEST_CASE("cells: a full grid refuses, and a wider one takes the point") {
  cells c({.columns = 1, .width_log2 = 0, .max_cells = 2});
  const auto at = [&](float x) { return c.observe(std::span<const float>(&x, 1)); };
  CHECK(at(0.5F));
  CHECK(at(1.5F));
  const cells before = c;
  CHECK(at(2.5F) == errc::full);
  CHECK(c == before);
  CHECK(at(1.25F));
  CHECK(c.coarsen());
  CHECK(at(2.5F));
  CHECK(c.size() == 2);
  CHECK(c.means().weights == std::vector<double>{3, 1});
  CHECK(c.means().points[1] == 2.5);

  cells other({.columns = 1, .width_log2 = 0, .max_cells = 2});
  const float far = -9;
  REQUIRE(other.observe(std::span<const float>(&far, 1)));
  CHECK(c.merge(other) == errc::full);
  CHECK(c.merge(cells({.columns = 2})) == errc::conflict);
  CHECK(c.points() == 4);
}

TEST_CASE("cells: what is no point, or cannot be in, is refused and nothing changes") {
  cells c;
  REQUIRE(add(c, {1, 2, 3}));
  const cells before = c;
  const auto bad = add(c, {1, std::nan(""), 3});
  CHECK(bad == errc::not_finite);
  CHECK(bad.error().at == 1);
  CHECK(add(c, {1, 2, INFINITY}) == errc::not_finite);
  CHECK(add(c, {-1e10, 2, 3}) == errc::out_of_range);
  CHECK(add(c, {-2147483648.0, 2147483648.0, 3}));
  CHECK(take(c, {-2147483648.0, 2147483648.0, 3}));
  const double two[2] = {1, 2};
  CHECK(c.observe(std::span<const double>(two)) == errc::malformed);
  CHECK(take(c, {5, 5, 5}) == errc::unknown);
  CHECK(take(c, {1.01, 2, 3}) == errc::unknown);
  CHECK(c == before);
  CHECK(take(c, {1, 2, 3}));
  CHECK(c == cells());
}

TEST_CASE("cells: the widest grid and the fullest cell") {
  cells c({.columns = 2, .width_log2 = 12});
  CHECK(c.coarsen() == errc::out_of_range);
  const double p[2] = {1, 1};
  std::int64_t taken = 0;
  while (c.observe(std::span<const double>(p))) ++taken;
  CHECK(taken == (std::int64_t{1} << 6) / 2);
  CHECK(c.observe(std::span<const double>(p)) == errc::overflow);
  CHECK(c.points() == taken);
  CHECK(c.merge(cells(c)) == errc::overflow);
  CHECK(c.points() == taken);
}

TEST_CASE("cells: damaged bytes are refused or mean cells") {
  cells c({.max_cells = 100});
  for (const point& p : random_points(1, 40)) REQUIRE(add(c, p));
  const auto bytes = testing::bytes_of(c);
  for (std::size_t size = 0; size < bytes.size(); size += 3) {
    byte_reader in(std::span<const std::byte>(bytes).first(size));
    CHECK_FALSE(cells::decode(in));
  }
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (const int bit : {0, 3, 7}) {
      CAPTURE(i, bit);
      auto damaged = bytes;
      damaged[i] ^= static_cast<std::byte>(1 << bit);
      byte_reader in(damaged);
      const auto read = cells::decode(in);
      if (!read) continue;
      damaged.resize(in.offset());
      const bool same = testing::bytes_of(*read) == damaged;
      CHECK(same);
    }
  }
}
