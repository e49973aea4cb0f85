// SR-EASE on data of Gowalla's shape: fitting, forgetting one shopper, one answer. The peer solves
// the same systems as a textbook would: pairs looked up in a hash table, Cholesky factors.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdint>
#include <map>
#include <numeric>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "../support/brief.hpp"
#include "shaped.hpp"
#include "tailor/core/thread_pool.hpp"
#include "tailor/similar/sr_ease.hpp"

using namespace tailor;
using namespace tailor::similar;

namespace {

incidence make_rows(std::uint32_t part) {
  bench::shape s = bench::shapes[0];
  s.rows /= part;
  s.items /= part;
  s.entries /= part;
  s.clusters /= part;
  return bench::numbered(bench::make_shaped(s), s.items);
}

const incidence& rows_of(std::uint32_t part) {
  static std::map<std::uint32_t, incidence> made;
  const auto at = made.find(part);
  return at != made.end() ? at->second : made.emplace(part, make_rows(part)).first->second;
}

/// Fitted once, however often a benchmark is started.
const sr_ease& model_of(std::int64_t support, std::uint32_t part) {
  static std::map<std::pair<std::int64_t, std::uint32_t>, sr_ease> made;
  const auto at = made.find({support, part});
  if (at != made.end()) return at->second;
  thread_pool pool(2);
  const sr_ease_options o{.support = static_cast<std::uint32_t>(support)};
  return made.emplace(std::pair(support, part), sr_ease::fit(rows_of(part), o, pool).value())
      .first->second;
}

/// Arguments: support, one over how much of the data, threads.
void fit(benchmark::State& state) {
  const incidence& rows = rows_of(static_cast<std::uint32_t>(state.range(1)));
  thread_pool pool(static_cast<std::size_t>(state.range(2)));
  const sr_ease_options o{.support = static_cast<std::uint32_t>(state.range(0))};
  std::size_t weights = 0;
  for (auto _ : state) weights = sr_ease::fit(rows, o, pool).value().weights().size();
  const auto m = static_cast<double>(o.support);
  state.counters["items"] = static_cast<double>(rows.items().size());
  state.counters["weights"] = static_cast<double>(weights);
  state.counters["lookups"] = m * m / 2 * static_cast<double>(rows.items().size());
  state.counters["multiplications"] = 13 * m * m * static_cast<double>(rows.items().size());
}
/// Of the data of Gowalla's shape, or less where all of it would take long.
const std::int64_t whole = bench::brief() ? 4 : 1;

BENCHMARK(fit)
    ->ArgNames({"support", "part", "threads"})
    ->Args({100, 10, 1})
    ->Args({100, 10, 2})
    ->Args({100, whole, 2})
    ->Args({300, whole, 2})
    ->Iterations(1)
    ->UseRealTime()
    ->MeasureProcessCPUTime()
    ->Unit(benchmark::kMillisecond);

/// The same systems, the textbook's way.
void textbook(benchmark::State& state) {
  const incidence& rows = rows_of(static_cast<std::uint32_t>(state.range(1)));
  const sr_ease_options o{.support = static_cast<std::uint32_t>(state.range(0))};
  const sr_ease model = sr_ease::fit(rows, o).value();
  std::unordered_map<std::uint64_t, double> pairs;
  for (std::size_t r = 0; r < rows.rows().rows(); ++r) {
    const double w = std::pow(static_cast<double>(rows.rows().size_of(r)), -o.beta);
    for (const std::uint32_t i : rows.rows()[r]) {
      for (const std::uint32_t k : rows.rows()[r]) pairs[std::uint64_t{i} << 32 | k] += w;
    }
  }
  std::vector<std::vector<std::uint32_t>> from(rows.items().size());
  for (std::uint32_t s = 0; s < rows.items().size(); ++s) {
    for (const auto& e : model.weights().row(s)) from[e.item].push_back(s);
  }
  const auto pair = [&](std::uint32_t i, std::uint32_t k) {
    const auto at = pairs.find(std::uint64_t{i} << 32 | k);
    return at == pairs.end() ? 0.0 : at->second;
  };
  ridge_system<double> system;
  const std::size_t columns = (std::min)(rows.items().size(), std::size_t{400});
  for (auto _ : state) {
    for (std::uint32_t j = 0; j < columns; ++j) {
      const auto& c = from[j];
      system.resize(c.size());
      for (std::size_t a = 0; a < c.size(); ++a) {
        for (std::size_t b = 0; b < c.size(); ++b) {
          system.a[a * system.stride + b] = pair(c[a], c[b]);
        }
        const double own = pair(c[a], c[a]);
        system.a[a * system.stride + a] += o.l2 + o.dropout * own;
        system.y[a] = pair(c[a], j);
      }
      benchmark::DoNotOptimize(solve_by_factors(system));
    }
  }
  // As if all columns were solved.
  state.counters["columns"] = static_cast<double>(columns);
  state.counters["of"] = static_cast<double>(rows.items().size());
}
BENCHMARK(textbook)
    ->ArgNames({"support", "part"})
    ->Args({100, 10})
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

/// Refits without one shopper.
void forget_one(benchmark::State& state) {
  const incidence& rows = rows_of(static_cast<std::uint32_t>(state.range(1)));
  thread_pool pool(2);
  const sr_ease& before = model_of(state.range(0), static_cast<std::uint32_t>(state.range(1)));
  std::uint32_t gone = 1000 % static_cast<std::uint32_t>(rows.rows().rows());
  std::size_t solved = 0;
  for (auto _ : state) {
    state.PauseTiming();
    sparse_rows left;
    std::vector<item_id> changed;
    for (std::uint32_t r = 0; r < rows.rows().rows(); ++r) {
      for (const std::uint32_t c : rows.rows()[r]) {
        if (r == gone) changed.push_back(rows.items()[c]);
        if (r != gone) left.columns.push_back(c);
      }
      left.begin.push_back(static_cast<std::uint32_t>(left.columns.size()));
    }
    const incidence now = bench::numbered(left, static_cast<std::uint32_t>(rows.items().size()));
    state.ResumeTiming();
    solved = before.refit(now, changed, pool).value().solved();
    ++gone;
  }
  state.counters["solved"] = static_cast<double>(solved);
  state.counters["of"] = static_cast<double>(rows.items().size());
}
BENCHMARK(forget_one)
    ->ArgNames({"support", "part"})
    ->Args({100, 10})
    ->Args({100, whole})
    ->Iterations(3)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

/// The twenty best for each of the shoppers in turn.
void answer(benchmark::State& state) {
  const incidence& rows = rows_of(static_cast<std::uint32_t>(state.range(1)));
  const sr_ease& model = model_of(state.range(0), static_cast<std::uint32_t>(state.range(1)));
  item_weights::scratch s;
  std::vector<weighed_item> out;
  std::vector<item_id> history;
  std::size_t r = 0;
  std::size_t items = 0, answers = 0;
  for (auto _ : state) {
    history.clear();
    for (const std::uint32_t c : rows.rows()[r]) history.push_back(rows.items()[c]);
    model.weights().recommend(std::span<const item_id>(history), 20, s, out);
    benchmark::DoNotOptimize(out.data());
    items += history.size();
    ++answers;
    r = (r + 1) % rows.rows().rows();
  }
  state.counters["history"] = static_cast<double>(items) / static_cast<double>(answers);
}
BENCHMARK(answer)
    ->ArgNames({"support", "part"})
    ->Args({100, 10})
    ->Args({100, whole})
    ->Unit(benchmark::kMicrosecond);

}  // namespace
