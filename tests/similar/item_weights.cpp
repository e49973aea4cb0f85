#include "tailor/similar/item_weights.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "../catch.hpp"
#include "../support/allocations.hpp"
#include "tailor/core/distributions.hpp"

using namespace tailor;
using namespace tailor::similar;

namespace {

using entry = item_weights::entry;

/// Items 10, 13, 16 …; about a third of all pairs have a weight, of either sign.
item_weights make_weights(std::uint64_t seed, std::uint32_t n) {
  counter_random draw(seed, 1);
  std::vector<item_id> items;
  std::vector<std::size_t> begin{0};
  std::vector<entry> entries;
  items.reserve(n);
  for (std::uint32_t s = 0; s < n; ++s) {
    items.push_back(item_id{10 + 3 * s});
    for (std::uint32_t t = 0; t < n; ++t) {
      if (t == s || uniform_below(draw, 3) != 0) continue;
      entries.push_back({t, static_cast<std::int32_t>(uniform_below(draw, 2001)) - 1000});
    }
    begin.push_back(entries.size());
  }
  return item_weights::make(items, begin, entries, 16).value();
}

std::vector<weighed_item> slow(const item_weights& w, std::span<const seed> history,
                               std::size_t count) {
  std::map<item_id, std::int64_t> sums;
  std::set<item_id> own;
  for (const seed& h : history) {
    if (h.weight != 0) own.insert(h.item);
    for (const item_id target : w.items()) {
      sums[target] += std::int64_t{h.weight} * w.weight(h.item, target);
    }
  }
  std::vector<weighed_item> out;
  for (const auto& [item, score] : sums) {
    if (score > 0 && own.count(item) == 0) out.push_back({item, score});
  }
  std::sort(out.begin(), out.end(), [](const weighed_item& a, const weighed_item& b) {
    return a.score != b.score ? a.score > b.score : a.item < b.item;
  });
  out.resize((std::min)(count, out.size()));
  return out;
}

}  // namespace

TEST_CASE("item weights: answers are those of plain sums, whatever the order of the history") {
  for (std::uint64_t trial = 0; trial < 60; ++trial) {
    counter_random draw(trial, 2);
    const item_weights w = make_weights(trial, 1 + static_cast<std::uint32_t>(trial % 40));
    item_weights::scratch scratch;
    std::vector<weighed_item> out;
    for (int q = 0; q < 20; ++q) {
      std::vector<seed> history;
      for (std::uint64_t h = uniform_below(draw, 12); h > 0; --h) {
        history.push_back({item_id{uniform_below(draw, 140)},  // most are unknown
                           static_cast<std::uint16_t>(uniform_below(draw, 4))});
      }
      const std::size_t count = uniform_below(draw, 8);
      w.recommend(std::span<const seed>(history), count, scratch, out);
      REQUIRE(out == slow(w, history, count));
      std::reverse(history.begin(), history.end());
      w.recommend(std::span<const seed>(history), count, scratch, out);
      REQUIRE(out == slow(w, history, count));
    }
  }
}

TEST_CASE("item weights: each item of a plain history counts once") {
  const item_weights w = make_weights(1, 20);
  item_weights::scratch scratch;
  std::vector<weighed_item> once, twice;
  const std::vector<item_id> a{item_id{10}, item_id{40}};
  const std::vector<item_id> b{item_id{40}, item_id{10}, item_id{40}, item_id{10}};
  w.recommend(std::span<const item_id>(a), 9, scratch, once);
  w.recommend(std::span<const item_id>(b), 9, scratch, twice);
  CHECK(!once.empty());
  CHECK(once == twice);
}

TEST_CASE("item weights: extreme weights and repeated seeds do not overflow") {
  const std::int32_t most = item_weights::max_weight;
  const item_weights w =
      item_weights::make({item_id{1}, item_id{2}}, {0, 1, 1}, {{1, most}}, 0).value();
  item_weights::scratch scratch;
  std::vector<weighed_item> out;
  const std::vector<seed> history(1000, seed{item_id{1}, 65535});
  w.recommend(std::span<const seed>(history), 5, scratch, out);
  REQUIRE(out.size() == 1);
  CHECK(out[0].score == (std::int64_t{1} << 18) * most);
}

TEST_CASE("item weights: a digest changes with any weight, id or unit of its column alone") {
  const std::vector<item_id> items{item_id{1}, item_id{2}, item_id{3}};
  const auto make = [&](std::int32_t first, int bits) {
    return item_weights::make(items, {0, 2, 3, 3}, {{1, first}, {2, 5}, {2, 7}}, bits).value();
  };
  const item_weights a = make(4, 16), b = make(4, 16), c = make(6, 16), d = make(4, 15);
  CHECK(a == b);
  CHECK(a.digest() == b.digest());
  CHECK(a.digest() != c.digest());
  CHECK(a.column_digest(item_id{2}) != c.column_digest(item_id{2}));
  CHECK(a.column_digest(item_id{3}) == c.column_digest(item_id{3}));
  CHECK(a.column_digest(item_id{3}) != d.column_digest(item_id{3}));
  CHECK(a.column_digest(item_id{9}) == 0);
  CHECK_FALSE(a == c);
  CHECK(a.weight(item_id{1}, item_id{3}) == 5);
  CHECK(a.weight(item_id{3}, item_id{1}) == 0);
  CHECK(a.weight(item_id{7}, item_id{1}) == 0);
}

TEST_CASE("item weights: what is not a model is refused with its place") {
  const std::vector<item_id> two{item_id{1}, item_id{2}};
  const auto code = [&](std::vector<item_id> items, std::vector<std::size_t> begin,
                        std::vector<entry> entries, int bits = 16) {
    const auto made =
        item_weights::make(std::move(items), std::move(begin), std::move(entries), bits);
    return made ? errc::ok : made.error().code;
  };
  CHECK(code(two, {0, 1, 2}, {{1, 1}, {0, 1}}) == errc::ok);
  CHECK(code({}, {0}, {}) == errc::ok);
  CHECK(code({item_id{2}, item_id{2}}, {0, 0, 0}, {}) == errc::malformed);
  CHECK(code(two, {0, 1}, {{1, 1}}) == errc::malformed);
  CHECK(code(two, {0, 2, 1}, {{1, 1}}) == errc::malformed);
  CHECK(code(two, {}, {}) == errc::malformed);
  CHECK(code(two, {0, 1, 1}, {{0, 1}}) == errc::out_of_range);  // itself
  CHECK(code(two, {0, 1, 1}, {{2, 1}}) == errc::out_of_range);
  CHECK(code(two, {0, 1, 1}, {{1, item_weights::max_weight + 1}}) == errc::out_of_range);
  CHECK(code(two, {0, 0, 0}, {}, 61) == errc::out_of_range);
  CHECK(code({item_id{1}, item_id{2}, item_id{3}}, {0, 2, 2, 2}, {{2, 1}, {1, 1}}) ==
        errc::malformed);
}

TEST_CASE("item weights: a query allocates nothing once its scratch has grown") {
  const item_weights w = make_weights(3, 200);
  item_weights::scratch scratch;
  std::vector<weighed_item> out;
  const std::vector<item_id> history{item_id{10}, item_id{100}, item_id{301}};
  w.recommend(std::span<const item_id>(history), 20, scratch, out);
  const std::size_t before = tailor_test::allocations;
  w.recommend(std::span<const item_id>(history), 20, scratch, out);
  CHECK(tailor_test::allocations == before);
  CHECK(out.size() == 20);
}
