#ifndef TAILOR_SEGMENT_PURCHASE_FADING_HPP
#define TAILOR_SEGMENT_PURCHASE_FADING_HPP

#include <concepts>
#include <cstdint>

#include "../core/ids.hpp"
#include "../events/kind.hpp"

namespace tailor::inline v0::segment {

/// All of an event or an answer, in the fixed point of what is left of it.
inline constexpr std::int64_t whole_weight = std::int64_t{1} << 20;

/// Says what is left of an event once its shopper has bought the item: who has a kettle looks for
/// no other, who bought coffee wants it again when it is used up.
///
/// `f(item, kind, days)` is that part, from 0 to `whole_weight`, of an event of `kind` with an item
/// that the shopper bought, the last time so many days of the shop ago (0: today). What is outside
/// is held at the ends. It is not asked about items that the shopper did not buy. Must be pure; may
/// be called from several threads at once.
template <class F>
concept purchase_fading =
    requires(const F& f, item_id item, events::event_kind kind, std::int64_t days) {
      { f(item, kind, days) } -> std::same_as<std::int64_t>;
    };

/// What was bought is liked as before: the purchase counts, and the views that led to it.
struct no_fading_by_purchase {
  constexpr std::int64_t operator()(item_id, events::event_kind, std::int64_t) const {
    return whole_weight;
  }
};

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_PURCHASE_FADING_HPP
