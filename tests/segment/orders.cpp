#include "tailor/segment/orders.hpp"

#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

#include "../catch.hpp"
#include "tailor/events/returns.hpp"
#include "tailor/events/timeline.hpp"
#include "tailor/segment/standing.hpp"
#include "tailor/testing/histories.hpp"

using namespace tailor;
using events::event;
using events::event_kind;
using segment::order;

namespace {

event line_of(event_kind kind, std::uint64_t item, std::int64_t day, std::int32_t quantity,
              std::int64_t unit_price, order_id number) {
  event e;
  e.user = user_id{1};
  e.kind = kind;
  e.item = item_id{item};
  e.at = timestamp{days(day).us};
  e.quantity = quantity;
  e.unit_price = unit_price;
  e.order = number;
  return e;
}

std::vector<order> read(const std::vector<event>& all, timestamp now,
                        const segment::order_rules& rules = {}) {
  events::timeline t;
  for (const event& e : all) REQUIRE(t.observe(e));
  segment::order_reader reader;
  const auto s = t.find_shopper(user_id{1});
  if (!s) return {};
  const auto orders = reader.read(t.lines_of(*s), now, rules);
  return {orders.begin(), orders.end()};
}

constexpr timestamp on(std::int64_t day) { return {days(day).us}; }

}  // namespace

TEST_CASE("orders: lines of one number are one order, lines without one go by moment") {
  const auto p = event_kind::purchase;
  const std::vector<event> all = {
      line_of(p, 1, 1, 2, 500, order_id{7}), line_of(p, 2, 2, 1, 250, order_id{7}),
      line_of(p, 1, 3, 1, 500, no_order), line_of(p, 2, 3, 1, 100, no_order),
      line_of(p, 2, 4, 1, 100, no_order)};
  CHECK(read(all, on(9)) == std::vector<order>{{on(1), 1250, 3}, {on(3), 600, 2}, {on(4), 100, 1}});
  CHECK(read(all, on(1)) == std::vector<order>{{on(1), 1000, 2}});
  CHECK(read(all, on(0)).empty());
}

TEST_CASE("orders: a refund takes from the newest line, a cancellation everything") {
  const auto p = event_kind::purchase;
  const std::vector<event> all = {
      line_of(p, 1, 1, 2, 500, order_id{7}), line_of(p, 1, 2, 2, 300, order_id{7}),
      line_of(event_kind::refund, 1, 5, 3, 0, order_id{7}), line_of(p, 2, 3, 1, 100, order_id{8}),
      line_of(event_kind::order_cancelled, 2, 6, 1, 0, order_id{8})};
  CHECK(read(all, on(4)) == std::vector<order>{{on(1), 1600, 4}, {on(3), 100, 1}});
  CHECK(read(all, on(5)) == std::vector<order>{{on(1), 500, 1}, {on(3), 100, 1}});
  CHECK(read(all, on(6)) == std::vector<order>{{on(1), 500, 1}});
  CHECK(read(all, on(6), {.returns = segment::returned::ignored}).size() == 2);
}

TEST_CASE("orders: one day is one purchase where that is asked for") {
  const auto p = event_kind::purchase;
  std::vector<event> all = {line_of(p, 1, 1, 1, 500, order_id{7}),
                            line_of(p, 1, 1, 1, 300, order_id{8})};
  all[1].at = all[1].at + hours(23);
  CHECK(read(all, on(9)).size() == 2);
  CHECK(read(all, on(9), {.by = segment::occasion::day}) == std::vector<order>{{on(1), 800, 2}});
  // One hour ahead of UTC, 23:00 UTC is the next day.
  CHECK(read(all, on(9), {.by = segment::occasion::day, .midnight = hours(-1)}).size() == 2);
}

TEST_CASE("orders: what is worth nothing is skipped, what is too much is held") {
  const auto p = event_kind::purchase;
  const std::vector<event> all = {
      line_of(p, 1, 1, 1, 0, order_id{1}), line_of(p, 1, 2, 1, -50, order_id{2}),
      line_of(p, 1, 3, 2, INT64_MAX, order_id{3}), line_of(p, 1, 3, 2, INT64_MAX, order_id{4})};
  CHECK(read(all, on(9)) == std::vector<order>{{on(3), INT64_MAX, 2}, {on(3), INT64_MAX, 2}});
  CHECK(read(all, on(9), {.zero = segment::worthless::counted}).size() == 4);
  CHECK(read(all, on(9), {.by = segment::occasion::day}) ==
        std::vector<order>{{on(3), INT64_MAX, 4}});
}

TEST_CASE("orders: refunds in the history mean what events::returns makes of them") {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    CAPTURE(seed);
    const auto all = testing::random_history(seed);
    events::timeline raw;
    events::timeline net;
    events::returns back;
    for (const event& e : all) {
      REQUIRE(raw.observe(e));
      REQUIRE(back.observe(e, net));
    }
    segment::order_reader reader;
    segment::order_reader other;
    for (std::uint32_t s = 0; s < raw.shopper_limit(); ++s) {
      const auto found = net.find_shopper(raw.shopper_at(s));
      const auto got = reader.read(raw.lines_of(s), segment::never);
      if (!found) {
        CHECK(got.empty());
        continue;
      }
      const auto want = other.read(net.lines_of(*found), segment::never);
      CHECK(std::vector<order>(got.begin(), got.end()) ==
            std::vector<order>(want.begin(), want.end()));
    }
  }
}

TEST_CASE("day_of: days before 1970, far ones, and shops east and west of UTC") {
  CHECK(day_of({0}) == 0);
  CHECK(day_of({-1}) == -1);
  CHECK(day_of({0}, hours(1)) == -1);
  CHECK(day_of({hours(23).us}, hours(-1)) == 1);
  CHECK(day_of({INT64_MIN}, hours(23)) < day_of({INT64_MIN}, hours(-23)));
  CHECK(day_of({INT64_MAX}, hours(-23)) > 0);
}
