#ifndef TAILOR_RECOMMEND_FILTER_HPP
#define TAILOR_RECOMMEND_FILTER_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <variant>
#include <vector>

#include "../core/int128.hpp"
#include "catalogue.hpp"
#include "context.hpp"

namespace tailor::inline v0::recommend {

// What may not be shown, as data. Each says of an item and a context whether the item stays. An
// item of unknown attributes has no value of any, one of unknown price has none. What the shopper
// did is what the context's history tells.

/// Removes what the shopper bought within that time.
struct not_bought {
  duration within = days(10 * 366);
};
/// Removes what the shopper viewed within that time.
struct not_viewed {
  duration within = days(10 * 366);
};
/// Removes what lies in the cart.
struct not_in_cart {};
/// Removes what the shopper was shown so many times, see `context::shown`.
struct not_shown_often {
  std::uint32_t times = 3;
};
/// Keeps these alone.
struct only_listed {
  std::vector<item_id> items;
};
/// Removes these.
struct not_listed {
  std::vector<item_id> items;
};
/// Keeps items with the value.
struct only_with {
  attribute of{};
  std::uint64_t value = 0;
};
/// Removes items with the value.
struct not_with {
  attribute of{};
  std::uint64_t value = 0;
};
/// Keeps items whose main value is that of the page's first item. Where the page is about nothing,
/// or its item has no value, all stay.
struct same_as_page {
  attribute of{};
};
/// Removes items whose main value is that of the page's first item: another brand, another
/// category. Where the page is about nothing, or its item has no value, all stay.
struct other_than_page {
  attribute of{};
};
/// Keeps items that cost `from` … `to`, both included, in minor units; no price, no item.
struct priced {
  std::int64_t from = 0;
  std::int64_t to = INT64_MAX;
};
/// Keeps items that cost at most so much less or more than the page's first item: 20 and 50 per
/// cent of 100 are 80 … 150, both included; no price, no item. Where the page has no price, all
/// stay.
struct priced_near_page {
  std::int32_t less_percent = 20;
  std::int32_t more_percent = 50;
};
/// Removes items with the value, unless the page's first item has it too: what people look for, but
/// do not want to be shown while they look for something else.
struct sensitive {
  attribute of{};
  std::uint64_t value = 0;
};

using filter = std::variant<not_bought, not_viewed, not_in_cart, not_shown_often, only_listed,
                            not_listed, only_with, not_with, same_as_page, other_than_page, priced,
                            priced_near_page, sensitive>;

[[nodiscard]] inline const char* name_of(const filter& f) {
  constexpr const char* names[] = {
      "not bought", "not viewed",       "not in cart", "not shown often", "only listed",
      "not listed", "only with",        "not with",    "same as page",    "other than page",
      "priced",     "priced near page", "sensitive"};
  return f.index() < 13 ? names[f.index()] : "none";
}

/// Which filters a stage of a slot obeys.
enum class obeys : std::uint8_t { all, denials };

/// Whether a filter denies, so that it holds in every stage: `not_in_cart`, `not_listed`,
/// `not_with` and `sensitive`. The others narrow: an `unfiltered` stage passes over them.
[[nodiscard]] inline bool always_holds(const filter& f) {
  return std::holds_alternative<not_in_cart>(f) || std::holds_alternative<not_listed>(f) ||
         std::holds_alternative<not_with>(f) || std::holds_alternative<sensitive>(f);
}

namespace detail {

/// When an item was last touched.
struct last_touch {
  item_id item{};
  timestamp at{};
};

/// What filters ask of a context, in an order that is quick to ask.
struct filter_facts {
  std::vector<last_touch> bought;  // ascending by item
  std::vector<last_touch> viewed;
  std::vector<item_id> cart;
  std::vector<item_id> page;

