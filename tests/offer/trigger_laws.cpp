#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "../catch.hpp"
#include "../support/rounds.hpp"
#include "slow_triggers.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"
#include "tailor/offer/frequency_cap.hpp"
#include "tailor/offer/triggers.hpp"
#include "trigger_world.hpp"

using namespace trigger_world;
using offer::frequency_cap;
using offer::origin;

namespace {

constexpr std::int64_t hour_count = 4;

std::uint64_t below(counter_random& draw, std::uint64_t n) { return uniform_below(draw, n); }
bool one_in(counter_random& draw, std::uint64_t n) { return below(draw, n) == 0; }

/// A few flows whose times are minutes, so that everything that can meet does meet.
trigger_book random_book(counter_random& draw) {
  constexpr trigger_kind kinds[] = {
      trigger_kind::abandoned_cart, trigger_kind::abandoned_browse, trigger_kind::post_purchase,
      trigger_kind::win_back,       trigger_kind::replenishment,    trigger_kind::price_drop,
      trigger_kind::back_in_stock,  trigger_kind::low_stock,        trigger_kind::segment_entered,
      trigger_kind::segment_left,   trigger_kind::abandoned_cart};
  const auto some_minutes = [&](std::int64_t most) {
    return minutes(uniform_between(draw, 1, most));
  };
  std::vector<trigger> all;
  const std::uint64_t count = 1 + below(draw, 4);
  for (std::uint32_t id = 1; id <= count; ++id) {
    trigger t;
    t.id = id * 3;
    t.kind = kinds[below(draw, 11)];
    t.idle = some_minutes(12);
    t.silence = some_minutes(30);
    t.look_back = some_minutes(90);
    t.threshold = 2;
    t.segment = static_cast<std::uint32_t>(below(draw, 2));
    t.fall = one_in(draw, 2)
                 ? offer::price_fall{offer::price_fall::unit::basis_points,
                                     uniform_between(draw, 1, 5'000)}
                 : offer::price_fall{offer::price_fall::unit::amount, uniform_between(draw, 1, 5)};
    for (std::uint64_t i = 1; i <= 4; ++i) {
      if (t.kind == trigger_kind::replenishment)
        t.refills.push_back({item_id{i}, some_minutes(40)});
    }
    if (one_in(draw, 3)) {
      t.audience.viewed = one_in(draw, 2);
      t.audience.in_cart = one_in(draw, 2);
      t.audience.checkout = one_in(draw, 2);
      t.audience.wished = one_in(draw, 2);
    }
    if (one_in(draw, 4)) t.filter.items = {item_id{1}, item_id{3}};
    if (one_in(draw, 4)) t.filter.least_value = uniform_between(draw, 1, 8);
    if (t.kind == trigger_kind::win_back && one_in(draw, 2)) {
      t.filter.kinds = {event_kind::purchase, event_kind::view_item};
    }
    if (t.kind == trigger_kind::abandoned_browse && one_in(draw, 2)) {
      t.filter.kinds = {event_kind::view_item_list, event_kind::custom};
    }
    if (one_in(draw, 4))
      t.cancel_on = offer::kind_set{event_kind::unsubscribed, event_kind::refund};
    if (one_in(draw, 3))
      t.back = one_in(draw, 2) ? offer::on_return::cancels : offer::on_return::goes_on;
    switch (below(draw, 4)) {
      case 0:
        t.again = offer::once_for_ever;
        break;
      case 1:
        t.again = offer::after_hours(static_cast<std::uint32_t>(1 + below(draw, 2)));
        break;
      default:
        break;
    }
    if (one_in(draw, 3)) {
      t.quiet = {static_cast<std::int32_t>(below(draw, 240)),
                 static_cast<std::int32_t>(below(draw, 240)), 0};
      if (one_in(draw, 2)) t.quiet.zone_minutes = static_cast<std::int32_t>(below(draw, 100));
    }
    if (one_in(draw, 2)) t.delays = offer::delay_from::step_before;
    duration delay{};
    const std::uint64_t length = 1 + below(draw, 3);
    for (std::uint64_t i = 0; i < length; ++i) {
      const duration more = minutes(uniform_between(draw, 0, 30));
      delay = t.delays == offer::delay_from::entry ? delay + more : more;
      t.steps.push_back({.delay = delay, .name = one_in(draw, 2) ? "hello" : "again"});
    }
    all.push_back(t);
  }
  return trigger_book::make(all).value();
}

std::vector<told> random_life(counter_random& draw, bool in_order_backfill = true) {
  constexpr event_kind kinds[] = {
      event_kind::view_item,      event_kind::view_item,       event_kind::view_item_list,
      event_kind::add_to_cart,    event_kind::add_to_cart,     event_kind::remove_from_cart,
      event_kind::begin_checkout, event_kind::add_to_wishlist, event_kind::remove_from_wishlist,
      event_kind::purchase,       event_kind::purchase,        event_kind::refund,
      event_kind::unsubscribed,   event_kind::order_cancelled, event_kind::view_home,
      event_kind::custom,         event_kind::message_opened};
  std::vector<told> out;
  const std::uint64_t count = 20 + below(draw, 60);
  for (std::uint64_t i = 0; i < count; ++i) {
    const timestamp at = monday + minutes(uniform_between(draw, 0, hour_count * 60 - 1));
    const item_id item{1 + below(draw, 4)};
    switch (below(draw, 8)) {
      case 0:
        out.push_back(offer::price_change{item, uniform_between(draw, 5, 12),
                                          uniform_between(draw, 0, 12), at});
        break;
      case 1:
        out.push_back(offer::stock_change{item, uniform_between(draw, 0, 4),
                                          uniform_between(draw, 0, 4), at});
        break;
      case 2:
        out.push_back(offer::segment_change{
            user_id{mix64(below(draw, 3))}, static_cast<std::uint32_t>(below(draw, 2)),
            static_cast<offer::segment_change::how>(below(draw, 2)), at});
        break;
      default: {
        told_event t;
        t.e.user = user_id{mix64(below(draw, 3))};
        t.e.at = at;
        t.e.kind = kinds[below(draw, 17)];
        const bool named = t.e.kind != event_kind::view_home && t.e.kind != event_kind::custom &&
                           t.e.kind != event_kind::unsubscribed &&
                           t.e.kind != event_kind::message_opened;
        if (named && !(t.e.kind == event_kind::begin_checkout && one_in(draw, 2))) t.e.item = item;
        const bool ordered = t.e.kind == event_kind::purchase || t.e.kind == event_kind::refund ||
                             t.e.kind == event_kind::order_cancelled;
        if (ordered && !one_in(draw, 4)) t.e.order = order_id{1 + below(draw, 3)};
        t.e.quantity = static_cast<std::int32_t>(1 + below(draw, 3));
        t.e.unit_price = uniform_between(draw, 0, 5);
        if (in_order_backfill && one_in(draw, 8)) t.from = origin::backfill;
        out.push_back(t);
      }
    }
  }
  return out;
}

triggers start(const trigger_book& book) {
  return triggers::make(book, monday, {.touches = 100, .flows = 200}).value();
}

constexpr timestamp end = monday + hours(hour_count + 3);

}  // namespace

TEST_CASE("triggers: random lives agree with a walk from minute to minute") {
  std::size_t mails = 0;
  std::set<std::uint8_t> kinds;
  for (std::uint64_t seed = 0; seed < tailor_test::rounds(500u); ++seed) {
    CAPTURE(seed);
    counter_random draw(seed, 1);
    const trigger_book book = random_book(draw);
    const std::vector<told> all = random_life(draw);
    triggers t = start(book);
    for (const told& x : all) REQUIRE(observe(t, x));
    frequency_cap caps = frequency_cap::make(tight_caps()).value();
    mailbox box;
    REQUIRE(t.advance(end, box, moody_guard{}, caps));
    const std::vector<mail> expected = slow_triggers(book, all, (hour_count + 3) * 60).run();
    REQUIRE(times(box.all) == times(expected));
    REQUIRE(box.all == expected);
    mails += expected.size();
    for (const mail& m : expected) {
      kinds.insert(static_cast<std::uint8_t>(book.find(m.trigger)->kind));
    }
  }
  CHECK(mails > tailor_test::rounds(1'200u));
  CHECK(kinds.size() == 10);
}

TEST_CASE("triggers: one advance or many, in any order of arrival, are the same") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    counter_random draw(seed, 2);
    const trigger_book book = random_book(draw);
    std::vector<told> all = random_life(draw);
    triggers once = start(book);
    for (const told& x : all) REQUIRE(observe(once, x));
    frequency_cap once_caps = frequency_cap::make(tight_caps()).value();
    mailbox once_box;
    REQUIRE(once.advance(end, once_box, moody_guard{}, once_caps));

    triggers many = start(book);
    frequency_cap many_caps = frequency_cap::make(tight_caps()).value();
    mailbox many_box;
    shuffle(std::span<told>(all), draw);
    timestamp now = monday;
    while (now < end) {
      // What happens before the clock's next stop has to be told by then, and no later.
      const timestamp to = (std::min)(end, now + minutes(uniform_between(draw, 0, 60)) +
                                               microseconds(uniform_between(draw, 0, 1)));
      for (std::size_t i = 0; i < all.size();) {
        if (moment(all[i]) < to || one_in(draw, 10)) {
          REQUIRE(observe(many, all[i]));
          all.erase(all.begin() + static_cast<std::ptrdiff_t>(i));
        } else {
          ++i;
        }
      }
      REQUIRE(many.advance(to, many_box, moody_guard{}, many_caps));
      now = to;
      if (one_in(draw, 3)) {  // a restart in between
        many = read(bytes_of(many)).value();
        REQUIRE(many.use(book, {.touches = 100, .flows = 200}));
      }
    }
    REQUIRE(many_box.all == once_box.all);
    REQUIRE(same(many, once));
    REQUIRE(many_caps == once_caps);
  }
}

TEST_CASE("triggers: who is forgotten was never there, at any moment") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    counter_random draw(seed, 3);
    const trigger_book book = random_book(draw);
    const std::vector<told> all = random_life(draw);
    const user_id gone{mix64(below(draw, 3))};
    triggers with = start(book);
    triggers without = start(book);
    for (const told& x : all) {
      REQUIRE(observe(with, x));
      if (shopper_of(x) != gone) REQUIRE(observe(without, x));
    }
    const timestamp then = monday + minutes(uniform_between(draw, 0, 300));
    mailbox box;
    REQUIRE(with.advance(then, box, moody_guard{}));
    mailbox other;
    REQUIRE(without.advance(then, other, moody_guard{}));
    std::erase_if(box.all, [gone](const mail& m) { return m.user == gone; });
    REQUIRE(box.all == other.all);
    with.forget(gone);
    REQUIRE(same(with, without));
    REQUIRE(with.advance(end, box, moody_guard{}));
    REQUIRE(without.advance(end, other, moody_guard{}));
    REQUIRE(box.all == other.all);
    REQUIRE(same(with, without));
    // And whoever comes back is new.
    const told_event again{did(gone, event_kind::add_to_cart, hours(20), 1, 5), origin::live};
    REQUIRE(observe(with, again));
    REQUIRE(observe(without, again));
    REQUIRE(with.advance(end + days(40), box));
    REQUIRE(without.advance(end + days(40), other));
    REQUIRE(box.all == other.all);
    REQUIRE(same(with, without));
  }
}

