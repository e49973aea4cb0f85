#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "../catch.hpp"
#include "../segment/slow_rules.hpp"
#include "tailor/adapters/segment_json.hpp"
#include "tailor/adapters/segment_json_write.hpp"
#include "tailor/segment/rule_check.hpp"
#include "tailor/segment/rule_words.hpp"

using namespace tailor_test;
using adapters::read_segment_json;
using adapters::write_segment_json;

namespace {

std::string faults_of(std::string_view json) {
  std::vector<mistake> all;
  if (read_segment_json(json, &all)) return "none";
  std::string out;
  for (const mistake& m : all) {
    if (!out.empty()) out += ", ";
    out += name_of(m.code);
    out += ' ';
    out += m.path;
  }
  return out;
}

/// One segment with that rule.
std::string with(std::string_view rule) {
  return "[{\"name\":\"a\",\"who\":" + std::string(rule) + "}]";
}

}  // namespace

TEST_CASE("segment JSON: what is written is read back, for rules of every sort") {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    CAPTURE(seed);
    const auto all = random_rules(seed).make(8);
    const std::string json = write_segment_json(all);
    std::vector<mistake> mistakes;
    const auto back = read_segment_json(json, &mistakes);
    for (const mistake& m : mistakes) UNSCOPED_INFO(m.path << ": " << m.what);
    REQUIRE(back);
    REQUIRE(*back == all);
    REQUIRE(write_segment_json(*back) == json);
  }
}

TEST_CASE("segment JSON: as people write it") {
  const auto read = read_segment_json(R"([
    {"name": "left a cart",
     "who": {"all": [
       {"funnel": [{"of": {"kinds": ["add_to_cart"]}},
                   {"of": {"kinds": ["purchase"]}, "happened": false}],
        "within": "24h", "when": {"last": "7d"}},
       {"property": "newsletter", "is": "=", "flag": true}]}},
    {"name": "good of late",
     "who": {"measure": "revenue", "of": {"kinds": ["purchase", "refund"]},
             "when": {"last": "30d"}, "is": ">=", "bound": 10000}},
    {"name": "soon",
     "who": {"property": "renewal", "is": "in_time", "when": {"next": "2w"}}},
    {"name": "caf\u00e9",
     "who": {"not": {"property": "city", "is": "=", "text": "Bern"}}},
    {"name": "since",
     "who": {"measure": "events", "of": {}, "when": {"from": "2024-01-01T00:00:00Z"},
             "is": ">", "bound": 0}}])");
  REQUIRE(read);
  const std::vector<segment_definition> expected = {
      {"left a cart", funnel({then(carts()), but_not(purchases())}, hours(24), last(days(7))) &&
                          consented("newsletter")},
      {"good of late", revenue(last(days(30))) >= 10'000},
      {"soon", lies("renewal", next(days(14)))},
      {"caf\xC3\xA9", !is("city", "Bern")},
      {"since", number_of({}, since(timestamp{1'704'067'200'000'000})) > 0}};
  CHECK(*read == expected);
}

TEST_CASE("segment JSON: every fault has its name and its place") {
  CHECK(faults_of("") == "malformed ");
  CHECK(faults_of("[") == "malformed ");
  CHECK(faults_of("{}") == "malformed ");
  CHECK(faults_of("[1]") == "malformed /0");
  CHECK(faults_of("[{}]") == "malformed /0/name, malformed /0/who");
  CHECK(faults_of(R"([{"name":"a","who":{},"x":1}])") == "unknown /0");
  CHECK(faults_of(R"([{"name":"a","name":"b","who":{}}])") == "duplicate /0/name");
  CHECK(faults_of(with("{}")) == "unknown /0/who");
  CHECK(faults_of(with("[]")) == "malformed /0/who");
  CHECK(faults_of(with(R"({"all":[{"any":[{"x":1}]},3]})")) ==
        "unknown /0/who/all/0/any/0, malformed /0/who/all/1");
  CHECK(faults_of(with(R"({"measure":"eggs","of":{},"is":"~","bound":1.5})")) ==
        "unknown /0/who/measure, unknown /0/who/is, malformed /0/who/bound");
  CHECK(faults_of(with(R"({"measure":"events","of":{"kinds":["dance"]},"is":">","bound":1})")) ==
        "unknown /0/who/of/kinds/0");
  CHECK(faults_of(with(R"({"measure":"events","of":{"items":[-1]},"is":">","bound":1})")) ==
        "malformed /0/who/of/items/0");
  CHECK(faults_of(
            with(R"({"measure":"events","of":{},"is":">","bound":1,"when":{"last":"soon"}})")) ==
        "malformed /0/who/when/last");
  CHECK(
      faults_of(with(
          R"({"measure":"events","of":{},"is":">","bound":1,"when":{"last":"9999999999999w"}})")) ==
      "overflow /0/who/when/last");
  CHECK(faults_of(with(R"({"property":"a","is":"=","number":9223372036854775808})")) ==
        "malformed /0/who/number");
  CHECK(faults_of(with(R"({"model":"rfm","label":"a","low":1})")) == "conflict /0/who/label");
  CHECK(faults_of(with(R"({"model":"rfm","low":1})")) == "malformed /0/who/high");
  CHECK(faults_of(with(R"({"funnel":[{"of":{},"happened":0}],"within":"1d"})")) ==
        "malformed /0/who/funnel/0/happened");
  std::string deep;
  for (int i = 0; i < 20; ++i) deep += "{\"not\":";
  deep += "{}" + std::string(20, '}');
  CHECK(faults_of(with(deep)).rfind("oversized /0/who/not/not", 0) == 0);
  CHECK(faults_of(std::string(1'000, '[') + std::string(1'000, ']')) == "oversized ");
  CHECK(faults_of(std::string(100'000, '[')) != "none");
  CHECK(faults_of(std::string((std::size_t{1} << 24) + 1, ' ')) == "oversized ");
  // A million conditions are too long a list, not a long wait.
  std::string million = "{\"all\":[{}";
  for (int i = 0; i < 1'000'000; ++i) million += ",{}";
  const std::string found = faults_of(with(million + "]}"));
  CHECK(found.find("oversized") != std::string::npos);
}

TEST_CASE("segment JSON: places are those of the check of meaning") {
  const auto read = read_segment_json(
      with(R"({"any":[{"measure":"events","of":{"item":[{"property":"make","is":"exists"}]},
                       "is":">","bound":0},{"model":"rfm","label":"gold"}]})"));
  REQUIRE(read);
  const auto mistakes = check_rules(*read, {});
  REQUIRE(mistakes.size() == 2);
  CHECK(mistakes[0].path == "/0/who/any/0/of/item/0/property");
  CHECK(mistakes[1].path == "/0/who/any/1/model");
}
