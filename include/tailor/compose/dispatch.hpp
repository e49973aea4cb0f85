#ifndef TAILOR_COMPOSE_DISPATCH_HPP
#define TAILOR_COMPOSE_DISPATCH_HPP

#include <cstddef>
#include <type_traits>
#include <utility>

#include "../core/result.hpp"
#include "../events/sink.hpp"
#include "../events/traits.hpp"

namespace tailor::inline v0 {
namespace detail {

// How a part hears of a row: not at all, as the row itself, or as the event that it tells of.
template <class Part, class Row>
inline constexpr bool hears_row = events::event_sink<Part, Row>;
template <class Part, class Row>
inline constexpr bool hears_event = !hears_row<Part, Row> && events::event_sink<Part>;

template <class Part, class Row>
struct dispatch_needs {
  static_assert(hears_row<Part, Row> || hears_event<Part, Row> || events::takes_no_events<Part>,
                "dispatch(row, parts...): this part needs  void observe(const event&)  (or status "
                "instead of void), or says  using takes_no_events = void;  [events::event_sink]");
  static constexpr bool ok = true;
};

template <class Part, class Row>
constexpr bool may_refuse() {
  if constexpr (hears_row<Part, Row>) {
    return !std::is_void_v<decltype(std::declval<Part&>().observe(std::declval<const Row&>()))>;
  } else if constexpr (hears_event<Part, Row>) {
    return !std::is_void_v<decltype(std::declval<Part&>().observe(
        std::declval<const events::event&>()))>;
  } else {
    return false;
  }
}

template <class Part, class Row>
constexpr bool can_undo() {
  if constexpr (hears_row<Part, Row>) return events::retractable<Part, Row>;
  if constexpr (hears_event<Part, Row>) return events::retractable<Part>;
  return true;
}

/// Every part but the last that may refuse must be able to take the event back.
template <class Row, class... Parts>
constexpr bool undoable() {
  constexpr bool refuses[] = {may_refuse<Parts, Row>()..., false};
  constexpr bool undoes[] = {can_undo<Parts, Row>()..., true};
  bool refused_later = false;
  for (std::size_t i = sizeof...(Parts); i-- > 0;) {
    if (refused_later && !undoes[i]) return false;
    refused_later = refused_later || refuses[i];
  }
  return true;
}

template <class Part, class Row>
status hand_to(Part& part, const Row& row, const events::event& e) {
  if constexpr (hears_row<Part, Row>) {
    return events::observe_into(part, row);
  } else if constexpr (hears_event<Part, Row>) {
    return events::observe_into(part, e);
  } else {
    return {};
  }
}

template <class Part, class Row>
void take_back(Part& part, const Row& row, const events::event& e) {
  if constexpr (hears_row<Part, Row> && events::retractable<Part, Row>) {
    static_cast<void>(events::retract_from(part, row));
  } else if constexpr (hears_event<Part, Row> && events::retractable<Part>) {
    static_cast<void>(events::retract_from(part, e));
  }
}

}  // namespace detail

/// Tells every part of what happened, in the order given. `row` is the host's own type, read
/// through `event_traits`, or an `event`. All or nothing: at the first refusal the parts before it
/// take the event back, and the refusal is returned.
template <class Row, class... Parts>
status dispatch(const Row& row, Parts&... parts) {
  static_assert(events::interaction<Row>,
                "dispatch(row, parts...): tell how to read the row:  template <> struct "
                "tailor::events::event_traits<Row> { static user_id user(const Row&); static "
                "timestamp at(const Row&); static event_kind kind(const Row&); };  "
                "[events::interaction]");
  if constexpr (events::interaction<Row> && (detail::dispatch_needs<Parts, Row>::ok && ...)) {
    static_assert(
        detail::undoable<Row, Parts...>(),
        "dispatch(row, parts...): a part stands before one that may refuse and cannot take "
        "an event back: give it  void retract(const event&)  or name it last  "
        "[events::retractable]");
    const events::event e = events::to_event(row);
    std::size_t told = 0;
    status ok;
    const auto tell = [&](auto& part) {
      ok = detail::hand_to(part, row, e);
      told += static_cast<bool>(ok);
      return static_cast<bool>(ok);
    };
    static_cast<void>((tell(parts) && ...));
    if (!ok) {
      std::size_t i = 0;
      ((i++ < told ? detail::take_back(parts, row, e) : void()), ...);
    }
    return ok;
  }
}

}  // namespace tailor::inline v0

#endif  // TAILOR_COMPOSE_DISPATCH_HPP
