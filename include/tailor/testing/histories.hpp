#ifndef TAILOR_TESTING_HISTORIES_HPP
#define TAILOR_TESTING_HISTORIES_HPP

#include <cstddef>
#include <cstdint>
#include <vector>

#include "../core/distributions.hpp"
#include "../core/random.hpp"
#include "../events/event.hpp"

namespace tailor::inline v0::testing {

/// A small, crowded world: few shoppers and items, so that everything that can meet does meet.
struct world {
  std::uint32_t shoppers = 6;
  std::uint32_t items = 8;
  std::uint32_t orders = 5;    ///< order ids per shopper
  std::uint32_t events = 48;   ///< at most; the real number is drawn
  std::uint32_t moments = 24;  ///< distinct times, an hour apart
  std::uint32_t repeats = 8;   ///< one event in so many is an exact repeat of an earlier one
};

/// A random history of purchases, views and others, the same for the same seed everywhere. External
/// ids are scattered over 64 bits, and their order is not that of their appearance.
[[nodiscard]] inline std::vector<events::event> random_history(std::uint64_t seed,
                                                               const world& w = {}) {
  counter_random draw(seed, 0);
  const auto below = [&](std::uint32_t n) {
    return static_cast<std::uint32_t>(uniform_below(draw, n));
  };
  const auto scattered = [](std::uint64_t i) { return (i + 1) * 0x9E3779B97F4A7C15U; };
  constexpr events::event_kind kinds[] = {
      events::event_kind::purchase,  events::event_kind::purchase,  events::event_kind::purchase,
      events::event_kind::view_item, events::event_kind::view_item, events::event_kind::add_to_cart,
      events::event_kind::search};
  std::vector<events::event> out;
  const std::uint32_t count = below(w.events + 1);
  for (std::uint32_t i = 0; i < count; ++i) {
    if (!out.empty() && below(w.repeats) == 0) {
      out.push_back(out[below(static_cast<std::uint32_t>(out.size()))]);
      continue;
    }
    events::event e;
    e.user = user_id{scattered(below(w.shoppers))};
    e.at = timestamp{1'600'000'000'000'000} + hours(below(w.moments));
    e.kind = kinds[below(sizeof(kinds) / sizeof(kinds[0]))];
    if (e.kind != events::event_kind::search) e.item = item_id{scattered(100 + below(w.items))};
    if (e.kind == events::event_kind::purchase) {
      e.order = order_id{scattered(1000 + below(w.orders)) ^ raw(e.user)};
      e.quantity = static_cast<std::int32_t>(1 + below(3));
      e.unit_price = 100 * (1 + below(5));
    }
    out.push_back(e);
  }
  return out;
}

}  // namespace tailor::inline v0::testing

#endif  // TAILOR_TESTING_HISTORIES_HPP
