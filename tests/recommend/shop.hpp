#ifndef TAILOR_TESTS_RECOMMEND_SHOP_HPP
#define TAILOR_TESTS_RECOMMEND_SHOP_HPP

#include <cstdint>
#include <span>
#include <vector>

#include "tailor/core/distributions.hpp"
#include "tailor/recommend/catalogue.hpp"
#include "tailor/recommend/context.hpp"
#include "tailor/similar/item_weights.hpp"

// A small shop for the tests of recommend/: items 1 … n with a category, a brand and a price.
namespace shop {

using namespace tailor;
using namespace tailor::recommend;

inline constexpr attribute category{1};
inline constexpr attribute brand{2};

inline item_table make_items(std::uint64_t seed, std::uint32_t n) {
  counter_random draw(seed, 10);
  std::vector<item_table::row> rows;
  rows.reserve(n);
  for (std::uint32_t i = 1; i <= n; ++i) {
    item_table::row r;
    r.item = item_id{i};
    r.price = static_cast<std::int64_t>(100 + uniform_below(draw, 900));
    r.available = uniform_below(draw, 8) != 0;
    r.values = {{category, 1 + uniform_below(draw, 4)}, {brand, uniform_below(draw, 6)}};
    rows.push_back(r);
  }
  return item_table::make(rows).value();
}

/// About a quarter of all pairs have a weight, mostly above 0.
inline similar::item_weights make_weights(std::uint64_t seed, std::uint32_t n) {
  counter_random draw(seed, 11);
  std::vector<item_id> items;
  std::vector<std::size_t> begin{0};
  std::vector<similar::item_weights::entry> entries;
  items.reserve(n);
  for (std::uint32_t s = 0; s < n; ++s) {
    items.push_back(item_id{s + 1});
    for (std::uint32_t t = 0; t < n; ++t) {
      if (t == s || uniform_below(draw, 4) != 0) continue;
      entries.push_back({t, static_cast<std::int32_t>(uniform_below(draw, 1000)) - 200});
    }
    begin.push_back(entries.size());
  }
  return similar::item_weights::make(items, begin, entries, 16).value();
}

/// What somebody may have done by `now`, oldest first.
inline std::vector<touch> make_history(std::uint64_t seed, std::uint32_t items, timestamp now) {
  counter_random draw(seed, 12);
  using events::event_kind;
  constexpr event_kind kinds[] = {event_kind::view_item, event_kind::view_item,
                                  event_kind::add_to_cart, event_kind::purchase};
  std::vector<touch> out;
  const std::uint64_t n = uniform_below(draw, 12);
  for (std::uint64_t t = 0; t < n; ++t) {
    out.push_back({item_id{1 + uniform_below(draw, items)}, kinds[uniform_below(draw, 4)],
                   now - hours(static_cast<std::int64_t>(20 * (n - t)))});
  }
  return out;
}

}  // namespace shop

#endif  // TAILOR_TESTS_RECOMMEND_SHOP_HPP
