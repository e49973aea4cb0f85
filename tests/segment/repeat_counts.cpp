#include "tailor/segment/repeat_counts.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/thread_pool.hpp"
#include "tailor/testing/histories.hpp"
#include "tailor/testing/laws.hpp"

using namespace tailor;
using events::event;
using events::event_kind;
using segment::purchase_record;
using segment::repeat_counts;
using segment::repeat_history;
using segment::repeat_rules;

namespace {

constexpr timestamp start{1'600'000'000'000'000};

event bought(std::uint64_t user, timestamp at, std::int64_t price, std::uint64_t number) {
  event e;
  e.user = user_id{user};
  e.at = at;
  e.kind = event_kind::purchase;
  e.item = item_id{3};
  e.order = order_id{number};
  e.unit_price = price;
  return e;
}

/// A timeline with counts that are kept up to date beside it.
struct live_counts {
  events::timeline history;
  repeat_counts counts;
  segment::order_reader reader;

  live_counts(timestamp now, const repeat_rules& rules) : counts(now, rules) {}

  std::optional<purchase_record> record(user_id user) {
    const auto s = history.find_shopper(user);
    if (!s) return std::nullopt;
    return segment::read_purchases(history.lines_of(*s), counts.now(), counts.rules(), reader);
  }
  template <class Change>
  status change(user_id user, const Change& apply) {
    const auto before = record(user);
    if (const status s = apply(); !s) return s;
    if (before && !counts.retract(*before)) return errc::corrupt;
    const auto after = record(user);
    return after ? counts.observe(*after) : status{};
  }
  status observe(const event& e) {
    return change(e.user, [&] { return history.observe(e); });
  }
  status retract(const event& e) {
    return change(e.user, [&] { return history.retract(e); });
  }
  void forget(user_id user) {
    REQUIRE(change(user, [&] {
      history.forget(user);
      return status{};
    }));
  }
  void merge(const live_counts& other) {
    history.merge(other.history);
    REQUIRE(counts.merge(other.counts));
  }
  void encode(byte_writer& out) const { counts.encode(out); }
  friend bool operator==(const live_counts& a, const live_counts& b) {
    return a.counts == b.counts && a.history == b.history;
  }
};

}  // namespace

TEST_CASE("repeat counts: kept up to date they obey the four laws and equal the timeline's") {
  for (std::uint64_t seed = 0; seed < 120; ++seed) {
    CAPTURE(seed);
    repeat_rules rules;
    rules.counts = seed % 2 == 0 ? segment::tick::day : segment::tick::microsecond;
    rules.orders.by = seed % 3 == 0 ? segment::occasion::order : segment::occasion::day;
    if (seed % 5 == 0) rules.from = start + hours(5);
    const timestamp now = start + hours(18);
    const auto history = testing::random_history(seed);
    const auto make = [&] { return live_counts(now, rules); };
    CHECK(testing::broken_law<live_counts>(make, history, seed) == nullptr);
    live_counts all = make();
    for (const event& e : history) REQUIRE(all.observe(e));
    CHECK(all.counts == repeat_counts::of(all.history, now, rules));
    thread_pool pool(3);
    CHECK(all.counts == repeat_counts::of(all.history, now, rules, pool));
  }
}

TEST_CASE("repeat counts: bytes come back equal, damaged ones are refused or mean counts") {
  events::timeline t;
  for (const event& e : testing::random_history(3, {.shoppers = 20, .events = 200})) {
    REQUIRE(t.observe(e));
  }
  const auto counts = repeat_counts::of(t, start + hours(90));
  REQUIRE(counts.shoppers() > 3);
  const auto bytes = testing::bytes_of(counts);
  byte_reader in(bytes);
  CHECK(repeat_counts::decode(in).value() == counts);
  CHECK(in.remaining() == 0);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    byte_reader cut(std::span<const std::byte>(bytes).first(size));
    CHECK_FALSE(repeat_counts::decode(cut));
  }
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (const int bit : {0, 4, 7}) {
      CAPTURE(i, bit);
      auto damaged = bytes;
      damaged[i] ^= static_cast<std::byte>(1 << bit);
      byte_reader again(damaged);
      const auto read = repeat_counts::decode(again);
      if (!read) continue;
      damaged.resize(again.offset());
      const bool same = testing::bytes_of(*read) == damaged;
      CHECK(same);
    }
  }
}

