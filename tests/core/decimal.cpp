#include "tailor/core/decimal.hpp"

#include <cstdint>
#include <cstdio>
#include <limits>
#include <random>
#include <string>
#include <string_view>

#include "../catch.hpp"

using tailor::errc;
using tailor::parse_decimal;
using tailor::parse_int;
using tailor::round_half_even;

namespace {

std::int64_t read(std::string_view text, int exponent) {
  const auto r = parse_decimal(text, exponent);
  CAPTURE(std::string(text), exponent, tailor::name_of(r.code()));
  REQUIRE(r);
  return *r;
}

// The slow and obvious reading of digits with a point: move the point, then compare digit strings.
std::string moved_point(std::string integer, std::string fraction, int exponent) {
  while (static_cast<int>(fraction.size()) < exponent) fraction.push_back('0');
  integer += fraction.substr(0, static_cast<std::size_t>(exponent));
  const std::string below = fraction.substr(static_cast<std::size_t>(exponent));
  if (below.find_first_not_of('0') != std::string::npos) return "inexact";
  const auto first = integer.find_first_not_of('0');
  return first == std::string::npos ? "0" : integer.substr(first);
}

}  // namespace

TEST_CASE("decimal: prices are read exactly") {
  CHECK(read("2.55", 2) == 255);
  CHECK(read("2.5500", 2) == 255);
  CHECK(read("2.5", 2) == 250);
  CHECK(read("2", 2) == 200);
  CHECK(read("0.001", 3) == 1);
  CHECK(read("-1", 2) == -100);
  CHECK(read("+1", 2) == 100);
  CHECK(read("-0", 2) == 0);
  CHECK(read("-0.07", 2) == -7);
  CHECK(read("007.10", 2) == 710);
  CHECK(read("13541.33", 2) == 1354133);
  CHECK(read("0.29", 2) == 29);  // 0.29 × 100 is 28.999… in doubles
  CHECK(read("42", 0) == 42);
  CHECK(read("1.000000000000000001", 18) == 1'000'000'000'000'000'001);
}

TEST_CASE("decimal: the point may stand before or after all digits, not alone") {
  CHECK(read(".5", 2) == 50);
  CHECK(read("5.", 2) == 500);
  CHECK(read("-.5", 1) == -5);
  CHECK(parse_decimal(".", 2) == errc::malformed);
  CHECK(parse_decimal("-.", 2) == errc::malformed);
  CHECK(parse_decimal(".e1", 2) == errc::malformed);
}

