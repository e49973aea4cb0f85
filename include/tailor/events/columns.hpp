#ifndef TAILOR_EVENTS_COLUMNS_HPP
#define TAILOR_EVENTS_COLUMNS_HPP

#include <cstddef>
#include <cstdint>
#include <span>

#include "../core/result.hpp"
#include "event.hpp"

namespace tailor::inline v0::events {

/// A batch of events as the host keeps it: one array per column, read in place. `user` and `at`
/// are there for every row; the others are as long or empty, and empty means the default of
/// `event` (`kind` empty: `all_kinds`).
struct columns {
  std::span<const user_id> user;
  std::span<const timestamp> at;
  std::span<const event_kind> kind;
  std::span<const item_id> item;
  std::span<const order_id> order;
  std::span<const std::int32_t> quantity;
  std::span<const std::int64_t> unit_price;
  std::span<const event_id> id;
  event_kind all_kinds = event_kind::purchase;

  [[nodiscard]] std::size_t size() const { return user.size(); }

  /// malformed, with the column's name, when a column is neither empty nor as long as `user`.
  [[nodiscard]] status check() const {
    const std::size_t n = user.size();
    if (at.size() != n) return error{errc::malformed, "at", at.size()};
    const auto fits = [n](std::size_t m) { return m == 0 || m == n; };
    if (!fits(kind.size())) return error{errc::malformed, "kind", kind.size()};
    if (!fits(item.size())) return error{errc::malformed, "item", item.size()};
    if (!fits(order.size())) return error{errc::malformed, "order", order.size()};
    if (!fits(quantity.size())) return error{errc::malformed, "quantity", quantity.size()};
    if (!fits(unit_price.size())) return error{errc::malformed, "unit_price", unit_price.size()};
    if (!fits(id.size())) return error{errc::malformed, "id", id.size()};
    return {};
  }

  /// Row `i` as an event. Precondition: `check()` holds and `i < size()`.
  [[nodiscard]] event row(std::size_t i) const {
    event e;
    e.user = user[i];
    e.at = at[i];
    e.kind = kind.empty() ? all_kinds : kind[i];
    if (!item.empty()) e.item = item[i];
    if (!order.empty()) e.order = order[i];
    if (!quantity.empty()) e.quantity = quantity[i];
    if (!unit_price.empty()) e.unit_price = unit_price[i];
    if (!id.empty()) e.id = id[i];
    return e;
  }
};

}  // namespace tailor::inline v0::events

#endif  // TAILOR_EVENTS_COLUMNS_HPP
