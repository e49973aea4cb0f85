// Reading JSON lines: the columns alone, and the columns with dense ids of shoppers and items.
// Peers do the same work in the same run: simdjson with a hash map. Every function returns the same
// sum over its columns, or the run ends. One thread; the text is in memory.
#include <benchmark/benchmark.h>
#include <simdjson.h>
#include <tsl/robin_map.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tailor/adapters/ndjson.hpp"
#include "tailor/adapters/ndjson_events.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"

namespace {

using namespace tailor;

constexpr std::size_t line_count = 1'000'000;

/// A million events of 200,000 shoppers (the u-th drawn as 200,000 r²) and 50,000 items (r³), about
/// 166 bytes each.
const simdjson::padded_string& text() {
  static const simdjson::padded_string all = [] {
    counter_random draw(1, 0);
    const char* const kinds[] = {"view_item", "view_item",   "view_item",
                                 "view_item", "add_to_cart", "purchase"};
    const char* const devices[] = {"mobile", "desktop", "tablet"};
    std::string lines;
    char line[256];
    for (std::size_t i = 0; i < line_count; ++i) {
      const double u = uniform01(draw), v = uniform01(draw);
      const int size = std::snprintf(
          line, sizeof line,
          R"({"ts":%llu,"user":"u%06d","session":"s%08x","type":"%s","item":"sku-%05d","qty":%d,)"
          R"("price":%d.%02d,"referrer":"https://shop.example/c/%d","device":"%s"})"
          "\n",
          1'700'000'000'000ull + i * 37, static_cast<int>(200'000 * u * u),
          static_cast<unsigned>(draw()), kinds[uniform_below(draw, 6)],
          static_cast<int>(50'000 * v * v * v), 1 + static_cast<int>(uniform_below(draw, 3)),
          static_cast<int>(uniform_below(draw, 200)), static_cast<int>(uniform_below(draw, 100)),
          static_cast<int>(uniform_below(draw, 500)), devices[uniform_below(draw, 3)]);
      lines.append(line, static_cast<std::size_t>(size));
    }
    return simdjson::padded_string(lines);
  }();
  return all;
}

/// Counts and sums that do not depend on how a column is represented.
struct work {
  std::uint64_t lines = 0;
  std::uint64_t sum = 0;

  void check(benchmark::State& state) const {
    static std::unordered_map<bool, std::uint64_t> first;
    const bool with_ids = state.range(0) != 0;
    if (lines != line_count || first.try_emplace(with_ids, sum).first->second != sum) {
      std::fprintf(stderr, "not the same work: %llu lines, sum %llu\n",
                   static_cast<unsigned long long>(lines), static_cast<unsigned long long>(sum));
      std::exit(1);
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text().size()));
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(line_count));
  }
};

struct text_columns {
  std::vector<std::int64_t> at;
  std::vector<std::string_view> user, item;
  std::vector<events::event_kind> kind;
  std::vector<std::int32_t> quantity;
  std::vector<float> price;

  text_columns() {
    at.reserve(line_count);
    user.reserve(line_count);
    item.reserve(line_count);
    kind.reserve(line_count);
    quantity.reserve(line_count);
    price.reserve(line_count);
  }

  [[nodiscard]] work done() const {
    work w;
    w.lines = at.size();
    for (std::size_t i = 0; i < at.size(); ++i) {
      w.sum += static_cast<std::uint64_t>(at[i]) + user[i].size() + item[i].size() +
               static_cast<std::uint64_t>(kind[i]) + static_cast<std::uint64_t>(quantity[i]);
    }
    return w;
  }
};

struct id_columns {
  std::vector<std::int64_t> at;
  std::vector<std::uint32_t> user, item;
  std::vector<events::event_kind> kind;
  std::vector<std::int32_t> quantity;
  std::vector<float> price;

  id_columns() {
    at.reserve(line_count);
    user.reserve(line_count);
    item.reserve(line_count);
    kind.reserve(line_count);
    quantity.reserve(line_count);
    price.reserve(line_count);
  }

