#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <numeric>
#include <set>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/recommend/calibrated.hpp"
#include "tailor/recommend/dpp.hpp"
#include "tailor/recommend/mmr.hpp"
#include "tailor/recommend/shuffled.hpp"
#include "tailor/recommend/xquad.hpp"

using namespace tailor;
using namespace tailor::recommend;

namespace {

using order = std::vector<std::uint32_t>;

struct table {
  std::vector<std::vector<double>> alike;
  double operator()(item_id a, item_id b) const { return alike[raw(a)][raw(b)]; }
};
struct thirds {
  std::uint64_t operator()(item_id item) const { return raw(item) % 4; }  // 0 is no group
};

template <class R>
order ordered(const R& r, const std::vector<ranked_input>& from, std::size_t count) {
  typename R::scratch s;
  order out{9, 9};
  r(from, count, s, out);
  order again;
  r(from, count, s, again);
  REQUIRE(again == out);
  REQUIRE(out.size() == (std::min)(count, from.size()));
  REQUIRE(std::set<std::uint32_t>(out.begin(), out.end()).size() == out.size());
  return out;
}

/// Vectors of length 1 and their cosines, and falling relevance.
struct trial {
  std::vector<ranked_input> from;
  table alike;
};
trial make_trial(std::uint64_t seed) {
  counter_random draw(seed, 1);
  const std::size_t n = 1 + uniform_below(draw, 12);
  std::vector<std::vector<double>> v(n, std::vector<double>(5));
  for (auto& x : v) {
    double sum = 0;
    for (double& d : x) {
      d = uniform01(draw);
      sum += d * d;
    }
    for (double& d : x) d /= std::sqrt(sum);
  }
  trial t;
  t.alike.alike.assign(n, std::vector<double>(n));
  for (std::size_t i = 0; i < n; ++i) {
    t.from.push_back({item_id{i}, 0.1 + uniform01(draw)});
    for (std::size_t j = 0; j < n; ++j) {
      t.alike.alike[i][j] = std::inner_product(v[i].begin(), v[i].end(), v[j].begin(), 0.0);
    }
  }
  std::sort(t.from.begin(), t.from.end(),
            [](const ranked_input& a, const ranked_input& b) { return a.relevance > b.relevance; });
  return t;
}

double determinant(std::vector<std::vector<double>> a) {
  double out = 1;
  for (std::size_t c = 0; c < a.size(); ++c) {
    std::size_t pivot = c;
    for (std::size_t r = c; r < a.size(); ++r) {
      if (std::fabs(a[r][c]) > std::fabs(a[pivot][c])) pivot = r;
    }
    if (a[pivot][c] == 0) return 0;
    if (pivot != c) out = -out;
    std::swap(a[pivot], a[c]);
    out *= a[c][c];
    for (std::size_t r = c + 1; r < a.size(); ++r) {
      const double by = a[r][c] / a[c][c];
      for (std::size_t k = c; k < a.size(); ++k) a[r][k] -= by * a[c][k];
    }
  }
  return out;
}

}  // namespace

TEST_CASE("orders: the answers of the textbook") {
  const std::vector<ranked_input> from{
      {item_id{0}, 1}, {item_id{1}, .9}, {item_id{2}, .8}, {item_id{3}, .7}};
  const table s{{{1, .95, .1, .2}, {.95, 1, .15, .1}, {.1, .15, 1, .3}, {.2, .1, .3, 1}}};
  CHECK(ordered(mmr<table>(s, 0.7), from, 4) == order{0, 2, 3, 1});
  CHECK(ordered(mmr<table>(s, 0.5), from, 4) == order{0, 2, 3, 1});
  CHECK(ordered(mmr<table>(s, 1), from, 4) == order{0, 1, 2, 3});
  CHECK(ordered(dpp<table>(s), from, 4) == order{0, 2, 3, 1});
  CHECK(ordered(as_ranked{}, from, 3) == order{0, 1, 2});
  const taste p = taste::make(std::vector<group_share>{{1, .7}, {2, .3}}).value();
  const auto all_of_one = [](std::size_t g) { return g == 0 ? 1.0 : 0.0; };
  CHECK(std::fabs(divergence(p, all_of_one, .01) - 1.133982) < 1e-6);
  const auto same = [&p](std::size_t g) { return p.shares()[g].share; };
  CHECK(std::fabs(divergence(p, same, .01)) < 1e-15);
}

TEST_CASE("orders: relevance against likeness as by recomputing everything each time") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const trial t = make_trial(seed);
    const double lambda = static_cast<double>(seed % 11) / 10;
    const order got = ordered(mmr<table>(t.alike, lambda), t.from, 7);
    order want;
    const double high = t.from.front().relevance;
    while (want.size() < got.size()) {
      std::size_t best = t.from.size();
      double most = -9;
      for (std::uint32_t i = 0; i < t.from.size(); ++i) {
        if (std::find(want.begin(), want.end(), i) != want.end()) continue;
        double alike = 0;
        for (const std::uint32_t w : want) {
          alike = (std::max)(alike, t.alike(t.from[w].item, t.from[i].item));
        }
        const double r = t.from[i].relevance / high;
        const double value = lambda * r - (1 - lambda) * alike;
        if (value > most) best = i, most = value;
      }
      want.push_back(static_cast<std::uint32_t>(best));
    }
    REQUIRE(got == want);
  }
}

