#ifndef TAILOR_RECOMMEND_SEEDS_HPP
#define TAILOR_RECOMMEND_SEEDS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "context.hpp"
#include "part.hpp"

namespace tailor::inline v0::recommend {

/// An item of the context that speaks for others, and how much it counts: 1 … max_seed_weight.
struct seed_item {
  item_id item{};
  std::uint16_t weight = 1;
  seed_reason reason = seed_reason::none;

  friend constexpr bool operator==(const seed_item&, const seed_item&) = default;
};

inline constexpr std::uint16_t max_seed_weight = 256;
inline constexpr std::size_t max_seeds = 512;  ///< that a source adds up; the first of a rule count

/// Says which items of the context speak: `r.seeds(context, out)` appends them, those that matter
/// most first; repeated ones count once, as first named. Must depend on the context alone.
template <class R>
concept seed_rule =
    requires(const R& r, const context& c, std::vector<seed_item>& out) { r.seeds(c, out); };

/// What the page is about.
struct page_items {
  void seeds(const context& c, std::vector<seed_item>& out) const {
    for (const item_id item : c.page) out.push_back({item, 1, seed_reason::on_page});
  }
};

/// All that lies in the cart.
struct cart_items {
  void seeds(const context& c, std::vector<seed_item>& out) const {
    for (const item_id item : c.cart) out.push_back({item, 1, seed_reason::in_cart});
  }
};

/// The history, newest first, each item by the strongest thing that was done to it. The weight
/// halves with every whole `half_life` since (0 or less: never); what fell below 1 does not speak.
/// Weights beyond max_seed_weight count as that. Cost: events looked at times max_seeds, at most.
struct history_items {
  std::uint16_t view = 16;
  std::uint16_t cart = 48;
  std::uint16_t purchase = 80;
  duration half_life = days(30);
  std::size_t count = 200;  ///< of the newest events

  void seeds(const context& c, std::vector<seed_item>& out) const {
    const std::size_t begin = out.size();
    const std::size_t older = c.history.size() - (std::min)(count, c.history.size());
    for (std::size_t n = c.history.size(); n > older; --n) {
      const touch& t = c.history[n - 1];
      const seed_item s = seed_of(t, c.now);
      if (s.weight == 0) continue;
      const auto known = std::find_if(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(),
                                      [&t](const seed_item& o) { return o.item == t.item; });
      if (known == out.end()) {
        if (out.size() - begin < max_seeds) out.push_back(s);
      } else if (known->weight < s.weight) {
        *known = s;
      }
    }
  }

 private:
  [[nodiscard]] seed_item seed_of(const touch& t, timestamp now) const {
    using events::event_kind;
    std::uint16_t weight = view;
    seed_reason reason = seed_reason::viewed;
    if (t.kind == event_kind::purchase) {
      weight = purchase;
      reason = seed_reason::bought;
    } else if (t.kind == event_kind::add_to_cart) {
      weight = cart;
      reason = seed_reason::carted;
    } else if (t.kind != event_kind::view_item) {
      return {t.item, 0, seed_reason::none};
    }
    weight = (std::min)(weight, max_seed_weight);
    if (t.at < now && half_life.us > 0) {
      const auto age = static_cast<std::uint64_t>(now.us) - static_cast<std::uint64_t>(t.at.us);
      const std::uint64_t halvings = age / static_cast<std::uint64_t>(half_life.us);
      weight = halvings > 15 ? std::uint16_t{0} : static_cast<std::uint16_t>(weight >> halvings);
    }
    return {t.item, weight, reason};
  }
};

/// What was viewed last, newest first, all alike: a visit whose shopper nobody knows.
struct last_viewed {
  std::size_t count = 9;

  void seeds(const context& c, std::vector<seed_item>& out) const {
    std::size_t found = 0;
    for (std::size_t n = c.history.size(); n > 0 && found < count; --n) {
      const touch& t = c.history[n - 1];
      if (t.kind != events::event_kind::view_item) continue;
      out.push_back({t.item, 1, seed_reason::viewed});
      ++found;
    }
  }
};

/// The seeds of a rule, each item once, in its order, at most max_seeds. What counts 0 and no_item
/// do not speak.
template <seed_rule Rule>
void seeds_of(const Rule& rule, const context& c, std::vector<seed_item>& out) {
  out.clear();
  rule.seeds(c, out);
  std::size_t kept = 0;
  for (std::size_t n = 0; n < out.size() && kept < max_seeds; ++n) {
    const seed_item s{out[n].item, (std::min)(out[n].weight, max_seed_weight), out[n].reason};
    const auto end = out.begin() + static_cast<std::ptrdiff_t>(kept);
    const auto known =
        std::find_if(out.begin(), end, [&s](const seed_item& o) { return o.item == s.item; });
    if (s.weight != 0 && s.item != no_item && known == end) out[kept++] = s;
  }
  out.resize(kept);
}

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_SEEDS_HPP
