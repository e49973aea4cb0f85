#include "tailor/core/executor.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "../catch.hpp"

static_assert(tailor::executor<tailor::serial_executor>);
static_assert(tailor::executor<const tailor::serial_executor>);
static_assert(!tailor::executor<int>);

TEST_CASE("executor: the serial one visits every index once, in ascending order") {
  const auto cuts = [](std::size_t n, std::size_t grain) {
    std::vector<std::pair<std::size_t, std::size_t>> seen;
    tailor::serial_executor{}.for_each_chunk(
        n, grain, [&](std::size_t begin, std::size_t end, std::size_t worker) {
          REQUIRE(worker == 0);
          seen.push_back({begin, end});
        });
    return seen;
  };
  using pairs = std::vector<std::pair<std::size_t, std::size_t>>;
  CHECK(cuts(7, 3) == pairs{{0, 3}, {3, 6}, {6, 7}});
  CHECK(cuts(6, 3) == pairs{{0, 3}, {3, 6}});
  CHECK(cuts(2, 100) == pairs{{0, 2}});
  CHECK(cuts(0, 1).empty());
  CHECK(cuts(SIZE_MAX, SIZE_MAX - 1) == pairs{{0, SIZE_MAX - 1}, {SIZE_MAX - 1, SIZE_MAX}});
  CHECK(tailor::serial_executor{}.concurrency() == 1);
}

TEST_CASE("executor: the serial one runs at compile time") {
  constexpr auto sum = [] {
    std::size_t total = 0;
    tailor::serial_executor{}.for_each_chunk(10, 4,
                                             [&](std::size_t begin, std::size_t end, std::size_t) {
                                               for (std::size_t i = begin; i < end; ++i) total += i;
                                             });
    return total;
  }();
  static_assert(sum == 45);
  CHECK(sum == 45);
}
