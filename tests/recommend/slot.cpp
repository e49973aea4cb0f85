#include "tailor/recommend/slot.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "shop.hpp"
#include "tailor/recommend/explain.hpp"
#include "tailor/recommend/page.hpp"
#include "tailor/recommend/strategies.hpp"
#include "tailor/recommend/why_not.hpp"
#include "tailor/recommend/write_receipt.hpp"

using namespace tailor;
using namespace tailor::recommend;

namespace {

constexpr timestamp now{1'700'000'000'000'000};

struct fixture {
  item_table items = shop::make_items(1, 60);
  similar::item_weights weights = shop::make_weights(1, 60);
  std::vector<item_id> best{item_id{5}, item_id{6}, item_id{7},
                            item_id{8}, item_id{9}, item_id{10}};
};

auto make_slot(const fixture& f, const slot_options& o) {
  return slot(o, as_ranked{},
              blend(weighted<weights_of<similar::item_weights>>{for_you(f.weights)}),
              blend(weighted<list_of>{favourites(f.best)}));
}

rule named(const char* name, merchandise what) { return {name, std::move(what)}; }

}  // namespace

TEST_CASE("slot: random questions keep every promise at once") {
  int full = 0, receipts = 0, limited = 0;
  for (std::uint64_t trial = 0; trial < 300; ++trial) {
    counter_random draw(trial, 3);
    fixture f;
    f.items = shop::make_items(trial, 60);
    f.weights = shop::make_weights(trial, 60);
    const std::vector<touch> history = shop::make_history(trial, 60, now);
    const std::vector<item_id> about{item_id{1 + uniform_below(draw, 60)}};
    std::vector<item_id> taken{item_id{3}, item_id{30}};
    context c;
    c.user = user_id{trial};
    c.now = now;
    c.history = history;
    if (trial % 2 == 0) c.page = about;

    std::vector<rule> rules;
    if (trial % 3 == 0) rules.push_back(named("bought", filter{not_bought{}}));
    if (trial % 5 == 0) rules.push_back(named("cat 1 off", filter{not_with{shop::category, 1}}));
    if (trial % 7 == 0) rules.push_back(named("near", filter{priced_near_page{30, 60}}));
    if (trial % 4 == 0) rules.push_back(named("lift", boost{shop::brand, 2, 300}));
    if (trial % 2 == 0) rules.push_back(named("two", limit_per{shop::brand, 2}));
    if (trial % 3 == 1) rules.push_back(named("some", quota{shop::category, 3, 2, 4}));
    if (trial % 6 == 1) rules.push_back(named("pin", pin{item_id{11}, 1}));
    if (trial % 6 == 2) rules.push_back(named("pin", pin_with{shop::category, 2, 0}));
    const merchandising m = merchandising::make(rules, 8).value();

    const auto s = make_slot(f, {.count = 8, .pool = 40});
    typename decltype(s)::scratch scratch;
    answer out;
    s.recommend(c, f.items, m, taken, scratch, out);

    std::set<item_id> seen;
    std::map<std::uint64_t, int> brands, categories;
    for (const placed& p : out.items) {
      REQUIRE(seen.insert(p.item).second);
      REQUIRE_FALSE(scratch.desk.ask(p.item, f.items));
      REQUIRE(std::find(taken.begin(), taken.end(), p.item) == taken.end());
      ++brands[f.items.value(p.item, shop::brand)];
      ++categories[f.items.value(p.item, shop::category)];
    }
    if (trial % 2 == 0) {
      for (const auto& [value, n] : brands) REQUIRE((value == 0 || n <= 2));
    }
    if (trial % 3 == 1) REQUIRE(categories[3] <= 4);
    full += out.why == shortness::none;
    limited += out.why == shortness::limited;
    REQUIRE((out.why == shortness::none) == (out.items.size() == 8));

    for (std::size_t place = 0; place < out.items.size(); ++place) {
      receipt r;
      REQUIRE(write_receipt(s, c, f.items, m, out, place, scratch, r));
      REQUIRE(check(r));
      receipts += !r.parts.empty();
      receipt forged = r;
      if (forged.parts.empty()) continue;
      forged.parts.front().amount += 1;
      REQUIRE_FALSE(check(forged));
    }
    for (std::uint64_t i = 1; i <= 60; ++i) {
      const why_not_answer w = why_not(item_id{i}, s, c, f.items, m, taken, scratch, out);
      REQUIRE((w.what == fate::shown) == (seen.count(item_id{i}) == 1));
    }
  }
  CHECK(full > 50);
  CHECK(limited > 0);
  CHECK(receipts > 500);
}

TEST_CASE("slot: a page shows nothing twice, the first slot keeps it") {
  const fixture f;
  const auto s = make_slot(f, {.count = 4});
  typename decltype(s)::scratch scratch;
  page p;
  context c;
  c.now = now;
  answer first, second;
  p.begin();
  p.fill(s, c, f.items, {}, scratch, first);
  p.fill(s, c, f.items, {}, scratch, second);
  REQUIRE(!first.items.empty());
  CHECK(p.shown().size() == first.items.size() + second.items.size());
  for (const placed& a : first.items) {
    for (const placed& b : second.items) CHECK(a.item != b.item);
  }
}
