#ifndef TAILOR_EVENTS_EVENT_HPP
#define TAILOR_EVENTS_EVENT_HPP

#include <compare>
#include <cstdint>

#include "../core/ids.hpp"
#include "../core/time.hpp"
#include "kind.hpp"

namespace tailor::inline v0::events {

/// One line of what happened: a shopper did something, mostly to an item. Lines of one order share
/// `order`. The order of members is the canonical order within a shopper.
struct event {
  user_id user{};
  timestamp at{};
  event_kind kind = event_kind::custom;
  item_id item = no_item;
  order_id order = no_order;
  std::int32_t quantity = 1;
  std::int64_t unit_price = 0;  ///< minor units of the shop's currency, for one piece
  event_id id = no_event;       ///< for idempotent ingestion only: statistics do not keep it

  friend constexpr auto operator<=>(const event&, const event&) = default;
};

}  // namespace tailor::inline v0::events

#endif  // TAILOR_EVENTS_EVENT_HPP
