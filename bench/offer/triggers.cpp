// Triggers and frequency caps: a million shoppers, three flows, a day of events at once and one
// event at a time, and the news of an item.
// Work: events of shoppers drawn evenly (70 % views, 20 % carts, 10 % purchases) over 10,000 items;
// flows: abandoned cart (30 minutes and 24 hours after the session), win-back after 30 days, price
// drop for those who looked within 30 days.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "../support/brief.hpp"
#include "tailor/core/bytes.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"
#include "tailor/offer/frequency_cap.hpp"
#include "tailor/offer/triggers.hpp"

namespace {

using namespace tailor;
using namespace tailor::offer;
using events::event_kind;

constexpr timestamp begin{1'700'438'400'000'000};

trigger_book book() {
  return trigger_book::make({{.id = 1,
                              .kind = trigger_kind::abandoned_cart,
                              .steps = {{.delay = minutes(30)}, {.delay = hours(24)}}},
                             {.id = 2,
                              .kind = trigger_kind::win_back,
                              .steps = {{.delay = days(0)}, {.delay = days(30)}}},
                             {.id = 3,
                              .kind = trigger_kind::price_drop,
                              .again = after_days(7),
                              .steps = {{.delay = hours(0)}}}})
      .value();
}

/// `count` events spread evenly over the day `day`, in order of time.
std::vector<events::event> day_of_events(std::uint64_t shoppers, std::size_t count,
                                         std::int64_t day) {
  counter_random draw(7, static_cast<std::uint64_t>(day));
  std::vector<events::event> out(count);
  for (std::size_t i = 0; i < count; ++i) {
    events::event& e = out[i];
    e.user = user_id{mix64(uniform_below(draw, shoppers) + 1)};
    e.at = begin + days(day) +
           duration{days(1).us / static_cast<std::int64_t>(count) * static_cast<std::int64_t>(i)};
    e.item = item_id{1 + uniform_below(draw, 10'000)};
    const std::uint64_t sort = uniform_below(draw, 10);
    e.kind = sort < 7   ? event_kind::view_item
             : sort < 9 ? event_kind::add_to_cart
                        : event_kind::purchase;
    e.unit_price = uniform_between(draw, 100, 20'000);
  }
  return out;
}

/// A shop with `shoppers` of whom each was there within the last days.
triggers busy_shop(std::uint64_t shoppers) {
  triggers t = triggers::make(book(), begin, {.waiting = 10'000'000}).value();
  const auto sink = [](const intent&) {};
  constexpr std::int64_t past = 3;
  for (std::int64_t day = 0; day < past; ++day) {
    for (const events::event& e : day_of_events(shoppers, shoppers, day)) {
      static_cast<void>(t.observe(e));
    }
    static_cast<void>(t.advance(begin + days(day + 1), sink));
  }
  return t;
}

/// A day in one advance: the events, the waits, the steps.
void day_at_once(benchmark::State& state) {
  const auto shoppers = static_cast<std::uint64_t>(state.range(0));
  triggers t = busy_shop(shoppers);
  std::int64_t day = 3;
  std::size_t events_told = 0;
  std::uint64_t intents = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const auto all = day_of_events(shoppers, shoppers, day);
    state.ResumeTiming();
    for (const events::event& e : all) static_cast<void>(t.observe(e));
    const auto report =
        t.advance(begin + days(++day), [](const intent& i) { benchmark::DoNotOptimize(&i); });
    intents += report->intents;
    events_told += all.size();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(events_told));
  state.counters["intents/day"] =
      static_cast<double>(intents) / static_cast<double>(state.iterations());
  state.counters["bytes/shopper"] =
      static_cast<double>(t.bytes()) / static_cast<double>(t.shoppers());
}
BENCHMARK(day_at_once)
    ->Arg(bench::sized(200'000))
    ->Arg(bench::sized(1'000'000))
    ->Iterations(3)
    ->Unit(benchmark::kMillisecond);

/// The clock moves before each event, as in a shop that runs.
void event_by_event(benchmark::State& state) {
  const auto shoppers = static_cast<std::uint64_t>(state.range(0));
  triggers t = busy_shop(shoppers);
  std::int64_t day = 3;
  std::vector<events::event> all = day_of_events(shoppers, shoppers, day);
  std::size_t i = 0;
  const auto sink = [](const intent& x) { benchmark::DoNotOptimize(&x); };
  for (auto _ : state) {
    if (i == all.size()) {
      state.PauseTiming();
      all = day_of_events(shoppers, shoppers, ++day);
      i = 0;
      state.ResumeTiming();
    }
    benchmark::DoNotOptimize(t.observe(all[i]));
    benchmark::DoNotOptimize(t.advance(all[i].at, sink));
    ++i;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(event_by_event)->Arg(bench::sized(200'000))->Arg(bench::sized(1'000'000));

/// A day on which nobody comes: what is due from before.
void quiet_day(benchmark::State& state) {
  triggers t = busy_shop(static_cast<std::uint64_t>(state.range(0)));
  std::int64_t day = 3;
  std::uint64_t intents = 0;
  for (auto _ : state) {
    const auto report = t.advance(begin + days(++day), [](const intent&) {});
    intents += report->intents;
  }
  state.counters["intents/day"] =
      static_cast<double>(intents) / static_cast<double>(state.iterations());
}
BENCHMARK(quiet_day)->Arg(bench::sized(1'000'000))->Iterations(40)->Unit(benchmark::kMillisecond);

/// One price that falls, and those who looked at the item.
void news_of_an_item(benchmark::State& state) {
  triggers t = busy_shop(static_cast<std::uint64_t>(state.range(0)));
  timestamp now = begin + days(3);
  std::uint64_t item = 0;
  std::uint64_t told = 0;
  for (auto _ : state) {
    static_cast<void>(t.observe(price_change{item_id{1 + item++ % 10'000}, 1'000, 900, now}));
    now = now + seconds(1);
    const auto report = t.advance(now, [](const intent&) {});
    told += report->entered + report->too_soon;
  }
  state.counters["shoppers"] = static_cast<double>(told) / static_cast<double>(state.iterations());
}
BENCHMARK(news_of_an_item)->Arg(bench::sized(1'000'000))->Unit(benchmark::kMicrosecond);

void cap_asked(benchmark::State& state) {
  frequency_cap caps;
  const auto shoppers = static_cast<std::uint64_t>(state.range(0));
  for (std::uint64_t u = 0; u < shoppers; ++u) {
    static_cast<void>(caps.show(user_id{mix64(u)}, channel::email, 1, begin));
  }
  std::uint64_t u = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        caps.may_show(user_id{mix64(u++ * 7'919 % shoppers)}, channel::email, 2, begin + hours(1)));
  }
}
BENCHMARK(cap_asked)->Arg(bench::sized(1'000'000));

void cap_shown(benchmark::State& state) {
  frequency_cap caps;
  const auto shoppers = static_cast<std::uint64_t>(state.range(0));
  std::uint64_t n = 0;
  for (auto _ : state) {
    const user_id user{mix64(n * 7'919 % shoppers)};
    const timestamp at = begin + hours(static_cast<std::int64_t>(n / shoppers) * 20);
    benchmark::DoNotOptimize(caps.show(user, channel::email, 1, at));
    ++n;
  }
}
BENCHMARK(cap_shown)->Arg(bench::sized(1'000'000));

}  // namespace
