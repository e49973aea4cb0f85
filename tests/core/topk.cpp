#include "tailor/core/topk.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/ids.hpp"

using tailor::scored;
using tailor::top_k;

namespace {

template <class T>
std::vector<T> copy(std::span<const T> s) {
  return {s.begin(), s.end()};
}

}  // namespace

TEST_CASE("topk: the best come first, ties by the smaller id") {
  top_k<double, tailor::item_id> best(3);
  best.push(1.0, tailor::item_id{9});
  best.push(2.0, tailor::item_id{5});
  best.push(2.0, tailor::item_id{4});
  best.push(0.5, tailor::item_id{1});
  best.push(1.0, tailor::item_id{8});
  const auto taken = best.take();
  REQUIRE(taken.size() == 3);
  CHECK(taken[0] == scored<double, tailor::item_id>{2.0, tailor::item_id{4}});
  CHECK(taken[1] == scored<double, tailor::item_id>{2.0, tailor::item_id{5}});
  CHECK(taken[2] == scored<double, tailor::item_id>{1.0, tailor::item_id{8}});
  CHECK(best.take().empty());
}

TEST_CASE("topk: agrees with sorting everything, in any order of pushing") {
  const auto seed = GENERATE(1u, 2u, 3u, 4u, 5u);
  CAPTURE(seed);
  std::mt19937 g(seed);
  top_k<float, std::uint32_t> best;  // used again and again
  for (int round = 0; round < 500; ++round) {
    const std::size_t k = g() % 20;
    std::vector<scored<float, std::uint32_t>> all(g() % 200);
    const auto values = 1 + g() % 30;
    for (std::uint32_t i = 0; i < all.size(); ++i)
      all[i] = {static_cast<float>(g() % values) - 10, i};
    std::shuffle(all.begin(), all.end(), g);
    best.reset(k);
    for (const auto& e : all) {
      if (best.is_hopeless(e.score)) continue;
      best.push(e.score, e.id);
    }
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
      return a.score > b.score || (a.score == b.score && a.id < b.id);
    });
    all.resize(std::min(k, all.size()));
    REQUIRE(copy(best.take()) == all);
  }
}

TEST_CASE("topk: ascending and descending scores") {
  top_k<int, int> best(4);
  for (int i = 0; i < 1000; ++i) best.push(i, i);
  CHECK(best.take()[3].score == 996);
  for (int i = 1000; i-- > 0;) best.push(i, i);
  CHECK(best.take()[0].score == 999);
}

TEST_CASE("topk: a NaN is no score, infinities are") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  constexpr double inf = std::numeric_limits<double>::infinity();
  top_k<double, int> best(2);
  for (int i = 0; i < 10; ++i) best.push(nan, i);
  best.push(-inf, 1);
  best.push(inf, 2);
  best.push(nan, 0);
  const auto taken = best.take();
  REQUIRE(taken.size() == 2);
  CHECK(taken[0].id == 2);
  CHECK(taken[1].id == 1);
}

TEST_CASE("topk: none are asked for") {
  top_k<double, int> best;
  CHECK(best.k() == 0);
  CHECK(best.is_hopeless(1e9));
  best.push(1, 1);
  CHECK(best.take().empty());
}

TEST_CASE("topk: pushing and taking allocates nothing") {
  top_k<int, int> best(10);
  best.push(0, 0);
  const auto* where = best.take().data();
  for (int round = 0; round < 10; ++round) {
    best.reset(10);
    for (int i = 0; i < 100; ++i) best.push(i, i);
    CHECK(best.take().data() == where);
  }
}
