#ifndef TAILOR_OFFER_MONEY_TEXT_HPP
#define TAILOR_OFFER_MONEY_TEXT_HPP

#include <cstdint>
#include <string>

#include "../core/contract.hpp"
#include "../core/decimal.hpp"
#include "../core/money.hpp"

namespace tailor::inline v0::offer {

/// Where the three letters of the currency stand.
enum class currency_place : std::uint8_t { none, before, after };

/// How an amount is written. There is no table of languages here: the host says it.
struct number_style {
  char decimal_mark = '.';
  char group_mark = 0;  ///< between groups of three digits; 0 for none
  currency_place place = currency_place::after;
};

/// Appends `count` units of 10^-exponent, exactly: 1234567 with exponent 2 is "12345.67".
/// Precondition: 0 <= exponent <= max_decimal_exponent. Cost: linear in the digits.
inline void append_decimal(std::string& out, std::int64_t count, int exponent,
                           const number_style& style = {}) {
  TAILOR_EXPECTS(exponent >= 0 && exponent <= max_decimal_exponent);
  char reversed[64];
  int n = 0;
  std::uint64_t rest = static_cast<std::uint64_t>(count);
  if (count < 0) rest = 0 - rest;
  for (int digit = 0; digit <= exponent || rest != 0; ++digit, rest /= 10) {
    if (digit == exponent && exponent > 0) reversed[n++] = style.decimal_mark;
    const int whole = digit - exponent;
    if (style.group_mark != 0 && whole > 0 && whole % 3 == 0) reversed[n++] = style.group_mark;
    reversed[n++] = static_cast<char>('0' + rest % 10);
  }
  if (count < 0) reversed[n++] = '-';
  while (n > 0) out += reversed[--n];
}

/// Appends an amount with all decimal places of its currency: "12.50 EUR".
inline void append_money(std::string& out, const money& amount, const number_style& style = {}) {
  if (style.place == currency_place::before) (out += amount.unit.code()) += ' ';
  append_decimal(out, amount.minor, amount.unit.exponent(), style);
  if (style.place == currency_place::after) (out += ' ') += amount.unit.code();
}

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_MONEY_TEXT_HPP
