#include "tailor/offer/price_history.hpp"

#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"
#include "tailor/testing/laws.hpp"

using namespace tailor;
using offer::dated_price;
using offer::price_history;

namespace {

constexpr item_id tea{7};
constexpr item_id cup{9};

struct said {
  item_id item{};
  std::int64_t price = 0;
  timestamp from{};
};

/// Changes that do not contradict each other.
std::vector<said> random_changes(counter_random& draw) {
  std::vector<said> out;
  std::set<std::pair<item_id, timestamp>> taken;
  const std::uint64_t n = uniform_below(draw, 30);
  for (std::uint64_t i = 0; i < n; ++i) {
    const said s{item_id{uniform_below(draw, 4)}, uniform_between(draw, 0, 50),
                 timestamp{uniform_between(draw, -20, 20)}};
    if (taken.insert({s.item, s.from}).second) out.push_back(s);
  }
  return out;
}

price_history build(std::span<const said> all) {
  price_history h;
  for (const said& s : all) REQUIRE(h.observe(s.item, s.price, s.from));
  return h;
}

bool same(const price_history& a, const price_history& b) {
  return a == b && testing::bytes_of(a) == testing::bytes_of(b);
}

price_history read(const std::vector<std::byte>& bytes) {
  byte_reader in(bytes);
  auto h = price_history::decode(in);
  REQUIRE(h);
  REQUIRE(in.remaining() == 0);
  return *std::move(h);
}

}  // namespace

TEST_CASE("price history: changes are kept by moment, whatever order they come in") {
  price_history h;
  CHECK(h.observe(tea, 500, {20}));
  CHECK(h.observe(tea, 400, {10}));
  CHECK(h.observe(tea, 450, {30}));
  CHECK(h.observe(tea, 450, {40}));  // said again
  const std::vector<dated_price> want = {{{10}, 400}, {{20}, 500}, {{30}, 450}, {{40}, 450}};
  const auto got = h.changes_of(tea);
  CHECK(std::vector<dated_price>(got.begin(), got.end()) == want);
  CHECK(h.changes_of(cup).empty());
  CHECK(h.items() == 1);
}

TEST_CASE("price history: refusals change nothing") {
  price_history h({.items = 2, .changes_per_item = 2});
  REQUIRE(h.observe(tea, 500, {20}));
  const price_history before = h;
  CHECK(h.observe(tea, -1, {30}) == errc::out_of_range);
  CHECK(h.observe(tea, 500, {20}) == errc::duplicate);
  CHECK(h.observe(tea, 501, {20}) == errc::conflict);
  CHECK(h.retract(tea, 501, {20}) == errc::unknown);
  CHECK(h.retract(tea, 500, {21}) == errc::unknown);
  CHECK(h.retract(cup, 500, {20}) == errc::unknown);
  CHECK(h == before);
  REQUIRE(h.observe(tea, 1, {1}));
  CHECK(h.observe(tea, 2, {2}) == errc::full);
  REQUIRE(h.observe(cup, 1, {1}));
  CHECK(h.observe(item_id{1}, 1, {1}) == errc::full);
  price_history none({.items = 2, .changes_per_item = 0});
  CHECK(none.observe(tea, 1, {1}) == errc::full);
  CHECK(none == price_history{});
}

TEST_CASE("price history: order, inverse, merge and canon hold") {
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    CAPTURE(seed);
    counter_random draw(seed, 1);
    std::vector<said> all = random_changes(draw);
    const price_history whole = build(all);

    shuffle(std::span<said>(all), draw);
    CHECK(same(build(all), whole));

    const std::size_t kept = uniform_below(draw, all.size() + 1);
    price_history some = whole;
    for (std::size_t i = kept; i < all.size(); ++i) {
      REQUIRE(some.retract(all[i].item, all[i].price, all[i].from));
    }
    CHECK(same(some, build(std::span<const said>(all).first(kept))));

    price_history left = build(std::span<const said>(all).first(kept));
    const price_history right = build(std::span<const said>(all).subspan(kept));
    price_history other_way = right;
    REQUIRE(other_way.merge(left));
    REQUIRE(left.merge(right));
    CHECK(same(left, whole));
    CHECK(same(other_way, whole));
    REQUIRE(left.merge(whole));  // the same once more
    CHECK(same(left, whole));

    CHECK(same(read(testing::bytes_of(whole)), whole));

    price_history without = whole;
    without.drop(item_id{2});
    std::erase_if(all, [](const said& s) { return s.item == item_id{2}; });
    CHECK(same(without, build(all)));
  }
}

