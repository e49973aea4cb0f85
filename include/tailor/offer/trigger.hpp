#ifndef TAILOR_OFFER_TRIGGER_HPP
#define TAILOR_OFFER_TRIGGER_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "../core/ids.hpp"
#include "../core/time.hpp"
#include "../events/sessions.hpp"
#include "channel.hpp"
#include "quiet_hours.hpp"
#include "trigger_filter.hpp"

namespace tailor::inline v0::offer {

/// What starts a flow of messages.
enum class trigger_kind : std::uint8_t {
  abandoned_cart = 1,    ///< a session ends that put something into the cart
  abandoned_browse = 2,  ///< a session ends that looked at something
  post_purchase = 3,     ///< an order
  win_back = 4,          ///< no visit for so long
  replenishment = 5,     ///< an item was bought, and should be used up by now
  price_drop = 6,        ///< an item is cheaper
  back_in_stock = 7,     ///< an item can be had again
  low_stock = 8,         ///< an item can hardly be had any more
  date = 9,              ///< a day of the year, a birthday
  segment_entered = 10,
  segment_left = 11,
};

/// When a shopper may enter the flow again: `count` units after the last entry. All time: 1 is once
/// for ever, 0 is always.
struct reentry {
  enum class unit : std::uint8_t { hour = 1, day = 2, week = 3, all_time = 4 };
  unit in = unit::all_time;
  std::uint32_t count = 0;

  friend constexpr bool operator==(const reentry&, const reentry&) = default;

  /// How long an entry blocks; nullopt: for ever.
  [[nodiscard]] constexpr std::optional<duration> blocks() const {
    if (in == unit::all_time)
      return count == 0 ? std::optional<duration>(duration{}) : std::nullopt;
    return in == unit::hour ? hours(count) : in == unit::day ? days(count) : days(7) * count;
  }
  /// Precondition: `last` is not after `now`.
  [[nodiscard]] constexpr bool permits(std::optional<timestamp> last, timestamp now) const {
    if (!last) return true;
    const std::optional<duration> wait = blocks();
    return wait && now - *last >= *wait;
  }
};
inline constexpr reentry always{reentry::unit::all_time, 0};
inline constexpr reentry once_for_ever{reentry::unit::all_time, 1};
[[nodiscard]] constexpr reentry after_hours(std::uint32_t n) { return {reentry::unit::hour, n}; }
[[nodiscard]] constexpr reentry after_days(std::uint32_t n) { return {reentry::unit::day, n}; }
[[nodiscard]] constexpr reentry after_weeks(std::uint32_t n) { return {reentry::unit::week, n}; }

/// From what the delay of a step counts: from the entry, or from the moment at which the step
/// before was due, quiet hours included.
enum class delay_from : std::uint8_t { entry = 0, step_before = 1 };

/// One message of a flow.
struct trigger_step {
  duration delay{};
  channel on = channel::email;
  std::uint32_t message = 0;  ///< number of the template
  std::string name = {};      ///< or its name

  friend bool operator==(const trigger_step&, const trigger_step&) = default;
};

/// What a return to the shop does to a flow that is under way.
enum class on_return : std::uint8_t {
  usual = 0,  ///< win-back: cancels; others: goes on
  goes_on = 1,
  cancels = 2,
};

/// Who is told of an item: those who did one of these to it within the look-back.
struct interest {
  bool viewed = false;
  bool in_cart = false;   ///< put it into the cart
  bool checkout = false;  ///< started a checkout with it
  bool wished = false;    ///< wants to have it: add_to_wishlist, or waits for it to come back

  friend constexpr bool operator==(const interest&, const interest&) = default;
  [[nodiscard]] constexpr bool any() const { return viewed || in_cart || checkout || wished; }
};

/// How much cheaper an item has to be.
struct price_fall {
  enum class unit : std::uint8_t { amount = 0, basis_points = 1 };
  unit in = unit::basis_points;
  std::int64_t least = 1;  ///< minor units, or hundredths of a percent of the old price

  friend constexpr bool operator==(const price_fall&, const price_fall&) = default;
};

/// After how long an item is used up.
struct refill {
  item_id item{};
  duration after{};

  friend constexpr auto operator<=>(const refill&, const refill&) = default;
};

/// The definition of a flow. Closed data; only the members of its kind are read. Checked, and its
/// usual values filled in, by `trigger_book::make`.
struct trigger {
  std::uint32_t id = 0;  ///< of the host's: state is kept under it, and it is the campaign of caps
  std::string name = {};
  trigger_kind kind = trigger_kind::abandoned_cart;
  trigger_filter filter = {};
  reentry again = always;
  delay_from delays = delay_from::entry;
  std::vector<trigger_step> steps = {};
  quiet_hours quiet = {};

  /// Events of the shopper that end the flow, or the wait for it. None given, the usual ones:
  /// abandoned cart: purchase; abandoned browse: add_to_cart, begin_checkout, purchase;
  /// replenishment and news of items: purchase of that item; post-purchase: order_cancelled and
  /// refund of that order.
  std::optional<kind_set> cancel_on = std::nullopt;
  on_return back = on_return::usual;

  // abandoned cart and browse
  duration idle = events::session_rule{}.idle;  ///< of silence end a session
  // win-back: 30, 45, 60 or 90 days are what is usual
  duration silence = days(30);
  // replenishment
  std::vector<refill> refills = {};
  // price drop, back in stock, low stock. No interest given, the usual ones: viewed; wished;
  // viewed, in cart or checkout.
  interest audience = {};
  duration look_back = days(30);
  price_fall fall = {};
  std::int64_t threshold = 5;  ///< low stock: so many pieces, or fewer
  // date: which one of the shopper's, how long before, and at which time of the day
  std::uint32_t date = 0;
  std::int32_t days_before = 0;
  std::int32_t minute = 9 * 60;  ///< after local midnight
  std::int32_t zone_minutes = 0;
  // segments
  std::uint32_t segment = 0;

  friend bool operator==(const trigger&, const trigger&) = default;
};

inline constexpr std::size_t max_triggers = 256;
inline constexpr std::size_t max_trigger_steps = 16;
inline constexpr std::size_t max_refills = 100'000;
inline constexpr std::size_t max_trigger_name = 256;
inline constexpr duration max_trigger_delay = days(3'660);

/// Kinds whose entry is the end of a wait; the others enter when they are told.
[[nodiscard]] constexpr bool waits_first(trigger_kind k) {
  using enum trigger_kind;
  return k == abandoned_cart || k == abandoned_browse || k == win_back || k == replenishment ||
         k == date;
}
/// Kinds that wait for the end of a session.
[[nodiscard]] constexpr bool waits_for_session(trigger_kind k) {
  return k == trigger_kind::abandoned_cart || k == trigger_kind::abandoned_browse;
}
/// Kinds that are told of an item.
[[nodiscard]] constexpr bool is_item_news(trigger_kind k) {
  using enum trigger_kind;
  return k == price_drop || k == back_in_stock || k == low_stock;
}

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_TRIGGER_HPP
