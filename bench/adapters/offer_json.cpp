// Ten thousand rules from JSON to a book that is ready to be asked: 40 fields of 20 values, 1 to 4
// tests a rule, a discount, a group and dates for each. Reading alone, reading and making the book,
// writing, and reading a document in which every rule has a mistake, lines included.

#include <benchmark/benchmark.h>

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tailor/adapters/offer_json.hpp"
#include "tailor/adapters/offer_json_write.hpp"
#include "tailor/core/distributions.hpp"
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

/// A third of the tests asks for one value, a third for one of a few, a third for a range.
std::vector<offer::rule> rules_of(std::size_t count) {
  counter_random draw(7, 0);
  std::vector<offer::rule> rules;
  for (std::size_t i = 0; i < count; ++i) {
    offer::rule r{.name = "rule number " + std::to_string(i)};
    offer::group all;
    const std::uint64_t tests = 1 + uniform_below(draw, 4);
    for (std::uint64_t t = 0; t < tests; ++t) {
      const auto field = offer::the("f" + std::to_string(uniform_below(draw, field_count)));
      const auto low = static_cast<std::int64_t>(uniform_below(draw, value_count));
      switch (uniform_below(draw, 3)) {
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
    r.gives = offer::percent_off{.share = 500 + static_cast<std::int64_t>(i % 20) * 25};
    r.priority = static_cast<std::int32_t>(i % 100);
    r.group = "group " + std::to_string(i % 200);
    r.from = timestamp{1'767'225'600'000'000} + days(static_cast<std::int64_t>(i % 300));
    r.until = r.from + days(30);
    rules.push_back(std::move(r));
  }
  return rules;
}

using book = offer::rule_book<visit>;

const offer::fields<visit>& all_fields() {
  static const auto all = visit_fields(std::make_index_sequence<field_count>{});
  return all;
}

void read_rules(benchmark::State& state) {
  const std::string json = adapters::write_offer_json(rules_of(10'000));
  for (auto _ : state) benchmark::DoNotOptimize(adapters::read_offer_json(json).value());
  state.counters["MB"] = static_cast<double>(json.size()) / 1e6;
}
BENCHMARK(read_rules)->Unit(benchmark::kMillisecond);

void read_rules_and_make_book(benchmark::State& state) {
  const std::string json = adapters::write_offer_json(rules_of(10'000));
  for (auto _ : state) {
    auto rules = adapters::read_offer_json(json, {.cart = all_fields().list()}, nullptr).value();
    benchmark::DoNotOptimize(book::make(all_fields(), std::move(rules)).value());
  }
}
BENCHMARK(read_rules_and_make_book)->Unit(benchmark::kMillisecond);

void write_rules(benchmark::State& state) {
  const auto rules = rules_of(10'000);
  for (auto _ : state) benchmark::DoNotOptimize(adapters::write_offer_json(rules));
}
BENCHMARK(write_rules)->Unit(benchmark::kMillisecond);

/// Every rule names a field that is not there: found by the book, and placed in the document.
void place_mistakes(benchmark::State& state) {
  auto rules = rules_of(10'000);
  for (offer::rule& r : rules) {
    std::get<offer::group>(r.when.is).parts.push_back(offer::the("nowhere") == 1);
  }
  const std::string json = adapters::write_offer_json(rules);
  std::vector<offer::mistake> found;
  if (book::make(all_fields(), std::move(rules), {}, &found)) state.SkipWithError("no mistake");
  for (auto _ : state) {
    auto placed = found;
    adapters::add_lines(json, placed);
    if (placed.back().line == 0) state.SkipWithError("no line");
  }
  state.counters["mistakes"] = static_cast<double>(found.size());
}
BENCHMARK(place_mistakes)->Unit(benchmark::kMillisecond);

}  // namespace
