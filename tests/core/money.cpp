#include "tailor/core/money.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <random>
#include <span>
#include <vector>

#include "../catch.hpp"

using tailor::currency;
using tailor::errc;
using tailor::money;
using tailor::rounding;

namespace {

constexpr currency eur = *currency::make("EUR", 2);
constexpr currency jpy = *currency::make("JPY", 0);
constexpr currency kwd = *currency::make("KWD", 3);

std::vector<std::int64_t> split(std::int64_t total, const std::vector<std::uint64_t>& weights) {
  std::vector<std::int64_t> parts(weights.size());
  REQUIRE(tailor::split({total, eur}, weights, parts));
  return parts;
}

}  // namespace

TEST_CASE("money: a currency is three letters and an exponent") {
  static_assert(eur.code() == "EUR" && eur.exponent() == 2);
  CHECK(currency::make("EU", 2) == errc::malformed);
  CHECK(currency::make("EURO", 2) == errc::malformed);
  CHECK(currency::make("eur", 2) == errc::malformed);
  CHECK(currency::make("E R", 2) == errc::malformed);
  CHECK(currency::make("EUR", -1) == errc::out_of_range);
  CHECK(currency::make("EUR", 5) == errc::out_of_range);
  CHECK(*currency::make("EUR", 3) != eur);  // another unit, and so another currency
}

TEST_CASE("money: sums, differences and products are exact or refused") {
  CHECK(*add(money{250, eur}, {5, eur}) == money{255, eur});
  CHECK(*subtract(money{250, eur}, {300, eur}) == money{-50, eur});
  CHECK(*multiply(money{255, eur}, -4) == money{-1020, eur});
  CHECK(add(money{1, eur}, {1, jpy}) == errc::mixed_currency);
  CHECK(subtract(money{1, eur}, {1, jpy}) == errc::mixed_currency);
  CHECK(add(money{INT64_MAX, eur}, {1, eur}) == errc::overflow);
  CHECK(add(money{INT64_MIN, eur}, {-1, eur}) == errc::overflow);
  CHECK(subtract(money{INT64_MIN, eur}, {1, eur}) == errc::overflow);
  CHECK(subtract(money{0, eur}, {INT64_MIN, eur}) == errc::overflow);
  CHECK(multiply(money{INT64_MIN, eur}, -1) == errc::overflow);
  CHECK(multiply(money{INT64_MAX / 2 + 1, eur}, 2) == errc::overflow);
  CHECK(*multiply(money{INT64_MIN, eur}, 1) == money{INT64_MIN, eur});
}

TEST_CASE("money: amounts are compared in one currency only") {
  CHECK(*compare(money{1, eur}, {2, eur}) == std::strong_ordering::less);
  CHECK(*compare(money{2, eur}, {2, eur}) == std::strong_ordering::equal);
  CHECK(compare(money{1, eur}, {1, jpy}) == errc::mixed_currency);
  CHECK(!(money{1, eur} == money{1, jpy}));
}

TEST_CASE("money: every rounding mode, both signs") {
  struct row {
    int numerator, half_even, half_away, toward_zero, away_from_zero;
  };
  // In quarters: 1/4, 2/4, 3/4, 4/4, 6/4.
  for (const row& r :
       {row{1, 0, 0, 0, 1}, row{2, 0, 1, 0, 1}, row{3, 1, 1, 0, 1}, row{4, 1, 1, 1, 1},
        row{6, 2, 2, 1, 2}, row{10, 2, 3, 2, 3}, row{0, 0, 0, 0, 0}}) {
    for (const int sign : {1, -1}) {
      for (const int by : {4, -4}) {
        CAPTURE(r.numerator, sign, by);
        const int n = r.numerator * sign;
        const int s = by > 0 ? sign : -sign;
        CHECK(*tailor::divide(n, by, rounding::half_even) == s * r.half_even);
        CHECK(*tailor::divide(n, by, rounding::half_away) == s * r.half_away);
        CHECK(*tailor::divide(n, by, rounding::toward_zero) == s * r.toward_zero);
        CHECK(*tailor::divide(n, by, rounding::away_from_zero) == s * r.away_from_zero);
      }
    }
  }
  CHECK(*tailor::divide(INT64_MIN, 1, rounding::half_even) == INT64_MIN);
  CHECK(tailor::divide(INT64_MIN, -1, rounding::half_even) == errc::overflow);
  CHECK(tailor::divide(tailor::int128{INT64_MAX} * 4, 1, rounding::half_even) == errc::overflow);
}

