// RFM: the numbers of a shop from the timeline and live, and a fit of scores.
// Work: 1,000,000 purchases of 100,000 shoppers (bench/support/shop.hpp), a window of 365 days. The
// peer of the live numbers is what they save: reading all shoppers again.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "../support/shop.hpp"
#include "tailor/core/thread_pool.hpp"
#include "tailor/events/bulk.hpp"
#include "tailor/events/timeline.hpp"
#include "tailor/segment/live_rfm.hpp"
#include "tailor/segment/rfm_fit.hpp"

namespace {

using namespace tailor;
using namespace tailor::segment;

const bench::shop& rows() {
  static const bench::shop s(1'000'000, 100'000, 10'000);
  return s;
}

const events::timeline& history() {
  static const events::timeline t = [] {
    events::timeline out;
    std::vector<std::int64_t> price(rows().user.size());
    for (std::size_t i = 0; i < price.size(); ++i) price[i] = 100 + std::int64_t(i % 977);
    events::columns c = rows().view();
    c.unit_price = price;
    static_cast<void>(events::load(out, c, {}, bench::now));
    return out;
  }();
  return t;
}

timestamp newest() { return rows().at.back() + minutes(1); }

void read_all(benchmark::State& state) {
  thread_pool pool(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(rfm_rows(history(), newest(), {}, pool));
  state.SetItemsProcessed(state.iterations() * std::int64_t(history().events()));
}
BENCHMARK(read_all)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

void fit(benchmark::State& state) {
  const auto all = rfm_rows(history(), newest());
  for (auto _ : state) benchmark::DoNotOptimize(fit_rfm(all));
}
BENCHMARK(fit)->Unit(benchmark::kMillisecond);

void live_event(benchmark::State& state) {
  live_rfm live(history(), newest());
  std::size_t i = 0;
  for (auto _ : state) {
    live.observe(rows().view().row(i));
    i = (i + 7'919) % rows().user.size();
  }
  state.counters["bytes/shopper"] = double(live.bytes()) / double(history().shoppers());
}
BENCHMARK(live_event)->Unit(benchmark::kMicrosecond);

void live_day(benchmark::State& state) {
  live_rfm live(history(), newest());
  timestamp now = newest();
  for (auto _ : state) {
    now = now + days(1);
    static_cast<void>(live.advance(now));
  }
}
BENCHMARK(live_day)->Iterations(30)->Unit(benchmark::kMillisecond);

}  // namespace
