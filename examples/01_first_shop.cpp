// The tutorial's shop: events in, "customers who bought this also bought" out, one shopper erased.
#include <cstdint>
#include <cstdio>

#include "tailor/compose/dispatch.hpp"
#include "tailor/compose/forget.hpp"
#include "tailor/events/timeline.hpp"
#include "tailor/similar/item_item.hpp"
#include "tailor/similar/popularity.hpp"
#include "tailor/similar/timeline_pairs.hpp"
#include "tailor/similar/trending.hpp"

// The shop's own row, as it has always been.
struct order_line {
  std::uint64_t customer;
  std::uint64_t sku;
  std::int64_t cents;
  std::int64_t unix_us;
};

// How tailor reads it: in place, no copy kept, no base class.
template <>
struct tailor::events::event_traits<order_line> {
  static user_id user(const order_line& l) { return user_id{l.customer}; }
  static timestamp at(const order_line& l) { return {l.unix_us}; }
  static event_kind kind(const order_line&) { return event_kind::purchase; }
  static item_id item(const order_line& l) { return item_id{l.sku}; }
  static std::int64_t unit_price(const order_line& l) { return l.cents; }
};

// The composition is a struct that the shop writes.
struct personalization {
  tailor::events::timeline history;
  tailor::similar::popularity sales;
  tailor::similar::item_item<tailor::similar::cosine, tailor::similar::bought_together> also_bought{
      tailor::similar::bought_together(history)};

  tailor::status on_order(const order_line& l) {
    return tailor::dispatch(l, history, sales, also_bought);
  }
  void forget(tailor::user_id u) { tailor::forget(u, history, sales, also_bought); }
};

int main() {
  personalization shop;

  // Seven customers: tea (1) goes with cups (2), sugar (3) with nothing in particular.
  constexpr std::int64_t noon = 1'764'072'000'000'000;  // 2025-11-25T12:00:00Z
  for (std::uint64_t customer = 1; customer <= 7; ++customer) {
    const bool ok = shop.on_order({customer, 1, 450, noon}) &&
                    (customer > 6 || shop.on_order({customer, 2, 990, noon})) &&
                    (customer > 2 || shop.on_order({customer, 3, 150, noon}));
    if (!ok) return 1;
  }

  const auto show = [&] {
    for (const auto& n : shop.also_bought.neighbours(tailor::item_id{1})) {
      std::printf("item %d  score %.3f  %d of %d buyers also bought it\n", int(raw(n.item)),
                  n.score, int(n.evidence.both), int(n.evidence.source));
    }
  };
  std::printf("Bought with tea:\n");
  show();

  const tailor::timestamp now{noon + 1};
  std::printf("Best sellers of the day:\n");
  for (const auto& r : best_sellers(shop.sales, now + tailor::hours(1), {.count = 2})) {
    std::printf("item %d  %d sold\n", int(raw(r.item)), int(r.recent));
  }

  shop.forget(tailor::user_id{6});
  std::printf("Without customer 6:\n");
  show();

  // Too few share the pair from here on: what four people do is theirs alone.
  shop.forget(tailor::user_id{5});
  shop.forget(tailor::user_id{4});
  std::printf("Without customers 4, 5 and 6: %zu pairs to show\n",
              shop.also_bought.neighbours(tailor::item_id{1}).size());
}
