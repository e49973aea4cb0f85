#include "tailor/segment/lifecycle.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/thread_pool.hpp"
#include "tailor/segment/ladder.hpp"
#include "tailor/segment/roll.hpp"
#include "tailor/testing/histories.hpp"
#include "until_law.hpp"

using namespace tailor;
using namespace tailor::segment;
using events::event;
using events::event_kind;

namespace {

constexpr timestamp start{1'600'000'000'000'000};

event happened(std::uint64_t user, event_kind kind, timestamp at, std::uint64_t number = 0) {
  event e;
  e.user = user_id{user};
  e.kind = kind;
  e.item = item_id{3};
  e.at = at;
  if (number != 0) e.order = order_id{number};
  e.unit_price = 100;
  return e;
}

events::timeline timeline_of(const std::vector<event>& all) {
  events::timeline out;
  for (const event& e : all) REQUIRE(out.observe(e));
  return out;
}

/// Customers who order every `pace` days, so many times.
events::timeline paced(const std::vector<std::pair<int, int>>& pace_and_orders) {
  std::vector<event> all;
  std::uint64_t user = 0;
  std::uint64_t number = 0;
  for (const auto& [pace, orders] : pace_and_orders) {
    ++user;
    for (int i = 0; i < orders; ++i) {
      all.push_back(happened(user, event_kind::purchase, start + days(pace * i), ++number));
    }
  }
  return timeline_of(all);
}

lifecycle_stage stage_of(const lifecycle& model, const events::timeline& t, std::uint64_t user,
                         timestamp now) {
  order_reader scratch;
  return model.explain(t.lines_of(*t.find_shopper(user_id{user})), now, scratch)->stage;
}

}  // namespace

TEST_CASE("lifecycle: pace, stages and their ends, worked by hand") {
  // 41 gaps of ten days: the median is ten, every gap is 1.000 of the pace before it.
  const events::timeline history = paced({{10, 42}, {1, 1}});
  const lifecycle model = lifecycle::fit(history, start + days(500)).value();
  CHECK(model.gaps() == 41);
  CHECK(model.median_gap() == days(10));
  CHECK(model.ratios() == std::array<std::int64_t, 3>{1001, 1001, 1001});
  order_reader scratch;
  const timestamp last = start + days(410);
  const auto a =
      model.explain(history.lines_of(*history.find_shopper(user_id{1})), last + days(4), scratch);
  REQUIRE(a);
  CHECK(a->stage == lifecycle_stage::active);
  CHECK(a->orders == 42);
  CHECK(a->silent == days(4));
  CHECK(a->pace == days(10));
  CHECK(a->ends[0] == microseconds(days(10).us / 1000 * 1001));
  CHECK(stage_of(model, history, 1, last + days(11)) == lifecycle_stage::lost);
  CHECK(stage_of(model, history, 2, start + days(9)) == lifecycle_stage::fresh);
  CHECK(stage_of(model, history, 2, start + days(10)) == lifecycle_stage::active);
  CHECK(stage_of(model, history, 2, start + days(11)) == lifecycle_stage::lost);
}

TEST_CASE("lifecycle: who comes back after being lost is reactivated, until the silence is long") {
  std::vector<event> all;
  std::uint64_t number = 0;
  for (std::uint64_t user = 1; user <= 20; ++user) {
    for (int i = 0; i < 4; ++i) {
      all.push_back(happened(user, event_kind::purchase,
                             start + days(i * (8 + static_cast<int>(user % 5))), ++number));
    }
  }
  all.push_back(happened(1, event_kind::purchase, start + days(400), ++number));
  const events::timeline history = timeline_of(all);
  const lifecycle model = lifecycle::fit(history, start + days(380)).value();
  CHECK(stage_of(model, history, 1, start + days(399)) == lifecycle_stage::lost);
  CHECK(stage_of(model, history, 1, start + days(400)) == lifecycle_stage::reactivated);
  const auto user = history.lines_of(*history.find_shopper(user_id{1}));
  order_reader scratch;
  const timestamp ends = model.until(user, start + days(400), 5, 5, scratch);
  CHECK(stage_of(model, history, 1, ends) == lifecycle_stage::slipping);
  CHECK(stage_of(model, history, 1, ends - microseconds(1)) == lifecycle_stage::reactivated);
}

TEST_CASE("lifecycle: too few gaps and rules that cannot be are refused") {
  CHECK(lifecycle::fit({}, start).code() == errc::too_few);
  const events::timeline few = paced({{10, 40}});
  CHECK(lifecycle::fit(few, start + days(999)).code() == errc::too_few);
  CHECK(lifecycle::fit(few, start + days(999)).error().at == 39);
  CHECK(lifecycle::fit(few, start + days(999), {.least_gaps = 0}));
  CHECK(lifecycle::fit({}, start, {.least_gaps = 0}).code() == errc::too_few);
  CHECK(lifecycle::fit(few, start, {.weight = 0}).code() == errc::out_of_range);
  CHECK(lifecycle::fit(few, start, {.shares = {900, 800, 975}}).code() == errc::out_of_range);
  CHECK(lifecycle::fit(few, start, {.shares = {0, 800, 975}}).code() == errc::out_of_range);
}

TEST_CASE("lifecycle: until is exact, hour by hour, and a fit is the same on any threads") {
  int changes = 0;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    CAPTURE(seed);
    const events::timeline history = timeline_of(testing::random_history(seed));
    const lifecycle_rules rules{.orders = {.by = seed % 2 == 0 ? occasion::day : occasion::order},
                                .least_gaps = 1};
    const auto model = lifecycle::fit(history, start + hours(30), rules);
    if (!model) continue;
    thread_pool pool(3);
    const auto again = lifecycle::fit(history, start + hours(30), rules, pool);
    CHECK(again->ratios() == model->ratios());
    CHECK(again->median_gap() == model->median_gap());
    changes += tailor_test::until_is_never_late(*model, history, start, 6, seed);
  }
  CHECK(changes > 50);
}

