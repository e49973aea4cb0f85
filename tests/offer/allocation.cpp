#include "tailor/offer/allocation.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"

using namespace tailor;
using offer::allocation;
using offer::budget_price;
using offer::customer_arm;
using offer::leftover;
using offer::offer_arm;

namespace {

using arms = std::vector<customer_arm>;

std::map<user_id, std::vector<offer_arm>> by_customer(const arms& all) {
  std::map<user_id, std::vector<offer_arm>> out;
  for (const customer_arm& a : all) out[a.customer].push_back(a.arm);
  return out;
}

/// The best value within the budget, over all choices: the obvious recurrence over the budget.
std::int64_t optimum(const arms& all, std::int64_t budget) {
  std::vector<std::int64_t> best(static_cast<std::size_t>(budget) + 1, 0);
  for (const auto& [user, offers] : by_customer(all)) {
    std::vector<std::int64_t> next = best;  // nothing for him
    for (std::size_t b = 0; b < best.size(); ++b) {
      for (const offer_arm& a : offers) {
        if (a.cost > static_cast<std::int64_t>(b)) continue;
        next[b] = (std::max)(next[b], best[b - static_cast<std::size_t>(a.cost)] + a.value);
      }
    }
    best = next;
  }
  return best.back();
}

/// What has to hold of any answer; null when it does.
const char* fault_of(const arms& all, std::int64_t budget, const allocation& a) {
  auto offers = by_customer(all);
  std::int64_t cost = 0;
  std::int64_t value = 0;
  for (std::size_t i = 0; i < a.given.size(); ++i) {
    if (i > 0 && !(a.given[i - 1].customer < a.given[i].customer)) return "two for one customer";
    const auto& his = offers[a.given[i].customer];
    if (std::find(his.begin(), his.end(), a.given[i].arm) == his.end()) return "not his offer";
    if (a.given[i].arm.value <= 0) return "an offer without value";
    cost += a.given[i].arm.cost;
    value += a.given[i].arm.value;
  }
  if (cost != a.cost || value != a.value) return "sums";
  if (cost > budget) return "over the budget";
  if (a.bound < value) return "the bound is below the value";
  if (a.price.value < 0 || a.price.cost <= 0) return "the price is no ratio";
  return nullptr;
}

std::int64_t largest_value(const arms& all) {
  std::int64_t most = 0;
  for (const customer_arm& a : all) most = (std::max)(most, a.arm.value);
  return most;
}

arms random_arms(counter_random& draw, std::uint64_t customers, std::int64_t most_cost,
                 std::int64_t most_value) {
  arms all;
  for (std::uint64_t u = 0; u < customers; ++u) {
    const std::uint64_t offers = uniform_below(draw, 5);
    for (std::uint32_t o = 0; o < offers; ++o) {
      all.push_back({user_id{u * 7 + 1},
                     {o, uniform_between(draw, 0, most_cost),
                      uniform_between(draw, -most_value / 4, most_value)}});
    }
  }
  return all;
}

}  // namespace

TEST_CASE("allocation: the shop's example") {
  const arms all = {{user_id{1}, {5, 100, 150}}, {user_id{1}, {10, 300, 200}},
                    {user_id{2}, {5, 100, 40}},  {user_id{2}, {10, 200, 500}},
                    {user_id{3}, {5, 100, -20}}, {user_id{4}, {5, 100, 90}}};
  const auto a = offer::allocate(all, 350);
  REQUIRE(a);
  CHECK(a->given == arms{{user_id{1}, {5, 100, 150}}, {user_id{2}, {10, 200, 500}}});
  CHECK(a->cost == 300);
  CHECK(a->value == 650);
  CHECK(a->bound == 695);  // and half of the offer for shopper 4
  CHECK(a->price == budget_price{9, 10});
}

TEST_CASE("allocation: nothing in, nothing out") {
  CHECK(*offer::allocate({}, 0) == allocation{});
  CHECK(*offer::allocate({}, 100) == allocation{});
  const arms all = {{user_id{1}, {0, 10, 100}}, {user_id{2}, {0, 0, 7}}};
  const auto free_only = offer::allocate(all, 0);
  REQUIRE(free_only);
  CHECK(free_only->given == arms{{user_id{2}, {0, 0, 7}}});
  CHECK(free_only->cost == 0);
  CHECK(free_only->bound == 7);
  CHECK(free_only->price == budget_price{});  // what is costlier than the budget is not missed
}

