#include "tailor/events/timeline.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/thread_pool.hpp"
#include "tailor/testing/histories.hpp"
#include "tailor/testing/laws.hpp"
#include "tailor/testing/slow_history.hpp"

using namespace tailor;
using events::event;
using events::event_kind;
using events::timeline;
using testing::slow_history;

namespace {

event bought(std::uint64_t user, std::uint64_t item, std::int64_t hour, std::int32_t quantity = 1) {
  event e;
  e.user = user_id{user};
  e.item = item_id{item};
  e.at = timestamp{} + hours(hour);
  e.kind = event_kind::purchase;
  e.quantity = quantity;
  return e;
}

slow_history::touches touched(const timeline& t, const events::touch_index& index) {
  slow_history::touches by_shopper;
  for (std::uint32_t s = 0; s < t.shopper_limit(); ++s) {
    for (const auto& c : index.items_of(s))
      by_shopper[t.shopper_at(s)][t.item_at(c.item)] = c.times;
  }
  std::size_t pairs = 0;
  for (std::uint32_t i = 0; i < t.item_limit(); ++i) {
    for (const std::uint32_t s : index.shoppers_of(i)) {
      ++pairs;
      CHECK(by_shopper[t.shopper_at(s)].count(t.item_at(i)) == 1);
    }
  }
  CHECK(pairs == index.pairs());
  CHECK(by_shopper.size() == index.shoppers());
  return by_shopper;
}

void check_against(const timeline& t, const slow_history& m) {
  std::vector<event> all;
  t.for_each_event([&](const event& e) { all.push_back(e); });
  std::sort(all.begin(), all.end());
  CHECK(all == std::vector<event>(m.all.begin(), m.all.end()));
  CHECK(t.events() == m.all.size());
  CHECK(touched(t, t.bought()) == m.touched(event_kind::purchase));
  CHECK(touched(t, t.viewed()) == m.touched(event_kind::view_item));
  const events::shopper_rows rows = t.rows();
  CHECK(rows.fault() == nullptr);
  CHECK(timeline(rows) == t);
}

}  // namespace

TEST_CASE("timeline: keeps a shopper's events oldest first, whatever order they come in") {
  timeline t;
  CHECK(t.observe(bought(1, 10, 5)));
  CHECK(t.observe(bought(1, 11, 3)));
  CHECK(t.observe(bought(1, 12, 4)));
  const std::vector<event> h = t.history(user_id{1});
  REQUIRE(h.size() == 3);
  CHECK(h[0].item == item_id{11});
  CHECK(h[1].item == item_id{12});
  CHECK(h[2].item == item_id{10});
  CHECK(t.history(user_id{2}).empty());
  CHECK_FALSE(t.knows(user_id{2}));
}

TEST_CASE("timeline: is a multiset, retract takes one away and says when there is none") {
  timeline t;
  CHECK(t.observe(bought(1, 10, 5)));
  CHECK(t.observe(bought(1, 10, 5)));
  CHECK(t.events() == 2);
  CHECK(t.retract(bought(1, 10, 5)));
  CHECK(t.events() == 1);
  CHECK(t.retract(bought(1, 10, 6)) == errc::unknown);
  CHECK(t.retract(bought(1, 11, 5)) == errc::unknown);
  CHECK(t.retract(bought(2, 10, 5)) == errc::unknown);
  CHECK(t.events() == 1);
  CHECK(t.retract(bought(1, 10, 5)));
  CHECK(t == timeline{});
  CHECK(t.shoppers() == 0);
  CHECK(t.items() == 0);
}

TEST_CASE("timeline: refuses a quantity that does not fit and stays as it was") {
  timeline t;
  CHECK(t.observe(bought(1, 10, 5, 0)) == errc::out_of_range);
  CHECK(t.observe(bought(1, 10, 5, -1)) == errc::out_of_range);
  CHECK(t.observe(bought(1, 10, 5, 1 << 24)) == errc::out_of_range);
  CHECK(t.observe(bought(1, 10, 5, (1 << 24) - 1)));
  CHECK(t.history(user_id{1})[0].quantity == (1 << 24) - 1);
  event e = bought(1, 10, 5);
  e.kind = event_kind{77};
  CHECK(t.observe(e) == errc::out_of_range);
  CHECK(t.events() == 1);
}

