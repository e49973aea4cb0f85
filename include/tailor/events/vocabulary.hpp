#ifndef TAILOR_EVENTS_VOCABULARY_HPP
#define TAILOR_EVENTS_VOCABULARY_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "kind.hpp"

namespace tailor::inline v0::events {

/// Whose spelling of what shoppers do.
enum class event_spec : std::uint8_t {
  tailor,         ///< our own names: those of `event_kind`
  segment,        ///< Segment e-commerce v2, email and B2B SaaS
  ga4,            ///< Google Analytics 4, recommended and automatic events
  snowplow,       ///< Snowplow e-commerce action 1-0-2, and page_view
  google_retail,  ///< Google Retail v2 UserEvent
  shopify,        ///< Shopify web pixels, standard events
  meta,           ///< Meta pixel, standard events
};

/// One spelling. Where a spec has several names for a kind, the first is the one to write.
struct event_name {
  event_kind kind;
  event_spec spec;
  std::string_view name;
};

/// All spellings that are read. Calls which are no named event (Segment's page, identify and alias)
/// and distinctions by a field instead of the name are left to the host.
inline constexpr auto event_names = [] {
  using enum event_kind;
  using s = event_spec;
  return std::to_array<event_name>({
      {custom, s::tailor, "custom"},
      {view_page, s::tailor, "view_page"},
      {view_home, s::tailor, "view_home"},
      {view_item_list, s::tailor, "view_item_list"},
      {filter_list, s::tailor, "filter_list"},
      {search, s::tailor, "search"},
      {view_item, s::tailor, "view_item"},
      {select_item, s::tailor, "select_item"},
      {view_promotion, s::tailor, "view_promotion"},
      {select_promotion, s::tailor, "select_promotion"},
      {add_to_cart, s::tailor, "add_to_cart"},
      {remove_from_cart, s::tailor, "remove_from_cart"},
      {view_cart, s::tailor, "view_cart"},
      {add_to_wishlist, s::tailor, "add_to_wishlist"},
      {remove_from_wishlist, s::tailor, "remove_from_wishlist"},
      {begin_checkout, s::tailor, "begin_checkout"},
      {checkout_step, s::tailor, "checkout_step"},
      {add_shipping_info, s::tailor, "add_shipping_info"},
      {add_payment_info, s::tailor, "add_payment_info"},
      {coupon_entered, s::tailor, "coupon_entered"},
      {coupon_applied, s::tailor, "coupon_applied"},
      {coupon_denied, s::tailor, "coupon_denied"},
      {coupon_removed, s::tailor, "coupon_removed"},
      {purchase, s::tailor, "purchase"},
      {order_updated, s::tailor, "order_updated"},
      {order_cancelled, s::tailor, "order_cancelled"},
      {refund, s::tailor, "refund"},
      {share, s::tailor, "share"},
      {review, s::tailor, "review"},
      {message_delivered, s::tailor, "message_delivered"},
      {message_opened, s::tailor, "message_opened"},
      {message_clicked, s::tailor, "message_clicked"},
      {unsubscribed, s::tailor, "unsubscribed"},
      {sign_up, s::tailor, "sign_up"},
      {log_in, s::tailor, "log_in"},
      {link_identity, s::tailor, "link_identity"},
      {consent_changed, s::tailor, "consent_changed"},
      {erase_user, s::tailor, "erase_user"},

      {view_item_list, s::segment, "Product List Viewed"},
      {filter_list, s::segment, "Product List Filtered"},
      {search, s::segment, "Products Searched"},
      {view_item, s::segment, "Product Viewed"},
      {select_item, s::segment, "Product Clicked"},
      {view_promotion, s::segment, "Promotion Viewed"},
      {select_promotion, s::segment, "Promotion Clicked"},
      {add_to_cart, s::segment, "Product Added"},
      {add_to_cart, s::segment, "Wishlist Product Added to Cart"},
      {remove_from_cart, s::segment, "Product Removed"},
      {view_cart, s::segment, "Cart Viewed"},
      {add_to_wishlist, s::segment, "Product Added to Wishlist"},
      {remove_from_wishlist, s::segment, "Product Removed from Wishlist"},
      {begin_checkout, s::segment, "Checkout Started"},
      {checkout_step, s::segment, "Checkout Step Viewed"},
      {checkout_step, s::segment, "Checkout Step Completed"},
      {add_payment_info, s::segment, "Payment Info Entered"},
      {coupon_entered, s::segment, "Coupon Entered"},
      {coupon_applied, s::segment, "Coupon Applied"},
      {coupon_denied, s::segment, "Coupon Denied"},
      {coupon_removed, s::segment, "Coupon Removed"},
      {purchase, s::segment, "Order Completed"},
      {order_updated, s::segment, "Order Updated"},
      {order_cancelled, s::segment, "Order Cancelled"},
      {refund, s::segment, "Order Refunded"},
      {share, s::segment, "Product Shared"},
      {share, s::segment, "Cart Shared"},
      {review, s::segment, "Product Reviewed"},
      {message_delivered, s::segment, "Email Delivered"},
      {message_opened, s::segment, "Email Opened"},
      {message_clicked, s::segment, "Email Link Clicked"},
      {unsubscribed, s::segment, "Unsubscribed"},
      {sign_up, s::segment, "Signed Up"},
      {log_in, s::segment, "Signed In"},

      {view_page, s::ga4, "page_view"},
      {view_item_list, s::ga4, "view_item_list"},
      {search, s::ga4, "search"},
      {search, s::ga4, "view_search_results"},
      {view_item, s::ga4, "view_item"},
      {select_item, s::ga4, "select_item"},
      {view_promotion, s::ga4, "view_promotion"},
      {select_promotion, s::ga4, "select_promotion"},
      {add_to_cart, s::ga4, "add_to_cart"},
      {remove_from_cart, s::ga4, "remove_from_cart"},
      {view_cart, s::ga4, "view_cart"},
      {add_to_wishlist, s::ga4, "add_to_wishlist"},
      {begin_checkout, s::ga4, "begin_checkout"},
      {add_shipping_info, s::ga4, "add_shipping_info"},
      {add_payment_info, s::ga4, "add_payment_info"},
      {purchase, s::ga4, "purchase"},
      {refund, s::ga4, "refund"},
      {share, s::ga4, "share"},
      {sign_up, s::ga4, "sign_up"},
      {log_in, s::ga4, "login"},

      {view_page, s::snowplow, "page_view"},
      {view_item_list, s::snowplow, "list_view"},
      {view_item, s::snowplow, "product_view"},
      {select_item, s::snowplow, "list_click"},
      {view_promotion, s::snowplow, "promo_view"},
      {select_promotion, s::snowplow, "promo_click"},
      {add_to_cart, s::snowplow, "add_to_cart"},
      {remove_from_cart, s::snowplow, "remove_from_cart"},
      {checkout_step, s::snowplow, "checkout_step"},
      {purchase, s::snowplow, "transaction"},
      {refund, s::snowplow, "refund"},
      {custom, s::snowplow, "trns_error"},

      {view_home, s::google_retail, "home-page-view"},
      {view_item_list, s::google_retail, "category-page-view"},
      {search, s::google_retail, "search"},
      {view_item, s::google_retail, "detail-page-view"},
      {view_promotion, s::google_retail, "promotion-offered"},
      {add_to_cart, s::google_retail, "add-to-cart"},
      {remove_from_cart, s::google_retail, "remove-from-cart"},
      {view_cart, s::google_retail, "shopping-cart-page-view"},
      {purchase, s::google_retail, "purchase-complete"},
      {custom, s::google_retail, "completion"},
      {custom, s::google_retail, "promotion-not-offered"},

      {view_page, s::shopify, "page_viewed"},
      {view_item_list, s::shopify, "collection_viewed"},
      {search, s::shopify, "search_submitted"},
      {view_item, s::shopify, "product_viewed"},
      {add_to_cart, s::shopify, "product_added_to_cart"},
      {remove_from_cart, s::shopify, "product_removed_from_cart"},
      {view_cart, s::shopify, "cart_viewed"},
      {begin_checkout, s::shopify, "checkout_started"},
      {add_shipping_info, s::shopify, "checkout_shipping_info_submitted"},
      {add_payment_info, s::shopify, "payment_info_submitted"},
      {purchase, s::shopify, "checkout_completed"},

      {view_page, s::meta, "PageView"},
      {search, s::meta, "Search"},
      {view_item, s::meta, "ViewContent"},
      {add_to_cart, s::meta, "AddToCart"},
      {add_to_wishlist, s::meta, "AddToWishlist"},
      {begin_checkout, s::meta, "InitiateCheckout"},
      {add_payment_info, s::meta, "AddPaymentInfo"},
      {purchase, s::meta, "Purchase"},
  });
}();

namespace detail {

/// Where each spelling is, so that a reader of many rows does not compare it with all of them.
struct name_index {
  static constexpr std::size_t slots = 512;
  std::array<std::uint8_t, slots> at{};  // position in event_names + 1; 0: free

