// What a checkout asks and prices allocates nothing once its scratch has its size.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "../catch.hpp"
#include "../support/counted_new.hpp"
#include "price_model.hpp"
#include "shop.hpp"
#include "tailor/offer/checkout.hpp"
#include "tailor/offer/rule_book.hpp"

using namespace tailor;
using namespace tailor::offer;

#if TAILOR_TEST_COUNTS_MEMORY

namespace {

using shop::book;

book any_book(shop::random& r, int count) {
  std::vector<offer::rule> rules;
  for (int i = 0; i < count; ++i) {
    offer::rule one{.name = "r" + std::to_string(i)};
    one.when = shop::any_condition(r);
    one.gives = shop::any_discount(r);
    one.channels = {"web"};
    one.audience = {"x"};
    if (i % 3 == 0) one.group = "g" + std::to_string(i % 7);
    rules.push_back(std::move(one));
  }
  return shop::make_book(std::move(rules));
}

std::vector<shop::cart> carts(shop::random& r) {
  std::vector<shop::cart> out;
  for (int i = 0; i < 200; ++i) out.push_back(shop::any_cart(r, 8));
  return out;
}

}  // namespace

TEST_CASE("no allocation: allocations are counted") {
  const std::size_t before = tailor_test::allocations;
  {
    const std::vector<int> v(100);
  }
  CHECK(tailor_test::allocations == before + 1);
}

TEST_CASE("no allocation: matching, once the state has its size") {
  shop::random r(1);
  const book b = any_book(r, 500);
  const std::vector<shop::cart> all = carts(r);
  match_state state;
  const request now{{}, "web"};
  const shop::segments who{"x"};
  std::size_t first = 0;
  for (const shop::cart& c : all) first += b.match(c, now, state, who).size();
  const std::size_t before = tailor_test::allocations;
  std::size_t again = 0;
  for (const shop::cart& c : all) again += b.match(c, now, state, who).size();
  CHECK(tailor_test::allocations == before);
  CHECK(first == again);
  CHECK(first > 0);
}

TEST_CASE("no allocation: pricing with a receipt, under every conflict rule") {
  shop::random r(2);
  const book b = any_book(r, 60);
  const std::vector<shop::cart> all = carts(r);
  const request now{{}, "web"};
  const shop::segments who{"x"};
  const auto price_twice = [&]<class Conflict>(const Conflict& conflict) {
    checkout_state state;
    receipt out;
    const checkout<shop::cart, Conflict> till(shop::euro(), conflict);
    for (const shop::cart& c : all) REQUIRE(till.price(b, c, now, state, out, who));
    const std::size_t before = tailor_test::allocations;
    std::size_t priced = 0;
    for (const shop::cart& c : all) priced += till.price(b, c, now, state, out, who) ? 1u : 0u;
    const std::size_t after = tailor_test::allocations;
    CHECK(after == before);
    CHECK(priced == all.size());
  };
  price_twice(first_by_priority{});
  price_twice(best_for_shopper{});
  price_twice(best_for_shop{});
  price_twice(stack_within_group{});
}

#endif
