#include "tailor/offer/rule_book.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "../catch.hpp"
#include "shop.hpp"
#include "tailor/core/published.hpp"
#include "tailor/offer/checkout.hpp"
#include "tailor/offer/condition_words.hpp"

using namespace tailor;
using namespace tailor::offer;

namespace {

using book = rule_book<shop::cart>;

result<book> make(std::vector<offer::rule> rules, std::vector<mistake>* found = nullptr) {
  return book::make(shop::cart_fields(), shop::line_fields(), std::move(rules), {}, found);
}

offer::rule named(std::string name, condition when) {
  return {.name = std::move(name), .when = std::move(when)};
}

std::vector<std::string> names(const book& b, std::span<const std::uint32_t> matched) {
  std::vector<std::string> out;
  for (const std::uint32_t i : matched) out.push_back(b[i].name);
  return out;
}

/// The mistakes of one rule: code and path of each.
std::vector<std::pair<errc, std::string>> faults(offer::rule r) {
  std::vector<mistake> found;
  const auto made = make({std::move(r)}, &found);
  CHECK(made.code() == (found.empty() ? errc::ok : found.front().code));
  std::vector<std::pair<errc, std::string>> out;
  for (const mistake& m : found) out.emplace_back(m.code, m.path);
  return out;
}
std::vector<std::pair<errc, std::string>> faults(condition when) {
  return faults(named("r", std::move(when)));
}
using places = std::vector<std::pair<errc, std::string>>;

}  // namespace

TEST_CASE("rule book: the rules that hold are those that a slow reading finds") {
  shop::random r(1);
  std::size_t matched = 0;
  std::size_t asked = 0;
  for (int round = 0; round < 120; ++round) {
    std::vector<offer::rule> rules;
    const std::int64_t count = shop::pick(r, 1, round % 10 == 0 ? 700 : 60);
    for (std::int64_t i = 0; i < count; ++i) {
      rules.push_back(named("r" + std::to_string(i), shop::any_condition(r)));
      rules.back().priority = static_cast<std::int32_t>(shop::pick(r, 0, 3));
    }
    const book b = make(rules).value();
    match_state state;
    for (int c = 0; c < 20; ++c) {
      const shop::cart cart = shop::any_cart(r);
      const shop::segments who{shop::chance(r, 50) ? "xy" : "z"};
      std::vector<std::uint32_t> expected;
      for (std::uint32_t i = 0; i < b.size(); ++i) {
        if (shop::holds(b[i].when, cart, who)) expected.push_back(i);
      }
      const auto found = b.match(cart, {}, state, who);
      REQUIRE(std::vector<std::uint32_t>(found.begin(), found.end()) == expected);
      REQUIRE(b.match_slowly(cart, {}, who) == expected);
      matched += found.size();
      asked += b.size();
    }
  }
  CHECK(matched > asked / 5);  // the draw is not vacuous
  CHECK(matched < asked / 5 * 4);
}

