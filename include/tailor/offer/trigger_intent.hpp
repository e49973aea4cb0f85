#ifndef TAILOR_OFFER_TRIGGER_INTENT_HPP
#define TAILOR_OFFER_TRIGGER_INTENT_HPP

#include <concepts>
#include <cstdint>
#include <span>
#include <string_view>

#include "../core/errc.hpp"
#include "../core/ids.hpp"
#include "../core/result.hpp"
#include "../core/time.hpp"
#include "channel.hpp"

namespace tailor::inline v0::offer {

/// A message that is due. Nothing is sent: the host does, or does not.
/// `name` and `items` live as long as the call that gives the intent.
struct intent {
  user_id user{};
  std::uint32_t trigger = 0;  ///< its id
  std::uint32_t step = 0;     ///< from 0
  channel on = channel::email;
  std::uint32_t message = 0;   ///< number of the template
  std::string_view name = {};  ///< name of the template
  /// What it is about, at most `max_intent_items`: what lay in the cart or was looked at last or
  /// was ordered, the item that was bought, is cheaper, is back. Nothing for win-back, dates and
  /// segments.
  std::span<const item_id> items = {};
  /// Minor units: of the cart; of what was looked at last; of the order; the new price. For stock,
  /// the pieces left. For replenishment, what was paid.
  std::int64_t amount = 0;
  std::int64_t earlier = 0;  ///< old price, or pieces there were
  timestamp entered_at{};    ///< when the flow began
  timestamp due{};           ///< when this step is to be done
};
inline constexpr std::size_t max_intent_items = 8;

/// Stands for the entry where a step is meant.
inline constexpr std::uint32_t at_entry = UINT32_MAX;

/// What a guard is asked: may this shopper enter, or go on to this step?
struct guard_question {
  user_id user{};
  std::uint32_t trigger = 0;  ///< position in the book, by id
  std::uint32_t step = at_entry;
  timestamp now{};         ///< the moment of the entry or step, not that of the call
  timestamp entered_at{};  ///< "since flow start" counts what happened after it
  item_id item = no_item;  ///< of the flow, where it is about one
};

/// Decides at the entry and again before every step: `g(shopper, trigger, step, now)` with the
/// position of the trigger in the book and `at_entry` or the step, or `g(guard_question)`. False at
/// the entry: no flow begins. False at a step: the flow ends there. Must be pure: it is asked about
/// the moment `now`, also when the clock moves over many at once.
template <class G>
concept trigger_guard = requires(const G& g, const guard_question& q) {
  { g(q) } -> std::same_as<bool>;
} || requires(const G& g, user_id user, std::uint32_t number, timestamp now) {
  { g(user, number, number, now) } -> std::same_as<bool>;
};

/// Lets everybody through.
struct unguarded {
  constexpr bool operator()(const guard_question&) const { return true; }
};

/// Says whether one message more is permitted, and counts it: `c.show(user, channel, campaign,
/// at)`. Any refusal drops the step. `frequency_cap` is one.
template <class C>
concept message_cap =
    requires(C& c, user_id user, channel on, std::uint32_t campaign, timestamp at) {
      { c.show(user, on, campaign, at) } -> std::same_as<status>;
    };

/// Permits everything.
struct uncapped {
  constexpr status show(user_id, channel, std::uint32_t, timestamp) const { return {}; }
};

/// What one `advance` did.
struct trigger_report {
  std::uint64_t happenings = 0;  ///< events and notices that the clock passed
  std::uint64_t entered = 0;     ///< flows begun
  std::uint64_t too_soon = 0;    ///< entries refused by the re-entry rule
  std::uint64_t guarded = 0;     ///< entries and steps at which the guard said no
  std::uint64_t cancelled = 0;   ///< flows ended by an event
  std::uint64_t replaced = 0;    ///< flows ended by a new entry
  std::uint64_t sold_out = 0;    ///< back in stock: gone again before the first message
  std::uint64_t capped = 0;      ///< steps dropped by a cap
  std::uint64_t no_room = 0;     ///< flows not begun for want of room; see trigger_limits
  std::uint64_t intents = 0;

  friend constexpr bool operator==(const trigger_report&, const trigger_report&) = default;
};

namespace detail {

template <trigger_guard G>
[[nodiscard]] bool ask_guard(const G& guard, const guard_question& q) {
  if constexpr (requires { guard(q); }) {
    return guard(q);
  } else {
    return guard(q.user, q.trigger, q.step, q.now);
  }
}

}  // namespace detail
}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_TRIGGER_INTENT_HPP
