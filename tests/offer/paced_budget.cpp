#include "tailor/offer/paced_budget.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"
#include "tailor/offer/allocation.hpp"
#include "tailor/testing/laws.hpp"

using namespace tailor;
using offer::budget_price;
using offer::offer_arm;
using offer::paced_budget;
using offer::pacing_options;

namespace {

struct stream {
  std::vector<std::vector<offer_arm>> customers;
  std::vector<offer::customer_arm> flat;
};

stream random_stream(std::uint64_t seed, std::int64_t n) {
  stream s;
  counter_random draw(seed, 7);
  for (std::int64_t u = 0; u < n; ++u) {
    s.customers.emplace_back();
    const std::uint64_t offers = uniform_below(draw, 4);
    for (std::uint32_t o = 0; o < offers; ++o) {
      const offer_arm a{o, uniform_between(draw, 1, 1'000), uniform_between(draw, -500, 2'000)};
      s.customers.back().push_back(a);
      s.flat.push_back({user_id{static_cast<std::uint64_t>(u)}, a});
    }
  }
  return s;
}

paced_budget make(const pacing_options& o) { return paced_budget::make(o).value(); }

}  // namespace

TEST_CASE("paced budget: the loss is of the order of the root of the number of customers") {
  for (const std::int64_t n : {1'000, 4'000, 16'000, 64'000}) {
    for (const std::int64_t share : {20, 80, 200}) {  // of the budget for each customer
      CAPTURE(n, share);
      const stream s = random_stream(static_cast<std::uint64_t>(n + share), n);
      const std::int64_t budget = n * share;
      const auto best = offer::allocate(s.flat, budget);
      REQUIRE(best);
      const auto given = static_cast<std::int64_t>(best->given.size());
      paced_budget pace = make({.budget = budget,
                                .customers = n,
                                .typical_value = best->value / given,
                                .typical_cost = best->cost / given});
      std::int64_t value = 0;
      std::int64_t cost = 0;
      for (const auto& arms : s.customers) {
        const auto chosen = pace.next(arms);
        REQUIRE(chosen);
        if (!*chosen) continue;
        value += arms[**chosen].value;
        cost += arms[**chosen].cost;
      }
      CHECK(cost == pace.spent());
      CHECK(cost <= budget);
      CHECK(value <= best->bound);
      // Half of the largest value for each of sqrt(n) customers.
      CHECK(best->bound - value <= 1'000 * offer::detail::root_of(n));
    }
  }
}

TEST_CASE("paced budget: the price of an allocation is where it stays") {
  const stream s = random_stream(5, 20'000);
  const auto best = offer::allocate(s.flat, 1'600'000);
  REQUIRE(best);
  paced_budget pace = make({.budget = 1'600'000,
                            .customers = 20'000,
                            .typical_value = 1'000,
                            .typical_cost = 500,
                            .start = best->price});
  const double want = double(best->price.value) / double(best->price.cost);
  for (const auto& arms : s.customers) REQUIRE(pace.next(arms));
  const double end = double(pace.price().value) / double(pace.price().cost);
  CHECK(std::abs(end - want) < want / 5);
}

TEST_CASE("paced budget: never spends more than there is, whoever comes") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    counter_random draw(seed, 3);
    const std::int64_t budget = uniform_between(draw, 0, 5'000);
    paced_budget pace = make({.budget = budget,
                              .customers = uniform_between(draw, 1, 100),
                              .typical_value = uniform_between(draw, 1, 1'000),
                              .typical_cost = uniform_between(draw, 1, 1'000)});
    std::int64_t spent = 0;
    for (int i = 0; i < 300; ++i) {
      std::vector<offer_arm> arms;
      const std::uint64_t offers = uniform_below(draw, 4);
      for (std::uint32_t o = 0; o < offers; ++o) {
        const bool huge = uniform_below(draw, 20) == 0;
        arms.push_back({o, huge ? INT64_MAX : uniform_between(draw, 0, 300),
                        huge ? INT64_MAX : uniform_between(draw, -10, 1'000)});
      }
      const auto chosen = pace.next(arms);
      REQUIRE(chosen);
      if (*chosen) {
        spent += arms[**chosen].cost;
        CHECK(arms[**chosen].value > 0);
      }
      REQUIRE(spent <= budget);
      REQUIRE(pace.left() == budget - spent);
      REQUIRE(pace.seen() == i + 1);
      REQUIRE(pace.price().value >= 0);
    }
  }
}

TEST_CASE("paced budget: nobody is given a discount at or above its value") {
  const paced_budget pace = make({.budget = 1'000, .customers = 10, .start = {2, 1}});
  const std::vector<offer_arm> at_price = {{1, 50, 100}};
  CHECK(*pace.decide(at_price) == std::nullopt);
  const std::vector<offer_arm> above = {{1, 50, 101}};
  CHECK(*pace.decide(above) == 0u);
}

TEST_CASE("paced budget: the price rises with spending, falls without, and stops at zero") {
  paced_budget pace = make({.budget = 1'000, .customers = 100});
  CHECK(pace.price() == budget_price{0, std::int64_t{1} << 40});
  REQUIRE(pace.record(110));
  // (110 - 10) * 100 / 100^2 / sqrt(100) = 1/10
  const double tenth = double(pace.price().value) / double(pace.price().cost);
  CHECK(tenth == Catch::Approx(0.1));
  REQUIRE(pace.record(0));  // a hundredth less
  CHECK(double(pace.price().value) / double(pace.price().cost) == Catch::Approx(0.09));
  for (int i = 0; i < 10; ++i) REQUIRE(pace.record(0));
  CHECK(pace.price().value == 0);
}

TEST_CASE("paced budget: refuses what it cannot be") {
  using o = pacing_options;
  CHECK(paced_budget::make(o{.budget = -1}) == errc::out_of_range);
  CHECK(paced_budget::make(o{.customers = 0}) == errc::out_of_range);
  CHECK(paced_budget::make(o{.typical_value = 0}) == errc::out_of_range);
  CHECK(paced_budget::make(o{.typical_cost = -3}) == errc::out_of_range);
  CHECK(paced_budget::make(o{.typical_cost = INT64_MAX}) == errc::out_of_range);
  CHECK(paced_budget::make(o{.start = {1, 0}}) == errc::out_of_range);
  CHECK(paced_budget::make(o{.start = {-1, 1}}) == errc::out_of_range);
  CHECK(paced_budget::make(o{.start = {INT64_MAX, 1}}) == errc::overflow);
  CHECK(paced_budget::make(o{.customers = 1, .typical_value = INT64_MAX, .typical_cost = 1}) ==
        errc::overflow);

  paced_budget pace = make({.budget = 100, .customers = 10});
  REQUIRE(pace.record(60));
  const paced_budget before = pace;
  CHECK(pace.record(41) == errc::full);
  CHECK(pace.record(-1) == errc::out_of_range);
  const std::vector<offer_arm> bad = {{1, -5, 10}};
  CHECK(pace.next(bad) == errc::out_of_range);
  CHECK(pace == before);
  CHECK(pace.record(40));
  CHECK(pace.left() == 0);
}

TEST_CASE("paced budget: the ends of the range do not overflow") {
  paced_budget pace = make({.budget = INT64_MAX,
                            .customers = 1,
                            .typical_value = INT64_MAX,
                            .typical_cost = std::int64_t{1} << 40});
  const std::vector<offer_arm> arms = {{1, INT64_MAX, INT64_MAX}, {2, 1, 1}};
  CHECK(*pace.next(arms) == 0u);
  CHECK(pace.left() == 0);
}

TEST_CASE("paced budget: goes on after a restart as if there had been none") {
  paced_budget pace = make({.budget = 10'000, .customers = 100, .start = {1, 3}});
  const stream s = random_stream(9, 100);
  for (std::size_t i = 0; i < 50; ++i) REQUIRE(pace.next(s.customers[i]));
  const auto bytes = testing::bytes_of(pace);
  byte_reader in(bytes);
  auto read = paced_budget::decode(in);
  REQUIRE(read);
  CHECK(in.remaining() == 0);
  CHECK(*read == pace);
  CHECK(testing::bytes_of(*read) == bytes);
  for (std::size_t i = 50; i < 100; ++i) {
    CHECK(*read->next(s.customers[i]) == *pace.next(s.customers[i]));
  }
  CHECK(*read == pace);
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    byte_reader cut{std::span<const std::byte>(bytes).first(n)};
    CHECK_FALSE(paced_budget::decode(cut));
  }
  for (std::size_t field = 0; field < 9; ++field) {  // no number of them may be negative
    auto broken = bytes;
    broken[field * 8 + 7] = std::byte{0xff};
    byte_reader reader(broken);
    CHECK(paced_budget::decode(reader) == errc::corrupt);
  }
}
