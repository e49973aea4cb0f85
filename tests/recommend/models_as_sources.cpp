#include <cstdint>
#include <vector>

#include "../catch.hpp"
#include "shop.hpp"
#include "tailor/recommend/slot.hpp"
#include "tailor/recommend/strategies.hpp"
#include "tailor/similar/item_features.hpp"
#include "tailor/similar/item_item.hpp"
#include "tailor/similar/item_vectors.hpp"
#include "tailor/similar/kept_neighbours.hpp"
#include "tailor/similar/neighbour_lists.hpp"
#include "tailor/similar/weighted_lists.hpp"

using namespace tailor;
using namespace tailor::recommend;

static_assert(neighbour_source<similar::neighbour_lists<>>);
static_assert(neighbour_source<similar::weighted_lists<similar::gnorm>>);
static_assert(neighbour_source<similar::item_item<>>);
static_assert(neighbour_source<similar::kept_neighbours>);
static_assert(neighbour_source<similar::item_vectors>);
static_assert(neighbour_source<similar::item_features>);
static_assert(weight_model<similar::item_weights>);

TEST_CASE("models as sources: a new item has relatives by content where behaviour knows none") {
  std::vector<similar::feature_set> sets(4);
  sets[0].add_words("title", "red tea pot");
  sets[1].add_words("title", "blue tea pot");
  sets[2].add_words("title", "tea");
  sets[3].add_words("title", "bicycle");
  std::vector<similar::item_features::row> rows;
  for (std::uint64_t n = 0; n < 4; ++n) rows.push_back({item_id{n}, &sets[n]});
  const auto content = similar::item_features::make(rows).value();
  const similar::neighbour_lists<> behaviour;  // nobody has bought anything yet
  const slot s(slot_options{.count = 3}, as_ranked{}, blend(weighted{bought_together(behaviour)}),
               blend(weighted{similar_items(content)}));
  const std::vector<item_id> about{item_id{0}};
  decltype(s)::scratch scratch;
  answer out;
  s.recommend({.page = about}, no_catalogue{}, {}, scratch, out);
  REQUIRE(out.items.size() == 2);
  CHECK(out.items[0].item == item_id{1});
  CHECK(out.items[0].stage == 1);
  CHECK(out.items[0].reason == strategy::similar_items);
  CHECK(out.items[1].item == item_id{2});
}