TEST_CASE("triggers: a clock that jumps back loses nothing") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    CAPTURE(seed);
    counter_random draw(seed, 4);
    const trigger_book book = random_book(draw);
    const std::vector<told> all = random_life(draw);
    triggers straight = start(book);
    triggers jumping = start(book);
    for (const told& x : all) {
      REQUIRE(observe(straight, x));
      REQUIRE(observe(jumping, x));
    }
    mailbox a;
    mailbox b;
    REQUIRE(straight.advance(end, a));
    timestamp now = monday;
    while (now < end) {
      const timestamp to = (std::min)(end, now + minutes(uniform_between(draw, -60, 90)));
      if (to < now) {
        REQUIRE(jumping.advance(to, b) == errc::too_early);
        REQUIRE(jumping.now() == now);
      } else {
        REQUIRE(jumping.advance(to, b));
        now = to;
      }
    }
    REQUIRE(a.all == b.all);
    REQUIRE(same(straight, jumping));
  }
}

TEST_CASE("triggers: intents come by moment, shopper, trigger and step") {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    counter_random draw(seed, 5);
    const trigger_book book = random_book(draw);
    triggers t = start(book);
    for (const told& x : random_life(draw)) REQUIRE(observe(t, x));
    mailbox box;
    REQUIRE(t.advance(end, box));
    CHECK(std::is_sorted(box.all.begin(), box.all.end(), [](const mail& a, const mail& b) {
      return std::tie(a.due, a.user, a.trigger, a.step) <
             std::tie(b.due, b.user, b.trigger, b.step);
    }));
  }
}

