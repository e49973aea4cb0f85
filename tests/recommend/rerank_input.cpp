// Orders on input that keeps no promise, and what is asked of all of them alike.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <set>
#include <span>
#include <type_traits>
#include <vector>

#include "../catch.hpp"
#include "../support/allocations.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/hash.hpp"
#include "tailor/recommend/calibrated.hpp"
#include "tailor/recommend/dpp.hpp"
#include "tailor/recommend/mmr.hpp"
#include "tailor/recommend/shuffled.hpp"
#include "tailor/recommend/xquad.hpp"

using namespace tailor;
using namespace tailor::recommend;

namespace {

using order = std::vector<std::uint32_t>;

constexpr double no_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

/// Items of ten groups and none (0); alike by group and a little by number.
struct department {
  std::uint64_t operator()(item_id item) const { return raw(item) % 11; }
};
struct by_department {
  double operator()(item_id a, item_id b) const {
    if (a == b) return 1;
    const bool same = raw(a) % 11 == raw(b) % 11;
    return (same ? 0.7 : 0.1) + static_cast<double>((raw(a) ^ raw(b)) % 8) / 100;
  }
};
/// Of a hostile host.
struct wild {
  double of_two = 0;
  double of_one = 1;
  double operator()(item_id a, item_id b) const {
    return a == b ? of_one : (raw(a) + raw(b)) % 3 == 0 ? of_two : 0.25;
  }
};

std::vector<ranked_input> draw_list(std::uint64_t seed, std::size_t n) {
  counter_random draw(seed, 41);
  std::vector<ranked_input> out;
  out.reserve(n);
  for (std::size_t i = 0; i < n; ++i) {
    out.push_back({item_id{100 * i + uniform_below(draw, 100)}, 0.01 + uniform01(draw)});
  }
  std::sort(out.begin(), out.end(),
            [](const ranked_input& a, const ranked_input& b) { return a.relevance > b.relevance; });
  return out;
}

taste draw_taste(std::uint64_t seed, std::uint64_t groups = 10) {
  counter_random draw(seed, 42);
  std::vector<group_share> shares;
  shares.reserve(groups);
  for (std::uint64_t g = 1; g <= groups; ++g) shares.push_back({g, uniform01(draw)});
  return taste::make(shares).value();
}

template <class R>
order ordered(const R& r, std::span<const ranked_input> from, std::size_t count) {
  typename R::scratch s;
  order out;
  r(from, count, s, out);
  REQUIRE(out.size() == (std::min)(count, from.size()));
  REQUIRE(std::set<std::uint32_t>(out.begin(), out.end()).size() == out.size());
  REQUIRE((out.empty() || *std::max_element(out.begin(), out.end()) < from.size()));
  return out;
}

/// Calls `f` with one order of each kind.
template <class F>
void for_each_order(F&& f) {
  f(as_ranked{});
  f(mmr(by_department{}));
  f(mmr(by_department{}, 0));
  f(dpp(by_department{}));
  f(dpp(by_department{}, {.alpha = 0}));
  f(dpp(by_department{}, {.alpha = 3}));
  f(xquad(department{}, draw_taste(1)));
  f(xquad(department{}, taste{}));
  f(calibrated(department{}, draw_taste(2)));
  f(calibrated(department{}, taste{}));
  f(shuffled(7));
  f(shuffled(7, 0, 0));
}

}  // namespace

TEST_CASE("orders: relevance that is no number above 0 is the least, in every order") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    std::vector<ranked_input> bad = draw_list(seed, 1 + seed);
    counter_random draw(seed, 43);
    std::vector<ranked_input> zero = bad;
    for (std::size_t n = 0; n < bad.size(); ++n) {
      if (uniform_below(draw, 2) == 0) continue;
      constexpr double values[] = {no_number, infinity, -infinity, -1, 0, -0.0, -1e308};
      bad[n].relevance = values[uniform_below(draw, 7)];
      zero[n].relevance = 0;
    }
    for_each_order([&](const auto& r) {
      for (const std::size_t count : {std::size_t{0}, std::size_t{5}, SIZE_MAX}) {
        REQUIRE(ordered(r, bad, count) == ordered(r, zero, count));
      }
    });
    // Nobody is shown by chance or by likeness of nothing before those who have relevance.
    const order drawn = ordered(shuffled(seed), zero, zero.size());
    REQUIRE(std::is_partitioned(drawn.begin(), drawn.end(),
                                [&](std::uint32_t n) { return zero[n].relevance > 0; }));
  }
}

TEST_CASE("orders: the smallest and the greatest numbers are numbers") {
  std::vector<ranked_input> from = draw_list(1, 12);
  constexpr double values[] = {1.7e308, 1e308, 1e300, 1e10, 1, 1e-300, 5e-324, 5e-324};
  for (std::size_t n = 0; n < 8; ++n) from[n].relevance = values[n];
  for_each_order([&](const auto& r) { ordered(r, from, 12); });
  CHECK(ordered(mmr(by_department{}, 1), from, 12) == order{0, 1, 2, 3, 4, 8, 9, 10, 11, 5, 6, 7});
}

