// Nearest vectors in eight bits: 100,000 items of 128 dimensions, one thread; beside the same in
// single precision. Work: items × dimensions.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tailor/core/distributions.hpp"
#include "tailor/core/topk.hpp"
#include "tailor/similar/item_vectors.hpp"

using namespace tailor;
using namespace tailor::similar;

namespace {

constexpr std::size_t items = 100'000;
constexpr std::size_t dimensions = 128;

const std::vector<float>& values() {
  static const std::vector<float> made = [] {
    std::vector<float> out(items * dimensions);
    counter_random draw(1, 1);
    for (float& v : out) v = static_cast<float>(uniform01(draw)) - 0.5f;
    return out;
  }();
  return made;
}

void eight_bits(benchmark::State& state) {
  std::vector<item_vectors::row> rows;
  rows.reserve(items);
  for (std::size_t n = 0; n < items; ++n) {
    rows.push_back({item_id{n}, std::span(values()).subspan(n * dimensions, dimensions)});
  }
  const item_vectors model = item_vectors::make(rows).value();
  item_vectors::scratch s;
  std::vector<vector_neighbour> out;
  std::uint64_t item = 0;
  for (auto _ : state) {
    model.neighbours(item_id{item++ % items}, 20, s, out);
    benchmark::DoNotOptimize(out.data());
  }
  state.counters["products"] = static_cast<double>(items * dimensions);
}
BENCHMARK(eight_bits)->Unit(benchmark::kMillisecond);

void single_precision(benchmark::State& state) {
  const float* const v = values().data();
  std::vector<double> norms(items);
  const auto product = [&](std::size_t a, std::size_t b) {
    float sums[16] = {};
    for (std::size_t d = 0; d < dimensions; d += 16) {
      for (std::size_t k = 0; k < 16; ++k) {
        sums[k] += v[a * dimensions + d + k] * v[b * dimensions + d + k];
      }
    }
    float sum = 0;
    for (const float s : sums) sum += s;
    return static_cast<double>(sum);
  };
  for (std::size_t n = 0; n < items; ++n) norms[n] = std::sqrt(product(n, n));
  top_k<double, std::uint32_t> best;
  std::size_t item = 0;
  for (auto _ : state) {
    best.reset(20);
    for (std::uint32_t n = 0; n < items; ++n) best.push(product(item, n) / norms[n], n);
    benchmark::DoNotOptimize(best.take().data());
    item = (item + 1) % items;
  }
  state.counters["products"] = static_cast<double>(items * dimensions);
}
BENCHMARK(single_precision)->Unit(benchmark::kMillisecond);

}  // namespace
