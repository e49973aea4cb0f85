#include "tailor/events/bulk.hpp"

#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/thread_pool.hpp"
#include "tailor/testing/histories.hpp"

using namespace tailor;
using events::event;
using events::event_kind;
using events::timeline;

namespace {

// The columns of a history, as a host might hold them.
struct host_columns {
  std::vector<user_id> user;
  std::vector<timestamp> at;
  std::vector<event_kind> kind;
  std::vector<item_id> item;
  std::vector<order_id> order;
  std::vector<std::int32_t> quantity;
  std::vector<std::int64_t> unit_price;
  std::vector<event_id> id;

  explicit host_columns(const std::vector<event>& h) {
    for (const event& e : h) {
      user.push_back(e.user);
      at.push_back(e.at);
      kind.push_back(e.kind);
      item.push_back(e.item);
      order.push_back(e.order);
      quantity.push_back(e.quantity);
      unit_price.push_back(e.unit_price);
      id.push_back(e.id);
    }
  }
  [[nodiscard]] events::columns view() const {
    return {user, at, kind, item, order, quantity, unit_price, id, event_kind::purchase};
  }
};

constexpr timestamp now{1'700'000'000'000'000};

}  // namespace

TEST_CASE("load: equals one event at a time, for one thread and for three") {
  thread_pool pool(3);
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    const std::vector<event> h = testing::random_history(seed);
    timeline slow;
    for (const event& e : h) CHECK(slow.observe(e));
    const host_columns c(h);
    timeline fast;
    const auto report = events::load(fast, c.view(), {}, now);
    REQUIRE(report);
    CHECK(report->accepted() == h.size());
    CHECK(fast == slow);
    timeline threaded;
    REQUIRE(events::load(threaded, c.view(), {}, now, pool));
    CHECK(threaded == slow);
  }
}

TEST_CASE("load: a second batch is added to the first") {
  const std::vector<event> h = testing::random_history(3, {.events = 400});
  const std::vector<event> first(h.begin(), h.begin() + std::ptrdiff_t(h.size() / 3));
  const std::vector<event> second(h.begin() + std::ptrdiff_t(h.size() / 3), h.end());
  timeline whole;
  for (const event& e : h) CHECK(whole.observe(e));
  timeline t;
  REQUIRE(events::load(t, host_columns(first).view(), {}, now));
  REQUIRE(events::load(t, host_columns(second).view(), {}, now));
  CHECK(t == whole);
}

TEST_CASE("load: the first event of an id wins, per shopper, and the others are counted") {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    counter_random draw(seed, 3);
    std::vector<event> h = testing::random_history(seed);
    for (event& e : h) {
      if (uniform_below(draw, 4) != 0) e.id = event_id{uniform_below(draw, 10)};
    }
    timeline slow;
    std::set<std::pair<user_id, event_id>> seen;
    std::uint64_t duplicates = 0;
    for (const event& e : h) {
      if (e.id != no_event && !seen.emplace(e.user, e.id).second) {
        ++duplicates;
      } else {
        CHECK(slow.observe(e));
      }
    }
    timeline fast;
    const auto report = events::load(fast, host_columns(h).view(), {}, now);
    REQUIRE(report);
    CHECK(report->duplicates() == duplicates);
    CHECK(report->accepted() == h.size() - duplicates);
    CHECK(report->refused() == 0);
    CHECK(fast == slow);
    CHECK(fast.rows().fault() == nullptr);
  }
}

TEST_CASE("load: bad rows are refused with their number and field, the rest goes on") {
  std::vector<event> h;
  for (std::uint64_t i = 0; i < 40'000; ++i) {
    event e;
    e.user = user_id{i % 100};
    e.item = item_id{i % 7};
    e.at = now - hours(static_cast<std::int64_t>(i % 50));
    e.kind = event_kind::purchase;
    h.push_back(e);
  }
  h[3].quantity = 0;
  h[17].unit_price = -1;
  h[20'000].at = now + hours(1);
  h[39'999].quantity = 10'001;
  thread_pool pool(2);
  timeline t;
  const auto report = events::load(t, host_columns(h).view(), {}, now, pool);
  REQUIRE(report);
  CHECK(report->accepted() == h.size() - 4);
  CHECK(report->refused() == 4);
  CHECK(report->of(errc::out_of_range) == 3);
  CHECK(report->of(errc::too_late) == 1);
  REQUIRE(report->first_refusals().size() == 4);
  CHECK(report->first_refusals()[0].row == 3);
  CHECK(std::string(report->first_refusals()[0].field) == "quantity");
  CHECK(report->first_refusals()[1].row == 17);
  CHECK(std::string(report->first_refusals()[1].field) == "unit_price");
  CHECK(report->first_refusals()[2].row == 20'000);
  CHECK(report->first_refusals()[3].row == 39'999);
  CHECK(t.events() == h.size() - 4);
}

TEST_CASE("load: columns of unequal length are refused by name and nothing changes") {
  host_columns c(testing::random_history(1));
  c.unit_price.push_back(1);
  timeline t;
  const auto report = events::load(t, c.view(), {}, now);
  REQUIRE_FALSE(report);
  CHECK(report.code() == errc::malformed);
  CHECK(std::string(report.error().what) == "unit_price");
  CHECK(t.empty());
}

TEST_CASE("load: columns that are left out have the defaults of an event") {
  const std::vector<user_id> user{user_id{1}, user_id{2}};
  const std::vector<timestamp> at{now, now - days(1)};
  const std::vector<item_id> item{item_id{5}, item_id{6}};
  events::columns batch;
  batch.user = user;
  batch.at = at;
  batch.item = item;
  batch.all_kinds = event_kind::view_item;
  timeline t;
  REQUIRE(events::load(t, batch, {}, now));
  const std::vector<event> h = t.history(user_id{2});
  REQUIRE(h.size() == 1);
  CHECK(h[0] == event{user_id{2}, now - days(1), event_kind::view_item, item_id{6}});
}