TEST_CASE("orders: a likeness that is no number is none") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto from = draw_list(seed, 30);
    CHECK(ordered(mmr(wild{no_number}), from, 30) == ordered(mmr(wild{0}), from, 30));
    CHECK(ordered(mmr(wild{-5}), from, 30) == ordered(mmr(wild{0}), from, 30));
    for (const double value : {no_number, infinity, -infinity, 1e308, -3.0, 7.0}) {
      ordered(mmr(wild{value}), from, 30);
      ordered(dpp(wild{value}), from, 30);
      ordered(dpp(wild{0, value}), from, 30);
      ordered(dpp(wild{value, value}), from, 30);
    }
    // Who is not even like himself adds nothing to a determinant: relevance decides.
    order ranked(30);
    for (std::uint32_t n = 0; n < 30; ++n) ranked[n] = n;
    CHECK(ordered(dpp(wild{0, no_number}), from, 30) == ranked);
  }
}

TEST_CASE("orders: options beyond their range are held at it") {
  const auto from = draw_list(3, 40);
  const taste likes = draw_taste(3);
  CHECK(ordered(mmr(by_department{}, 7), from, 9) == ordered(mmr(by_department{}, 1), from, 9));
  CHECK(ordered(mmr(by_department{}, no_number), from, 9) ==
        ordered(mmr(by_department{}, 0), from, 9));
  CHECK(ordered(dpp(by_department{}, {.alpha = -2}), from, 9) ==
        ordered(dpp(by_department{}, {.alpha = 0}), from, 9));
  CHECK(ordered(dpp(by_department{}, {.alpha = no_number}), from, 9) ==
        ordered(dpp(by_department{}, {.alpha = 0}), from, 9));
  for (const double least : {-1.0, no_number, 0.0}) {
    CHECK(ordered(dpp(by_department{}, {.least = least}), from, 40) ==
          ordered(dpp(by_department{}, {.least = 0}), from, 40));
  }
  ordered(dpp(by_department{}, {.alpha = infinity, .least = infinity}), from, 40);
  using covering = xquad<department>;
  CHECK(ordered(covering({}, likes, {.lambda = 3, .seen_again = -1}), from, 40) ==
        ordered(covering({}, likes, {.lambda = 1, .seen_again = 0}), from, 40));
  CHECK(ordered(covering({}, likes, {.lambda = no_number}), from, 40) ==
        ordered(covering({}, likes, {.lambda = 0}), from, 40));
  using proportion = calibrated<department>;
  CHECK(ordered(proportion({}, likes, {.lambda = 3}), from, 40) ==
        ordered(proportion({}, likes, {.lambda = 1}), from, 40));
  for (const double smooth : {0.0, -1.0, no_number}) {
    CHECK(ordered(proportion({}, likes, {.lambda = 1, .smooth = smooth}), from, 40) ==
          ordered(proportion({}, likes, {.lambda = 1, .smooth = 1e-9}), from, 40));
  }
  // A list that is all taste is as near as any: relevance decides.
  CHECK(ordered(proportion({}, likes, {.smooth = 2}), from, 40) == ordered(as_ranked{}, from, 40));
}

TEST_CASE("orders: ties go to the better position") {
  std::vector<ranked_input> from;
  from.reserve(12);
  for (std::uint64_t n = 0; n < 12; ++n) from.push_back({item_id{11 * (12 - n)}, 0.5});
  const order ranked = ordered(as_ranked{}, from, 12);
  const auto unlike = [](item_id a, item_id b) { return a == b ? 1.0 : 0.0; };
  CHECK(ordered(mmr(unlike), from, 12) == ranked);
  CHECK(ordered(dpp(unlike), from, 12) == ranked);
  CHECK(ordered(xquad(department{}, draw_taste(1)), from, 12) == ranked);
  CHECK(ordered(calibrated(department{}, draw_taste(1)), from, 12) == ranked);
  for (ranked_input& c : from) c.relevance = 0;
  CHECK(ordered(shuffled(3), from, 12) == ranked);
  CHECK(ordered(dpp(unlike), from, 12) == ranked);
}

TEST_CASE(
    "orders: a determinant does not depend on the unit of relevance, nor copies on rounding") {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    auto from = draw_list(seed, 40);
    const order at_one = ordered(dpp(by_department{}), from, 20);
    for (ranked_input& c : from) c.relevance *= 0x1p40;
    CHECK(ordered(dpp(by_department{}), from, 20) == at_one);
    for (ranked_input& c : from) c.relevance *= 0x1p-90;
    CHECK(ordered(dpp(by_department{}), from, 20) == at_one);
    // One of each group first, then all else adds nothing but errors of rounding.
    for (ranked_input& c : from) c.relevance *= 1e25;
    const auto copies = [](item_id a, item_id b) { return raw(a) % 3 == raw(b) % 3 ? 1.0 : 0.0; };
    const order got = ordered(dpp(copies), from, 40);
    order want;
    std::set<std::uint64_t> seen;
    for (std::uint32_t n = 0; n < 40; ++n) {
      if (seen.insert(raw(from[n].item) % 3).second) want.push_back(n);
    }
    for (std::uint32_t n = 0; n < 40; ++n) {
      if (std::find(want.begin(), want.end(), n) == want.end()) want.push_back(n);
    }
    CHECK(got == want);
  }
}