TEST_CASE("money: scaling rounds once, on 128-bit products") {
  CHECK(*scale(money{999, eur}, 85, 100) == money{849, eur});  // 849.15
  CHECK(*scale(money{250, eur}, 85, 100) == money{212, eur});  // 212.5 to the even side
  CHECK(*scale(money{250, eur}, 85, 100, rounding::half_away) == money{213, eur});
  CHECK(*scale(money{-250, eur}, 85, 100, rounding::half_away) == money{-213, eur});
  CHECK(*scale(money{9'000'000'000'000, eur}, 9'999'999, 10'000'000) ==
        money{8'999'999'100'000, eur});
  CHECK(scale(money{INT64_MAX, eur}, 3, 2) == errc::overflow);
}

TEST_CASE("money: conversion between currencies of different exponents") {
  CHECK(*convert(money{10'000, eur}, jpy, 16'325, 100) == money{16'325, jpy});
  CHECK(*convert(money{16'325, jpy}, eur, 100, 16'325) == money{10'000, eur});
  CHECK(*convert(money{100, eur}, kwd, 33, 100) == money{330, kwd});
  CHECK(*convert(money{1, jpy}, eur, 1, 1000) == money{0, eur});
  CHECK(*convert(money{1, jpy}, eur, 1, 1000, rounding::away_from_zero) == money{1, eur});
  CHECK(convert(money{INT64_MAX, jpy}, kwd, 1, 1) == errc::overflow);
}

TEST_CASE("money: amounts are read exactly") {
  CHECK(*tailor::parse_money("2.55", eur) == money{255, eur});
  CHECK(*tailor::parse_money("1.5", kwd) == money{1500, kwd});
  CHECK(tailor::parse_money("2.555", eur) == errc::inexact);
  CHECK(tailor::parse_money("2.5", jpy) == errc::inexact);
}

TEST_CASE("money: a split gives every unit to somebody") {
  using parts = std::vector<std::int64_t>;
  CHECK(split(100, {1, 1, 1}) == parts{34, 33, 33});
  CHECK(split(-100, {1, 1, 1}) == parts{-34, -33, -33});
  CHECK(split(101, {1, 1, 1}) == parts{34, 34, 33});
  CHECK(split(5, {3, 7}) == parts{2, 3});  // 1.5 and 3.5: equal remainders, the first one gets it
  CHECK(split(1, {0, 1, 0}) == parts{0, 1, 0});
  CHECK(split(0, {1, 2}) == parts{0, 0});
  CHECK(split(7, {5}) == parts{7});
  CHECK(split(INT64_MIN, {1, 1}) == parts{INT64_MIN / 2, INT64_MIN / 2});
  CHECK(split(INT64_MIN, {UINT64_MAX}) == parts{INT64_MIN});
  std::vector<std::int64_t> untouched{8, 9};
  const std::vector<std::uint64_t> zeros{0, 0};
  CHECK(tailor::split({5, eur}, zeros, untouched) == errc::out_of_range);
  CHECK(untouched == parts{8, 9});
  CHECK(tailor::split({5, eur}, {}, {}) == errc::out_of_range);
}

TEST_CASE("money: parts are within one unit of their share and sum up to the total") {
  const auto seed = GENERATE(1u, 2u, 3u);
  CAPTURE(seed);
  std::mt19937_64 g(seed);
  for (int round = 0; round < 3000; ++round) {
    std::vector<std::uint64_t> weights(1 + g() % 12);
    for (auto& w : weights) w = g() % 4 == 0 ? 0 : g() >> (g() % 60 + 3);
    weights[g() % weights.size()] = 1 + g() % 1000;
    const auto total = static_cast<std::int64_t>(g()) >> (g() % 50);
    const auto parts = split(total, weights);
    tailor::int128 sum = 0, weight_sum = 0;
    for (const std::int64_t p : parts) sum += p;
    for (const std::uint64_t w : weights) weight_sum += w;
    REQUIRE(sum == total);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const auto low =
          *tailor::divide(tailor::int128{total} * static_cast<tailor::int128>(weights[i]),
                          weight_sum, rounding::toward_zero);
      const auto high =
          *tailor::divide(tailor::int128{total} * static_cast<tailor::int128>(weights[i]),
                          weight_sum, rounding::away_from_zero);
      REQUIRE((parts[i] == low || parts[i] == high));
    }
  }
}
