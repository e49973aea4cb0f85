#include "tailor/similar/next_basket.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "../catch.hpp"
#include "../support/allocations.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/similar/tifu_knn.hpp"

using namespace tailor;
using namespace tailor::similar;

namespace {

basket_list make_baskets(std::uint64_t seed, std::uint64_t items) {
  counter_random draw(seed, 4);
  basket_list out;
  for (std::uint64_t b = uniform_below(draw, 8); b > 0; --b) {
    std::vector<item_id> basket;
    for (std::uint64_t n = 1 + uniform_below(draw, 4); n > 0; --n) {
      basket.push_back(item_id{1 + uniform_below(draw, items)});
    }
    out.add(basket);
  }
  return out;
}

item_weights make_pairs(std::uint64_t seed, std::uint32_t n) {
  counter_random draw(seed, 5);
  std::vector<item_id> items;
  std::vector<std::size_t> begin{0};
  std::vector<item_weights::entry> entries;
  items.reserve(n);
  for (std::uint32_t s = 0; s < n; ++s) {
    items.push_back(item_id{s + 1});
    for (std::uint32_t t = 0; t < n; ++t) {
      if (t != s && uniform_below(draw, 3) == 0) {
        entries.push_back({t, static_cast<std::int32_t>(uniform_below(draw, 500)) - 50});
      }
    }
    begin.push_back(entries.size());
  }
  return item_weights::make(items, begin, entries, 8).value();
}

/// Everything scored, item by item, in floating point.
std::map<item_id, double> slow(const next_basket& model, const std::vector<item_count>& counts,
                               const basket_list& baskets) {
  const next_basket_options& o = model.options();
  std::map<item_id, double> own, paired, out;
  std::int64_t most = 0;
  for (const item_count& c : counts) most = (std::max)(most, c.count);
  for (std::size_t b = 0; b < baskets.size(); ++b) {
    const auto age = static_cast<double>(baskets.size() - 1 - b);
    for (const item_id item : baskets[b]) {
      own[item] += std::pow(o.fading, age);
      for (const item_id t : model.pairs().items()) {
        paired[t] +=
            std::floor(std::pow(o.pair_fading, age) * 1024 + .5) * model.pairs().weight(item, t);
      }
    }
  }
  double best = 0;
  for (const auto& [item, p] : paired) best = (std::max)(best, p);
  for (std::uint64_t i = 1; i <= 40; ++i) {
    double score = own[item_id{i}];
    for (const item_count& c : counts) {
      if (c.item == item_id{i} && most > 0) {
        score += o.popularity * static_cast<double>(c.count) / static_cast<double>(most);
      }
    }
    if (best > 0) score += o.pairs * (std::max)(0.0, paired[item_id{i}]) / best;
    if (score > 0) out[item_id{i}] = score;
  }
  return out;
}

}  // namespace

TEST_CASE("next basket: a sum of three parts, as by scoring every item") {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    counter_random draw(seed, 6);
    std::vector<item_count> counts;
    for (std::uint64_t i = 1; i <= 30; ++i) {
      if (uniform_below(draw, 4) != 0) {
        counts.push_back({item_id{i}, static_cast<std::int64_t>(uniform_below(draw, 50))});
      }
    }
    const next_basket_options choices[] = {{}, p_top(), gp_top(), {.9, .3, 1, .5}, {0, 0, 2, 1}};
    const next_basket model =
        next_basket::make(make_pairs(seed, 25), counts, choices[seed % 5]).value();
    const basket_list baskets = make_baskets(seed, 30);
    const auto want = slow(model, counts, baskets);
    next_basket::scratch s;
    std::vector<basket_item> all, few;
    model.next(baskets, 100, s, all);
    std::set<item_id> seen;
    for (std::size_t n = 0; n < all.size(); ++n) {
      const basket_item& i = all[n];
      REQUIRE(seen.insert(i.item).second);
      REQUIRE(i.score == i.own + i.popular + i.paired);
      const auto at = want.find(i.item);
      REQUIRE(at != want.end());
      REQUIRE(std::fabs(std::ldexp(static_cast<double>(i.score), -20) - at->second) < 1e-4);
      if (n > 0) {
        REQUIRE((all[n - 1].score > i.score ||
                 (all[n - 1].score == i.score && all[n - 1].item < i.item)));
      }
    }
    for (const auto& [item, score] : want) REQUIRE((score < 1e-4 || seen.count(item) == 1));
    const std::size_t count = 1 + seed % 9;
    model.next(baskets, count, s, few);
    all.resize((std::min)(count, all.size()));
    REQUIRE(few == all);
  }
}

TEST_CASE("next basket: popularity breaks ties of frequency, and never more") {
  const std::vector<item_count> counts{{item_id{1}, 5}, {item_id{2}, 90}, {item_id{3}, 100}};
  const next_basket model = next_basket::make({}, counts, gp_top()).value();
  basket_list baskets;
  baskets.add(std::vector<item_id>{item_id{1}, item_id{2}, item_id{1}});
  baskets.add(std::vector<item_id>{item_id{1}});
  baskets.add({});
  CHECK(baskets.size() == 2);
  next_basket::scratch s;
  std::vector<basket_item> out;
  model.next(baskets, 3, s, out);
  REQUIRE(out.size() == 3);
  CHECK(out[0].item == item_id{1});
  CHECK(out[1].item == item_id{2});
  CHECK(out[2].item == item_id{3});
  CHECK(out[1].repeats());
  CHECK_FALSE(out[2].repeats());
  model.next(basket_list{}, 2, s, out);  // nobody knows him: what is popular
  REQUIRE(out.size() == 2);
  CHECK(out[0].item == item_id{3});
  const std::size_t before = tailor_test::allocations;
  model.next(baskets, 3, s, out);
  CHECK(tailor_test::allocations == before);
}

