// Arrow batches of a million events of 200,000 shoppers and 50,000 items → columns of events: with
// columns of our types, with what a data frame mostly has (texts, nanoseconds, doubles), and with
// dictionaries. One thread; the batches are in memory. Every run ends in the same sum.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../../tests/adapters/arrow_producer.hpp"
#include "tailor/adapters/arrow.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"

namespace {

using namespace tailor;
using namespace tailor_test;

constexpr std::size_t rows = 1'000'000;

struct events_as_drawn {
  std::vector<std::int64_t> user, item, at, price;
  std::vector<std::int32_t> quantity;
};

const events_as_drawn& drawn() {
  static const events_as_drawn all = [] {
    events_as_drawn e;
    counter_random draw(1, 0);
    for (std::size_t i = 0; i < rows; ++i) {
      const double u = uniform01(draw), v = uniform01(draw);
      e.user.push_back(static_cast<std::int64_t>(200'000 * u * u));
      e.item.push_back(static_cast<std::int64_t>(50'000 * v * v * v));
      e.at.push_back(1'700'000'000'000'000 + static_cast<std::int64_t>(i) * 37'000);
      e.price.push_back(static_cast<std::int64_t>(uniform_below(draw, 20'000)));
      e.quantity.push_back(1 + static_cast<std::int32_t>(uniform_below(draw, 3)));
    }
    return e;
  }();
  return all;
}

std::vector<std::string> names(const std::vector<std::int64_t>& ids, const char* format) {
  std::vector<std::string> out;
  char name[32];
  for (const std::int64_t id : ids) {
    std::snprintf(name, sizeof name, format, static_cast<int>(id));
    out.emplace_back(name);
  }
  return out;
}

arrow_column_spec dictionary(const char* column, const std::vector<std::int64_t>& ids,
                             const char* format, std::int64_t count) {
  std::vector<std::int32_t> codes;
  for (const std::int64_t id : ids) codes.push_back(static_cast<std::int32_t>(id));
  std::vector<std::int64_t> all;
  for (std::int64_t id = 0; id < count; ++id) all.push_back(id);
  return coded(numbers(column, "i", codes), texts("", names(all, format)));
}

enum class layout { ours, frame, coded };

arrow_batch_spec make(layout of) {
  const events_as_drawn& e = drawn();
  arrow_batch_spec b;
  b.length = static_cast<std::int64_t>(rows);
  b.columns.push_back(numbers("quantity", "i", e.quantity));
  if (of == layout::ours) {
    b.columns.push_back(numbers("user_id", "l", e.user));
    b.columns.push_back(numbers("item_id", "l", e.item));
    b.columns.push_back(numbers("time", "tsu:UTC", e.at));
    b.columns.push_back(numbers("unit_price", "l", e.price));
    return b;
  }
  std::vector<std::int64_t> nanoseconds;
  std::vector<double> prices;
  for (std::size_t i = 0; i < rows; ++i) {
    nanoseconds.push_back(e.at[i] * 1'000);
    prices.push_back(static_cast<double>(e.price[i]) / 100);
  }
  b.columns.push_back(numbers("time", "tsn:UTC", nanoseconds));
  b.columns.push_back(numbers("unit_price", "g", prices));
  if (of == layout::frame) {
    b.columns.push_back(texts("user_id", names(e.user, "u%06d")));
    b.columns.push_back(texts("item_id", names(e.item, "sku-%05d")));
  } else {
    b.columns.push_back(dictionary("user_id", e.user, "u%06d", 200'000));
    b.columns.push_back(dictionary("item_id", e.item, "sku-%05d", 50'000));
  }
  return b;
}

template <layout Of>
void arrow(benchmark::State& state) {
  static arrow_producer from({make(Of)});
  std::int64_t sum = 0;
  std::size_t users = 0;
  for (auto _ : state) {
    events::name_tables tables;
    events::text_options how;
    how.if_absent = events::event_kind::purchase;
    ArrowSchema schema = from.schema();
    ArrowArray batch = from.batch(0);
    std::size_t read = 0;
    sum = 0;
    const auto report =
        adapters::read_arrow_batch(schema, batch, {}, how, tables,
                                   [&](const events::columns& c) {
                                     read += c.size();
                                     for (std::size_t i = 0; i < c.size(); ++i)
                                       sum += c.at[i].us + c.unit_price[i] * 7 + c.quantity[i];
                                   },
                                   {.integers = adapters::integer_prices::minor_units});
    if (!report || report->refused() != 0 || read != rows) state.SkipWithError("refused");
    users = tables.users.size();
  }
  static std::int64_t first = sum;
  if (sum != first) state.SkipWithError("another sum");
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(rows));
  state.counters["users"] = static_cast<double>(users);
}

BENCHMARK_TEMPLATE(arrow, layout::ours)->Unit(benchmark::kMillisecond);
BENCHMARK_TEMPLATE(arrow, layout::frame)->Unit(benchmark::kMillisecond);
BENCHMARK_TEMPLATE(arrow, layout::coded)->Unit(benchmark::kMillisecond);

}  // namespace
