#include "tailor/recommend/like_page.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"
#include "tailor/recommend/slot.hpp"
#include "tailor/recommend/strategies.hpp"
#include "tailor/recommend/verify_receipt.hpp"
#include "tailor/recommend/why_not.hpp"
#include "tailor/recommend/write_receipt.hpp"

using namespace tailor;
using namespace tailor::recommend;

namespace {

constexpr attribute shelf{1}, aisle{2}, department{3};
constexpr timestamp now{1'700'000'000'000'000};

/// Items 1 to `count` on 12 shelves in 6 aisles of 2 departments; some are on no shelf, some on
/// two.
item_table make_shop(counter_random& draw, std::uint64_t count) {
  std::vector<item_table::row> rows;
  for (std::uint64_t i = 1; i <= count; ++i) {
    item_table::row r{item_id{i}};
    const std::uint64_t on = uniform_below(draw, 12);
    if (!bernoulli(draw, 0.1)) r.values.push_back({shelf, 1 + on});
    if (bernoulli(draw, 0.1)) r.values.push_back({shelf, 1 + uniform_below(draw, 12)});
    r.values.push_back({aisle, 1 + on / 2});
    r.values.push_back({department, 1 + on / 6});
    r.available = !bernoulli(draw, 0.1);
    rows.push_back(r);
  }
  return item_table::make(rows).value();
}

auto make_slot(const std::vector<item_id>& best, std::uint32_t count) {
  const auto sellers = blend(weighted{favourites(best)});
  return slot(slot_options{.count = count, .pool = 5}, as_ranked{}, like_page(shelf, sellers),
              like_page(aisle, sellers), like_page(department, sellers));
}

}  // namespace

TEST_CASE("like page: a category loosens step by step, never to another department") {
  std::size_t loosened = 0, stayed_free = 0;
  for (std::uint64_t trial = 0; trial < 1'000; ++trial) {
    counter_random draw(trial, 1);
    const std::uint64_t count = 2 + uniform_below(draw, 60);
    const item_table items = make_shop(draw, count);
    std::vector<item_id> best;
    for (std::uint64_t i = 1; i <= count; ++i) best.push_back(item_id{i});
    shuffle(std::span(best), draw);
    const std::vector<item_id> page{item_id{1 + uniform_below(draw, count)}};
    const auto wanted = static_cast<std::uint32_t>(1 + uniform_below(draw, 5));

    std::vector<item_id> slow;
    for (const attribute of : {shelf, aisle, department}) {
      const std::uint64_t value = items.value(page[0], of);
      for (const item_id item : best) {
        const bool known = std::find(slow.begin(), slow.end(), item) != slow.end();
        if (slow.size() == wanted || known || item == page[0] || !items.available(item)) continue;
        if (items.has(item, of, value)) slow.push_back(item);
      }
    }

    const auto s = make_slot(best, wanted);
    decltype(s)::scratch scratch;
    answer out;
    const context c{.now = now, .page = page, .state = 1};
    s.recommend(c, items, {}, scratch, out);
    INFO("trial " << trial);
    REQUIRE(out.items.size() == slow.size());
    for (std::size_t n = 0; n < slow.size(); ++n) REQUIRE(out.items[n].item == slow[n]);
    stayed_free += slow.size() < wanted;
    if (slow.empty()) continue;
    loosened += out.items.back().stage > 0;
    receipt r;
    REQUIRE(write_receipt(s, c, items, {}, out, slow.size() - 1, scratch, r));
    REQUIRE(verify(r, s, c, items, {}, {}, scratch));
  }
  CHECK(loosened > 300);
  CHECK(stayed_free > 50);
}

TEST_CASE("like page: nothing to keep to, and why an item is missing") {
  const item_table items =
      item_table::make(std::vector<item_table::row>{
                           {item_id{1}, -1, true, {{shelf, 1}, {department, 1}}},
                           {item_id{2}, -1, true, {{shelf, 1}, {department, 1}}},
                           {item_id{3}, -1, true, {{shelf, 2}, {department, 2}}},
                           {item_id{4}, -1, true, {}},
                           {item_id{5}, -1, true, {{shelf, 3}, {shelf, 1}, {department, 1}}}})
          .value();
  const std::vector<item_id> best{item_id{3}, item_id{2}, item_id{5}};
  const auto s = make_slot(best, 3);
  decltype(s)::scratch scratch;
  answer out;
  s.recommend({.now = now}, items, {}, scratch, out);
  CHECK(out.items.empty());
  CHECK(out.why == shortness::nothing_known);
  const std::vector<item_id> unknown{item_id{4}}, first{item_id{1}};
  s.recommend({.now = now, .page = unknown}, items, {}, scratch, out);
  CHECK(out.items.empty());

  const context c{.now = now, .page = first};
  s.recommend(c, items, {}, scratch, out);
  REQUIRE(out.items.size() == 2);  // the other department is not for this page
  CHECK(out.items[0].item == item_id{2});
  CHECK(out.items[1].item == item_id{5});
  CHECK(out.items[1].stage == 0);  // its second shelf counts too
  CHECK(out.why == shortness::few_proposed);
  CHECK(why_not(item_id{3}, s, c, items, {}, {}, scratch, out).what == fate::not_proposed);
  CHECK(why_not(item_id{5}, s, c, items, {}, {}, scratch, out).what == fate::shown);

  // What wraps keeps what it wraps: both attributes hold, and what narrows is passed over.
  const auto both =
      slot(slot_options{.count = 3}, as_ranked{},
           unfiltered(like_page(shelf, like_page(department, blend(weighted{favourites(best)})))));
  decltype(both)::scratch memory;
  const merchandising only =
      merchandising::make({{"", filter{only_listed{{item_id{3}}}}}}, 3).value();
  both.recommend(c, items, only, memory, out);
  CHECK(out.items.size() == 2);
}
