#include <cstdint>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "../support/counted_new.hpp"
#include "shop.hpp"
#include "tailor/recommend/lists_by.hpp"
#include "tailor/recommend/mmr.hpp"
#include "tailor/recommend/page.hpp"
#include "tailor/recommend/search_of.hpp"
#include "tailor/recommend/slot.hpp"
#include "tailor/recommend/strategies.hpp"
#include "tailor/similar/item_item.hpp"

using namespace tailor;
using namespace tailor::recommend;
using events::event_kind;

namespace {

constexpr timestamp now{1'700'000'000'000'000};

struct first_category {
  std::uint64_t operator()(const context& c) const { return c.page.empty() ? 0 : 1; }
};
struct alphabet {
  struct scratch {};
  void matches(std::span<const std::uint64_t> words, std::size_t count, scratch&,
               std::vector<answered>& out) const {
    for (std::size_t n = 0; n < words.size() && n < count; ++n)
      out.push_back({item_id{words[n]}, 1});
  }
};
struct same_category {
  const item_table* items;
  double operator()(item_id a, item_id b) const {
    return items->value(a, shop::category) == items->value(b, shop::category) ? 1 : 0;
  }
};

}  // namespace

TEST_CASE("slot: a page allocates nothing once its memory has grown") {
  const item_table items = shop::make_items(1, 60);
  const similar::item_weights weights = shop::make_weights(1, 60);
  similar::item_item<> together;
  events::timeline past;
  for (std::uint64_t u = 0; u < 40; ++u) {
    counter_random draw(u, 1);
    for (int n = 0; n < 15; ++n) {
      events::event e;
      e.user = user_id{u};
      e.kind = n % 3 == 0 ? event_kind::purchase : event_kind::view_item;
      e.item = item_id{1 + uniform_below(draw, 60)};
      e.at = now - hours(n * 5);
      REQUIRE(past.observe(e));
      REQUIRE(together.observe(e));
    }
  }
  std::vector<item_id> best;
  for (std::uint64_t i = 1; i <= 60; ++i) best.push_back(item_id{61 - i});
  const auto trends =
      lists_by<first_category>::make({}, {{1, favourites(best)}}, strategy::trending).value();
  const alphabet words;
  const merchandising rules = merchandising::make({{"", filter{not_bought{}}},
                                                   {"", filter{priced_near_page{60, 90}}},
                                                   {"", boost{shop::brand, 1, 300}},
                                                   {"", pin{item_id{4}, 0}},
                                                   {"", pin_with{shop::category, 2, 1}},
                                                   {"", quota{shop::category, 3, 2, 4}},
                                                   {"", limit_per{shop::brand, 3}}},
                                                  10)
                                  .value();
  const auto first = slot(slot_options{}, mmr(same_category{&items}),
                          blend(weighted{for_you(weights)}, weighted{recently_viewed(), 20u},
                                weighted{goes_with_cart(together), 60u}),
                          blend(weighted{search_recovery(words)}, weighted{trends}),
                          unfiltered(blend(weighted{favourites(best)})));
  const auto second = slot(slot_options{.count = 4}, as_ranked{},
                           blend(weighted{bought_together(together)}, weighted{favourites(best)}));

  decltype(first)::scratch s1;
  decltype(second)::scratch s2;
  page shown;
  answer a1, a2;
  std::vector<touch> history;
  const std::vector<std::uint64_t> query{7, 8};
  std::size_t items_shown = 0;
  const auto visit = [&](std::uint64_t u) {
    history_of(past, user_id{u % 40}, now, history);
    const item_id about[] = {item_id{1 + u % 60}};
    const item_id cart[] = {item_id{1 + u % 7}, item_id{8 + u % 9}};
    context c;
    c.user = user_id{u};
    c.now = now;
    c.history = history;
    c.cart = cart;
    c.query = query;
    if (u % 2 == 0) c.page = about;
    shown.begin();
    shown.fill(first, c, items, rules, s1, a1);
    shown.fill(second, c, items, rules, s2, a2);
    items_shown += a1.items.size() + a2.items.size();
  };
  for (std::uint64_t u = 0; u < 240; ++u) visit(u);
  const std::size_t before = tailor_test::allocations;
  for (std::uint64_t u = 0; u < 240; ++u) visit(u);
  const std::size_t after = tailor_test::allocations;
  if (TAILOR_TEST_COUNTS_MEMORY) CHECK(before > 0);  // they are counted at all
  CHECK(after == before);
  CHECK(items_shown > 240 * 2 * 8);
}
