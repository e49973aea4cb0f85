#ifndef TAILOR_EVENTS_KIND_HPP
#define TAILOR_EVENTS_KIND_HPP

#include <cstdint>

#include "../core/config.hpp"

namespace tailor::inline v0::events {

/// What a shopper did. Spelling follows GA4. The codes are wire format: never renumbered, with
/// gaps in each group for what comes.
enum class event_kind : std::uint8_t {
  custom = 0,

  view_page = 10,
  view_home = 11,
  view_item_list = 12,
  filter_list = 13,
  search = 14,
  view_item = 15,
  select_item = 16,

  view_promotion = 30,
  select_promotion = 31,

  add_to_cart = 40,
  remove_from_cart = 41,
  view_cart = 42,
  add_to_wishlist = 45,
  remove_from_wishlist = 46,

  begin_checkout = 60,
  checkout_step = 61,
  add_shipping_info = 62,
  add_payment_info = 63,
  coupon_entered = 65,
  coupon_applied = 66,
  coupon_denied = 67,
  coupon_removed = 68,

  purchase = 80,
  order_updated = 81,
  order_cancelled = 82,
  refund = 83,

  share = 100,
  review = 101,

  message_delivered = 120,
  message_opened = 121,
  message_clicked = 122,
  unsubscribed = 123,

  sign_up = 140,
  log_in = 141,
  link_identity = 142,
  consent_changed = 143,
  erase_user = 144,
};

/// Whether a byte is the code of a kind. Cost: O(1).
[[nodiscard]] constexpr bool is_event_kind(std::uint8_t code) {
  return code == 0 || (code >= 10 && code <= 16) || code == 30 || code == 31 ||
         (code >= 40 && code <= 42) || code == 45 || code == 46 || (code >= 60 && code <= 63) ||
         (code >= 65 && code <= 68) || (code >= 80 && code <= 83) || code == 100 || code == 101 ||
         (code >= 120 && code <= 123) || (code >= 140 && code <= 144);
}

}  // namespace tailor::inline v0::events

#endif  // TAILOR_EVENTS_KIND_HPP
