#ifndef TAILOR_CORE_MONEY_HPP
#define TAILOR_CORE_MONEY_HPP

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "contract.hpp"
#include "decimal.hpp"
#include "errc.hpp"
#include "int128.hpp"
#include "result.hpp"

namespace tailor::inline v0 {

/// A currency as the host names it: three letters, and how many decimal places its minor unit has
/// (EUR 2, JPY 0, KWD 3). Both are said by the host: there is no table of currencies here.
class currency {
 public:
  /// malformed unless the code is three letters A to Z; out_of_range unless 0 <= exponent <= 4.
  [[nodiscard]] static constexpr result<currency> make(std::string_view code, int exponent) {
    if (code.size() != 3) return errc::malformed;
    for (const char c : code) {
      if (c < 'A' || c > 'Z') return errc::malformed;
    }
    if (exponent < 0 || exponent > 4) return errc::out_of_range;
    currency made;
    std::copy(code.begin(), code.end(), made.code_.begin());
    made.exponent_ = static_cast<std::uint8_t>(exponent);
    return made;
  }

  [[nodiscard]] constexpr std::string_view code() const { return {code_.data(), code_.size()}; }
  [[nodiscard]] constexpr int exponent() const { return exponent_; }

  friend constexpr bool operator==(const currency&, const currency&) = default;

 private:
  constexpr currency() = default;

  std::array<char, 3> code_{};
  std::uint8_t exponent_ = 0;
};

/// How a result that is not whole becomes whole.
enum class rounding : std::uint8_t {
  half_even,      ///< to the nearest, halves to the even neighbour: no drift over many amounts
  half_away,      ///< to the nearest, halves away from zero, as invoices are commonly rounded
  toward_zero,    ///< cut off
  away_from_zero  ///< up to the next whole
};

/// numerator / denominator as a whole number. overflow when it does not fit into 64 bits.
/// Precondition: denominator is neither zero nor the smallest int128.
[[nodiscard]] constexpr result<std::int64_t> divide(int128 numerator, int128 denominator,
                                                    rounding mode) {
  TAILOR_EXPECTS(denominator != 0);
  const bool negative = (numerator < 0) != (denominator < 0);
  const auto size_of = [](int128 n) {
    return n < 0 ? 0 - static_cast<uint128>(n) : static_cast<uint128>(n);
  };
  const uint128 divisor = size_of(denominator);
  uint128 whole = size_of(numerator) / divisor;
  const uint128 rest = size_of(numerator) % divisor;
  const uint128 to_next = divisor - rest;
  const bool up = mode == rounding::half_even
                      ? rest > to_next || (rest == to_next && whole % 2 != 0)
                  : mode == rounding::half_away ? rest >= to_next
                                                : mode == rounding::away_from_zero && rest != 0;
  whole += up ? 1u : 0u;
  if (whole > UINT64_MAX) return errc::overflow;
  return detail::with_sign(negative, static_cast<std::uint64_t>(whole));
}

/// An exact amount: a count of minor units (cents) of one currency.
struct money {
  std::int64_t minor;
  currency unit;

