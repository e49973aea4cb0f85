#ifndef TAILOR_EVENTS_LINE_HPP
#define TAILOR_EVENTS_LINE_HPP

#include <cstdint>

#include "event.hpp"

namespace tailor::inline v0::events {

/// Stands for `no_item` where items go by handle.
inline constexpr std::uint32_t no_item_handle = UINT32_MAX;

/// The largest quantity that one line can hold.
inline constexpr std::int32_t max_line_quantity = (1 << 24) - 1;

/// One event of a shopper as it is kept: 32 bytes, the shopper known from where it stands, the item
/// a handle into a dictionary beside it.
struct line {
  timestamp at{};
  std::int64_t unit_price = 0;
  order_id order = no_order;
  std::uint32_t item = no_item_handle;
  std::uint32_t what = 0;  ///< kind in the upper 8 bits, quantity in the lower 24

  [[nodiscard]] static constexpr std::uint32_t pack(event_kind kind, std::int32_t quantity) {
    return std::uint32_t{static_cast<std::uint8_t>(kind)} << 24 |
           static_cast<std::uint32_t>(quantity);
  }
  [[nodiscard]] constexpr event_kind kind() const { return event_kind{std::uint8_t(what >> 24)}; }
  [[nodiscard]] constexpr std::int32_t quantity() const {
    return static_cast<std::int32_t>(what & 0xFFFFFF);
  }

  friend constexpr bool operator==(const line&, const line&) = default;
};
static_assert(sizeof(line) == 32);

/// The canonical order of the lines of one shopper: that of `event`, newest last. `id_of(handle)`
/// is the item behind a handle, or any number that grows with it.
template <class IdOf>
[[nodiscard]] constexpr bool precedes(const line& a, const line& b, const IdOf& id_of) {
  if (a.at != b.at) return a.at < b.at;
  if (a.kind() != b.kind()) return a.kind() < b.kind();
  if (a.item != b.item) return id_of(a.item) < id_of(b.item);
  if (a.order != b.order) return a.order < b.order;
  if (a.what != b.what) return a.what < b.what;
  return a.unit_price < b.unit_price;
}

}  // namespace tailor::inline v0::events

#endif  // TAILOR_EVENTS_LINE_HPP