TEST_CASE("next basket: bad options and counts are refused") {
  const auto code = [](const next_basket_options& o, std::vector<item_count> counts) {
    const auto made = next_basket::make({}, counts, o);
    return made ? errc::ok : made.error().code;
  };
  CHECK(code({.fading = 1.1}, {}) == errc::out_of_range);
  CHECK(code({.fading = std::nan("")}, {}) == errc::out_of_range);
  CHECK(code({.pair_fading = -1}, {}) == errc::out_of_range);
  CHECK(code({.popularity = 1e9}, {}) == errc::out_of_range);
  CHECK(code({.pairs = -1}, {}) == errc::out_of_range);
  CHECK(code({}, {{item_id{1}, -1}}) == errc::out_of_range);
  CHECK(code({}, {{item_id{1}, 1}, {item_id{1}, 1}}) == errc::duplicate);
  CHECK(code({}, {{item_id{1}, INT64_MAX}}) == errc::ok);
}

TEST_CASE("baskets: orders by their last line, lines without one by the day") {
  events::timeline past;
  const auto buy = [&](std::uint64_t item, std::int64_t hour, order_id order,
                       events::event_kind kind = events::event_kind::purchase) {
    events::event e;
    e.kind = kind;
    e.user = user_id{1};
    e.item = item_id{item};
    e.order = order;
    e.at = timestamp{} + hours(hour);
    return past.observe(e);
  };
  REQUIRE(buy(5, 100, order_id{7}));
  REQUIRE(buy(4, 103, order_id{7}));
  REQUIRE(buy(6, 101, order_id{3}));
  REQUIRE(buy(9, 30, no_order));
  REQUIRE(buy(8, 40, no_order));
  REQUIRE(buy(8, 47, no_order));
  REQUIRE(buy(2, 50, no_order));
  REQUIRE(buy(3, 10, no_order, events::event_kind::view_item));
  REQUIRE(buy(1, 200, order_id{1}));
  basket_list b;
  b.read(past, user_id{1}, timestamp{} + hours(150));
  REQUIRE(b.size() == 4);
  const auto is = [&](std::size_t n, std::vector<item_id> items) {
    return std::equal(b[n].begin(), b[n].end(), items.begin(), items.end());
  };
  CHECK(is(0, {item_id{8}, item_id{9}}));
  CHECK(is(1, {item_id{2}}));
  CHECK(is(2, {item_id{6}}));
  CHECK(is(3, {item_id{4}, item_id{5}}));
  b.read(past, user_id{2}, timestamp{} + hours(150));
  CHECK(b.empty());
}

TEST_CASE("tifu knn: as dense vectors and plain loops have it") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    std::vector<basket_list> shoppers;
    for (std::uint64_t u = 0; u < 12; ++u) shoppers.push_back(make_baskets(100 * seed + u, 15));
    const tifu_options o{1 + seed % 5, .9, .6, seed % 3 == 0 ? .2 : .7, 1 + seed % 4};
    const tifu_knn model = tifu_knn::fit(shoppers, o).value();
    std::vector<std::vector<double>> v(12, std::vector<double>(16));
    for (std::size_t u = 0; u < 12; ++u) {
      const std::size_t n = shoppers[u].size();
      if (n == 0) continue;
      const std::size_t groups = (std::min)(n, o.groups);
      std::vector<std::size_t> sizes(groups, n / groups);
      for (std::size_t extra = 0; extra < n % groups; ++extra) ++sizes[groups - 1 - extra];
      std::size_t b = 0;
      for (std::size_t g = 0; g < groups; ++g) {
        for (std::size_t i = 0; i < sizes[g]; ++i, ++b) {
          for (const item_id item : shoppers[u][b]) {
            v[u][raw(item)] += std::pow(.9, static_cast<double>(sizes[g] - 1 - i)) /
                               static_cast<double>(sizes[g]) *
                               std::pow(.6, static_cast<double>(groups - 1 - g)) /
                               static_cast<double>(groups);
          }
        }
      }
    }
    for (std::size_t u = 0; u < 12; ++u) {
      std::vector<std::pair<double, std::size_t>> near;
      for (std::size_t w = 0; w < 12; ++w) {
        double distance = 0;
        for (std::size_t i = 0; i < 16; ++i) distance += (v[u][i] - v[w][i]) * (v[u][i] - v[w][i]);
        if (w != u) near.emplace_back(distance, w);
      }
      std::sort(near.begin(), near.end());
      const std::size_t k = (std::min)(o.neighbours, near.size());
      // Where the last neighbour ties, rounding decides: not comparable.
      if (k < near.size() && near[k].first - near[k - 1].first < 1e-12) continue;
      std::vector<double> score(16);
      for (std::size_t i = 0; i < 16; ++i) {
        score[i] = o.own * v[u][i];
        for (std::size_t n = 0; n < k; ++n) {
          score[i] += (1 - o.own) * v[near[n].second][i] / static_cast<double>(k);
        }
      }
      tifu_knn::scratch s;
      std::vector<tifu_knn::scored_item> out;
      model.next(u, 100, s, out);
      std::size_t positive = 0;
      for (const double x : score) positive += std::size_t{x > 1e-15};
      REQUIRE(out.size() == positive);
      for (const auto& i : out) REQUIRE(std::fabs(i.score - score[raw(i.item)]) < 1e-12);
    }
  }
  CHECK_FALSE(tifu_knn::fit({}, {.own = 2}));
}
