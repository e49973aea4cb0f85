// T8: all pairs of the first 60 items of every row, counted, on one thread. Beside our tally, hash
// maps from pair to count: the standard one, and robin-map where it is installed. Work: increments.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "shaped.hpp"
#include "tailor/core/hash.hpp"
#include "tailor/similar/pair_tally.hpp"

#if __has_include(<tsl/robin_map.h>)
#include <tsl/robin_map.h>
#define TAILOR_BENCH_ROBIN_MAP
#endif

namespace {

using namespace tailor;
using namespace tailor::similar;

const incidence& first_sixty() {
  static const incidence rows = [] {
    const sparse_rows all = bench::make_shaped(bench::shapes[0]);
    sparse_rows out;
    for (std::size_t r = 0; r < all.rows(); ++r) {
      const auto first = all[r].begin();
      out.columns.insert(out.columns.end(), first,
                         first + (std::min)(std::ptrdiff_t{60}, std::ssize(all[r])));
      out.begin.push_back(static_cast<std::uint32_t>(out.columns.size()));
    }
    return bench::numbered(std::move(out), bench::shapes[0].items);
  }();
  return rows;
}

struct mixed {
  std::size_t operator()(std::uint64_t key) const { return static_cast<std::size_t>(mix64(key)); }
};

void finish(benchmark::State& state, std::size_t increments, std::size_t distinct) {
  state.counters["increments/s"] =
      benchmark::Counter(static_cast<double>(increments) * static_cast<double>(state.iterations()),
                         benchmark::Counter::kIsRate);
  state.counters["increments"] = static_cast<double>(increments);
  state.counters["distinct"] = static_cast<double>(distinct);
}

void tally(benchmark::State& state) {
  std::size_t increments = 0;
  std::size_t distinct = 0;
  for (auto _ : state) {
    increments = distinct = 0;
    tally_pairs(first_sixty(), pair_order::once,
                [&](std::uint32_t, std::span<const pair_count> pairs, std::size_t) {
                  distinct += pairs.size();
                  for (const pair_count& p : pairs) increments += p.both;
                });
  }
  finish(state, increments, distinct);
}

template <class Map>
void hash_map(benchmark::State& state) {
  std::size_t increments = 0;
  std::size_t distinct = 0;
  for (auto _ : state) {
    Map counts;
    increments = 0;
    const sparse_rows& rows = first_sixty().rows();
    for (std::size_t r = 0; r < rows.rows(); ++r) {
      const auto row = rows[r];
      for (std::size_t a = 0; a < row.size(); ++a) {
        for (std::size_t b = a + 1; b < row.size(); ++b) {
          ++counts[std::uint64_t{row[a]} << 32 | row[b]];
          ++increments;
        }
      }
    }
    distinct = counts.size();
  }
  finish(state, increments, distinct);
}

}  // namespace

BENCHMARK(tally)->Unit(benchmark::kMillisecond);
BENCHMARK(hash_map<std::unordered_map<std::uint64_t, std::uint32_t, mixed>>)
    ->Unit(benchmark::kMillisecond)
    ->Name("std::unordered_map");
#if defined(TAILOR_BENCH_ROBIN_MAP)
BENCHMARK(hash_map<tsl::robin_map<std::uint64_t, std::uint32_t, mixed>>)
    ->Unit(benchmark::kMillisecond)
    ->Name("tsl::robin_map");
#endif
