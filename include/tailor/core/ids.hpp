#ifndef TAILOR_CORE_IDS_HPP
#define TAILOR_CORE_IDS_HPP

#include <cstdint>

#include "config.hpp"

namespace tailor::inline v0 {

// Strong 64-bit ids: whatever number the host knows the thing by. Hosts with string ids get the
// numbers from an `interner`. Comparing an item with a shopper does not compile.
enum class user_id : std::uint64_t {};
enum class item_id : std::uint64_t {};
enum class order_id : std::uint64_t {};
enum class event_id : std::uint64_t {};

// What stands in an event where the host has nothing to say.
inline constexpr item_id no_item{UINT64_MAX};
inline constexpr order_id no_order{UINT64_MAX};
inline constexpr event_id no_event{UINT64_MAX};

[[nodiscard]] constexpr std::uint64_t raw(user_id id) { return static_cast<std::uint64_t>(id); }
[[nodiscard]] constexpr std::uint64_t raw(item_id id) { return static_cast<std::uint64_t>(id); }
[[nodiscard]] constexpr std::uint64_t raw(order_id id) { return static_cast<std::uint64_t>(id); }
[[nodiscard]] constexpr std::uint64_t raw(event_id id) { return static_cast<std::uint64_t>(id); }

}  // namespace tailor::inline v0

#endif  // TAILOR_CORE_IDS_HPP
