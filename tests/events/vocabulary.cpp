#include <tailor/events/vocabulary.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "../catch.hpp"

using namespace tailor::events;
using enum event_kind;

static_assert(kind_of(event_spec::segment, "Order Completed") == purchase);
static_assert(kind_of(event_spec::ga4, "purchase") == purchase);
static_assert(kind_of(event_spec::google_retail, "purchase-complete") == purchase);
static_assert(name_of(purchase) == "purchase");

TEST_CASE("vocabulary: every spelling is read as its kind, and as nothing in another case") {
  for (const event_name& n : event_names) {
    CAPTURE(n.name, static_cast<int>(n.spec));
    CHECK(kind_of(n.spec, n.name) == n.kind);
    std::string other(n.name);
    other[0] = static_cast<char>(other[0] ^ 0x20);
    CHECK(kind_of(n.spec, other) == std::nullopt);
    CHECK(kind_of(n.spec, std::string(n.name) + " ") == std::nullopt);
  }
}

TEST_CASE("vocabulary: no spec spells two kinds alike") {
  std::set<std::pair<event_spec, std::string_view>> seen;
  for (const event_name& n : event_names) {
    CAPTURE(n.name);
    CHECK(seen.insert({n.spec, n.name}).second);
  }
}

TEST_CASE("vocabulary: every kind has a name of our own, and no other code has") {
  for (int code = 0; code < 256; ++code) {
    CAPTURE(code);
    const auto kind = static_cast<event_kind>(code);
    const std::string_view name = name_of(kind);
    REQUIRE(name.empty() != is_event_kind(static_cast<std::uint8_t>(code)));
    if (!name.empty()) CHECK(kind_of(event_spec::tailor, name) == kind);
  }
}

TEST_CASE("vocabulary: the table of the specs, cell by cell") {
  // Written a second time, kind by kind instead of spec by spec: Segment, GA4, Snowplow, Google
  // Retail, Shopify, Meta.
  struct row {
    event_kind kind;
    std::string_view name[6];
  };
  const row table[] = {
      {custom, {"", "", "", "", "", ""}},
      {view_page, {"", "page_view", "page_view", "", "page_viewed", "PageView"}},
      {view_home, {"", "", "", "home-page-view", "", ""}},
      {view_item_list,
       {"Product List Viewed", "view_item_list", "list_view", "category-page-view",
        "collection_viewed", ""}},
      {filter_list, {"Product List Filtered", "", "", "", "", ""}},
      {search, {"Products Searched", "search", "", "search", "search_submitted", "Search"}},
      {view_item,
       {"Product Viewed", "view_item", "product_view", "detail-page-view", "product_viewed",
        "ViewContent"}},
      {select_item, {"Product Clicked", "select_item", "list_click", "", "", ""}},
      {view_promotion,
       {"Promotion Viewed", "view_promotion", "promo_view", "promotion-offered", "", ""}},
      {select_promotion, {"Promotion Clicked", "select_promotion", "promo_click", "", "", ""}},
      {add_to_cart,
       {"Product Added", "add_to_cart", "add_to_cart", "add-to-cart", "product_added_to_cart",
        "AddToCart"}},
      {remove_from_cart,
       {"Product Removed", "remove_from_cart", "remove_from_cart", "remove-from-cart",
        "product_removed_from_cart", ""}},
      {view_cart, {"Cart Viewed", "view_cart", "", "shopping-cart-page-view", "cart_viewed", ""}},
      {add_to_wishlist,
       {"Product Added to Wishlist", "add_to_wishlist", "", "", "", "AddToWishlist"}},
      {remove_from_wishlist, {"Product Removed from Wishlist", "", "", "", "", ""}},
      {begin_checkout,
       {"Checkout Started", "begin_checkout", "", "", "checkout_started", "InitiateCheckout"}},
      {checkout_step, {"Checkout Step Viewed", "", "checkout_step", "", "", ""}},
      {add_shipping_info,
       {"", "add_shipping_info", "", "", "checkout_shipping_info_submitted", ""}},
      {add_payment_info,
       {"Payment Info Entered", "add_payment_info", "", "", "payment_info_submitted",
        "AddPaymentInfo"}},
      {coupon_entered, {"Coupon Entered", "", "", "", "", ""}},
      {coupon_applied, {"Coupon Applied", "", "", "", "", ""}},
      {coupon_denied, {"Coupon Denied", "", "", "", "", ""}},
      {coupon_removed, {"Coupon Removed", "", "", "", "", ""}},
      {purchase,
       {"Order Completed", "purchase", "transaction", "purchase-complete", "checkout_completed",
        "Purchase"}},
      {order_updated, {"Order Updated", "", "", "", "", ""}},
      {order_cancelled, {"Order Cancelled", "", "", "", "", ""}},
      {refund, {"Order Refunded", "refund", "refund", "", "", ""}},
      {share, {"Product Shared", "share", "", "", "", ""}},
      {review, {"Product Reviewed", "", "", "", "", ""}},
      {message_delivered, {"Email Delivered", "", "", "", "", ""}},
      {message_opened, {"Email Opened", "", "", "", "", ""}},
      {message_clicked, {"Email Link Clicked", "", "", "", "", ""}},
      {unsubscribed, {"Unsubscribed", "", "", "", "", ""}},
      {sign_up, {"Signed Up", "sign_up", "", "", "", ""}},
      {log_in, {"Signed In", "login", "", "", "", ""}},
      {link_identity, {"", "", "", "", "", ""}},
      {consent_changed, {"", "", "", "", "", ""}},
      {erase_user, {"", "", "", "", "", ""}},
  };
  const event_spec specs[] = {event_spec::segment,       event_spec::ga4,     event_spec::snowplow,
                              event_spec::google_retail, event_spec::shopify, event_spec::meta};
  std::size_t cells = 0;
  for (const row& r : table) {
    for (std::size_t s = 0; s < 6; ++s) {
      CAPTURE(name_of(r.kind), s);
      CHECK(name_of(specs[s], r.kind) == r.name[s]);
      if (r.name[s].empty()) continue;
      CHECK(kind_of(specs[s], r.name[s]) == r.kind);
      ++cells;
    }
  }
  // The second names of a cell.
  CHECK(kind_of(event_spec::segment, "Wishlist Product Added to Cart") == add_to_cart);
  CHECK(kind_of(event_spec::segment, "Checkout Step Completed") == checkout_step);
  CHECK(kind_of(event_spec::segment, "Cart Shared") == share);
  CHECK(kind_of(event_spec::ga4, "view_search_results") == search);
  CHECK(kind_of(event_spec::snowplow, "trns_error") == custom);
  CHECK(kind_of(event_spec::google_retail, "completion") == custom);
  CHECK(kind_of(event_spec::google_retail, "promotion-not-offered") == custom);
  CHECK(std::size(table) + cells + 7 == event_names.size());
}

TEST_CASE("vocabulary: names that are none, and names of another spec, are not known") {
  CHECK(kind_of(event_spec::tailor, "") == std::nullopt);
  CHECK(kind_of(event_spec::ga4, "Order Completed") == std::nullopt);
  CHECK(kind_of(event_spec::segment, "purchase") == std::nullopt);
  CHECK(kind_of(event_spec::meta, std::string(1000, 'x')) == std::nullopt);
}
