#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "../support/rounds.hpp"
#include "slow_rules.hpp"
#include "tailor/segment/rule_words.hpp"
#include "tailor/segment/segment_reader.hpp"
#include "tailor/testing/histories.hpp"

using namespace tailor_test;
using events::event_kind;

namespace {

constexpr timestamp start = made_up::start;

events::timeline timeline_of(const std::vector<events::event>& all) {
  events::timeline out;
  for (const events::event& e : all) REQUIRE(out.observe(e));
  return out;
}

events::event happened(event_kind kind, std::int64_t hour, std::uint64_t item = 3,
                       std::int64_t price = 100) {
  events::event e;
  e.user = user_id{1};
  e.kind = kind;
  e.item = item_id{item};
  e.at = start + hours(hour);
  e.unit_price = price;
  return e;
}

/// Histories with refunds now and then.
std::vector<events::event> shop(std::uint64_t seed) {
  auto all = testing::random_history(seed, {.shoppers = 5, .events = 60});
  for (std::size_t i = 0; i < all.size(); i += 5) {
    if (all[i].kind == event_kind::purchase) all[i].kind = event_kind::refund;
  }
  return all;
}

}  // namespace

TEST_CASE("rules: who is in, at any moment, as the definition says") {
  const made_up facts;
  const ladder model;
  const rule_names names = names_of(facts, model);
  std::int64_t members = 0;
  std::int64_t flips = 0;
  for (std::uint64_t seed = 0; seed < tailor_test::rounds(200u); ++seed) {
    const auto all = random_rules(seed).make(8);
    std::vector<mistake> mistakes;
    const auto book = segment_book::make(all, names, &mistakes);
    for (const mistake& m : mistakes) UNSCOPED_INFO(m.path << ": " << m.what);
    REQUIRE(book);
    const events::timeline history = timeline_of(shop(seed));
    const slow_rules slow(all, facts, model);
    segment_reader reader(*book, history);
    for (std::uint32_t h = 0; h < history.shopper_limit(); ++h) {
      const user_id user = history.shopper_at(h);
      for (std::uint32_t s = 0; s < book->size(); ++s) {
        CAPTURE(seed, h, s, text_of(all[s].who));
        // Hour by hour: nothing happens between.
        std::vector<bool> truth;
        for (int hour = -1; hour < 60; ++hour) {
          truth.push_back(slow.is_in(book->name(s), history, user, start + hours(hour)));
        }
        const auto at = [&](int hour) { return truth[static_cast<std::size_t>(hour + 1)]; };
        std::optional<timestamp> since;
        for (int hour = -1; hour < 60; ++hour) {
          const timestamp now = start + hours(hour);
          if (!at(hour)) since.reset();
          if (at(hour) && !since) since = now;
          reader.look_at(h, now);
          const auto v = reader.is_in(s);
          REQUIRE(v.is == at(hour));
          REQUIRE(v.until > now);
          members += v.is;
          int kept = hour;
          while (kept < 60 && start + hours(kept) < v.until && at(kept) == v.is) ++kept;
          REQUIRE((kept == 60 || start + hours(kept) >= v.until));
        }
        for (const int hour : {-1, 3, 17, 30}) {
          const timestamp flip = reader.next_flip(s, h, start + hours(hour));
          int later = hour;
          while (later < 60 && at(later) == at(hour)) ++later;
          if (later < 60) {
            REQUIRE(flip == start + hours(later));
            ++flips;
          } else {
            REQUIRE(flip >= start + hours(60));
          }
        }
        REQUIRE(reader.member_since(s, h, start + hours(59)) == since);
      }
    }
  }
  CHECK(members > 20'000);
  CHECK(flips > 1'000);
}

TEST_CASE("rules: words make the data that they say") {
  const rule r =
      number_of(purchases(), last(days(30))) >= 2 && !is("city", "Bern") && has("points");
  const group& g = std::get<group>(r.is);
  CHECK(g.how == joined_by::all);
  REQUIRE(g.parts.size() == 3);
  const auto& count = std::get<event_test>(g.parts[0].is);
  CHECK(count.which.kinds == std::vector{event_kind::purchase});
  CHECK(count.op == comparison::at_least);
  CHECK(count.bound == 2);
  CHECK(std::get<group>(g.parts[1].is).how == joined_by::none);
  CHECK(text_of(g.parts[0]) == "events of purchase in the last 30 days >= 2");
  CHECK(r == rule(r));
  CHECK(!(r == g.parts[0]));
  CHECK(text_of(did(carts(), next(hours(3)))) == "events of add_to_cart in the next 3 hours >= 1");
  CHECK(text_of(funnel({then(carts()), but_not(purchases())}, days(1))) ==
        "add_to_cart, but no purchase within 1 day");
}

TEST_CASE("rules: an abandoned cart is one when its time is over, to the microsecond") {
  const auto book = segment_book::make(
      {{"left it", funnel({then(carts()), but_not(purchases())}, hours(24), last(days(7)))}},
      rule_names());
  events::timeline history = timeline_of({happened(event_kind::add_to_cart, 0)});
  segment_reader reader(*book, history);
  CHECK(reader.next_flip(0, 0, start) == start + hours(24));
  CHECK(reader.next_flip(0, 0, start + hours(24)) == start + days(7));
  CHECK(reader.segments_of(user_id{1}, start + hours(24) - microseconds(1)).empty());
  CHECK(reader.segments_of(user_id{1}, start + hours(24)) == std::vector<std::uint32_t>{0});
  const auto answer = reader.explain(0, user_id{1}, start + hours(30));
  REQUIRE(answer);
  CHECK(answer->is);
  CHECK(answer->since == start + hours(24));
  CHECK(answer->until == start + days(7));
  REQUIRE(answer->reasons.size() == 1);
  CHECK(answer->reasons[0].holds);
  REQUIRE(history.observe(happened(event_kind::purchase, 23)));
  CHECK(reader.segments_of(user_id{1}, start + hours(24)).empty());
  CHECK(reader.next_flip(0, 0, start) == never);
}

TEST_CASE("rules: a reason has its value, its threshold and its time") {
  const auto book = segment_book::make(
      {{"spender", revenue(last(days(10))) >= 300 && number_of(views()) < 2}}, rule_names());
  const events::timeline history = timeline_of({happened(event_kind::purchase, 0, 3, 250),
                                                happened(event_kind::purchase, 48, 4, 100),
                                                happened(event_kind::view_item, 50)});
  segment_reader reader(*book, history);
  const auto answer = reader.explain(0, user_id{1}, start + hours(60));
  REQUIRE(answer);
  CHECK(answer->is);
  CHECK(answer->since == start + hours(48));
  CHECK(answer->until == start + days(10));
  REQUIRE(answer->reasons.size() == 2);
  CHECK(answer->reasons[0].text == "revenue of purchase or refund in the last 10 days >= 300");
  CHECK(answer->reasons[0].value == 350);
  CHECK(answer->reasons[0].until == start + days(10));
  CHECK(answer->reasons[1].value == 1);
  CHECK(answer->reasons[1].until == never);
  CHECK_FALSE(reader.explain(0, user_id{2}, start));
  CHECK_FALSE(reader.explain(0, user_id{1}, start - hours(1)));
}

TEST_CASE("rules: sums at the ends of numbers and of time are exact") {
  const rule most = measure(measured::revenue, purchases()) >= INT64_MAX;
  const rule far = number_of(purchases(), last(duration{INT64_MAX - 1})) >= 1;
  const auto book = segment_book::make({{"most", most}, {"far", far}}, rule_names());
  REQUIRE(book);
  events::event e = happened(event_kind::purchase, 0, 1, INT64_MAX);
  e.quantity = events::max_line_quantity;
  events::timeline history = timeline_of({e});
  segment_reader reader(*book, history);
  CHECK(reader.segments_of(user_id{1}, start) == std::vector<std::uint32_t>{0, 1});
  CHECK(reader.next_flip(1, 0, timestamp{INT64_MAX - 5}) == never);
  e.at = timestamp{INT64_MIN};
  REQUIRE(history.observe(e));
  CHECK(reader.segments_of(user_id{1}, timestamp{INT64_MAX}) == std::vector<std::uint32_t>{0, 1});
  CHECK(reader.segments_of(user_id{1}, timestamp{INT64_MIN}) == std::vector<std::uint32_t>{0, 1});
}

TEST_CASE("rules: an anniversary of 29 February, and of a year's end") {
  struct {
    timestamp birthday;
    property_value value(user_id, std::size_t) const { return date_value(birthday); }
  } facts{};
  rule_names names;
  REQUIRE(names.shoppers(facts, {{"birthday", property_type::date}}));
  const auto book = segment_book::make({{"soon", anniversary("birthday", 3)}}, names);
  const auto day = [](int y, int m, int d) {
    return timestamp{days_since_epoch({y, m, d}) * days(1).us};
  };
  events::event e = happened(event_kind::view_item, 0);
  e.at = day(2020, 1, 1);
  const events::timeline history = timeline_of({e});
  segment_reader reader(*book, history);
  facts.birthday = day(2000, 2, 29);
  CHECK(reader.next_flip(0, 0, day(2021, 1, 1)) == day(2021, 2, 27));
  CHECK(reader.next_flip(0, 0, day(2021, 2, 27)) == day(2021, 3, 2));
  CHECK(reader.next_flip(0, 0, day(2024, 1, 1)) == day(2024, 2, 27));
  CHECK(reader.next_flip(0, 0, day(2024, 2, 27)) == day(2024, 3, 1));
  facts.birthday = day(1990, 1, 1);
  CHECK(reader.next_flip(0, 0, day(2021, 6, 1)) == day(2021, 12, 30));
}

TEST_CASE("rules: a source that breaks its word about a type is as one that does not know") {
  struct {
    property_value value(user_id, std::size_t) const { return number_value(3); }
  } facts{};
  rule_names names;
  REQUIRE(names.shoppers(facts, {{"city", property_type::text}}));
  CHECK(names.shoppers(facts, {{"a", property_type::text}, {"city", property_type::text}}) ==
        errc::conflict);
  CHECK_FALSE(names.find_shopper_property("a"));
  const auto book = segment_book::make({{"x", is("city", "3")}, {"y", has("city")}}, names);
  const events::timeline history = timeline_of({happened(event_kind::view_item, 0)});
  segment_reader reader(*book, history);
  CHECK(reader.segments_of(user_id{1}, start).empty());
}

TEST_CASE("rules: a funnel reads its latest thousand events, and takes no longer") {
  std::vector<events::event> all;
  for (int i = 0; i < 3'000; ++i) {
    all.push_back(happened(event_kind::view_item, i));
    all.push_back(happened(event_kind::add_to_cart, i));
  }
  const auto book = segment_book::make(
      {{"f", funnel({then(views()), then(carts()), then(purchases())}, days(3'000))}},
      rule_names());
  const events::timeline history = timeline_of(all);
  segment_reader reader(*book, history);
  CHECK(reader.segments_of(user_id{1}, start + days(400)).empty());
}
