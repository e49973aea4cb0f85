#include "tailor/events/returns.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"
#include "tailor/events/timeline.hpp"
#include "tailor/testing/laws.hpp"

using namespace tailor;
using events::event;
using events::event_kind;
using events::returns;
using events::timeline;

namespace {

event line_of(std::uint64_t user, std::uint64_t order, std::uint64_t item, std::int32_t quantity,
              std::int64_t hour = 0, event_kind kind = event_kind::purchase) {
  event e;
  e.user = user_id{user};
  e.order = order_id{order};
  e.item = item_id{item};
  e.quantity = quantity;
  e.kind = kind;
  e.at = timestamp{} + hours(hour);
  e.unit_price = 250;
  return e;
}
event refund_of(std::uint64_t user, std::uint64_t order, std::uint64_t item, std::int32_t quantity,
                std::int64_t hour = 1) {
  return line_of(user, order, item, quantity, hour, event_kind::refund);
}
event cancellation_of(std::uint64_t user, std::uint64_t order, std::int64_t hour = 2) {
  event e = line_of(user, order, 0, 1, hour, event_kind::order_cancelled);
  e.item = no_item;
  e.unit_price = 0;
  return e;
}

// Returns in front of a timeline, as one statistic, to run the laws on.
struct settled {
  returns book;
  timeline behind;

  status observe(const event& e) { return book.observe(e, behind); }
  status retract(const event& e) { return book.retract(e, behind); }
  void forget(user_id u) {
    book.forget(u);
    behind.forget(u);
  }
  void merge(const settled& o) {
    book.merge(o.book);
    behind.merge(o.behind);
  }
  friend bool operator==(const settled&, const settled&) = default;
  void encode(byte_writer& out) const {
    book.encode(out);
    behind.encode(out);
  }
  static result<settled> decode(byte_reader& in) {
    auto book = returns::decode(in);
    if (!book) return book.error();
    auto behind = timeline::decode(in);
    if (!behind) return behind.error();
    return settled{std::move(*book), std::move(*behind)};
  }
};

std::vector<event> random_orders(std::uint64_t seed) {
  counter_random draw(seed, 11);
  std::vector<event> h;
  const std::uint64_t n = uniform_below(draw, 24);
  for (std::uint64_t i = 0; i < n; ++i) {
    const std::uint64_t user = 1 + uniform_below(draw, 3);
    const std::uint64_t order = 10 * user + uniform_below(draw, 2);
    const std::uint64_t item = 1 + uniform_below(draw, 3);
    const auto quantity = static_cast<std::int32_t>(1 + uniform_below(draw, 4));
    const auto hour = static_cast<std::int64_t>(uniform_below(draw, 6));
    switch (uniform_below(draw, 8)) {
      case 0:
        h.push_back(cancellation_of(user, order, hour));
        break;
      case 1:
      case 2:
        h.push_back(refund_of(user, order, item, quantity, hour));
        break;
      case 3:
        h.push_back(line_of(user, order, item, 1, hour, event_kind::view_item));
        break;
      default:
        h.push_back(line_of(user, order, item, quantity, hour));
    }
  }
  return h;
}

// A part that refuses whatever touches one item.
struct picky {
  timeline inner;
  item_id refused{};

  status observe(const event& e) {
    return e.item == refused ? status(errc::full) : inner.observe(e);
  }
  status retract(const event& e) { return inner.retract(e); }
};

}  // namespace

TEST_CASE("returns: a refunded line is as if it had never been bought") {
  settled s;
  CHECK(s.observe(line_of(1, 10, 5, 2)));
  CHECK(s.observe(line_of(1, 10, 6, 1)));
  CHECK(s.observe(refund_of(1, 10, 5, 2)));
  timeline expected;
  CHECK(expected.observe(line_of(1, 10, 6, 1)));
  CHECK(s.behind == expected);
}

TEST_CASE("returns: a part of a line may come back, and no more than was bought") {
  settled s;
  CHECK(s.observe(line_of(1, 10, 5, 10)));
  CHECK(s.observe(refund_of(1, 10, 5, 3)));
  REQUIRE(s.behind.history(user_id{1}).size() == 1);
  CHECK(s.behind.history(user_id{1})[0].quantity == 7);
  CHECK(s.observe(refund_of(1, 10, 5, 100, 2)));
  CHECK(s.behind == timeline{});
  CHECK(s.observe(line_of(1, 10, 6, 1)));
  CHECK(s.behind.events() == 1);
}

