// Ten thousand rules against one visit: 40 fields of 20 values, 1 to 4 tests a rule, as
// json-rules-engine and zen have it in bench/peers/rules.mjs. Beside the index: every rule asked
// one after the other.

#include <benchmark/benchmark.h>

#include <cstddef>
#include <vector>

#include "../support/drawn_rules.hpp"
#include "tailor/offer/rule_book.hpp"

namespace {

using namespace tailor;

using bench::visit;
using book = offer::rule_book<visit>;

book book_of(std::size_t count) {
  return book::make(bench::visit_fields(), bench::drawn_rules(count)).value();
}

void match_index(benchmark::State& state) {
  const book b = book_of(static_cast<std::size_t>(state.range(0)));
  const std::vector<visit> all = bench::drawn_visits(1'024);
  offer::match_state scratch;
  std::size_t i = 0;
  std::size_t matched = 0;
  for (auto _ : state) {
    matched += b.match(all[i++ % all.size()], {}, scratch).size();
  }
  state.counters["rules"] = static_cast<double>(state.range(0));
  state.counters["matched"] = static_cast<double>(matched) / static_cast<double>(i);
  state.counters["index_MB"] = static_cast<double>(b.compiled().index.memory()) / 1e6;
}
BENCHMARK(match_index)->Arg(1'000)->Arg(10'000)->Arg(100'000);

void match_one_by_one(benchmark::State& state) {
  const book b = book_of(static_cast<std::size_t>(state.range(0)));
  const std::vector<visit> all = bench::drawn_visits(1'024);
  std::size_t i = 0;
  std::size_t matched = 0;
  for (auto _ : state) {
    matched += b.match_slowly(all[i++ % all.size()], {}).size();
  }
  state.counters["rules"] = static_cast<double>(state.range(0));
  state.counters["matched"] = static_cast<double>(matched) / static_cast<double>(i);
}
BENCHMARK(match_one_by_one)->Arg(1'000)->Arg(10'000)->Arg(100'000);

void make_book(benchmark::State& state) {
  const auto fields = bench::visit_fields();
  const auto rules = bench::drawn_rules(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    benchmark::DoNotOptimize(book::make(fields, rules).value());
  }
}
BENCHMARK(make_book)->Arg(10'000)->Unit(benchmark::kMillisecond);

}  // namespace
