#include "tailor/adapters/arrow.hpp"

#include <cfenv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "../catch.hpp"
#include "arrow_producer.hpp"
#include "tailor/core/decimal.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/iso8601.hpp"
#include "tailor/core/random.hpp"

using namespace tailor;
using namespace tailor::adapters;
using namespace tailor::events;
using namespace tailor_test;

namespace {

struct read_back {
  errc code = errc::ok;
  std::string what;
  std::uint64_t at = 0;
  ingest_report report;
  std::vector<event> events;
  name_tables tables;
  bool released = false;
};

text_options purchases() {
  text_options how;
  how.if_absent = event_kind::purchase;
  return how;
}

read_back read(arrow_producer& from, const text_options& how = purchases(),
               const arrow_options& options = {}) {
  read_back out;
  ArrowArrayStream stream = from.stream();
  const auto report = read_arrow_events(
      stream, {}, how, out.tables,
      [&](const columns& c) {
        CHECK(c.check());
        for (std::size_t i = 0; i < c.size(); ++i) out.events.push_back(c.row(i));
      },
      silent{}, options);
  out.released = stream.release == nullptr && from.all_released(1);
  if (report) {
    out.report = *report;
  } else {
    out.code = report.code();
    out.what = report.error().what;
    out.at = report.error().at;
  }
  return out;
}

read_back read(std::vector<arrow_column_spec> columns, const text_options& how = purchases(),
               const arrow_options& options = {}) {
  arrow_batch_spec b;
  b.length = columns.empty() ? 0 : columns[0].length;
  b.columns = std::move(columns);
  arrow_producer from({b});
  return read(from, how, options);
}

bool is(const ingest_report::refusal& r, std::uint64_t row, errc code, std::string_view field) {
  CAPTURE(r.row, name_of(r.code), r.field);
  return r.row == row && r.code == code && r.field == field;
}

const std::vector<std::uint64_t> three{7, 8, 9};
const std::vector<std::int64_t> moments{1'000'000, 2'000'000, 3'000'000};

std::vector<arrow_column_spec> least() {
  return {numbers("user_id", "L", three), numbers("time", "tsu:UTC", moments)};
}

std::vector<arrow_column_spec> least_and(arrow_column_spec c) {
  auto out = least();
  out.push_back(std::move(c));
  return out;
}

}  // namespace

TEST_CASE("arrow: columns of our types are read where they lie") {
  arrow_batch_spec b;
  b.length = 3;
  b.columns = least();
  b.columns.push_back(numbers<std::int64_t>("item_id", "l", {1, 2, 3}));
  b.columns.push_back(numbers<std::int32_t>("quantity", "i", {1, -2, 3}));
  b.columns.push_back(numbers<std::int64_t>("unit_price", "l", {255, 0, -1}));
  arrow_producer from({b});
  ArrowArrayStream stream = from.stream();
  name_tables tables;
  ArrowSchema schema = from.schema();
  ArrowArray batch = from.batch(0);
  const void* const users = batch.children[0]->buffers[1];
  const void* const prices = batch.children[4]->buffers[1];
  const auto report = read_arrow_batch(
      schema, batch, {}, purchases(), tables,
      [&](const columns& c) {
        CHECK(static_cast<const void*>(c.user.data()) == users);
        CHECK(static_cast<const void*>(c.unit_price.data()) == prices);
        CHECK(c.row(1) == event{user_id{8}, timestamp{2'000'000}, event_kind::purchase, item_id{2},
                                no_order, -2, 0, no_event});
      },
      {.integers = integer_prices::minor_units});
  REQUIRE(report);
  CHECK(report->accepted() == 3);
  CHECK(from.all_released(0));
  CHECK(schema.release == nullptr);
  CHECK(batch.release == nullptr);
  stream.release(&stream);
}

