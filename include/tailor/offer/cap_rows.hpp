#ifndef TAILOR_OFFER_CAP_ROWS_HPP
#define TAILOR_OFFER_CAP_ROWS_HPP

#include <algorithm>
#include <compare>
#include <cstdint>
#include <tuple>
#include <vector>

#include "../core/time.hpp"
#include "cap_policy.hpp"
#include "channel.hpp"

// How frequency_cap keeps the showings of one shopper.

namespace tailor::inline v0::offer::detail {

/// No showing is further from 1970 than this: some 36,000 years.
inline constexpr std::int64_t last_cap_moment = std::int64_t{1} << 60;

/// One showing, in one counter.
struct cap_row {
  std::uint32_t policy = 0;
  std::uint32_t campaign = 0;  // zero where the policy does not tell campaigns apart
  std::uint8_t on = 0;         // zero where it does not tell channels apart
  timestamp until{};           // counts before it

  friend auto operator<=>(const cap_row&, const cap_row&) = default;
};

/// Orders by counter alone.
inline bool other_counter(const cap_row& a, const cap_row& b) {
  return std::tie(a.policy, a.campaign, a.on) < std::tie(b.policy, b.campaign, b.on);
}

/// A row in the counter that the policy has for such a showing.
[[nodiscard]] inline cap_row cap_counter(const cap_policy& p, channel on, std::uint32_t campaign,
                                         timestamp until = {}) {
  const auto by = static_cast<std::uint8_t>(p.by);
  return {p.id, (by & 2) != 0 ? campaign : 0,
          (by & 1) != 0 ? static_cast<std::uint8_t>(on) : std::uint8_t{0}, until};
}

[[nodiscard]] inline const cap_policy* find_policy(const std::vector<cap_policy>& in,
                                                   std::uint32_t id) {
  const auto at = std::lower_bound(in.begin(), in.end(), id,
                                   [](const cap_policy& p, std::uint32_t i) { return p.id < i; });
  return at != in.end() && at->id == id ? &*at : nullptr;
}

/// Whether a row could have been written under the policies.
[[nodiscard]] inline bool is_row(const cap_row& r, const std::vector<cap_policy>& policies) {
  const cap_policy* const p = find_policy(policies, r.policy);
  if (p == nullptr || r.until.us > last_cap_moment + max_cap_window.us ||
      r.until.us < -last_cap_moment)
    return false;
  const auto by = static_cast<std::uint8_t>(p->by);
  return ((by & 2) != 0 || r.campaign == 0) && ((by & 1) != 0 ? is_channel(r.on) : r.on == 0);
}

/// Into its place; of more than `times` in one counter, those that end first go.
inline void put_row(std::vector<cap_row>& rows, const cap_row& r, std::uint32_t times) {
  rows.insert(std::upper_bound(rows.begin(), rows.end(), r), r);
  const auto [from, to] = std::equal_range(rows.begin(), rows.end(), r, other_counter);
  if (to - from > times) rows.erase(from, to - times);
}

}  // namespace tailor::inline v0::offer::detail

#endif  // TAILOR_OFFER_CAP_ROWS_HPP
