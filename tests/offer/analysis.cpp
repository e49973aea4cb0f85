#include "tailor/offer/analysis.hpp"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "../catch.hpp"
#include "shop.hpp"
#include "tailor/offer/condition_words.hpp"
#include "tailor/offer/rule_book.hpp"

using namespace tailor;
using namespace tailor::offer;

namespace {

using kind = finding_kind;
using shop::in_group;
using shop::named;
offer::rule alone(offer::rule r) {
  r.combines = combining::alone;
  return r;
}

discount percent(std::int64_t share) { return percent_off{.share = share}; }

/// Findings of some kinds, as sentences.
std::vector<std::string> texts(const shop::book& b, const std::set<kind>& kinds,
                               const analysis_options& options = {}) {
  std::vector<std::string> out;
  for (const finding& f : analyse(b.compiled(), options)) {
    if (kinds.contains(f.kind)) out.push_back(text_of(f, b.compiled().rules));
  }
  return out;
}
using sentences = std::vector<std::string>;

}  // namespace

TEST_CASE("analysis: nothing is said of a shop::book in which nothing is odd") {
  CHECK(analyse(shop::make_book({}).compiled()).empty());
  CHECK(
      analyse(shop::make_book({named("a", the("total") > 5, percent(1'000))}).compiled()).empty());
}

TEST_CASE("analysis: a condition that contradicts itself never holds") {
  const auto never = [](condition when) {
    return texts(shop::make_book({named("a", std::move(when))}), {kind::never_holds}) ==
           sentences{"Rule \"a\" never holds: no cart passes its condition."};
  };
  CHECK(never(the("total") > 5 && the("total") < 3));
  CHECK(never((the("total") > 5 || the("total") < 1) && the("total").between(1, 5)));
  CHECK(never(the("country").is("DE") && the("country").none_of({"DE", "FR"})));
  CHECK(never(the("points").missing() && the("points").exists()));
  CHECK(never(the("member").exists() && the("member") != 0 && the("member") != 1));
  CHECK(never(the("@day") == 8));
  CHECK(never(the("@now").missing()));
  CHECK(never(count_of_lines() < 0));
  CHECK(never(any_line(the("price") > 5 && the("price") < 3)));
  CHECK(never(count_of_lines(the("price") > 5 && the("price") < 3) > 0));
  CHECK(never(sum_over_lines("price", the("price") > 5 && the("price") < 3) == 7));
  CHECK(never(member_of("x") && the("total") < 0 && the("total") > 0));
  CHECK_FALSE(never(the("total") > 3 && the("total") < 5));
  CHECK_FALSE(never(count_of_lines() <= 0));
  CHECK_FALSE(never(no_line(the("price") > 5 && the("price") < 3)));
  CHECK_FALSE(never(sum_over_lines("price", the("price") > 5 && the("price") < 3) == 0));
  CHECK_FALSE(never(the("country").none_of({"DE", "FR"})));
  CHECK_FALSE(never(the("tags").any_of({"a"}) && the("tags").any_of({"b"})));
  CHECK_FALSE(never(member_of("x") && !member_of("x")));  // what an audience says is not known
}

TEST_CASE("analysis: a schedule is over for carts of later times") {
  offer::rule r = named("spring", the("total") > 1);
  r.until = {days(10).us};
  const shop::book b = shop::make_book({r});
  const std::set<kind> kinds = {kind::over, kind::never_holds};
  CHECK(texts(b, kinds).empty());
  CHECK(texts(b, kinds, {.now = {days(10).us - 1}}).empty());
  CHECK(texts(b, kinds, {.now = {days(10).us}}) == sentences{"Rule \"spring\" is over."});
  r.when = the("total") > 1 && the("total") < 1;
  CHECK(texts(shop::make_book({r}), kinds, {.now = {days(11).us}}) ==
        sentences{"Rule \"spring\" never holds: no cart passes its condition."});
}

TEST_CASE("analysis: in a group the wider rule before a narrower one shadows it") {
  const std::string why =
      " is never chosen: a rule of its group before it holds whenever it does, ";
  const offer::rule wide = in_group(named("a", the("total") > 50), "g");
  const offer::rule narrow = in_group(named("b", the("total") > 100 && the("points") > 3), "g");
  CHECK(texts(shop::make_book({wide, narrow}), {kind::shadowed}) ==
        sentences{"Rule \"b\"" + why + "\"a\"."});
  CHECK(texts(shop::make_book({wide, narrow}), {kind::shadowed}, {.chooses = chosen_by::gain})
            .empty());
  CHECK(texts(shop::make_book({wide, narrow}), {kind::shadowed}, {.chooses = chosen_by::stack})
            .empty());
  const auto shadows = [](offer::rule a, offer::rule b) {
    return texts(shop::make_book({std::move(a), std::move(b)}), {kind::shadowed}).size();
  };
  offer::rule first = narrow;
  first.priority = 1;
  CHECK(shadows(wide, first) == 0);                  // the narrower one comes first
  CHECK(shadows(wide, in_group(narrow, "h")) == 0);  // both apply
  CHECK(shadows(wide, in_group(narrow, "")) == 0);
  CHECK(shadows(in_group(wide, ""), in_group(narrow, "")) == 0);
  offer::rule may = wide;
  may.until = {days(9).us};
  CHECK(shadows(may, narrow) == 0);  // it does not hold as long
  offer::rule earlier = narrow;
  earlier.until = {days(8).us};
  CHECK(shadows(may, earlier) == 1);
  offer::rule arm = wide;
  arm.arms = {"x=A"};
  CHECK(shadows(arm, narrow) == 0);
  offer::rule same_arm = narrow;
  same_arm.arms = {"x=A"};
  CHECK(shadows(arm, same_arm) == 1);
  offer::rule for_x = wide, for_x_too = narrow, for_y = narrow;
  for_x.audience = for_x_too.audience = {"x"};
  for_y.audience = {"y"};
  CHECK(shadows(for_x, for_x_too) == 1);
  CHECK(shadows(for_x, for_y) == 0);
  const auto line = [] { return any_line(the("brand").is("acme")); };
  CHECK(shadows(in_group(named("a", line()), "g"),
                in_group(named("b", the("total") > 1 && line()), "g")) == 1);
  CHECK(shadows(in_group(named("a", line()), "g"),
                in_group(named("b", any_line(the("brand").is("other"))), "g")) == 0);
  CHECK(shadows(in_group(named("a", line() && the("total") > 5), "g"),
                in_group(named("b", line()), "g")) == 0);
  CHECK(shadows(in_group(named("a", the("tags").any_of({"a", "b"})), "g"),
                in_group(named("b", the("tags").any_of({"b"})), "g")) == 1);
}

TEST_CASE("analysis: one that stands alone shadows, unless one before it may take its place") {
  const offer::rule a = alone(named("a", the("total") > 50));
  const offer::rule b = named("b", the("total") > 100);
  CHECK(texts(shop::make_book({a, b}), {kind::shadowed}) ==
        sentences{"Rule \"b\" is never chosen: a rule before it stands alone and holds whenever it "
                  "does, \"a\"."});
  offer::rule before = named("z", the("points") > 3);
  before.priority = 1;
  CHECK(texts(shop::make_book({a, b, before}), {kind::shadowed}).empty());
  before.when = the("total") < 20;
  CHECK(texts(shop::make_book({a, b, before}), {kind::shadowed}).size() == 1);
  before.when = the("points") > 3;
  CHECK(texts(shop::make_book({a, in_group(b, "g"), in_group(before, "g")}), {kind::shadowed})
            .size() == 1);
  CHECK(texts(shop::make_book({a, b, alone(before)}), {kind::shadowed}).size() == 1);
  CHECK(texts(shop::make_book({named("a", the("total") > 50), alone(b)}), {kind::shadowed}) ==
        sentences{"Rule \"b\" stands alone and is never chosen: a rule before it holds whenever it "
                  "does, \"a\"."});
}

TEST_CASE("analysis: the same rule twice, in whatever words") {
  const std::set<kind> kinds = {kind::duplicate, kind::name_decides};
  const auto told = [&](offer::rule a, offer::rule b) {
    return texts(shop::make_book({std::move(a), std::move(b)}), kinds);
  };
  const condition when = the("total") >= 5 && the("country").is("DE");
  const condition other_words =
      the("country").any_of({"DE", "DE"}) && !(the("total") < 5) && the("total").exists();
  const sentences again = {"Rule \"b\" has the condition and the discount of \"a\"."};
  CHECK(told(named("a", when, percent(500)), named("b", other_words, percent(500))) == again);
  CHECK(told(named("a", when, percent(500)), named("b", other_words, percent(501))).empty());
  CHECK(told(named("a", when, percent(500)), named("b", the("total") >= 5, percent(500))).empty());
  const condition either = the("total") >= 5 || the("country").is("DE");
  const condition turned = the("country").is("DE") || the("total") >= 5;
  CHECK(told(named("a", either, percent(500)), named("b", turned, percent(500))) == again);
  const condition mixed = any_line(the("price") > 3) && the("total") > 2 && member_of("x");
  const condition turned_mix = member_of("x") && the("total") > 2 && any_line(the("price") > 3);
  CHECK(told(named("a", mixed, percent(500)), named("b", turned_mix, percent(500))) == again);
  CHECK(told(named("a", mixed, percent(500)),
             named("b", member_of("y") && the("total") > 2 && any_line(the("price") > 3),
                   percent(500)))
            .empty());
  const discount of_brand = percent_off{.share = 500, .on = {the("brand").is("x")}};
  const discount of_other = percent_off{.share = 500, .on = {the("brand").is("y")}};
  CHECK(told(named("a", {}, of_brand), named("b", {}, of_brand)) == again);
  CHECK(told(named("a", {}, of_brand), named("b", {}, of_other)).empty());
}

TEST_CASE("analysis: where only names tell rules apart that exclude each other") {
  const auto told = [&](offer::rule a, offer::rule b) {
    return texts(shop::make_book({std::move(a), std::move(b)}), {kind::name_decides});
  };
  const offer::rule a = in_group(named("a", the("total") > 5, percent(500)), "g");
  offer::rule b = in_group(named("b", the("total") >= 6, percent(700)), "g");
  CHECK(told(a, b) ==
        sentences{
            "Rule \"b\" gives something else where nothing but the name puts it behind \"a\"."});
  CHECK(told(a, in_group(b, "h")).empty());
  CHECK(told(in_group(a, ""), in_group(b, "")).empty());
  CHECK(told(alone(in_group(a, "")), alone(in_group(b, "h"))).size() == 1);
  CHECK(told(alone(a), b).empty());
  offer::rule arm = b, other_arm = a;
  arm.arms = {"x=A"};
  other_arm.arms = {"x=B"};
  CHECK(told(arm, other_arm).empty());
  b.priority = 1;
  CHECK(told(a, b).empty());
}

TEST_CASE("analysis: discounts that take nothing or everything") {
  const auto told = [&](discount d) {
    return texts(shop::make_book({named("a", {}, std::move(d))}),
                 {kind::no_line, kind::takes_nothing, kind::takes_everything});
  };
  const condition no = the("price") > 5 && the("price") < 3;
  const sentences no_line = {
      "Rule \"a\" takes nothing: no line can pass a condition of its discount."};
  CHECK(told(percent_off{.share = 500, .on = {no}}) == no_line);
  CHECK(told(buy_get{.of = {no}}) == no_line);
  CHECK(told(bundle_price{.parts = {{}, {{no}, 1}}, .minor = 5}) == no_line);
  CHECK(told(percent_off{.share = 500, .on = {the("price") > 5}}).empty());
  CHECK(told(percent_off{.share = 500, .at_most = 0}) ==
        sentences{"Rule \"a\" takes nothing: at most 0 in all."});
  CHECK(told(amount_off{}) == sentences{"Rule \"a\" takes nothing: an amount of 0."});
  CHECK(told(fixed_price{.minor = most_minor}).size() == 1);
  CHECK(told(bundle_price{.parts = {{}}, .minor = most_minor}).size() == 1);
  CHECK(told(bundle_price{.parts = {{}}, .minor = most_minor - 1}).empty());
  CHECK(told(free_shipping{.at_most = 0}).size() == 1);
  CHECK(told(percent(10'000)) == sentences{"Rule \"a\" takes 100 % off its lines."});
  CHECK(told(percent_off{.share = 10'000, .at_most = 50}).empty());
  CHECK(told(fixed_price{}) == sentences{"Rule \"a\" sells its lines for 0."});
  CHECK(told(tiered{.tiers = {{2, 500}, {9, 10'000}}}) ==
        sentences{"Rule \"a\" takes 100 % off its lines from a tier on."});
  CHECK(told(bundle_price{.parts = {{}}}) == sentences{"Rule \"a\" sells its bundle for 0."});
  CHECK(told(buy_get{}).empty());  // that is what it is for
  CHECK(told(gift{item_id{1}, 1, 0}).empty());
}

TEST_CASE("analysis: rules that every cart has to be asked are counted") {
  const shop::book b = shop::make_book(
      {named("a", the("total") > 1), named("b", any_line(the("price") > 1)),
       named("c", member_of("x")), named("d", {}), named("e", the("total") > 1 && member_of("x")),
       named("f", the("total") > 1 || member_of("x"))});
  CHECK(texts(b, {kind::asks_every_cart}) ==
        sentences{"3 rules have no test that an index can use, so that every cart is asked: the "
                  "first is \"b\"."});
}

TEST_CASE("analysis: pairs that may add up are counted") {
  const auto pairs = [](std::vector<offer::rule> rules) {
    for (offer::rule& r : rules) r.gives = percent(100);
    const auto all = analyse(shop::make_book(std::move(rules)).compiled());
    const auto at = std::find_if(all.begin(), all.end(),
                                 [](const finding& f) { return f.kind == kind::may_add_up; });
    return at == all.end() ? 0 : at->amount;
  };
  const offer::rule cheap = named("a", the("total") < 5), dear = named("b", the("total") >= 5);
  CHECK(pairs({cheap, dear}) == 0);
  CHECK(pairs({cheap, dear, named("c", {})}) == 2);
  CHECK(pairs({in_group(cheap, "g"), dear, in_group(named("c", {}), "g")}) == 1);
  CHECK(pairs({cheap, dear, alone(named("c", {}))}) == 0);
  CHECK(pairs({named("a", the("total") < 5 || the("points") > 3), named("c", {}),
               named("d", the("total") > 9 || the("points") < 1)}) == 3);
}

TEST_CASE("analysis: rules that take too much together are told, certain or possible") {
  const std::set<kind> kinds = {kind::takes_too_much, kind::may_take_too_much};
  const auto told = [&](std::vector<offer::rule> rules, analysis_options options = {}) {
    return texts(shop::make_book(std::move(rules)), kinds, options);
  };
  const offer::rule a = named("a", the("total") > 5, percent(3'000));
  const offer::rule b = named("b", the("points") > 5, percent(2'500));
  const offer::rule c = named("c", the("points") > 9, percent(2'000));
  CHECK(told({a, b}).empty());
  CHECK(told({a, b, c}) ==
        sentences{"Rule \"a\", \"b\" and 1 more take 58.00 % of an order together."});
  CHECK(told({a, b}, {.most_off = 4'000}) ==
        sentences{"Rule \"a\" and \"b\" take 47.50 % of an order together."});
  CHECK(told({a, b}, {.most_off = 4'750}).empty());
  CHECK(told({a}, {.most_off = 2'000}) == sentences{"Rule \"a\" takes 30.00 % of an order."});
  CHECK(told({a, b}, {.chooses = chosen_by::gain, .most_off = 4'000}) ==
        sentences{"Rule \"a\" and \"b\" may take 47.50 % of an order together."});
  CHECK(told({in_group(a, "g"), in_group(b, "g")}, {.most_off = 4'000}).empty());
  CHECK(told({in_group(a, "g"), in_group(b, "g")}, {.chooses = chosen_by::stack, .most_off = 4'000})
            .size() == 1);
  CHECK(told({in_group(a, "g"), in_group(b, "h")}, {.chooses = chosen_by::stack, .most_off = 4'000})
            .empty());
  CHECK(told({a, alone(b)}, {.most_off = 4'000}).empty());
  CHECK(told({a, named("b", the("total") < 3, percent(2'500))}, {.most_off = 4'000}).empty());
  const sentences possible = {"Rule \"a\" and \"b\" may take 47.50 % of an order together."};
  CHECK(told({a, named("b", any_line(the("price") > 1), percent(2'500))}, {.most_off = 4'000}) ==
        possible);
  CHECK(told({a, named("b", {}, percent_off{.share = 2'500, .on = {the("price") > 1}})},
             {.most_off = 4'000}) == possible);
  CHECK(told({a, named("b", {}, buy_get{.buy = 3})}, {.most_off = 4'000}) == possible);
  CHECK(told({a, named("b", {}, tiered{.tiers = {{1, 100}, {5, 2'500}}})}, {.most_off = 4'000}) ==
        possible);
  // One that stands alone and holds wherever both do takes their place; elsewhere it does not.
  offer::rule first = alone(named("z", the("total") > 3));
  first.priority = 1;
  CHECK(told({a, b, first}, {.most_off = 4'000}) == possible);
  first.when = the("total") > 100;
  CHECK(told({a, b, first}, {.most_off = 4'000}) ==
        sentences{"Rule \"a\" and \"b\" take 47.50 % of an order together."});
  first = in_group(named("z", the("country").is("DE")), "g");
  first.priority = 1;
  CHECK(told({a, in_group(b, "g"), first}, {.most_off = 4'000}).front() ==
        "Rule \"a\" and \"b\" take 47.50 % of an order together.");
  first.when = {};
  CHECK(told({a, in_group(b, "g"), first}, {.most_off = 4'000}) == possible);
  // The day of a time is not free to choose.
  offer::rule week = b, date = a;
  week.hours = {{.days = {2}}};
  date.from = {days(3).us};
  date.until = {days(4).us};
  CHECK(told({date, week}, {.most_off = 4'000}) == possible);
}

TEST_CASE("analysis: amounts count against the least that an order costs") {
  const std::set<kind> kinds = {kind::takes_too_much, kind::may_take_too_much};
  const auto told = [&](std::vector<offer::rule> rules, std::string total) {
    return texts(shop::make_book(std::move(rules)), kinds,
                 {.most_off = 4'000, .total = std::move(total)});
  };
  const offer::rule a = named("a", the("total") >= 20'00, percent(3'000));
  const offer::rule b = named("b", {}, amount_off{.minor = 5'00});
  CHECK(told({a, b}, "").empty());
  CHECK(told({a, b}, "total") ==
        sentences{"Rule \"a\" and \"b\" take 55.00 % of an order together.",
                  "Rule \"b\" takes 100.00 % of an order."});
  CHECK(told({a, b}, "points") ==
        sentences{"Rule \"a\" and \"b\" take 100.00 % of an order together.",
                  "Rule \"b\" takes 100.00 % of an order."});
  CHECK(told({named("b", the("total") >= 12'50, amount_off{.minor = 5'00})}, "total").empty());
  CHECK(told({named("b", the("total") >= 12'49, amount_off{.minor = 5'00})}, "total").size() == 1);
  CHECK(told({named("b", the("total") <= 0, amount_off{.minor = 5'00})}, "total").empty());
  const discount limited = percent_off{.share = 5'000, .at_most = 5'00};
  CHECK(told({named("b", the("total") >= 12'50, limited)}, "total").empty());
  CHECK(told({named("b", the("total") >= 12'50, limited)}, "").size() == 1);
  CHECK(told({named("b", the("total") >= 9'00, limited)}, "total") ==
        sentences{"Rule \"b\" takes 50.00 % of an order."});
}

TEST_CASE("analysis: when it was cut it says so, and where") {
  std::vector<offer::rule> rules;
  for (int i = 0; i < 100; ++i) {
    rules.push_back(in_group(
        named("r" + std::to_string(i + 100), the("total").between(i, i + 500), percent(2'000)),
        "g"));
  }
  rules.push_back(named("s", {}, percent(2'000)));
  const shop::book b = shop::make_book(rules);
  const auto full = analyse(b.compiled(), {.most_off = 3'000, .most_stacks = 1'000});
  CHECK(
      std::none_of(full.begin(), full.end(), [](const finding& f) { return f.kind == kind::cut; }));
  CHECK(texts(b, {kind::cut}, {.most_off = 3'000, .most_stacks = 40}) ==
        sentences{"The analysis was cut: of rules that take too much, 62 rules from \"r139\" on "
                  "were left out."});
  const auto few = texts(b, {kind::cut}, {.most_off = 3'000, .most_looks = 30});
  CHECK(few.size() == 3);
  CHECK(few == texts(b, {kind::cut}, {.most_off = 3'000, .most_looks = 30}));
  std::set<std::string> some;
  for (const finding& f : analyse(b.compiled(), {.most_off = 3'000, .most_looks = 30})) {
    if (f.kind != kind::cut) some.insert(text_of(f, b.compiled().rules));
  }
  for (const finding& f : full) some.erase(text_of(f, b.compiled().rules));
  CHECK(some.empty());  // what is told early is told anyway
}

namespace {

struct wide_cart {
  std::int64_t field[70];
};

template <std::size_t... I>
fields<wide_cart> wide_fields(std::index_sequence<I...>) {
  fields<wide_cart> f;
  ((f = std::move(f).number("f" + std::to_string(I),
                            [](const wide_cart& c) { return c.field[I]; })),
   ...);
  return f;
}

}  // namespace

TEST_CASE("analysis: more fields than a word has bits are told apart") {
  std::vector<offer::rule> rules;
  group all;
  for (int i = 0; i < 70; ++i) all.parts.push_back(the("f" + std::to_string(i)) > 0);
  rules.push_back(named("a", {std::move(all)}));  // every field gets its slot, in order
  for (int i = 0; i < 70; ++i) {
    rules.push_back(in_group(
        named("b" + std::to_string(100 + i), the("f" + std::to_string(i)) > 5, percent(100)),
        "g" + std::to_string(i % 64)));
  }
  const auto b = rule_book<wide_cart>::make(wide_fields(std::make_index_sequence<70>{}), rules);
  const auto found = analyse(b.value().compiled());
  REQUIRE(found.size() == 1);  // none holds whenever another does
  CHECK(found[0].kind == kind::may_add_up);
  CHECK(found[0].amount == 70 * 69 / 2 - 6);
}
