// Which banner a page shows: rules over the visit choose among variants, or there is a default.
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tailor/offer/condition_words.hpp"
#include "tailor/offer/content_slot.hpp"
#include "tailor/offer/rule_book.hpp"

using namespace tailor;

/// What the shop knows of a visit.
struct visit {
  std::string_view country;
  std::int64_t orders;
  std::int64_t cart_cents;
};

int main() {
  using namespace tailor::offer;
  // Conditions are rules that take nothing off. A visit has no lines and no price.
  const auto asked = fields<visit>{}
                         .text("country", [](const visit& v) { return v.country; })
                         .number("orders", [](const visit& v) { return v.orders; })
                         .money("cart", [](const visit& v) { return v.cart_cents; });
  const auto book = rule_book<visit>::make(
      asked, {{.name = "close to free postage", .when = the("cart").between(30'00, 49'99)},
              {.name = "never bought", .when = the("orders") == 0},
              {.name = "Swiss", .when = the("country").is("CH")}});
  if (!book) return 1;

  // A banner a rule, the more important first.
  std::vector<slot_variant> banners;
  for (std::uint32_t rule = 0; rule < book->size(); ++rule) {
    const std::string& name = (*book)[rule].name;
    banners.push_back(
        {.name = name, .priority = name == "never bought" ? 2 : 1, .condition = rule});
  }
  const auto slot = content_slot::make(std::move(banners), "this week's teas");
  if (!slot) return 1;

  match_state state;
  const visit visits[] = {{"CH", 0, 0}, {"CH", 4, 35'00}, {"DE", 4, 0}};
  for (const visit& v : visits) {
    const matched_rules held{book->match(v, {}, state)};
    std::printf("%s, %d orders, %5.2f in the cart: %s\n", std::string(v.country).c_str(),
                int(v.orders), static_cast<double>(v.cart_cents) / 100,
                std::string(slot->name_of(slot->choose(held, timestamp{}))).c_str());
  }
  return 0;
}
