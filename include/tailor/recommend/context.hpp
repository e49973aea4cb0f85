#ifndef TAILOR_RECOMMEND_CONTEXT_HPP
#define TAILOR_RECOMMEND_CONTEXT_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../core/ids.hpp"
#include "../core/time.hpp"
#include "../events/timeline.hpp"

namespace tailor::inline v0::recommend {

/// That a shopper viewed, carted or bought an item, and when he last did.
struct touch {
  item_id item{};
  events::event_kind kind = events::event_kind::view_item;
  timestamp at{};

  friend constexpr bool operator==(const touch&, const touch&) = default;
};

/// How often an item was shown to the shopper lately.
struct showing {
  item_id item{};
  std::uint32_t times = 0;
};

/// All that an answer may depend on, beside models and rules. The spans belong to the caller and
/// have to live as long as the question is being answered.
struct context {
  user_id user{};
  timestamp now{};
  std::span<const item_id> page;   ///< what the page is about: the product, the last order's items
  std::span<const item_id> cart;   ///< what lies in the cart
  std::span<const touch> history;  ///< of the shopper, oldest first; see `history_of`
  std::span<const showing> shown;  ///< ascending by item
  std::span<const std::uint64_t>
      segments;             ///< that the shopper is in, ascending: the host's numbers
  std::uint64_t state = 0;  ///< digest of the state that was asked, for receipts; 0: none
};

struct history_options {
  std::size_t max_events = 5'000;    ///< the newest that are looked at
  std::size_t max_items = 500;       ///< the items last touched
  duration within = days(10 * 366);  ///< older events do not count
};

/// What a page needs to know of a shopper: each item once for each of view, cart and purchase, with
/// the last time, oldest first, ties by item and kind. Events after `now` have not happened.
/// Unknown shoppers have no history. Cost: O(n log n) of the events looked at. Allocates nothing
/// once `out` has grown.
inline void history_of(const events::timeline& past, user_id user, timestamp now,
                       std::vector<touch>& out, const history_options& o = {}) {
  using events::event_kind;
  using events::line;
  out.clear();
  const auto shopper = past.find_shopper(user);
  if (!shopper) return;
  const std::span<const line> all = past.lines_of(*shopper);
  const auto end = std::upper_bound(all.begin(), all.end(), now,
                                    [](timestamp t, const line& l) { return t < l.at; });
  const auto happened = static_cast<std::size_t>(end - all.begin());
  const std::size_t looked_at = (std::min)(happened, o.max_events);
  for (const line& l : all.subspan(happened - looked_at, looked_at)) {
    // As unsigned: hostile times may be further apart than a signed difference can say.
    const auto age = static_cast<std::uint64_t>(now.us) - static_cast<std::uint64_t>(l.at.us);
    const event_kind kind = l.kind();
    if (l.item == events::no_item_handle || age > static_cast<std::uint64_t>(o.within.us)) continue;
    if (kind == event_kind::view_item || kind == event_kind::add_to_cart ||
        kind == event_kind::purchase) {
      out.push_back({past.item_at(l.item), kind, l.at});
    }
  }
  std::sort(out.begin(), out.end(), [](const touch& a, const touch& b) {
    if (a.item != b.item) return a.item < b.item;
    return a.kind != b.kind ? a.kind < b.kind : a.at > b.at;
  });
  const auto same = [](const touch& a, const touch& b) {
    return a.item == b.item && a.kind == b.kind;
  };
  out.erase(std::unique(out.begin(), out.end(), same), out.end());
  std::sort(out.begin(), out.end(), [](const touch& a, const touch& b) {
    if (a.at != b.at) return a.at < b.at;
    return a.item != b.item ? a.item < b.item : a.kind < b.kind;
  });
  std::size_t items = 0;
  std::size_t begin = out.size();
  for (; begin > 0; --begin) {
    const item_id item = out[begin - 1].item;
    const auto known = std::find_if(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(),
                                    [item](const touch& t) { return t.item == item; });
    if (known == out.end() && items++ == o.max_items) break;
  }
  out.erase(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(begin));
}

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_CONTEXT_HPP
