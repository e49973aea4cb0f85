#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "../catch.hpp"
#include "shop.hpp"
#include "tailor/core/int128.hpp"
#include "tailor/recommend/answers_of.hpp"
#include "tailor/recommend/lists_by.hpp"
#include "tailor/recommend/search_of.hpp"
#include "tailor/recommend/strategies.hpp"

using namespace tailor;
using namespace tailor::recommend;
using events::event_kind;

namespace {

constexpr timestamp now{1'700'000'000'000'000};
constexpr double no_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

using proposals = std::map<item_id, std::int64_t>;

/// What a source proposes; each item once, above 0, and its parts make its score. No other item of
/// 1 … 80 has parts.
template <candidate_source S>
proposals told_by(const S& source, const context& c, typename S::scratch& s) {
  proposals out;
  source.candidates(c, s, [&](item_id item, std::int64_t score) {
    REQUIRE(score > 0);
    REQUIRE(out.emplace(item, score).second);
  });
  for (std::uint64_t i = 0; i <= 80; ++i) {
    int128 sum = 0;
    std::size_t parts = 0;
    source.explain(c, item_id{i}, s, [&](const part& p) {
      sum += int128{p.times} * p.amount;
      ++parts;
    });
    const auto at = out.find(item_id{i});
    REQUIRE((at != out.end()) == (parts > 0));
    if (at != out.end()) REQUIRE(sum == at->second);
  }
  return out;
}
template <candidate_source S>
proposals told_by(const S& source, const context& c) {
  typename S::scratch s;
  return told_by(source, c, s);
}

/// A host's model with whatever it says, good or not.
struct table {
  struct neighbour_type {
    item_id item{};
    double score = 0;
  };
  std::map<item_id, std::vector<neighbour_type>> lists;
  std::uint64_t version = 0;

  void neighbours(item_id item, std::size_t count, std::vector<neighbour_type>& out) const {
    out.clear();
    const auto at = lists.find(item);
    if (at == lists.end()) return;
    out = at->second;
    out.resize((std::min)(count, out.size()));
  }
  std::uint64_t digest() const { return version; }
};

struct scores {
  struct scratch {};
  std::vector<answered> all;
  void operator()(const context&, scratch&, std::vector<answered>& out) const { out = all; }
};

/// The least that is a source.
struct one_thing {
  struct scratch {};
  item_id thing;
  template <class F>
  void candidates(const context&, scratch&, F&& f) const {
    f(thing, 1);
  }
  template <class F>
  void explain(const context&, item_id item, scratch&, F&& f) const {
    if (item == thing) f(part{.amount = 1});
  }
  strategy kind() const { return strategy::custom; }
  int bits() const { return 0; }
  std::uint64_t digest() const { return raw(thing); }
};

}  // namespace

TEST_CASE("sources: what item weights propose is the sum of the seeds, by definition") {
  std::size_t proposed = 0;
  weights_of<similar::item_weights>::scratch s;
  for (std::uint64_t trial = 0; trial < 40; ++trial) {
    const similar::item_weights model = shop::make_weights(trial, 60);
    const std::vector<touch> history = shop::make_history(trial, 80, now);
    context c;
    c.now = now;
    c.history = history;
    const auto source = for_you(model);
    std::vector<seed_item> seeds;
    seeds_of(history_items{}, c, seeds);
    proposals slow;
    for (std::uint64_t i = 1; i <= 80; ++i) {
      std::int64_t sum = 0;
      bool is_seed = false;
      for (const seed_item& seed : seeds) {
        sum += std::int64_t{seed.weight} * model.weight(seed.item, item_id{i});
        is_seed = is_seed || seed.item == item_id{i};
      }
      if (sum > 0 && !is_seed) slow[item_id{i}] = sum;
    }
    REQUIRE(told_by(source, c, s) == slow);
    proposed += slow.size();
    REQUIRE(source.digest() == model.digest());
    REQUIRE(source.digest() != for_you(shop::make_weights(trial + 1, 60)).digest());
  }
  CHECK(proposed > 500);
}

TEST_CASE("sources: neighbours of several seeds add up, in the order of one list for one") {
  table model;
  model.lists[item_id{1}] = {{item_id{2}, 0.5}, {item_id{3}, 0.25}, {item_id{4}, 0.25}};
  model.lists[item_id{2}] = {{item_id{3}, 0.5}, {item_id{1}, 0.5}};
  const std::vector<item_id> one{item_id{1}}, two{item_id{1}, item_id{2}, item_id{77}};
  context c;
  c.page = one;
  constexpr std::int64_t unit = 1 << 24;
  CHECK(told_by(bought_together(model), c) ==
        proposals{{item_id{2}, unit / 2}, {item_id{3}, unit / 4}, {item_id{4}, unit / 4}});
  c.page = two;
  CHECK(told_by(bought_together(model), c) ==
        proposals{{item_id{3}, unit / 4 + unit / 2}, {item_id{4}, unit / 4}});
  CHECK(told_by(neighbours_of<table>(model, strategy::custom, {}, 1), c) ==
        proposals{{item_id{3}, unit / 2}});
  CHECK(told_by(goes_with_cart(model), c).empty());
  CHECK(bought_together(model).digest() == 0);
  model.version = 7;
  CHECK(bought_together(model).digest() == 7);
}

TEST_CASE("sources: a model that says NaN, infinity, nothing, itself and things twice") {
  table model;
  model.lists[item_id{1}] = {{item_id{2}, no_number}, {item_id{3}, infinity}, {item_id{4}, -1},
                             {item_id{5}, -infinity}, {item_id{6}, 0},        {item_id{1}, 1},
                             {item_id{7}, 1},         {item_id{7}, 2},        {item_id{8}, 1e300},
                             {item_id{9}, 1e-300}};
  const std::vector<item_id> page{item_id{1}};
  context c;
  c.page = page;
  constexpr std::int64_t most = std::int64_t{1} << 40;
  CHECK(told_by(similar_items(model), c) ==
        proposals{{item_id{3}, most}, {item_id{7}, 3 << 24}, {item_id{8}, most}});

  const scores hostile{{{item_id{2}, no_number},
                        {item_id{3}, infinity},
                        {item_id{4}, -infinity},
                        {item_id{5}, 1},
                        {item_id{5}, 2},
                        {item_id{6}, 0}}};
  CHECK(told_by(answers_of<scores>(hostile), c) ==
        proposals{{item_id{3}, std::int64_t{1} << 62}, {item_id{5}, 2 << 24}});

  CHECK(told_by(list_of(hostile.all, strategy::trending), c) ==
        proposals{{item_id{3}, std::int64_t{1} << 62}, {item_id{5}, 2 << 16}});
}

TEST_CASE("sources: the least of one keeps the law") {
  CHECK(told_by(one_thing{item_id{4}}, {}) == proposals{{item_id{4}, 1}});
}

TEST_CASE("sources: in_units rounds to the nearest and is held") {
  CHECK(in_units(1.5, 0, 10) == 2);
  CHECK(in_units(1.49, 0, 10) == 1);
  CHECK(in_units(-1.5, 0, 10) == -1);
  CHECK(in_units(3, 1, 10) == 6);
  CHECK(in_units(infinity, 1, 10) == 10);
  CHECK(in_units(-infinity, 1, 10) == -10);
  CHECK(in_units(no_number, 1, 10) == 0);
  CHECK(in_units(1e308, 60, INT64_MAX) == INT64_MAX);
  CHECK(in_units(9.3e18, 0, INT64_MAX) == INT64_MAX);
}

TEST_CASE("sources: lists keep their order, repeated items count once") {
  const std::vector<item_id> best{item_id{9}, item_id{2}, item_id{9}, item_id{5}};
  const list_of source = favourites(best);
  CHECK(source.size() == 3);
  const proposals told = told_by(source, {});
  CHECK(told.at(item_id{9}) > told.at(item_id{2}));
  CHECK(told.at(item_id{2}) > told.at(item_id{5}));
  CHECK(source.digest() == list_of::in_order(best, strategy::custom).digest());
  const std::vector<item_id> other{item_id{9}, item_id{5}, item_id{9}, item_id{2}};
  CHECK(source.digest() != favourites(other).digest());
  CHECK(told_by(favourites({}), {}).empty());
  CHECK(favourites({}).digest() != favourites(best).digest());
}

TEST_CASE("sources: recent items are the newest first, by the last time of each") {
  const std::vector<touch> history{{item_id{1}, event_kind::view_item, now - days(9)},
                                   {item_id{2}, event_kind::view_item, now - days(8)},
                                   {item_id{3}, event_kind::purchase, now - days(7)},
                                   {item_id{1}, event_kind::view_item, now - days(6)},
                                   {item_id{2}, event_kind::add_to_cart, now}};
  context c;
  c.history = history;
  const proposals viewed = told_by(recently_viewed(), c);
  REQUIRE(viewed.size() == 2);
  CHECK(viewed.at(item_id{1}) > viewed.at(item_id{2}));
  CHECK(told_by(recent_of(event_kind::purchase), c).size() == 1);
  recent_of::scratch scratch;
  recent_of(event_kind::add_to_cart).explain(c, item_id{2}, scratch, [](const part& p) {
    CHECK(p.reason == seed_reason::carted);
  });
}

namespace {

struct page_key {
  std::uint64_t operator()(const context& c) const {
    return c.page.empty() ? 0 : raw(c.page[0]) % 3;
  }
};

}  // namespace

TEST_CASE("sources: one of several lists by what the context is about") {
  const std::vector<item_id> a{item_id{10}, item_id{11}}, b{item_id{12}};
  const std::vector<std::pair<std::uint64_t, list_of>> lists{{2, trending(scores{}.all)},
                                                             {1, favourites(a)}};
  const auto by = lists_by<page_key>::make({}, lists, strategy::trending).value();
  context c;
  CHECK(told_by(by, c).empty());
  for (const std::uint64_t page : {1u, 2u, 3u}) {
    const std::vector<item_id> about{item_id{page}};
    c.page = about;
    CHECK(told_by(by, c).size() == (page == 1 ? 2u : 0u));
  }
  const auto other = lists_by<page_key>::make({}, {{1, favourites(b)}}, strategy::trending).value();
  CHECK(other.digest() != by.digest());
  const auto twice = lists_by<page_key>::make({}, {{1, {}}, {2, {}}, {1, {}}}, strategy::trending);
  CHECK(twice.error() == errc::duplicate);
  CHECK(twice.error().at == 2);
  const auto zero = lists_by<page_key>::make({}, {{1, {}}, {0, {}}}, strategy::trending);
  CHECK(zero.error() == errc::out_of_range);
}