  /// Length and three bytes: the names of one spec differ there well enough.
  [[nodiscard]] static constexpr std::size_t start(event_spec spec, std::string_view name) {
    const auto byte = [name](std::size_t i) -> std::uint32_t {
      return static_cast<unsigned char>(name[i]);
    };
    std::uint32_t mixed = static_cast<std::uint32_t>(spec) << 29;
    mixed ^= static_cast<std::uint32_t>(name.size());
    if (!name.empty())
      mixed ^= byte(0) << 6 ^ byte(name.size() / 2) << 14 ^ byte(name.size() - 1) << 22;
    return mixed * 2'654'435'769u >> 23;
  }

  constexpr name_index() {
    for (std::size_t i = 0; i < event_names.size(); ++i) {
      std::size_t slot = start(event_names[i].spec, event_names[i].name);
      while (at[slot] != 0) slot = (slot + 1) % slots;
      at[slot] = static_cast<std::uint8_t>(i + 1);
    }
  }
};
static_assert(event_names.size() < 256);

inline constexpr name_index names_by_text{};

}  // namespace detail

/// The kind that `spec` spells `name`, letter by letter; nullopt when it has no such name. Whether
/// that is refused or kept as custom is the caller's choice. Cost: O(length), some nanoseconds.
[[nodiscard]] constexpr std::optional<event_kind> kind_of(event_spec spec, std::string_view name) {
  for (std::size_t slot = detail::name_index::start(spec, name);;
       slot = (slot + 1) % detail::name_index::slots) {
    const std::uint8_t found = detail::names_by_text.at[slot];
    if (found == 0) return std::nullopt;
    const event_name& candidate = event_names[found - 1u];
    if (candidate.spec == spec && candidate.name == name) return candidate.kind;
  }
}

/// How `spec` spells `kind`; empty when it has no name for it. Custom has a name of our own only:
/// the odd events of other specs are not interchangeable. Cost: O(names).
[[nodiscard]] constexpr std::string_view name_of(event_spec spec, event_kind kind) {
  if (kind == event_kind::custom && spec != event_spec::tailor) return {};
  for (const event_name& n : event_names) {
    if (n.spec == spec && n.kind == kind) return n.name;
  }
  return {};
}

/// Our own name of `kind`: as its enumerator is spelt. Empty when `kind` is no enumerator.
[[nodiscard]] constexpr std::string_view name_of(event_kind kind) {
  return name_of(event_spec::tailor, kind);
}

}  // namespace tailor::inline v0::events

#endif  // TAILOR_EVENTS_VOCABULARY_HPP