TEST_CASE("triggers: late, backfilled and hostile streams keep the state readable") {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    CAPTURE(seed);
    counter_random draw(seed, 6);
    const trigger_book book = random_book(draw);
    triggers t = triggers::make(book, monday, {.touches = 3, .flows = 4}).value();
    timestamp now = monday;
    for (told x : random_life(draw)) {
      if (auto* e = std::get_if<told_event>(&x)) {
        e->e.at = e->e.at - days(uniform_between(draw, 0, 40));
        if (one_in(draw, 2)) e->from = origin::backfill;
      }
      const std::vector<std::byte> before = bytes_of(t);
      const status heard = observe(t, x);
      if (!heard) {
        REQUIRE(heard == errc::too_early);
        REQUIRE(bytes_of(t) == before);
      }
      if (one_in(draw, 3)) {
        now = now + minutes(uniform_between(draw, 0, 3'000));
        mailbox box;
        REQUIRE(t.advance(now, box, moody_guard{}));
      }
      triggers back = read(bytes_of(t)).value();
      REQUIRE(same(back, t));
      REQUIRE(back.use(book, {.touches = 3, .flows = 4}));
      REQUIRE(same(back, t));
    }
  }
}

TEST_CASE("date: random days agree with a walk through the calendar") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    counter_random draw(seed, 7);
    trigger d{.id = 1, .kind = trigger_kind::date, .steps = steps({days(0)})};
    d.days_before = static_cast<std::int32_t>(below(draw, 365));
    d.minute = static_cast<std::int32_t>(below(draw, 1'440));
    d.zone_minutes = static_cast<std::int32_t>(uniform_between(draw, -18 * 60, 18 * 60));
    const auto month = static_cast<int>(1 + below(draw, 12));
    const int day =
        one_in(draw, 4) ? days_in_month(2000, month) : static_cast<int>(1 + below(draw, 28));
    triggers t = shop({d});
    REQUIRE(t.observe(offer::date_change{ann, 0, month, day, monday}));
    const std::int64_t first = day_of(monday);
    std::vector<duration> expected;
    for (std::int64_t n = first - 5; n < first + 3'500; ++n) {
      const calendar_day c = day_at(n);
      const bool is =
          c.month == month &&
          (c.day == day || (day == 29 && month == 2 && c.day == 28 && !is_leap_year(c.year)));
      const timestamp at =
          timestamp{} + days(n - d.days_before) + minutes(d.minute - d.zone_minutes);
      if (is && at >= monday && at < monday + days(3'000)) expected.push_back(at - monday);
    }
    REQUIRE(times(until(t, days(3'000))) == expected);
  }
}
