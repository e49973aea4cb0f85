#include "tailor/compose/dispatch.hpp"

#include <cstdint>
#include <vector>

#include "../catch.hpp"
#include "tailor/compose/bundle.hpp"
#include "tailor/events/timeline.hpp"
#include "tailor/testing/histories.hpp"

using namespace tailor;
using events::event;
using events::timeline;

namespace {

struct order_line {
  std::uint64_t customer, sku;
  std::int64_t paid, unix_us;
};

// Hears events and never refuses.
struct counter {
  std::int64_t heard = 0;
  void observe(const event&) { ++heard; }
  void retract(const event&) { --heard; }
  void forget(user_id) {}
  void merge(const counter& o) { heard += o.heard; }
  friend bool operator==(const counter&, const counter&) = default;
};

// Hears the host's own rows.
struct till {
  std::int64_t paid = 0;
  void observe(const order_line& l) { paid += l.paid; }
  void retract(const order_line& l) { paid -= l.paid; }
};

struct wall {
  status observe(const event& e) { return e.item == item_id{13} ? errc::full : errc::ok; }
  void retract(const event&) {}
};

struct rules {
  using takes_no_events = void;
};

}  // namespace

template <>
struct tailor::events::event_traits<order_line> {
  static user_id user(const order_line& l) { return user_id{l.customer}; }
  static timestamp at(const order_line& l) { return {l.unix_us}; }
  static event_kind kind(const order_line&) { return event_kind::purchase; }
  static item_id item(const order_line& l) { return item_id{l.sku}; }
  static std::int64_t unit_price(const order_line& l) { return l.paid; }
};

TEST_CASE("dispatch: the host's row is read in place and every part hears of it in its own way") {
  timeline history;
  counter count;
  till money;
  rules deaf;
  CHECK(dispatch(order_line{7, 10, 250, 1'000'000}, history, count, money, deaf));
  CHECK(count.heard == 1);
  CHECK(money.paid == 250);
  const std::vector<event> h = history.history(user_id{7});
  REQUIRE(h.size() == 1);
  CHECK(h[0].item == item_id{10});
  CHECK(h[0].unit_price == 250);
  CHECK(h[0].quantity == 1);
  CHECK(h[0].at == timestamp{1'000'000});
}

TEST_CASE(
    "dispatch: a refusal takes the event back from the parts before and spares those behind") {
  timeline history;
  counter before;
  till money;
  wall refuses;
  counter behind;
  CHECK(dispatch(order_line{7, 13, 250, 0}, history, before, money, refuses, behind) == errc::full);
  CHECK(history == timeline{});
  CHECK(before.heard == 0);
  CHECK(money.paid == 0);
  CHECK(behind.heard == 0);
  CHECK(dispatch(order_line{7, 14, 250, 0}, history, before, money, refuses, behind));
  CHECK(before.heard == 1);
  CHECK(behind.heard == 1);
}

TEST_CASE("bundle: is a part made of parts") {
  using both = bundle<timeline, counter>;
  both a;
  both b;
  timeline history;
  for (const event& e : testing::random_history(2)) {
    CHECK((raw(e.user) % 2 == 0 ? a : b).observe(e));
    CHECK(history.observe(e));
  }
  both whole = a;
  whole.merge(b);
  CHECK(whole.get<timeline>() == history);
  CHECK(whole.get<counter>().heard == static_cast<std::int64_t>(history.events()));
  both again = whole;
  again.merge(both{});
  CHECK(again == whole);
}

TEST_CASE("bundle: retract is all or nothing") {
  bundle<counter, timeline> parts;
  const event e{.user = user_id{1}, .item = item_id{2}};
  CHECK(parts.observe(e));
  event other = e;
  other.item = item_id{3};
  CHECK(parts.retract(other) == errc::unknown);
  CHECK(parts.get<counter>().heard == 1);
  CHECK(parts.retract(e));
  CHECK(parts == bundle<counter, timeline>{});
}
