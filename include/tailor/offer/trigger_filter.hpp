#ifndef TAILOR_OFFER_TRIGGER_FILTER_HPP
#define TAILOR_OFFER_TRIGGER_FILTER_HPP

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include "../core/ids.hpp"
#include "../events/kind.hpp"

namespace tailor::inline v0::offer {

/// A set of kinds of event.
class kind_set {
 public:
  constexpr kind_set() = default;
  constexpr kind_set(std::initializer_list<events::event_kind> kinds) {
    for (const events::event_kind k : kinds) add(k);
  }

  constexpr void add(events::event_kind k) {
    const auto code = static_cast<std::uint8_t>(k);
    bits_[code / 64] |= std::uint64_t{1} << code % 64;
  }
  [[nodiscard]] constexpr bool contains(events::event_kind k) const {
    const auto code = static_cast<std::uint8_t>(k);
    return (bits_[code / 64] >> code % 64 & 1) != 0;
  }
  [[nodiscard]] constexpr bool empty() const { return *this == kind_set{}; }

  friend constexpr auto operator<=>(const kind_set&, const kind_set&) = default;

 private:
  std::array<std::uint64_t, 4> bits_{};
};

/// Whether an event of this kind says that the shopper was in the shop at that moment. What comes
/// from the back office or the mailbox does not, nor does what only the host can name (custom).
[[nodiscard]] constexpr bool is_visit(events::event_kind k) {
  using enum events::event_kind;
  const auto code = static_cast<std::uint8_t>(k);
  return (code >= 10 && code <= 80) || k == share || k == review || k == sign_up || k == log_in;
}

/// All kinds of which `is_visit` holds.
[[nodiscard]] constexpr kind_set visits() {
  kind_set out;
  for (unsigned code = 0; code < 256; ++code) {
    const auto c = static_cast<std::uint8_t>(code);
    if (events::is_event_kind(c) && is_visit(events::event_kind{c})) out.add(events::event_kind{c});
  }
  return out;
}

/// What the triggering event has to be, asked once, when it happens. Closed data.
struct trigger_filter {
  kind_set kinds = {};              ///< none: those that are usual for the kind of trigger
  std::vector<item_id> items = {};  ///< none: any item
  std::int64_t least_value = INT64_MIN;
  std::int64_t most_value = INT64_MAX;

  friend bool operator==(const trigger_filter&, const trigger_filter&) = default;

  /// `value` is in minor units the price of all pieces, for a change of price the new price, and
  /// for a change of stock the pieces that are left. Precondition: `items` ascend.
  /// Cost: O(log items).
  [[nodiscard]] bool passes(item_id item, std::int64_t value) const {
    return value >= least_value && value <= most_value &&
           (items.empty() || std::binary_search(items.begin(), items.end(), item));
  }
};

inline constexpr std::size_t max_filter_items = 10'000;

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_TRIGGER_FILTER_HPP
