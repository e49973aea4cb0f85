// The analysis of ten thousand rules, as match.cpp draws them, with discounts: those that never
// hold, shadow or repeat each other, and what they take together. Beside it: every rule looked at
// beside every rule of its group before it, which is what shadows alone would cost.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "../support/drawn_rules.hpp"
#include "tailor/offer/analysis.hpp"
#include "tailor/offer/condition_words.hpp"
#include "tailor/offer/rule_book.hpp"

namespace {

using namespace tailor;

using bench::visit;

std::int64_t drawn_share(counter_random& draw) {
  return static_cast<std::int64_t>(1 + uniform_below(draw, 12)) * 100;
}

/// `groups`: 0, no rule has one; else so many of them, of like size.
std::vector<offer::rule> rules_of(std::size_t count, std::size_t groups, std::size_t least = 1) {
  std::vector<offer::rule> rules = bench::drawn_rules(count, least);
  counter_random draw(8, 0);
  for (offer::rule& r : rules) {
    r.gives = offer::percent_off{.share = drawn_share(draw)};
    if (groups > 0) r.group = "g" + std::to_string(uniform_below(draw, groups));
  }
  return rules;
}

/// Spend thresholds: all rules of one slot, each within many others.
std::vector<offer::rule> thresholds_of(std::size_t count) {
  counter_random draw(9, 0);
  std::vector<offer::rule> rules;
  for (std::size_t i = 0; i < count; ++i) {
    offer::rule r{.name = "r" + std::to_string(i)};
    r.when = offer::the("f0") >= static_cast<std::int64_t>(i * 10);
    r.priority = static_cast<std::int32_t>(i);
    if (uniform_below(draw, 8) == 0)
      r.when = offer::the("f0") >= static_cast<std::int64_t>(i * 10 + 25);
    r.gives = offer::percent_off{.share = drawn_share(draw)};
    r.group = "g";
    rules.push_back(std::move(r));
  }
  return rules;
}

using book = offer::rule_book<visit>;

book book_of(std::vector<offer::rule> rules) {
  return book::make(bench::visit_fields(), std::move(rules)).value();
}

void count(const std::vector<offer::finding>& found, benchmark::State& state) {
  const auto of = [&](offer::finding_kind k) {
    return static_cast<double>(std::count_if(found.begin(), found.end(),
                                             [k](const offer::finding& f) { return f.kind == k; }));
  };
  state.counters["shadowed"] = of(offer::finding_kind::shadowed);
  state.counters["duplicates"] = of(offer::finding_kind::duplicate);
  state.counters["too_much"] =
      of(offer::finding_kind::takes_too_much) + of(offer::finding_kind::may_take_too_much);
  state.counters["cut"] = of(offer::finding_kind::cut);
}

void analyse_of(benchmark::State& state, std::vector<offer::rule> rules,
                const offer::analysis_options& options = {}) {
  const book b = book_of(std::move(rules));
  std::vector<offer::finding> found;
  for (auto _ : state) {
    found = offer::analyse(b.compiled(), options);
    benchmark::DoNotOptimize(found.data());
  }
  count(found, state);
  state.counters["rules"] = static_cast<double>(b.size());
}

void analyse(benchmark::State& state) {
  analyse_of(state, rules_of(static_cast<std::size_t>(state.range(0)),
                             static_cast<std::size_t>(state.range(1))));
}
BENCHMARK(analyse)
    ->Args({1'000, 1})
    ->Args({10'000, 0})
    ->Args({10'000, 1})
    ->Args({10'000, 100})
    ->Args({100'000, 100})
    ->Unit(benchmark::kMillisecond);

/// Rules of three and four tests, every set that takes too much told: nothing is cut.
void analyse_in_full(benchmark::State& state) {
  analyse_of(state, rules_of(static_cast<std::size_t>(state.range(0)), 100, 3),
             {.most_stacks = 1'000'000});
}
BENCHMARK(analyse_in_full)->Arg(1'000)->Arg(10'000)->Unit(benchmark::kMillisecond);

void analyse_thresholds(benchmark::State& state) {
  analyse_of(state, thresholds_of(static_cast<std::size_t>(state.range(0))));
}
BENCHMARK(analyse_thresholds)->Arg(10'000)->Unit(benchmark::kMillisecond);

/// Shadows by the index, and how many pairs it looks at.
void shadows_by_index(benchmark::State& state) {
  const book b = book_of(rules_of(static_cast<std::size_t>(state.range(0)), 1, 3));
  std::uint64_t looks = 0;
  std::size_t found = 0;
  for (auto _ : state) {
    const offer::detail::rule_regions regions(b.compiled(), timestamp{INT64_MIN});
    std::vector<offer::finding> out;
    offer::detail::shadow_search search(b.compiled(), regions, UINT64_MAX);
    search.run(out);
    looks = UINT64_MAX - search.looks_left();
    found = out.size();
  }
  state.counters["pairs"] = static_cast<double>(looks);
  state.counters["shadowed"] = static_cast<double>(found);
}
BENCHMARK(shadows_by_index)->Arg(1'000)->Arg(10'000)->Unit(benchmark::kMillisecond);

void shadows_by_all_pairs(benchmark::State& state) {
  const book b = book_of(rules_of(static_cast<std::size_t>(state.range(0)), 1, 3));
  std::uint64_t looks = 0;
  std::size_t found = 0;
  for (auto _ : state) {
    const offer::detail::rule_regions regions(b.compiled(), timestamp{INT64_MIN});
    looks = 0;
    found = 0;
    const auto holds = [&regions](std::uint32_t i) {
      return regions[i].is == offer::detail::rule_regions::state::may_hold;
    };
    for (std::uint32_t i = 0; i < b.size(); ++i) {
      for (std::uint32_t a = 0; a < i && holds(i); ++a) {
        ++looks;
        if (!holds(a) || !regions.implies(i, a)) continue;
        ++found;
        break;
      }
    }
  }
  state.counters["pairs"] = static_cast<double>(looks);
  state.counters["shadowed"] = static_cast<double>(found);
}
BENCHMARK(shadows_by_all_pairs)->Arg(1'000)->Arg(10'000)->Unit(benchmark::kMillisecond);

}  // namespace
