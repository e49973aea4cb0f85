#include "tailor/recommend/filter.hpp"

#include <algorithm>
#include <cstdint>
#include <set>
#include <vector>

#include "../catch.hpp"
#include "shop.hpp"
#include "tailor/recommend/filter_desk.hpp"

using namespace tailor;
using namespace tailor::recommend;
using events::event_kind;

namespace {

constexpr timestamp now{1'700'000'000'000'000};

struct question {
  std::vector<touch> history;
  std::vector<item_id> page, cart;
  std::vector<showing> shown;
  context c;
};

bool did(const context& c, event_kind kind, item_id item, duration within) {
  return std::any_of(c.history.begin(), c.history.end(), [&](const touch& t) {
    return t.kind == kind && t.item == item && (t.at > c.now || c.now - t.at <= within);
  });
}
bool in(std::span<const item_id> items, item_id item) {
  return std::find(items.begin(), items.end(), item) != items.end();
}

/// Whether a filter lets an item stay, word by word.
bool stays(const filter& f, item_id item, const context& c, const item_table& known) {
  const bool page = !c.page.empty();
  const item_id first = page ? c.page.front() : no_item;
  if (auto* a = std::get_if<not_bought>(&f)) return !did(c, event_kind::purchase, item, a->within);
  if (auto* a = std::get_if<not_viewed>(&f)) return !did(c, event_kind::view_item, item, a->within);
  if (std::get_if<not_in_cart>(&f)) return !in(c.cart, item);
  if (auto* a = std::get_if<not_shown_often>(&f)) {
    for (const showing& s : c.shown) {
      if (s.item == item) return s.times < a->times;
    }
    return true;
  }
  if (auto* a = std::get_if<only_listed>(&f)) return in(a->items, item);
  if (auto* a = std::get_if<not_listed>(&f)) return !in(a->items, item);
  if (auto* a = std::get_if<only_with>(&f)) return known.has(item, a->of, a->value);
  if (auto* a = std::get_if<not_with>(&f)) return !known.has(item, a->of, a->value);
  if (auto* a = std::get_if<same_as_page>(&f)) {
    const std::uint64_t v = page ? known.value(first, a->of) : 0;
    return v == 0 || known.value(item, a->of) == v;
  }
  if (auto* a = std::get_if<other_than_page>(&f)) {
    const std::uint64_t v = page ? known.value(first, a->of) : 0;
    return v == 0 || known.value(item, a->of) != v;
  }
  const std::int64_t price = known.price(item);
  if (auto* a = std::get_if<priced>(&f)) return price >= 0 && a->from <= price && price <= a->to;
  if (auto* a = std::get_if<priced_near_page>(&f)) {
    const std::int64_t of_page = page ? known.price(first) : -1;
    if (of_page < 0) return true;
    return price >= 0 && 100 * price >= of_page * (100 - a->less_percent) &&
           100 * price <= of_page * (100 + a->more_percent);
  }
  const auto& a = std::get<sensitive>(f);
  return !known.has(item, a.of, a.value) || (page && known.has(first, a.of, a.value));
}

filter make_filter(counter_random& draw) {
  const auto value = [&] { return 1 + uniform_below(draw, 5); };
  const auto items = [&] {
    std::vector<item_id> out;
    for (std::uint64_t i = 1; i <= 44; ++i) {
      if (uniform_below(draw, 2) == 0) out.push_back(item_id{i});
    }
    return out;
  };
  switch (uniform_below(draw, 13)) {
    case 0:
      return not_bought{hours(std::int64_t(uniform_below(draw, 200)))};
    case 1:
      return not_viewed{hours(std::int64_t(uniform_below(draw, 200)))};
    case 2:
      return not_in_cart{};
    case 3:
      return not_shown_often{std::uint32_t(1 + uniform_below(draw, 3))};
    case 4:
      return only_listed{items()};
    case 5:
      return not_listed{items()};
    case 6:
      return only_with{shop::category, value()};
    case 7:
      return not_with{shop::brand, value()};
    case 8:
      return same_as_page{shop::category};
    case 9:
      return other_than_page{shop::brand};
    case 10:
      return priced{std::int64_t(uniform_below(draw, 500)), 700};
    case 11:
      return priced_near_page{std::int32_t(uniform_below(draw, 60)), 50};
    default:
      return sensitive{shop::category, value()};
  }
}

question make_question(std::uint64_t seed) {
  counter_random draw(seed, 7);
  question q;
  q.history = shop::make_history(seed, 40, now + hours(20));  // some of it is ahead of the clock
  for (std::uint64_t n = uniform_below(draw, 3); n > 0; --n) {
    q.page.push_back(item_id{1 + uniform_below(draw, 44)});  // 41 … are unknown
    q.cart.push_back(item_id{1 + uniform_below(draw, 44)});
  }
  for (std::uint64_t i = 1; i <= 44; i += 1 + uniform_below(draw, 4)) {
    q.shown.push_back({item_id{i}, std::uint32_t(uniform_below(draw, 5))});
  }
  q.c.now = now;
  q.c.history = q.history;
  q.c.page = q.page;
  q.c.cart = q.cart;
  q.c.shown = q.shown;
  return q;
}

}  // namespace

TEST_CASE("filter: each says what its sentence says") {
  std::vector<std::size_t> kept(13), removed(13);
  for (std::uint64_t trial = 0; trial < 1'000; ++trial) {
    counter_random draw(trial, 8);
    const item_table items = shop::make_items(trial, 40);
    const question q = make_question(trial);
    const filter f = make_filter(draw);
    recommend::detail::filter_facts facts;
    facts.read(q.c);
    for (std::uint64_t i = 1; i <= 44; ++i) {
      const recommend::detail::filter_asked<item_table> asked{item_id{i}, q.c, items, facts};
      const bool stay = std::visit(asked, f);
      INFO(name_of(f) << ", trial " << trial << ", item " << i);
      REQUIRE(stay == stays(f, item_id{i}, q.c, items));
      ++(stay ? kept : removed)[f.index()];
    }
  }
  for (std::size_t n = 0; n < 13; ++n) {
    INFO(n);
    CHECK(kept[n] > 0);
    CHECK(removed[n] > 0);
  }
}

TEST_CASE(
    "filter: a desk tells the first thing that removes, denials alone where it is asked for") {
  for (std::uint64_t trial = 0; trial < 300; ++trial) {
    counter_random draw(trial, 9);
    const item_table items = shop::make_items(trial, 40);
    const question q = make_question(trial);
    std::vector<rule> rules;
    for (std::uint64_t n = uniform_below(draw, 5); n > 0; --n) {
      rule r{"r", make_filter(draw)};
      r.segment = uniform_below(draw, 3) == 0 ? 5 : 0;
      if (uniform_below(draw, 4) == 0) r.until = now;
      rules.push_back(r);
      if (!faults_of(rules, 9).empty()) rules.pop_back();
    }
    const merchandising m = merchandising::make(rules, 9).value();
    const std::vector<item_id> taken{item_id{2}, item_id{9}};
    const auto unavailable = static_cast<when_unavailable>(trial % 3);
    filter_desk desk;
    desk.open(q.c, m, taken, unavailable);
    for (std::uint64_t i = 1; i <= 44; ++i) {
      for (const obeys which : {obeys::all, obeys::denials}) {
        const item_id item{i};
        removed_by wanted;
        if (in(q.page, item)) {
          wanted.why = removal::on_page;
        } else if (in(taken, item)) {
          wanted.why = removal::taken;
        } else if (trial % 3 == 0 && !items.available(item)) {
          wanted.why = removal::unavailable;
        } else {
          for (std::uint32_t n = 0; n < rules.size() && !wanted; ++n) {
            const filter& f = std::get<filter>(rules[n].what);
            if (rules[n].segment != 0 || rules[n].until == now) continue;
            if (which == obeys::denials && !always_holds(f)) continue;
            if (!stays(f, item, q.c, items)) wanted = {removal::rule, n};
          }
        }
        REQUIRE(desk.ask(item, items, which) == wanted);
      }
    }
  }
}

TEST_CASE(
    "filter: the price band of 100 is 80 to 150, both included, and no percentage overflows") {
  std::vector<item_table::row> rows;
  for (const std::int64_t price : {100, 79, 80, 150, 151, -1}) {
    rows.push_back({item_id{rows.size() + 1}, price, true, {}});
  }
  rows.push_back({item_id{7}, INT64_MAX, true, {}});
  const item_table items = item_table::make(rows).value();
  std::vector<item_id> page{item_id{1}};
  context c;
  c.page = page;
  const recommend::detail::filter_facts facts;
  const auto stay = [&](const filter& f, std::uint64_t item) {
    const recommend::detail::filter_asked<item_table> asked{item_id{item}, c, items, facts};
    return std::visit(asked, f);
  };
  const filter near = priced_near_page{20, 50};
  CHECK_FALSE(stay(near, 2));
  CHECK(stay(near, 3));
  CHECK(stay(near, 4));
  CHECK_FALSE(stay(near, 5));
  CHECK_FALSE(stay(near, 6));
  page[0] = item_id{7};
  CHECK(stay(priced_near_page{INT32_MAX, INT32_MAX}, 1));
  CHECK_FALSE(stay(priced_near_page{INT32_MIN, INT32_MAX}, 1));
  CHECK_FALSE(stay(priced_near_page{INT32_MIN, INT32_MIN}, 1));
  page[0] = item_id{6};
  CHECK(stay(near, 6));
}

TEST_CASE("catalogue: a table knows its rows, refuses repeated ones and keeps no empty values") {
  const std::vector<item_table::row> rows{
      {item_id{7}, 5, false, {{shop::brand, 3}, {shop::brand, 4}}},
      {item_id{2}, 9, true, {{shop::category, 0}, {shop::category, 1}}}};
  const item_table t = item_table::make(rows).value();
  CHECK_FALSE(t.available(item_id{7}));
  CHECK(t.available(item_id{2}));
  CHECK_FALSE(t.available(item_id{3}));
  CHECK(t.price(item_id{3}) == -1);
  CHECK(t.price(item_id{2}) == 9);
  CHECK(t.value(item_id{7}, shop::brand) == 3);
  CHECK(t.has(item_id{7}, shop::brand, 4));
  CHECK_FALSE(t.has(item_id{7}, shop::category, 4));
  CHECK(t.value(item_id{2}, shop::category) == 1);
  CHECK_FALSE(t.has(item_id{2}, shop::category, 0));
  const std::vector<item_table::row> twice{{item_id{7}}, {item_id{8}}, {item_id{7}}};
  CHECK(item_table::make(twice).error() == errc::duplicate);
  CHECK(item_table::make(twice).error().at == 2);
  const std::vector<item_table::row> none{{item_id{7}}, {no_item}};
  CHECK(item_table::make(none).error() == errc::empty_id);
  CHECK(item_table::make({}));
}
