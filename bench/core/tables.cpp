// Ids to dense handles, and sorting keys into counts: the two things ingestion waits for.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tailor/core/distributions.hpp"
#include "tailor/core/draw_table.hpp"
#include "tailor/core/interner.hpp"
#include "tailor/core/random.hpp"
#include "tailor/core/sorted_runs.hpp"

namespace {

constexpr std::size_t lookups = std::size_t{1} << 20;

// A million ids as a shop's events name them: `distinct` names, the popular ones far more often.
struct id_stream {
  std::vector<std::string> text;
  std::vector<std::string_view> views;

  explicit id_stream(std::size_t distinct) {
    tailor::counter_random g(1);
    const tailor::draw_table popularity = tailor::zipf_table(distinct, 0.7);
    text.reserve(lookups);
    for (std::size_t i = 0; i < lookups; ++i) {
      std::string id = "sku-";
      id += std::to_string(100'000 + popularity(g) * 7919 % 10'000'019);
      text.push_back(id);
    }
    views.assign(text.begin(), text.end());
  }
};

const id_stream& ids(std::int64_t distinct) {
  static const id_stream few(50'000), many(1'000'000);
  return distinct <= 50'000 ? few : many;
}

void report(benchmark::State& state, std::size_t distinct) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(lookups));
  state.counters["distinct"] = static_cast<double>(distinct);
}

void intern_batch(benchmark::State& state) {
  const id_stream& in = ids(state.range(0));
  std::vector<std::uint32_t> handles(lookups);
  std::size_t distinct = 0;
  for (auto _ : state) {
    tailor::interner names;
    if (!names.intern_batch(in.views, handles)) state.SkipWithError("refused");
    distinct = names.size();
    benchmark::DoNotOptimize(handles.data());
  }
  report(state, distinct);
}

void intern_single(benchmark::State& state) {
  const id_stream& in = ids(state.range(0));
  std::vector<std::uint32_t> handles(lookups);
  std::size_t distinct = 0;
  for (auto _ : state) {
    tailor::interner names;
    for (std::size_t i = 0; i < lookups; ++i) handles[i] = *names.intern(in.views[i]);
    distinct = names.size();
    benchmark::DoNotOptimize(handles.data());
  }
  report(state, distinct);
}

struct text_hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
};

void unordered_map(benchmark::State& state) {
  const id_stream& in = ids(state.range(0));
  std::vector<std::uint32_t> handles(lookups);
  std::size_t distinct = 0;
  for (auto _ : state) {
    std::unordered_map<std::string, std::uint32_t, text_hash, std::equal_to<>> names;
    for (std::size_t i = 0; i < lookups; ++i) {
      auto found = names.find(in.views[i]);
      if (found == names.end())
        found = names.emplace(in.views[i], static_cast<std::uint32_t>(names.size())).first;
      handles[i] = found->second;
    }
    distinct = names.size();
    benchmark::DoNotOptimize(handles.data());
  }
  report(state, distinct);
}

BENCHMARK(intern_batch)->Arg(50'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(intern_single)->Arg(50'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(unordered_map)->Arg(50'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

// Pairs of item handles, as a shop's baskets give them.
std::vector<std::uint64_t> pair_keys(std::size_t count) {
  tailor::counter_random g(2);
  std::vector<std::uint64_t> keys(count);
  for (std::uint64_t& key : keys)
    key = tailor::uniform_below(g, 40'000) << 32 | tailor::uniform_below(g, 40'000);
  return keys;
}

void count_pairs(benchmark::State& state) {
  const auto in = pair_keys(static_cast<std::size_t>(state.range(0)));
  std::vector<std::uint64_t> keys, scratch;
  for (auto _ : state) {
    keys = in;
    const auto run = tailor::sorted_run::of(keys, scratch);
    benchmark::DoNotOptimize(run.size());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void std_sort_pairs(benchmark::State& state) {
  const auto in = pair_keys(static_cast<std::size_t>(state.range(0)));
  std::vector<std::uint64_t> keys;
  for (auto _ : state) {
    keys = in;
    std::sort(keys.begin(), keys.end());
    benchmark::DoNotOptimize(keys.data());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void merge_runs(benchmark::State& state) {
  std::vector<std::uint64_t> scratch;
  auto keys = pair_keys(static_cast<std::size_t>(state.range(0)));
  const auto large = tailor::sorted_run::of(keys, scratch);
  keys = pair_keys(static_cast<std::size_t>(state.range(0)) / 4);
  const auto small = tailor::sorted_run::of(keys, scratch);
  tailor::sorted_run sum = large;
  for (auto _ : state) {
    sum.merge(small);
    benchmark::DoNotOptimize(sum.size());
  }
  state.SetItemsProcessed(state.iterations() *
                          static_cast<std::int64_t>(large.size() + small.size()));
}

BENCHMARK(count_pairs)->Arg(300)->Arg(1'000'000)->Unit(benchmark::kMicrosecond);
BENCHMARK(std_sort_pairs)->Arg(300)->Arg(1'000'000)->Unit(benchmark::kMicrosecond);
BENCHMARK(merge_runs)->Arg(1'000'000)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