  [[nodiscard]] work done() const {
    work w;
    w.lines = at.size();
    for (std::size_t i = 0; i < at.size(); ++i) {
      w.sum += static_cast<std::uint64_t>(at[i]) * 31 + user[i] * std::uint64_t{7} + item[i] +
               static_cast<std::uint64_t>(kind[i]) + static_cast<std::uint64_t>(quantity[i]);
    }
    return w;
  }
};

/// Every event by plain simdjson, in the order of the members.
template <class F>
void simdjson_events(F each) {
  simdjson::ondemand::parser parser;
#ifdef SIMDJSON_THREADS_ENABLED
  parser.threaded = false;  // one thread for everybody
#endif
  simdjson::ondemand::document_stream lines;
  if (parser.iterate_many(text(), std::size_t{1} << 20).get(lines)) std::abort();
  for (auto line : lines) {
    simdjson::ondemand::object o;
    std::int64_t at = 0, quantity = 0;
    std::string_view user, kind, item;
    double price = 0;
    if (line.get_object().get(o) || o.find_field("ts").get(at) || o.find_field("user").get(user) ||
        o.find_field("type").get(kind) || o.find_field("item").get(item) ||
        o.find_field("qty").get(quantity) || o.find_field("price").get(price)) {
      continue;
    }
    each(at, user, *events::kind_of(events::event_spec::ga4, kind), item,
         static_cast<std::int32_t>(quantity), static_cast<float>(price));
  }
}

events::field_names names() {
  events::field_names n;
  n.time = "ts";
  n.user = "user";
  n.kind = "type";
  n.item = "item";
  n.quantity = "qty";
  n.unit_price = "price";
  n.id = n.visitor = n.order = "";
  return n;
}

events::text_options how() {
  events::text_options options;
  options.spec = events::event_spec::ga4;
  options.time = events::time_format::milliseconds;
  return options;
}

void extract_simdjson(benchmark::State& state) {
  work last;
  for (auto _ : state) {
    text_columns out;
    simdjson_events([&](std::int64_t at, std::string_view user, events::event_kind kind,
                        std::string_view item, std::int32_t quantity, float price) {
      out.at.push_back(at);
      out.user.push_back(user);
      out.item.push_back(item);
      out.kind.push_back(kind);
      out.quantity.push_back(quantity);
      out.price.push_back(price);
    });
    benchmark::DoNotOptimize(out.price.data());
    state.PauseTiming();
    last = out.done();
    state.ResumeTiming();
  }
  last.check(state);
}

void extract_tailor(benchmark::State& state) {
  work last;
  for (auto _ : state) {
    text_columns out;
    adapters::ndjson_reader lines({text().data(), text().size()}, names());
    const events::text_options options = how();
    while (lines.next()) {
      if (!lines.fault()) continue;
      const auto row = events::check_row(lines.fields(), options);
      if (!row) continue;
      out.at.push_back(row->rest.at.us / 1'000);
      out.user.push_back(row->user);
      out.item.push_back(row->item);
      out.kind.push_back(row->rest.kind);
      out.quantity.push_back(row->rest.quantity);
      out.price.push_back(static_cast<float>(row->rest.unit_price) / 100);
    }
    benchmark::DoNotOptimize(out.price.data());
    state.PauseTiming();
    last = out.done();
    state.ResumeTiming();
  }
  last.check(state);
}

struct text_hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>()(s); }
};
using std_map = std::unordered_map<std::string, std::uint32_t, text_hash, std::equal_to<>>;
using robin_map = tsl::robin_map<std::string, std::uint32_t, text_hash, std::equal_to<>>;

template <class Map>
void ids_simdjson(benchmark::State& state) {
  work last;
  for (auto _ : state) {
    id_columns out;
    Map users, items;
    const auto id_of = [](Map& map, std::string_view name) {
      const auto found = map.find(name);
      if (found != map.end()) return found->second;
      const auto id = static_cast<std::uint32_t>(map.size());
      map.emplace(std::string(name), id);
      return id;
    };
    simdjson_events([&](std::int64_t at, std::string_view user, events::event_kind kind,
                        std::string_view item, std::int32_t quantity, float price) {
      out.at.push_back(at);
      out.user.push_back(id_of(users, user));
      out.item.push_back(id_of(items, item));
      out.kind.push_back(kind);
      out.quantity.push_back(quantity);
      out.price.push_back(price);
    });
    benchmark::DoNotOptimize(out.price.data());
    state.PauseTiming();
    last = out.done();
    state.ResumeTiming();
  }
  last.check(state);
}

void ids_tailor(benchmark::State& state) {
  work last;
  for (auto _ : state) {
    id_columns out;
    events::name_tables tables;
    const auto report = adapters::read_ndjson_events(
        {text().data(), text().size()}, names(), how(), tables, [&](const events::event& e) {
          out.at.push_back(e.at.us / 1'000);
          out.user.push_back(static_cast<std::uint32_t>(raw(e.user)));
          out.item.push_back(static_cast<std::uint32_t>(raw(e.item)));
          out.kind.push_back(e.kind);
          out.quantity.push_back(e.quantity);
          out.price.push_back(static_cast<float>(e.unit_price) / 100);
        });
    if (report.refused() != 0) std::abort();
    benchmark::DoNotOptimize(out.price.data());
    state.PauseTiming();
    last = out.done();
    state.ResumeTiming();
  }
  last.check(state);
}

// The argument says whether ids are part of the work.
BENCHMARK(extract_simdjson)->Arg(0)->MeasureProcessCPUTime()->Unit(benchmark::kMillisecond);
BENCHMARK(extract_tailor)->Arg(0)->MeasureProcessCPUTime()->Unit(benchmark::kMillisecond);
BENCHMARK_TEMPLATE(ids_simdjson, std_map)
    ->Arg(1)
    ->MeasureProcessCPUTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_TEMPLATE(ids_simdjson, robin_map)
    ->Arg(1)
    ->MeasureProcessCPUTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(ids_tailor)->Arg(1)->MeasureProcessCPUTime()->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
