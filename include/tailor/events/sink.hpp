#ifndef TAILOR_EVENTS_SINK_HPP
#define TAILOR_EVENTS_SINK_HPP

#include <concepts>
#include <type_traits>

#include "../core/result.hpp"
#include "event.hpp"

namespace tailor::inline v0::events {
namespace detail {

template <class T>
concept void_or_status = std::is_void_v<T> || std::same_as<T, status>;

}  // namespace detail

/// Takes events: `s.observe(e)` gives nothing or a status. After a refusal `s` is as before.
template <class S, class Event = event>
concept event_sink = requires(S& s, const Event& e) {
  { s.observe(e) } -> detail::void_or_status;
};

/// Can also take an event back: `s.retract(e)` undoes `s.observe(e)` exactly.
template <class S, class Event = event>
concept retractable = event_sink<S, Event> && requires(S& s, const Event& e) {
  { s.retract(e) } -> detail::void_or_status;
};

/// Says of itself that events do not concern it: `using takes_no_events = void;`. A misspelt
/// `observe` looks exactly like an absent one, so absence has to be declared.
template <class S>
concept takes_no_events = requires { typename S::takes_no_events; };

/// `s.observe(e)` as a status, whatever it returns.
template <class Event, event_sink<Event> S>
status observe_into(S& s, const Event& e) {
  if constexpr (std::is_void_v<decltype(s.observe(e))>) {
    s.observe(e);
    return {};
  } else {
    return s.observe(e);
  }
}

/// `s.retract(e)` as a status, whatever it returns.
template <class Event, retractable<Event> S>
status retract_from(S& s, const Event& e) {
  if constexpr (std::is_void_v<decltype(s.retract(e))>) {
    s.retract(e);
    return {};
  } else {
    return s.retract(e);
  }
}

}  // namespace tailor::inline v0::events

#endif  // TAILOR_EVENTS_SINK_HPP
