// One step of k-means, and what is around the steps: a million points, one thread.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "../support/brief.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/executor.hpp"
#include "tailor/core/random.hpp"
#include "tailor/segment/hamerly.hpp"
#include "tailor/segment/kmeans.hpp"
#include "tailor/segment/random_swaps.hpp"

namespace {

using namespace tailor;
using namespace tailor::segment;

const std::size_t n = bench::sized(std::size_t{1'000'000});

/// A hundred normal clouds that overlap; made once for each d.
template <class Real>
const std::vector<Real>& clouds(std::size_t d) {
  static std::map<std::size_t, std::vector<Real>> made;
  std::vector<Real>& out = made[d];
  if (!out.empty()) return out;
  counter_random g(d);
  std::vector<double> middle(100 * d);
  for (double& x : middle) x = normal(g);
  // A sum of four draws is near enough to normal here, and a tenth of the time.
  const auto noise = [&] {
    double sum = -2;
    for (int t = 0; t < 4; ++t) sum += uniform01(g);
    return 1.04 * sum;
  };
  out.reserve(n * d);
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t cloud = uniform_below(g, 100);
    for (std::size_t j = 0; j < d; ++j) {
      out.push_back(static_cast<Real>(middle[cloud * d + j] + noise()));
    }
  }
  return out;
}

void count_work(benchmark::State& state, double steps) {
  const auto d = static_cast<double>(state.range(0));
  const auto k = static_cast<double>(state.range(1));
  state.counters["products"] = static_cast<double>(n) * d * k * steps;
  state.counters["products/s"] = benchmark::Counter(static_cast<double>(n) * d * k * steps,
                                                    benchmark::Counter::kIsIterationInvariantRate);
}

/// The labels of all points by centres that stay: the search alone, made for that many times.
template <class Assignment, class Real, std::size_t times = 1>
void search(benchmark::State& state) {
  const auto d = static_cast<std::size_t>(state.range(0));
  const auto k = static_cast<std::size_t>(state.range(1));
  const std::vector<Real>& v = clouds<Real>(d);
  const point_view<Real> points(v.data(), n, d);
  serial_executor pool;
  const extent where = extent_of(points, pool).value();
  auto by = Assignment{}.over(points, where, {k, times}, pool);
  const std::vector<double> centres(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(k * d));
  by.prepare(centres);
  std::vector<std::uint32_t> labels(2048);
  for (auto _ : state) {
    for (std::size_t i = 0; i < n; i += labels.size()) {
      by.nearest(i, (std::min)(i + labels.size(), n), labels.data());
      benchmark::DoNotOptimize(labels.data());
    }
  }
  count_work(state, 1);
}

/// A fit of `state.range(2)` steps from the first points. Two of these give the time of a step.
template <class Assignment, class Real>
void steps(benchmark::State& state) {
  const auto d = static_cast<std::size_t>(state.range(0));
  const auto k = static_cast<std::size_t>(state.range(1));
  const std::vector<Real>& v = clouds<Real>(d);
  const point_view<Real> points(v.data(), n, d);
  const kmeans<given_centres, Assignment> fit(
      {.k = k, .max_iterations = static_cast<std::uint32_t>(state.range(2)), .restarts = 1},
      given_centres(
          std::vector<double>(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(k * d))));
  for (auto _ : state) benchmark::DoNotOptimize(fit.fit(points));
  count_work(state, static_cast<double>(state.range(2)));
}

/// Points sorted by cells, as a search does first where it is made for many times.
void sort_by_cells(benchmark::State& state) {
  const auto d = static_cast<std::size_t>(state.range(0));
  const point_view<float> points(clouds<float>(d).data(), n, d);
  serial_executor pool;
  const extent where = extent_of(points, pool).value();
  for (auto _ : state) {
    benchmark::DoNotOptimize(segment::detail::cell_order(points, where, pool));
  }
}

