#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "../catch.hpp"
#include "shop.hpp"
#include "tailor/recommend/answers_of.hpp"
#include "tailor/recommend/page.hpp"
#include "tailor/recommend/slot.hpp"
#include "tailor/recommend/strategies.hpp"
#include "tailor/recommend/why_not.hpp"
#include "tailor/recommend/write_receipt.hpp"

using namespace tailor;
using namespace tailor::recommend;
using events::event_kind;

namespace {

constexpr timestamp now{1'700'000'000'000'000};

/// A source that breaks every promise.
struct hostile {
  struct scratch {};
  template <class F>
  void candidates(const context&, scratch&, F&& f) const {
    for (const std::int64_t score : {5, 0, -7, 9, 9}) f(item_id{1}, score);
    f(item_id{2}, INT64_MAX);
    f(item_id{3}, INT64_MIN);
    f(no_item, 1'000);
    f(item_id{4}, 1);
  }
  template <class F>
  void explain(const context&, item_id item, scratch&, F&& f) const {
    f(part{item, seed_reason::none, UINT32_MAX, INT64_MIN, {}});
    f(part{item, seed_reason::none, UINT32_MAX, INT64_MIN, {}});
  }
  strategy kind() const { return strategy::custom; }
  int bits() const { return 0; }
  std::uint64_t digest() const { return 0; }
};
struct wild_order {
  struct scratch {};
  void operator()(std::span<const ranked_input> candidates, std::size_t, scratch&,
                  std::vector<std::uint32_t>& out) const {
    out = {7'000'000, 0, 0, UINT32_MAX, std::uint32_t(candidates.size()), 1, 1};
  }
};

template <class Slot>
answer asked(const Slot& s, const context& c, const item_table& items,
             const merchandising& rules = {}) {
  typename Slot::scratch scratch;
  answer out;
  s.recommend(c, items, rules, scratch, out);
  std::set<item_id> seen;
  for (const placed& p : out.items) {
    REQUIRE(p.item != no_item);
    REQUIRE(seen.insert(p.item).second);
  }
  return out;
}
item_table all_available(std::uint64_t n) {
  std::vector<item_table::row> rows;
  for (std::uint64_t i = 1; i <= n; ++i) rows.push_back({item_id{i}, 1, true, {}});
  return item_table::make(rows).value();
}

}  // namespace

TEST_CASE("bad input: a source and an order of the host's that keep no promise") {
  const auto s = slot(slot_options{.count = 9}, wild_order{},
                      blend(weighted{hostile{}, UINT32_MAX}, weighted{hostile{}, UINT32_MAX}));
  const answer out = asked(s, {}, all_available(9));
  CHECK(out.items.size() == 1);  // of so much the others are a share of nothing
  CHECK(out.items.at(0).item == item_id{2});
  CHECK(out.why == shortness::few_proposed);
  decltype(s)::scratch scratch;
  receipt r;
  const item_table items = all_available(9);
  CHECK(write_receipt(s, {}, items, {}, out, 0, scratch, r).error() == errc::stale);
}

namespace {

/// Says what it is told to, in that order.
struct told {
  struct scratch {};
  std::vector<std::pair<item_id, std::int64_t>> all{};
  template <class F>
  void candidates(const context&, scratch&, F&& f) const {
    for (const auto& a : all) f(a.first, a.second);
  }
  template <class F>
  void explain(const context&, item_id item, scratch&, F&& f) const {
    for (const auto& a : all) {
      if (a.first == item) f(part{.amount = a.second});
    }
  }
  strategy kind() const { return strategy::custom; }
  int bits() const { return 0; }
  std::uint64_t digest() const { return 0; }
};

}  // namespace

TEST_CASE("bad input: an item that a source names twice counts once, by its best") {
  const told twice{{{item_id{1}, 60}, {item_id{2}, 80}, {item_id{1}, 50}, {item_id{3}, 100}}};
  const answer out = asked(slot(slot_options{.count = 3}, as_ranked{}, blend(weighted{twice})), {},
                           all_available(3));
  REQUIRE(out.items.size() == 3);
  CHECK(out.items[0].item == item_id{3});
  CHECK(out.items[1].item == item_id{2});
  CHECK(out.items[2].score == share_of(60, 100, 100));
}

TEST_CASE("bad input: empty histories, unknown items and shops of one item have their reasons") {
  const similar::item_weights weights = shop::make_weights(1, 40);
  const item_table items = shop::make_items(1, 40);
  const auto s = slot(slot_options{}, as_ranked{}, blend(weighted{for_you(weights)}));
  CHECK(asked(s, {}, items).why == shortness::nothing_known);
  const std::vector<touch> unknown{{item_id{900}, event_kind::purchase, now},
                                   {no_item, event_kind::view_item, now}};
  context c;
  c.now = now;
  c.history = unknown;
  CHECK(asked(s, c, items).why == shortness::nothing_known);
  CHECK(asked(s, c, items).items.empty());

  const std::vector<item_id> one{item_id{1}};
  const auto small = slot(slot_options{.count = 10}, as_ranked{}, blend(weighted{favourites(one)}));
  CHECK(asked(small, {}, all_available(1)).items.size() == 1);
  CHECK(asked(small, {}, all_available(1)).why == shortness::few_proposed);
  CHECK(asked(small, {}, all_available(0)).why == shortness::removed);
  CHECK(asked(small, {}, all_available(0)).rule == UINT32_MAX);
  c.page = one;
  CHECK(asked(small, c, all_available(1)).items.empty());
}

TEST_CASE("bad input: counts of nothing, beyond the shop and beyond everything") {
  std::vector<item_id> best;
  for (std::uint64_t i = 1; i <= 30; ++i) best.push_back(item_id{i});
  const item_table items = all_available(30);
  const auto asked_for = [&](const slot_options& o) {
    return asked(slot(o, as_ranked{}, blend(weighted{favourites(best)})), {}, items);
  };
  CHECK(asked_for({.count = 0}).items.empty());
  CHECK(asked_for({.count = 0}).why == shortness::none);
  CHECK(asked_for({.count = 0, .at_least = 9}).why == shortness::none);
  CHECK(asked_for({.count = 1'000}).items.size() == 30);
  CHECK(asked_for({.count = UINT32_MAX, .at_least = 0, .pool = UINT32_MAX}).items.size() == 30);
  CHECK(asked_for({.count = 20, .pool = 0}).items.size() == 20);
  CHECK(asked_for({.count = 3, .at_least = UINT32_MAX}).items.size() == 3);
  CHECK(asked_for({.count = 31, .at_least = 31}).why == shortness::hidden);
  CHECK(asked_for({.count = 31, .at_least = 31}).items.empty());
  CHECK(asked_for({.count = 31, .at_least = 30}).why == shortness::few_proposed);
}

TEST_CASE("bad input: rules made for a longer slot, and a filter that removes most") {
  std::vector<item_id> best;
  for (std::uint64_t i = 1; i <= 30; ++i) best.push_back(item_id{i});
  const auto s = slot(slot_options{.count = 3}, as_ranked{}, blend(weighted{favourites(best)}));
  const item_table items = all_available(30);
  const merchandising longer =
      merchandising::make({{"", pin{item_id{9}, 7}}, {"", pin_with{shop::brand, 1, 8}}}, 10)
          .value();
  CHECK(asked(s, {}, items, longer).items.size() == 3);
  const merchandising strict =
      merchandising::make({{"", filter{not_listed{{item_id{1}}}}}, {"", filter{priced{5, 9}}}}, 3)
          .value();
  const answer out = asked(s, {}, items, strict);
  CHECK(out.items.empty());
  CHECK(out.why == shortness::removed);
  CHECK(out.rule == 1);
  CHECK(out.removed == 30);
}

TEST_CASE("bad input: contexts that are out of order find less and do no harm") {
  const similar::item_weights weights = shop::make_weights(2, 40);
  const item_table items = shop::make_items(2, 40);
  const auto s = slot(slot_options{.unavailable = when_unavailable::show}, as_ranked{},
                      blend(weighted{for_you(weights)}, weighted{recently_viewed()}));
  std::vector<touch> history;
  for (int n = 0; n < 3'000; ++n) {
    history.push_back({item_id{std::uint64_t(n * 7 % 45)}, event_kind::view_item,
                       timestamp{n % 2 == 0 ? INT64_MAX - n : INT64_MIN + n}});
  }
  const std::vector<showing> shown{{item_id{9}, 9}, {item_id{2}, 9}, {item_id{2}, 1}};
  const std::vector<std::uint64_t> segments{9, 2, 2};
  const std::vector<item_id> page{no_item, item_id{3}, item_id{3}};
  context c;
  c.now = now;
  c.history = history;
  c.shown = shown;
  c.segments = segments;
  c.page = page;
  c.cart = page;
  const merchandising rules = merchandising::make({{"", filter{not_shown_often{}}, 9},
                                                   {"", filter{not_viewed{hours(1)}}, 2},
                                                   {"", filter{same_as_page{shop::brand}}},
                                                   {"", filter{not_bought{}}}},
                                                  10)
                                  .value();
  CHECK(asked(s, c, items, rules).items.size() <= 10);
  c.now = timestamp{INT64_MIN};
  CHECK(asked(s, c, items, rules).items.size() <= 10);
  c.now = timestamp{INT64_MAX};
  CHECK(asked(s, c, items, rules).items.size() <= 10);
}

TEST_CASE("bad input: boosts beyond all bounds keep the order of boosted scores") {
  std::vector<item_table::row> rows;
  std::vector<item_id> best;
  for (std::uint64_t i = 1; i <= 400; ++i) {
    rows.push_back({item_id{i}, 1, true, {{shop::brand, i == 400 ? 2u : 1u}}});
    best.push_back(item_id{i});
  }
  const item_table items = item_table::make(rows).value();
  std::vector<rule> rules;
  for (int n = 0; n < 12; ++n) rules.push_back({"", boost{shop::brand, 2, max_boost_percent}});
  const auto s =
      slot(slot_options{.count = 2, .pool = 5}, as_ranked{}, blend(weighted{favourites(best)}));
  // The last of four hundred, far behind the pool without its boosts.
  const answer out = asked(s, {}, items, merchandising::make(rules, 2).value());
  REQUIRE(out.items.size() == 2);
  CHECK(out.items[0].item == item_id{400});
  CHECK(out.items[0].score == INT64_MAX);
  rules.resize(2);
  CHECK(asked(s, {}, items, merchandising::make(rules, 2).value()).items[0].item == item_id{400});
}

TEST_CASE("bad input: the smallest score has its chance among boosts that reach the end") {
  std::vector<item_table::row> rows;
  told source;
  for (const std::uint64_t i : {10u, 11u, 12u, 13u, 14u, 15u, 16u, 17u, 1u}) {
    source.all.emplace_back(item_id{i}, i == 1 ? 1 : 1'000);
    rows.push_back({item_id{i}, 1, true, {{shop::brand, 2}}});
  }
  std::vector<rule> rules;
  for (int n = 0; n < 12; ++n) rules.push_back({"", boost{shop::brand, 2, max_boost_percent}});
  const answer out =
      asked(slot(slot_options{.count = 2, .pool = 2}, as_ranked{}, blend(weighted{source})), {},
            item_table::make(rows).value(), merchandising::make(rules, 2).value());
  REQUIRE(out.items.size() == 2);
  CHECK(out.items[0].item == item_id{1});  // all are at the end, and it has the smallest id
}

TEST_CASE("quota: of two for one value the stricter counts, once") {
  std::vector<item_table::row> rows;
  std::vector<item_id> best;
  for (std::uint64_t i = 1; i <= 12; ++i) {
    rows.push_back({item_id{i}, 1, true, {{shop::brand, i <= 8 ? 1u : 2u}}});
    best.push_back(item_id{i});
  }
  const item_table items = item_table::make(rows).value();
  const auto s = slot(slot_options{.count = 5}, as_ranked{}, blend(weighted{favourites(best)}));
  for (const bool turned : {false, true}) {
    std::vector<rule> rules{{"", quota{shop::brand, 2, 1}}, {"", quota{shop::brand, 2, 3, 4}}};
    if (turned) std::swap(rules[0], rules[1]);
    const answer out = asked(s, {}, items, merchandising::make(rules, 5).value());
    REQUIRE(out.items.size() == 5);
    for (std::size_t n = 0; n < 5; ++n) {
      CHECK(out.items[n].item == item_id{n < 2 ? n + 1 : n + 7});  // 1 2 9 10 11
    }
  }
}

TEST_CASE("why not: each fate by its cause, stages that pass over filters included") {
  std::vector<item_table::row> rows;
  for (std::uint64_t i = 1; i <= 9; ++i)
    rows.push_back({item_id{i}, 1, i != 7, {{shop::brand, i}}});
  const item_table items = item_table::make(rows).value();
  const std::vector<item_id> first{item_id{1}, item_id{2}, item_id{3}, item_id{7}};
  const std::vector<item_id> second{item_id{4}, item_id{5}, item_id{6}};
  const auto s = slot(slot_options{.count = 3}, as_ranked{}, blend(weighted{favourites(first)}),
                      unfiltered(blend(weighted{favourites(second)})));
  const merchandising rules =
      merchandising::make({{"", filter{only_listed{{item_id{1}, item_id{3}, item_id{9}}}}},
                           {"", filter{not_with{shop::brand, 6}}}},
                          3)
          .value();
  const std::vector<item_id> taken{item_id{8}};
  decltype(s)::scratch scratch;
  answer out;
  s.recommend({}, items, rules, taken, scratch, out);
  REQUIRE(out.items.size() == 3);  // 1, 3 and, although it is not listed, 4
  CHECK(out.items[2].item == item_id{4});
  CHECK(out.items[2].stage == 1);
  const auto fate_of = [&](std::uint64_t item) {
    return why_not(item_id{item}, s, {}, items, rules, taken, scratch, out);
  };
  CHECK(fate_of(1).what == fate::shown);
  CHECK(fate_of(2).what == fate::removed);
  CHECK(fate_of(2).because == removed_by{removal::rule, 0});
  CHECK(fate_of(5).what == fate::outranked);
  CHECK(fate_of(6).because == removed_by{removal::rule, 0});
  CHECK(fate_of(7).because.why == removal::unavailable);
  CHECK(fate_of(8).because.why == removal::taken);
  CHECK(fate_of(9).what == fate::not_proposed);
  for (int n = 0; n < 4; ++n) CHECK(std::string(name_of(static_cast<fate>(n))) != "unnamed");
  for (int n = 0; n < 5; ++n) CHECK(std::string(name_of(static_cast<removal>(n))) != "unnamed");
  for (int n = 0; n < 6; ++n) CHECK(std::string(name_of(static_cast<shortness>(n))) != "unnamed");
}
