// A cart of 50 lines for which 200 rules hold, priced with its receipt: line conditions, groups,
// every kind of discount. Work: rules × lines that a discount may touch, for each trial.

#include <benchmark/benchmark.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tailor/offer/checkout.hpp"
#include "tailor/offer/condition_words.hpp"

namespace {

using namespace tailor;

struct row {
  std::uint64_t sku;
  std::int64_t cents;
  std::int64_t pieces;
  std::string_view brand;
};
struct basket {
  std::vector<row> rows;
  std::int64_t total = 0;
};

constexpr std::string_view brands[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"};

}  // namespace

template <>
struct tailor::offer::cart_traits<basket> {
  static std::span<const row> lines(const basket& b) { return b.rows; }
  static item_id item(const row& r) { return item_id{r.sku}; }
  static std::int64_t unit_price(const row& r) { return r.cents; }
  static std::int64_t unit_cost(const row& r) { return r.cents / 2; }
  static std::int64_t pieces(const row& r) { return r.pieces; }
  static currency unit(const basket&) { return currency::make("EUR", 2).value(); }
};

namespace {

using book = offer::rule_book<basket>;

basket big_basket() {
  basket b;
  for (std::uint64_t i = 0; i < 50; ++i) {
    b.rows.push_back({i * 7919 % 1'000, static_cast<std::int64_t>(99 + i * 937 % 5'000),
                      static_cast<std::int64_t>(1 + i % 4), brands[i % 10]});
    b.total += b.rows.back().cents * b.rows.back().pieces;
  }
  return b;
}

/// 200 rules that hold; `groups` of them, 0: each for itself. 800 others do not.
book rules_of(std::size_t groups) {
  using namespace tailor::offer;
  std::vector<offer::rule> rules;
  for (int i = 0; i < 200; ++i) {
    offer::rule r{.name = "rule " + std::to_string(i), .priority = i % 3};
    r.when = the("total") > i;
    if (groups > 0) r.group = "g" + std::to_string(static_cast<std::size_t>(i) % groups);
    const auto brand = the("brand").is(std::string(brands[i % 10]));
    const auto dear = the("price") > i * 20;
    switch (i % 10) {
      case 0:
        r.gives = percent_off{.share = 100 + i, .from = taken_from::order};
        break;
      case 1:
        r.gives = amount_off{.minor = 50 + i};
        break;
      case 2:
        r.gives = buy_get{.buy = 3, .get = 1, .share = 2'000, .on = {brand}};
        break;
      case 3:
        r.gives = tiered{.tiers = {{2, 100}, {9, 200}}, .on = {brand}};
        break;
      case 4:
        r.gives = fixed_price{.minor = 4'900 - 10 * i, .on = {dear}};
        break;
      case 5:
        r.gives = amount_off{.minor = 5, .from = taken_from::units, .on = {brand}};
        break;
      default:
        r.gives = percent_off{.share = 50 + i, .on = {i % 2 == 0 ? brand : dear}};
    }
    rules.push_back(std::move(r));
  }
  for (int i = 0; i < 800; ++i) {
    rules.push_back({.name = "other " + std::to_string(i),
                     .when = the("total") < i,
                     .gives = percent_off{.share = 100, .on = {the("price") < i}}});
  }
  return book::make(fields<basket>{}.money("total", [](const basket& b) { return b.total; }),
                    fields<row>{}
                        .money("price", [](const row& r) { return r.cents; })
                        .text("brand", [](const row& r) { return r.brand; }),
                    std::move(rules))
      .value();
}

template <class Conflict>
void price(benchmark::State& state, Conflict conflict, std::size_t groups) {
  const book b = rules_of(groups);
  const basket cart = big_basket();
  const offer::checkout<basket, Conflict> till(currency::make("EUR", 2).value(), conflict);
  offer::checkout_state scratch;
  offer::receipt out;
  for (auto _ : state) {
    benchmark::DoNotOptimize(till.price(b, cart, {}, scratch, out));
  }
  state.counters["fired"] = static_cast<double>(out.fired.size());
  state.counters["dropped"] = static_cast<double>(out.dropped.size());
  state.counters["adjustments"] = static_cast<double>(out.adjustments.size());
  state.counters["cut"] = out.search_was_cut ? 1 : 0;
}

void all_stacked(benchmark::State& state) { price(state, offer::first_by_priority{}, 0); }
BENCHMARK(all_stacked)->Unit(benchmark::kMicrosecond);
void first_of_20_groups(benchmark::State& state) { price(state, offer::first_by_priority{}, 20); }
BENCHMARK(first_of_20_groups)->Unit(benchmark::kMicrosecond);
void best_of_2_groups(benchmark::State& state) {
  price(state, offer::best_for_shopper{{.trials = 64}}, 2);
}
BENCHMARK(best_of_2_groups)->Unit(benchmark::kMicrosecond);
void best_of_20_groups(benchmark::State& state) {
  price(state, offer::best_for_shopper{{.trials = 64}}, 20);
}
BENCHMARK(best_of_20_groups)->Unit(benchmark::kMicrosecond);

}  // namespace