/// Labels by points of 16 bits, and how many of a hundred have to be measured again.
void rounded(benchmark::State& state) {
  using wholes = native_vectors::wholes;
  using tiles = segment::detail::whole_tiles<float, wholes>;
  const auto d = static_cast<std::size_t>(state.range(0));
  const auto k = static_cast<std::size_t>(state.range(1));
  const std::vector<float>& v = clouds<float>(d);
  const point_view<float> points(v.data(), n, d);
  serial_executor pool;
  const segment::detail::point_frame<float> frame(points, extent_of(points, pool).value());
  const tiles kept(frame, tiles::scale_for(frame), pool);
  const kmeans<given_centres> fit({.k = k, .max_iterations = 5, .restarts = 1},
                                  given_centres(std::vector<double>(
                                      v.begin(), v.begin() + static_cast<std::ptrdiff_t>(k * d))));
  const kmeans_model model = fit.fit(points).value();
  segment::detail::whole_centres centres;
  if (!centres.pack(model.centres(), frame, kept)) return state.SkipWithError("not packed");
  std::uint32_t labels[tiles::group];
  int open = 0;
  for (auto _ : state) {
    open = 0;
    for (std::size_t i = 0; i < n; i += tiles::group) {
      open += std::popcount(
          segment::detail::whole_block<wholes>(kept.at(i), kept.pairs(), centres, labels));
      benchmark::DoNotOptimize(labels);
    }
  }
  state.counters["again_%"] = 100.0 * open / static_cast<double>(n);
  count_work(state, 1);
}

template <class Seeding>
void seed(benchmark::State& state) {
  const auto d = static_cast<std::size_t>(state.range(0));
  const auto k = static_cast<std::size_t>(state.range(1));
  const point_view<float> points(clouds<float>(d).data(), n, d);
  std::vector<double> centres(k * d);
  for (auto _ : state) {
    counter_random draw(1);
    benchmark::DoNotOptimize(Seeding{}.seed(points, {}, k, draw, std::span<double>(centres)));
  }
}

void shapes(benchmark::internal::Benchmark* b) {
  for (const std::int64_t d : {3, 8, 32}) {
    for (const std::int64_t k : {8, 64}) b->Args({d, k});
  }
  b->ArgNames({"d", "k"})->Unit(benchmark::kMillisecond);
}
void many_columns(benchmark::internal::Benchmark* b) {
  for (const std::int64_t d : {8, 16, 32}) {
    for (const std::int64_t k : {8, 64}) b->Args({d, k});
  }
  b->ArgNames({"d", "k"})->Unit(benchmark::kMillisecond);
}
void few_and_many_steps(benchmark::internal::Benchmark* b) {
  for (const std::int64_t d : {3, 8, 32}) {
    for (const std::int64_t k : {8, 64}) {
      for (const std::int64_t steps : {1, 21}) b->Args({d, k, steps});
    }
  }
  b->ArgNames({"d", "k", "steps"})->Unit(benchmark::kMillisecond);
}

}  // namespace

BENCHMARK(search<blocked, float>)->Apply(shapes);
BENCHMARK(search<blocked, float, 1000>)->Apply(shapes);
BENCHMARK(search<blocked, double>)->Apply(shapes);
BENCHMARK(search<blocked_by<portable_vectors>, float>)->Apply(shapes);
BENCHMARK(search<plain<>, float>)->Apply(shapes);
BENCHMARK(sort_by_cells)->Arg(3)->ArgName("d")->Unit(benchmark::kMillisecond);
BENCHMARK(rounded)->Apply(many_columns);
BENCHMARK(steps<blocked, float>)->Apply(few_and_many_steps);
BENCHMARK(steps<hamerly, float>)->Apply(few_and_many_steps);
BENCHMARK(seed<greedy_plus_plus>)->Apply(shapes);
BENCHMARK(seed<random_swaps>)->Apply(shapes);