  friend constexpr bool operator==(const money&, const money&) = default;
};

/// The sum. mixed_currency, or overflow beyond 64 bits.
[[nodiscard]] constexpr result<money> add(const money& a, const money& b) {
  if (a.unit != b.unit) return errc::mixed_currency;
  money sum = a;
  if (__builtin_add_overflow(a.minor, b.minor, &sum.minor)) return errc::overflow;
  return sum;
}

/// The difference. mixed_currency, or overflow beyond 64 bits.
[[nodiscard]] constexpr result<money> subtract(const money& a, const money& b) {
  if (a.unit != b.unit) return errc::mixed_currency;
  money difference = a;
  if (__builtin_sub_overflow(a.minor, b.minor, &difference.minor)) return errc::overflow;
  return difference;
}

/// `times` such amounts: a unit price by a quantity. overflow beyond 64 bits.
[[nodiscard]] constexpr result<money> multiply(const money& a, std::int64_t times) {
  money product = a;
  if (__builtin_mul_overflow(a.minor, times, &product.minor)) return errc::overflow;
  return product;
}

/// Which is more. mixed_currency when that is not a question.
[[nodiscard]] constexpr result<std::strong_ordering> compare(const money& a, const money& b) {
  if (a.unit != b.unit) return errc::mixed_currency;
  return a.minor <=> b.minor;
}

/// The amount times numerator / denominator, rounded once: 15 % off is scale(price, 85, 100).
/// overflow beyond 64 bits. Precondition: denominator is not zero.
[[nodiscard]] constexpr result<money> scale(const money& a, std::int64_t numerator,
                                            std::int64_t denominator,
                                            rounding mode = rounding::half_even) {
  const auto minor = divide(int128{a.minor} * numerator, denominator, mode);
  if (!minor) return minor.error();
  return money{*minor, a.unit};
}

/// The amount in another currency, at numerator / denominator of its major units for one major unit
/// of the first: 1.0825 USD per EUR is 10825 / 10000. Rounded once, exponents included.
/// overflow beyond 64 bits. Preconditions: 0 < numerator and denominator < 2^48.
[[nodiscard]] constexpr result<money> convert(const money& a, const currency& to,
                                              std::int64_t numerator, std::int64_t denominator,
                                              rounding mode = rounding::half_even) {
  [[maybe_unused]] constexpr std::int64_t limit = std::int64_t{1} << 48;
  TAILOR_EXPECTS(0 < numerator && numerator < limit && 0 < denominator && denominator < limit);
  const auto power = [](int exponent) {
    return static_cast<int128>(detail::powers_of_ten[exponent]);
  };
  // Only the difference of the exponents counts: 2^63 × 2^48 × 10^4 < 2^125.
  const int finer = to.exponent() - a.unit.exponent();
  const auto minor = divide(int128{a.minor} * numerator * (finer > 0 ? power(finer) : 1),
                            int128{denominator} * (finer < 0 ? power(-finer) : 1), mode);
  if (!minor) return minor.error();
  return money{*minor, to};
}

/// Reads an amount in major units, exactly: "2.55" of EUR is 255 cents. Faults as parse_decimal.
[[nodiscard]] constexpr result<money> parse_money(std::string_view text, const currency& unit) {
  const auto minor = parse_decimal(text, unit.exponent());
  if (!minor) return minor.error();
  return money{*minor, unit};
}

/// What `split` works in, to be used again.
struct split_scratch {
  std::vector<std::pair<std::uint64_t, std::size_t>> small{};
  std::vector<std::pair<uint128, std::size_t>> large{};
};

namespace detail {

/// `size` in proportion to the weights, whose sum is `sum`: see `split`. `Wide` holds the product
/// of size and a weight, and what is left of it.
template <class Wide>
void split_exactly(std::uint64_t size, Wide sum, std::span<const std::uint64_t> weights,
                   std::span<std::int64_t> parts,
                   std::vector<std::pair<Wide, std::size_t>>& remainders) {
  std::uint64_t left = size;
  remainders.clear();
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const Wide share = Wide{size} * weights[i];
    const auto units = static_cast<std::uint64_t>(share / sum);
    remainders.emplace_back(share % sum, i);
    parts[i] = static_cast<std::int64_t>(units);
    left -= units;
  }
  if (left == 0) return;
  // Fewer units are left than parts, and none of them for a part whose remainder is zero.
  const auto winners = remainders.begin() + static_cast<std::ptrdiff_t>(left);
  std::nth_element(remainders.begin(), winners, remainders.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  for (auto r = remainders.begin(); r != winners; ++r) {
    parts[r->second] = static_cast<std::int64_t>(static_cast<std::uint64_t>(parts[r->second]) + 1);
  }
}

}  // namespace detail

/// Splits an amount in proportion to weights, so that the parts sum up to the total to the unit:
/// each gets its share cut off, and the units left over go to the largest remainders, among equal
/// ones to the first (Hamilton's method). A negative total is split like its opposite. `parts` gets
/// the amounts. out_of_range when all weights are zero: nothing is written. Precondition: as many
/// parts as weights. Cost: linear; no allocation once the scratch has its size.
inline status split(std::int64_t total, std::span<const std::uint64_t> weights,
                    std::span<std::int64_t> parts, split_scratch& scratch) {
  TAILOR_EXPECTS(parts.size() == weights.size());
  uint128 sum = 0;
  for (const std::uint64_t w : weights) sum += w;
  if (sum == 0) return errc::out_of_range;
  const auto whole = static_cast<std::uint64_t>(total);
  const std::uint64_t size = total < 0 ? 0 - whole : whole;
  // Where the products fit into 64 bits, dividing them costs a tenth.
  if (sum <= UINT64_MAX && uint128{size} * sum <= UINT64_MAX) {
    detail::split_exactly(size, static_cast<std::uint64_t>(sum), weights, parts, scratch.small);
  } else {
    detail::split_exactly(size, sum, weights, parts, scratch.large);
  }
  if (total < 0) {
    for (std::int64_t& p : parts) {
      p = static_cast<std::int64_t>(0 - static_cast<std::uint64_t>(p));
    }
  }
  return {};
}

/// The same of an amount of money; parts are its minor units. It allocates.
inline status split(const money& total, std::span<const std::uint64_t> weights,
                    std::span<std::int64_t> parts) {
  split_scratch scratch;
  return split(total.minor, weights, parts, scratch);
}

}  // namespace tailor::inline v0

#endif  // TAILOR_CORE_MONEY_HPP
