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
/// have to live as long as the question is being answered. What is out of order where an order is
/// asked for is not found; nothing worse happens.
struct context {
  user_id user{};
  timestamp now{};
  std::span<const item_id> page{};  ///< what the page is about: the product, the last order's items
  std::span<const item_id> cart{};  ///< what lies in the cart
  std::span<const touch> history{};           ///< of the shopper, oldest first; see `history_of`
  std::span<const showing> shown{};           ///< ascending by item
  std::span<const std::uint64_t> segments{};  ///< of the shopper, ascending: the host's numbers
  std::span<const std::uint64_t> query{};     ///< words searched for: the host's numbers
  std::uint64_t state = 0;  ///< digest of the state that was asked, for receipts; 0: none
};

struct history_options {
  std::size_t max_events = 5'000;    ///< the newest that are looked at
  std::size_t max_items = 500;       ///< the items last touched
  duration within = days(10 * 366);  ///< older events do not count; below 0 none does
};

namespace detail {

/// Leaves what was done to the `most` items that were touched last; of those touched at the same
/// time, the smaller ids. `out` ascends by item and may change its order.
inline void keep_last_items(std::vector<touch>& out, std::size_t most) {
  // Each item's last touch goes behind the touches, so that no other memory is needed.
  const std::size_t touches = out.size();
  for (std::size_t n = 0; n < touches;) {
    touch last = out[n];
    for (; n < touches && out[n].item == last.item; ++n) last.at = (std::max)(last.at, out[n].at);
    out.push_back(last);
  }
  const auto begin = out.begin() + static_cast<std::ptrdiff_t>(touches);
  const std::size_t items = out.size() - touches;
  if (most >= items || most == 0) {
    out.resize(most == 0 ? 0 : touches);
    return;
  }
  const auto worst = begin + static_cast<std::ptrdiff_t>(most - 1);
  const auto later = [](const touch& a, const touch& b) {
    return a.at != b.at ? a.at > b.at : a.item < b.item;
  };
  std::nth_element(begin, worst, out.end(), later);
  const touch limit = *worst;
  std::size_t kept = 0;
  for (std::size_t n = 0; n < touches;) {
    std::size_t end = n;
    touch last = out[n];
    for (; end < touches && out[end].item == last.item; ++end) {
      last.at = (std::max)(last.at, out[end].at);
    }
    const bool stays = !later(limit, last);
    for (; n < end; ++n) {
      if (stays) out[kept++] = out[n];
    }
  }
  out.resize(kept);
}

}  // namespace detail

/// What a page needs to know of a shopper: each item once for each of view, cart and purchase, with
/// the last time, oldest first, ties by item and kind. Events after `now` have not happened.
/// Unknown shoppers have no history. What falls out by `max_events` or `max_items` is not known to
/// filters either. Cost: O(n log n) of the events looked at. Allocates nothing once `out` has
/// grown.
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
    if (l.item == events::no_item_handle || o.within.us < 0 ||
        age > static_cast<std::uint64_t>(o.within.us)) {
      continue;
    }
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
  detail::keep_last_items(out, o.max_items);
  std::sort(out.begin(), out.end(), [](const touch& a, const touch& b) {
    if (a.at != b.at) return a.at < b.at;
    return a.item != b.item ? a.item < b.item : a.kind < b.kind;
  });
}

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_CONTEXT_HPP
