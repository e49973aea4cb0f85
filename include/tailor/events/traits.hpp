#ifndef TAILOR_EVENTS_TRAITS_HPP
#define TAILOR_EVENTS_TRAITS_HPP

#include <concepts>

#include "event.hpp"

namespace tailor::inline v0::events {

/// How to read an event out of a row of the host's own. Specialise it; the row stays where it is:
///
///     template <> struct tailor::events::event_traits<order_line> {
///       static user_id user(const order_line& l) { return user_id{l.customer}; }
///       static timestamp at(const order_line& l) { return {l.unix_us}; }
///       static event_kind kind(const order_line&) { return event_kind::purchase; }
///       static item_id item(const order_line& l) { return item_id{l.sku}; }      // optional
///       static order_id order(const order_line& l);                              // optional
///       static std::int32_t quantity(const order_line& l);                       // optional
///       static std::int64_t unit_price(const order_line& l);                     // optional
///       static event_id id(const order_line& l);                                 // optional
///     };
template <class Row>
struct event_traits {};

template <>
struct event_traits<event> {
  static constexpr user_id user(const event& e) { return e.user; }
  static constexpr timestamp at(const event& e) { return e.at; }
  static constexpr event_kind kind(const event& e) { return e.kind; }
  static constexpr item_id item(const event& e) { return e.item; }
  static constexpr order_id order(const event& e) { return e.order; }
  static constexpr std::int32_t quantity(const event& e) { return e.quantity; }
  static constexpr std::int64_t unit_price(const event& e) { return e.unit_price; }
  static constexpr event_id id(const event& e) { return e.id; }
};

/// A row that says who did what and when. Reading it must be pure: same row, same event.
template <class Row>
concept interaction = requires(const Row& row) {
  { event_traits<Row>::user(row) } -> std::same_as<user_id>;
  { event_traits<Row>::at(row) } -> std::same_as<timestamp>;
  { event_traits<Row>::kind(row) } -> std::same_as<event_kind>;
};

/// The event that a row tells of. What its traits leave out keeps the default of `event`.
template <interaction Row>
[[nodiscard]] constexpr event to_event(const Row& row) {
  using traits = event_traits<Row>;
  event e;
  e.user = traits::user(row);
  e.at = traits::at(row);
  e.kind = traits::kind(row);
  if constexpr (requires { traits::item(row); }) e.item = traits::item(row);
  if constexpr (requires { traits::order(row); }) e.order = traits::order(row);
  if constexpr (requires { traits::quantity(row); }) e.quantity = traits::quantity(row);
  if constexpr (requires { traits::unit_price(row); }) e.unit_price = traits::unit_price(row);
  if constexpr (requires { traits::id(row); }) e.id = traits::id(row);
  return e;
}

}  // namespace tailor::inline v0::events

#endif  // TAILOR_EVENTS_TRAITS_HPP
