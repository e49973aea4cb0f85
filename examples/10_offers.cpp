// Offers on a shop's own cart: rules in C++, a price to the cent, and why.
#include <cstdint>
#include <cstdio>
#include <span>
#include <string_view>
#include <vector>

#include "tailor/offer/checkout.hpp"
#include "tailor/offer/condition_words.hpp"
#include "tailor/offer/explain.hpp"
#include "tailor/offer/rule_book.hpp"

using namespace tailor;

// The shop's own types, as they are.
struct cart_row {
  std::uint64_t sku;
  std::int64_t cents;
  std::int64_t pieces;
  std::string_view brand;
};
struct basket {
  std::vector<cart_row> rows;
  std::string_view country;
  std::int64_t orders_before;
  std::int64_t parcel = 490;
};

// How they are read in place: what a price needs …
template <>
struct tailor::offer::cart_traits<basket> {
  static std::span<const cart_row> lines(const basket& b) { return b.rows; }
  static item_id item(const cart_row& r) { return item_id{r.sku}; }
  static std::int64_t unit_price(const cart_row& r) { return r.cents; }
  static std::int64_t pieces(const cart_row& r) { return r.pieces; }
  static std::int64_t shipping(const basket& b) { return b.parcel; }
  static currency unit(const basket&) { return currency::make("EUR", 2).value(); }
};

int main() {
  using namespace tailor::offer;
  const currency euro = currency::make("EUR", 2).value();

  // … and what rules may ask.
  const auto of_cart =
      fields<basket>{}
          .text("country", [](const basket& b) { return b.country; })
          .number("orders", [](const basket& b) { return b.orders_before; }, field_use::personal);
  const auto of_line = fields<cart_row>{}
                           .money("amount", [](const cart_row& r) { return r.cents * r.pieces; })
                           .text("brand", [](const cart_row& r) { return r.brand; });

  std::vector<offer::rule> rules = {
      {.name = "third Acme piece free",
       .gives = buy_get{.buy = 2, .get = 1, .on = {the("brand").is("Acme")}}},
      {.name = "ten off from 60",
       .when = sum_over_lines("amount") >= 60'00,
       .gives = amount_off{.minor = 10'00},
       .group = "order"},
      {.name = "5 % for a first order",
       .when = the("orders") == 0,
       .gives = percent_off{.share = 500, .from = taken_from::order},
       .priority = 1,
       .group = "order"},
      {.name = "no postage in Austria", .when = the("country").is("AT"), .gives = free_shipping{}},
  };
  const auto book = rule_book<basket>::make(of_cart, of_line, rules);
  if (!book) return 1;

  // A checkout decides between rules of a group: here for the shopper.
  const checkout<basket, best_for_shopper> till(euro);
  checkout_state state;  // kept from cart to cart, so that nothing is allocated
  receipt out;
  const basket cart = {{{11, 24'90, 3, "Acme"}, {12, 7'45, 1, "Brand X"}}, "DE", 0};
  const request now{timestamp{1'700'438'400'000'000}, "web"};
  if (!till.price(*book, cart, now, state, out)) return 1;
  const auto euros = [](std::int64_t minor) { return static_cast<double>(minor) / 100; };

  for (const receipt::line& l : out.lines) {
    std::printf("item %d: %5.2f -> %5.2f\n", int(raw(l.item)), euros(l.before), euros(l.after));
  }
  std::printf("parcel: %.2f, to pay: %.2f\n", euros(out.shipping_after), euros(out.total()));
  for (const auto& f : out.fired) {
    std::printf("  -%.2f  %s\n", euros(f.minor), (*book)[f.rule].name.c_str());
  }
  for (const auto& d : out.dropped) {
    std::printf("  not: %s (%s)\n", (*book)[d.rule].name.c_str(), name_of(d.why));
  }
  std::printf("personal data changed it: %s\n", out.personal ? "yes" : "no");

  // What one thing alone kept away.
  match_state asked;
  for (const blocked_rule& b : explainer(*book, cart, now, euro, asked).near_misses(3)) {
    std::printf("near: %s wants %s, has %s\n", (*book)[b.rule].name.c_str(), b.wanted.c_str(),
                b.had.c_str());
  }
  return 0;
}
