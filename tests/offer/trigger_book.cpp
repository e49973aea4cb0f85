#include "tailor/offer/trigger_book.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "../catch.hpp"

using namespace tailor;
using events::event_kind;
using offer::trigger;
using offer::trigger_book;
using offer::trigger_kind;

namespace {

trigger fine() {
  return {.id = 1, .kind = trigger_kind::abandoned_cart, .steps = {{.delay = hours(1)}}};
}

template <class F>
errc refused(const F& spoil) {
  trigger t = fine();
  spoil(t);
  return trigger_book::make({t}).code();
}

}  // namespace

TEST_CASE("trigger book: usual values are filled in by kind") {
  std::vector<trigger> all;
  for (std::uint8_t k = 11; k >= 1; --k) {
    trigger t = fine();
    t.id = k;
    t.kind = static_cast<trigger_kind>(k);
    t.refills = {{item_id{1}, days(1)}};
    all.push_back(t);
  }
  const auto book = trigger_book::make(all);
  REQUIRE(book);
  const trigger& cart = *book->find(1);
  CHECK(cart.filter.kinds == offer::kind_set{event_kind::add_to_cart});
  CHECK(cart.cancel_on == offer::kind_set{event_kind::purchase});
  CHECK(cart.back == offer::on_return::goes_on);
  CHECK(book->find(4)->back == offer::on_return::cancels);
  CHECK(book->find(4)->filter.kinds == offer::visits());
  CHECK(book->find(6)->audience == offer::interest{.viewed = true});
  CHECK(book->find(7)->audience == offer::interest{.wished = true});
  CHECK(book->find(8)->audience ==
        offer::interest{.viewed = true, .in_cart = true, .checkout = true});
  CHECK(book->find(12) == nullptr);
  CHECK(book->all().front().id == 1);
  CHECK(book->needs_cart());
  CHECK(book->started_by(event_kind::purchase).size() == 3);
  CHECK(book->started_by(event_kind::view_item).size() == 2);
  CHECK(trigger_book::make({book->all().begin(), book->all().end()}).value() == *book);
}

TEST_CASE("trigger book: what a definition says is kept") {
  trigger t = fine();
  t.filter.kinds = {event_kind::begin_checkout};
  t.filter.items = {item_id{9}, item_id{2}};
  t.cancel_on = offer::kind_set{};
  t.back = offer::on_return::cancels;
  const auto book = trigger_book::make({t});
  REQUIRE(book);
  const trigger& kept = book->all()[0];
  CHECK(kept.filter.kinds == t.filter.kinds);
  CHECK(kept.filter.items == std::vector<item_id>{item_id{2}, item_id{9}});
  CHECK(kept.cancel_on->empty());
  CHECK(kept.back == offer::on_return::cancels);
}

