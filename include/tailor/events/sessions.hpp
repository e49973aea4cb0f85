#ifndef TAILOR_EVENTS_SESSIONS_HPP
#define TAILOR_EVENTS_SESSIONS_HPP

#include <cstddef>
#include <cstdint>
#include <span>

#include "../core/time.hpp"

namespace tailor::inline v0::events {

/// How long a shopper may be silent within a session. A session closes `idle` after its last event:
/// an event at that very moment opens the next one.
struct session_rule {
  duration idle = minutes(30);
};

/// Whether two successive events of a shopper belong to one session. Precondition: `earlier` is not
/// after `later`.
[[nodiscard]] constexpr bool same_session(timestamp earlier, timestamp later, session_rule rule) {
  return static_cast<std::uint64_t>(later.us) - static_cast<std::uint64_t>(earlier.us) <
         static_cast<std::uint64_t>(rule.idle.us);
}

/// Splits one shopper's events into sessions and calls `f(std::span<const Event>)` for each, oldest
/// first. `Event` has a member `at`. Sessions are computed, never stored: a late event can join
/// two. Precondition: the events ascend by time. Cost: O(events).
template <class Event, class F>
constexpr void for_each_session(std::span<const Event> events, session_rule rule, F&& f) {
  std::size_t begin = 0;
  for (std::size_t i = 1; i <= events.size(); ++i) {
    if (i < events.size() && same_session(events[i - 1].at, events[i].at, rule)) continue;
    f(events.subspan(begin, i - begin));
    begin = i;
  }
}

}  // namespace tailor::inline v0::events

#endif  // TAILOR_EVENTS_SESSIONS_HPP