TEST_CASE("rule book: many bounds of one field share rows and are still exact") {
  shop::random r(2);
  std::vector<offer::rule> rules;
  for (std::int64_t i = 0; i < 20'000; ++i) {
    rules.push_back(
        named("r" + std::to_string(i), the("total").between(i * 7, i * 7 + shop::pick(r, 0, 30))));
  }
  const book b = make(rules).value();
  match_state state;
  for (int i = 0; i < 300; ++i) {
    shop::cart cart;
    cart.total = shop::pick(r, -50, 140'100);
    const auto found = b.match(cart, {}, state);
    REQUIRE(std::vector<std::uint32_t>(found.begin(), found.end()) == b.match_slowly(cart, {}));
  }
  CHECK(b.compiled().index.memory() <= match_index::most_bytes);
  CHECK(b.compiled().box_rule.back() >= compiled_rules::ask);
}

TEST_CASE("rule book: priority first, then name, whatever the order they came in") {
  shop::random r(3);
  std::vector<offer::rule> rules;
  for (int i = 0; i < 40; ++i) {
    rules.push_back(named("n" + std::to_string(i), {}));
    rules.back().priority = i % 5;
  }
  const book first = make(rules).value();
  match_state state;
  const auto expected = names(first, first.match({}, {}, state));
  CHECK(expected.front() == "n14");
  CHECK(expected[1] == "n19");
  CHECK(expected.back() == "n5");
  for (int round = 0; round < 20; ++round) {
    std::shuffle(rules.begin(), rules.end(), r);
    const book again = make(rules).value();
    CHECK(names(again, again.match({}, {}, state)) == expected);
  }
}

TEST_CASE("rule book: schedule, hours, channel, arm and audience") {
  offer::rule all = named("all", the("member").holds());
  all.from = {days(10).us};
  all.until = {days(20).us};
  all.channels = {"web", "app"};
  all.arms = {"price=B"};
  all.audience = {"x", "y"};
  const book b = make({all}).value();
  shop::cart member;
  member.member = true;
  match_state state;
  const std::string_view arm[] = {"other=A", "price=B"};
  const auto holds = [&](timestamp now, std::string_view channel,
                         std::span<const std::string_view> arms, std::string in) {
    return !b.match(member, {now, channel, arms}, state, shop::segments{std::move(in)}).empty();
  };
  CHECK(holds({days(10).us}, "app", arm, "y"));
  CHECK(holds({days(20).us - 1}, "web", arm, "x"));
  CHECK_FALSE(holds({days(20).us}, "web", arm, "x"));  // half-open
  CHECK_FALSE(holds({days(10).us - 1}, "web", arm, "x"));
  CHECK_FALSE(holds({days(10).us}, "mail", arm, "x"));
  CHECK_FALSE(holds({days(10).us}, "web", std::span(arm).first(1), "x"));
  CHECK_FALSE(holds({days(10).us}, "web", arm, "z"));
  CHECK(b.personal(0));
  CHECK_FALSE(make({named("plain", the("total") > 1)}).value().personal(0));
}

TEST_CASE("rule book: the audience is asked once a segment and cart, lines included") {
  const condition in_x = member_of("x");
  offer::rule lines = named("lines", in_x);
  lines.gives = percent_off{.share = 100, .on = {in_x}};
  const book b = make({lines, named("again", in_x), named("other", member_of("y"))}).value();
  int asked = 0;
  const auto count = [&asked](std::string_view) { return ++asked > 0; };
  checkout_state state;
  receipt out;
  shop::cart c;
  c.lines = {{.sku = 1, .price = 100}, {.sku = 2, .price = 100}};
  const checkout<shop::cart> till(shop::euro());
  CHECK(till.price(b, c, {}, state, out, count));
  CHECK(asked == 2);
  CHECK(out.after == 198);
  CHECK(till.price(b, c, {}, state, out, count));
  CHECK(asked == 4);
}

TEST_CASE("rule book: hours of the week in the zone of the shop, over midnight") {
  offer::rule late = named("late", {});
  late.hours = {{.days = {5}, .from = 22 * 60, .until = 2 * 60}};  // Friday 22:00 to Saturday 2:00
  const auto b = book::make(shop::cart_fields(), shop::line_fields(), {late}, {.zone = hours(2)});
  match_state state;
  // 1970-01-01 was a Thursday: Friday 22:00 in the shop is 20:00 UTC of the second day.
  const timestamp begin = timestamp{} + days(1) + hours(20);
  for (std::int64_t week = -3; week < 4; ++week) {
    for (std::int64_t m = -60; m < 5 * 60; ++m) {
      const timestamp now = begin + days(7 * week) + minutes(m);
      CHECK(b->match({}, {now}, state).size() == (m >= 0 && m < 4 * 60 ? 1u : 0u));
    }
  }
  CHECK(book::make(shop::cart_fields(), shop::line_fields(), {}, {.zone = days(1)}) ==
        errc::out_of_range);
}

TEST_CASE("rule book: a mistake is told with its rule and place, and nothing is made") {
  using enum errc;
  CHECK(faults(the("totl") > 1) == places{{unknown, "/when/field"}});
  CHECK(faults(the("total") > 1 && the("religion").is("x")) ==
        places{{no_consent, "/when/all/1/field"}});
  CHECK(faults(the("total").is("5")) == places{{malformed, "/when"}});
  CHECK(faults(the("country") == 5) == places{{malformed, "/when"}});
  CHECK(faults(the("country") > 5) == places{{conflict, "/when"}});
  CHECK(faults(the("member") < 1) == places{{conflict, "/when"}});
  CHECK(faults(the("tags").is("a")) == places{{conflict, "/when"}});
  CHECK(faults(the("country").all_of({"a"})) == places{{conflict, "/when"}});
  CHECK(faults(the("total").contains("a")) == places{{conflict, "/when"}});
  CHECK(faults(the("total").between(5, 4)) == places{{out_of_range, "/when"}});
  CHECK(faults(the("total").any_of(std::vector<std::int64_t>{})) == places{{malformed, "/when"}});
  CHECK(faults(the("total").any_of(std::vector<std::int64_t>(1'001))) ==
        places{{oversized, "/when"}});
  CHECK(faults(the("country").is(std::string(1'001, 'a'))) == places{{oversized, "/when"}});
  CHECK(faults(condition{test{"total", static_cast<test_operator>(99), {1}, {}}}) ==
        places{{unknown, "/when"}});
  CHECK(faults(condition{group{joined_by::any, {}}}) == places{{malformed, "/when"}});
  CHECK(faults(any_line(any_line({}))) == places{{conflict, "/when/where"}});
  CHECK(faults(any_line(the("total") > 1)) == places{{unknown, "/when/where/field"}});
  CHECK(faults(sum_over_lines("brand") > 1) == places{{conflict, "/when/field"}});
  CHECK(faults(member_of("")) == places{{empty_id, "/when"}});

  condition deep = the("total") > 1;
  for (int i = 0; i < 15; ++i) deep = !std::move(deep);
  CHECK(faults(deep).empty());
  CHECK(faults(!deep).size() == 1);
  group wide;
  for (int i = 0; i < 255; ++i) wide.parts.push_back(the("total") > i);
  CHECK(faults(condition{wide}).empty());
  for (int i = 0; i < 1'000; ++i) wide.parts.push_back(the("total") > i);
  CHECK(faults(condition{wide}) == places{{oversized, "/when/all/255"}});

  offer::rule r = named("", {});
  CHECK(faults(r) == places{{malformed, "/name"}});
  r.name = "r";
  r.from = r.until = {5};
  CHECK(faults(r) == places{{out_of_range, "/until"}});
  r.until = {6};
  r.hours = {{.days = {8}}, {.from = 5, .until = 5}};
  CHECK(faults(r) == places{{out_of_range, "/hours"}, {out_of_range, "/hours"}});
  CHECK(make({named("twice", {}), named("twice", {})}) == duplicate);
  CHECK(book::make(shop::cart_fields(), shop::line_fields(), {named("a", {}), named("b", {})},
                   {.most_rules = 1}) == full);
}

TEST_CASE("rule book: fields of one name, or with a name of the library") {
  const auto twice = fields<shop::cart>{}
                         .number("x", [](const shop::cart& c) { return c.total; })
                         .number("x", [](const shop::cart& c) { return c.total; });
  CHECK(book::make(twice, shop::line_fields(), {}) == errc::duplicate);
  const auto taken =
      fields<shop::cart>{}.number("@now", [](const shop::cart& c) { return c.total; });
  CHECK(book::make(taken, shop::line_fields(), {}) == errc::malformed);
}

TEST_CASE("rule book: readers go on while another book is published") {
  CHECK(book{}.match_slowly({}, {}).empty());
  published<book> current(make({named("0", {})}).value());
  std::atomic<bool> wrong{false};
  std::vector<std::thread> readers;
  for (int t = 0; t < 3; ++t) {
    readers.emplace_back([&] {
      match_state state;
      for (std::size_t before = 0; before < 50;) {
        const auto view = current.read();
        // Each book has one rule more than the one before, and all hold.
        const std::size_t found = view->match({}, {}, state).size();
        wrong = wrong || found != view->size() || found < before;
        before = found;
      }
    });
  }
  std::vector<offer::rule> rules = {named("0", {})};
  while (rules.size() < 50) {
    rules.push_back(named(std::to_string(rules.size()), {}));
    current.publish(make(rules).value());
  }
  for (std::thread& t : readers) t.join();
  CHECK_FALSE(wrong);
}

TEST_CASE("rule book: text of a cart is text, whatever it says") {
  const book b = make({named("sql", the("city").is("'; DROP TABLE offers; --")),
                       named("el", the("city").is("${T(java.lang.Runtime)}")),
                       named("format", the("city").contains("%n%s"))})
                     .value();
  match_state state;
  shop::cart c;
  c.city = "'; DROP TABLE offers; --";
  CHECK(names(b, b.match(c, {}, state)) == std::vector<std::string>{"sql"});
  c.city = "${T(java.lang.Runtime)}";
  CHECK(names(b, b.match(c, {}, state)) == std::vector<std::string>{"el"});
  c.city = std::string(100'000, '%') + "n%s";
  CHECK(names(b, b.match(c, {}, state)) == std::vector<std::string>{"format"});
}
