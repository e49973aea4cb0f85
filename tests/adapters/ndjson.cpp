#include <tailor/adapters/ndjson.hpp>
#include <tailor/adapters/ndjson_events.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "../catch.hpp"

using namespace tailor;
using namespace tailor::adapters;
using namespace tailor::events;

namespace {

struct read_back {
  ingest_report report;
  std::vector<event> events;
  name_tables tables;
};

read_back read(std::string_view text, const text_options& how = {}, const field_names& names = {},
               const ndjson_options& options = {}) {
  // In memory of its own size: a read beyond the end is one that sanitizers see.
  const std::vector<char> exact(text.begin(), text.end());
  read_back out;
  out.report = read_ndjson_events(
      {exact.data(), exact.size()}, names, how, out.tables,
      [&](const event& e) { out.events.push_back(e); }, options);
  return out;
}

/// The one refusal of `text`, whose other lines are taken.
ingest_report::refusal one_refusal(std::string_view text, const text_options& how = {}) {
  const read_back r = read(text, how);
  REQUIRE(r.report.refused() == 1);
  CHECK(r.report.accepted() == r.events.size());
  return r.report.first_refusals()[0];
}

bool is(const ingest_report::refusal& r, std::uint64_t row, errc code, std::string_view field) {
  CAPTURE(r.row, name_of(r.code), r.field);
  return r.row == row && r.code == code && r.field == field;
}

const std::string good =
    R"({"event_id":"e1","time":"2010-12-01T08:26:00Z","user_id":"anna","kind":"purchase",)"
    R"("item_id":"85123A","quantity":6,"unit_price":2.55,"order_id":"536365"})";

std::string line_with(std::string_view member) {
  return R"({"time":"2010-12-01","kind":"purchase",)" + std::string(member) + "}\n";
}

}  // namespace

TEST_CASE("ndjson: a line is read to the cent") {
  const read_back r = read(good + "\n");
  REQUIRE(r.report.accepted() == 1);
  const event& e = r.events[0];
  CHECK(r.tables.users.name(0) == "anna");
  CHECK(r.tables.items.name(0) == "85123A");
  CHECK(r.tables.orders.name(0) == "536365");
  CHECK(e.user == user_id{0});
  CHECK(e.item == item_id{0});
  CHECK(e.order == order_id{0});
  CHECK(e.at == *parse_timestamp("2010-12-01T08:26:00Z"));
  CHECK(e.quantity == 6);
  CHECK(e.unit_price == 255);
  CHECK(e.id == event_id_of("e1"));
}

TEST_CASE("ndjson: members may come in any order, with others among them, on every line anew") {
  const read_back r = read(
      R"({"user_id":"a","time":"2010-12-01","kind":"search","quantity":1})"
      "\n"
      R"({ "x" : [1,{"user_id":"no"}], "kind" :"search" , "time":"2010-12-01", "y":{}, "user_id": "b" })"
      "\n"
      R"({"user_id":"c","kind":"search","time":"2010-12-01"})"
      "\r\n\n  \t\n"
      R"({"user_idx":"no","time":"2010-12-01","kind":"search","user":"no","user_id":"d"})");
  REQUIRE(r.report.refused() == 0);
  REQUIRE(r.events.size() == 4);
  CHECK(r.tables.users.name(0) == "a");
  CHECK(r.tables.users.name(1) == "b");
  CHECK(r.tables.users.name(2) == "c");
  CHECK(r.tables.users.name(3) == "d");
}

