// T1 (cosine), T2 (BM25): lists of 100 for all items; T3: the 20 best for every row from them. On
// the invoices of Online Retail where they are there, and on synthetic shapes. Two threads, as
// bench/peers, which runs the same beside other libraries; the textbook method stands in for them
// here. Work: `pairs` is Σ over the rows of (items in the row)², what has to be counted.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "shaped.hpp"
#include "tailor/adapters/csv.hpp"
#include "tailor/core/thread_pool.hpp"
#include "tailor/similar/neighbour_lists.hpp"
#include "tailor/similar/serve.hpp"
#include "tailor/similar/weighted_lists.hpp"
#include "tailor/storage/file.hpp"

namespace {

using namespace tailor;
using namespace tailor::similar;

constexpr std::uint32_t k = 100;

/// Invoices × stock codes of all lines; empty where the file is missing.
incidence retail_baskets() {
  const auto bytes = storage::read_file(TAILOR_DATA_DIR "/online_retail.csv");
  if (!bytes) return {};
  auto csv =
      adapters::csv_reader::make({reinterpret_cast<const char*>(bytes->data()), bytes->size()});
  const std::size_t invoice = *csv->column("InvoiceNo");
  const std::size_t code = *csv->column("StockCode");
  std::map<std::string, std::uint32_t, std::less<>> rows, items;
  const auto number = [](auto& names, std::string_view name) {
    return names.emplace(name, static_cast<std::uint32_t>(names.size())).first->second;
  };
  std::vector<incidence::cell> cells;
  while (csv->next()) {
    cells.push_back({number(rows, (*csv)[invoice]), item_id{number(items, (*csv)[code])}});
  }
  return incidence::make(cells, static_cast<std::uint32_t>(rows.size())).value();
}

/// The data sets by number: 0 is Online Retail, n is bench::shapes[n - 1].
const incidence& data_set(benchmark::State& state) {
  static std::map<std::int64_t, incidence> sets;
  const std::int64_t n = state.range(0);
  auto at = sets.find(n);
  if (at == sets.end()) {
    sets.clear();  // one at a time is enough in memory
    const bench::shape& s = bench::shapes[n == 0 ? 0 : n - 1];
    at =
        sets.emplace(n, n == 0 ? retail_baskets() : bench::numbered(bench::make_shaped(s), s.items))
            .first;
  }
  if (at->second.items().empty()) state.SkipWithError("no online_retail.csv");
  state.SetLabel(n == 0 ? "retail_baskets" : std::string(bench::shapes[n - 1].name));
  return at->second;
}

void count_work(benchmark::State& state, const incidence& rows) {
  double pairs = 0;
  for (std::size_t r = 0; r < rows.rows().rows(); ++r) {
    pairs += static_cast<double>(rows.rows().size_of(r)) * rows.rows().size_of(r);
  }
  state.counters["pairs"] = pairs;
  state.counters["pairs/s"] = benchmark::Counter(pairs * static_cast<double>(state.iterations()),
                                                 benchmark::Counter::kIsRate);
}

/// A row of the product at a time, in doubles, non-zeroes linked in a list; a heap keeps the best.
/// What a first implementation looks like, and many a library's.
std::vector<std::vector<std::pair<double, std::uint32_t>>> textbook(const incidence& m,
                                                                    thread_pool& pool) {
  const sparse_rows& rows = m.rows();
  const std::size_t items = m.items().size();
  const sparse_rows columns = transposed(rows, items);
  std::vector<double> norm(items);
  for (std::size_t i = 0; i < items; ++i) norm[i] = 1 / std::sqrt(double{1} * columns.size_of(i));
  std::vector<std::vector<std::pair<double, std::uint32_t>>> out(items);
  struct worker {
    std::vector<double> sums;
    std::vector<std::int64_t> next;
  };
  std::vector<worker> workers(pool.concurrency());
  pool.for_each_chunk(items, 64, [&](std::size_t from, std::size_t to, std::size_t number) {
    worker& w = workers[number];
    w.sums.resize(items);
    w.next.resize(items, -1);
    for (std::size_t i = from; i < to; ++i) {
      std::int64_t head = -2;
      for (const std::uint32_t r : columns[i]) {
        for (const std::uint32_t j : rows[r]) {
          w.sums[j] += norm[i] * norm[j];
          if (w.next[j] != -1) continue;
          w.next[j] = head;
          head = j;
        }
      }
      auto& best = out[i];
      while (head != -2) {
        const auto j = static_cast<std::size_t>(head);
        const auto candidate = std::pair(w.sums[j], static_cast<std::uint32_t>(j));
        if (j != i && (best.size() < k || candidate > best.front())) {
          if (best.size() == k) {
            std::pop_heap(best.begin(), best.end(), std::greater<>());
            best.pop_back();
          }
          best.push_back(candidate);
          std::push_heap(best.begin(), best.end(), std::greater<>());
        }
        head = w.next[j];
        w.next[j] = -1;
        w.sums[j] = 0;
      }
      std::sort_heap(best.begin(), best.end(), std::greater<>());
    }
  });
  return out;
}

void cosine_lists(benchmark::State& state) {
  const incidence& rows = data_set(state);
  thread_pool pool(2);
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        neighbour_lists<cosine>::fit(rows, {.k = k, .min_support = 1}, {}, pool));
  }
  count_work(state, rows);
}