  void read(const context& c) {
    read(c, events::event_kind::purchase, bought);
    read(c, events::event_kind::view_item, viewed);
    cart.assign(c.cart.begin(), c.cart.end());
    page.assign(c.page.begin(), c.page.end());
    std::sort(cart.begin(), cart.end());
    std::sort(page.begin(), page.end());
  }
  [[nodiscard]] static bool touched(const std::vector<last_touch>& touches, item_id item,
                                    timestamp now, duration within) {
    const auto at = std::lower_bound(touches.begin(), touches.end(), item,
                                     [](const last_touch& t, item_id i) { return t.item < i; });
    if (at == touches.end() || at->item != item) return false;
    if (at->at > now) return true;  // another clock is ahead: it happened all the same
    return static_cast<std::uint64_t>(now.us) - static_cast<std::uint64_t>(at->at.us) <=
           static_cast<std::uint64_t>(within.us);
  }
  [[nodiscard]] static bool listed(const std::vector<item_id>& items, item_id item) {
    return std::binary_search(items.begin(), items.end(), item);
  }

 private:
  static void read(const context& c, events::event_kind kind, std::vector<last_touch>& out) {
    out.clear();
    for (const touch& t : c.history) {
      if (t.kind == kind) out.push_back({t.item, t.at});
    }
    std::sort(out.begin(), out.end(), [](const last_touch& a, const last_touch& b) {
      return a.item != b.item ? a.item < b.item : a.at > b.at;
    });
    const auto same = [](const last_touch& a, const last_touch& b) { return a.item == b.item; };
    out.erase(std::unique(out.begin(), out.end(), same), out.end());
  }
};

/// Whether a filter lets an item stay. Lists of filters ascend.
template <catalogue Catalogue>
struct filter_asked {
  item_id item;
  const context& c;
  const Catalogue& known;
  const filter_facts& facts;

  bool operator()(const not_bought& f) const {
    return !filter_facts::touched(facts.bought, item, c.now, f.within);
  }
  bool operator()(const not_viewed& f) const {
    return !filter_facts::touched(facts.viewed, item, c.now, f.within);
  }
  bool operator()(const not_in_cart&) const { return !filter_facts::listed(facts.cart, item); }
  bool operator()(const not_shown_often& f) const {
    const auto at = std::lower_bound(c.shown.begin(), c.shown.end(), item,
                                     [](const showing& s, item_id i) { return s.item < i; });
    return at == c.shown.end() || at->item != item || at->times < f.times;
  }
  bool operator()(const only_listed& f) const { return filter_facts::listed(f.items, item); }
  bool operator()(const not_listed& f) const { return !filter_facts::listed(f.items, item); }
  bool operator()(const only_with& f) const { return known.has(item, f.of, f.value); }
  bool operator()(const not_with& f) const { return !known.has(item, f.of, f.value); }
  bool operator()(const same_as_page& f) const {
    const std::uint64_t page = page_value(f.of);
    return page == 0 || known.value(item, f.of) == page;
  }
  bool operator()(const other_than_page& f) const {
    const std::uint64_t page = page_value(f.of);
    return page == 0 || known.value(item, f.of) != page;
  }
  bool operator()(const priced& f) const {
    const std::int64_t price = known.price(item);
    return price >= 0 && f.from <= price && price <= f.to;
  }
  bool operator()(const priced_near_page& f) const {
    const std::int64_t page = c.page.empty() ? -1 : known.price(c.page.front());
    if (page < 0) return true;
    const std::int64_t price = known.price(item);
    if (price < 0) return false;
    // In hundredths, so that no percentage is rounded.
    const int128 hundredths = int128{price} * 100;
    return hundredths >= int128{page} * (std::int64_t{100} - f.less_percent) &&
           hundredths <= int128{page} * (std::int64_t{100} + f.more_percent);
  }
  bool operator()(const sensitive& f) const {
    return !known.has(item, f.of, f.value) ||
           (!c.page.empty() && known.has(c.page.front(), f.of, f.value));
  }

 private:
  [[nodiscard]] std::uint64_t page_value(attribute of) const {
    return c.page.empty() ? 0 : known.value(c.page.front(), of);
  }
};

}  // namespace detail

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_FILTER_HPP