TEST_CASE("arrow: texts of every layout get the same handles") {
  const std::vector<std::string> users{"anna", "a name longer than twelve", "anna"};
  const std::vector<std::string> once{"anna", "a name longer than twelve"};
  std::vector<arrow_column_spec> layouts{
      texts("user_id", users),
      texts<std::int64_t>("user_id", users),
      text_views("user_id", users),
      coded(numbers<std::int8_t>("user_id", "c", {0, 1, 0}), texts("", once)),
      coded(numbers<std::uint32_t>("user_id", "I", {0, 1, 0}), texts<std::int64_t>("", once)),
      coded(numbers<std::int64_t>("user_id", "l", {0, 1, 0}), text_views("", once)),
  };
  for (auto& users_column : layouts) {
    CAPTURE(users_column.format, users_column.buffers.size());
    const read_back r = read({users_column, numbers("time", "tsu:UTC", moments)});
    REQUIRE(r.report.accepted() == 3);
    CHECK(r.released);
    CHECK(r.tables.users.size() == 2);
    CHECK(r.tables.users.name(1) == once[1]);
    CHECK(r.events[0].user == user_id{0});
    CHECK(r.events[1].user == user_id{1});
    CHECK(r.events[2].user == user_id{0});
  }
}

TEST_CASE("arrow: integers of every width are ids, prices and quantities") {
  const auto all = [](auto t, const char* format) {
    using T = decltype(t);
    const std::vector<T> n{1, 2, 100};
    const read_back r = read({numbers("user_id", format, n), numbers("item_id", format, n),
                              numbers("order_id", format, n), numbers("event_id", format, n),
                              numbers("quantity", format, n), numbers("unit_price", format, n),
                              numbers("time", "tsu:UTC", moments)});
    CAPTURE(format);
    REQUIRE(r.report.accepted() == 3);
    CHECK(r.events[2] == event{user_id{100}, timestamp{3'000'000}, event_kind::purchase,
                               item_id{100}, order_id{100}, 100, 100'00, event_id{100}});
  };
  all(std::int8_t{}, "c");
  all(std::uint8_t{}, "C");
  all(std::int16_t{}, "s");
  all(std::uint16_t{}, "S");
  all(std::int32_t{}, "i");
  all(std::uint32_t{}, "I");
  all(std::int64_t{}, "l");
  all(std::uint64_t{}, "L");
}

TEST_CASE("arrow: times of every unit, with and without a zone") {
  const auto first = [](arrow_column_spec times, const text_options& how) {
    const read_back r = read({numbers<std::uint64_t>("user_id", "L", {1}), std::move(times)}, how);
    CAPTURE(r.what, name_of(r.code));
    REQUIRE(r.events.size() == 1);
    return format_timestamp(r.events[0].at);
  };
  text_options how = purchases();
  const std::int64_t s = 1'291'191'960;
  CHECK(first(numbers<std::int64_t>("time", "tss:", {s}), how) == "2010-12-01T08:26:00Z");
  CHECK(first(numbers<std::int64_t>("time", "tsm:", {s * 1000}), how) == "2010-12-01T08:26:00Z");
  CHECK(first(numbers<std::int64_t>("time", "tsu:", {s * 1000000}), how) == "2010-12-01T08:26:00Z");
  CHECK(first(numbers<std::int64_t>("time", "tsn:", {s * 1000000000}), how) ==
        "2010-12-01T08:26:00Z");
  CHECK(first(texts("time", {"2010-12-01 08:26"}), how) == "2010-12-01T08:26:00Z");
  how.local_offset_minutes = 60;  // matters where there is no zone, and nowhere else
  CHECK(first(numbers<std::int64_t>("time", "tss:", {s}), how) == "2010-12-01T07:26:00Z");
  CHECK(first(numbers<std::int64_t>("time", "tsu:Europe/London", {s * 1000000}), how) ==
        "2010-12-01T08:26:00Z");
  how.time = time_format::milliseconds;
  CHECK(first(numbers<std::int64_t>("time", "l", {s * 1000}), how) == "2010-12-01T08:26:00Z");
}

TEST_CASE("arrow: a time that is finer than a microsecond or does not fit is refused") {
  const read_back r =
      read({numbers("user_id", "L", three), numbers<std::int64_t>("time", "tsn:", {1, 1'000, -7})});
  REQUIRE(r.report.first_refusals().size() == 2);
  CHECK(is(r.report.first_refusals()[0], 1, errc::inexact, "time"));
  CHECK(is(r.report.first_refusals()[1], 3, errc::inexact, "time"));
  const read_back s = read(
      {numbers("user_id", "L", three), numbers<std::int64_t>("time", "tss:", {1, INT64_MAX, 3})});
  REQUIRE(s.report.refused() == 1);
  CHECK(is(s.report.first_refusals()[0], 2, errc::overflow, "time"));
}

TEST_CASE("arrow: prices in floating point are rounded half to even, all others are exact") {
  const auto price = [](arrow_column_spec c, int exponent) {
    text_options how = purchases();
    how.price_exponent = exponent;
    return read({numbers<std::uint64_t>("user_id", "L", {1}),
                 numbers<std::int64_t>("time", "tsu:", {0}), std::move(c)},
                how);
  };
  const auto from_double = [&](double d, int exponent) {
    const read_back r = price(numbers<double>("unit_price", "g", {d}), exponent);
    return r.events.empty() ? std::string(name_of(r.report.first_refusals()[0].code))
                            : std::to_string(r.events[0].unit_price);
  };
  CHECK(from_double(2.55, 2) == "255");
  CHECK(from_double(0.125, 2) == "12");
  CHECK(from_double(0.375, 2) == "38");
  CHECK(from_double(-0.125, 2) == "-12");
  CHECK(from_double(-0.375, 2) == "-38");
  CHECK(from_double(0.5, 0) == "0");
  CHECK(from_double(1.5, 0) == "2");
  CHECK(from_double(-0.0, 2) == "0");
  CHECK(from_double(5e-324, 2) == "0");
  CHECK(from_double(9007199254740993.0, 0) == "9007199254740992");
  CHECK(from_double(9.3e18, 0) == "overflow");
  CHECK(from_double(-9223372036854775808.0, 0) == "-9223372036854775808");
  CHECK(from_double(std::nan(""), 2) == "not_finite");
  CHECK(from_double(-std::numeric_limits<double>::infinity(), 2) == "not_finite");
  CHECK(price(numbers<float>("unit_price", "f", {2.55f}), 2).events.at(0).unit_price == 255);

  const auto decimal = [&](std::int64_t low, std::int64_t high, const char* format) {
    return price(
        [&] {
          auto c = numbers<std::int64_t>("unit_price", format, {low, high});
          c.length = 1;
          return c;
        }(),
        2);
  };
  CHECK(decimal(2'550, 0, "d:18,3").events.at(0).unit_price == 255);
  CHECK(decimal(-255, -1, "d:18,2,128").events.at(0).unit_price == -255);
  CHECK(decimal(3, 0, "d:18,0").events.at(0).unit_price == 300);
  CHECK(decimal(3, 0, "d:18,-1").events.at(0).unit_price == 3000);
  CHECK(decimal(2'555, 0, "d:18,3").report.of(errc::inexact) == 1);
  CHECK(decimal(1, 1, "d:38,2").report.of(errc::overflow) == 1);
  CHECK(price(texts("unit_price", {"2.55"}), 2).events.at(0).unit_price == 255);
  CHECK(price(texts("unit_price", {"2.555"}), 2).report.of(errc::inexact) == 1);
  CHECK(price(numbers<std::int64_t>("unit_price", "l", {INT64_MAX}), 2).report.of(errc::overflow) ==
        1);
}

TEST_CASE("arrow: rounding does not ask the host's rounding mode") {
  for (const int mode : {FE_DOWNWARD, FE_UPWARD, FE_TOWARDZERO, FE_TONEAREST}) {
    std::fesetround(mode);
    const auto even = round_half_even(0.125, 2);
    const auto odd = round_half_even(0.375, 2);
    std::fesetround(FE_TONEAREST);
    CHECK(*even == 12);
    CHECK(*odd == 38);
  }
}

TEST_CASE("arrow: quantities in floating point have to be whole") {
  const read_back r = read(least_and(numbers<double>("quantity", "g", {2.0, 2.5, 3e9})));
  REQUIRE(r.report.refused() == 2);
  CHECK(r.events[0].quantity == 2);
  CHECK(is(r.report.first_refusals()[0], 2, errc::inexact, "quantity"));
  CHECK(is(r.report.first_refusals()[1], 3, errc::overflow, "quantity"));
}

TEST_CASE("arrow: kinds are names, codes of a dictionary or codes of ours") {
  text_options how;
  how.spec = event_spec::segment;
  const auto kinds = [&](arrow_column_spec c) {
    const read_back r = read(least_and(std::move(c)), how);
    REQUIRE(r.events.size() == 2);
    CHECK(is(r.report.first_refusals()[0], 2, errc::unknown, "kind"));
    CHECK(r.events[0].kind == event_kind::purchase);
    CHECK(r.events[1].kind == event_kind::view_item);
  };
  kinds(texts("kind", {"Order Completed", "purchase", "Product Viewed"}));
  kinds(coded(numbers<std::int16_t>("kind", "s", {2, 0, 1}),
              texts("", {"?", "Product Viewed", "Order Completed"})));
  kinds(numbers<std::uint8_t>("kind", "C", {80, 81 + 3, 15}));
  kinds(numbers<std::int64_t>("kind", "l", {80, -1, 15}));
}

TEST_CASE("arrow: null is absent, and refused where something has to be") {
  const read_back r = read({with_nulls(texts("user_id", {"a", "b", "c"}), {1}),
                            with_nulls(numbers("time", "tsu:", moments), {2}),
                            with_nulls(numbers<std::int64_t>("item_id", "l", {-1, 5, 6}), {0}),
                            with_nulls(texts("order_id", {"o", "o", "o"}), {0}),
                            with_nulls(numbers<double>("unit_price", "g", {1, 2, 3}), {0})});
  REQUIRE(r.report.refused() == 2);
  CHECK(is(r.report.first_refusals()[0], 2, errc::empty_id, "user"));
  CHECK(is(r.report.first_refusals()[1], 3, errc::malformed, "time"));
  REQUIRE(r.events.size() == 1);
  CHECK(r.events[0] == event{user_id{0}, timestamp{1'000'000}, event_kind::purchase});
  CHECK(r.tables.users.size() == 1);
  CHECK(r.tables.orders.size() == 0);
}

TEST_CASE("arrow: where there is no user the visitor stands in") {
  const read_back r = read({with_nulls(texts("user_id", {"anna", "", "x"}), {2}),
                            with_nulls(texts("visitor_id", {"v1", "v2", ""}), {0}),
                            numbers("time", "tsu:", moments)});
  REQUIRE(r.events.size() == 2);
  CHECK(r.tables.users.name(0) == "anna");
  CHECK(r.tables.users.name(1) == "v2");
  CHECK(is(r.report.first_refusals()[0], 3, errc::empty_id, "user"));
  const read_back mixed = read({numbers("user_id", "L", three), texts("visitor_id", {"", "", ""}),
                                numbers("time", "tsu:", moments)});
  CHECK(mixed.code == errc::malformed);
  CHECK(mixed.what == "visitor");
}

TEST_CASE("arrow: ids that are no ids are refused, and nothing of their rows gets a handle") {
  const read_back r = read({texts("user_id", {"a\tb", "fine", "\xff"}),
                            texts("item_id", {"i0", std::string(129, 'x'), "i2"}),
                            numbers("time", "tsu:", moments)});
  CHECK(r.report.accepted() == 0);
  REQUIRE(r.report.refused() == 3);
  CHECK(is(r.report.first_refusals()[0], 1, errc::not_text, "user"));
  CHECK(is(r.report.first_refusals()[1], 2, errc::oversized, "item"));
  CHECK(is(r.report.first_refusals()[2], 3, errc::not_text, "user"));
  CHECK(r.tables.users.size() == 0);
  CHECK(r.tables.items.size() == 0);
  const read_back n = read(least_and(numbers<std::int32_t>("item_id", "i", {1, -1, 2})));
  REQUIRE(n.report.refused() == 1);
  CHECK(is(n.report.first_refusals()[0], 2, errc::out_of_range, "item"));
  CHECK(n.events[1].user == user_id{9});
  const read_back most =
      read(least_and(numbers<std::uint64_t>("item_id", "L", {1, 2, UINT64_MAX})));
  CHECK(most.report.of(errc::out_of_range) == 1);
}

TEST_CASE("arrow: a full table refuses the rows that find no place") {
  arrow_batch_spec b;
  b.columns = {texts("user_id", {"a", "b", "a"}), numbers("time", "tsu:", moments)};
  b.length = 3;
  arrow_producer from({b});
  ArrowArrayStream stream = from.stream();
  name_tables tables{interner(hash_key{1, 2}, {.max_names = 1}), interner(), interner()};
  std::size_t rows = 0;
  const auto report = read_arrow_events(stream, {}, purchases(), tables,
                                        [&](const columns& c) { rows += c.size(); });
  REQUIRE(report);
  CHECK(rows == 2);
  CHECK(report->of(errc::full) == 1);
  CHECK(is(report->first_refusals()[0], 2, errc::full, "user"));
}

TEST_CASE("arrow: a text of a dictionary gets a handle when a sound row has it, and only then") {
  const auto coded_items = [](std::vector<std::int16_t> codes) {
    return coded(numbers("item_id", "s", codes),
                 with_nulls(texts("", {"never", "", "fine", "bad\n", "null", "late"}), {4}));
  };
  arrow_batch_spec b;
  b.columns = {numbers<std::uint64_t>("user_id", "L", {1, 2, 3, 4, 5, 6}),
               with_nulls(numbers<std::int64_t>("time", "tsu:", {1, 2, 3, 4, 5, 6}), {5}),
               coded_items({2, 1, 3, 4, 2, 5})};
  b.length = 6;
  arrow_producer from({b});
  const read_back r = read(from);
  REQUIRE(r.report.refused() == 2);
  CHECK(is(r.report.first_refusals()[0], 3, errc::not_text, "item"));
  CHECK(is(r.report.first_refusals()[1], 6, errc::malformed, "time"));
  CHECK(r.tables.items.size() == 1);
  CHECK(r.tables.items.name(0) == "fine");
  REQUIRE(r.events.size() == 4);
  CHECK(r.events[0].item == item_id{0});
  CHECK(r.events[1].item == no_item);
  CHECK(r.events[2].item == no_item);
  CHECK(r.events[3].item == item_id{0});

  b.columns[1] = numbers<std::int64_t>("time", "tsu:", {1, 2, 3, 4, 5, 6});
  arrow_producer again({b});
  ArrowArrayStream stream = again.stream();
  name_tables tables{interner(), interner(hash_key{1, 2}, {.max_names = 1}), interner()};
  const auto report = read_arrow_events(stream, {}, purchases(), tables, [](const columns&) {});
  REQUIRE(report);
  CHECK(report->of(errc::full) == 1);
  CHECK(is(report->first_refusals()[1], 6, errc::full, "item"));
}

TEST_CASE("arrow: offsets of the batch and of its columns add up") {
  auto users = texts("user_id", {"no", "no", "a", "b", "no"});
  users.offset = 1;
  users.length = 4;
  auto times = numbers<std::int64_t>("time", "tsu:", {-1, -1, -1, 30, 40});
  times.offset = 2;
  times.length = 3;
  times = with_nulls(times, {2});
  times.null_count = -1;  // not counted
  arrow_batch_spec b;
  b.columns = {users, times};
  b.offset = 1;
  b.length = 2;
  arrow_producer from({b});
  const read_back r = read(from);
  REQUIRE(r.events.size() == 1);
  CHECK(r.events[0].at == timestamp{30});
  CHECK(r.tables.users.name(0) == "a");
  CHECK(is(r.report.first_refusals()[0], 2, errc::malformed, "time"));
}

TEST_CASE("arrow: rows are numbered through all batches, and a null struct is a bad row") {
  arrow_batch_spec b;
  b.columns = least();
  b.length = 3;
  arrow_batch_spec holes = b;
  holes.valid = bytes{0x05};
  holes.null_count = 1;
  arrow_batch_spec none = b;
  none.length = 0;
  arrow_producer from({b, none, holes});
  const read_back r = read(from);
  CHECK(r.report.accepted() == 5);
  REQUIRE(r.report.refused() == 1);
  CHECK(is(r.report.first_refusals()[0], 5, errc::malformed, "row"));
  CHECK(r.released);
  CHECK(from.batches_made == 3);
}

TEST_CASE("arrow: columns that are missing, doubled or of a foreign type end it before any row") {
  const auto fault = [](std::vector<arrow_column_spec> columns, errc code, const char* what,
                        const text_options& how = purchases()) {
    const read_back r = read(std::move(columns), how);
    CAPTURE(what, r.what, name_of(r.code));
    CHECK(r.code == code);
    CHECK(r.what == what);
    CHECK(r.released);
    CHECK(r.events.empty());
  };
  fault({numbers("time", "tsu:", moments)}, errc::unknown, "user");
  fault({numbers("user_id", "L", three)}, errc::unknown, "time");
  fault(least(), errc::unknown, "kind", {});
  fault(least_and(numbers("time", "tsu:", moments)), errc::malformed, "time");
  fault({numbers<double>("user_id", "g", {1, 2, 3}), numbers("time", "tsu:", moments)},
        errc::malformed, "user");
  fault({numbers("user_id", "L", three), numbers<std::int64_t>("time", "l", {1, 2, 3})},
        errc::malformed, "time");  // a number is no ISO 8601
  for (const char* format : {"b", "e", "w:8", "+l", "+r", "tts", "tDm", "tsx:", "ts", "d:18",
                             "d:18,2,256", "d:1,99", "", "?", "tsu"}) {
    auto c = numbers<std::int64_t>("unit_price", format, {1, 2, 3});
    CAPTURE(format);
    fault(least_and(c), errc::malformed, "unit_price");
  }
  fault(least_and(coded(numbers<std::int8_t>("item_id", "c", {0, 0, 0}),
                        numbers<std::int64_t>("", "l", {1}))),
        errc::malformed, "item");
  // A column of nulls only is as if it were not there.
  auto nothing = numbers<std::int64_t>("item_id", "n", {1, 2, 3});
  nothing.buffers.clear();
  CHECK(read(least_and(nothing)).report.accepted() == 3);
}

TEST_CASE("arrow: a structure that contradicts itself is malformed, with the column") {
  const auto broken = [](arrow_column_spec c, const char* what) {
    const read_back r = read(least_and(std::move(c)));
    CAPTURE(what, r.what, name_of(r.code));
    CHECK(r.code == errc::malformed);
    CHECK(r.what == what);
    CHECK(r.released);
    CHECK(r.events.empty());
    CHECK(r.tables.items.size() == 0);
  };
  const auto changed = [](arrow_column_spec c, auto change) {
    change(c);
    return c;
  };
  const auto prices = numbers<std::int64_t>("unit_price", "l", {1, 2, 3});
  const auto items = texts("item_id", {"a", "b", "c"});
  using spec = arrow_column_spec;
  broken(changed(prices, [](spec& c) { c.length = -1; }), "unit_price");
  broken(changed(prices, [](spec& c) { c.length = 2; }), "unit_price");
  broken(changed(prices, [](spec& c) { c.offset = -1; }), "unit_price");
  broken(changed(prices, [](spec& c) { c.offset = INT64_MAX; }), "unit_price");
  broken(changed(prices, [](spec& c) { c.null_count = 1; }), "unit_price");
  broken(changed(prices, [](spec& c) { c.null_count = -2; }), "unit_price");
  broken(changed(prices, [](spec& c) { c.null_count = 4; }), "unit_price");
  broken(changed(prices, [](spec& c) { c.n_buffers = 1; }), "unit_price");
  broken(changed(prices, [](spec& c) { c.n_buffers = -1; }), "unit_price");
  broken(changed(prices, [](spec& c) { c.n_children = 1; }), "unit_price");
  broken(changed(prices, [](spec& c) { c.no_buffers = true; }), "unit_price");
  broken(changed(prices, [](spec& c) { c.missing = true; }), "unit_price");
  broken(changed(prices, [](spec& c) { c.buffers[1].reset(); }), "unit_price");
  broken(coded(prices, items), "unit_price");
  broken(changed(items, [](spec& c) { c.buffers[1] = bytes_of<std::int32_t>({0, 1, 0, 1}); }),
         "item");
  broken(changed(items, [](spec& c) { c.buffers[1] = bytes_of<std::int32_t>({-1, 1, 1, 1}); }),
         "item");
  broken(changed(items, [](spec& c) { c.buffers[2].reset(); }), "item");
  const auto views = text_views("item_id", {"a", "a text of some length", "c"});
  const auto patched = [&](std::size_t at, std::int32_t value) {
    return changed(views, [&](spec& c) { std::memcpy(c.buffers[1]->data() + at, &value, 4); });
  };
  broken(patched(16, -1), "item");
  broken(patched(16, 1'000), "item");
  broken(patched(16 + 8, 2), "item");
  broken(patched(16 + 8, -1), "item");
  broken(patched(16 + 12, 1), "item");
  broken(patched(16 + 12, -1), "item");
  broken(changed(views, [](spec& c) { c.n_buffers = 2; }), "item");
  const auto codes = [](std::int8_t code) {
    return coded(numbers<std::int8_t>("item_id", "c", {0, code, 0}), texts("", {"x"}));
  };
  CHECK(read(least_and(codes(0))).report.accepted() == 3);
  broken(codes(1), "item");
  broken(codes(-1), "item");
  broken(changed(codes(0), [](spec& c) { c.dictionary->length = -1; }), "item");
  broken(changed(codes(0), [](spec& c) { c.dictionary->buffers[1].reset(); }), "item");
}

TEST_CASE("arrow: a batch that contradicts itself ends it, and what came before stays") {
  arrow_batch_spec good;
  good.columns = least();
  good.length = 3;
  const auto broken = [&](auto change) {
    arrow_batch_spec bad = good;
    change(bad);
    arrow_producer from({good, bad, good});
    const read_back r = read(from);
    CHECK(r.code == errc::malformed);
    CHECK(r.what == "batch");
    CHECK(r.at == 3);
    CHECK(r.events.size() == 3);
    CHECK(r.released);
  };
  broken([](arrow_batch_spec& b) { b.length = -1; });
  broken([](arrow_batch_spec& b) { b.offset = -1; });
  broken([](arrow_batch_spec& b) { b.length = INT64_MAX; });
  broken([](arrow_batch_spec& b) { b.n_children = 1; });
  broken([](arrow_batch_spec& b) { b.n_children = -1; });
  broken([](arrow_batch_spec& b) { b.n_buffers = 0; });
  broken([](arrow_batch_spec& b) { b.null_count = 1; });
  arrow_batch_spec listed = good;
  listed.format = "+l";
  arrow_producer from({listed});
  CHECK(read(from).what == "schema");
}

TEST_CASE("arrow: a producer that fails is told with its words, and all is released") {
  for (const int call : {0, 1, 2}) {
    arrow_batch_spec b;
    b.columns = least();
    b.length = 3;
    arrow_producer from({b, b});
    from.fail_after = call;
    struct {
      arrow_producer_fault last;
      std::string words;
      void on(const arrow_producer_fault& f) {
        last = f;
        words = f.message;
      }
      void on(const arrow_progress&) {}
    } ears;
    ArrowArrayStream stream = from.stream();
    name_tables tables;
    const auto r = read_arrow_events(stream, {}, purchases(), tables, [](const columns&) {}, ears);
    CHECK(r.code() == errc::io);
    CHECK(r.error().at == (call == 2 ? 3u : 0u));
    CHECK(ears.last.code == 5);
    CHECK(ears.words == "the tape broke");
    CHECK(from.all_released(1));
  }
  ArrowArrayStream gone{};
  name_tables tables;
  CHECK(read_arrow_events(gone, {}, purchases(), tables, [](const columns&) {}) == errc::malformed);
}

TEST_CASE("arrow: a sink that refuses ends it, and all is released") {
  arrow_batch_spec b;
  b.columns = least();
  b.length = 3;
  arrow_producer from({b, b, b});
  ArrowArrayStream stream = from.stream();
  name_tables tables;
  int calls = 0;
  const auto r = read_arrow_events(stream, {}, purchases(), tables, [&](const columns&) -> status {
    return ++calls == 2 ? status(error{errc::full, "shop"}) : status();
  });
  CHECK(r.code() == errc::full);
  CHECK(std::string(r.error().what) == "shop");
  CHECK(r.error().at == 3);
  CHECK(calls == 2);
  CHECK(from.all_released(1));
}

TEST_CASE("arrow: slices and buffers that are not aligned change no answer") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    counter_random draw(seed, 0);
    const std::size_t n = 1 + uniform_below(draw, 40);
    std::vector<std::string> users;
    std::vector<std::int64_t> items, times, prices;
    std::vector<std::int32_t> pieces;
    for (std::size_t i = 0; i < n; ++i) {
      users.push_back(uniform_below(draw, 9) == 0 ? "" : "u" + std::to_string(draw() % 5));
      items.push_back(static_cast<std::int64_t>(uniform_below(draw, 30)) - (seed % 2 == 0 ? 1 : 0));
      times.push_back(static_cast<std::int64_t>(draw() >> 20));
      prices.push_back(static_cast<std::int64_t>(draw() >> 40));
      pieces.push_back(static_cast<std::int32_t>(uniform_below(draw, 10)));
    }
    std::vector<arrow_column_spec> c{
        texts("user_id", users), numbers("item_id", "l", items), numbers("time", "tsu:", times),
        numbers("unit_price", "l", prices), numbers("quantity", "i", pieces)};
    const read_back whole = read(c);
    for (auto& column : c) {  // the same values, a byte further
      if (column.format == "u") continue;
      const auto width = static_cast<std::ptrdiff_t>(column.format == "i" ? 4 : 8);
      column.offset = 1;
      column.buffers[1]->insert(column.buffers[1]->begin(), static_cast<std::size_t>(width), 'x');
    }
    for (const std::size_t most : {std::size_t{1}, std::size_t{3}, std::size_t{1000}}) {
      const read_back sliced = read(c, purchases(), {.max_rows = most});
      CHECK(sliced.events == whole.events);
      CHECK(sliced.report.accepted() == whole.report.accepted());
      CHECK(sliced.report.first_refusals() == whole.report.first_refusals());
      CHECK(sliced.tables.users == whole.tables.users);
    }
  }
}
