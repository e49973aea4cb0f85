#include "tailor/offer/checkout.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "../catch.hpp"
#include "../support/rounds.hpp"
#include "price_model.hpp"
#include "shop.hpp"
#include "tailor/offer/condition_words.hpp"

using namespace tailor;
using namespace tailor::offer;

namespace {

using shop::book;
using shop::make_book;

template <class Conflict = first_by_priority>
receipt price(const book& b, const shop::cart& c, Conflict conflict = {},
              price_limits limits = {}) {
  checkout_state state;
  receipt out;
  const checkout<shop::cart, Conflict> till(shop::euro(), conflict, limits);
  CHECK(till.price(b, c, {}, state, out));
  return out;
}

offer::rule gives(std::string name, discount d, std::int32_t priority = 0) {
  return {.name = std::move(name), .gives = std::move(d), .priority = priority};
}

shop::line of(std::uint64_t sku, std::int64_t price, std::int64_t pieces, std::string brand = {}) {
  return {.sku = sku, .price = price, .pieces = pieces, .brand = std::move(brand)};
}

std::vector<std::int64_t> after(const receipt& r) {
  std::vector<std::int64_t> out;
  for (const auto& l : r.lines) out.push_back(l.after);
  return out;
}
using amounts = std::vector<std::int64_t>;

/// What every receipt has to be, whatever was applied.
void check_sums(const receipt& r, const shop::cart& c) {
  std::vector<std::int64_t> left;
  for (const shop::line& l : c.lines) left.push_back(l.price * l.pieces);
  std::int64_t shipping = c.shipping;
  std::int64_t taken = 0;
  for (const adjustment& a : r.adjustments) {
    REQUIRE(a.minor > 0);
    taken += a.minor;
    (a.line == adjustment::shipping ? shipping : left[a.line]) -= a.minor;
  }
  REQUIRE(after(r) == left);
  REQUIRE(r.after == std::accumulate(left.begin(), left.end(), std::int64_t{0}));
  REQUIRE(r.shipping_after == shipping);
  REQUIRE(r.before + r.shipping_before - taken == r.total());
  std::int64_t fired = 0;
  for (const auto& f : r.fired) fired += f.minor;
  REQUIRE(fired == taken);
  for (const std::int64_t l : left) REQUIRE(l >= 0);
  REQUIRE(shipping >= 0);
}

std::vector<offer::rule> any_rules(shop::random& r, std::int64_t most) {
  std::vector<offer::rule> rules;
  for (std::int64_t i = shop::pick(r, 1, most); i > 0; --i) {
    rules.push_back(gives("r" + std::to_string(i), shop::any_discount(r),
                          static_cast<std::int32_t>(shop::pick(r, 0, 2))));
    if (shop::chance(r, 50)) rules.back().group = std::string(1, "ab"[shop::pick(r, 0, 1)]);
    if (shop::chance(r, 10)) rules.back().combines = combining::alone;
  }
  return rules;
}

price_limits any_limits(shop::random& r) {
  price_limits l;
  if (shop::chance(r, 30)) l.most_of_line = shop::pick(r, 0, 10'000);
  if (shop::chance(r, 30)) l.most_of_order = shop::pick(r, 0, 10'000);
  return l;
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int rounds = 500;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr int rounds = 500;
#else
constexpr int rounds = 20'000;
#endif
#else
constexpr int rounds = 20'000;
#endif

}  // namespace

TEST_CASE("checkout: a million carts cost what exact fractions say, piece by piece") {
  shop::random r(1);
  std::size_t carts = 0;
  std::size_t changed = 0;
  checkout_state state;
  receipt out;
  for (int round = 0; round < rounds; ++round) {
    const book b = make_book(any_rules(r, 5));
    const price_limits limits = any_limits(r);
    const checkout<shop::cart> till(shop::euro(), {}, limits);
    for (int i = 0; i < 50; ++i, ++carts) {
      const shop::cart c = shop::any_cart(r, 4);
      REQUIRE(till.price(b, c, {}, state, out));
      check_sums(out, c);
      shop::price_model model(c, limits);
      std::vector<std::uint32_t> order;
      for (const auto& f : out.fired) order.push_back(f.rule);
      std::sort(order.begin(), order.end(), [&b](std::uint32_t x, std::uint32_t y) {
        return std::pair(shop::phase(b[x].gives), x) < std::pair(shop::phase(b[y].gives), y);
      });
      for (const std::uint32_t rule : order) model.apply(b[rule].gives);
      for (std::size_t l = 0; l < c.lines.size(); ++l)
        REQUIRE(out.lines[l].after == model.after(l));
      REQUIRE(out.shipping_after == model.shipping);
      changed += out.adjustments.empty() ? 0u : 1u;
    }
  }
  CHECK(carts == static_cast<std::size_t>(rounds) * 50);
  CHECK(changed > carts / 2);
}

TEST_CASE("checkout: neither the order of the lines nor that of the rules matters") {
  shop::random r(2);
  for (int round = 0; round < tailor_test::rounds(2'000); ++round) {
    std::vector<offer::rule> rules = any_rules(r, 6);
    const shop::cart c = shop::any_cart(r, 6);
    const price_limits limits = any_limits(r);
    const auto both = [&](const auto& conflict) {
      const receipt first = price(make_book(rules), c, conflict, limits);
      std::shuffle(rules.begin(), rules.end(), r);
      REQUIRE(price(make_book(rules), c, conflict, limits) == first);
      shop::cart turned = c;
      std::shuffle(turned.lines.begin(), turned.lines.end(), r);
      const receipt again = price(make_book(rules), turned, conflict, limits);
      REQUIRE(again.after == first.after);
      REQUIRE(again.shipping_after == first.shipping_after);
      REQUIRE(again.fired == first.fired);
      REQUIRE(again.dropped == first.dropped);
    };
    both(first_by_priority{});
    both(best_for_shopper{});
    both(best_for_shop{1'000});
    both(stack_within_group{});
  }
}

TEST_CASE("checkout: all small carts and all shares, exhaustively") {
  for (std::int64_t price_a = 0; price_a <= 7; ++price_a) {
    for (std::int64_t price_b = 0; price_b <= 7; ++price_b) {
      for (std::int64_t share = 500; share <= 10'000; share += 500) {
        for (const taken_from from : {taken_from::lines, taken_from::order}) {
          const book b = make_book({gives("p", percent_off{.share = share, .from = from})});
          shop::cart c;
          c.lines = {of(1, price_a, 1), of(2, price_b, 3)};
          const receipt out = price(b, c);
          check_sums(out, c);
          const std::int64_t sum = price_a + 3 * price_b;
          if (from == taken_from::order) {
            CHECK(out.after == sum - shop::half_even(int128{sum} * share, 10'000));
          } else {
            CHECK(after(out) ==
                  amounts{price_a - shop::half_even(int128{price_a} * share, 10'000),
                          3 * price_b - shop::half_even(int128{3} * price_b * share, 10'000)});
          }
        }
      }
    }
  }
}

TEST_CASE("checkout: each kind of discount, by hand") {
  shop::cart c;
  c.lines = {of(1, 10'00, 3, "a"), of(2, 4'00, 2, "b"), of(3, 1'99, 1, "c")};
  c.shipping = 4'90;
  const auto alone = [&c](discount d) { return price(make_book({gives("d", std::move(d))}), c); };
  CHECK(after(alone(percent_off{.share = 1'500})) == amounts{25'50, 6'80, 1'69});       // 169.15
  CHECK(alone(percent_off{.share = 1'500, .from = taken_from::order}).after == 33'99);  // 39.99
  CHECK(after(alone(amount_off{.minor = 5'00})) == amounts{26'25, 7'00, 1'74});
  CHECK(after(alone(amount_off{.minor = 3'00, .from = taken_from::lines})) ==
        amounts{27'00, 5'00, 0});
  CHECK(after(alone(amount_off{.minor = 50, .from = taken_from::units})) ==
        amounts{28'50, 7'00, 1'49});
  CHECK(after(alone(fixed_price{.minor = 3'00})) == amounts{9'00, 6'00, 1'99});
  CHECK(after(alone(buy_get{.buy = 2, .get = 1})) == amounts{30'00, 4'00, 0});  // 2 of 6 pieces
  CHECK(after(alone(buy_get{.buy = 2, .get = 1, .which = reward::same_item})) ==
        amounts{20'00, 8'00, 1'99});
  CHECK(after(alone(buy_get{.buy = 3,
                            .get = 1,
                            .share = 5'000,
                            .on = {the("brand").is("a")},
                            .of = {the("brand").is("b")}})) == amounts{30'00, 6'00, 1'99});
  CHECK(after(alone(tiered{.tiers = {{2, 1'000}, {6, 2'000}, {7, 5'000}}})) ==
        amounts{24'00, 6'40, 1'59});
  CHECK(alone(bundle_price{.parts = {{{the("brand").is("a")}, 1}, {{the("brand").is("b")}, 1}},
                           .minor = 11'00})
            .after == 39'99 - 2 * 3'00);
  CHECK(alone(free_shipping{}).total() == 39'99);
  CHECK(alone(free_shipping{.at_most = 2'00}).total() == 39'99 + 2'90);
  const receipt with_gift = alone(gift{.item = item_id{77}, .pieces = 2});
  CHECK(with_gift.total() == 44'89);
  CHECK(with_gift.gifts == std::vector<receipt::gift_line>{{item_id{77}, 2, 0}});
  CHECK(alone(percent_off{.share = 5'000, .at_most = 10'00}).after == 29'99);
  CHECK(alone(amount_off{.minor = 1'000'00}).after == 0);
}

TEST_CASE("checkout: discounts stack on what is left, and never below zero") {
  shop::cart c;
  c.lines = {of(1, 100'00, 1)};
  const book b = make_book({gives("ten", percent_off{.share = 1'000}, 2),
                            gives("twenty", percent_off{.share = 2'000}, 1),
                            gives("five off", amount_off{.minor = 5'00})});
  CHECK(price(b, c).after == 67'00);  // 100 × 0.9 × 0.8 - 5
  CHECK(price(b, c, {}, {.most_of_order = 2'500}).after == 75'00);
  CHECK(price(b, c, {}, {.most_of_line = 3'000}).after == 70'00);
  CHECK(price(b, c, {}, {.most_of_line = 99'999, .most_of_order = 99'999}).after == 67'00);
  CHECK(price(b, c, {}, {.most_of_line = -1}).after == 100'00);
  CHECK(price(b, c, {}, {.most_of_order = -1}).after == 100'00);
  const book all =
      make_book({gives("all", percent_off{.share = 10'000}),
                 gives("more", amount_off{.minor = 50'00}), gives("ship", free_shipping{})});
  CHECK(price(all, c).total() == 0);
}

TEST_CASE("checkout: groups, and what stands alone") {
  shop::cart c;
  c.lines = {of(1, 100'00, 1)};
  std::vector<offer::rule> rules = {
      gives("a1", percent_off{.share = 1'000}, 9), gives("a2", percent_off{.share = 3'000}, 8),
      gives("b1", amount_off{.minor = 5'00}, 7), gives("solo", percent_off{.share = 3'400}, 6)};
  rules[0].group = rules[1].group = "a";
  rules[3].combines = combining::alone;
  const book b = make_book(rules);

  const receipt first = price(b, c);
  CHECK(first.after == 85'00);
  CHECK(first.fired == std::vector<receipt::fired_rule>{{0, 10'00}, {2, 5'00}});
  CHECK(first.dropped ==
        std::vector<receipt::dropped_rule>{{1, lost::to_group, 0}, {3, lost::to_alone, 0}});

  const receipt best = price(b, c, best_for_shopper{});
  CHECK(best.after == 65'00);  // 100 × 0.7 - 5; alone it were 66
  CHECK(best.fired == std::vector<receipt::fired_rule>{{1, 30'00}, {2, 5'00}});
  CHECK_FALSE(best.search_was_cut);

  CHECK(price(b, c, best_for_shop{}).after == 85'00);
  c.lines[0].cost = 88'00;
  const receipt thrifty = price(b, c, best_for_shop{});
  CHECK(thrifty.after == 90'00);  // 5 more would be below cost
  CHECK(thrifty.dropped.front() == receipt::dropped_rule{1, lost::to_group, 0});
  CHECK(thrifty.dropped[1] == receipt::dropped_rule{2, lost::to_margin, UINT32_MAX});
  CHECK(price(b, c, best_for_shop{.margin = 1'000}).after == 100'00);

  CHECK(price(b, c, stack_within_group{}).after == 58'00);  // 100 × 0.9 × 0.7 - 5
}

TEST_CASE("checkout: the best for the shopper is the best of all sets") {
  shop::random r(3);
  for (int round = 0; round < 3'000; ++round) {
    const std::vector<offer::rule> rules = any_rules(r, 7);
    const book b = make_book(rules);
    const shop::cart c = shop::any_cart(r, 4);
    const receipt got = price(b, c, best_for_shopper{});
    REQUIRE_FALSE(got.search_was_cut);
    // Every permitted set, each made a book of its own.
    std::int64_t most = -1;
    const auto worth = [](const receipt& out, const book& of_set) {
      std::int64_t sum = out.before + out.shipping_before - out.total();
      for (const auto& f : out.fired) {
        if (const auto* g = std::get_if<gift>(&of_set[f.rule].gives)) sum += g->worth;
      }
      return sum;
    };
    for (std::uint32_t set = 0; set < (1u << b.size()); ++set) {
      std::vector<offer::rule> some;
      std::vector<std::string> groups;
      bool lonely = false;
      bool permitted = true;
      std::size_t ungrouped = 0;
      for (std::size_t i = 0; i < b.size(); ++i) {
        if ((set >> i & 1) == 0) continue;
        some.push_back(b[i]);
        lonely |= b[i].combines == combining::alone;
        if (b[i].group.empty()) ungrouped += b[i].combines == combining::alone ? 0u : 1u;
        if (!b[i].group.empty()) {
          permitted &= std::find(groups.begin(), groups.end(), b[i].group) == groups.end();
          groups.push_back(b[i].group);
        }
      }
      // Rules of no group always apply, and of each group one does.
      std::vector<std::string> all_groups;
      std::size_t all_ungrouped = 0;
      for (std::size_t i = 0; i < b.size(); ++i) {
        if (b[i].combines == combining::alone) continue;
        if (b[i].group.empty()) {
          ++all_ungrouped;
        } else if (std::find(all_groups.begin(), all_groups.end(), b[i].group) ==
                   all_groups.end()) {
          all_groups.push_back(b[i].group);
        }
      }
      if (lonely) {
        permitted = some.size() == 1;
      } else {
        permitted &= ungrouped == all_ungrouped && groups.size() == all_groups.size();
      }
      if (!permitted || some.empty()) continue;
      const book one = make_book(some);
      most = std::max(most, worth(price(one, c), one));
    }
    REQUIRE(worth(got, b) == std::max(most, std::int64_t{0}));
  }
}

TEST_CASE("checkout: a search that was cut says so, and is no worse than the best of each group") {
  shop::random r(4);
  for (int round = 0; round < 200; ++round) {
    std::vector<offer::rule> rules;
    for (int i = 0; i < 40; ++i) {
      rules.push_back(gives("r" + std::to_string(i), shop::any_discount(r)));
      rules.back().group = "g" + std::to_string(i % 8);
    }
    const shop::cart c = shop::any_cart(r, 5);
    const receipt out = price(make_book(rules), c, best_for_shopper{{.trials = 20}});
    CHECK(out.search_was_cut);
    check_sums(out, c);
    CHECK(out.fired.size() == 8);
  }
}

TEST_CASE("checkout: what the host refuses is dropped, and personal prices are marked") {
  shop::cart c;
  c.visits = 9;
  c.lines = {of(1, 100'00, 1)};
  offer::rule personal = gives("fan", percent_off{.share = 1'000});
  personal.when = the("visits") > 5;
  const book b = make_book({personal, gives("plain", amount_off{.minor = 1'00})});
  checkout_state state;
  receipt out;
  const checkout<shop::cart> till(shop::euro());
  CHECK(till.price(b, c, {}, state, out));
  CHECK(out.personal);
  CHECK(out.after == 89'00);
  const auto no_fans = [](const offer::rule& rule) { return rule.name != "fan"; };
  CHECK(till.price(b, c, {}, state, out, no_audience{}, no_fans));
  CHECK(out.after == 99'00);
  CHECK(out.dropped == std::vector<receipt::dropped_rule>{{0, lost::refused, UINT32_MAX}});
  CHECK_FALSE(out.personal);
  c.visits = 0;
  CHECK(till.price(b, c, {}, state, out));
  CHECK_FALSE(out.personal);
}

TEST_CASE(
    "checkout: a price is personal when a rule about the person changed it, not by a message") {
  shop::cart c;
  c.visits = 9;
  c.lines = {of(1, 100'00, 1)};
  const auto is_personal = [&c](discount about_person, std::string group) {
    offer::rule fan = gives("fan", std::move(about_person), 1);
    fan.when = the("visits") > 5;
    fan.group = group;
    offer::rule plain = gives("plain", amount_off{.minor = 1'00});
    plain.group = std::move(group);
    return price(make_book({fan, plain}), c).personal;
  };
  CHECK(is_personal(percent_off{.share = 100}, ""));
  CHECK(is_personal(gift{.item = item_id{1}}, ""));
  CHECK_FALSE(is_personal(no_discount{}, ""));
  CHECK(is_personal(no_discount{}, "g"));         // it kept the other away
  CHECK_FALSE(is_personal(free_shipping{}, ""));  // there is nothing to ship
  offer::rule late = gives("late", percent_off{.share = 100});
  late.when = the("visits") > 5;
  late.group = "g";
  offer::rule first = gives("first", percent_off{.share = 100}, 5);
  first.group = "g";
  CHECK_FALSE(price(make_book({late, first}), c).personal);  // it lost
}

TEST_CASE("checkout: a cart that cannot be priced is refused, and the receipt is as it was") {
  const book b = make_book({gives("p", percent_off{.share = 1'000})});
  checkout_state state;
  receipt out;
  out.after = 42;
  const checkout<shop::cart> till(shop::euro());
  const auto refused = [&](shop::line l) {
    shop::cart c;
    c.lines = {of(1, 1, 1), std::move(l)};
    const status s = till.price(b, c, {}, state, out);
    CHECK(out.after == 42);
    CHECK(s.error().at == 1);
    return s.code();
  };
  CHECK(refused(of(2, -1, 1)) == errc::out_of_range);
  CHECK(refused(of(2, 1, 0)) == errc::out_of_range);
  CHECK(refused(of(2, 1, -5)) == errc::out_of_range);
  CHECK(refused(of(2, 1, 1'000'001)) == errc::out_of_range);
  CHECK(refused(of(2, INT64_MAX, 1'000'000)) == errc::overflow);
  CHECK(refused(of(2, most_minor, 1)) == errc::overflow);
  CHECK(refused(of(2, most_minor / 2, 3)) == errc::overflow);
  shop::line dear = of(2, 1, 1);
  dear.cost = -1;
  CHECK(refused(dear) == errc::out_of_range);

  const checkout<shop::cart> dollars(currency::make("USD", 2).value());
  CHECK(dollars.price(b, {}, {}, state, out) == errc::mixed_currency);
  shop::cart c;
  c.shipping = -1;
  CHECK(till.price(b, c, {}, state, out) == errc::out_of_range);
  CHECK(out.after == 42);

  c.shipping = 0;
  c.lines = {of(1, 9'000'000, 1'000'000)};  // the most there is
  CHECK(till.price(b, c, {}, state, out));
  CHECK(out.after == most_minor / 10 * 9);
  CHECK(price(make_book({gives("free", buy_get{.buy = 1, .get = 1})}), c).after == most_minor / 2);
  CHECK(price(make_book({gives("two", bundle_price{.parts = {{{}, 2}}, .minor = 1})}), c).after ==
        500'000);
}

TEST_CASE("checkout: no lines, no rules") {
  CHECK(price(make_book({}), {}) == receipt{});
  shop::cart c;
  c.lines = {of(1, 5, 1)};
  CHECK(price(make_book({}), c).after == 5);
  for (const int i : {0, 1}) {
    const auto out = price(make_book({gives("p", percent_off{.share = 1'000}),
                                      gives("b", buy_get{}), gives("o", amount_off{.minor = 5}),
                                      gives("u", bundle_price{.parts = {{{}, 1}}})}),
                           i == 0 ? shop::cart{} : c, best_for_shopper{});
    CHECK(out.after == 0);
  }
}
