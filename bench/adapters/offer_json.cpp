// Ten thousand rules from JSON to a book that is ready to be asked: 40 fields of 20 values, 1 to 4
// tests a rule, a discount, a group and dates for each. Reading alone, reading and making the book,
// writing, and reading a document in which every rule has a mistake, lines included.

#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "../support/drawn_rules.hpp"
#include "tailor/adapters/offer_json.hpp"
#include "tailor/adapters/offer_json_write.hpp"
#include "tailor/offer/analysis.hpp"
#include "tailor/offer/condition_words.hpp"
#include "tailor/offer/rule_book.hpp"

namespace {

using namespace tailor;

using bench::visit;

std::vector<offer::rule> rules_of(std::size_t count) {
  std::vector<offer::rule> rules = bench::drawn_rules(count);
  for (std::size_t i = 0; i < count; ++i) {
    offer::rule& r = rules[i];
    r.name = "rule number " + std::to_string(i);
    r.gives = offer::percent_off{.share = 500 + static_cast<std::int64_t>(i % 20) * 25};
    r.priority = static_cast<std::int32_t>(i % 100);
    r.group = "group " + std::to_string(i % 200);
    r.from = timestamp{1'767'225'600'000'000} + days(static_cast<std::int64_t>(i % 300));
    r.until = r.from + days(30);
  }
  return rules;
}

using book = offer::rule_book<visit>;

const offer::fields<visit>& all_fields() {
  static const auto all = bench::visit_fields();
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

void read_rules_make_book_and_analyse(benchmark::State& state) {
  const std::string json = adapters::write_offer_json(rules_of(10'000));
  for (auto _ : state) {
    auto rules = adapters::read_offer_json(json, {.cart = all_fields().list()}, nullptr).value();
    const book made = book::make(all_fields(), std::move(rules)).value();
    benchmark::DoNotOptimize(offer::analyse(made.compiled()));
  }
}
BENCHMARK(read_rules_make_book_and_analyse)->Unit(benchmark::kMillisecond);

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
