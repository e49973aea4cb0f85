#ifndef TAILOR_COMPOSE_FORGET_HPP
#define TAILOR_COMPOSE_FORGET_HPP

#include <concepts>
#include <vector>

#include "../core/ids.hpp"
#include "../events/sink.hpp"

namespace tailor::inline v0 {

/// Knows what a shopper did: `p.history(u)`. A timeline does.
template <class P>
concept keeps_history = requires(const P& p, user_id u) {
  { p.history(u) } -> std::same_as<std::vector<events::event>>;
};

namespace detail {

template <class P>
concept forgets = requires(P& p, user_id u) { p.forget(u); };

template <class P>
concept impersonal = requires { typename P::holds_no_personal_data; };

template <class P>
concept replays = events::retractable<P> && requires { typename P::forgets_by_replay; };

template <class Part, bool HistoryKept>
struct forget_needs {
  static_assert(
      forgets<Part> || impersonal<Part> || replays<Part>,
      "forget(user, parts...): this part needs  void forget(user_id)  or says  using "
      "holds_no_personal_data = void;  or  using forgets_by_replay = void;  [forgettable]");
  static_assert(
      HistoryKept || forgets<Part> || !replays<Part>,
      "forget(user, parts...): this part forgets by taking the shopper's events back: name "
      "a part that knows them too, for instance an events::timeline  [keeps_history]");
  static constexpr bool ok = true;
};

}  // namespace detail

/// Erases a shopper from every part: afterwards each equals one that never saw him. Parts that keep
/// sums only (`forgets_by_replay`) have his events retracted, which a part with a history knows;
/// the order in which the parts are named does not matter.
template <class... Parts>
void forget(user_id user, Parts&... parts) {
  constexpr bool kept = (keeps_history<Parts> || ...);
  if constexpr ((detail::forget_needs<Parts, kept>::ok && ...)) {
    std::vector<events::event> history;
    bool found = false;
    const auto look_up = [&](const auto& part) {
      if constexpr (keeps_history<std::remove_cvref_t<decltype(part)>>) {
        if (!found) history = part.history(user);
        found = true;
      }
    };
    (look_up(parts), ...);
    const auto erase = [&](auto& part) {
      using part_type = std::remove_cvref_t<decltype(part)>;
      if constexpr (detail::forgets<part_type>) {
        part.forget(user);
      } else if constexpr (detail::replays<part_type>) {
        for (const events::event& e : history) static_cast<void>(events::retract_from(part, e));
      }
    };
    (erase(parts), ...);
  }
}

}  // namespace tailor::inline v0

#endif  // TAILOR_COMPOSE_FORGET_HPP
