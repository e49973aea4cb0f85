#include "tailor/core/iso8601.hpp"

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include "../catch.hpp"

using tailor::calendar_day;
using tailor::errc;
using tailor::format_timestamp;
using tailor::parse_timestamp;
using tailor::timestamp;

namespace {

std::int64_t read(std::string_view text, int local_offset_minutes = 0) {
  const auto r = parse_timestamp(text, local_offset_minutes);
  CAPTURE(std::string(text), tailor::name_of(r.code()));
  REQUIRE(r);
  return r->us;
}

}  // namespace

TEST_CASE("iso8601: known moments") {
  CHECK(read("1970-01-01T00:00:00Z") == 0);
  CHECK(read("1970-01-01") == 0);
  CHECK(read("1969-12-31T23:59:59.999999") == -1);
  CHECK(read("2010-12-01T08:26:00") == 1'291'191'960'000'000);
  CHECK(read("2010-12-01 08:26:00") == 1'291'191'960'000'000);
  CHECK(read("2010-12-01t08:26:00z") == 1'291'191'960'000'000);
  CHECK(read("2010-12-01T08:26") == 1'291'191'960'000'000);
  CHECK(read("2038-01-19T03:14:08Z") == 2'147'483'648'000'000);
  CHECK(read("2000-02-29") == 951'782'400'000'000);
  CHECK(read("0001-01-01T00:00:00Z") == -62'135'596'800'000'000);
  CHECK(read("9999-12-31T23:59:59.999999Z") == 253'402'300'799'999'999);
}

TEST_CASE("iso8601: fractions are microseconds, and finer ones are refused") {
  CHECK(read("1970-01-01T00:00:00.5") == 500'000);
  CHECK(read("1970-01-01T00:00:00.000001Z") == 1);
  CHECK(read("1970-01-01T00:00:01.123456000Z") == 1'123'456);
  CHECK(parse_timestamp("1970-01-01T00:00:00.1234567Z") == errc::inexact);
  CHECK(parse_timestamp("1970-01-01T00:00:00.1234567Z").error().at == 26);
  CHECK(parse_timestamp("1970-01-01T00:00:00.Z") == errc::malformed);
  CHECK(parse_timestamp("1970-01-01T00:00:00.") == errc::malformed);
}

TEST_CASE("iso8601: offsets are taken off, and local times by the host's word") {
  const std::int64_t noon = read("2011-06-01T12:00:00Z");
  CHECK(read("2011-06-01T13:00:00+01:00") == noon);
  CHECK(read("2011-06-01T13:00:00+0100") == noon);
  CHECK(read("2011-06-01T13:00:00+01") == noon);
  CHECK(read("2011-06-01T13:00+01:00") == noon);
  CHECK(read("2011-06-01T06:30:00.000-05:30") == noon);
  CHECK(read("2011-06-01T12:00:00-00:00") == noon);
  CHECK(read("2011-06-01T13:00:00", 60) == noon);
  CHECK(read("2011-06-01T12:00:00Z", 60) == noon);  // its own offset counts
  CHECK(read("2011-06-01T13:00:00+01:00", -90) == noon);
  CHECK(read("2011-06-02", 720) == noon);
  CHECK(read("2012-01-01T00:30:00+01:00") == read("2011-12-31T23:30:00Z"));
}

TEST_CASE("iso8601: days and times that do not exist are out of range") {
  const auto at = [](std::string_view text) {
    const auto r = parse_timestamp(text);
    CAPTURE(std::string(text));
    CHECK(r == errc::out_of_range);
    return r.error().at;
  };
  CHECK(at("0000-01-01") == 0);
  CHECK(at("2010-00-01") == 5);
  CHECK(at("2010-13-01") == 5);
  CHECK(at("2010-12-00") == 8);
  CHECK(at("2010-12-32") == 8);
  CHECK(at("2011-02-29") == 8);
  CHECK(at("1900-02-29") == 8);
  CHECK(at("2011-04-31") == 8);
  CHECK(at("2010-12-01T24:00:00") == 11);
  CHECK(at("2010-12-01T08:60:00") == 14);
  CHECK(at("2016-12-31T23:59:60Z") == 17);
  CHECK(at("2010-12-01T08:26:00+24:00") == 20);
  CHECK(at("2010-12-01T08:26:00+01:60") == 23);
  CHECK(parse_timestamp("0001-01-01T00:00:00+00:01") == errc::out_of_range);
  CHECK(parse_timestamp("9999-12-31T23:59:59-00:01") == errc::out_of_range);
}

TEST_CASE("iso8601: what has another form is malformed") {
  for (const char* text : {"",
                           "2",
                           "2010",
                           "2010-12",
                           "2010-12-",
                           "2010-12-1",
                           "2010-12-01T",
                           "2010-12-01T08",
                           "2010-12-01T08:",
                           "2010-12-01T08:2",
                           "2010-12-01T08:26:",
                           "2010-12-01T08:26:0",
                           "2010-12-01T08:26:00 ",
                           " 2010-12-01",
                           "2010/12/01",
                           "01.12.2010",
                           "12/1/2010 8:26",
                           "2010-12-01Z",
                           "2010-12-01+01:00",
                           "2010-12-01  08:26:00",
                           "2010-12-01T8:26:00",
                           "2010-12-01T08:26:00+",
                           "2010-12-01T08:26:00+1",
                           "2010-12-01T08:26:00+01:",
                           "2010-12-01T08:26:00+01:0",
                           "2010-12-01T08:26:00+01:00Z",
                           "2010-12-01T08:26:00ZZ",
                           "20101201T082600",
                           "-2010-12-01",
                           "+2010-12-01",
                           "2010-12-01T08:26,5",
                           "2010-1a-01",
                           "2010-12-01T08:26.5"}) {
    CAPTURE(text);
    CHECK(parse_timestamp(text) == errc::malformed);
  }
  CHECK(parse_timestamp("2010/12/01").error().at == 4);
  CHECK(parse_timestamp(std::string_view("2010-12-01\0", 11)) == errc::malformed);
  CHECK(parse_timestamp(std::string_view("2010-12-01T08:26:00.5\0", 22)) == errc::malformed);
}

TEST_CASE("iso8601: formatting is read back") {
  CHECK(format_timestamp({0}) == "1970-01-01T00:00:00Z");
  CHECK(format_timestamp({-1}) == "1969-12-31T23:59:59.999999Z");
  CHECK(format_timestamp({500'000}) == "1970-01-01T00:00:00.500Z");
  CHECK(format_timestamp({10}) == "1970-01-01T00:00:00.000010Z");
  CHECK(format_timestamp({1'291'191'960'000'000}) == "2010-12-01T08:26:00Z");
  CHECK(format_timestamp(tailor::first_iso_moment) == "0001-01-01T00:00:00Z");
  CHECK(format_timestamp({tailor::end_of_iso_time.us - 1}) == "9999-12-31T23:59:59.999999Z");

  const auto seed = GENERATE(1u, 2u);
  CAPTURE(seed);
  std::mt19937_64 g(seed);
  const auto range =
      static_cast<std::uint64_t>(tailor::end_of_iso_time.us - tailor::first_iso_moment.us);
  for (int i = 0; i < 20000; ++i) {
    constexpr std::int64_t units[] = {1, 1'000, 1'000'000, 86'400'000'000};
    const std::int64_t unit = units[g() % 4];
    timestamp t{tailor::first_iso_moment.us + static_cast<std::int64_t>(g() % range)};
    t.us = tailor::floor_div(t.us, unit) * unit;
    if (t < tailor::first_iso_moment) continue;
    const std::string text = format_timestamp(t);
    CAPTURE(t.us, text);
    REQUIRE(read(text) == t.us);
  }
}

TEST_CASE("iso8601: years outside of four digits are formatted, not read") {
  CHECK(format_timestamp(tailor::end_of_iso_time) == "+10000-01-01T00:00:00Z");
  CHECK(format_timestamp({tailor::first_iso_moment.us - 1}) == "+0000-12-31T23:59:59.999999Z");
  CHECK(format_timestamp({INT64_MAX}) == "+294247-01-10T04:00:54.775807Z");
  CHECK(format_timestamp({INT64_MIN}) == "-290308-12-21T19:59:05.224192Z");
}

TEST_CASE("iso8601: the calendar counts every day once, for 1,200 years") {
  calendar_day d{1600, 1, 1};
  std::int64_t number = tailor::days_since_epoch(d);
  CHECK(number == -135'140);
  while (d.year < 2800) {
    if (tailor::days_since_epoch(d) != number || tailor::day_at(number) != d) {
      CAPTURE(d.year, d.month, d.day);
      REQUIRE(tailor::days_since_epoch(d) == number);
      REQUIRE(tailor::day_at(number) == d);
    }
    if (++d.day > tailor::days_in_month(d.year, d.month)) {
      d.day = 1;
      if (++d.month > 12) {
        d.month = 1;
        ++d.year;
      }
    }
    ++number;
  }
  for (const std::int64_t day :
       {-106'751'992LL, -1'000'000LL, -719'163LL, -719'162LL, 106'751'991LL}) {
    CAPTURE(day);
    CHECK(tailor::days_since_epoch(tailor::day_at(day)) == day);
  }
  static_assert(tailor::day_at(11'016) == calendar_day{2000, 2, 29});
}