TEST_CASE("decimal: powers of ten as spreadsheets write them") {
  CHECK(read("9.83E-05", 7) == 983);
  CHECK(read("1e3", 2) == 100'000);
  CHECK(read("1.5e+2", 0) == 150);
  CHECK(read("2550e-3", 2) == 255);
  CHECK(read("1000e-5", 2) == 1);
  CHECK(read("0e999999999999999999999999", 2) == 0);
  CHECK(read("0.000e-99999999999999999999", 2) == 0);
  CHECK(parse_decimal("9.83E-05", 6) == errc::inexact);
  CHECK(parse_decimal("1e999999999999999999999999", 2) == errc::overflow);
  CHECK(parse_decimal("1e-999999999999999999999999", 2) == errc::inexact);
  for (const char* text : {"1e", "1e+", "1e-", "1e5.0", "1ee5", "e5", "1e 5"}) {
    CAPTURE(text);
    CHECK(parse_decimal(text, 2) == errc::malformed);
  }
}

TEST_CASE("decimal: nothing is rounded silently") {
  CHECK(parse_decimal("0.001", 2) == errc::inexact);
  CHECK(parse_decimal("2.555", 2) == errc::inexact);
  CHECK(parse_decimal("1.5", 0) == errc::inexact);
  CHECK(parse_decimal("0.0000000000000000000000000000000001", 18) == errc::inexact);
  CHECK(parse_decimal("1.00000000000000000000000000000001", 2) == errc::inexact);
  CHECK(read("1.00000000000000000000000000000000", 2) == 100);
  CHECK(read("0.00000000000000000000000000000000", 2) == 0);
}

TEST_CASE("decimal: 64 bits are used to the last unit, and not one more") {
  CHECK(read("9223372036854775807", 0) == INT64_MAX);
  CHECK(read("-9223372036854775808", 0) == INT64_MIN);
  CHECK(read("92233720368547758.07", 2) == INT64_MAX);
  CHECK(read("-92233720368547758.08", 2) == INT64_MIN);
  CHECK(read("92233720368547758.0700000", 2) == INT64_MAX);
  CHECK(read("000000000000000000000000009223372036854775807", 0) == INT64_MAX);
  CHECK(read("1000000000000000000000000000000e-30", 0) == 1);
  CHECK(read("10000000000000000000e-19", 0) == 1);
  CHECK(read("18446744073709551610e-1", 0) == 1844674407370955161);
  for (const char* text : {"9223372036854775808", "-9223372036854775809", "18446744073709551616",
                           "99999999999999999999999999", "1e19"}) {
    CAPTURE(text);
    CHECK(parse_decimal(text, 0) == errc::overflow);
  }
  CHECK(parse_decimal("92233720368547758.08", 2) == errc::overflow);
  CHECK(parse_decimal("-92233720368547758.09", 2) == errc::overflow);
  CHECK(parse_decimal("1e300", 2) == errc::overflow);
}

TEST_CASE("decimal: what is no number is refused, with the place") {
  for (const char* text : {"nan", "NaN", "-nan", "inf", "-Inf", "+INFINITY"}) {
    CAPTURE(text);
    CHECK(parse_decimal(text, 2) == errc::not_finite);
  }
  for (const char* text : {"", " ", "-", "+", "--1", "+-1", "1-", " 1", "1 ", "1,5", "1.2.3", "0x1",
                           "1_000", "abc", "in", "nan1", "£2.55", "2.55\n"}) {
    CAPTURE(text);
    CHECK(parse_decimal(text, 2) == errc::malformed);
  }
  CHECK(parse_decimal("12,5", 2).error().at == 2);
  CHECK(parse_decimal("1.2.3", 2).error().at == 3);
  CHECK(parse_decimal("", 2).error().at == 0);
  CHECK(parse_decimal(std::string_view("1\0", 2), 2) == errc::malformed);
}

TEST_CASE("decimal: agrees with moving the point in the text") {
  const auto seed = GENERATE(1u, 2u, 3u);
  CAPTURE(seed);
  std::mt19937 g(seed);
  for (int i = 0; i < 20000; ++i) {
    std::string integer, fraction;
    for (auto n = g() % 24; n > 0; --n) integer.push_back("0123456789000"[g() % 13]);
    for (auto n = g() % 24; n > 0; --n) fraction.push_back("0123456789000"[g() % 13]);
    const int exponent = static_cast<int>(g() % 19);
    const bool minus = g() % 2 == 0;
    if (integer.empty() && fraction.empty()) continue;
    const std::string text = (minus ? "-" : "") + integer + "." + fraction;
    const std::string digits = moved_point(integer, fraction, exponent);
    const auto r = parse_decimal(text, exponent);
    CAPTURE(text, exponent, digits, tailor::name_of(r.code()));
    const std::string top = minus ? "9223372036854775808" : "9223372036854775807";
    const auto fits = [&](const std::string& d) {
      return d.size() < top.size() || (d.size() == top.size() && d <= top);
    };
    if (digits == "inexact") {
      // What is both too fine and too large may be refused for either.
      REQUIRE(!r);
      const std::string whole = moved_point(
          integer,
          fraction.substr(
              0, std::min<std::size_t>(fraction.size(), static_cast<std::size_t>(exponent))),
          exponent);
      if (fits(whole))
        REQUIRE(r == errc::inexact);
      else
        REQUIRE((r == errc::inexact || r == errc::overflow));
    } else if (!fits(digits)) {
      REQUIRE(r == errc::overflow);
    } else {
      REQUIRE(r);
      REQUIRE(std::to_string(*r) == (minus && digits != "0" ? "-" + digits : digits));
    }
  }
}

TEST_CASE("decimal: reads at compile time") {
  static_assert(*parse_decimal("2.55", 2) == 255);
  static_assert(*parse_int<std::uint8_t>("255") == 255);
  static_assert(*round_half_even(2.5, 0) == 2);
}

TEST_CASE("parse_int: reads to the ends of the type and not beyond") {
  CHECK(*parse_int<std::int64_t>("9223372036854775807") == INT64_MAX);
  CHECK(*parse_int<std::int64_t>("-9223372036854775808") == INT64_MIN);
  CHECK(*parse_int<std::uint64_t>("18446744073709551615") == UINT64_MAX);
  CHECK(*parse_int<std::int8_t>("-128") == -128);
  CHECK(*parse_int<int>("+007") == 7);
  CHECK(*parse_int<unsigned>("-0") == 0);
  CHECK(parse_int<std::int64_t>("9223372036854775808") == errc::overflow);
  CHECK(parse_int<std::int64_t>("-9223372036854775809") == errc::overflow);
  CHECK(parse_int<std::uint64_t>("18446744073709551616") == errc::overflow);
  CHECK(parse_int<std::uint64_t>("99999999999999999999999") == errc::overflow);
  CHECK(parse_int<std::int8_t>("128") == errc::overflow);
  CHECK(parse_int<std::int8_t>("-129") == errc::overflow);
  CHECK(parse_int<unsigned>("-1") == errc::overflow);
  for (const char* text : {"", "-", "+", "1.0", " 1", "1 ", "0x10", "1e3", "--1", "a", "12a"}) {
    CAPTURE(text);
    CHECK(parse_int<int>(text) == errc::malformed);
  }
  CHECK(parse_int<int>("12a").error().at == 2);
}

TEST_CASE("round_half_even: the number that the double holds is rounded once") {
  CHECK(*round_half_even(2.55, 2) == 255);
  CHECK(*round_half_even(0.29, 2) == 29);
  CHECK(*round_half_even(-0.29, 2) == -29);
  CHECK(*round_half_even(2.675, 2) == 267);  // 2.67499999999999982236431605997495353221893310546875
  CHECK(*round_half_even(0.125, 2) == 12);   // exact halves go to the even side
  CHECK(*round_half_even(0.375, 2) == 38);
  CHECK(*round_half_even(-0.125, 2) == -12);
  CHECK(*round_half_even(0.5, 0) == 0);
  CHECK(*round_half_even(1.5, 0) == 2);
  CHECK(*round_half_even(0.0, 4) == 0);
  CHECK(*round_half_even(-0.0, 4) == 0);
  CHECK(*round_half_even(5e-324, 18) == 0);
  CHECK(*round_half_even(1e-18, 18) == 1);
  CHECK(*round_half_even(-9223372036854775808.0, 0) == INT64_MIN);
  CHECK(*round_half_even(9223372036854774784.0, 0) == 9223372036854774784);
  CHECK(round_half_even(9223372036854775808.0, 0) == errc::overflow);
  CHECK(round_half_even(1e17, 2) == errc::overflow);
  CHECK(round_half_even(1e308, 18) == errc::overflow);
  CHECK(round_half_even(std::numeric_limits<double>::infinity(), 2) == errc::not_finite);
  CHECK(round_half_even(-std::numeric_limits<double>::infinity(), 2) == errc::not_finite);
  CHECK(round_half_even(std::numeric_limits<double>::quiet_NaN(), 2) == errc::not_finite);
}

TEST_CASE("round_half_even: agrees with the C library's exact printing") {
  const auto seed = GENERATE(1u, 2u);
  CAPTURE(seed);
  std::mt19937_64 g(seed);
  for (int i = 0; i < 20000; ++i) {
    const int exponent = static_cast<int>(g() % 5);
    const double value = static_cast<double>(static_cast<std::int64_t>(g())) /
                         static_cast<double>(std::uint64_t{1} << (10 + g() % 50));
    char text[512];
    std::snprintf(text, sizeof text, "%.*f", exponent, value);  // rounds exactly, halves to even
    const auto expected = parse_decimal(text, exponent);
    const auto got = round_half_even(value, exponent);
    CAPTURE(text, exponent);
    REQUIRE(got.code() == expected.code());
    if (got) REQUIRE(*got == *expected);
  }
}
