#include "tailor/offer/triggers.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/statistic.hpp"
#include "tailor/offer/frequency_cap.hpp"
#include "tailor/storage/canonical.hpp"
#include "trigger_world.hpp"

using namespace trigger_world;
using offer::guard_question;
using offer::origin;
using offer::price_fall;

static_assert(storage::canonical<triggers>);
static_assert(forgettable<triggers>);
static_assert(offer::message_cap<offer::frequency_cap>);
static_assert(offer::trigger_guard<offer::unguarded>);

namespace {

using durations = std::vector<duration>;

trigger cart(std::vector<duration> delays = {minutes(30), hours(24)}) {
  return {.id = 1, .kind = trigger_kind::abandoned_cart, .steps = steps(std::move(delays))};
}

void tell(triggers& t, const events::event& e) { REQUIRE(t.observe(e)); }

}  // namespace

TEST_CASE("abandoned cart: 30 minutes and 24 hours after the end of the session") {
  triggers t = shop({cart()});
  tell(t, did(ann, event_kind::view_item, hours(9), 3));
  tell(t, did(ann, event_kind::add_to_cart, hours(9) + minutes(5), 3, 200, 2));
  tell(t, did(ann, event_kind::add_to_cart, hours(9) + minutes(10), 4, 500));
  tell(t, did(ann, event_kind::view_item, hours(9) + minutes(20), 5));
  // The session ends at 9:50.
  const auto got = until(t, days(3));
  REQUIRE(times(got) == durations{hours(10) + minutes(20), hours(33) + minutes(50)});
  CHECK(got[0].items == std::vector<item_id>{item_id{3}, item_id{4}});
  CHECK(got[0].amount == 900);
  CHECK(got[0].entered == monday + hours(9) + minutes(50));
  CHECK(got[1].step == 1);
}

TEST_CASE("abandoned cart: a purchase cancels the wait and what is left of the flow") {
  triggers t = shop({cart()});
  tell(t, did(ann, event_kind::add_to_cart, hours(9), 3, 200));
  tell(t, did(ann, event_kind::purchase, hours(9) + minutes(20), 3, 200));
  tell(t, did(bob, event_kind::add_to_cart, hours(9), 3, 200));
  tell(t, did(bob, event_kind::purchase, hours(12), 9, 100));
  const auto got = until(t, days(3));
  REQUIRE(got.size() == 1);
  CHECK(got[0].user == bob);
  CHECK(got[0].due == monday + hours(10));
}

TEST_CASE("abandoned cart: a purchase at the moment of the step still cancels") {
  triggers t = shop({cart({minutes(30)})});
  tell(t, did(ann, event_kind::add_to_cart, hours(9), 3, 200));
  CHECK(until(t, hours(10)).empty());  // due at 10:00, and nothing before 10:00 was due
  tell(t, did(ann, event_kind::purchase, hours(10), 3, 200));
  CHECK(until(t, days(1)).empty());
}

TEST_CASE("abandoned cart: returning goes on by default and cancels when asked to") {
  for (const bool cancels : {false, true}) {
    trigger c = cart();
    if (cancels) c.back = offer::on_return::cancels;
    triggers t = shop({c});
    tell(t, did(ann, event_kind::add_to_cart, hours(9), 3, 200));
    tell(t, did(ann, event_kind::view_home, hours(9) + minutes(20)));  // same session: no return
    tell(t, did(ann, event_kind::message_opened, hours(11)));          // not a visit
    tell(t, did(ann, event_kind::view_home, hours(20)));
    CHECK(times(until(t, days(3))) ==
          (cancels ? durations{hours(10) + minutes(20)}
                   : durations{hours(10) + minutes(20), hours(33) + minutes(50)}));
  }
}

TEST_CASE("abandoned cart: an emptied cart was not abandoned") {
  triggers t = shop({cart()});
  tell(t, did(ann, event_kind::add_to_cart, hours(9), 3, 200, 2));
  tell(t, did(ann, event_kind::remove_from_cart, hours(9) + minutes(1), 3, 200, 1));
  tell(t, did(bob, event_kind::add_to_cart, hours(9), 3, 200, 2));
  tell(t, did(bob, event_kind::remove_from_cart, hours(9) + minutes(1), 3, 200, 2));
  const auto got = until(t, days(3));
  REQUIRE(got.size() == 2);
  CHECK(got[0].user == ann);
  CHECK(got[0].amount == 200);
}

TEST_CASE("abandoned cart: what was put into it 30 days ago is forgotten") {
  triggers t = shop({cart({minutes(0)})});
  tell(t, did(ann, event_kind::add_to_cart, hours(9), 3, 200));
  tell(t, did(ann, event_kind::purchase, hours(9), 9, 200));
  tell(t, did(ann, event_kind::add_to_cart, days(30) + hours(9), 4, 300));
  tell(t, did(ann, event_kind::remove_from_cart, days(30) + hours(9) + minutes(1), 4, 300));
  CHECK(until(t, days(40)).empty());
}

