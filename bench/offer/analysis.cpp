// The analysis of ten thousand rules, as match.cpp draws them, with discounts: those that never
// hold, shadow or repeat each other, and what they take together. Beside it: every rule looked at
// beside every rule of its group before it, which is what shadows alone would cost.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tailor/offer/analysis.hpp"
#include "tailor/offer/condition_words.hpp"
#include "tailor/offer/rule_book.hpp"

namespace {

using namespace tailor;

constexpr std::size_t field_count = 40;
constexpr std::int64_t value_count = 20;

struct visit {
  std::array<std::int64_t, field_count> field;
};

template <std::size_t... I>
offer::fields<visit> visit_fields(std::index_sequence<I...>) {
  offer::fields<visit> f;
  ((f = std::move(f).number("f" + std::to_string(I), [](const visit& v) { return v.field[I]; })),
   ...);
  return f;
}

std::uint64_t draw(std::uint64_t& state) {
  state += 0x9E3779B97F4A7C15;
  std::uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

/// `groups`: 0, no rule has one; else so many of them, of like size. Rules have `least` to four
/// tests. A third of them asks for one value, a third for one of a few, a third for a range.
std::vector<offer::rule> rules_of(std::size_t count, std::size_t groups, std::size_t least = 1) {
  std::uint64_t state = 7;
  std::vector<offer::rule> rules;
  for (std::size_t i = 0; i < count; ++i) {
    offer::rule r{.name = "r" + std::to_string(i)};
    offer::group all;
    const std::uint64_t tests = least + draw(state) % (5 - least);
    for (std::uint64_t t = 0; t < tests; ++t) {
      const auto field = offer::the("f" + std::to_string(draw(state) % field_count));
      const auto low = static_cast<std::int64_t>(draw(state) % value_count);
      switch (draw(state) % 3) {
        case 0:
          all.parts.push_back(field == low);
          break;
        case 1:
          all.parts.push_back(
              field.any_of({low, (low + 5) % value_count, (low + 11) % value_count}));
          break;
        default:
          all.parts.push_back(field.between(low, low + 6));
      }
    }
    r.when = {std::move(all)};
    r.gives = offer::percent_off{.share = static_cast<std::int64_t>(1 + draw(state) % 12) * 100};
    if (groups > 0) r.group = "g" + std::to_string(draw(state) % groups);
    rules.push_back(std::move(r));
  }
  return rules;
}

/// Spend thresholds: all rules of one slot, each within many others.
std::vector<offer::rule> thresholds_of(std::size_t count) {
  std::uint64_t state = 9;
  std::vector<offer::rule> rules;
  for (std::size_t i = 0; i < count; ++i) {
    offer::rule r{.name = "r" + std::to_string(i)};
    r.when = offer::the("f0") >= static_cast<std::int64_t>(i * 10);
    r.priority = static_cast<std::int32_t>(i);
    if (draw(state) % 8 == 0) r.when = offer::the("f0") >= static_cast<std::int64_t>(i * 10 + 25);
    r.gives = offer::percent_off{.share = static_cast<std::int64_t>(1 + draw(state) % 12) * 100};
    r.group = "g";
    rules.push_back(std::move(r));
  }
  return rules;
}

using book = offer::rule_book<visit>;

book book_of(std::vector<offer::rule> rules) {
  return book::make(visit_fields(std::make_index_sequence<field_count>{}), std::move(rules))
      .value();
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