TEST_CASE("timeline: extreme ids, times and prices come back as they went in") {
  timeline t;
  event e = bought(UINT64_MAX, UINT64_MAX - 1, 0);
  e.at = timestamp{INT64_MIN};
  e.unit_price = INT64_MAX;
  e.order = order_id{0};
  event f = e;
  f.at = timestamp{INT64_MAX};
  f.unit_price = INT64_MIN;
  CHECK(t.observe(f));
  CHECK(t.observe(e));
  CHECK(t.history(user_id{UINT64_MAX}) == std::vector<event>{e, f});
}

TEST_CASE("timeline: the four laws hold on random histories") {
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    CAPTURE(seed);
    const char* broken = testing::broken_law<timeline>([] { return timeline{}; },
                                                       testing::random_history(seed), seed);
    INFO((broken == nullptr ? "" : broken));
    REQUIRE(broken == nullptr);
  }
}

TEST_CASE("timeline: agrees with a sorted multiset under random changes") {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    counter_random draw(seed, 7);
    timeline t;
    slow_history m;
    for (const event& e : testing::random_history(seed)) {
      CHECK(t.observe(e));
      m.observe(e);
      if (uniform_below(draw, 4) == 0) {
        const auto victim =
            std::next(m.all.begin(), std::ptrdiff_t(uniform_below(draw, m.all.size())));
        CHECK(t.retract(*victim));
        m.all.erase(victim);
      }
      if (uniform_below(draw, 16) == 0 && !m.all.empty()) {
        const user_id u = m.all.begin()->user;
        t.forget(u);
        m.forget(u);
      }
    }
    check_against(t, m);
  }
}

TEST_CASE("timeline: merge takes shoppers that are in both, and itself") {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    CAPTURE(seed);
    const std::vector<event> h = testing::random_history(seed);
    timeline a;
    timeline b;
    timeline whole;
    for (std::size_t i = 0; i < h.size(); ++i) {
      CHECK((i % 2 == 0 ? a : b).observe(h[i]));
      CHECK(whole.observe(h[i]));
    }
    timeline ab = a;
    ab.merge(b);
    CHECK(ab == whole);
    b.merge(a);
    CHECK(b == whole);
    timeline twice = whole;
    twice.merge(twice);
    for (const event& e : h) CHECK(twice.retract(e));
    CHECK(twice == whole);
  }
}

TEST_CASE("timeline: is built the same by one thread and by three") {
  const std::vector<event> h = testing::random_history(5, {.shoppers = 2000, .events = 20'000});
  timeline t;
  for (const event& e : h) CHECK(t.observe(e));
  thread_pool pool(3);
  CHECK(timeline(t.rows(), pool) == t);
}

TEST_CASE("timeline: bytes that are not canonical are refused with the place") {
  timeline t;
  CHECK(t.observe(bought(1, 10, 5)));
  CHECK(t.observe(bought(1, 11, 6)));
  CHECK(t.observe(bought(2, 10, 7)));
  const events::shopper_rows good = t.rows();
  const auto refused = [](const events::shopper_rows& rows) {
    std::vector<std::byte> bytes;
    byte_writer out(bytes);
    rows.encode(out);
    byte_reader in(bytes);
    const auto read = timeline::decode(in);
    return !read && read.code() == errc::corrupt;
  };
  CHECK_FALSE(refused(good));
  const auto broken = [&](auto&& change) {
    events::shopper_rows rows = good;
    change(rows);
    return refused(rows);
  };
  CHECK(broken([](auto& r) { std::swap(r.users[0], r.users[1]); }));
  CHECK(broken([](auto& r) { r.users[1] = r.users[0]; }));
  CHECK(broken([](auto& r) { r.counts[0] = 0; }));
  CHECK(broken([](auto& r) { r.counts[1] = 2; }));
  CHECK(broken([](auto& r) { r.counts[0] = 1; }));
  CHECK(broken([](auto& r) { std::swap(r.items[0], r.items[1]); }));
  CHECK(broken([](auto& r) { r.items[1] = no_item; }));
  CHECK(broken([](auto& r) { r.items.push_back(item_id{99}); }));
  CHECK(broken([](auto& r) { r.lines[0].item = 2; }));
  CHECK(broken([](auto& r) { r.lines[0].what = events::line::pack(event_kind::purchase, 0); }));
  CHECK(broken([](auto& r) { r.lines[0].what = events::line::pack(event_kind{77}, 1); }));
  CHECK(broken([](auto& r) { std::swap(r.lines[0], r.lines[1]); }));
}