TEST_CASE("allocation: an offer without value is never given, however much is left") {
  const arms all = {{user_id{1}, {0, 0, 0}}, {user_id{1}, {1, 5, -10}}, {user_id{2}, {0, 1, 0}}};
  CHECK(offer::allocate(all, 1'000'000)->given.empty());
}

TEST_CASE("allocation: every small instance is within one step of the optimum") {
  // Two customers of two offers each: costs 0 to 2, values -1 to 2.
  constexpr std::uint64_t kinds = 12;
  const auto arm_of = [](std::uint64_t user, std::uint32_t offer, std::uint64_t kind) {
    return customer_arm{
        user_id{user},
        {offer, static_cast<std::int64_t>(kind / 4), static_cast<std::int64_t>(kind % 4) - 1}};
  };
  const char* fault = nullptr;
  std::int64_t failures = 0;
  for (std::uint64_t code = 0; code < kinds * kinds * kinds * kinds; ++code) {
    const arms all = {arm_of(1, 0, code % kinds), arm_of(1, 1, code / kinds % kinds),
                      arm_of(2, 0, code / (kinds * kinds) % kinds),
                      arm_of(2, 1, code / (kinds * kinds * kinds))};
    for (std::int64_t budget = 0; budget < 5; budget += budget == 0 ? 1 : 2) {
      const auto a = offer::allocate(all, budget);
      if (!a) ++failures;
      if (!a) continue;
      if (fault == nullptr) fault = fault_of(all, budget, *a);
      const std::int64_t best = optimum(all, budget);
      failures += a->value > best || best > a->bound || best - a->value >= 2;
    }
  }
  CHECK(fault == nullptr);
  CHECK(failures == 0);
}

TEST_CASE("allocation: random instances lie between the optimum less one offer and the bound") {
  std::int64_t exact = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    counter_random draw(seed, 1);
    const arms all = random_arms(draw, 1 + uniform_below(draw, 60), 30, 40);
    const std::int64_t budget = uniform_between(draw, 0, 400);
    const std::int64_t best = optimum(all, budget);
    const auto kept = offer::allocate(all, budget, leftover::keep);
    const auto spent = offer::allocate(all, budget);
    REQUIRE(kept);
    REQUIRE(spent);
    for (const allocation* a : {&*kept, &*spent}) {
      CHECK(fault_of(all, budget, *a) == nullptr);
      CHECK(a->value <= best);
      CHECK(best <= a->bound);
      CHECK(a->bound - a->value <= largest_value(all));
    }
    CHECK(spent->value >= kept->value);
    CHECK(spent->bound == kept->bound);
    CHECK(spent->price == kept->price);
    if (kept->price == budget_price{}) CHECK(kept->value == best);  // enough for everybody
    exact += spent->value == best;
  }
  CHECK(exact > 200);
}

TEST_CASE("allocation: the order of customers and arms changes nothing") {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    CAPTURE(seed);
    counter_random draw(seed, 2);
    arms all = random_arms(draw, 200, 6, 6);  // many ties
    const std::int64_t budget = uniform_between(draw, 0, 500);
    const auto first = offer::allocate(all, budget);
    REQUIRE(first);
    for (int i = 0; i < 3; ++i) {
      shuffle(std::span<customer_arm>(all), draw);
      const auto again = offer::allocate(all, budget);
      REQUIRE(again);
      CHECK(*again == *first);
    }
  }
}

TEST_CASE("allocation: the price gives the same answers to one customer at a time") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    counter_random draw(seed, 3);
    const arms all = random_arms(draw, 300, 20, 30);
    const std::int64_t budget = uniform_between(draw, 20, 2000);  // no offer is costlier than it
    const auto a = offer::allocate(all, budget, leftover::keep);
    REQUIRE(a);
    std::map<user_id, offer_arm> given;
    for (const customer_arm& g : a->given) given[g.customer] = g.arm;
    std::int64_t cost = 0;
    for (const auto& [user, his] : by_customer(all)) {
      const auto chosen = a->price.choose(his);
      REQUIRE(chosen);
      // Those at the very price are given by the allocation as far as the budget goes.
      const offer_arm none{};
      const offer_arm by_price = *chosen ? his[**chosen] : none;
      const offer_arm by_list = given.contains(user) ? given[user] : none;
      cost += by_price.cost;
      const auto left = [&](const offer_arm& o) {
        return o.value * a->price.cost - a->price.value * o.cost;
      };
      CHECK(left(by_price) == left(by_list));
      CHECK(by_price.cost <= by_list.cost);
    }
    CHECK(cost <= a->cost);
  }
}

