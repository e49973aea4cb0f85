#ifndef TAILOR_OFFER_CART_LINE_HPP
#define TAILOR_OFFER_CART_LINE_HPP

#include <cstdint>

#include "../core/ids.hpp"

namespace tailor::inline v0::offer {

/// A line of a cart, as prices need it. Amounts are minor units.
struct cart_line {
  item_id item = no_item;
  std::int64_t unit_price = 0;
  std::int64_t pieces = 0;
  std::int64_t unit_cost = 0;  ///< what the shop pays for a piece; 0: not known
};

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_CART_LINE_HPP
