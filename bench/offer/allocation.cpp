// Personal discounts: a million customers with four offers each, one budget.
// Work: 4,000,000 arms, expected costs 50 to 2,000 and values -500 to 3,000 minor units, evenly
// drawn; the budget is enough for about two thirds of them. Items are arms. The peer finds the same
// price by forty halvings.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"
#include "tailor/offer/allocation.hpp"
#include "tailor/offer/paced_budget.hpp"

namespace {

using namespace tailor;
using offer::customer_arm;

constexpr std::uint64_t customers = 1'000'000;
constexpr std::uint32_t offers = 4;
constexpr std::int64_t budget = 250'000'000;

const std::vector<customer_arm>& arms() {
  static const std::vector<customer_arm> all = [] {
    std::vector<customer_arm> out;
    out.reserve(customers * offers);
    counter_random draw(1, 0);
    for (std::uint64_t u = 0; u < customers; ++u) {
      for (std::uint32_t o = 0; o < offers; ++o) {
        out.push_back({user_id{u},
                       {o, uniform_between(draw, 50, 2'000), uniform_between(draw, -500, 3'000)}});
      }
    }
    return out;
  }();
  return all;
}

void count(benchmark::State& state, const offer::allocation& a) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(arms().size()));
  state.counters["given"] = double(a.given.size());
  state.counters["spent"] = double(a.cost) / double(budget);
  state.counters["gap"] = double(a.bound - a.value);
}

void allocate_a_million(benchmark::State& state) {
  const auto& all = arms();
  offer::allocation last;
  for (auto _ : state) {
    auto a = offer::allocate(all, budget);
    if (!a) return state.SkipWithError("refused");
    last = *std::move(a);
  }
  count(state, last);
}
BENCHMARK(allocate_a_million)->Unit(benchmark::kMillisecond);

/// In no order: with the sort before.
void allocate_shuffled(benchmark::State& state) {
  std::vector<customer_arm> all = arms();
  counter_random draw(2, 0);
  shuffle(std::span<customer_arm>(all), draw);
  offer::allocation last;
  for (auto _ : state) {
    auto a = offer::allocate(all, budget);
    if (!a) return state.SkipWithError("refused");
    last = *std::move(a);
  }
  count(state, last);
}
BENCHMARK(allocate_shuffled)->Unit(benchmark::kMillisecond);

/// What is written most often: halve the interval of the price, ask everybody each time.
void peer_forty_halvings(benchmark::State& state) {
  const auto& all = arms();
  std::vector<offer::offer_arm> flat;
  for (const customer_arm& a : all) flat.push_back(a.arm);
  std::int64_t spent = 0;
  for (auto _ : state) {
    std::int64_t low = 0;  // in 2^-30
    std::int64_t high = std::int64_t{1} << 40;
    for (int step = 0; step < 40; ++step) {
      const std::int64_t price = low + (high - low) / 2;
      spent = 0;
      for (std::size_t u = 0; u < flat.size(); u += offers) {
        const std::span<const offer::offer_arm> his(flat.data() + u, offers);
        const auto chosen = offer::budget_price{price, std::int64_t{1} << 30}.choose(his);
        if (chosen && *chosen) spent += his[**chosen].cost;
      }
      (spent > budget ? low : high) = price;
    }
    benchmark::DoNotOptimize(low);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(all.size()));
  state.counters["spent"] = double(spent) / double(budget);
}
BENCHMARK(peer_forty_halvings)->Unit(benchmark::kMillisecond);

/// One customer at a time, as they come. Items are customers.
void pace_one_customer(benchmark::State& state) {
  const auto& all = arms();
  std::vector<offer::offer_arm> flat;
  for (const customer_arm& a : all) flat.push_back(a.arm);
  const auto fresh = offer::paced_budget::make({.budget = budget,
                                                .customers = static_cast<std::int64_t>(customers),
                                                .typical_value = 1'500,
                                                .typical_cost = 1'000});
  offer::paced_budget pace = fresh.value();
  std::size_t u = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(pace.next(std::span<const offer::offer_arm>(flat.data() + u, offers)));
    u += offers;
    if (u == flat.size()) {
      u = 0;
      pace = fresh.value();
    }
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(pace_one_customer);

}  // namespace
