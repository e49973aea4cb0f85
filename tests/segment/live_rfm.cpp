#include "tailor/segment/live_rfm.hpp"

#include <cstdint>
#include <vector>

#include "../catch.hpp"
#include "tailor/compose/dispatch.hpp"
#include "tailor/compose/forget.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"
#include "tailor/testing/histories.hpp"

using namespace tailor;
using namespace tailor::segment;
using events::event_kind;

namespace {

constexpr timestamp start{1'600'000'000'000'000};

}  // namespace

TEST_CASE("live RFM: equal to what the timeline says, whatever happens") {
  std::size_t rows = 0;
  std::size_t gone = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    CAPTURE(seed);
    auto all = testing::random_history(seed, {.shoppers = 5, .events = 60});
    for (std::size_t i = 0; i < all.size(); i += 4) {  // given back what was bought before
      if (all[i].kind == event_kind::purchase && i > 0) {
        all[i] = all[i - 1];
        all[i].kind = i % 8 == 0 ? event_kind::refund : event_kind::order_cancelled;
        all[i].at = all[i].at + hours(2);
      }
    }
    rfm_rules rules;
    rules.window = seed % 3 == 0 ? duration{} : hours(1 + static_cast<std::int64_t>(seed % 20));
    rules.orders.returns = seed % 5 == 0 ? returned::ignored : returned::deducted;
    events::timeline history;
    live_rfm live(history, start - hours(2), rules);
    counter_random draw(seed, 8);
    for (const events::event& e : all) {
      const std::size_t before = live.rows().size();
      switch (uniform_below(draw, 8)) {
        case 0:
          REQUIRE(live.advance(live.now() + hours(uniform_between(draw, 0, 9))));
          break;
        case 1:
          if (history.retract(e)) live.retract(e);
          break;
        case 2:
          if (uniform_below(draw, 2) == 0) {
            forget(e.user, history, live);
          } else {
            forget(e.user, live, history);
          }
          break;
        default:
          REQUIRE(dispatch(e, history, live));
      }
      const auto expected = rfm_rows(history, live.now(), rules);
      REQUIRE(live.rows() == expected);
      gone += expected.size() < before;
      rows += expected.size();
      for (const rfm_row& row : expected) REQUIRE(live.find(row.user) == row.record);
    }
  }
  CHECK(rows > 5'000);
  CHECK(gone > 300);
}

TEST_CASE("live RFM: the clock does not go back, a rebuild does, and memory") {
  events::timeline history;
  events::event e;
  e.kind = event_kind::purchase;
  e.item = item_id{1};
  e.unit_price = 100;
  for (std::uint64_t u = 1; u <= 10'000; ++u) {
    e.user = user_id{u};
    e.at = start + hours(static_cast<std::int64_t>(u % 1'000));
    REQUIRE(history.observe(e));
  }
  live_rfm live(history, start + days(60), {.window = days(30)});
  CHECK(live.advance(start) == errc::too_early);
  CHECK(live.rows() == rfm_rows(history, start + days(60), live.rules()));
  CHECK(static_cast<double>(live.bytes()) / 10'000 <= 40);
  live.rebuild(start + hours(10));
  CHECK(live.rows() == rfm_rows(history, start + hours(10), live.rules()));
  REQUIRE(live.advance(start + days(41)));
  CHECK(live.rows() == rfm_rows(history, start + days(41), live.rules()));
  REQUIRE(live.advance(timestamp{INT64_MAX}));
  CHECK(live.rows().empty());
  CHECK_FALSE(live.find(user_id{77'777}));
}