TEST_CASE("repeat counts: subtracting is the inverse of merging") {
  const timestamp now = start + hours(40);
  events::timeline one;
  events::timeline two;
  for (const event& e : testing::random_history(5)) REQUIRE(one.observe(e));
  for (event e : testing::random_history(6)) {
    e.user = user_id{raw(e.user) ^ 1};
    REQUIRE(two.observe(e));
  }
  const auto a = repeat_counts::of(one, now);
  auto b = repeat_counts::of(two, now);
  auto both = a;
  REQUIRE(both.merge(b));
  CHECK(both.shoppers() == a.shoppers() + b.shoppers());
  CHECK(b.subtract(both) == errc::unknown);
  REQUIRE(both.subtract(a));
  CHECK(both == b);
  CHECK(both.merge(repeat_counts(now + hours(1))) == errc::conflict);
  CHECK(both.subtract(repeat_counts(now, {.counts = segment::tick::microsecond})) ==
        errc::conflict);
  CHECK(both.retract({.purchases = 99, .last = 1, .age = 2}) == errc::unknown);
  CHECK(both.observe({.purchases = 1, .last = 5, .age = 9}) == errc::out_of_range);
  CHECK(both.observe({.purchases = 2, .last = 5, .age = 4}) == errc::out_of_range);
  CHECK(both == b);
}

TEST_CASE("repeat counts: days, windows, refunds and what is worth nothing") {
  events::timeline t;
  REQUIRE(t.observe(bought(1, start, 500, 1)));
  REQUIRE(t.observe(bought(1, start + hours(1), 300, 2)));
  REQUIRE(t.observe(bought(1, start + days(10), 0, 3)));
  REQUIRE(t.observe(bought(1, start + days(20), 700, 4)));
  REQUIRE(t.observe(bought(1, start + days(30), 900, 5)));
  event back = bought(1, start + days(40), 0, 5);
  back.kind = event_kind::refund;
  REQUIRE(t.observe(back));
  segment::order_reader reader;
  const auto read = [&](timestamp now, const repeat_rules& rules) {
    return segment::read_purchases(t.lines_of(0), now, rules, reader);
  };
  // 2020-09-13 12:26:40 UTC and days later.
  const purchase_record two{2, 20, 45, 1500, 700, start, start + days(20)};
  CHECK(read(start + days(45), {}) == two);
  CHECK(read(start + days(35), {})->purchases == 3);
  CHECK(read(start + days(35), {})->history(7) == repeat_history{2, 30.0 / 7, 5});
  CHECK(read(start, {}) == purchase_record{1, 0, 0, 500, 0, start, start});
  CHECK_FALSE(read(start - microseconds(1), {}));
  CHECK_FALSE(read(start + days(25), {.from = start + days(21)}));
  repeat_rules all{.orders = {.zero = segment::worthless::counted},
                   .counts = segment::tick::microsecond};
  CHECK(read(start + days(25), all)->repeats() == 3);
  CHECK(read(start + days(25), all)->last == days(20).us);
  const auto counts = repeat_counts::of(t, start + days(45));
  CHECK(counts.times().counts().begin()->first == segment::repeat_key{1, 20, 45});
  CHECK(counts.spends().counts().begin()->first == segment::spend_key{1, 700});
}

TEST_CASE("repeat history: what cannot be is named") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  constexpr double inf = std::numeric_limits<double>::infinity();
  CHECK(check(repeat_history{0, 0, 0}));
  CHECK(check(repeat_history{3, 5.5, 5.5}));
  CHECK(check(repeat_history{nan, 0, 1}) == errc::not_finite);
  CHECK(check(repeat_history{1, inf, inf}) == errc::not_finite);
  CHECK(check(repeat_history{1, 2, 1}) == errc::out_of_range);
  CHECK(check(repeat_history{-1, 0, 1}) == errc::out_of_range);
  CHECK(check(repeat_history{1, -1, 1}) == errc::out_of_range);
  CHECK(check(repeat_history{0, 1, 1}) == errc::out_of_range);
  CHECK(check(repeat_history{1.5, 1, 1}) == errc::out_of_range);
  CHECK(check(repeat_history{1e300, 1, 1}) == errc::out_of_range);
  CHECK(check(repeat_history{1, 1, 1e300}) == errc::out_of_range);
}
