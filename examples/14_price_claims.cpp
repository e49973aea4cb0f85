// "-20 %": what may be said of a reduced price, and when nothing may.
#include <cstdio>

#include "tailor/offer/price_claim.hpp"
#include "tailor/offer/price_history.hpp"

using namespace tailor;

namespace {

constexpr timestamp opening{1'700'000'000'000'000};

void show(const char* what, const result<offer::price_claim>& c) {
  if (c) {
    std::printf("%-28s -%d %%, prior price %d.%02d\n", what, int(c->percent), int(c->prior / 100),
                int(c->prior % 100));
  } else {
    std::printf("%-28s no claim: %s, %s\n", what, name_of(c.code()), c.error().what);
  }
}

}  // namespace

int main() {
  constexpr item_id coffee{7};
  offer::price_history prices;
  const auto on = [](int day) { return opening + days(day); };

  // Every change of price, from when on it is in force; in any order.
  if (!prices.observe(coffee, 999, on(0))) return 1;
  if (!prices.observe(coffee, 799, on(40))) return 1;
  if (!prices.observe(coffee, 999, on(47))) return 1;

  // A week at 7.99 counts for thirty days, whatever the price was yesterday.
  show("day 20, 7.49:", offer::claim(prices, coffee, 749, on(20)));
  show("day 60, 7.99:", offer::claim(prices, coffee, 799, on(60)));
  show("day 60, 7.49:", offer::claim(prices, coffee, 749, on(60)));
  show("day 77, 7.49:", offer::claim(prices, coffee, 749, on(77)));

  // A reduction in steps, where the country lets it count from before the first one.
  if (!prices.observe(coffee, 899, on(80))) return 1;
  show("day 90, 7.49:", offer::claim(prices, coffee, 749, on(90)));
  show("day 90, 7.49, since day 80:",
       offer::claim_progressive(prices, coffee, 749, on(90), on(80)));

  // What no question needs any more; never less than the days of the rule.
  prices.forget_before(on(50));
  std::printf("%d changes left\n", int(prices.changes_of(coffee).size()));
  show("day 60, 7.49:", offer::claim(prices, coffee, 749, on(60)));
}
