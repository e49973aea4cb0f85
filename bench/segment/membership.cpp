// Rule segments: 100 segments over a million shoppers, kept up by the clock and by events.
// Work: 4,000,000 events (60 % views, 20 % carts, 20 % purchases) of up to 1,000,000 shoppers over
// two years, density of shoppers ∝ rank^(-1/2); segments of counts, sums and funnels in windows of
// 1 to 365 days, of the ladder, and of groups of these. The peer is what a shop without flip times
// does: ask about everybody again.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "../support/brief.hpp"
#include "../support/shop.hpp"
#include "tailor/core/thread_pool.hpp"
#include "tailor/events/bulk.hpp"
#include "tailor/events/timeline.hpp"
#include "tailor/segment/ladder.hpp"
#include "tailor/segment/memberships.hpp"
#include "tailor/segment/rule_words.hpp"

namespace {

using namespace tailor;
using namespace tailor::segment;
using events::event_kind;

const std::uint32_t shoppers = bench::sized(1'000'000u);
constexpr std::int64_t span_days = 730;
constexpr timestamp begin{1'600'000'000'000'000};

struct life {
  std::vector<user_id> user;
  std::vector<timestamp> at;
  std::vector<item_id> item;
  std::vector<order_id> order;
  std::vector<event_kind> kind;
  std::vector<std::int64_t> price;

  life() {
    counter_random draw(1, 0);
    const std::size_t n = bench::sized(std::size_t{4'000'000});
    for (std::size_t i = 0; i < n; ++i) {
      // Every shopper comes at least once, the rest are drawn.
      const double u = uniform01(draw);
      const std::uint64_t who =
          i < shoppers ? i : static_cast<std::uint64_t>(u * u * double(shoppers));
      user.push_back(user_id{mix64(who + 1)});
      at.push_back(begin + duration{uniform_between(draw, 0, days(span_days).us)});
      item.push_back(item_id{1 + uniform_below(draw, 10'000)});
      const std::uint64_t sort = uniform_below(draw, 10);
      kind.push_back(sort < 6   ? event_kind::view_item
                     : sort < 8 ? event_kind::add_to_cart
                                : event_kind::purchase);
      const bool bought = kind.back() == event_kind::purchase;
      order.push_back(bought ? order_id{i + 1} : no_order);
      price.push_back(bought ? uniform_between(draw, 500, 20'000) : 0);
    }
  }
};

const events::timeline& history() {
  static const events::timeline t = [] {
    const life l;
    events::columns c;
    c.user = l.user;
    c.at = l.at;
    c.item = l.item;
    c.order = l.order;
    c.kind = l.kind;
    c.unit_price = l.price;
    events::timeline out;
    static_cast<void>(events::load(out, c, {}, bench::now));
    return out;
  }();
  return t;
}

const ladder& steps() {
  static const ladder l;
  return l;
}

const segment_book& book() {
  static const segment_book b = [] {
    std::vector<segment_definition> all;
    const auto add = [&](rule r) { all.push_back({std::to_string(all.size()), std::move(r)}); };
    const std::int64_t windows[] = {1, 3, 7, 14, 30, 60, 90, 180, 270, 365};
    for (const std::int64_t w : windows) {
      const timeframe f = last(days(w));
      add(did(purchases(), f));
      add(number_of(views(), f) >= 3);
      add(did(carts(), f) && !did(purchases(), f));
      add(revenue(f) >= 10'000);
      add(number_of(purchases(), f) >= 2 || measure(measured::pieces, carts(), f) >= 3);
      add(did(purchases()) && !did(purchases(), f));
      add(funnel({then(carts()), but_not(purchases())}, days(1), f));
      add(stands("ladder", w % 2 == 0 ? "loyal customer" : "repeat customer") && did(views(), f));
      add(number_of(purchases(), at_least_ago(days(w))) >= 1 && did(carts(), last(days(w))));
      add(measure(measured::items, views(), f) >= 2 && orders() >= 1);
    }
    rule_names names;
    std::vector<std::string> labels;
    for (std::uint8_t i = 0; i < rung_count; ++i) labels.emplace_back(name_of(rung{i}));
    static_cast<void>(names.stands("ladder", steps(), labels));
    return segment_book::make(std::move(all), names).value();
  }();
  return b;
}

struct counter {
  std::int64_t* n;
  void operator()(const membership_change&) const { ++*n; }
};

/// The clock goes on day by day in the second year, so that every window moves.
void tick_of_a_day(benchmark::State& state) {
  thread_pool pool(static_cast<std::size_t>(state.range(0)));
  std::int64_t changes = 0;
  timestamp now = begin + days(span_days + 1);
  memberships<counter> live(book(), history(), now, counter{&changes});
  std::int64_t days_gone = 0;
  for (auto _ : state) {
    now = now + days(1);
    benchmark::DoNotOptimize(live.advance(now, pool));
    ++days_gone;
  }
  state.counters["changes/day"] = double(changes) / double(days_gone);
  state.counters["bytes/shopper"] = double(live.bytes()) / double(history().shoppers());
}
BENCHMARK(tick_of_a_day)
    ->Arg(1)
    ->Arg(2)
    ->Iterations(20)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

void peer_ask_everybody(benchmark::State& state) {
  segment_reader reader(book(), history());
  timestamp now = begin + days(span_days + 1);
  std::int64_t in = 0;
  for (auto _ : state) {
    now = now + days(1);
    for (std::uint32_t h = 0; h < history().shopper_limit(); ++h) {
      if (!reader.look_at(h, now)) continue;
      for (std::uint32_t s = 0; s < book().size(); ++s) in += reader.is_in(s).is;
    }
    benchmark::DoNotOptimize(in);
  }
}
BENCHMARK(peer_ask_everybody)->Iterations(1)->Unit(benchmark::kMillisecond)->UseRealTime();

/// An event of a shopper drawn as those of the history: the memberships' share of it.
void one_event(benchmark::State& state) {
  std::int64_t changes = 0;
  const timestamp now = begin + days(span_days + 1);
  memberships<counter> live(book(), history(), now, counter{&changes});
  counter_random draw(5, 0);
  for (auto _ : state) {
    const double u = uniform01(draw);
    events::event e;
    e.user = user_id{mix64(static_cast<std::uint64_t>(u * u * double(shoppers)) + 1)};
    e.at = now;
    e.kind = uniform_below(draw, 10) < 6 ? event_kind::view_item : event_kind::purchase;
    live.observe(e);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(one_event)->Unit(benchmark::kMicrosecond);

void build(benchmark::State& state) {
  thread_pool pool(static_cast<std::size_t>(state.range(0)));
  memberships full(book(), history(), begin + days(span_days));
  for (auto _ : state) full.rebuild(begin + days(span_days), pool);
}
BENCHMARK(build)->Arg(2)->Iterations(1)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