TEST_CASE("lifecycle: the ends of time do not overflow") {
  const events::timeline history =
      timeline_of({happened(1, event_kind::purchase, timestamp{INT64_MIN}, 1),
                   happened(1, event_kind::purchase, timestamp{0}, 2),
                   happened(1, event_kind::purchase, timestamp{INT64_MAX}, 3)});
  const lifecycle model = lifecycle::fit(history, never, {.least_gaps = 1}).value();
  order_reader scratch;
  for (const std::int64_t us : {INT64_MIN, std::int64_t{0}, INT64_MAX - 1, INT64_MAX}) {
    CHECK(model.value(history.lines_of(0), timestamp{us}, scratch));
    for (int stage = 0; stage < 6; ++stage) {
      CHECK(model.until(history.lines_of(0), timestamp{us}, stage, stage, scratch) >
            timestamp{us - (us == INT64_MAX)});
    }
  }
}

TEST_CASE("ladder: from the first visit to a loyal customer, and back with the clock") {
  std::vector<event> all;
  const ladder steps;
  order_reader scratch;
  const auto now_at = [&](timestamp t) {
    const events::timeline h = timeline_of(all);
    const auto s = h.find_shopper(user_id{1});
    return s ? steps.value(h.lines_of(*s), t, scratch) : std::nullopt;
  };
  const auto is = [](rung r) { return std::optional(static_cast<std::int64_t>(r)); };
  CHECK(now_at(start) == std::nullopt);
  all.push_back(happened(1, event_kind::view_item, start));
  CHECK(now_at(start) == is(rung::new_visitor));
  CHECK(now_at(start - microseconds(1)) == std::nullopt);
  all.push_back(happened(1, event_kind::view_item, start + days(1)));
  CHECK(now_at(start + days(1)) == is(rung::visitor));
  all.push_back(happened(1, event_kind::add_to_cart, start + days(2)));
  CHECK(now_at(start + days(2)) == is(rung::prospect));
  CHECK(now_at(start + days(32) - microseconds(1)) == is(rung::prospect));
  CHECK(now_at(start + days(32)) == is(rung::visitor));
  for (std::uint64_t i = 1; i <= 3; ++i) {
    all.push_back(happened(1, event_kind::purchase, start + days(3) + hours(int(i)), i));
  }
  CHECK(now_at(start + days(3) + hours(1)) == is(rung::first_customer));
  CHECK(now_at(start + days(3) + hours(2)) == is(rung::repeat_customer));
  CHECK(now_at(start + days(3) + hours(3)) == is(rung::loyal_customer));
  const events::timeline h = timeline_of(all);
  CHECK(steps.before(h.lines_of(0), start + days(3) + hours(1), scratch) == rung::prospect);
  CHECK(steps.before(h.lines_of(0), start, scratch) == std::nullopt);
  all.push_back(happened(1, event_kind::refund, start + days(5), 3));
  CHECK(now_at(start + days(5)) == is(rung::repeat_customer));
}

TEST_CASE("ladder: until is never late, hour by hour") {
  int changes = 0;
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    CAPTURE(seed);
    const events::timeline history = timeline_of(testing::random_history(seed));
    const ladder steps({.prospect_for = hours(static_cast<std::int64_t>(seed % 5) * 9),
                        .carts = static_cast<std::int64_t>(1 + seed % 2),
                        .views = static_cast<std::int64_t>(2 + seed % 3)});
    changes += tailor_test::until_is_never_late(steps, history, start, 6, seed);
  }
  CHECK(changes > 20);
}

TEST_CASE("roll: who stands where, who moved and how many") {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    CAPTURE(seed);
    const events::timeline history = timeline_of(testing::random_history(seed));
    const ladder steps;
    const timestamp then = start + hours(8);
    const timestamp now = start + hours(20);
    thread_pool pool(3);
    const auto before = roll_of(history, steps, then, pool);
    const auto after = roll_of(history, steps, now);
    CHECK(roll_of(history, steps, then) == before);

    order_reader scratch;
    std::int64_t moved = 0;
    std::int64_t known = 0;
    for (std::uint32_t s = 0; s < history.shopper_limit(); ++s) {
      const auto lines = history.lines_of(s);
      const auto from = steps.value(lines, then, scratch);
      const auto to = steps.value(lines, now, scratch);
      moved += from != to;
      known += from || to;
    }
    const auto moves = changes(before, after);
    CHECK(static_cast<std::int64_t>(moves.size()) == moved);
    CHECK(std::is_sorted(moves.begin(), moves.end(),
                         [](const auto& a, const auto& b) { return a.user < b.user; }));
    std::int64_t all = 0;
    std::int64_t off = 0;
    for (const auto& [way, count] : migration(before, after)) {
      all += count;
      if (way.first != way.second) off += count;
    }
    CHECK(all == known);
    CHECK(off == moved);
    std::int64_t standing_now = 0;
    for (const auto& [value, count] : count_by_value(after)) standing_now += count;
    CHECK(standing_now == static_cast<std::int64_t>(after.size()));
  }
}