TEST_CASE("orders: a determinant grows as much as any candidate makes it") {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const trial t = make_trial(seed);
    const order got = ordered(dpp<table>(t.alike, {.least = 1e-7}), t.from, 4);
    const auto value = [&](order chosen) {
      std::vector<std::vector<double>> l(chosen.size(), std::vector<double>(chosen.size()));
      for (std::size_t a = 0; a < chosen.size(); ++a) {
        for (std::size_t b = 0; b < chosen.size(); ++b) {
          const ranked_input &x = t.from[chosen[a]], &y = t.from[chosen[b]];
          l[a][b] = x.relevance * y.relevance * t.alike(x.item, y.item);
        }
      }
      return determinant(l);
    };
    order chosen;
    for (const std::uint32_t g : got) {
      order with = chosen;
      with.push_back(g);
      const double mine = value(with);
      for (std::uint32_t other = 0; other < t.from.size(); ++other) {
        if (std::find(chosen.begin(), chosen.end(), other) != chosen.end()) continue;
        with.back() = other;
        REQUIRE(value(with) <= mine + 1e-9);
      }
      chosen.push_back(g);
    }
  }
  // Copies add nothing: relevance decides between them.
  const std::vector<ranked_input> copies{{item_id{0}, 3}, {item_id{1}, 2}, {item_id{2}, 1}};
  const table all{{{1, 1, 1}, {1, 1, 1}, {1, 1, 1}}};
  CHECK(ordered(dpp<table>(all), copies, 3) == order{0, 1, 2});
}

TEST_CASE("orders: groups come in the proportion of the taste, as near as relevance lets them") {
  std::vector<ranked_input> from;
  for (std::uint64_t i = 0; i < 60; ++i) {
    from.push_back({item_id{4 * (i / 3) + 1 + i % 3}, 1.0 - static_cast<double>(i) / 100});
  }
  const taste half = taste::make(std::vector<group_share>{{1, 5}, {2, 5}}).value();
  std::map<std::uint64_t, int> groups;
  for (const std::uint32_t n : ordered(calibrated<thirds>({}, half, {.lambda = .99}), from, 20)) {
    ++groups[thirds{}(from[n].item)];
  }
  CHECK(groups[1] == 10);
  CHECK(groups[2] == 10);
  CHECK(ordered(calibrated<thirds>({}, half, {.lambda = 0}), from, 5) == order{0, 1, 2, 3, 4});
  CHECK(ordered(calibrated<thirds>({}, taste{}), from, 3) == order{0, 1, 2});

  // Coverage: after one of a group its next is worth half, so the other comes.
  std::vector<ranked_input> two{{item_id{1}, 1}, {item_id{5}, .99}, {item_id{2}, .8}};
  CHECK(ordered(xquad<thirds>({}, half), two, 3) == order{0, 2, 1});
  CHECK(ordered(xquad<thirds>({}, half, {.lambda = 0}), two, 3) == order{0, 1, 2});
  CHECK(ordered(xquad<thirds>({}, taste{}), two, 2) == order{0, 1});
}

TEST_CASE("orders: calibration takes the best next item, found by recomputing") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const trial t = make_trial(seed);
    counter_random draw(seed, 2);
    const taste p =
        taste::make(std::vector<group_share>{
                        {1, 1 + uniform01(draw)}, {2, uniform01(draw)}, {3, uniform01(draw)}})
            .value();
    const order got = ordered(calibrated<thirds>({}, p), t.from, 6);
    order chosen;
    for (const std::uint32_t g : got) {
      const auto value = [&](std::uint32_t candidate) {
        order with = chosen;
        with.push_back(candidate);
        double relevance = 0;
        for (const std::uint32_t w : with) relevance += t.from[w].relevance;
        const auto share = [&](std::size_t k) {
          double n = 0;
          for (const std::uint32_t w : with) {
            n += thirds{}(t.from[w].item) == p.shares()[k].group ? 1 : 0;
          }
          return n / static_cast<double>(with.size());
        };
        return 0.5 * relevance / t.from.front().relevance - 0.5 * divergence(p, share, 0.01);
      };
      for (std::uint32_t other = 0; other < t.from.size(); ++other) {
        if (std::find(chosen.begin(), chosen.end(), other) == chosen.end()) {
          REQUIRE(value(other) <= value(g) + 1e-12);
        }
      }
      chosen.push_back(g);
    }
  }
}

TEST_CASE("orders: a shuffle draws the better ones more often, and the same for the same key") {
  std::vector<ranked_input> from;
  for (std::uint64_t i = 0; i < 10; ++i) from.push_back({item_id{i}, i == 0 ? 3.0 : 1.0});
  int first = 0;
  for (std::uint64_t key = 0; key < 4000; ++key) {
    first += ordered(shuffled(key), from, 1).front() == 0;
  }
  CHECK(std::fabs(first - 4000.0 * 3 / 6) < 5 * std::sqrt(1000.0));  // four candidates: 3 of 6
  CHECK(ordered(shuffled(1), from, 3) != ordered(shuffled(2), from, 3));
  CHECK(ordered(shuffled(1), from, 10).size() == 10);
  CHECK(ordered(shuffled(1), {}, 10).empty());
}

TEST_CASE("taste: what is no share is refused") {
  const auto code = [](std::vector<group_share> s) {
    const auto made = taste::make(s);
    return made ? errc::ok : made.error().code;
  };
  CHECK(code({{1, std::nan("")}}) == errc::not_finite);
  CHECK(code({{1, -1}}) == errc::out_of_range);
  CHECK(code({{1, 1}, {1, 2}}) == errc::duplicate);
  CHECK(code({{1, 1e308}, {2, 1e308}}) == errc::overflow);
  CHECK(taste::make(std::vector<group_share>{{1, 0}}).value().size() == 0);
  CHECK(taste::make(std::vector<group_share>{{7, 1}, {3, 3}}).value().shares()[0].share == .75);
}
