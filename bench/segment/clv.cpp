// Lifetime value: the fit of BG/NBD and MBG/NBD, from a timeline and from counts.
// Work: customers drawn from BG/NBD with the parameters that CDNOW has, 39 weeks of days; the fit
// sees different histories (repeats, last, age) with their counts, some thousands of them whatever
// the number of customers. bench/peers/clv.py fits the same on CDNOW with lifetimes.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdint>
#include <utility>

#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"
#include "tailor/core/thread_pool.hpp"
#include "tailor/events/timeline.hpp"
#include "tailor/segment/lifetime_value.hpp"

namespace {

using namespace tailor;
using namespace tailor::segment;

constexpr timestamp begin{1'600'000'000'000'000};
constexpr timestamp end = begin + days(273);

events::timeline customers(std::uint64_t n) {
  events::timeline out;
  for (std::uint64_t u = 1; u <= n; ++u) {
    counter_random draw(9, u);
    // Paces spread as gamma(1/4) is, roughly: the fourth power of a uniform.
    const double slow = std::pow(uniform01(draw), 4) * 0.2 / 7;
    const double leaves = uniform01(draw) * 0.5;
    double day = std::floor(uniform01(draw) * 84);
    while (day < 273) {
      events::event e;
      e.user = user_id{mix64(u)};
      e.kind = events::event_kind::purchase;
      e.item = item_id{1};
      e.at = begin + hours(static_cast<std::int64_t>(day * 24));
      e.unit_price = uniform_between(draw, 500, 9'000);
      static_cast<void>(out.observe(e));
      if (uniform01(draw) < leaves) break;
      day += 1 - std::log(1 - uniform01(draw)) / slow;
    }
  }
  return out;
}

template <class Dropout>
void fit(benchmark::State& state) {
  const events::timeline history = customers(static_cast<std::uint64_t>(state.range(0)));
  thread_pool pool(static_cast<std::size_t>(state.range(1)));
  std::size_t distinct = 0;
  int steps = 0;
  for (auto _ : state) {
    const auto model = lifetime_value<Dropout>::fit(history, end, {}, {}, pool);
    distinct = model->repeats().report.distinct;
    steps = model->repeats().report.steps;
    benchmark::DoNotOptimize(model);
  }
  state.counters["different"] = static_cast<double>(distinct);
  state.counters["steps"] = steps;
}
BENCHMARK(fit<after_repeat>)
    ->Args({2'357, 1})
    ->Args({1'000'000, 1})
    ->Args({1'000'000, 2})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK(fit<after_any>)->Args({2'357, 1})->Unit(benchmark::kMillisecond)->UseRealTime();

/// The search alone, when the different histories are counted already.
void fit_counted(benchmark::State& state) {
  const events::timeline history = customers(static_cast<std::uint64_t>(state.range(0)));
  const auto counts = repeat_counts::of(history, end);
  const auto sample = repeat_sample::of(counts, 7).value();
  thread_pool pool(static_cast<std::size_t>(state.range(1)));
  for (auto _ : state) {
    benchmark::DoNotOptimize(fit_repeats<after_repeat>(sample, {}, {}, pool));
  }
}
BENCHMARK(fit_counted)
    ->Args({2'357, 1})
    ->Args({1'000'000, 1})
    ->Args({1'000'000, 2})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

void one_customer(benchmark::State& state) {
  const events::timeline history = customers(10'000);
  const auto model = lifetime_value<>::fit(history, end);
  order_reader scratch;
  std::uint32_t h = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(model->explain(history.lines_of(h), end, scratch));
    if (++h == history.shopper_limit()) h = 0;
  }
}
BENCHMARK(one_customer)->Unit(benchmark::kMicrosecond);

}  // namespace