TEST_CASE("ndjson: strings and numbers are taken as they are written") {
  const auto user_of = [](std::string_view value) {
    const read_back r = read(line_with(R"("user_id":)" + std::string(value)));
    REQUIRE(r.report.accepted() == 1);
    return std::string(r.tables.users.name(0));
  };
  CHECK(user_of("12") == "12");
  CHECK(user_of("\"12\"") == "12");
  CHECK(user_of("12.0") == "12.0");
  CHECK(user_of("123456789012345678901234567890") == "123456789012345678901234567890");
  CHECK(user_of(R"("a\"b\\c\u00e9\ud83d\ude00")") == "a\"b\\c\xc3\xa9\xf0\x9f\x98\x80");
  CHECK(user_of("\"a\xc3\xa9\"") == "a\xc3\xa9");

  const auto price_of = [](std::string_view value) {
    const read_back r = read(line_with(R"("user_id":"u","unit_price":)" + std::string(value)));
    REQUIRE(r.report.accepted() == 1);
    return r.events[0].unit_price;
  };
  CHECK(price_of("0.29") == 29);
  CHECK(price_of("1e2") == 10'000);
  CHECK(price_of("\"19.90\"") == 1'990);
  CHECK(price_of("90071992547409.93") == 9'007'199'254'740'993);  // no double holds that
  CHECK(price_of("null") == 0);
  CHECK(price_of("\"\"") == 0);
  CHECK(is(one_refusal(line_with(R"("user_id":"u","unit_price":0.295)")), 1, errc::inexact,
           "unit_price"));
}

TEST_CASE("ndjson: names with dots are paths") {
  field_names names;
  names.id = "messageId";
  names.user = "userId";
  names.visitor = "anonymousId";
  names.kind = "event";
  names.time = "timestamp";
  names.item = "properties.product_id";
  names.quantity = "properties.quantity";
  names.unit_price = "properties.price.amount";
  names.order = "properties.order_id";
  text_options how;
  how.spec = event_spec::segment;
  const std::string line =
      R"({"messageId":"m","event":"Product Added","userId":null,"anonymousId":"cookie",)"
      R"("properties":{"price":{"amount":"2.55","currency":"EUR"},"product_id":"p1","quantity":2},)"
      R"("timestamp":"2010-12-01T08:26:00Z"})";
  const read_back r = read(line + "\n" + line, how, names);
  REQUIRE(r.events.size() == 2);
  CHECK(r.events[0] == r.events[1]);
  CHECK(r.tables.users.name(0) == "cookie");
  CHECK(r.tables.items.name(0) == "p1");
  CHECK(r.events[0].kind == event_kind::add_to_cart);
  CHECK(r.events[0].quantity == 2);
  CHECK(r.events[0].unit_price == 255);
  CHECK(r.events[0].order == no_order);

  const std::string head =
      R"({"event":"Product Added","userId":"u","timestamp":"2010-12-01","properties":)";
  CHECK(read(head + "null}\n", how, names).report.accepted() == 1);
  CHECK(read(head + "{}}\n", how, names).report.accepted() == 1);
  for (const char* wrong : {"5}\n", "[]}\n", "\"x\"}\n", "{\"price\":2.55}}\n"}) {
    const read_back bad = read(head + wrong, how, names);
    REQUIRE(bad.report.refused() == 1);
    CHECK(is(bad.report.first_refusals()[0], 1, errc::malformed, "object"));
  }
}

TEST_CASE("ndjson: a bad line is refused with its number and the rest goes on") {
  const char* const faults[] = {
      "{",
      "}",
      "5",
      "[]",
      "[1,2]",
      "null",
      "\"user_id\"",
      "{\"user_id\"}",
      "{\"user_id\":}",
      "{\"user_id\":,}",
      "]",
      "][",
      "{},{}",
      "{}]",
      "{},",
      ",{}",
      "{\"user_id\":\"a\",}",
      "{\"user_id\":\"a\" \"kind\":\"search\"}",
      "{user_id:\"a\"}",
      "{\"user_id\":\"a}",
      "{\"user_id\":\"a\"}}",
      "{\"user_id\":\"a\"} {}",
      "{\"user_id\":\"a\"} x",
      "{\"user_id\":\"a\"]",
      "{\"x\":{\"user_id\":\"a\"}",
      "{\"x\":[[[}",
      "x{}",
  };
  for (const char* fault : faults) {
    CAPTURE(fault);
    const read_back r = read(good + "\n" + fault + "\n\n" + good + "\n");
    CHECK(r.report.accepted() == 2);
    REQUIRE(r.report.refused() == 1);
    CHECK(is(r.report.first_refusals()[0], 2, errc::malformed, ""));
  }
}

TEST_CASE("ndjson: an object may not go on in the next line") {
  for (const char* text :
       {"{\"x\":[1\n2]}\n", "{\"x\":1\n\"y\":2}\n", "{\"x\":{\"y\":1\n\"z\":2}}\n"}) {
    const read_back r = read(good + "\n" + text + good);
    CHECK(r.report.accepted() == 2);
    REQUIRE(r.report.refused() == 2);
    CHECK(is(r.report.first_refusals()[0], 2, errc::malformed, ""));
    CHECK(is(r.report.first_refusals()[1], 3, errc::malformed, ""));
  }
}

TEST_CASE("ndjson: among thousands of lines, each bad one is found and no other") {
  std::string text;
  std::vector<std::uint64_t> bad;
  std::uint64_t line = 0;
  for (int i = 0; i < 5'000; ++i) {
    ++line;
    if (i % 1'013 == 7) {
      text += i % 2 == 0 ? "{\"x\":\"\xff\"}\n" : "{\"x\":[}\n";
      bad.push_back(line);
    } else if (i % 501 == 3) {
      text += " \r\n";
    } else {
      text += line_with(R"("user_id":"u)" + std::to_string(i) + "\"");
    }
  }
  const read_back r = read(text);
  REQUIRE(r.report.refused() == bad.size());
  for (std::size_t i = 0; i < bad.size(); ++i) CHECK(r.report.first_refusals()[i].row == bad[i]);
  for (std::size_t i = 0; i < r.events.size(); ++i) CHECK(r.events[i].user == user_id{i});
}

TEST_CASE("ndjson: bytes that are no text are refused, wherever they are") {
  for (const std::string_view bad : {"\xff", "\xc3", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\x01"}) {
    const std::string text = line_with(R"("user_id":"a","x":")" + std::string(bad) + "\"");
    CHECK(is(one_refusal(text), 1, errc::not_text, ""));
  }
  // Escaped, they are found in the ids only.
  CHECK(is(one_refusal(line_with(R"("user_id":"a\u0001")")), 1, errc::not_text, "user"));
  CHECK(is(one_refusal(line_with(R"("user_id":"a\ud800")")), 1, errc::malformed, "user"));
  CHECK(is(one_refusal(line_with(R"("user_id":"a\x")")), 1, errc::malformed, "user"));
}

TEST_CASE("ndjson: a wanted member of another type, or given twice, is named") {
  for (const char* value : {"true", "false", "nul", "nullx", "[]", "{}", "-", "01", "1.", ".5",
                            "+1", "1e", "0x1", "NaN", "Infinity"}) {
    CAPTURE(value);
    const auto r = one_refusal(line_with(R"("user_id":"a","quantity":)" + std::string(value)));
    CHECK(r.code == errc::malformed);
    CHECK(std::string_view(r.field) == "quantity");
  }
  CHECK(is(one_refusal(line_with(R"("user_id":"a","user_id":"b")")), 1, errc::malformed, "user"));
  CHECK(is(one_refusal(line_with(R"("user_id":null,"user_id":"b")")), 1, errc::malformed, "user"));
  CHECK(is(one_refusal(line_with(R"("user_id":"b","\u0075ser_id":"a")")), 1, errc::malformed,
           "user"));
}

TEST_CASE("ndjson: a last line that was cut is truncated, at every length") {
  for (std::size_t length = 1; length < good.size(); ++length) {
    CAPTURE(length);
    const read_back r = read(good + "\n" + good.substr(0, length));
    CHECK(r.report.accepted() == 1);
    REQUIRE(r.report.refused() == 1);
    CHECK(r.report.first_refusals()[0].row == 2);
    CHECK(r.report.first_refusals()[0].code == errc::truncated);
  }
  CHECK(read(good + "\n" + good).report.accepted() == 2);
}

TEST_CASE("ndjson: lines of every length before the end of the text are read within it") {
  for (std::size_t pad = 0; pad < 200; ++pad) {
    const read_back r = read(good + "\n{\"x\":1}\n" + good + std::string(pad, ' ') + "\n{}\n");
    CHECK(r.report.accepted() == 2);
    CHECK(r.report.refused() == 2);
    CHECK(r.events[0] == r.events[1]);
  }
}

TEST_CASE("ndjson: nesting in what nobody wants costs nothing, also a hundred thousand deep") {
  const std::size_t deep = 100'000;
  const std::string nested = std::string(deep, '[') + std::string(deep, ']');
  const read_back r = read(line_with(R"("x":)" + nested + R"(,"user_id":"a")") + good);
  CHECK(r.report.accepted() == 2);
  const std::string unclosed = R"({"x":)" + std::string(deep, '[') + "\n";
  CHECK(is(one_refusal(unclosed + good), 1, errc::malformed, ""));
}

TEST_CASE("ndjson: a line beyond the limit is refused") {
  ndjson_options options;
  options.max_line_bytes = good.size();
  const read_back r = read(good + "\n" + good + " \n", {}, {}, options);
  CHECK(r.report.accepted() == 1);
  CHECK(r.report.of(errc::oversized) == 1);
}

TEST_CASE("ndjson: nothing, blank lines and a byte-order mark are not rows") {
  CHECK(read("").report.rows() == 0);
  CHECK(read("\n\r\n \n").report.rows() == 0);
  CHECK(read("\xef\xbb\xbf").report.rows() == 0);
  CHECK(read("\xef\xbb\xbf" + good).report.accepted() == 1);
  CHECK(is(one_refusal("\n\n{}\n"), 3, errc::empty_id, "user"));
}

TEST_CASE("ndjson: many lines give the handles of one after the other, escapes or not") {
  std::string text;
  std::vector<std::string> users;
  const auto number = [](std::size_t n) { return std::to_string(n); };
  for (std::size_t i = 0; i < 3'000; ++i) {
    const std::size_t u = i * i % 701;
    // Every seventh name is spelt with an escape.
    const std::string spelt = i % 7 == 0 ? "\\u0075" : "u";
    std::string item = i % 3 == 0 ? "" : R"(,"item_id":"i)" + number(i % 97) + "\"";
    text += R"({"time":)" + number(1'000 + i) + R"(,"kind":"view_item","user_id":")" + spelt +
            number(u) + "\"" + item + "}\n";
    if (i % 11 == 0) text += "{\"user_id\":\"refused" + number(i) + "\"}\n";
    users.push_back("u" + number(u));
  }
  text_options how;
  how.time = time_format::seconds;
  const read_back r = read(text, how);
  REQUIRE(r.events.size() == 3'000);
  CHECK(r.report.refused() == 273);
  interner expected;
  for (std::size_t i = 0; i < r.events.size(); ++i) {
    const event& e = r.events[i];
    CHECK(raw(e.user) == *expected.intern(users[i]));
    CHECK(e.at == timestamp{static_cast<std::int64_t>(1'000 + i) * 1'000'000});
    CHECK((e.item == no_item) == (i % 3 == 0));
    if (e.item != no_item)
      CHECK(r.tables.items.name(static_cast<std::uint32_t>(raw(e.item))) == "i" + number(i % 97));
  }
  CHECK(r.tables.users == expected);
}

TEST_CASE("ndjson: a full table refuses the rows that need a new name, and no others") {
  interner_limits two;
  two.max_names = 2;
  name_tables tables{interner({}, two), interner({}, {}), interner({}, {})};
  std::string text;
  for (const char* user : {"a", "b", "c", "a", "d", "b"})
    text += line_with(R"("user_id":")" + std::string(user) + "\"");
  std::vector<std::uint64_t> users;
  const ingest_report report = read_ndjson_events(
      text, {}, {}, tables, [&](const event& e) { users.push_back(raw(e.user)); });
  CHECK(users == std::vector<std::uint64_t>{0, 1, 0, 1});
  CHECK(report.of(errc::full) == 2);
  CHECK(is(report.first_refusals()[0], 3, errc::full, "user"));
  CHECK(is(report.first_refusals()[1], 5, errc::full, "user"));
}

TEST_CASE("ndjson: bytes done are those up to and with the line break") {
  const std::string text = good + "\n\n{}\n" + good;
  ndjson_reader lines(text);
  CHECK(lines.bytes_done() == 0);
  CHECK(lines.next());
  CHECK(lines.bytes_done() == good.size() + 1);
  CHECK(lines.next());
  CHECK(lines.bytes_done() == good.size() + 5);
  CHECK(lines.next());
  CHECK(lines.bytes_done() == text.size());
  CHECK_FALSE(lines.next());
}

TEST_CASE("ndjson: what the sink refuses is in the report") {
  name_tables tables;
  int calls = 0;
  const ingest_report report =
      read_ndjson_events(good + "\n" + good, {}, {}, tables, [&](const event&) -> status {
        return ++calls == 2 ? status(error{errc::duplicate, "id"}) : status();
      });
  CHECK(report.accepted() == 1);
  CHECK(report.duplicates() == 1);
}
