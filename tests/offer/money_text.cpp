#include "tailor/offer/money_text.hpp"

#include <cstdint>
#include <string>

#include "../catch.hpp"
#include "tailor/core/decimal.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"

using namespace tailor;
using offer::append_decimal;
using offer::append_money;
using offer::currency_place;
using offer::number_style;

namespace {

std::string decimal(std::int64_t count, int exponent, const number_style& style = {}) {
  std::string out;
  append_decimal(out, count, exponent, style);
  return out;
}

std::string written(std::int64_t minor, const char* code, int exponent,
                    const number_style& style = {}) {
  std::string out;
  append_money(out, {minor, *currency::make(code, exponent)}, style);
  return out;
}

}  // namespace

TEST_CASE("money text: every unit is written, none is rounded") {
  CHECK(written(1250, "EUR", 2) == "12.50 EUR");
  CHECK(written(5, "EUR", 2) == "0.05 EUR");
  CHECK(written(0, "EUR", 2) == "0.00 EUR");
  CHECK(written(-5, "EUR", 2) == "-0.05 EUR");
  CHECK(written(1250, "JPY", 0) == "1250 JPY");
  CHECK(written(1250, "KWD", 3) == "1.250 KWD");
  CHECK(written(INT64_MAX, "EUR", 2) == "92233720368547758.07 EUR");
  CHECK(written(INT64_MIN, "EUR", 2) == "-92233720368547758.08 EUR");
}

TEST_CASE("money text: marks and the place of the currency are the host's") {
  const number_style german{.decimal_mark = ',', .group_mark = '.'};
  CHECK(written(123456789, "EUR", 2, german) == "1.234.567,89 EUR");
  CHECK(written(99999, "EUR", 2, german) == "999,99 EUR");
  CHECK(written(100000, "EUR", 2, german) == "1.000,00 EUR");
  CHECK(written(1250, "CHF", 2, {.place = currency_place::before}) == "CHF 12.50");
  CHECK(written(1250, "CHF", 2, {.place = currency_place::none}) == "12.50");
  CHECK(decimal(1234567, 0, {.group_mark = '\''}) == "1'234'567");
  CHECK(decimal(INT64_MIN, 0, {.group_mark = ','}) == "-9,223,372,036,854,775,808");
  CHECK(decimal(INT64_MIN, 18, {.group_mark = ','}) == "-9.223372036854775808");
}

TEST_CASE("money text: what is written is read back") {
  counter_random draw(1, 1);
  for (int i = 0; i < 20'000; ++i) {
    const auto n = static_cast<std::int64_t>(draw()) >> uniform_below(draw, 64);
    const int exponent = static_cast<int>(uniform_below(draw, 19));
    const auto read = parse_decimal(decimal(n, exponent), exponent);
    if (!read || *read != n) CHECK(decimal(n, exponent) == "");
  }
}
