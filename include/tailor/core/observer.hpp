#ifndef TAILOR_CORE_OBSERVER_HPP
#define TAILOR_CORE_OBSERVER_HPP

#include "config.hpp"

namespace tailor::inline v0 {

/// Is told what a part did: `o.on(notice)`, one verb for all kinds of notice, each a small struct
/// of its own. Listening changes no answer: it may count, log and trace, and must neither call back
/// into the part that speaks nor keep references to what a notice refers to.
template <class O, class Notice>
concept hears = requires(O& o, const Notice& n) { o.on(n); };

/// Hears every notice and does nothing: the default, which costs nothing.
struct silent {
  template <class Notice>
  constexpr void on(const Notice&) const {}
};

}  // namespace tailor::inline v0

#endif  // TAILOR_CORE_OBSERVER_HPP
