// Ten thousand rules against one visit: 40 fields of 20 values, 1 to 4 tests a rule, as
// json-rules-engine and zen have it in bench/peers/rules.mjs. Beside the index: every rule asked
// one after the other.

#include <benchmark/benchmark.h>

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tailor/core/random.hpp"
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

/// A third of the tests asks for one value, a third for one of a few, a third for a range.
std::vector<offer::rule> rules_of(std::size_t count) {
  std::uint64_t state = 7;
  std::vector<offer::rule> rules;
  for (std::size_t i = 0; i < count; ++i) {
    offer::rule r{.name = "r" + std::to_string(i)};
    offer::group all;
    const std::uint64_t tests = 1 + draw(state) % 4;
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
    rules.push_back(std::move(r));
  }
  return rules;
}

using book = offer::rule_book<visit>;

book book_of(std::size_t count) {
  return book::make(visit_fields(std::make_index_sequence<field_count>{}), rules_of(count)).value();
}

std::vector<visit> visits() {
  std::uint64_t state = 11;
  std::vector<visit> out(1'024);
  for (visit& v : out) {
    for (std::int64_t& x : v.field) x = static_cast<std::int64_t>(draw(state) % value_count);
  }
  return out;
}

void match_index(benchmark::State& state) {
  const book b = book_of(static_cast<std::size_t>(state.range(0)));
  const std::vector<visit> all = visits();
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
  const std::vector<visit> all = visits();
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
  const auto fields = visit_fields(std::make_index_sequence<field_count>{});
  const auto rules = rules_of(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    benchmark::DoNotOptimize(book::make(fields, rules).value());
  }
}
BENCHMARK(make_book)->Arg(10'000)->Unit(benchmark::kMillisecond);

}  // namespace
