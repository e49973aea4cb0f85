#include "tailor/recommend/rule_faults.hpp"

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "../catch.hpp"
#include "shop.hpp"
#include "tailor/recommend/slot.hpp"
#include "tailor/recommend/strategies.hpp"

using namespace tailor;
using namespace tailor::recommend;

namespace {

constexpr timestamp now{1'700'000'000'000'000};
constexpr attribute category{1};
constexpr attribute brand{2};
constexpr std::uint32_t places = 6;

std::vector<item_id> ids(std::initializer_list<std::uint64_t> numbers) {
  std::vector<item_id> out;
  out.reserve(numbers.size());
  for (const std::uint64_t n : numbers) out.push_back(item_id{n});
  return out;
}
rule of(merchandise what, std::uint64_t segment = 0) { return {"", std::move(what), segment}; }

std::vector<rule_fault> faults(const std::vector<rule>& rules,
                               segment_overlap overlap = segment_overlap::possible) {
  return faults_of(rules, places, overlap);
}
/// The sentence about two rules, whichever comes first; empty where there is no fault.
std::string between(const merchandise& a, const merchandise& b) {
  const auto one = faults({of(a), of(b)});
  const auto other = faults({of(b), of(a)});
  REQUIRE(one.size() == other.size());
  REQUIRE(one.size() <= 1);
  if (one.empty()) return "";
  REQUIRE(one[0].other != SIZE_MAX);
  // Rules that do the same to each other are told of as they are met.
  const bool turned = one[0].rule == 1 - other[0].rule && one[0].other == 1 - other[0].other;
  const bool alike = one[0].rule == other[0].rule;
  REQUIRE((turned || alike));
  REQUIRE(std::string(one[0].what) == other[0].what);
  return one[0].what;
}
std::string alone(const merchandise& a) {
  const auto one = faults({of(a)});
  REQUIRE(one.size() <= 1);
  return one.empty() ? "" : one[0].what;
}

}  // namespace

TEST_CASE("rule faults: rules that can do nothing by themselves") {
  CHECK(alone(filter{only_listed{}}) == "keeps nothing");
  CHECK(alone(filter{not_listed{}}).empty());  // a deny list may be empty today
  CHECK(alone(boost_listed{}).empty());
  CHECK(alone(filter{priced{5, 4}}) == "keeps nothing: no price is in the range");
  CHECK(alone(filter{priced{-9, -1}}) == "keeps nothing: no price is in the range");
  CHECK(alone(filter{priced{-9, 0}}).empty());
  CHECK(alone(filter{priced{4, 4}}).empty());
  CHECK(alone(filter{priced_near_page{-20, 10}}) == "has a range of prices that is none");
  CHECK(alone(filter{priced_near_page{101, 10}}) == "has a range of prices that is none");
  CHECK(alone(filter{priced_near_page{INT32_MIN, INT32_MIN}}) ==
        "has a range of prices that is none");
  CHECK(alone(filter{priced_near_page{INT32_MAX, INT32_MAX}}) ==
        "has a range of prices that is none");
  CHECK(alone(filter{priced_near_page{-10, 20}}).empty());
  CHECK(alone(filter{priced_near_page{100, INT32_MAX}}).empty());
  CHECK(alone(filter{not_shown_often{0}}) == "removes what was shown no time at all");
  CHECK(alone(filter{not_bought{{-1}}}) == "has a negative window");
  CHECK(alone(filter{not_viewed{{-1}}}) == "has a negative window");
  CHECK(alone(filter{not_viewed{{0}}}).empty());
  CHECK(alone(filter{only_with{brand, 0}}) == "names no value");
  CHECK(alone(filter{not_with{brand, 0}}) == "names no value");
  CHECK(alone(filter{sensitive{brand, 0}}) == "names no value");
  CHECK(alone(pin_with{brand, 0, 0}) == "names no value");
  CHECK(alone(boost{brand, 0, 200}) == "names no value");
  CHECK(alone(quota{brand, 0, 1}) == "names no value");
  CHECK(alone(pin{item_id{1}, places}) == "pins beyond the end");
  CHECK(alone(pin_with{brand, 1, places}) == "pins beyond the end");
  CHECK(alone(pin{item_id{1}, places - 1}).empty());
  CHECK(alone(pin{no_item, 0}) == "pins no item");
  CHECK(alone(boost{brand, 1, 0}) == "boosts to nothing: that is a filter");
  CHECK(alone(boost_listed{ids({1}), 100}) == "boosts by nothing");
  CHECK(alone(boost{brand, 1, max_boost_percent}).empty());
  CHECK(alone(boost_listed{ids({1}), max_boost_percent + 1}) == "boosts more than a hundredfold");
  CHECK(alone(quota{brand, 1, 3, 2}) == "asks for more than it permits");
  CHECK(alone(quota{brand, 1, places + 1}) == "asks for more items than there are places");
  CHECK(alone(quota{brand, 1}) == "asks for nothing, permits everything");
  CHECK(alone(quota{brand, 1, 0, 0}).empty());
  CHECK(alone(limit_per{brand, 0}) == "removes everything that has a value");
  rule never = of(filter{not_in_cart{}});
  never.from = never.until = now;
  CHECK(std::string(faults({never}).at(0).what) == "is never active");
  CHECK(faults({}).empty());
}

TEST_CASE("rule faults: every contradiction of two, and none between those that agree") {
  const filter only_12 = only_listed{ids({1, 2})};
  CHECK(between(only_12, filter{only_listed{ids({3})}}) == "keeps nothing that the other keeps");
  CHECK(between(only_12, filter{only_listed{ids({2, 3})}}).empty());
  CHECK(between(only_12, filter{not_listed{ids({1, 2, 3})}}) ==
        "keeps only what the other removes");
  CHECK(between(only_12, filter{not_listed{ids({1, 3})}}).empty());
  CHECK(between(only_12, pin{item_id{3}, 0}) == "removes what the other pins");
  CHECK(between(only_12, pin{item_id{2}, 0}).empty());
  CHECK(between(only_12, boost_listed{ids({3, 4})}) == "removes what the other boosts");
  CHECK(between(only_12, boost_listed{ids({3, 1})}).empty());
  CHECK(between(only_12, boost_listed{}).empty());
  const filter not_12 = not_listed{ids({1, 2})};
  CHECK(between(not_12, pin{item_id{2}, 0}) == "removes what the other pins");
  CHECK(between(not_12, pin{item_id{3}, 0}).empty());
  CHECK(between(not_12, boost_listed{ids({2})}) == "removes what the other boosts");
  CHECK(between(not_12, boost_listed{ids({2, 3})}).empty());
  const filter not_7 = not_with{brand, 7};
  CHECK(between(not_7, filter{only_with{brand, 7}}) == "removes what alone the other keeps");
  CHECK(between(not_7, filter{only_with{category, 7}}).empty());
  CHECK(between(not_7, pin_with{brand, 7, 0}) == "removes what the other pins");
  CHECK(between(not_7, pin_with{brand, 8, 0}).empty());
  CHECK(between(not_7, boost{brand, 7}) == "removes what the other boosts");
  CHECK(between(not_7, boost{brand, 8}).empty());
  CHECK(between(not_7, quota{brand, 7, 1}) == "removes what the other asks for");
  CHECK(between(not_7, quota{brand, 7, 0, 2}).empty());
  CHECK(between(filter{same_as_page{brand}}, filter{other_than_page{brand}}) ==
        "removes what alone the other keeps");
  CHECK(between(filter{same_as_page{brand}}, filter{other_than_page{category}}).empty());
  CHECK(between(filter{priced{1, 5}}, filter{priced{6, 9}}) ==
        "keeps no price that the other keeps");
  CHECK(between(filter{priced{1, 5}}, filter{priced{5, 9}}).empty());
  CHECK(between(pin{item_id{1}, 2}, pin{item_id{2}, 2}) == "pins where the other pins");
  CHECK(between(pin{item_id{1}, 2}, pin_with{brand, 2, 2}) == "pins where the other pins");
  CHECK(between(pin_with{brand, 1, 2}, pin_with{brand, 2, 2}) == "pins where the other pins");
  CHECK(between(pin{item_id{1}, 2}, pin{item_id{1}, 3}) == "pins what the other pins elsewhere");
  CHECK(between(pin_with{brand, 1, 2}, pin_with{brand, 1, 3}).empty());
  CHECK(between(limit_per{brand, 1}, limit_per{brand, 2}) == "limits what the other limits");
  CHECK(between(limit_per{brand, 1}, limit_per{category, 2}).empty());
  CHECK(between(quota{brand, 1, 0, 0}, pin_with{brand, 1, 0}) ==
        "permits none of what the other pins");
  CHECK(between(quota{brand, 1, 0, 1}, pin_with{brand, 1, 0}).empty());
  CHECK(between(quota{brand, 1, 3}, quota{brand, 1, 0, 2}) ==
        "asks for more than the other permits");
  CHECK(between(quota{brand, 1, 3}, quota{brand, 1, 0, 3}).empty());
  CHECK(between(quota{brand, 1, 3}, limit_per{brand, 2}) == "asks for more than the other permits");
  CHECK(between(quota{brand, 1, 2}, limit_per{brand, 2}).empty());
}

TEST_CASE("rule faults: rules meet when their times and shoppers may") {
  rule a = of(filter{only_listed{ids({1})}});
  rule b = of(filter{only_listed{ids({2})}});
  a.until = now;
  b.from = now;
  CHECK(faults({a, b}).empty());
  a.until = now + seconds(1);
  REQUIRE(faults({a, b}).size() == 1);
  CHECK(faults({a, b})[0] == rule_fault{1, 0, faults({a, b})[0].what});
  a.segment = 3;
  CHECK(faults({a, b}).size() == 1);
  b.segment = 4;
  CHECK(faults({a, b}).size() == 1);
  CHECK(faults({a, b}, segment_overlap::impossible).empty());
  b.segment = 3;
  CHECK(faults({a, b}, segment_overlap::impossible).size() == 1);
  // Pins for two segments are a matter of order.
  CHECK(faults({of(pin{item_id{1}, 0}, 3), of(pin{item_id{2}, 0}, 4)}).empty());
  CHECK(faults({of(pin{item_id{1}, 0}, 3), of(pin{item_id{2}, 0})}).size() == 1);
}

TEST_CASE("rule faults: three lists that agree in pairs and not together") {
  std::vector<rule> rules{of(filter{only_listed{ids({1, 2})}}),
                          of(filter{only_listed{ids({2, 3})}}),
                          of(filter{only_listed{ids({1, 3})}})};
  auto found = faults(rules);
  REQUIRE(found.size() == 3);
  CHECK(std::string(found[0].what) == "leaves nothing, together with the others");
  rules[2] = of(filter{not_listed{ids({2})}});
  CHECK(faults(rules).size() == 3);
  rules[2].segment = 8;
  CHECK(faults(rules).size() == 3);
  rules[1].segment = 9;
  CHECK(faults(rules).size() == 3);
  CHECK(faults(rules, segment_overlap::impossible).empty());
  rules[1].segment = 8;
  CHECK(faults(rules, segment_overlap::impossible).size() == 3);
  rules[2].from = now;  // told of the rule that begins last
  found = faults(rules);
  REQUIRE(found.size() == 1);
  CHECK(found[0].rule == 2);
  rules[0].until = now;
  CHECK(faults(rules).empty());
}

TEST_CASE("rule faults: minima that fit in pairs and not together") {
  std::vector<rule> rules{of(quota{brand, 1, 3}), of(quota{brand, 2, 2}), of(quota{brand, 3, 2})};
  REQUIRE(faults(rules).size() == 3);
  CHECK(std::string(faults(rules)[0].what) ==
        "asks, with the others, for more items than there are places");
  rules[2] = of(quota{category, 3, 2});
  CHECK(faults(rules).empty());
  rules[2] = of(quota{brand, 2, 3});  // the stricter of two counts
  CHECK(faults(rules).empty());
  rules[2] = of(quota{brand, 2, 4});
  CHECK(faults(rules).size() == 3);
  rules[2].segment = 3;
  CHECK(faults(rules).size() == 3);
  rules[0].segment = 4;
  CHECK(faults(rules).empty());
}

namespace {

/// Every combination of up to two categories (each of them first), up to one brand and four
/// prices, `copies` times: whatever values are asked for at once, an item has them.
struct rich_shop {
  item_table items;
  std::vector<item_id> all;

