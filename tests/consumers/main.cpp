// A shop of one file: every way to get tailor builds and runs this.
#include <cstdint>
#include <cstdio>
#include <vector>

#ifdef TAILOR_SINGLE_HEADER
#include "tailor_single.hpp"
#else
#include <tailor/tailor.hpp>
#endif

struct order_line {  // the shop's own row
  std::uint64_t customer, sku;
  std::int64_t unix_us;
};

template <>
struct tailor::events::event_traits<order_line> {
  static user_id user(const order_line& l) { return user_id{l.customer}; }
  static item_id item(const order_line& l) { return item_id{l.sku}; }
  static timestamp at(const order_line& l) { return {l.unix_us}; }
  static event_kind kind(const order_line&) { return event_kind::purchase; }
};

struct personalization {
  tailor::events::timeline seen;
  tailor::similar::item_item<> also_bought;

  tailor::status on_order(const order_line& l) { return tailor::dispatch(l, seen, also_bought); }
  void forget(tailor::user_id u) { tailor::forget(u, seen, also_bought); }
};

int main() {
  constexpr std::uint64_t tea = 1, cup = 2, saw = 3;
  personalization shop;
  for (std::uint64_t customer = 1; customer <= 8; ++customer) {
    const auto at = static_cast<std::int64_t>(customer) * 1'000'000;
    const std::vector<std::uint64_t> basket =
        customer < 8 ? std::vector{tea, cup} : std::vector{tea, saw};
    for (const std::uint64_t sku : basket) {
      if (!shop.on_order({customer, sku, at})) return 1;
    }
  }
  shop.forget(tailor::user_id{1});

  // The saw was bought with tea by one customer only, so it is not shown.
  const auto best = shop.also_bought.neighbours(tailor::item_id{tea});
  if (best.size() != 1 || best[0].item != tailor::item_id{cup}) return 2;
  std::printf("who bought 1 also bought 2: %lld of %lld\n",
              static_cast<long long>(best[0].evidence.both),
              static_cast<long long>(best[0].evidence.source));
  return best[0].evidence.both == 6 ? 0 : 3;
}
