#ifndef TAILOR_OFFER_DISCOUNT_HPP
#define TAILOR_OFFER_DISCOUNT_HPP

#include <cstdint>
#include <variant>
#include <vector>

#include "../core/ids.hpp"
#include "condition.hpp"

namespace tailor::inline v0::offer {

// What a rule gives. Amounts are minor units of the book's currency, shares are basis points:
// 1,500 is 15 %. `on` says of which lines, by the fields of a line: no condition, all of them; it
// holds none or one.

inline constexpr std::int64_t whole_share = 10'000;
/// What a cart costs at most, and how many pieces of a thing it holds: products of an amount and a
/// share, or of a price and a quantity, fit into 64 bits.
inline constexpr std::int64_t most_minor = 9'000'000'000'000;
inline constexpr std::int64_t most_pieces = 1'000'000;

/// What a discount is taken from.
enum class taken_from : std::uint8_t {
  lines,  ///< from each line for itself
  units,  ///< from each piece of a line: amounts only
  order   ///< from all lines together, and split over them in proportion to what they cost
};

struct percent_off {
  std::int64_t share = 0;
  taken_from from = taken_from::lines;
  std::vector<condition> on{};
  std::int64_t at_most = INT64_MAX;  ///< in all

  friend bool operator==(const percent_off&, const percent_off&) = default;
};

struct amount_off {
  std::int64_t minor = 0;
  taken_from from = taken_from::order;
  std::vector<condition> on{};
  std::int64_t at_most = INT64_MAX;

  friend bool operator==(const amount_off&, const amount_off&) = default;
};

/// A piece costs `minor`, if that is less than it costs already.
struct fixed_price {
  std::int64_t minor = 0;
  std::vector<condition> on{};
  std::int64_t at_most = INT64_MAX;

  friend bool operator==(const fixed_price&, const fixed_price&) = default;
};

/// Which pieces are given for those that are bought.
enum class reward : std::uint8_t {
  cheapest,  ///< the cheapest of all that qualify
  same_item  ///< of the line that was bought from
};

/// For every `buy` pieces of `on`, `share` is taken off `get` pieces of `of` (no condition: of `on`
/// as well), at most `times` times.
struct buy_get {
  std::int64_t buy = 1;
  std::int64_t get = 1;
  std::int64_t share = whole_share;
  reward which = reward::cheapest;
  std::vector<condition> on{};
  std::vector<condition> of{};
  std::int64_t times = INT64_MAX;
  std::int64_t at_most = INT64_MAX;

  friend bool operator==(const buy_get&, const buy_get&) = default;
};

/// From `pieces` pieces on, `share` is taken off.
struct tier {
  std::int64_t pieces = 1;
  std::int64_t share = 0;

  friend bool operator==(const tier&, const tier&) = default;
};

/// The more pieces of the lines together, the more is taken off each of them.
struct tiered {
  std::vector<tier> tiers{};  ///< ascending
  std::vector<condition> on{};
  std::int64_t at_most = INT64_MAX;

  friend bool operator==(const tiered&, const tiered&) = default;
};

struct bundle_part {
  std::vector<condition> on{};
  std::int64_t pieces = 1;

  friend bool operator==(const bundle_part&, const bundle_part&) = default;
};

/// One of each part together cost `minor`; the dearest pieces are taken, part by part.
struct bundle_price {
  std::vector<bundle_part> parts{};
  std::int64_t minor = 0;
  std::int64_t times = INT64_MAX;
  std::int64_t at_most = INT64_MAX;

  friend bool operator==(const bundle_price&, const bundle_price&) = default;
};

struct free_shipping {
  std::int64_t at_most = INT64_MAX;

  friend bool operator==(const free_shipping&, const free_shipping&) = default;
};

/// A thing that is put into the parcel. `worth` counts where offers are compared, and nowhere else.
struct gift {
  item_id item = no_item;
  std::int64_t pieces = 1;
  std::int64_t worth = 0;

  friend bool operator==(const gift&, const gift&) = default;
};

/// Nothing off the price: a message, a banner, a flag for the host.
struct no_discount {
  friend bool operator==(const no_discount&, const no_discount&) = default;
};

using discount = std::variant<no_discount, percent_off, amount_off, fixed_price, buy_get, tiered,
                              bundle_price, free_shipping, gift>;

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_DISCOUNT_HPP