  explicit rich_shop(int copies) {
    std::vector<item_table::row> rows;
    for (int copy = 0; copy < copies; ++copy) {
      for (std::uint64_t first = 0; first <= 3; ++first) {
        for (std::uint64_t second = 0; second <= 3; ++second) {
          if (second != 0 && (first == 0 || first == second)) continue;
          for (std::uint64_t b = 0; b <= 2; ++b) {
            for (const std::int64_t price : {0, 100, 200, 300}) {
              item_table::row r{item_id{rows.size() + 1}, price, true, {}};
              r.values = {{category, first}, {category, second}, {brand, b}};
              rows.push_back(r);
            }
          }
        }
      }
    }
    items = item_table::make(rows).value();
    for (const item_table::row& r : rows) all.push_back(r.item);
  }
};

merchandise make_what(counter_random& draw, const rich_shop& shop) {
  const auto value = [&] { return 1 + uniform_below(draw, 2); };
  const auto some = [&](std::uint64_t out_of) {
    std::vector<item_id> out;
    for (const item_id i : shop.all) {
      if (uniform_below(draw, out_of) == 0) out.push_back(i);
    }
    return out;
  };
  const auto place = static_cast<std::uint32_t>(uniform_below(draw, places + 1));
  switch (uniform_below(draw, 12)) {
    case 0:
      return filter{only_with{category, value()}};
    case 1:
      return filter{not_with{category, value() + 1}};
    case 2:
      return filter{only_with{brand, value()}};
    case 3:
      return filter{not_with{brand, value()}};
    case 4:
      return filter{priced{std::int64_t(100 * uniform_below(draw, 4)),
                           std::int64_t(100 * uniform_below(draw, 4))}};
    case 5:
      return filter{not_listed{some(8)}};
    case 6:
      return pin{item_id{1 + uniform_below(draw, shop.all.size())}, place};
    case 7:
      return pin_with{category, value(), place};
    case 8:
      return boost{brand, value(), std::uint32_t(50 * uniform_below(draw, 5))};
    case 9:
      return quota{category, value(), place, std::uint32_t(uniform_below(draw, 7))};
    case 10:
      return limit_per{brand, place};
    default:
      return boost_listed{some(8), std::uint32_t(50 * uniform_below(draw, 5))};
  }
}

}  // namespace

TEST_CASE("rule faults: where none is found an answer is full, or says what stands in its way") {
  const rich_shop shop(12);
  const auto s = slot(slot_options{.count = places, .pool = 2'000}, as_ranked{},
                      blend(weighted<list_of>{favourites(shop.all)}));
  std::size_t sound = 0, unsound = 0, full = 0;
  for (std::uint64_t trial = 0; trial < 3'000; ++trial) {
    counter_random draw(trial, 4);
    std::vector<rule> rules;
    bool two_brands = false;  // no item has two: the catalogue, not the rules, says so
    for (std::uint64_t n = uniform_below(draw, 6); n > 0; --n) {
      rules.push_back(of(make_what(draw, shop)));
    }
    std::set<std::uint64_t> brands;
    for (const rule& r : rules) {
      if (const auto* f = std::get_if<filter>(&r.what)) {
        if (const auto* w = std::get_if<only_with>(f); w && w->of == brand) brands.insert(w->value);
      }
    }
    two_brands = brands.size() > 1;
    const auto made = merchandising::make(rules, places);
    REQUIRE(bool(made) == faults(rules).empty());
    if (!made) {
      ++unsound;
      CHECK(made.error() == errc::conflict);
      continue;
    }
    if (two_brands) continue;
    ++sound;
    decltype(s)::scratch scratch;
    answer out;
    context c;
    c.now = now;
    s.recommend(c, shop.items, *made, scratch, out);
    INFO("trial " << trial);
    REQUIRE(!out.items.empty());
    full += out.items.size() == places;
    if (out.items.size() < places) REQUIRE(out.why == shortness::limited);
    // Pins stand where they were asked for, if they pass the filters.
    for (const rule& r : rules) {
      const auto* p = std::get_if<pin>(&r.what);
      if (p == nullptr || scratch.desk.ask(p->item, shop.items)) continue;
      REQUIRE(out.items.size() > p->place);
      REQUIRE(out.items[p->place].item == p->item);
    }
  }
  CHECK(sound > 800);
  CHECK(unsound > 800);
  CHECK(full > 500);
}