void cosine_textbook(benchmark::State& state) {
  const incidence& rows = data_set(state);
  thread_pool pool(2);
  for (auto _ : state) benchmark::DoNotOptimize(textbook(rows, pool));
  count_work(state, rows);
}

void bm25_lists(benchmark::State& state) {
  const incidence& rows = data_set(state);
  thread_pool pool(2);
  for (auto _ : state) {
    benchmark::DoNotOptimize(weighted_lists<bm25>::fit(rows, {.k = k, .min_support = 1}, {}, pool));
  }
  count_work(state, rows);
}

void chance_corrected_lists(benchmark::State& state) {
  const incidence& rows = data_set(state);
  thread_pool pool(2);
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        neighbour_lists<chance_corrected>::fit(rows, {.k = k, .min_support = 5}, {}, pool));
  }
  count_work(state, rows);
}

void serve(benchmark::State& state) {
  const incidence& rows = data_set(state);
  thread_pool pool(2);
  const list_server server(
      neighbour_lists<cosine>::fit(rows, {.k = k, .min_support = 1}, {}, pool));
  struct worker {
    serve_scratch scratch;
    std::vector<recommended> out;
  };
  std::vector<worker> workers(pool.concurrency());
  for (auto _ : state) {
    pool.for_each_chunk(rows.rows().rows(), 64,
                        [&](std::size_t from, std::size_t to, std::size_t number) {
                          worker& w = workers[number];
                          for (std::size_t r = from; r < to; ++r) {
                            server.recommend_to(rows.rows()[r], 20, w.scratch, w.out);
                            benchmark::DoNotOptimize(w.out.data());
                          }
                        });
  }
  state.counters["rows/s"] = benchmark::Counter(
      static_cast<double>(rows.rows().rows()) * static_cast<double>(state.iterations()),
      benchmark::Counter::kIsRate);
}

void sets(benchmark::internal::Benchmark* b) {
  // A set after the other, so that each is made once.
  b->DenseRange(0, static_cast<std::int64_t>(std::size(bench::shapes)))->ArgName("set");
  b->Unit(benchmark::kMillisecond)->UseRealTime();
}

}  // namespace

BENCHMARK(cosine_lists)->Apply(sets);
BENCHMARK(cosine_textbook)->Apply(sets);
BENCHMARK(bm25_lists)->Apply(sets);
BENCHMARK(chance_corrected_lists)->Apply(sets);
BENCHMARK(serve)->Apply(sets);