TEST_CASE("abandoned cart: ten thousand pieces of an item at most") {
  triggers t = shop({cart({minutes(0)})});
  for (int i = 0; i < 3; ++i) {
    tell(t, did(ann, event_kind::add_to_cart, hours(9), 3, 9'000'000'000'000, 10'000));
  }
  CHECK(until(t, hours(9) + minutes(1)).empty());
  REQUIRE(read(bytes_of(t)));
  const auto got = until(t, days(1));
  REQUIRE(got.size() == 1);
  CHECK(got[0].amount == 90'000'000'000'000'000);
}

TEST_CASE("abandoned cart: an event at the very end of a session opens the next one") {
  triggers t = shop({cart({minutes(0)})});
  tell(t, did(ann, event_kind::add_to_cart, hours(9), 3, 200));
  tell(t, did(ann, event_kind::add_to_cart, hours(9) + minutes(30), 4, 300));
  const auto got = until(t, days(1));
  CHECK(times(got) == durations{hours(9) + minutes(30), hours(10)});
  CHECK(got[0].amount == 200);
  CHECK(got[1].amount == 500);
}

TEST_CASE("abandoned cart: another abandoned session begins the flow anew") {
  triggers t = shop({cart()});
  tell(t, did(ann, event_kind::add_to_cart, hours(9), 3, 200));
  tell(t, did(ann, event_kind::add_to_cart, hours(20), 4, 300));
  CHECK(times(until(t, days(3))) ==
        durations{hours(10), hours(21), hours(20) + minutes(30) + hours(24)});
}

TEST_CASE("abandoned browse: product and category level") {
  trigger product{.id = 1, .kind = trigger_kind::abandoned_browse, .steps = steps({hours(1)})};
  trigger category = product;
  category.id = 2;
  category.filter.kinds = {event_kind::view_item_list};
  triggers t = shop({product, category});
  tell(t, did(ann, event_kind::view_item_list, hours(9), 100));
  tell(t, did(ann, event_kind::view_item, hours(9) + minutes(1), 3, 70));
  tell(t, did(ann, event_kind::view_item, hours(9) + minutes(2), 4, 80));
  tell(t, did(ann, event_kind::view_item, hours(9) + minutes(3), 3, 90));
  // Whoever puts something into the cart did not browse in vain.
  tell(t, did(bob, event_kind::view_item, hours(9), 3, 70));
  tell(t, did(bob, event_kind::add_to_cart, hours(9) + minutes(1), 3, 70));
  const auto got = until(t, days(1));
  REQUIRE(got.size() == 2);
  CHECK(got[0].trigger == 1);
  CHECK(got[0].due == monday + hours(10) + minutes(33));
  CHECK(got[0].items == std::vector<item_id>{item_id{4}, item_id{3}});
  CHECK(got[0].amount == 90);
  CHECK(got[1].trigger == 2);
  CHECK(got[1].items == std::vector<item_id>{item_id{100}});
}

TEST_CASE("filter: asked once, of the triggering event") {
  trigger c = cart({minutes(0)});
  c.filter = {.items = {item_id{4}, item_id{3}}, .least_value = 500, .most_value = 900};
  const auto enters = [&c](std::uint64_t item, std::int64_t price, std::int32_t quantity) {
    triggers t = shop({c});
    tell(t, did(ann, event_kind::add_to_cart, hours(9), item, price, quantity));
    tell(t, did(ann, event_kind::add_to_cart, hours(9) + minutes(1), 9, 100'000));
    return until(t, days(1)).size() == 1;
  };
  CHECK(enters(3, 500, 1));
  CHECK(enters(4, 300, 3));
  CHECK_FALSE(enters(4, 301, 3));
  CHECK_FALSE(enters(4, 499, 1));
  CHECK_FALSE(enters(5, 500, 1));
}

TEST_CASE("post-purchase: a delay after the order, whose lines enter once") {
  trigger p{.id = 1,
            .kind = trigger_kind::post_purchase,
            .delays = offer::delay_from::step_before,
            .steps = steps({days(3), days(3)})};
  triggers t = shop({p});
  for (const std::uint64_t item : {3u, 4u}) {
    events::event e = did(ann, event_kind::purchase, hours(9), item, 100 * std::int64_t(item));
    e.order = order_id{55};
    tell(t, e);
    e.user = bob;
    tell(t, e);
  }
  events::event back = did(bob, event_kind::refund, days(4), 3);
  back.order = order_id{55};
  tell(t, back);
  back.user = ann;
  back.order = order_id{56};  // another order
  tell(t, back);
  const auto got = until(t, days(9));
  REQUIRE(times(got) == durations{days(3) + hours(9), days(3) + hours(9), days(6) + hours(9)});
  CHECK(got[0].user == bob);
  CHECK(got[0].items == std::vector<item_id>{item_id{3}, item_id{4}});
  CHECK(got[0].amount == 700);
  CHECK(got[2].user == ann);
}

TEST_CASE("post-purchase: the other lines of an order are no return") {
  trigger p{.id = 1, .kind = trigger_kind::post_purchase, .steps = steps({days(3)})};
  p.back = offer::on_return::cancels;
  triggers t = shop({p});
  for (const int line : {0, 1, 2}) {
    events::event e = did(ann, event_kind::purchase, hours(9) + seconds(line), 3, 100);
    e.order = order_id{55};
    tell(t, e);
    if (line > 1) continue;
    e.user = bob;
    tell(t, e);
  }
  tell(t, did(bob, event_kind::view_home, days(1)));
  const auto got = until(t, days(9));
  REQUIRE(got.size() == 1);
  CHECK(got[0].user == ann);
  CHECK(got[0].amount == 300);
  CHECK(got[0].items.size() == 1);
}

TEST_CASE("win-back: 30 days after the last visit, and each visit begins the count anew") {
  trigger w{.id = 1, .kind = trigger_kind::win_back, .steps = steps({days(0), days(15), days(30)})};
  triggers t = shop({w});
  tell(t, did(ann, event_kind::view_home, days(1)));
  tell(t, did(ann, event_kind::view_home, days(20)));
  tell(t, did(ann, event_kind::message_delivered, days(40)));  // not a visit
  CHECK(times(until(t, days(60))) == durations{days(50)});
  tell(t, did(ann, event_kind::view_home, days(64)));  // back before the second message
  CHECK(times(until(t, days(200))) == durations{days(94), days(109), days(124)});
}

TEST_CASE("win-back: 30, 45, 60 and 90 days") {
  std::vector<trigger> all;
  for (const std::uint32_t n : {30u, 45u, 60u, 90u}) {
    all.push_back(
        {.id = n, .kind = trigger_kind::win_back, .steps = steps({days(0)}), .silence = days(n)});
  }
  triggers t = shop(all);
  tell(t, did(ann, event_kind::view_item, days(2), 3));
  CHECK(times(until(t, days(365))) == durations{days(32), days(47), days(62), days(92)});
}

TEST_CASE("win-back: with a filter, the count begins at what passes it") {
  trigger w{.id = 1, .kind = trigger_kind::win_back, .steps = steps({days(0)})};
  w.filter.kinds = {event_kind::purchase};
  w.back = offer::on_return::goes_on;
  triggers t = shop({w});
  tell(t, did(bob, event_kind::view_item, days(1), 3));
  tell(t, did(ann, event_kind::purchase, days(1), 3, 100));
  tell(t, did(ann, event_kind::view_item, days(20), 3));
  CHECK(times(until(t, days(99))) == durations{days(31)});
}

TEST_CASE("replenishment: each item in its own time, bought again begins anew") {
  trigger r{.id = 1, .kind = trigger_kind::replenishment, .steps = steps({days(0), days(5)})};
  r.refills = {{item_id{4}, days(30)}, {item_id{3}, days(10)}};
  triggers t = shop({r});
  tell(t, did(ann, event_kind::purchase, days(1), 3, 100, 2));
  tell(t, did(ann, event_kind::purchase, days(2), 4, 700));
  tell(t, did(ann, event_kind::purchase, days(2), 9, 700));  // is not used up
  tell(t, did(ann, event_kind::purchase, days(6), 3, 110));
  tell(t, did(ann, event_kind::purchase, days(18), 4, 700));  // not that one
  tell(t, did(ann, event_kind::purchase, days(20), 3, 110));  // cancels the second message
  const auto got = until(t, days(40));
  REQUIRE(times(got) == durations{days(16), days(30), days(35)});
  CHECK(got[0].items == std::vector<item_id>{item_id{3}});
  CHECK(got[0].amount == 110);
  CHECK(times(until(t, days(99))) == durations{days(48), days(53)});
}

TEST_CASE("price drop: by percent and by amount, for those who looked within 30 days") {
  trigger percent{.id = 1, .kind = trigger_kind::price_drop, .steps = steps({hours(1)})};
  percent.fall = {price_fall::unit::basis_points, 1'000};
  trigger amount = percent;
  amount.id = 2;
  amount.fall = {price_fall::unit::amount, 150};
  amount.audience = {.checkout = true};
  triggers t = shop({percent, amount});
  tell(t, did(ann, event_kind::view_item, days(1), 3));
  tell(t, did(bob, event_kind::begin_checkout, days(1), 3));
  REQUIRE(t.observe(offer::price_change{item_id{3}, 1'000, 901, monday + days(2)}));
  CHECK(until(t, days(3)).empty());  // 9.9 %, and less than 1.50
  REQUIRE(t.observe(offer::price_change{item_id{3}, 1'000, 900, monday + days(3)}));
  const auto ten = until(t, days(4));
  REQUIRE(ten.size() == 1);
  CHECK(ten[0].user == ann);
  CHECK(ten[0].due == monday + days(3) + hours(1));
  CHECK(ten[0].amount == 900);
  CHECK(ten[0].earlier == 1'000);
  CHECK(ten[0].items == std::vector<item_id>{item_id{3}});
  REQUIRE(t.observe(offer::price_change{item_id{3}, 10'000, 9'850, monday + days(5)}));
  const auto much = until(t, days(6));
  REQUIRE(much.size() == 1);
  CHECK(much[0].user == bob);
  CHECK(much[0].trigger == 2);
  // 30 days after the view it is forgotten, to the microsecond.
  REQUIRE(t.observe(offer::price_change{item_id{3}, 900, 1, monday + days(31) - microseconds(1)}));
  REQUIRE(t.observe(offer::price_change{item_id{3}, 900, 2, monday + days(31)}));
  REQUIRE(t.observe(offer::price_change{item_id{3}, 1, 900, monday + days(31)}));
  const auto late = until(t, days(40));
  REQUIRE(late.size() == 2);
  CHECK(late[0].user == bob);  // the one who started a checkout
  CHECK(late[0].trigger == 2);
  CHECK(late[1].user == ann);
  CHECK(late[1].amount == 1);
}

TEST_CASE("price drop: what was looked at longer ago than anybody asks leaves no trace") {
  trigger p{.id = 1, .kind = trigger_kind::price_drop, .steps = steps({hours(1)})};
  p.look_back = days(40);
  triggers t = shop({p});
  triggers other = shop({p});
  tell(t, did(ann, event_kind::view_item, days(1), 3));
  for (const duration before : {microseconds(1), microseconds(0)}) {
    CHECK(until(t, days(41) - before).empty());
    CHECK(until(other, days(41) - before).empty());
    CHECK(same(t, other) == (before == duration{}));
  }
}

TEST_CASE("price drop: whoever bought the item is not told that it is cheaper") {
  trigger p{.id = 1, .kind = trigger_kind::price_drop, .steps = steps({hours(0), hours(10)})};
  triggers t = shop({p});
  tell(t, did(ann, event_kind::view_item, hours(1), 3));
  tell(t, did(ann, event_kind::purchase, hours(2), 3, 100));
  tell(t, did(bob, event_kind::view_item, hours(1), 3));
  REQUIRE(t.observe(offer::price_change{item_id{3}, 100, 50, monday + hours(3)}));
  tell(t, did(bob, event_kind::purchase, hours(4), 4, 100));  // of something else
  CHECK(times(until(t, hours(6))) == durations{hours(3)});
  tell(t, did(bob, event_kind::purchase, hours(7), 3, 100));
  CHECK(until(t, days(3)).empty());
}

TEST_CASE("price drop: a checkout without an item is one of the whole cart") {
  trigger p{.id = 1, .kind = trigger_kind::price_drop, .steps = steps({hours(0)})};
  p.audience = {.checkout = true};
  triggers t = shop({p});
  tell(t, did(ann, event_kind::add_to_cart, hours(1), 3, 100));
  tell(t, did(ann, event_kind::begin_checkout, hours(2)));
  tell(t, did(ann, event_kind::add_to_cart, hours(3), 4, 100));
  REQUIRE(t.observe(offer::price_change{item_id{3}, 100, 50, monday + hours(4)}));
  REQUIRE(t.observe(offer::price_change{item_id{4}, 100, 50, monday + hours(5)}));
  CHECK(times(until(t, days(3))) == durations{hours(4)});
}

TEST_CASE("back in stock: the first message looks again whether the item is there") {
  trigger b{.id = 1, .kind = trigger_kind::back_in_stock, .steps = steps({hours(1), hours(5)})};
  triggers t = shop({b});
  const auto stock = [&t](std::int64_t was, std::int64_t left, duration after) {
    REQUIRE(t.observe(offer::stock_change{item_id{3}, was, left, monday + after}));
  };
  tell(t, did(ann, event_kind::add_to_wishlist, hours(1), 3));
  tell(t, did(bob, event_kind::view_item, hours(1), 3));
  stock(1, 0, hours(2));
  stock(0, 5, hours(3));
  stock(5, 0, hours(3) + minutes(30));  // gone before the message
  CHECK(until(t, hours(9)).empty());
  stock(0, 9, hours(10));
  stock(9, 0, hours(12));  // gone after it: the second message does not know
  const auto got = until(t, days(1));
  REQUIRE(times(got) == durations{hours(11), hours(15)});
  CHECK(got[0].user == ann);
  CHECK(got[0].amount == 9);
  stock(0, 1, days(2));
  tell(t, did(ann, event_kind::remove_from_wishlist, days(2) - hours(1), 3));
  CHECK(until(t, days(3)).empty());
}

TEST_CASE("low stock: once when the threshold is crossed downwards") {
  trigger l{.id = 1, .kind = trigger_kind::low_stock, .steps = steps({hours(0)}), .threshold = 3};
  triggers t = shop({l});
  tell(t, did(ann, event_kind::view_item, hours(1), 3));
  tell(t, did(bob, event_kind::add_to_cart, hours(1), 3, 10));
  const auto told = [&t](std::int64_t was, std::int64_t left, duration after) {
    REQUIRE(t.observe(offer::stock_change{item_id{3}, was, left, monday + after}));
    return until(t, after + hours(1)).size();
  };
  CHECK(told(9, 4, hours(2)) == 0);
  CHECK(told(4, 3, hours(4)) == 2);
  CHECK(told(3, 2, hours(6)) == 0);
  CHECK(told(2, 8, hours(8)) == 0);
  CHECK(told(8, 0, hours(10)) == 0);  // none left: nothing to tell
  CHECK(told(8, 1, hours(12)) == 2);
}

TEST_CASE("date: every year, some days before, at a local time") {
  trigger d{.id = 1, .kind = trigger_kind::date, .steps = steps({days(0), days(7)})};
  d.days_before = 7;
  d.minute = 9 * 60;
  d.zone_minutes = 60;
  triggers t = shop({d});
  REQUIRE(t.observe(offer::date_change{ann, 0, 12, 1, monday}));  // 1 December
  REQUIRE(t.observe(offer::date_change{bob, 1, 12, 1, monday}));  // some other day
  // 24 November 2023 is the Friday; 2024 has a leap day.
  CHECK(times(until(t, days(300))) == durations{days(4) + hours(8), days(11) + hours(8)});
  CHECK(times(until(t, days(600))) == durations{days(370) + hours(8), days(377) + hours(8)});
  REQUIRE(t.observe(offer::date_change{ann, 0, 0, 0, monday + days(600)}));
  CHECK(until(t, days(2'000)).empty());
}

TEST_CASE("date: the leap day is 28 February in other years") {
  trigger d{.id = 1, .kind = trigger_kind::date, .steps = steps({days(0)}), .minute = 0};
  triggers t = shop({d});
  REQUIRE(t.observe(offer::date_change{ann, 0, 2, 29, monday}));
  const auto got = until(t, days(800));
  REQUIRE(got.size() == 2);
  CHECK(day_at(day_of(got[0].due)) == calendar_day{2024, 2, 29});
  CHECK(day_at(day_of(got[1].due)) == calendar_day{2025, 2, 28});
}

TEST_CASE("date: saying it again at the moment of the flow enters once") {
  trigger d{.id = 1, .kind = trigger_kind::date, .steps = steps({days(0)}), .minute = 0};
  triggers t = shop({d});
  REQUIRE(t.observe(offer::date_change{ann, 0, 11, 22, monday}));
  REQUIRE(t.observe(offer::date_change{ann, 0, 11, 22, monday + days(2)}));
  REQUIRE(t.observe(offer::date_change{ann, 0, 11, 22, monday + days(2) + hours(3)}));
  CHECK(times(until(t, days(300))) == durations{days(2)});
}

TEST_CASE("segments: entering and leaving begin flows of their own") {
  using how = offer::segment_change::how;
  triggers t = shop(
      {{.id = 1, .kind = trigger_kind::segment_entered, .steps = steps({hours(1)}), .segment = 5},
       {.id = 2, .kind = trigger_kind::segment_left, .steps = steps({hours(1)}), .segment = 5}});
  REQUIRE(t.observe(offer::segment_change{ann, 5, how::entered, monday + hours(1)}));
  REQUIRE(t.observe(offer::segment_change{ann, 6, how::entered, monday + hours(2)}));
  REQUIRE(t.observe(offer::segment_change{ann, 5, how::left, monday + hours(3)}));
  const auto got = until(t, days(1));
  REQUIRE(times(got) == durations{hours(2), hours(4)});
  CHECK(got[0].trigger == 1);
  CHECK(got[1].trigger == 2);
}

TEST_CASE("re-entry: always, after a time, or once for ever") {
  const auto entries = [](offer::reentry again) {
    triggers t = shop({{.id = 1,
                        .kind = trigger_kind::post_purchase,
                        .again = again,
                        .steps = steps({hours(0)})}});
    for (const int d : {0, 1, 7, 8, 30}) {
      tell(t, did(ann, event_kind::purchase, days(d), 3, 100));
    }
    durations out;
    for (const duration d : times(until(t, days(60)))) out.push_back({d.us / days(1).us});
    return out;
  };
  const auto list = [](std::vector<std::int64_t> all) {
    durations out;
    for (const std::int64_t n : all) out.push_back({n});
    return out;
  };
  CHECK(entries(offer::always) == list({0, 1, 7, 8, 30}));
  CHECK(entries(offer::once_for_ever) == list({0}));
  CHECK(entries(offer::after_weeks(1)) == list({0, 7, 30}));
  CHECK(entries(offer::after_days(8)) == list({0, 8, 30}));
  CHECK(entries(offer::after_hours(25)) == list({0, 7, 30}));
}

TEST_CASE("guard: asked at the entry and again before every step") {
  struct until_then {
    timestamp end;
    std::vector<guard_question>* asked;
    bool operator()(const guard_question& q) const {
      asked->push_back(q);
      return q.now < end;
    }
  };
  const auto run = [](duration end, std::vector<guard_question>& asked) {
    triggers t = shop({cart()});
    tell(t, did(ann, event_kind::add_to_cart, hours(9), 3, 200));
    return times(until(t, days(3), until_then{monday + end, &asked}));
  };
  std::vector<guard_question> asked;
  CHECK(run(days(9), asked) == durations{hours(10), hours(33) + minutes(30)});
  REQUIRE(asked.size() == 3);
  CHECK(asked[0].step == offer::at_entry);
  CHECK(asked[0].now == monday + hours(9) + minutes(30));
  CHECK(asked[1].step == 0);
  CHECK(asked[1].now == monday + hours(10));
  CHECK(asked[1].entered_at == monday + hours(9) + minutes(30));
  CHECK(asked[2].step == 1);
  asked.clear();
  CHECK(run(hours(20), asked) == durations{hours(10)});
  asked.clear();
  CHECK(run(hours(9), asked).empty());
  CHECK(asked.size() == 1);
}

TEST_CASE("guard: in the short form, with the position of the trigger in the book") {
  trigger other = cart();
  other.id = 0;
  triggers t = shop({cart(), other});
  tell(t, did(ann, event_kind::add_to_cart, hours(9), 3, 200));
  const auto guard = [](user_id, std::uint32_t number, std::uint32_t step, timestamp) {
    return number == 1 && step != 1;
  };
  const auto got = until(t, days(3), guard);
  REQUIRE(got.size() == 1);
  CHECK(got[0].trigger == 1);
}

TEST_CASE("guard: refused at the entry, the re-entry rule knows of no entry") {
  triggers t = shop({{.id = 1,
                      .kind = trigger_kind::post_purchase,
                      .again = offer::once_for_ever,
                      .steps = steps({hours(0)})}});
  tell(t, did(ann, event_kind::purchase, hours(1), 3, 100));
  tell(t, did(ann, event_kind::purchase, hours(2), 3, 100));
  const auto guard = [](const guard_question& q) { return q.now > monday + hours(1); };
  CHECK(times(until(t, days(3), guard)) == durations{hours(2)});
}

TEST_CASE("caps: the step is dropped and the flow goes on") {
  triggers t = shop({cart({minutes(30), hours(10), hours(24)})});
  tell(t, did(ann, event_kind::add_to_cart, hours(9), 3, 200));
  offer::frequency_cap caps;
  REQUIRE(caps.show(ann, channel::email, 99, monday));  // some other campaign, until 16:00
  mailbox box;
  const auto report = t.advance(monday + days(3), box, offer::unguarded{}, caps);
  REQUIRE(report);
  CHECK(times(box.all) == durations{hours(19) + minutes(30)});
  CHECK(report->capped == 2);
  CHECK(report->intents == 1);
  CHECK(report->entered == 1);
}

TEST_CASE("quiet hours: a step due inside them moves to their end") {
  trigger c = cart({minutes(30), hours(1), hours(24)});
  c.quiet = {21 * 60, 8 * 60};
  for (const auto from : {offer::delay_from::entry, offer::delay_from::step_before}) {
    c.delays = from;
    triggers t = shop({c});
    tell(t, did(ann, event_kind::add_to_cart, hours(20), 3, 200));  // ends at 20:30
    CHECK(times(until(t, days(3))) ==
          (from == offer::delay_from::entry
               ? durations{hours(32), hours(32), hours(44) + minutes(30)}
               : durations{hours(32), hours(33), hours(56) + minutes(60)}));
  }
}

TEST_CASE("cancel conditions: other events than the usual ones, counted since the flow began") {
  trigger c = cart();
  c.cancel_on = offer::kind_set{event_kind::unsubscribed};
  triggers t = shop({c});
  tell(t, did(ann, event_kind::unsubscribed, hours(8)));
  tell(t, did(ann, event_kind::add_to_cart, hours(9), 3, 200));
  tell(t, did(ann, event_kind::purchase, hours(10) + minutes(10), 4, 200));
  tell(t, did(ann, event_kind::unsubscribed, hours(20)));
  CHECK(times(until(t, days(3))) == durations{hours(10)});
}

TEST_CASE("backfill: starts nothing, but says what was seen and ends what it would have ended") {
  trigger w{.id = 2, .kind = trigger_kind::win_back, .steps = steps({days(0)})};
  trigger p{.id = 3, .kind = trigger_kind::price_drop, .steps = steps({days(0)})};
  trigger o{.id = 4, .kind = trigger_kind::post_purchase, .steps = steps({days(0)})};
  triggers t = shop({cart(), w, p, o});
  for (const user_id u : {ann, bob}) {
    REQUIRE(t.observe(did(u, event_kind::add_to_cart, days(-50), 3, 100), origin::backfill));
    REQUIRE(t.observe(did(u, event_kind::view_item, days(-2), 4), origin::backfill));
    REQUIRE(t.observe(did(u, event_kind::purchase, days(-1), 5), origin::backfill));
  }
  REQUIRE(t.observe(offer::price_change{item_id{4}, 100, 50, monday + days(1)}));
  CHECK(times(until(t, days(60))) == durations{days(1), days(1)});
  // A visit that is told late moves the wait of one that was live.
  tell(t, did(ann, event_kind::view_home, days(61)));
  CHECK(until(t, days(70)).empty());
  REQUIRE(t.observe(did(ann, event_kind::view_home, days(65)), origin::backfill));
  CHECK(times(until(t, days(200))) == durations{days(95)});
}

TEST_CASE("backfill: what is older than a wait does not move it back") {
  trigger w{.id = 2, .kind = trigger_kind::win_back, .steps = steps({days(0)})};
  triggers t = shop({cart({minutes(0)}), w});
  tell(t, did(ann, event_kind::add_to_cart, hours(9), 3, 100));
  tell(t, did(ann, event_kind::view_home, hours(9) + minutes(20)));
  CHECK(until(t, hours(9) + minutes(25)).empty());
  for (const int m : {-60, 10}) {
    const auto e = did(ann, event_kind::add_to_cart, hours(9) + minutes(m), 4, 100);
    REQUIRE(t.observe(e, origin::backfill));
  }
  const auto got = until(t, days(60));
  CHECK(times(got) == durations{hours(9) + minutes(50), days(30) + hours(9) + minutes(20)});
  CHECK(got[0].items == std::vector<item_id>{item_id{3}});  // the cart is what was told live
}

TEST_CASE("time: late events count as of the clock, much later ones are refused") {
  triggers t = shop({cart({minutes(30)})});
  CHECK(until(t, hours(12)).empty());
  tell(t, did(ann, event_kind::add_to_cart, hours(11), 3, 200));
  CHECK(t.observe(did(bob, event_kind::add_to_cart, hours(-13), 3, 200)) == errc::too_early);
  CHECK(t.observe(did(bob, event_kind::add_to_cart, hours(-13), 3, 200), origin::backfill));
  CHECK(times(until(t, days(3))) == durations{hours(13)});
}

TEST_CASE("time: the clock does not go back, and what is ahead of it waits") {
  triggers t = shop({cart({minutes(30)})});
  tell(t, did(ann, event_kind::add_to_cart, days(5), 3, 200));
  CHECK(until(t, days(2)).empty());
  const triggers before = t;
  mailbox box;
  CHECK(t.advance(monday + days(1), box) == errc::too_early);
  CHECK(t.advance({INT64_MAX}, box) == errc::out_of_range);
  CHECK(same(t, before));
  CHECK(t.now() == monday + days(2));
  CHECK(times(until(t, days(9))) == durations{days(5) + hours(1)});
}

TEST_CASE("observe: what cannot be is refused by name and leaves no trace") {
  triggers t = shop({cart()}, {.waiting = 2});
  const triggers fresh = t;
  events::event e = did(ann, event_kind::add_to_cart, hours(1), 3, 100);
  e.quantity = 0;
  CHECK(t.observe(e) == errc::out_of_range);
  e.quantity = 1;
  e.unit_price = -1;
  CHECK(t.observe(e) == errc::out_of_range);
  e.unit_price = 1;
  e.kind = static_cast<event_kind>(7);
  CHECK(t.observe(e) == errc::out_of_range);
  e.kind = event_kind::add_to_cart;
  e.at = {INT64_MAX};
  CHECK(t.observe(e) == errc::out_of_range);
  e.at = {INT64_MIN};
  CHECK(t.observe(e, origin::backfill) == errc::out_of_range);
  CHECK(t.observe(offer::price_change{no_item, 2, 1, monday}) == errc::out_of_range);
  CHECK(t.observe(offer::price_change{item_id{1}, -2, 1, monday}) == errc::out_of_range);
  CHECK(t.observe(offer::price_change{item_id{1}, 2, INT64_MAX, monday}) == errc::out_of_range);
  CHECK(t.observe(offer::stock_change{item_id{1}, 2, -1, monday}) == errc::out_of_range);
  CHECK(t.observe(offer::date_change{ann, 0, 2, 30, monday}) == errc::out_of_range);
  CHECK(t.observe(offer::date_change{ann, 0, 13, 1, monday}) == errc::out_of_range);
  CHECK(t.observe(offer::date_change{ann, 0, 1, 40, monday}) == errc::out_of_range);
  CHECK(t.observe(offer::date_change{ann, 0, -1, 1, monday}) == errc::out_of_range);
  CHECK(same(t, fresh));
  CHECK(t.observe(did(ann, event_kind::view_home, hours(1))));
  CHECK(t.observe(did(ann, event_kind::view_home, hours(2))));
  CHECK(t.observe(did(ann, event_kind::view_home, hours(3))) == errc::full);
}

TEST_CASE("limits: what is kept of one shopper is bounded, and flows without room are counted") {
  trigger r{.id = 1, .kind = trigger_kind::replenishment, .steps = steps({days(0)})};
  for (std::uint64_t i = 1; i <= 100; ++i) r.refills.push_back({item_id{i}, days(10)});
  trigger p{.id = 2, .kind = trigger_kind::price_drop, .steps = steps({days(0)})};
  triggers t = shop({r, p}, {.touches = 5, .flows = 20, .dates = 1});
  for (std::uint64_t i = 1; i <= 100; ++i) {
    tell(t, did(ann, event_kind::view_item, hours(1) + minutes(std::int64_t(i)), i));
    tell(t, did(bob, event_kind::purchase, hours(1), i, 5));
  }
  mailbox box;
  const auto report = t.advance(monday + hours(20), box);
  REQUIRE(report);
  CHECK(report->no_room == 80);
  for (std::uint64_t i = 1; i <= 100; ++i) {
    REQUIRE(t.observe(offer::price_change{item_id{i}, 10, 5, monday + hours(21)}));
  }
  const auto got = until(t, hours(22));
  REQUIRE(got.size() == 5);  // the items that were met last
  CHECK(got.front().items[0] == item_id{96});
  CHECK(until(t, days(20)).size() == 20);
  CHECK(triggers::make({}, monday, {.touches = 0}) == errc::out_of_range);
  CHECK(triggers::make({}, monday, {.flows = 1'025}) == errc::out_of_range);
  CHECK(triggers::make({}, monday, {.dates = 65}) == errc::out_of_range);
  CHECK(triggers::make({}, monday, {.waiting = 0}) == errc::out_of_range);
  CHECK(triggers::make({}, monday, {.late = days(-1)}) == errc::out_of_range);
  CHECK(triggers::make({}, {INT64_MAX}) == errc::out_of_range);
}

TEST_CASE("use: flows go on under new definitions, by id") {
  triggers t = shop({cart(), {.id = 2, .kind = trigger_kind::win_back, .steps = steps({days(0)})}});
  tell(t, did(ann, event_kind::add_to_cart, hours(9), 3, 200));
  CHECK(until(t, hours(11)).size() == 1);
  REQUIRE(t.planned(ann, 1) == monday + hours(33) + minutes(30));
  trigger longer = cart({minutes(30), hours(30), hours(48)});
  longer.steps[1].name = "reminder";
  REQUIRE(t.use(trigger_book::make({longer}).value()));
  const auto got = until(t, days(90));  // no win-back any more
  REQUIRE(times(got) == durations{hours(33) + minutes(30), hours(57) + minutes(30)});
  CHECK(got[0].name == "reminder");
  CHECK_FALSE(t.planned(ann, 1));
}

TEST_CASE("use: a step that would have been due by now follows the one before at once") {
  triggers t = shop({cart({hours(24), hours(48)})});
  tell(t, did(ann, event_kind::add_to_cart, hours(9), 3, 200));
  CHECK(until(t, hours(10)).empty());
  REQUIRE(t.use(trigger_book::make({cart({minutes(30), hours(1)})}).value()));
  CHECK(times(until(t, days(9))) == durations{hours(33) + minutes(30), hours(33) + minutes(30)});
}

TEST_CASE("use: a new birthday trigger knows the birthdays that were told") {
  triggers t = shop({});
  REQUIRE(t.observe(offer::date_change{ann, 0, 12, 1, monday}));
  CHECK(until(t, days(1)).empty());
  trigger d{.id = 1, .kind = trigger_kind::date, .steps = steps({days(0)}), .minute = 0};
  REQUIRE(t.use(trigger_book::make({d}).value()));
  CHECK(times(until(t, days(300))) == durations{days(11)});
  d.days_before = 1;
  REQUIRE(t.use(trigger_book::make({d}).value()));
  CHECK(times(until(t, days(400))) == durations{days(376)});
}

TEST_CASE("decode: state alone, refused until it has its book, and only what was written") {
  trigger d{.id = 5, .kind = trigger_kind::date, .steps = steps({days(0)})};
  trigger b{.id = 6, .kind = trigger_kind::back_in_stock, .steps = steps({days(0)})};
  triggers t = shop({cart(), d, b});
  tell(t, did(ann, event_kind::add_to_cart, hours(9), 3, 200));
  tell(t, did(bob, event_kind::add_to_cart, hours(10), 3, 200));
  tell(t, did(bob, event_kind::add_to_wishlist, hours(10), 4));
  REQUIRE(t.observe(offer::date_change{ann, 0, 2, 29, monday}));
  REQUIRE(t.observe(offer::stock_change{item_id{4}, 1, 0, monday + hours(1)}));
  CHECK(until(t, hours(10) + minutes(5)).size() == 1);
  tell(t, did(bob, event_kind::view_home, hours(11)));
  REQUIRE(t.observe(did(bob, event_kind::view_home, hours(5)), origin::backfill));
  REQUIRE(t.observe(offer::price_change{item_id{4}, 5, 6, monday + hours(11)}));
  const std::vector<std::byte> bytes = bytes_of(t);
  triggers back = read(bytes).value();
  REQUIRE(same(back, t));
  mailbox box;
  CHECK(back.observe(did(ann, event_kind::view_home, hours(11))) == errc::stale);
  CHECK(back.advance(monday + days(1), box) == errc::stale);
  REQUIRE(back.use(t.book()));
  REQUIRE(same(back, t));
  CHECK(until(back, days(500)) == until(t, days(500)));
  CHECK(same(back, t));
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    CHECK_FALSE(read({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(cut)}));
  }
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (const int flip : {1, 2, 0x80, 0xFF}) {
      std::vector<std::byte> wrong = bytes;
      wrong[i] ^= static_cast<std::byte>(flip);
      auto out = read(wrong);
      if (!out) continue;
      CHECK(bytes_of(*out) == wrong);
      REQUIRE(out->use(t.book()));
      mailbox any;
      static_cast<void>(out->advance(out->now() + days(400), any));
    }
  }
}