TEST_CASE("allocation: a larger budget is never dearer per unit and never worth less") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    CAPTURE(seed);
    counter_random draw(seed, 4);
    const arms all = random_arms(draw, 100, 20, 30);
    std::int64_t bound = 0;
    budget_price price{INT64_MAX, 1};
    for (std::int64_t budget = 20; budget < 1500; budget += 37) {
      const auto a = offer::allocate(all, budget);
      REQUIRE(a);
      CHECK(a->bound >= bound);
      CHECK(int128{a->price.value} * price.cost <= int128{price.value} * a->price.cost);
      bound = a->bound;
      price = a->price;
    }
    CHECK(price == budget_price{});
  }
}

TEST_CASE("allocation: amounts at the ends of the range are exact") {
  const arms all = {{user_id{1}, {0, INT64_MAX, INT64_MAX}},
                    {user_id{2}, {0, 1, 1}},
                    {user_id{3}, {0, INT64_MAX - 1, INT64_MAX}}};
  const auto a = offer::allocate(all, INT64_MAX);
  REQUIRE(a == errc::overflow);  // the bound is beyond 64 bits
  const auto one = offer::allocate(std::span(all).subspan(1), INT64_MAX - 1);
  REQUIRE(one);
  CHECK(one->given == arms{{user_id{3}, {0, INT64_MAX - 1, INT64_MAX}}});
  CHECK(one->bound == INT64_MAX);
  const arms too_much = {{user_id{1}, {0, 0, INT64_MAX}}, {user_id{2}, {0, 0, 1}}};
  CHECK(offer::allocate(too_much, 5) == errc::overflow);
  // Values that cancel out in doubles are told apart.
  const arms close = {{user_id{1}, {0, 1'000'000'000'000'000'000, 1'000'000'000'000'000'001}},
                      {user_id{2}, {0, 1'000'000'000'000'000'000, 1'000'000'000'000'000'002}}};
  CHECK(offer::allocate(close, 1'000'000'000'000'000'000)->given[0].customer == user_id{2});
}

TEST_CASE("allocation: what is not an input is refused") {
  const arms fine = {{user_id{1}, {0, 10, 10}}};
  CHECK(offer::allocate(fine, -1) == errc::out_of_range);
  const arms negative = {{user_id{1}, {0, 10, 10}}, {user_id{2}, {0, -1, 10}}};
  CHECK(offer::allocate(negative, 100) == errc::out_of_range);
  CHECK(offer::allocate(negative, 100).error().at == 1);
  const arms smallest = {{user_id{2}, {0, INT64_MIN, INT64_MIN}}};
  CHECK(offer::allocate(smallest, 100) == errc::out_of_range);
  const arms twice = {{user_id{1}, {3, 10, 10}}, {user_id{2}, {3, 1, 1}}, {user_id{1}, {3, 5, 5}}};
  CHECK(offer::allocate(twice, 100) == errc::duplicate);
}

TEST_CASE("budget price: the best arm above the price, ties to the cheaper and the lower number") {
  const std::vector<offer_arm> his = {{4, 100, 150}, {2, 50, 100}, {1, 50, 100}, {9, 0, 0}};
  CHECK(*budget_price{}.choose(his) == 0u);                // 150 against 100
  CHECK(*budget_price{1, 1}.choose(his) == 2u);            // 50 each: cheaper, then number 1
  CHECK(*budget_price{2, 1}.choose(his) == std::nullopt);  // value is not more than its price
  CHECK(*budget_price{199, 100}.choose(his) == 2u);
  CHECK(*budget_price{}.choose(his, 99) == 2u);
  CHECK(*budget_price{}.choose(his, 10) == std::nullopt);
  CHECK(*budget_price{}.choose({}) == std::nullopt);
  const std::vector<offer_arm> huge = {{1, INT64_MAX, INT64_MAX}, {2, INT64_MAX - 1, INT64_MAX}};
  CHECK(*budget_price{INT64_MAX - 1, INT64_MAX}.choose(huge) == 1u);
  const std::vector<offer_arm> bad = {{1, 1, 1}, {2, -1, 1}};
  CHECK(budget_price{}.choose(bad) == errc::out_of_range);
  CHECK(budget_price{}.choose(bad).error().at == 1);
  CHECK(budget_price{-1, 1}.choose(his) == errc::out_of_range);
  CHECK(budget_price{1, 0}.choose(his) == errc::out_of_range);
}
