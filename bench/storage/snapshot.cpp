// Snapshots: encode, save, load, digest and the checksum alone, in bytes of snapshot per second.
// Work: a timeline of 1,000,000 purchases of 100,000 shoppers and 10,000 items, and one long array.
#include "tailor/storage/snapshot.hpp"

#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "../support/shop.hpp"
#include "tailor/core/crc32c.hpp"
#include "tailor/events/bulk.hpp"
#include "tailor/events/timeline.hpp"

namespace {

using namespace tailor;
using events::timeline;

// The payload by which the container is measured alone.
struct long_array {
  static constexpr const char* section = "array";
  static constexpr std::uint32_t format = 1;
  std::vector<std::uint64_t> values;

  [[nodiscard]] std::size_t encoded_size() const { return 8 + 8 * values.size(); }
  void encode(byte_writer& out) const {
    out.u64(values.size());
    out.array(std::span<const std::uint64_t>(values));
  }
  static result<long_array> decode(byte_reader& in) {
    long_array a;
    in.array(in.u64(), a.values);
    if (!in.ok()) return in.error();
    return a;
  }
};

template <class Part>
const Part& full();

template <>
const timeline& full<timeline>() {
  static const timeline t = [] {
    const bench::shop s(1'000'000, 100'000, 10'000);
    timeline out;
    static_cast<void>(events::load(out, s.view(), {}, bench::now));
    return out;
  }();
  return t;
}

template <>
const long_array& full<long_array>() {
  static const long_array a{std::vector<std::uint64_t>(4'000'000, 0x0123456789ABCDEF)};
  return a;
}

template <class Part>
const std::vector<std::byte>& bytes() {
  static const std::vector<std::byte> b = storage::snapshot_bytes(full<Part>());
  return b;
}

// On a file system in memory where there is one: what is measured is the library, not the disk.
std::string path() {
  const char* directory = ::access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
  return std::string(directory) + "/tailor-bench-" + std::to_string(::getpid());
}

template <class Part>
void done(benchmark::State& state) {
  state.SetBytesProcessed(state.iterations() * std::int64_t(bytes<Part>().size()));
  state.counters["bytes"] = double(bytes<Part>().size());
}

template <class Part>
void to_bytes(benchmark::State& state) {
  const Part& part = full<Part>();
  for (auto _ : state) benchmark::DoNotOptimize(storage::snapshot_bytes(part));
  done<Part>(state);
}
BENCHMARK(to_bytes<long_array>)->Unit(benchmark::kMillisecond);
BENCHMARK(to_bytes<timeline>)->Unit(benchmark::kMillisecond);

template <class Part>
void from_bytes(benchmark::State& state) {
  const std::vector<std::byte>& b = bytes<Part>();
  for (auto _ : state) {
    Part part;
    if (!storage::restore(b, part)) state.SkipWithError("refused");
    benchmark::DoNotOptimize(part);
  }
  done<Part>(state);
}
BENCHMARK(from_bytes<long_array>)->Unit(benchmark::kMillisecond);
BENCHMARK(from_bytes<timeline>)->Unit(benchmark::kMillisecond);

template <class Part>
void save(benchmark::State& state) {
  const std::string file = path();
  const Part& part = full<Part>();
  for (auto _ : state) {
    if (!storage::save(file.c_str(), part)) state.SkipWithError("not saved");
  }
  ::unlink(file.c_str());
  done<Part>(state);
}
BENCHMARK(save<long_array>)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(save<timeline>)->Unit(benchmark::kMillisecond)->UseRealTime();

template <class Part>
void load(benchmark::State& state) {
  const std::string file = path();
  if (!storage::save(file.c_str(), full<Part>())) state.SkipWithError("not saved");
  for (auto _ : state) {
    Part part;
    if (!storage::load(file.c_str(), part)) state.SkipWithError("not loaded");
    benchmark::DoNotOptimize(part);
  }
  ::unlink(file.c_str());
  done<Part>(state);
}
BENCHMARK(load<long_array>)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(load<timeline>)->Unit(benchmark::kMillisecond)->UseRealTime();

template <class Part>
void digest(benchmark::State& state) {
  const Part& part = full<Part>();
  for (auto _ : state) benchmark::DoNotOptimize(storage::digest(part));
  done<Part>(state);
}
BENCHMARK(digest<timeline>)->Unit(benchmark::kMillisecond);

void checksum(benchmark::State& state) {
  const std::vector<std::byte>& b = bytes<timeline>();
  for (auto _ : state) benchmark::DoNotOptimize(crc32c(b));
  done<timeline>(state);
}
BENCHMARK(checksum)->Unit(benchmark::kMillisecond);

}  // namespace
