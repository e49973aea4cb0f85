#include "tailor/offer/explain.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "../catch.hpp"
#include "shop.hpp"
#include "tailor/offer/condition_words.hpp"

using namespace tailor;
using namespace tailor::offer;

namespace {

using shop::book;
using shop::make_book;
std::vector<std::string> said(const blocked_rule& b) { return {b.path, b.wanted, b.had}; }

/// What blocks the one rule of a book.
std::vector<std::string> why_not(offer::rule r, const shop::cart& c, const request& q = {}) {
  const book b = make_book({std::move(r)});
  match_state state;
  REQUIRE(b.match(c, q, state).empty());
  return said(explainer(b, c, q, shop::euro(), state).why_not(0));
}
std::vector<std::string> why_not(condition when, const shop::cart& c) {
  return why_not(offer::rule{.name = "r", .when = std::move(when)}, c);
}
using words = std::vector<std::string>;

}  // namespace

TEST_CASE("explainer: the first thing that blocked a rule, with what was there") {
  shop::cart c;
  c.total = 49'90;
  c.visits = 3;
  c.country = "DE";
  c.lines = {{.sku = 1, .price = 10'00, .pieces = 1, .brand = "a"},
             {.sku = 2, .price = 5'00, .pieces = 2, .brand = "b"}};
  CHECK(why_not(the("total") >= 50'00, c) == words{"/when", "total >= 50.00 EUR", "49.90 EUR"});
  CHECK(why_not(the("visits") > 1 && the("country").is("FR") && the("total") > 90'00, c) ==
        words{"/when/all/1", "country = FR", "DE"});
  CHECK(why_not(!the("country").any_of({"DE", "AT"}), c) ==
        words{"/when/none/0", "not: country any of DE, AT", "DE"});
  CHECK(why_not(the("total").between(1, 2) || the("visits") == 9, c) ==
        words{"/when", "(total between 0.01 EUR and 0.02 EUR or visits = 9)", ""});
  CHECK(why_not(the("city").is("x"), c) == words{"/when", "city = x", "not known"});
  CHECK(why_not(the("city").exists(), c) == words{"/when", "city is known", "not known"});
  CHECK(why_not(the("member").holds(), c) == words{"/when", "member = yes", "no"});
  CHECK(why_not(the("born") > days(365).us, c) ==
        words{"/when", "born > 1971-01-01 00:00 UTC", "1970-01-01 00:00 UTC"});
  CHECK(why_not(all_lines(the("brand").is("a")), c) ==
        words{"/when", "every line has brand = a", ""});
  CHECK(why_not(count_of_lines(the("price") > 6'00) >= 2, c) ==
        words{"/when", "the number of lines with price > 6.00 EUR >= 2", "1"});
  CHECK(why_not(sum_over_lines("price") >= 20'00, c) ==
        words{"/when", "the sum of price over the lines >= 20.00 EUR", "15.00 EUR"});
  CHECK(why_not(member_of("vip"), c) == words{"/when", "the shopper is in vip", ""});
  CHECK(why_not(the("visits").any_of({10, 11, 12, 13, 14, 15, 16}), c) ==
        words{"/when", "visits any of 10, 11, 12, 13, 14 and 2 more", "3"});
  CHECK(why_not(no_line({}), c) == words{"/when", "no line has anything", ""});

  offer::rule later{.name = "r", .from = {days(3).us}, .channels = {"web"}};
  CHECK(why_not(later, c) ==
        words{"/from", "@now >= 1970-01-04 00:00 UTC", "1970-01-01 00:00 UTC"});
  CHECK(why_not(later, c, {.now = {days(3).us}, .channel = "mail"}) ==
        words{"/channels", "@channel any of web", "mail"});
}

TEST_CASE("explainer: near misses are the rules that one thing kept away") {
  shop::cart c;
  c.total = 10;
  c.visits = 3;
  c.country = "DE";
  const book b =
      make_book({{.name = "a holds", .when = the("total") >= 10},
                 {.name = "b one away", .when = the("total") >= 11 && the("visits") == 3},
                 {.name = "c two away", .when = the("total") >= 11 && the("visits") == 4},
                 {.name = "d of lines", .when = any_line({}) && the("visits") == 3},
                 {.name = "e one way or the other",
                  .when = the("total") >= 11 || (the("total") > 90 && the("visits") > 9)}});
  match_state state;
  const explainer e(b, c, {}, shop::euro(), state);
  std::vector<std::string> found;
  for (const blocked_rule& m : e.near_misses(10)) found.push_back(b[m.rule].name);
  CHECK(found == words{"b one away", "d of lines", "e one way or the other"});
  CHECK(e.near_misses(1).size() == 1);
  CHECK(e.near_misses(0).empty());
}

TEST_CASE("explainer: whatever is found does not hold, and is blocked where it says") {
  shop::random r(9);
  for (int round = 0; round < 100; ++round) {
    std::vector<offer::rule> rules;
    for (int i = 0; i < 50; ++i) {
      rules.push_back({.name = "r" + std::to_string(i), .when = shop::any_condition(r)});
    }
    const book b = make_book(rules);
    const shop::cart c = shop::any_cart(r);
    match_state state;
    std::vector<bool> holds(b.size());
    for (const std::uint32_t i : b.match(c, {}, state)) holds[i] = true;
    const explainer e(b, c, {}, shop::euro(), state);
    std::uint32_t before = 0;
    for (const blocked_rule& m : e.near_misses(100)) {
      REQUIRE_FALSE(holds[m.rule]);
      REQUIRE(m.rule >= before);
      REQUIRE(m.path.starts_with("/when"));
      REQUIRE_FALSE(m.wanted.empty());
      before = m.rule;
    }
    for (std::uint32_t i = 0; i < b.size(); ++i) {
      if (!holds[i]) REQUIRE_FALSE(e.why_not(i).wanted.empty());
    }
  }
}