TEST_CASE("price history: a cut keeps what was in force at it, whenever it is made") {
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    CAPTURE(seed);
    counter_random draw(seed, 2);
    std::vector<said> all = random_changes(draw);
    const timestamp cut{uniform_between(draw, -25, 25)};
    price_history whole = build(all);
    whole.forget_before(cut);
    CHECK(whole.known_since() == cut);
    for (std::uint64_t i = 0; i < 4; ++i) {
      std::size_t old = 0;
      for (const dated_price& c : whole.changes_of(item_id{i})) old += c.from <= cut;
      CHECK(old <= 1);
    }

    shuffle(std::span<said>(all), draw);
    price_history early;
    const std::size_t first = uniform_below(draw, all.size() + 1);
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (i == first) early.forget_before(cut);
      const status s = early.observe(all[i].item, all[i].price, all[i].from);
      CHECK((s || s == errc::too_early));
    }
    early.forget_before(cut);
    CHECK(same(early, whole));

    price_history left = build(std::span<const said>(all).first(first));
    price_history right = build(std::span<const said>(all).subspan(first));
    left.forget_before(cut);
    REQUIRE(right.merge(left));
    CHECK(same(right, whole));
    CHECK(same(read(testing::bytes_of(whole)), whole));
  }
}

TEST_CASE("price history: behind the cut nothing is taken back") {
  price_history h;
  REQUIRE(h.observe(tea, 500, {10}));
  REQUIRE(h.observe(tea, 400, {20}));
  REQUIRE(h.observe(tea, 300, {30}));
  h.forget_before({25});
  h.forget_before({5});  // does not move back
  CHECK(h.known_since() == timestamp{25});
  CHECK(h.changes_of(tea).size() == 2);
  CHECK(h.retract(tea, 500, {10}) == errc::unknown);
  CHECK(h.retract(tea, 400, {20}) == errc::too_early);
  CHECK(h.retract(tea, 300, {30}));
  CHECK(h.observe(tea, 100, {15}) == errc::too_early);
  CHECK(h.observe(tea, 100, {22}));  // what was in force at the cut after all
  CHECK(h.changes_of(tea)[0] == dated_price{{22}, 100});
}

TEST_CASE("price history: a merge is refused as a whole") {
  price_history a;
  price_history b;
  REQUIRE(a.observe(tea, 500, {10}));
  REQUIRE(b.observe(cup, 100, {10}));
  REQUIRE(b.observe(tea, 400, {10}));
  const price_history before = a;
  CHECK(a.merge(b) == errc::conflict);
  CHECK(a == before);
  price_history small({.items = 1, .changes_per_item = 1});
  REQUIRE(small.observe(tea, 400, {10}));
  CHECK(small.merge(b) == errc::full);
  price_history longer;
  REQUIRE(longer.observe(tea, 400, {11}));
  CHECK(small.merge(longer) == errc::full);
  CHECK(small.items() == 1);
}

TEST_CASE("price history: damaged bytes are refused or are another history") {
  price_history h;
  for (std::int64_t i = 0; i < 6; ++i) REQUIRE(h.observe(tea, 100 + i, {i * 10}));
  for (std::int64_t i = 0; i < 3; ++i) REQUIRE(h.observe(cup, 900 + i, {i * 7}));
  h.forget_before({15});
  const auto bytes = testing::bytes_of(h);
  CHECK(bytes.size() <= h.encoded_size());
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    byte_reader cut{std::span<const std::byte>(bytes).first(n)};
    CHECK_FALSE(price_history::decode(cut));
  }
  for (std::size_t i = 0; i < bytes.size() * 8; ++i) {
    auto broken = bytes;
    broken[i / 8] ^= static_cast<std::byte>(1 << i % 8);
    byte_reader in(broken);
    const auto other = price_history::decode(in);
    if (!other) continue;
    CHECK_FALSE(*other == h);
    // What is accepted is a state that can be: it writes the bytes that were read.
    const auto again = testing::bytes_of(*other);
    CHECK(std::vector<std::byte>(
              broken.begin(), broken.begin() + static_cast<std::ptrdiff_t>(in.offset())) == again);
  }
}
