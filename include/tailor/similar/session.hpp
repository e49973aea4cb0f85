#ifndef TAILOR_SIMILAR_SESSION_HPP
#define TAILOR_SIMILAR_SESSION_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "../core/ids.hpp"
#include "../core/time.hpp"

namespace tailor::inline v0::similar {

/// Whatever number the host knows a visit by.
enum class session_id : std::uint64_t {};

[[nodiscard]] constexpr std::uint64_t raw(session_id id) { return static_cast<std::uint64_t>(id); }

/// A visit that is over, or as far as it has come.
struct session {
  session_id id{};
  user_id owner{};                    ///< whose it is: forgetting the shopper removes it
  timestamp end{};                    ///< the moment of its last click
  std::span<const item_id> clicks{};  ///< oldest first; items may repeat
};

struct session_index_options {
  /// Sessions of more distinct items are not taken: nobody looks for that many things, but robots
  /// do. 0: no limit.
  std::uint32_t max_items = 128;

  friend bool operator==(const session_index_options&, const session_index_options&) = default;
};

/// The distinct items of a session in the order of their last clicks, oldest first. What names no
/// item is left out. Cost: O(n log n).
inline void distinct_clicks(std::span<const item_id> clicks, std::vector<item_id>& out) {
  out.clear();
  if (clicks.size() <= 64) {
    for (std::size_t n = clicks.size(); n-- > 0;) {
      if (clicks[n] == no_item) continue;
      if (std::find(out.begin(), out.end(), clicks[n]) == out.end()) out.push_back(clicks[n]);
    }
    std::reverse(out.begin(), out.end());
    return;
  }
  std::vector<std::pair<item_id, std::size_t>> places;
  places.reserve(clicks.size());
  for (std::size_t n = 0; n < clicks.size(); ++n) {
    if (clicks[n] != no_item) places.emplace_back(clicks[n], n);
  }
  std::sort(places.begin(), places.end());
  std::size_t kept = 0;
  for (std::size_t n = 0; n < places.size(); ++n) {
    if (n + 1 == places.size() || places[n + 1].first != places[n].first) {
      places[kept++] = places[n];
    }
  }
  places.resize(kept);
  std::sort(places.begin(), places.end(),
            [](const auto& a, const auto& b) { return a.second < b.second; });
  for (const auto& p : places) out.push_back(p.first);
}

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_SESSION_HPP
