#include "tailor/adapters/offer_json.hpp"

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "../catch.hpp"
#include "../offer/price_model.hpp"
#include "../offer/shop.hpp"
#include "tailor/adapters/offer_json_write.hpp"
#include "tailor/offer/condition_words.hpp"

using namespace tailor;
using namespace tailor::offer;
using adapters::add_lines;
using adapters::locate;
using adapters::offer_json_options;
using adapters::read_offer_json;
using adapters::write_offer_json;

namespace {

using book = rule_book<shop::cart>;

const fields<shop::cart> cart_fields = shop::cart_fields();
const fields<shop::line> line_fields = shop::line_fields();

offer_json_options shop_fields() {
  return {.cart = cart_fields.list(), .lines = line_fields.list(), .unit = shop::euro()};
}

/// What is any, all or none of the lines has no operator and no bound.
void tidy(condition& c) {
  if (auto* g = std::get_if<group>(&c.is)) {
    for (condition& part : g->parts) tidy(part);
  }
  if (auto* l = std::get_if<line_test>(&c.is)) {
    for (condition& part : l->where) tidy(part);
    if (l->how < quantifier::count) {
      l->op = comparison::at_least;
      l->bound = 1;
    }
  }
}

offer::rule any_rule(shop::random& r, std::string name) {
  offer::rule out{.name = std::move(name)};
  if (shop::chance(r, 90)) out.when = shop::any_condition(r);
  tidy(out.when);
  if (shop::chance(r, 90)) out.gives = shop::any_discount(r);
  if (shop::chance(r, 50)) out.priority = static_cast<std::int32_t>(shop::pick(r, -9, 9));
  if (shop::chance(r, 5)) out.priority = shop::chance(r, 50) ? INT32_MIN : INT32_MAX;
  out.group = shop::word(r);
  if (shop::chance(r, 20)) out.combines = combining::alone;
  constexpr std::int64_t moments[] = {INT64_MIN + 1,         -1,
                                      1'700'000'000'000'000, 1'700'000'000'123'456,
                                      INT64_MAX - 1,         -62'135'596'800'000'001};
  if (shop::chance(r, 40)) out.from = {moments[shop::pick(r, 0, 5)]};
  if (shop::chance(r, 40)) out.until = {moments[shop::pick(r, 0, 5)]};
  if (out.from >= out.until) out.until = {INT64_MAX};
  for (std::int64_t i = shop::chance(r, 30) ? shop::pick(r, 1, 2) : 0; i > 0; --i) {
    weekly_hours h;
    for (std::int64_t d = shop::pick(r, 0, 3); d > 0; --d) h.days.push_back(shop::pick(r, 1, 7));
    h.from = shop::pick(r, 0, 1'439);
    h.until = shop::pick(r, 0, 1'440);
    if (h.from == h.until) h = {};
    out.hours.push_back(std::move(h));
  }
  if (shop::chance(r, 20)) out.channels = shop::some_words(r, 1, 2);
  if (shop::chance(r, 20)) out.arms = shop::some_words(r, 1, 2);
  if (shop::chance(r, 20))
    out.audience = {"x", "we say \"hi\"\n\\ \x01 caf\xC3\xA9 \xF0\x9F\x8E\x81"};
  return out;
}

std::vector<offer::rule> any_rules(shop::random& r, std::int64_t count) {
  std::vector<offer::rule> out;
  for (std::int64_t i = 0; i < count; ++i) out.push_back(any_rule(r, "r" + std::to_string(i)));
  return out;
}

std::string told(const std::vector<mistake>& all) {
  std::string out;
  for (const mistake& m : all) {
    if (!out.empty()) out += ", ";
    out += std::string(name_of(m.code)) + ' ' + m.rule + m.path + ':' + std::to_string(m.line);
  }
  return out;
}
/// Code, rule, path and line of each fault.
std::string faults_of(std::string_view json, const offer_json_options& options = {}) {
  std::vector<mistake> all;
  const auto read = read_offer_json(json, options, &all);
  if (read) return "none";
  CHECK(read.code() == all.front().code);
  CHECK(read.error().at == all.front().line);
  return told(all);
}
/// The same of what a book finds, in the words of the document.
std::string faults_of_book(std::string_view json) {
  auto rules = read_offer_json(json).value();
  std::vector<mistake> all;
  if (book::make(cart_fields, line_fields, std::move(rules), {}, &all)) return "none";
  add_lines(json, all);
  return told(all);
}
/// One rule `a` of these members.
std::string rule_of(std::string_view members) {
  return "[{\"name\":\"a\"," + std::string(members) + "}]";
}
std::string gives(std::string_view discount) {
  return rule_of("\"gives\":" + std::string(discount));
}
discount given(std::string_view discount, const offer_json_options& options = {}) {
  return read_offer_json(gives(discount), options, nullptr).value()[0].gives;
}
std::string repeated(std::string_view s, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += s;
  return out;
}

}  // namespace

TEST_CASE("offer JSON: what is written is read back, for rules of every sort") {
  shop::random r(1);
  for (int round = 0; round < 300; ++round) {
    CAPTURE(round);
    const auto all = any_rules(r, 8);
    REQUIRE(book::make(cart_fields, line_fields, all));
    for (const offer_json_options& options : {offer_json_options{}, shop_fields()}) {
      const std::string json = write_offer_json(all, options);
      CAPTURE(json);
      std::vector<mistake> mistakes;
      const auto back = read_offer_json(json, options, &mistakes);
      for (const mistake& m : mistakes) UNSCOPED_INFO(m.rule << m.path << ": " << m.what);
      REQUIRE(back);
      REQUIRE(*back == all);
      REQUIRE(write_offer_json(*back, options) == json);
    }
  }
}

TEST_CASE("offer JSON: conditions at the limits of a book are read back") {
  condition deep = the("total") > 1;
  for (std::size_t i = 1; i < condition_limits::depth; ++i) {
    group g{i % 2 == 0 ? joined_by::none : joined_by::all, {}};
    g.parts.push_back(std::move(deep));
    if (i % 2 == 0) g.parts.push_back(the("visits") == 1);  // as many levels of JSON as there are
    deep = {std::move(g)};
  }
  group wide;
  for (std::size_t i = 1; i < condition_limits::nodes; ++i) wide.parts.push_back(the("total") > 1);
  const condition longest = the("country").any_of(
      std::vector<std::string>(condition_limits::list, std::string(condition_limits::text, 'x')));
  condition everywhere = deep;
  bundle_price bundle{.minor = 1};
  bundle.parts.push_back({{the("price") > 1}, 2});
  const std::vector<offer::rule> all = {{.name = "deep", .when = deep},
                                        {.name = "wide", .when = {wide}},
                                        {.name = "long", .when = longest, .gives = bundle},
                                        {.name = std::string(1'000, 'n')}};
  REQUIRE(book::make(cart_fields, line_fields, all));
  CHECK(read_offer_json(write_offer_json(all)).value() == all);
}

TEST_CASE("offer JSON: numbers at the ends of 64 bits are read back") {
  const std::vector<offer::rule> all = {
      {.name = "a", .when = the("total").between(INT64_MIN, INT64_MAX)},
      {.name = "b", .when = the("total").any_of({INT64_MIN, -1, 0, 1, INT64_MAX})},
      {.name = "c", .gives = gift{item_id{UINT64_MAX - 1}, 1, most_minor}},
      {.name = "d", .gives = percent_off{.share = 1}},
      {.name = "e", .gives = percent_off{.share = 1'050}},
      {.name = "f", .gives = percent_off{.share = 9'999}}};
  const std::string json = write_offer_json(all);
  CHECK(read_offer_json(json).value() == all);
  CHECK(json.find("\"0.01%\"") != std::string::npos);
  CHECK(json.find("\"10.5%\"") != std::string::npos);
}

TEST_CASE("offer JSON: as people write it") {
  const auto read = read_offer_json(R"({
    "currency": "EUR", "decimals": 2,
    "rules": [
      {"name": "15 % off tea",
       "when": {"and": [{">=": [{"var": "total"}, 5000]},
                        {"in": [{"var": "country"}, ["DE", "AT"]]},
                        {"some": [{"var": "lines"}, {"==": [{"var": "brand"}, "Acme"]}]}]},
       "gives": {"percent_off": {"share": "15%", "on": {"==": [{"var": "brand"}, "Acme"]},
                                 "at_most": "20.00"}},
       "priority": 3, "group": "tea", "combines": "alone",
       "from": "2026-03-01T00:00:00+01:00", "until": "2026-04-01T00:00:00+02:00",
       "hours": [{"days": [5, 6], "from": "22:00", "until": "02:00"}, {"until": "24:00"}],
       "channels": ["web"], "arms": ["price=B"], "audience": ["vip"]},
      {"name": "4.99 off",
       "gives": {"amount_off": {"amount": "4.99", "from": "units"}}},
      {"name": "three for two",
       "gives": {"buy_get": {"buy": 2, "which": "same_item", "times": 2}}},
      {"name": "a bar", "gives": {"gift": {"item": 7, "worth": "1"}}}
    ]})");
  REQUIRE(read);
  offer::rule tea{.name = "15 % off tea"};
  tea.when = {
      group{joined_by::all,
            {the("total") >= 50'00, the("country").any_of(std::vector<std::string>{"DE", "AT"}),
             any_line(the("brand").is("Acme"))}}};
  tea.gives = percent_off{1'500, taken_from::lines, {the("brand").is("Acme")}, 20'00};
  tea.priority = 3;
  tea.group = "tea";
  tea.combines = combining::alone;
  tea.from = parse_timestamp("2026-02-28T23:00:00Z").value();
  tea.until = parse_timestamp("2026-03-31T22:00:00Z").value();
  tea.hours = {{{5, 6}, 22 * 60, 2 * 60}, {}};
  tea.channels = {"web"};
  tea.arms = {"price=B"};
  tea.audience = {"vip"};
  CHECK((*read)[0] == tea);
  CHECK((*read)[1].gives == discount(amount_off{4'99, taken_from::units, {}, INT64_MAX}));
  CHECK((*read)[2].gives == discount(buy_get{.buy = 2, .which = reward::same_item, .times = 2}));
  CHECK((*read)[3].gives == discount(gift{item_id{7}, 1, 1'00}));
}

TEST_CASE("offer JSON: shares and amounts are exact or refused") {
  const offer_json_options euro{.unit = shop::euro()};
  CHECK(given(R"({"percent_off":{"share":"12.5%"}})") == discount(percent_off{.share = 1'250}));
  CHECK(given(R"({"percent_off":{"share":1250}})") == discount(percent_off{.share = 1'250}));
  CHECK(given(R"({"percent_off":{"share":1250.0}})") == discount(percent_off{.share = 1'250}));
  CHECK(given(R"({"amount_off":{"amount":499}})") == discount(amount_off{.minor = 499}));
  CHECK(given(R"({"amount_off":{"amount":"4.99"}})", euro) == discount(amount_off{.minor = 499}));
  CHECK(given(R"({"no_discount":{}})") == discount(no_discount{}));
  CHECK(faults_of(gives(R"({"percent_off":{"share":"12.345%"}})")) ==
        "inexact a/gives/percent_off/share:1");
  CHECK(faults_of(gives(R"({"percent_off":{"share":"15"}})")) ==
        "malformed a/gives/percent_off/share:1");
  CHECK(faults_of(gives(R"({"percent_off":{"share":0.15}})")) ==
        "inexact a/gives/percent_off/share:1");
  CHECK(faults_of(gives(R"({"amount_off":{"amount":4.99}})"), euro) ==
        "inexact a/gives/amount_off/amount:1");
  CHECK(faults_of(gives(R"({"amount_off":{"amount":"4.999"}})"), euro) ==
        "inexact a/gives/amount_off/amount:1");
  CHECK(faults_of(gives(R"({"amount_off":{"amount":"4,99"}})"), euro) ==
        "malformed a/gives/amount_off/amount:1");
  CHECK(faults_of(gives(R"({"amount_off":{"amount":"4.99"}})")) ==
        "unknown a/gives/amount_off/amount:1");  // nobody said how many decimals
  CHECK(given(R"({"amount_off":{"amount":9007199254740991.0}})") ==
        discount(amount_off{.minor = 9'007'199'254'740'991}));
  CHECK(faults_of(gives(R"({"amount_off":{"amount":9007199254740993.0}})")) ==
        "inexact a/gives/amount_off/amount:1");
  CHECK(faults_of(gives(R"({"amount_off":{"amount":9223372036854775808}})")) ==
        "overflow a/gives/amount_off/amount:1");
  CHECK(faults_of(gives(R"({"amount_off":{"amount":1e300}})")) ==
        "inexact a/gives/amount_off/amount:1");
}

TEST_CASE(
    "offer JSON: a document says its currency, and another one than that of the book is told") {
  const offer_json_options euro{.unit = shop::euro()};
  const auto amount = [](std::string_view head) {
    return "{" + std::string(head) +
           R"("rules":[{"name":"a","gives":{"amount_off":{"amount":"4.5"}}}]})";
  };
  CHECK(faults_of(amount(R"("currency":"EUR","decimals":2,)"), euro) == "none");
  CHECK(faults_of(amount(R"("currency":"EUR",)"), euro) == "none");
  CHECK(faults_of(amount(R"("decimals":1,)")) == "none");
  CHECK(faults_of(amount(R"("currency":"USD","decimals":2,)"), euro) ==
        "mixed_currency /currency:1");
  CHECK(faults_of(amount(R"("currency":"EUR","decimals":3,)"), euro) ==
        "mixed_currency /currency:1");
  CHECK(faults_of(amount(R"("currency":"EUR",)")) == "unknown a/gives/amount_off/amount:1");
  CHECK(faults_of(amount(R"("currency":"euro","decimals":2,)")) == "malformed /currency:1");
  CHECK(faults_of(amount(R"("currency":1,"decimals":2,)")) == "malformed /currency:1");
  CHECK(faults_of(amount(R"("decimals":5,)")) ==
        "out_of_range /decimals:1, unknown a/gives/amount_off/amount:1");
  CHECK(faults_of("{}") == "malformed /rules:1");
  CHECK(faults_of(R"({"rules":{}})") == "malformed /rules:1");
  CHECK(faults_of(R"({"rules":[],"x":1})") == "unknown :1");
}

TEST_CASE("offer JSON: every fault has its name, its rule, its place and its line") {
  CHECK(faults_of("[]") == "none");
  CHECK(faults_of("7") == "malformed :1");
  CHECK(faults_of("[1]") == "malformed /0:1");
  CHECK(faults_of("[{}]") == "malformed /0/name:1");
  CHECK(faults_of("[\n{\"name\":\"\"}]") == "empty_id /0/name:2");
  CHECK(faults_of("[{\"name\":1}]") == "malformed /0/name:1");
  CHECK(faults_of("[\n{\"name\":\"a\",\n\"when\":true,\n \"x\":1}]") == "unknown a:4");
  CHECK(faults_of("[\n{\"name\":\"a\",\n\"when\":true,\n\"when\":false}]") == "duplicate a/when:3");
  CHECK(faults_of(rule_of("\"when\":\n{}")) == "malformed a/when:2");
  CHECK(faults_of(rule_of("\"when\":\n{\"and\":\n[true,\n{\"if\":[1]},\n17]}")) ==
        "unknown a/when/and/1/if:4, malformed a/when/and/2:5");
  CHECK(faults_of(rule_of("\"when\":{\"or\":[\n{\"\\u0062ad\":1}]}")) == "unknown a/when/or/0:2");
  CHECK(faults_of(rule_of("\"when\":{\"/\":[\n1,2]}")) == "unknown a/when/~1:1");
  CHECK(faults_of(rule_of(R"("priority":2147483648)")) == "overflow a/priority:1");
  CHECK(faults_of(rule_of(R"("priority":1.5)")) == "inexact a/priority:1");
  CHECK(faults_of(rule_of(R"("combines":"both")")) == "unknown a/combines:1");
  CHECK(faults_of(rule_of(R"("combines":1)")) == "unknown a/combines:1");
  CHECK(faults_of(rule_of(R"("group":1)")) == "malformed a/group:1");
  CHECK(faults_of(rule_of(R"("channels":"web")")) == "malformed a/channels:1");
  CHECK(faults_of(rule_of(R"("channels":["web",1])")) == "malformed a/channels/1:1");
  CHECK(faults_of(rule_of(R"("hours":[{"from":"25:00"},{"from":"9:00"},{"until":"12:60"}])")) ==
        "malformed a/hours/0/from:1, malformed a/hours/1/from:1, malformed a/hours/2/until:1");
  CHECK(faults_of(rule_of(R"("hours":[{"days":["Mon"]}])")) == "malformed a/hours/0/days/0:1");
  CHECK(faults_of(gives(R"({})")) == "malformed a/gives:1");
  CHECK(faults_of(gives(R"({"half_price":{}})")) == "unknown a/gives:1");
  CHECK(faults_of(gives(R"({"percent_off":{}})")) == "malformed a/gives/percent_off/share:1");
  CHECK(faults_of(gives(R"({"percent_off":{"share":1,"from":"cart"}})")) ==
        "unknown a/gives/percent_off/from:1");
  CHECK(faults_of(gives(R"({"tiered":{}})")) == "malformed a/gives/tiered/tiers:1");
  CHECK(faults_of(gives(R"({"tiered":{"tiers":[{"pieces":2}]}})")) ==
        "malformed a/gives/tiered/tiers/0/share:1");
  CHECK(faults_of(gives(R"({"bundle_price":{"amount":1}})")) ==
        "malformed a/gives/bundle_price/parts:1");
  CHECK(faults_of(gives(R"({"gift":{"item":-1}})")) == "malformed a/gives/gift/item:1");
  CHECK(faults_of(gives(R"({"free_shipping":{"on":true}})")) == "unknown a/gives/free_shipping:1");
}

TEST_CASE("offer JSON: a moment has its offset") {
  const auto from = [](std::string_view text) {
    return faults_of(rule_of("\"from\":\"" + std::string(text) + "\""));
  };
  CHECK(from("2026-03-01T00:00:00Z") == "none");
  CHECK(from("2026-03-01T00:00:00.5-08:00") == "none");
  CHECK(from("2026-03-01T00:00:00") == "malformed a/from:1");
  CHECK(from("2026-03-01") == "malformed a/from:1");
  CHECK(from("2026-02-30T00:00:00Z") == "out_of_range a/from:1");
  CHECK(from("2026-03-01T00:00:00.0000001Z") == "inexact a/from:1");
  CHECK(from("soon") == "malformed a/from:1");
  CHECK(faults_of(rule_of("\"from\":1700000000000000")) == "none");
  CHECK(faults_of(rule_of("\"from\":true")) == "malformed a/from:1");
}

TEST_CASE("offer JSON: what is no JSON is told with its line") {
  CHECK(faults_of("") == "malformed :1");
  CHECK(faults_of("[\n\n") == "malformed :3");
  CHECK(faults_of("[{\"name\":\"a\"\n\"when\":true}]") == "malformed :2");
  CHECK(faults_of("[{\"name\":\"a\",\n}]") == "malformed :2");
  CHECK(faults_of("[{\"name\"\n\"a\"}]") == "malformed :2");
  CHECK(faults_of("[1,\n]") == "malformed :2");
  CHECK(faults_of("[]\n[]") == "malformed :2");
  CHECK(faults_of("[\n01]") == "malformed :2");
  CHECK(faults_of("[\n1.]") == "malformed :2");
  CHECK(faults_of("[\nNaN]") == "malformed :2");
  CHECK(faults_of("[\n'a']") == "malformed :2");
  CHECK(faults_of("[\n// a comment\n]") == "malformed :2");
  CHECK(faults_of("[\n\"a\nb\"]") == "malformed :2");
  CHECK(faults_of("[\n\"\\x\"]") == "malformed :2");
  CHECK(faults_of("[\n\"abc") == "malformed :2");
  CHECK(faults_of("[\n\"\xC3(\"]") == "not_text :2");
  CHECK(faults_of("[\n\"\xED\xA0\x80\"]") == "not_text :2");
  CHECK(faults_of("[\n123456789012345678901234567890]") == "overflow :2");
  CHECK(faults_of("[\n-9223372036854775809]") == "overflow :2");
  CHECK(faults_of("[\n1e999]") == "overflow :2");
  CHECK(faults_of("[\n\"\\ud800\"]") == "malformed :2");
  CHECK(faults_of("[\n\"\\ud800\\u0041\"]") == "malformed :2");
  CHECK(faults_of("[\n\"\\udc00\"]") == "malformed :2");
  CHECK(faults_of("[\n\"\\u12g4\"]") == "malformed :2");
  CHECK(faults_of("\xEF\xBB\xBF[]") == "malformed :1");
  // How deep is too deep is one thing to the parser and to who looks for the line.
  for (std::size_t depth = 100; depth < 200; ++depth) {
    CHECK(faults_of(repeated("[", depth) + repeated("]", depth)) ==
          (depth <= adapters::max_offer_json_depth ? "malformed /0:1" : "oversized :1"));
  }
}

TEST_CASE("offer JSON: mistakes of a book get their line and the path of the document") {
  const std::string json = R"([
{"name": "a",
 "when": {"and": [
   {"==": [{"var": "total"}, 1]},
   {"!": [{"or": [
     {"in": [{"var": "nowhere"}, ["x"]]},
     {"<": [{"var": "country"}, 3]}]}]},
   {"some": [{"var": "lines"},
     {"and": [{"==":
       [7, {"var": "brand"}]}]}]},
   {">": [{"reduce": [{"var": "lines"},
      {"+": [{"var": "accumulator"},
             {"var": "current.brand"}]}, 0]}, 3]}]}},
{"name": "b",
 "gives": {"percent_off": {
    "share": "0%",
    "on": {"==":
      [{"var": "price"}, "cheap"]},
    "at_most": -1}}},
{"name": "c", "gives": {"buy_get": {
    "on": {"var": "price"},
    "of": {"and": [
       {"==": [{"var": "size"}, 4]}]}}}},
{"name": "d",
 "until": "2026-01-01T00:00:00Z",
 "from": "2026-02-01T00:00:00Z"},
{"name": "a",
 "when": {"!!": [{"var":
    "religion"}]}}
])";
  auto rules = read_offer_json(json).value();
  std::vector<mistake> all;
  CHECK_FALSE(book::make(cart_fields, line_fields, std::move(rules), {}, &all));
  add_lines(json, all);
  std::vector<std::string> found;
  for (const mistake& m : all) {
    found.push_back(std::string(name_of(m.code)) + ' ' + m.rule + m.path + ':' +
                    std::to_string(m.line));
  }
  const std::vector<std::string> expected = {"duplicate a/name:27",
                                             "unknown a/when/and/1/!/0/or/0/in/0/var:6",
                                             "conflict a/when/and/1/!/0/or/1:7",
                                             "malformed a/when/and/2/some/1/and/0:9",
                                             "conflict a/when/and/3/>/0/reduce/1/+/1/var:13",
                                             "no_consent a/when/!!/0/var:29",
                                             "out_of_range b/gives/percent_off/share:16",
                                             "out_of_range b/gives/percent_off/at_most:19",
                                             "malformed b/gives/percent_off/on:17",
                                             "unknown c/gives/buy_get/of/and/0/==/0/var:23",
                                             "out_of_range d/until:25"};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CAPTURE(expected[i], told(all));
    CHECK(std::find(found.begin(), found.end(), expected[i]) != found.end());
  }
  CHECK(found.size() == expected.size());
  const std::vector<mistake> again = all;
  add_lines(json, all);  // those that have a line stay
  CHECK(all == again);
  add_lines("[", all);
  CHECK(all == again);
  CHECK(faults_of_book(rule_of("\"when\":{\"var\":\"total\"}")) == "none");
  CHECK(faults_of_book("{\"rules\":[\n" + rule_of("\"when\":{\"var\":\"eggs\"}").substr(1) + "}") ==
        "unknown a/when/var:2");
}

TEST_CASE("offer JSON: every mistake of random rules over other fields has a line") {
  shop::random r(5);
  const auto other =
      fields<shop::cart>{}.number("total", [](const shop::cart& c) { return c.total; });
  for (int round = 0; round < 60; ++round) {
    const std::string json = write_offer_json(any_rules(r, 6));
    std::vector<mistake> all;
    if (book::make(other, line_fields, read_offer_json(json).value(), {}, &all)) continue;
    add_lines(json, all);
    for (const mistake& m : all) {
      CAPTURE(json, m.rule, m.path, m.what);
      const std::string number = m.rule.substr(1);
      REQUIRE(m.line == std::stoul(number) + 2);  // a rule a line
      REQUIRE(locate(json, '/' + number + m.path) == m.line);
      if (std::string_view(m.what) == "no field of that name") REQUIRE(m.path.ends_with("var"));
    }
  }
}

TEST_CASE("offer JSON: where a value stands in a text") {
  const std::string json = "{\"a\":\n[1,\n{\"b/c~\\u0064\":\n2}],\n\"\":3, \"a\":9}";
  CHECK(locate(json, "") == 1);
  CHECK(locate(json, "/a") == 2);
  CHECK(locate(json, "/a/0") == 2);
  CHECK(locate(json, "/a/1") == 3);
  CHECK(locate(json, "/a/1/b~1c~0d") == 4);
  CHECK(locate(json, "/") == 5);
  CHECK(locate(json, "/a/2") == 0);
  CHECK(locate(json, "/b") == 0);
  CHECK(locate("[1,2", "/0") == 1);
  CHECK(locate("\n\n7", "") == 3);
  CHECK(locate(R"({"\u00e9\ud83c\udf81\n":
1})",
               "/\xC3\xA9\xF0\x9F\x8E\x81\n") == 2);
}

TEST_CASE("offer JSON: documents of an enemy are refused, and not slowly") {
  const std::size_t many = 100'000;
  for (const std::string_view open : {"[", "{\"and\":", "{\"!\":[", "{\"a\":["}) {
    CHECK(faults_of(repeated(open, many)) == "oversized :1");
  }
  CHECK(faults_of(rule_of("\"when\":" + repeated("{\"!\":[", many) + "true" +
                          repeated("]}", many))) == "oversized :1");
  // Deep, but not too deep to be JSON: named at the first level too many.
  CHECK(faults_of(rule_of("\"when\":" + repeated("{\"!\":", 60) + "true" + repeated("}", 60))) ==
        "oversized a/when" + repeated("/!", 16) + ":1");
  CHECK(faults_of(rule_of("\"when\":" + repeated("{\"!!\":", 100) + "true" + repeated("}", 100))) ==
        "none");
  // Long lists end where the limit is.
  CHECK(faults_of(rule_of("\"when\":{\"and\":[true" + repeated(",true", many) + "]}")) ==
        "oversized a/when/and/255:1");
  CHECK(faults_of(rule_of("\"when\":{\"and\":[true" + repeated(",true", many) +
                          "]},\"gives\":{\"percent_off\":{\"share\":1,\"on\":true}}")) ==
        "oversized a/when/and/255:1");
  CHECK(faults_of(rule_of("\"when\":{\"and\":[true" + repeated(",{\"!!\":true}", 254) + "]}")) ==
        "none");
  CHECK(faults_of(rule_of("\"when\":{\"in\":[{\"var\":\"total\"},[1" + repeated(",1", many) +
                          "]]}")) == "oversized a/when/in/1:1");
  CHECK(faults_of(rule_of("\"when\":{\"missing\":[\"a\"" + repeated(",\"a\"", many) + "]}")) ==
        "none");
  CHECK(faults_of(rule_of("\"when\":{\"==\":[1" + repeated(",1", many) + "]}")) ==
        "malformed a/when/==:1");
  CHECK(faults_of(rule_of("\"channels\":[\"a\"" + repeated(",\"a\"", many) + "]")) ==
        "oversized a/channels:1");
  std::string members = "\"when\":{\"x0\":1";
  for (std::size_t i = 1; i < many; ++i) members += ",\"x" + std::to_string(i) + "\":1";
  CHECK(faults_of(rule_of(members + "}")) == "malformed a/when:1");
  // A thousand mistakes are enough to read.
  std::vector<mistake> all;
  CHECK_FALSE(read_offer_json("[{}" + repeated(",\n{}", many) + "]", &all));
  CHECK(all.size() == 1'000);
  CHECK(all.back().code == errc::full);
  CHECK(all[998].line == 999);
  CHECK(faults_of(std::string(adapters::max_offer_json_bytes + 1, ' ')) == "oversized :1");
  // A name as long as the document comes once.
  CHECK_FALSE(read_offer_json("[{\"name\":\"" + std::string(1'000'000, 'n') +
                                  "\",\"when\":{\"and\":[" + repeated("1,", 200) + "1]}}]",
                              &all));
  CHECK(all[0].path == "/0/name");
  CHECK(all[1].rule.empty());
}

TEST_CASE("offer JSON: code of any language is a name that is not known, or a text") {
  const std::vector<std::string> payloads = {"T(java.lang.Runtime).getRuntime().exec('id')",
                                             "%{(#a=@java.lang.System@exit(1))}",
                                             "java.lang.Runtime.getRuntime().exec(\"id\")",
                                             "{{ ''.__class__.__mro__[1].__subclasses__() }}",
                                             "${7*7}",
                                             "'; DROP TABLE rules; --",
                                             "%n%n%s%x",
                                             "__proto__",
                                             "constructor",
                                             "hasOwnProperty",
                                             "../../etc/passwd",
                                             "<script>alert(1)</script>",
                                             "\x01\x7F\n\xE2\x80\xAE"};
  for (const std::string& p : payloads) {
    CAPTURE(p);
    const std::vector<offer::rule> plain = {
        {.name = p, .when = the("city").is(p), .group = p, .channels = {p}}};
    const std::string json = write_offer_json(plain);
    CHECK(read_offer_json(json).value() == plain);
    const auto b = book::make(cart_fields, line_fields, plain).value();
    match_state state;
    CHECK(b.match({.city = p}, {.now = {}, .channel = p}, state).size() == 1);
    CHECK(b.match({.city = "49"}, {.now = {}, .channel = p}, state).empty());
    // As an operator.
    const std::size_t at = json.find("\"==\"");
    std::string as_operator = json;
    const std::size_t name = json.find("\"name\":") + 7;
    as_operator.replace(at, 4, json.substr(name, json.find(",\"when\"") - name));
    CAPTURE(as_operator);
    std::vector<mistake> all;
    CHECK_FALSE(read_offer_json(as_operator, &all));
    REQUIRE(all.size() == 1);
    CHECK(all[0].code == errc::unknown);
    CHECK(all[0].path == "/when");
    CHECK(all[0].line == 2);
  }
}

TEST_CASE("offer JSON: a text cut at any byte is refused with a line") {
  shop::random r(9);
  const std::string json = write_offer_json(any_rules(r, 2));
  for (std::size_t i = 0; i + 2 < json.size(); ++i) {
    std::vector<mistake> all;
    CAPTURE(i);
    REQUIRE_FALSE(read_offer_json(std::string_view(json).substr(0, i), &all));
    REQUIRE(all.size() == 1);
    REQUIRE(all[0].line > 0);
  }
}

TEST_CASE("offer JSON: the example of the reference is a book, and every operator stands there") {
  std::string page(__FILE__);
  page.erase(page.rfind("tests/adapters"));
  page += "docs/reference-offer-json.md";
  std::ifstream file(page, std::ios::binary);
  REQUIRE(file);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::size_t from = text.find("```json\n") + 8;
  const std::string json = text.substr(from, text.find("\n```", from) - from);
  std::vector<mistake> all;
  const auto rules = read_offer_json(json, shop_fields(), &all);
  CHECK(told(all) == "");
  REQUIRE(rules);
  REQUIRE(rules->size() == 5);
  const auto b = book::make(cart_fields, line_fields, *rules).value();
  shop::cart cart{.total = 60'00, .country = "AT", .tags = {"new"}};
  cart.lines = {{.sku = 1, .price = 30'00, .pieces = 1, .brand = "Acme"},
                {.sku = 2, .price = 5'00, .pieces = 2, .brand = "Bolt"}};
  const std::string_view arm = "price=B";
  const auto match = [&](std::string_view now, std::string_view segment) {
    match_state state;
    std::string out;
    const request r{parse_timestamp(now).value(), "app", {&arm, 1}};
    const auto in = [segment](std::string_view s) { return s == segment; };
    for (const std::uint32_t i : b.match(cart, r, state, in)) out += b[i].name + "; ";
    return out;
  };
  const std::string others =
      "free shipping from 30.00 of Acme on; the more, the less; three for two; ";
  CHECK(match("2026-03-06T22:00:00Z", "lapsed") == "15 % off Acme from 50.00 on; " + others);
  CHECK(match("2026-03-06T21:59:59Z", "lapsed") == others);
  CHECK(match("2026-03-06T22:00:00Z", "back") == "a soap for who is back; " + others);
  for (const auto& entry : adapters::detail::logic_entries) {
    CAPTURE(entry.name);
    const bool in_form = text.find('"' + std::string(entry.name) + '"') != std::string::npos;
    CHECK((in_form || text.find('`' + std::string(entry.name) + '`') != std::string::npos));
  }
}
