#ifndef TAILOR_OFFER_TRIGGER_SHOPPER_HPP
#define TAILOR_OFFER_TRIGGER_SHOPPER_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "../core/ids.hpp"
#include "../core/iso8601.hpp"
#include "../core/result.hpp"
#include "../core/time.hpp"
#include "quiet_hours.hpp"
#include "trigger.hpp"
#include "trigger_intent.hpp"

namespace tailor::inline v0::offer {

/// How much is kept of one shopper and of what has not happened yet, and how late one may be.
struct trigger_limits {
  std::size_t touches = 64;         ///< items; the one met longest ago goes
  std::size_t flows = 32;           ///< flows and waits for flows; one more is not begun
  std::size_t dates = 8;            ///< one more is refused
  std::size_t waiting = 1'000'000;  ///< events and notices ahead of the clock, of all shoppers
  duration late = hours(24);        ///< behind the clock; later is refused

  friend constexpr bool operator==(const trigger_limits&, const trigger_limits&) = default;
};
inline constexpr std::size_t max_trigger_touches = 4'096;
inline constexpr std::size_t max_trigger_flows = 1'024;
inline constexpr std::size_t max_trigger_dates = 64;
/// out_of_range with the member.
[[nodiscard]] inline status check_limits(const trigger_limits& l) {
  if (l.touches < 1 || l.touches > max_trigger_touches) {
    return error{errc::out_of_range, "limits touches"};
  }
  if (l.flows < 1 || l.flows > max_trigger_flows) return error{errc::out_of_range, "limits flows"};
  if (l.dates > max_trigger_dates) return error{errc::out_of_range, "limits dates"};
  if (l.waiting < 1) return error{errc::out_of_range, "limits waiting"};
  if (l.late < duration{} || l.late > max_trigger_delay) {
    return error{errc::out_of_range, "limits late"};
  }
  return {};
}

/// Pieces of one item in a cart; more count as so many.
inline constexpr std::int32_t max_cart_pieces = 10'000;

namespace detail {

inline constexpr timestamp long_ago{INT64_MIN};  // never so far
inline constexpr timestamp unplanned{INT64_MAX};

/// What a shopper did to an item, last.
struct touched_item {
  item_id item{};
  timestamp viewed = long_ago;
  timestamp carted = long_ago;
  timestamp checkout = long_ago;
  timestamp wished = long_ago;
  std::int64_t price = 0;  // of the last piece put into the cart
  std::int32_t in_cart = 0;

  friend bool operator==(const touched_item&, const touched_item&) = default;

  [[nodiscard]] timestamp newest() const {
    return (std::max)((std::max)(viewed, carted), (std::max)(checkout, wished));
  }
  /// Whether the shopper belongs to the audience, for what he did after `since`.
  [[nodiscard]] bool shows(const interest& i, timestamp since) const {
    return (i.viewed && viewed > since) || (i.in_cart && carted > since) ||
           (i.checkout && checkout > since) || (i.wished && wished > since);
  }
};

/// A flow that is under way, or the wait for one.
struct open_flow {
  std::uint32_t trigger = 0;      // id
  item_id item = no_item;         // of those that are about one
  std::uint32_t step = at_entry;  // next; at_entry: waits
  timestamp since{};              // the triggering event, then the entry
  timestamp due{};
  order_id order = no_order;
  std::int64_t amount = 0;
  std::int64_t earlier = 0;
  std::vector<item_id> items;

  friend bool operator==(const open_flow&, const open_flow&) = default;

  [[nodiscard]] bool waits() const { return step == at_entry; }
  [[nodiscard]] auto key() const { return std::tuple(trigger, item, waits()); }
};

/// The last entry into a flow.
struct flow_entry {
  std::uint32_t trigger = 0;
  timestamp at{};
  order_id order = no_order;  // lines of one order enter once

  friend bool operator==(const flow_entry&, const flow_entry&) = default;
};

struct yearly_date {
  std::uint32_t date = 0;
  std::int32_t month = 1;
  std::int32_t day = 1;

  friend bool operator==(const yearly_date&, const yearly_date&) = default;
};

/// All that is kept of one shopper. Each list ascends by its key.
struct trigger_shopper {
  std::vector<touched_item> touches;
  std::vector<open_flow> flows;
  std::vector<flow_entry> entries;
  std::vector<yearly_date> dates;

  friend bool operator==(const trigger_shopper&, const trigger_shopper&) = default;

  [[nodiscard]] bool empty() const {
    return touches.empty() && flows.empty() && entries.empty() && dates.empty();
  }
  [[nodiscard]] timestamp next_due() const {
    timestamp t = unplanned;
    for (const open_flow& f : flows) t = (std::min)(t, f.due);
    return t;
  }
  [[nodiscard]] touched_item* find_touch(item_id item) {
    const auto at = touch_place(item);
    return at != touches.end() && at->item == item ? &*at : nullptr;
  }
  [[nodiscard]] std::vector<touched_item>::iterator touch_place(item_id item) {
    return std::lower_bound(touches.begin(), touches.end(), item,
                            [](const touched_item& t, item_id i) { return t.item < i; });
  }
  [[nodiscard]] open_flow* find_flow(std::uint32_t trigger, item_id item, bool waits) {
    const auto at = flow_place({trigger, item, waits});
    return at != flows.end() && at->key() == std::tuple(trigger, item, waits) ? &*at : nullptr;
  }
  [[nodiscard]] std::vector<open_flow>::iterator flow_place(
      const std::tuple<std::uint32_t, item_id, bool>& key) {
    return std::lower_bound(flows.begin(), flows.end(), key,
                            [](const open_flow& f, const auto& k) { return f.key() < k; });
  }
  void put(open_flow f) { flows.insert(flow_place(f.key()), std::move(f)); }
  [[nodiscard]] flow_entry* find_entry(std::uint32_t trigger) {
    const auto at = entry_place(trigger);
    return at != entries.end() && at->trigger == trigger ? &*at : nullptr;
  }
  void set_entry(const flow_entry& e) {
    const auto at = entry_place(e.trigger);
    if (at != entries.end() && at->trigger == e.trigger) {
      *at = e;
    } else {
      entries.insert(at, e);
    }
  }
  [[nodiscard]] std::vector<flow_entry>::iterator entry_place(std::uint32_t trigger) {
    return std::lower_bound(entries.begin(), entries.end(), trigger,
                            [](const flow_entry& e, std::uint32_t t) { return e.trigger < t; });
  }

  /// Forgets the items that were last met at `since` or before, in a cart or not.
  void drop_touches(timestamp since) {
    std::erase_if(touches, [since](const touched_item& t) { return t.newest() <= since; });
  }
  [[nodiscard]] bool cart_is_empty() const {
    return std::none_of(touches.begin(), touches.end(),
                        [](const touched_item& t) { return t.in_cart > 0; });
  }
};

/// When the trigger of a date is due next, at `from` or later. 29 February is 28 February in years
/// that have none.
[[nodiscard]] inline timestamp next_date(const trigger& t, const yearly_date& d, timestamp from) {
  std::int64_t year = day_at(floor_div(from.us, days(1).us)).year - 1;
  for (;; ++year) {
    const int last = days_in_month(year, d.month);
    const std::int64_t day = days_since_epoch({year, d.month, (std::min)(d.day, last)});
    const timestamp at =
        timestamp{} + days(day - t.days_before) + minutes(t.minute) - minutes(t.zone_minutes);
    if (at >= from) return at;
  }
}

}  // namespace detail
}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_TRIGGER_SHOPPER_HPP