TEST_CASE("returns: the newest line of an item comes back first") {
  settled s;
  CHECK(s.observe(line_of(1, 10, 5, 2, 0)));
  CHECK(s.observe(line_of(1, 10, 5, 2, 3)));
  CHECK(s.observe(refund_of(1, 10, 5, 3, 4)));
  REQUIRE(s.behind.events() == 1);
  CHECK(s.behind.history(user_id{1})[0] == line_of(1, 10, 5, 1, 0));
}

TEST_CASE("returns: a cancellation undoes the whole order, even before it is heard of") {
  settled s;
  CHECK(s.observe(cancellation_of(1, 10)));
  CHECK(s.observe(line_of(1, 10, 5, 2)));
  CHECK(s.observe(line_of(1, 11, 5, 2)));
  timeline expected;
  CHECK(expected.observe(line_of(1, 11, 5, 2)));
  CHECK(s.behind == expected);
  CHECK(s.retract(cancellation_of(1, 10)));
  CHECK(expected.observe(line_of(1, 10, 5, 2)));
  CHECK(s.behind == expected);
}

TEST_CASE("returns: the four laws hold on random orders, refunds and cancellations") {
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    CAPTURE(seed);
    const char* broken =
        testing::broken_law<settled>([] { return settled{}; }, random_orders(seed), seed);
    INFO((broken == nullptr ? "" : broken));
    REQUIRE(broken == nullptr);
  }
}

TEST_CASE("returns: what stands is what was bought less what came back, per order and item") {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    settled s;
    std::map<std::pair<order_id, item_id>, std::int64_t> bought;
    std::map<std::pair<order_id, item_id>, std::int64_t> back;
    std::map<order_id, bool> cancelled;
    for (const event& e : random_orders(seed)) {
      CHECK(s.observe(e));
      if (e.kind == event_kind::purchase) bought[{e.order, e.item}] += e.quantity;
      if (e.kind == event_kind::refund) back[{e.order, e.item}] += e.quantity;
      if (e.kind == event_kind::order_cancelled) cancelled[e.order] = true;
    }
    std::map<std::pair<order_id, item_id>, std::int64_t> stands;
    s.behind.for_each_event([&](const event& e) {
      if (e.kind == event_kind::purchase) stands[{e.order, e.item}] += e.quantity;
    });
    for (const auto& [key, n] : bought) {
      const std::int64_t expected =
          cancelled[key.first] ? 0 : (std::max)(std::int64_t{0}, n - back[key]);
      CHECK(stands[key] == expected);
    }
  }
}

TEST_CASE("returns: a refusal behind it changes nothing, here or there") {
  picky behind;
  returns book;
  CHECK(book.observe(line_of(1, 10, 5, 4), behind));
  CHECK(book.observe(refund_of(1, 10, 5, 1), behind));
  const returns before_book = book;
  behind.refused = item_id{5};
  CHECK(book.observe(refund_of(1, 10, 5, 1, 9), behind) == errc::full);
  CHECK(book == before_book);
  behind.refused = item_id{6};
  CHECK(book.observe(line_of(1, 10, 6, 1), behind) == errc::full);
  CHECK(book == before_book);
  CHECK(book.observe(line_of(2, 20, 6, 1), behind) == errc::full);
  CHECK(book == before_book);
  CHECK(book.retract(refund_of(1, 10, 5, 9), behind) == errc::unknown);
  CHECK(book.retract(line_of(9, 90, 5, 4), behind) == errc::unknown);
}

TEST_CASE("returns: closing old orders keeps what stands behind") {
  settled s;
  CHECK(s.observe(line_of(1, 10, 5, 2, 0)));
  CHECK(s.observe(line_of(1, 11, 5, 2, 100)));
  s.book.close(timestamp{} + hours(50));
  CHECK(s.book.open_orders() == 1);
  CHECK(s.behind.events() == 2);
}
