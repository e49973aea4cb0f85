#include "tailor/core/thread_pool.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/executor.hpp"

static_assert(tailor::executor<tailor::thread_pool>);

namespace {

// Runs a loop and checks everything the concept promises.
template <class X>
void check_promises(X& x, std::size_t n, std::size_t grain) {
  CAPTURE(x.concurrency(), n, grain);
  std::vector<std::atomic<int>> visits(n);
  std::vector<std::atomic<int>> running(x.concurrency());
  std::atomic<int> faults{0};
  x.for_each_chunk(n, grain, [&](std::size_t begin, std::size_t end, std::size_t worker) {
    if (worker >= x.concurrency() || begin % grain != 0 || begin >= end || end > n) ++faults;
    if (end != n && end - begin != grain) ++faults;
    if (running[worker].fetch_add(1) != 0) ++faults;
    for (std::size_t i = begin; i < end; ++i) ++visits[i];
    running[worker].fetch_sub(1);
  });
  CHECK(faults == 0);
  std::size_t wrong = 0;
  for (const auto& v : visits) wrong += v != 1;
  CHECK(wrong == 0);
}

}  // namespace

TEST_CASE("thread_pool: every index is visited once, by workers that do not overlap") {
  tailor::serial_executor serial;
  tailor::thread_pool one(1), two(2), seven(7);
  CHECK(serial.concurrency() == 1);
  CHECK(one.concurrency() == 1);
  CHECK(two.concurrency() == 2);
  CHECK(seven.concurrency() == 7);
  for (const std::size_t n : {0u, 1u, 2u, 63u, 64u, 65u, 1000u}) {
    for (const std::size_t grain : {1u, 3u, 64u, 5000u}) {
      check_promises(serial, n, grain);
      check_promises(one, n, grain);
      check_promises(two, n, grain);
      check_promises(seven, n, grain);
    }
  }
}

TEST_CASE("thread_pool: a huge grain and a huge range do not wrap around") {
  tailor::thread_pool pool(3);
  std::atomic<std::size_t> covered{0};
  const auto add = [&](std::size_t begin, std::size_t end, std::size_t) { covered += end - begin; };
  pool.for_each_chunk(SIZE_MAX, SIZE_MAX / 2, add);
  CHECK(covered == SIZE_MAX);
}

TEST_CASE("thread_pool: a pool is used again and again without losing a chunk") {
  tailor::thread_pool pool(4);
  std::vector<std::uint64_t> sums(4);
  for (int round = 0; round < 3000; ++round) {
    pool.for_each_chunk(10, 1, [&](std::size_t begin, std::size_t, std::size_t worker) {
      sums[worker] += begin;  // a data race here would be one in the pool
    });
  }
  CHECK(sums[0] + sums[1] + sums[2] + sums[3] == 3000u * 45u);
}

TEST_CASE(
    "thread_pool: what chunks wrote is seen after the loop, and what was before in the chunks") {
  tailor::thread_pool pool(3);
  std::vector<int> in(1000), out(1000);
  for (int round = 0; round < 50; ++round) {
    for (int& v : in) v = round;
    pool.for_each_chunk(in.size(), 10, [&](std::size_t begin, std::size_t end, std::size_t) {
      for (std::size_t i = begin; i < end; ++i) out[i] = in[i] + 1;
    });
    for (const int v : out) REQUIRE(v == round + 1);
  }
}

TEST_CASE("thread_pool: a loop inside a chunk runs on the spot under the same worker") {
  tailor::thread_pool pool(3);
  std::atomic<int> inner{0}, faults{0};
  pool.for_each_chunk(20, 1, [&](std::size_t, std::size_t, std::size_t outer_worker) {
    pool.for_each_chunk(5, 2, [&](std::size_t begin, std::size_t end, std::size_t worker) {
      if (worker != outer_worker) ++faults;
      inner += static_cast<int>(end - begin);
    });
  });
  CHECK(inner == 100);
  CHECK(faults == 0);
  check_promises(pool, 100, 1);  // and the pool is as before
}

TEST_CASE("thread_pool: two threads share a pool one after the other") {
  tailor::thread_pool pool(2);
  std::vector<std::uint64_t> scratch(pool.concurrency());  // races if two loops overlap
  const auto host = [&] {
    for (int round = 0; round < 300; ++round) {
      pool.for_each_chunk(8, 1,
                          [&](std::size_t, std::size_t, std::size_t worker) { ++scratch[worker]; });
    }
  };
  std::thread other(host);
  host();
  other.join();
  CHECK(scratch[0] + scratch[1] == 2u * 300u * 8u);
}

TEST_CASE("thread_pool: bodies may be const, mutable or an lvalue") {
  tailor::thread_pool pool(2);
  std::atomic<std::size_t> sum{0};
  const auto constant = [&](std::size_t b, std::size_t e, std::size_t) { sum += e - b; };
  pool.for_each_chunk(10, 3, constant);
  auto lvalue = [&, calls = std::size_t{0}](std::size_t, std::size_t, std::size_t) mutable {
    ++calls;
    sum += calls;
  };
  pool.for_each_chunk(1, 1, lvalue);
  pool.for_each_chunk(1, 1, lvalue);
  CHECK(sum == 10 + 1 + 2);  // the second call saw the state of the first: no copy was made
}

TEST_CASE("thread_pool: pools come and go idle") {
  for (int i = 0; i < 50; ++i) {
    tailor::thread_pool pool(4);
    CHECK(pool.concurrency() == 4);
  }
  CHECK(tailor::hardware_threads() >= 1);
}