TEST_CASE("orders: coverage by its formula, found by multiplying everything each time") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const auto from = draw_list(seed, 1 + seed % 25);
    const taste likes = draw_taste(seed);
    const double lambda = static_cast<double>(seed % 11) / 10;
    const double again = static_cast<double>(seed % 5) / 4;
    const order got =
        ordered(xquad<department>({}, likes, {.lambda = lambda, .seen_again = again}), from, 12);
    order chosen;
    for (const std::uint32_t g : got) {
      // p(c | u) p(i | c) Π over the chosen of (1 − p(s | c)), p 1 or 1 − again in its own group.
      const auto value = [&](std::uint32_t n) {
        const std::uint64_t group = department{}(from[n].item);
        const std::size_t at = likes.find(group);
        double worth = at == likes.size() ? 0 : likes.shares()[at].share;
        for (const std::uint32_t c : chosen) {
          if (department{}(from[c].item) == group) worth *= 1 - (1 - again);
        }
        return (1 - lambda) * from[n].relevance / from.front().relevance + lambda * worth;
      };
      for (std::uint32_t n = 0; n < from.size(); ++n) {
        if (std::find(chosen.begin(), chosen.end(), n) != chosen.end()) continue;
        REQUIRE(value(n) <= value(g) + 1e-12);
      }
      chosen.push_back(g);
    }
  }
}

TEST_CASE("orders: calibration of many groups takes what recomputing the divergence takes") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto from = draw_list(seed, 60);
    const taste likes = draw_taste(seed);
    const calibrated_options o{.lambda = static_cast<double>(seed % 11) / 10,
                               .smooth = seed % 2 == 0 ? 0.01 : 0.3};
    const order got = ordered(calibrated<department>({}, likes, o), from, 20);
    std::vector<double> counts(likes.size() + 1, 0);
    std::vector<std::uint8_t> chosen(from.size(), 0);
    double size = 0;
    for (const std::uint32_t g : got) {
      ++size;
      const auto value = [&](std::uint32_t n) {
        const std::size_t at = likes.find(department{}(from[n].item));
        counts[at] += 1;
        const double d =
            divergence(likes, [&](std::size_t k) { return counts[k] / size; }, o.smooth);
        counts[at] -= 1;
        return (1 - o.lambda) * from[n].relevance / from.front().relevance - o.lambda * d;
      };
      const double mine = value(g);
      for (std::uint32_t n = 0; n < from.size(); ++n) {
        if (chosen[n] == 0) REQUIRE(value(n) <= mine + 1e-12);
      }
      chosen[g] = 1;
      counts[likes.find(department{}(from[g].item))] += 1;
    }
  }
}

TEST_CASE("orders: a shuffle has the odds of drawing without replacement") {
  const std::vector<ranked_input> from{{item_id{5}, 4}, {item_id{9}, 2}, {item_id{2}, 1}};
  constexpr double draws = 20'000;
  std::vector<std::vector<double>> seen(3, std::vector<double>(3, 0));
  for (std::uint64_t key = 0; key < 20'000; ++key) {
    const order out = ordered(shuffled(mix64(key)), from, 3);
    seen[out[0]][out[1]] += 1;
  }
  double chi2 = 0;
  for (std::size_t a = 0; a < 3; ++a) {
    for (std::size_t b = 0; b < 3; ++b) {
      if (a == b) continue;
      const double expected =
          draws * from[a].relevance / 7 * from[b].relevance / (7 - from[a].relevance);
      chi2 += (seen[a][b] - expected) * (seen[a][b] - expected) / expected;
    }
  }
  CHECK(chi2 < 20.5);  // five degrees of freedom: one seed in a thousand is beyond
  CHECK(chi2 > 0);
}

TEST_CASE(
    "orders: a shuffle draws from four times the places, at most fifty, at least the places") {
  const auto from = draw_list(9, 300);
  const auto last = [&](std::size_t count) {
    std::uint32_t most = 0;
    for (std::uint64_t key = 0; key < 3'000; ++key) {
      for (const std::uint32_t n : ordered(shuffled(key), from, count)) most = (std::max)(most, n);
    }
    return most;
  };
  CHECK(last(1) == 3);
  CHECK(last(5) == 19);
  CHECK(last(20) == 49);
  CHECK(last(60) == 59);
}

TEST_CASE("orders: nothing is allocated once memory has grown") {
  const auto from = draw_list(4, 200);
  for_each_order([&](const auto& r) {
    typename std::decay_t<decltype(r)>::scratch s;
    order out;
    r(from, 20, s, out);
    const std::size_t before = tailor_test::allocations;
    for (std::size_t n = 0; n < 200; n += 7) r(std::span(from).first(n), 20, s, out);
    r(from, 20, s, out);
    CHECK(tailor_test::allocations == before);
  });
}
