// Timeline: add, erase and merge side by side, and neighbours on demand.
// Work: 1,000,000 purchases of 100,000 shoppers and 10,000 items (bench/support/shop.hpp), far
// larger than the caches; "small" is 200,000 purchases of 4,000 shoppers and 4,000 items.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "../support/shop.hpp"
#include "tailor/core/thread_pool.hpp"
#include "tailor/events/bulk.hpp"
#include "tailor/events/timeline.hpp"
#include "tailor/similar/neighbours.hpp"
#include "tailor/similar/pair_counts.hpp"
#include "tailor/similar/timeline_pairs.hpp"

namespace {

using namespace tailor;
using events::timeline;

const bench::shop& big_shop() {
  static const bench::shop s(1'000'000, 100'000, 10'000);
  return s;
}

const timeline& full() {
  static const timeline t = [] {
    timeline out;
    static_cast<void>(events::load(out, big_shop().view(), {}, bench::now));
    return out;
  }();
  return t;
}

void load_columns(benchmark::State& state) {
  thread_pool pool(static_cast<std::size_t>(state.range(0)));
  const auto batch = big_shop().view();
  for (auto _ : state) {
    timeline t;
    benchmark::DoNotOptimize(events::load(t, batch, {}, bench::now, pool));
    state.PauseTiming();
    t = {};
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * std::int64_t(batch.size()));
}
BENCHMARK(load_columns)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

void observe_one_by_one(benchmark::State& state) {
  const auto batch = big_shop().view();
  for (auto _ : state) {
    timeline t;
    for (std::size_t i = 0; i < batch.size(); ++i) static_cast<void>(t.observe(batch.row(i)));
    benchmark::DoNotOptimize(t);
    state.PauseTiming();
    t = {};
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * std::int64_t(batch.size()));
}
BENCHMARK(observe_one_by_one)->Unit(benchmark::kMillisecond);

timeline loaded(const bench::shop& shop) {
  timeline t;
  static_cast<void>(events::load(t, shop.view(), {}, bench::now));
  return t;
}

void observe_into(benchmark::State& state, timeline t, const bench::shop& more) {
  const auto batch = more.view();
  std::size_t i = 0;
  timestamp at = bench::now;
  for (auto _ : state) {
    events::event e = batch.row(i);
    e.at = at = at + milliseconds(1);
    static_cast<void>(t.observe(e));
    if (++i == batch.size()) i = 0;
  }
  state.SetItemsProcessed(state.iterations());
}

void observe_into_full(benchmark::State& state) {
  observe_into(state, full(), bench::shop(200'000, 100'000, 10'000, 2));
}
BENCHMARK(observe_into_full)->Iterations(200'000);

void observe_into_small(benchmark::State& state) {
  observe_into(state, loaded(bench::shop(200'000, 4'000, 4'000)),
               bench::shop(100'000, 4'000, 4'000, 2));
}
BENCHMARK(observe_into_small)->Iterations(100'000);

void retract_from_full(benchmark::State& state) {
  timeline t = full();
  const auto batch = big_shop().view();
  std::size_t i = 0;
  for (auto _ : state) {
    if (!t.retract(batch.row(i))) state.SkipWithError("not there");
    i += 3;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(retract_from_full)->Iterations(200'000);

void forget_one_shopper(benchmark::State& state) {
  timeline t = full();
  const auto batch = big_shop().view();
  std::size_t i = 0;
  for (auto _ : state) t.forget(batch.user[i++]);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(forget_one_shopper)->Iterations(20'000)->Unit(benchmark::kMicrosecond);

void merge_two_shards(benchmark::State& state) {
  timeline halves[2];
  const auto batch = big_shop().view();
  for (std::size_t i = 0; i < batch.size(); ++i) {
    static_cast<void>(halves[raw(batch.user[i]) % 2].observe(batch.row(i)));
  }
  for (auto _ : state) {
    state.PauseTiming();
    timeline t = halves[0];
    state.ResumeTiming();
    t.merge(halves[1]);
    benchmark::DoNotOptimize(t);
  }
  state.SetItemsProcessed(state.iterations() * std::int64_t(halves[1].events()));
}
BENCHMARK(merge_two_shards)->Unit(benchmark::kMillisecond);

void neighbours_on_demand(benchmark::State& state) {
  const timeline& t = full();
  const similar::bought_together source(t);
  similar::pair_scratch scratch;
  std::vector<similar::neighbour> out;
  std::uint32_t i = 0;
  std::int64_t pairs = 0;
  for (auto _ : state) {
    for (const std::uint32_t s : t.bought().shoppers_of(i)) {
      pairs += std::int64_t(t.bought().items_of(s).size());
    }
    similar::neighbours(source, t.item_at(i), {}, similar::cosine{}, scratch, out);
    benchmark::DoNotOptimize(out.data());
    i = (i + 37) % t.item_limit();
  }
  state.counters["pairs/query"] =
      benchmark::Counter(double(pairs), benchmark::Counter::kAvgIterations);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(neighbours_on_demand)->Unit(benchmark::kMicrosecond);

void pair_counts_observe(benchmark::State& state, std::uint32_t shoppers, std::uint32_t items,
                         std::size_t events) {
  similar::pair_counts counts;
  const bench::shop shop(events, shoppers, items);
  const auto before = shop.view();
  for (std::size_t i = 0; i < before.size(); ++i) counts.observe(before.row(i));
  const bench::shop more(20'000, shoppers, items, 2);
  const auto batch = more.view();
  std::size_t i = 0;
  for (auto _ : state) {
    counts.observe(batch.row(i));
    if (++i == batch.size()) i = 0;
  }
  state.SetItemsProcessed(state.iterations());
}
void pair_counts_full(benchmark::State& state) {
  pair_counts_observe(state, 100'000, 10'000, 1'000'000);
}
BENCHMARK(pair_counts_full)->Iterations(20'000);
void pair_counts_small(benchmark::State& state) {
  pair_counts_observe(state, 4'000, 4'000, 100'000);
}
BENCHMARK(pair_counts_small)->Iterations(20'000);

}  // namespace
