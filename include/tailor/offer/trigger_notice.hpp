#ifndef TAILOR_OFFER_TRIGGER_NOTICE_HPP
#define TAILOR_OFFER_TRIGGER_NOTICE_HPP

#include <compare>
#include <cstdint>
#include <tuple>

#include "../core/ids.hpp"
#include "../core/iso8601.hpp"
#include "../core/time.hpp"
#include "../events/event.hpp"

namespace tailor::inline v0::offer {

/// Whether an event happens now or is told from the past. What is told from the past starts no
/// trigger: it says what a shopper knows and when he was there last, and ends what it would have
/// ended.
enum class origin : std::uint8_t { live = 0, backfill = 1 };

/// The price of an item changes, in minor units.
struct price_change {
  item_id item{};
  std::int64_t was = 0;
  std::int64_t is = 0;
  timestamp at{};
};

/// The pieces of an item that are left change. An item whose stock nobody tells counts as there.
struct stock_change {
  item_id item{};
  std::int64_t was = 0;
  std::int64_t left = 0;
  timestamp at{};
};

/// A shopper enters or leaves a segment. Whether those are told who are in already is the host's
/// choice: they enter when they are told of.
struct segment_change {
  user_id user{};
  std::uint32_t segment = 0;
  enum class how : std::uint8_t { left = 0, entered = 1 } what = how::entered;
  timestamp at{};
};

/// A day of the year that the shopper has: birthday, anniversary. Month 0 takes it back.
struct date_change {
  user_id user{};
  std::uint32_t date = 0;  ///< which one: `trigger::date`
  std::int32_t month = 0;
  std::int32_t day = 0;
  timestamp at{};
};

/// More of the past or the future than this is refused: some 36,000 years.
inline constexpr std::int64_t last_trigger_moment = std::int64_t{1} << 60;

namespace detail {

/// Anything that happens, as it waits for the clock.
struct happening {
  enum class type : std::uint8_t { price = 0, stock = 1, event = 2, segment = 3, date = 4 };
  timestamp at{};
  type what = type::event;
  events::event_kind kind = events::event_kind::custom;
  origin from = origin::live;
  std::int32_t quantity = 0;  // pieces; entered or left; month · 32 + day
  user_id user{};
  item_id item = no_item;  // or number of the segment or date
  order_id order = no_order;
  std::int64_t value = 0;  // unit price, new price, pieces left
  std::int64_t earlier = 0;

  friend constexpr bool operator==(const happening&, const happening&) = default;
};

[[nodiscard]] constexpr happening happening_of(const events::event& e, origin from) {
  happening h;
  h.at = e.at;
  h.kind = e.kind;
  h.from = from;
  h.quantity = e.quantity;
  h.user = e.user;
  h.item = e.item;
  h.order = e.order;
  h.value = e.unit_price;
  return h;
}
[[nodiscard]] constexpr happening happening_of(const price_change& c) {
  happening h;
  h.at = c.at;
  h.what = happening::type::price;
  h.item = c.item;
  h.value = c.is;
  h.earlier = c.was;
  return h;
}
[[nodiscard]] constexpr happening happening_of(const stock_change& c) {
  happening h;
  h.at = c.at;
  h.what = happening::type::stock;
  h.item = c.item;
  h.value = c.left;
  h.earlier = c.was;
  return h;
}
[[nodiscard]] constexpr happening happening_of(const segment_change& c) {
  happening h;
  h.at = c.at;
  h.what = happening::type::segment;
  h.user = c.user;
  h.item = item_id{c.segment};
  h.quantity = c.what == segment_change::how::entered ? 1 : 0;
  return h;
}
/// A day that no year has becomes a quantity that nothing has.
[[nodiscard]] constexpr happening happening_of(const date_change& c) {
  happening h;
  h.at = c.at;
  h.what = happening::type::date;
  h.user = c.user;
  h.item = item_id{c.date};
  const bool exists =
      c.month >= 1 && c.month <= 12 && c.day >= 1 && c.day <= days_in_month(2000, c.month);
  h.quantity = c.month == 0 ? 0 : exists ? c.month * 32 + c.day : -1;
  return h;
}

/// The order in which things happen: by time; of one moment, what is said of items first, and a
/// shopper's events by kind, the lines of an order together. The order of arrival has no say.
[[nodiscard]] constexpr auto rank_of(const happening& h) {
  return std::tie(h.at, h.what, h.user, h.kind, h.order, h.item, h.quantity, h.value, h.earlier,
                  h.from);
}
struct happens_later {
  constexpr bool operator()(const happening& a, const happening& b) const {
    return rank_of(b) < rank_of(a);
  }
};

}  // namespace detail
}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_TRIGGER_NOTICE_HPP
