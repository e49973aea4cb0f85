// Grants of a budget per second: the bare counter, reservations under keys (128 bits, each new), a
// whole checkout of reserve and commit, and a refusal when nothing is left; by one thread, and by
// eight on however many cores there are. Beside them, in the same run, what one would write first:
// a mutex around std::unordered_map.
#include "tailor/offer/budget.hpp"

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "tailor/core/hash.hpp"

namespace {

using namespace tailor;

constexpr std::int64_t plenty = std::int64_t{1} << 60;
constexpr std::int64_t alive = 4096;

offer::request_key key_at(std::uint64_t n) { return {mix64(n), mix64(~n)}; }
std::uint64_t begin_of(const benchmark::State& state) {
  return std::uint64_t(state.thread_index()) << 40;
}

/// The same promises with one lock; nothing expires here, which is in its favour.
class locked_map {
 public:
  explicit locked_map(std::int64_t cap) : left_(cap) {}
  bool reserve(const offer::request_key& key, std::int64_t amount, timestamp now) {
    const std::lock_guard guard(lock_);
    const auto found = held_.find(key);
    if (found != held_.end()) return found->second.amount == amount;
    if (amount > left_) return false;
    left_ -= amount;
    held_.emplace(key, entry{amount, now + minutes(15), false});
    return true;
  }
  bool commit(const offer::request_key& key, std::int64_t amount, timestamp now) {
    const std::lock_guard guard(lock_);
    const auto found = held_.find(key);
    if (found == held_.end() || now >= found->second.until) return false;
    left_ += found->second.amount - amount;
    found->second = {amount, found->second.until, true};
    return true;
  }

 private:
  struct entry {
    std::int64_t amount;
    timestamp until;
    bool spent;
  };
  struct hasher {
    std::size_t operator()(const offer::request_key& k) const { return mix64(k.high) + k.low; }
  };
  std::mutex lock_;
  std::int64_t left_;
  std::unordered_map<offer::request_key, entry, hasher> held_;
};

offer::sharded_budget fresh(std::int64_t cap = plenty) {
  return offer::sharded_budget::make({.cap = cap, .max_keys = std::size_t{1} << 26}).value();
}

// Shared by the threads of a benchmark: made and dropped by the first of them.
offer::quota* shared_quota = nullptr;
offer::sharded_budget* shared_budget = nullptr;
locked_map* shared_map = nullptr;

void quota_take(benchmark::State& state) {
  if (state.thread_index() == 0)
    shared_quota = new offer::quota(offer::quota::make(plenty).value());
  for (auto _ : state) benchmark::DoNotOptimize(shared_quota->take(1).code());
  state.SetItemsProcessed(state.iterations());
  if (state.thread_index() == 0) delete shared_quota;
}
BENCHMARK(quota_take)->UseRealTime();
BENCHMARK(quota_take)->Threads(8)->UseRealTime();

// A budget as a shop has it: some thousand reservations are alive, older ones are forgotten.
constexpr offer::sharded_budget::options in_use{
    .cap = plenty, .ttl = microseconds(alive), .remember = {}, .max_keys = std::size_t{1} << 26};

void reserve(benchmark::State& state) {
  if (state.thread_index() == 0) {
    shared_budget = new offer::sharded_budget(offer::sharded_budget::make(in_use).value());
  }
  std::uint64_t n = begin_of(state);
  std::int64_t now = 0;  // a reservation each microsecond, of each thread
  for (auto _ : state) {
    if (!shared_budget->reserve(key_at(++n), 1, timestamp{++now})) state.SkipWithError("refused");
  }
  state.SetItemsProcessed(state.iterations());
  if (state.thread_index() == 0) delete shared_budget;
}
BENCHMARK(reserve)->UseRealTime();
BENCHMARK(reserve)->Threads(2)->UseRealTime();
BENCHMARK(reserve)->Threads(8)->UseRealTime();

void reserve_commit(benchmark::State& state) {
  if (state.thread_index() == 0) {
    shared_budget = new offer::sharded_budget(offer::sharded_budget::make(in_use).value());
  }
  std::uint64_t n = begin_of(state);
  std::int64_t now = 0;
  std::int64_t late = 0;
  for (auto _ : state) {
    const offer::request_key key = key_at(++n);
    if (!shared_budget->reserve(key, 1, timestamp{++now})) state.SkipWithError("refused");
    if (!shared_budget->commit(key, 1, timestamp{now})) ++late;  // another thread's clock ran ahead
  }
  state.counters["late"] = double(late);
  state.SetItemsProcessed(state.iterations());
  if (state.thread_index() == 0) delete shared_budget;
}
BENCHMARK(reserve_commit)->UseRealTime();
BENCHMARK(reserve_commit)->Threads(8)->UseRealTime();

// Nothing is forgotten: the tables grow to millions of keys and leave the caches.
void reserve_growing(benchmark::State& state) {
  if (state.thread_index() == 0) shared_budget = new offer::sharded_budget(fresh());
  std::uint64_t n = begin_of(state);
  for (auto _ : state) {
    if (!shared_budget->reserve(key_at(++n), 1, timestamp{1})) state.SkipWithError("refused");
  }
  state.SetItemsProcessed(state.iterations());
  if (state.thread_index() == 0) delete shared_budget;
}
BENCHMARK(reserve_growing)->Iterations(2'000'000)->UseRealTime();
BENCHMARK(reserve_growing)->Iterations(250'000)->Threads(8)->UseRealTime();

void refuse(benchmark::State& state) {
  if (state.thread_index() == 0) {
    shared_budget = new offer::sharded_budget(fresh(1000));
    for (std::uint64_t n = 0; n < 1000; ++n) {
      static_cast<void>(shared_budget->reserve(key_at(n), 1, timestamp{1}));
    }
  }
  std::uint64_t n = begin_of(state) + 1000;
  for (auto _ : state) {
    if (shared_budget->reserve(key_at(++n), 1, timestamp{2})) state.SkipWithError("overspent");
  }
  state.SetItemsProcessed(state.iterations());
  if (state.thread_index() == 0) delete shared_budget;
}
BENCHMARK(refuse)->UseRealTime();
BENCHMARK(refuse)->Threads(8)->UseRealTime();

void mutex_map_reserve(benchmark::State& state) {
  if (state.thread_index() == 0) shared_map = new locked_map(plenty);
  std::uint64_t n = begin_of(state);
  for (auto _ : state) {
    if (!shared_map->reserve(key_at(++n), 1, timestamp{1})) state.SkipWithError("refused");
  }
  state.SetItemsProcessed(state.iterations());
  if (state.thread_index() == 0) delete shared_map;
}
BENCHMARK(mutex_map_reserve)->Iterations(2'000'000)->UseRealTime();
BENCHMARK(mutex_map_reserve)->Iterations(250'000)->Threads(8)->UseRealTime();

void mutex_map_reserve_commit(benchmark::State& state) {
  if (state.thread_index() == 0) shared_map = new locked_map(plenty);
  std::uint64_t n = begin_of(state);
  for (auto _ : state) {
    const offer::request_key key = key_at(++n);
    if (!shared_map->reserve(key, 1, timestamp{1}) || !shared_map->commit(key, 1, timestamp{2})) {
      state.SkipWithError("refused");
    }
  }
  state.SetItemsProcessed(state.iterations());
  if (state.thread_index() == 0) delete shared_map;
}
BENCHMARK(mutex_map_reserve_commit)->Iterations(2'000'000)->UseRealTime();
BENCHMARK(mutex_map_reserve_commit)->Iterations(250'000)->Threads(8)->UseRealTime();

}  // namespace
