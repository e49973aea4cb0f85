#include "tailor/segment/rule_check.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "slow_rules.hpp"
#include "tailor/segment/rule_words.hpp"
#include "tailor/segment/segment_book.hpp"

using namespace tailor_test;

namespace {

const made_up facts;
const ladder model;

/// The only mistake of one definition, as "code path".
std::string mistake_of(const rule& r) {
  const auto found = check_rules({{"a", did(purchases())}, {"b", r}}, names_of(facts, model));
  if (found.empty()) return "none";
  if (found.size() > 1) return "several";
  CHECK(found[0].segment == "b");
  CHECK(std::string(found[0].what) != "");
  return std::string(name_of(found[0].code)) + " " + found[0].path;
}

rule property(const char* name, property_operator op, std::vector<std::int64_t> numbers,
              std::vector<std::string> texts = {}) {
  return {property_test{name, op, std::move(numbers), std::move(texts), {}}};
}

}  // namespace

TEST_CASE("rule check: every mistake has its name and its place") {
  using enum property_operator;
  CHECK(mistake_of(did(purchases())) == "none");
  CHECK(mistake_of(is("town", "Bern")) == "unknown /1/who/property");
  CHECK(mistake_of(did(purchases()) && is("town", "Bern")) == "unknown /1/who/all/1/property");
  CHECK(mistake_of(did(of(purchases(), "make", "x"))) == "unknown /1/who/of/item/0/property");
  CHECK(mistake_of(stands("rfm", 1, 2)) == "unknown /1/who/model");
  CHECK(mistake_of(stands("ladder", "gold")) == "unknown /1/who/label");
  CHECK(mistake_of(stands("ladder", 2, 1)) == "out_of_range /1/who/low");
  CHECK(mistake_of(member_of("c")) == "unknown /1/who/member");
  CHECK(mistake_of(member_of("b")) == "conflict /1/who/member");
  CHECK(mistake_of(did(purchases(), between_ago(days(3), days(3)))) == "out_of_range /1/who/when");
  CHECK(mistake_of(did(purchases(), next(days(3)))) == "out_of_range /1/who/when");
  CHECK(mistake_of(funnel({then(carts())}, duration{-1})) == "out_of_range /1/who/within");
  CHECK(mistake_of(funnel({}, days(1))) == "out_of_range /1/who/funnel");
  CHECK(mistake_of(funnel({but_not(carts()), then(carts())}, days(1))) ==
        "malformed /1/who/funnel/0");
  CHECK(mistake_of(funnel({then(carts()), but_not(carts()), but_not(views())}, days(1))) ==
        "malformed /1/who/funnel/2");
  CHECK(mistake_of(rule{group{joined_by::any, {}}}) == "malformed /1/who/any");
  CHECK(mistake_of(rule{group{joined_by::none, {}}}) == "malformed /1/who/not");
  CHECK(mistake_of(rule{event_test{purchases(), measured::events, {}, comparison{9}, 1}}) ==
        "unknown /1/who/is");
  CHECK(mistake_of(rule{event_test{purchases(), measured{9}, {}, comparison::less, 1}}) ==
        "unknown /1/who/measure");
  CHECK(mistake_of(did(of_kinds({events::event_kind{99}}))) == "unknown /1/who/of/kinds");
  event_filter prices = purchases();
  prices.least_price = 5;
  prices.most_price = 4;
  CHECK(mistake_of(did(prices)) == "out_of_range /1/who/of/price");
  CHECK(mistake_of(property("city", property_operator{77}, {})) == "unknown /1/who/is");
  CHECK(mistake_of(property("city", less, {3})) == "conflict /1/who/is");
  CHECK(mistake_of(property("city", equal, {3})) == "malformed /1/who");
  CHECK(mistake_of(property("points", equal, {3, 4})) == "malformed /1/who");
  CHECK(mistake_of(property("points", any_of, {})) == "malformed /1/who");
  CHECK(mistake_of(property("points", contains, {}, {"a"})) == "conflict /1/who/is");
  CHECK(mistake_of(property("birthday", anniversary, {0})) == "out_of_range /1/who/number");
  CHECK(mistake_of(property("city", any_of, {}, std::vector<std::string>(1'001, "x"))) ==
        "oversized /1/who");
  CHECK(mistake_of(is("city", std::string(1'001, 'x'))) == "oversized /1/who");
  CHECK(mistake_of(did(of_items(purchases(), std::vector<item_id>(1'001)))) ==
        "oversized /1/who/of/items");
}

TEST_CASE("rule check: limits hold, whatever is handed in") {
  rule deep = did(purchases());
  for (int i = 0; i < 100; ++i) deep = !deep;
  CHECK(mistake_of(deep).rfind("oversized /1/who/not/not", 0) == 0);
  rule wide = did(purchases());
  for (int i = 0; i < 300; ++i) wide = wide || did(carts());
  CHECK(mistake_of(wide).rfind("oversized /1/who/any/", 0) == 0);
  // A million conditions: refused after the first 256.
  group million{joined_by::all, std::vector<rule>(1'000'000, did(views()))};
  CHECK(mistake_of(rule{std::move(million)}).rfind("oversized", 0) == 0);
  const auto many = check_rules(std::vector<segment_definition>(10'001), {});
  REQUIRE(many.size() == 1);
  CHECK(many[0].code == errc::full);
}

TEST_CASE("rule check: names, cycles and chains") {
  const rule any = did(purchases());
  const auto codes = [](const std::vector<segment_definition>& all) {
    std::vector<errc> out;
    for (const mistake& m : check_rules(all, {})) out.push_back(m.code);
    return out;
  };
  CHECK(codes({{"a", any}, {"a", any}}) == std::vector{errc::duplicate});
  CHECK(codes({{"", any}}) == std::vector{errc::empty_id});
  CHECK(codes({{"a", member_of("b")}, {"b", member_of("c") || any}, {"c", !member_of("a")}}) ==
        std::vector{errc::conflict});
  const rule lately = member_of("a", last(days(3)));
  CHECK(codes({{"a", any}, {"b", lately}}).empty());
  CHECK(codes({{"a", any}, {"b", lately}, {"c", member_of("b", last(days(3)))}}) ==
        std::vector{errc::conflict});
  std::vector<segment_definition> chain = {{"0", any}};
  for (int i = 1; i < 16; ++i)
    chain.push_back({std::to_string(i), member_of(std::to_string(i - 1))});
  CHECK(codes(chain).empty());
  chain.push_back({"16", member_of("15")});
  CHECK(codes(chain) == std::vector{errc::oversized});
  chain.push_back({"17", member_of("16")});
  CHECK(codes(chain) == std::vector{errc::oversized});
}

TEST_CASE("rule check: all mistakes at once, and a book only without any") {
  std::vector<mistake> all;
  const std::vector<segment_definition> wrong = {{"a", is("town", "x") || stands("rfm", 1, 2)},
                                                 {"b", did(purchases())},
                                                 {"c", member_of("z")}};
  const auto book = segment_book::make(wrong, {}, &all);
  CHECK(book.error().code == errc::unknown);
  CHECK(book.error().at == 0);
  REQUIRE(all.size() == 3);
  CHECK(all[1].path == "/0/who/any/1/model");
  CHECK(all[2].path == "/2/who/member");
  CHECK(segment_book::make({wrong[1], wrong[2]}, {}).error().at == 1);
  // Equal tests are compiled once.
  const auto same =
      segment_book::make({{"a", did(views()) && did(carts())}, {"b", !did(carts())}}, {});
  REQUIRE(same);
  CHECK(same->tests() == 2);
  CHECK(same->find("b") == 1U);
  CHECK_FALSE(same->find("c"));
}
