#include "tailor/recommend/seeds.hpp"

#include <cstdint>
#include <vector>

#include "../catch.hpp"
#include "shop.hpp"

using namespace tailor;
using namespace tailor::recommend;
using events::event_kind;

namespace {

constexpr timestamp now{1'700'000'000'000'000};

template <class Rule>
std::vector<seed_item> seeds(const Rule& rule, const context& c) {
  std::vector<seed_item> out{{item_id{99}, 9, seed_reason::none}};
  seeds_of(rule, c, out);
  return out;
}

}  // namespace

TEST_CASE("seeds: page and cart speak in their order, each item once") {
  const std::vector<item_id> items{item_id{3}, item_id{1}, item_id{3}, no_item, item_id{2}};
  context c;
  c.page = items;
  CHECK(seeds(page_items{}, c) == std::vector<seed_item>{{item_id{3}, 1, seed_reason::on_page},
                                                         {item_id{1}, 1, seed_reason::on_page},
                                                         {item_id{2}, 1, seed_reason::on_page}});
  CHECK(seeds(cart_items{}, c).empty());
  c.cart = items;
  CHECK(seeds(cart_items{}, c).at(1).reason == seed_reason::in_cart);
}

TEST_CASE("seeds: history counts by the strongest deed and its age, newest first") {
  const std::vector<touch> history{
      {item_id{1}, event_kind::purchase, now - days(60)},  // 80 / 4 = 20, more than the view
      {item_id{2}, event_kind::add_to_cart, now - days(31)},
      {item_id{5}, event_kind::view_item, now - days(150)},  // 16 / 32: does not speak
      {item_id{4}, event_kind::search, now - days(2)},
      {item_id{3}, event_kind::view_item, now - days(1)},
      {item_id{1}, event_kind::view_item, now},
      {item_id{6}, event_kind::purchase, now + days(9)},  // a clock that is ahead
  };
  context c;
  c.now = now;
  c.history = history;
  CHECK(seeds(history_items{}, c) == std::vector<seed_item>{{item_id{6}, 80, seed_reason::bought},
                                                            {item_id{1}, 20, seed_reason::bought},
                                                            {item_id{3}, 16, seed_reason::viewed},
                                                            {item_id{2}, 24, seed_reason::carted}});
  CHECK(seeds(history_items{.count = 2}, c).size() == 2);
  CHECK(seeds(history_items{.count = 2}, c).at(1).weight == 16);
  const auto steady = seeds(history_items{.purchase = 9'999, .half_life = {0}}, c);
  REQUIRE(steady.size() == 5);
  CHECK(steady[1] == seed_item{item_id{1}, max_seed_weight, seed_reason::bought});
  CHECK(seeds(history_items{.view = 0, .cart = 0, .purchase = 0}, c).empty());
  CHECK(seeds(last_viewed{.count = 2}, c) ==
        std::vector<seed_item>{{item_id{1}, 1, seed_reason::viewed},
                               {item_id{3}, 1, seed_reason::viewed}});
  c.now = timestamp{INT64_MAX};
  CHECK(seeds(history_items{}, c).empty());
}

TEST_CASE("seeds: no more than max_seeds, the first of them") {
  std::vector<item_id> page;
  std::vector<touch> history;
  for (std::uint64_t i = 0; i < 5'000; ++i) {
    page.push_back(item_id{i % 900});
    history.push_back({item_id{i}, event_kind::view_item, now});
  }
  context c;
  c.now = now;
  c.page = page;
  c.history = history;
  REQUIRE(seeds(page_items{}, c).size() == max_seeds);
  CHECK(seeds(page_items{}, c).back().item == item_id{max_seeds - 1});
  const auto many = seeds(history_items{.count = 5'000}, c);
  REQUIRE(many.size() == max_seeds);
  CHECK(many.front().item == item_id{4'999});
  CHECK(seeds(history_items{}, c).size() == 200);
  CHECK(seeds(last_viewed{}, c).size() == 9);
}