TEST_CASE("trigger book: mistakes are refused by name and place") {
  CHECK(refused([](trigger&) {}) == errc::ok);
  CHECK(refused([](trigger& t) { t.kind = static_cast<trigger_kind>(0); }) == errc::out_of_range);
  CHECK(refused([](trigger& t) { t.kind = static_cast<trigger_kind>(12); }) == errc::out_of_range);
  CHECK(refused([](trigger& t) { t.steps.clear(); }) == errc::out_of_range);
  CHECK(refused([](trigger& t) { t.steps.resize(17); }) == errc::full);
  CHECK(refused([](trigger& t) { t.steps[0].delay = {-1}; }) == errc::out_of_range);
  CHECK(refused([](trigger& t) { t.steps[0].delay = days(3'661); }) == errc::out_of_range);
  CHECK(refused([](trigger& t) { t.steps.push_back({.delay = minutes(1)}); }) == errc::conflict);
  CHECK(refused([](trigger& t) {
          t.steps.push_back({.delay = minutes(1)});
          t.delays = offer::delay_from::step_before;
        }) == errc::ok);
  CHECK(refused([](trigger& t) { t.steps[0].on = static_cast<offer::channel>(0); }) ==
        errc::out_of_range);
  CHECK(refused([](trigger& t) { t.steps[0].name = std::string(257, 'x'); }) == errc::oversized);
  CHECK(refused([](trigger& t) { t.name = std::string(257, 'x'); }) == errc::oversized);
  CHECK(refused([](trigger& t) { t.filter.items.resize(10'001); }) == errc::full);
  CHECK(refused([](trigger& t) { t.filter.least_value = INT64_MAX; }) == errc::ok);
  CHECK(refused([](trigger& t) { t.filter = {.least_value = 2, .most_value = 1}; }) ==
        errc::conflict);
  CHECK(refused([](trigger& t) { t.again = {offer::reentry::unit::all_time, 2}; }) ==
        errc::out_of_range);
  CHECK(refused([](trigger& t) { t.again = {offer::reentry::unit::day, 0}; }) ==
        errc::out_of_range);
  CHECK(refused([](trigger& t) { t.again = {static_cast<offer::reentry::unit>(0), 1}; }) ==
        errc::out_of_range);
  CHECK(refused([](trigger& t) { t.delays = static_cast<offer::delay_from>(2); }) ==
        errc::out_of_range);
  CHECK(refused([](trigger& t) { t.back = static_cast<offer::on_return>(3); }) ==
        errc::out_of_range);
  CHECK(refused([](trigger& t) { t.quiet.until = 1'440; }) == errc::out_of_range);
  CHECK(refused([](trigger& t) { t.idle = {}; }) == errc::out_of_range);
  CHECK(refused([](trigger& t) { t.silence = {}; }) == errc::out_of_range);
  CHECK(refused([](trigger& t) { t.look_back = {INT64_MAX}; }) == errc::out_of_range);
  CHECK(refused([](trigger& t) { t.kind = trigger_kind::replenishment; }) == errc::out_of_range);
  CHECK(refused([](trigger& t) { t.refills = {{item_id{1}, {}}}; }) == errc::out_of_range);
  CHECK(refused([](trigger& t) { t.refills.resize(100'001); }) == errc::full);
  CHECK(refused([](trigger& t) { t.refills = {{item_id{1}, days(2)}, {item_id{1}, days(1)}}; }) ==
        errc::duplicate);
  CHECK(refused([](trigger& t) { t.fall.least = 0; }) == errc::out_of_range);
  CHECK(refused([](trigger& t) { t.fall.least = 10'001; }) == errc::out_of_range);
  CHECK(refused([](trigger& t) { t.fall = {offer::price_fall::unit::amount, 10'001}; }) ==
        errc::ok);
  CHECK(refused([](trigger& t) { t.threshold = 0; }) == errc::out_of_range);
  CHECK(refused([](trigger& t) { t.days_before = 365; }) == errc::out_of_range);
  CHECK(refused([](trigger& t) { t.minute = 1'440; }) == errc::out_of_range);
  CHECK(refused([](trigger& t) { t.zone_minutes = 1'081; }) == errc::out_of_range);
  CHECK(trigger_book::make({fine(), fine()}) == errc::duplicate);
  CHECK(trigger_book::make({fine(), fine()}).error().at == 1);
  CHECK(trigger_book::make(std::vector<trigger>(257, fine())) == errc::full);
  CHECK(trigger_book::make({}));
}

TEST_CASE("re-entry: the next entry is free exactly when its time has passed") {
  const timestamp t0{1'000};
  CHECK(offer::always.permits(t0, t0));
  CHECK(offer::once_for_ever.permits(std::nullopt, t0));
  CHECK_FALSE(offer::once_for_ever.permits(t0, t0 + days(99'999)));
  CHECK_FALSE(offer::after_days(2).permits(t0, t0 + days(2) - microseconds(1)));
  CHECK(offer::after_days(2).permits(t0, t0 + days(2)));
  CHECK(offer::after_weeks(1).permits(t0, t0 + days(7)));
  CHECK(offer::after_hours(3).permits(t0, t0 + hours(3)));
}

TEST_CASE("visits: what comes from the back office or the mailbox is none") {
  CHECK(offer::is_visit(event_kind::view_page));
  CHECK(offer::is_visit(event_kind::purchase));
  CHECK(offer::is_visit(event_kind::log_in));
  CHECK(offer::is_visit(event_kind::review));
  for (const event_kind k :
       {event_kind::custom, event_kind::refund, event_kind::order_updated,
        event_kind::order_cancelled, event_kind::message_opened, event_kind::message_clicked,
        event_kind::unsubscribed, event_kind::link_identity, event_kind::consent_changed,
        event_kind::erase_user}) {
    CHECK_FALSE(offer::is_visit(k));
  }
}
