// Orders of 200 candidates for 20 places, each beside its textbook form, which recomputes at every
// choice what the order keeps up to date; the two take turns, so their ratio is of one run. Times
// are of the processor, us a list. Work: what is asked of the host and multiplied, by order and by
// textbook. Both choose the same (but for the draw), or the benchmark says that it failed.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <map>
#include <type_traits>
#include <vector>

#include "tailor/core/distributions.hpp"
#include "tailor/recommend/calibrated.hpp"
#include "tailor/recommend/dpp.hpp"
#include "tailor/recommend/mmr.hpp"
#include "tailor/recommend/shuffled.hpp"
#include "tailor/recommend/xquad.hpp"

using namespace tailor;
using namespace tailor::recommend;

namespace {

constexpr std::size_t listed = 200;
constexpr std::size_t places = 20;
constexpr std::uint64_t groups = 30;
constexpr std::size_t dimensions = 32;

using order = std::vector<std::uint32_t>;
using list = std::vector<ranked_input>;

std::uint64_t asked = 0;  // likenesses or groups, or terms of a sum where there are none

/// Cosines of 32 numbers.
struct cosine {
  const std::vector<std::array<float, dimensions>>* of;
  double operator()(item_id a, item_id b) const {
    ++asked;
    const auto& x = (*of)[raw(a)];
    const auto& y = (*of)[raw(b)];
    std::array<float, 8> sums{};
    for (std::size_t d = 0; d < dimensions; d += 8) {
      for (std::size_t k = 0; k < 8; ++k) sums[k] += x[d + k] * y[d + k];
    }
    float sum = 0;
    for (const float s : sums) sum += s;
    return static_cast<double>(sum);
  }
};
struct department {
  std::uint64_t operator()(item_id item) const {
    ++asked;
    return 1 + raw(item) % groups;
  }
};
struct shop {
  std::vector<std::array<float, dimensions>> vectors;
  std::vector<list> lists;
  taste likes;

  shop() : vectors(20'000) {
    counter_random draw(1, 1);
    for (auto& v : vectors) {
      float squares = 0;
      for (float& x : v) {
        x = static_cast<float>(uniform01(draw));
        squares += x * x;
      }
      for (float& x : v) x /= std::sqrt(squares);
    }
    lists.resize(16);
    for (list& l : lists) {
      std::map<std::uint64_t, double> best;
      while (best.size() < listed) best[uniform_below(draw, vectors.size())] = uniform01(draw);
      for (const auto& b : best) l.push_back({item_id{b.first}, b.second});
      std::sort(l.begin(), l.end(), [](const ranked_input& a, const ranked_input& b) {
        return a.relevance > b.relevance;
      });
    }
    std::vector<group_share> shares;
    for (std::uint64_t g = 1; g <= groups; ++g) shares.push_back({g, uniform01(draw)});
    likes = taste::make(shares).value();
  }
};
const shop& example() {
  static const shop made;
  return made;
}

/// The candidate with the greatest `value`, again and again: what all textbooks have in common.
template <class Value>
void greedily(const list& from, order& out, const Value& value) {
  out.clear();
  std::vector<std::uint8_t> chosen(from.size(), 0);
  while (out.size() < places) {
    std::size_t best = from.size();
    double most = 0;
    for (std::size_t n = 0; n < from.size(); ++n) {
      if (chosen[n] != 0) continue;
      const double v = value(n);
      if (best == from.size() || v > most) {
        best = n;
        most = v;
      }
    }
    chosen[best] = 1;
    out.push_back(static_cast<std::uint32_t>(best));
  }
}
double share(const list& from, std::size_t n) { return from[n].relevance / from[0].relevance; }

double processor_us() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_nsec) / 1e3;
}

/// One list after the other by both, in turns of all lists.
template <class R, class Textbook>
void compare(benchmark::State& state, const R& r, const Textbook& textbook) {
  typename R::scratch s;
  order ours, theirs;
  bool same = true;
  asked = 0;
  for (const list& l : example().lists) r(l, places, s, ours);
  const std::uint64_t work = asked;
  asked = 0;
  for (const list& l : example().lists) {
    textbook(l, theirs);
    r(l, places, s, ours);
    same = same && ours == theirs;
  }
  const std::uint64_t textbook_work = asked - work;
  double of_order = 0, of_textbook = 0;
  for (auto _ : state) {
    const double begin = processor_us();
    for (const list& l : example().lists) {
      r(l, places, s, ours);
      benchmark::DoNotOptimize(ours.data());
    }
    const double between = processor_us();
    for (const list& l : example().lists) {
      textbook(l, theirs);
      benchmark::DoNotOptimize(theirs.data());
    }
    const double end = processor_us();
    of_order += between - begin;
    of_textbook += end - between;
    state.SetIterationTime((between - begin) / 1e6);
  }
  const auto all = static_cast<double>(example().lists.size());
  const double turns = static_cast<double>(state.iterations()) * all;
  state.counters["us"] = of_order / turns;
  state.counters["textbook_us"] = of_textbook / turns;
  state.counters["ratio"] = of_textbook / of_order;
  state.counters["asked"] = static_cast<double>(work) / all;
  state.counters["textbook_asked"] = static_cast<double>(textbook_work) / all;
  if (!same && !std::is_same_v<R, shuffled>) state.SkipWithError("the textbook chooses otherwise");
}

void by_mmr(benchmark::State& state) {
  const cosine alike{&example().vectors};
  compare(state, mmr(alike), [&](const list& from, order& out) {
    greedily(from, out, [&](std::size_t n) {
      double nearest = 0;
      for (const std::uint32_t c : out) {
        nearest = (std::max)(nearest, alike(from[c].item, from[n].item));
      }
      return 0.7 * share(from, n) - (1 - 0.7) * nearest;
    });
  });
}
BENCHMARK(by_mmr)->UseManualTime();

/// det(L) of the chosen and one more, by Cholesky from the beginning.
double determinant(const list& from, const cosine& alike, const order& chosen, std::size_t n,
                   std::array<std::array<double, places>, places>& l) {
  const std::size_t k = chosen.size() + 1;
  double out = 1;
  for (std::size_t a = 0; a < k; ++a) {
    const std::size_t x = a + 1 < k ? chosen[a] : n;
    for (std::size_t b = 0; b <= a; ++b) {
      const std::size_t y = b + 1 < k ? chosen[b] : n;
      double sum = share(from, x) * share(from, y) * alike(from[x].item, from[y].item);
      for (std::size_t c = 0; c < b; ++c) sum -= l[a][c] * l[b][c];
      l[a][b] = a == b ? std::sqrt(sum > 0 ? sum : 0) : sum / l[b][b];
    }
    out *= l[a][a] * l[a][a];
  }
  return out;
}

void by_determinant(benchmark::State& state) {
  const cosine alike{&example().vectors};
  compare(state, dpp(alike), [&](const list& from, order& out) {
    std::array<std::array<double, places>, places> l{};
    greedily(from, out, [&](std::size_t n) { return determinant(from, alike, out, n, l); });
  });
}
BENCHMARK(by_determinant)->UseManualTime();

void by_coverage(benchmark::State& state) {
  const taste& likes = example().likes;
  compare(state, xquad(department{}, likes), [&](const list& from, order& out) {
    greedily(from, out, [&](std::size_t n) {
      const std::uint64_t group = department{}(from[n].item);
      double worth = likes.shares()[likes.find(group)].share;
      for (const std::uint32_t c : out) worth *= department{}(from[c].item) == group ? 0.5 : 1;
      return 0.5 * share(from, n) + 0.5 * worth;
    });
  });
}
BENCHMARK(by_coverage)->UseManualTime();

void by_proportion(benchmark::State& state) {
  const taste& likes = example().likes;
  compare(state, calibrated(department{}, likes), [&](const list& from, order& out) {
    greedily(from, out, [&](std::size_t n) {
      std::array<double, groups> counts{};
      for (const std::uint32_t c : out) counts[likes.find(department{}(from[c].item))] += 1;
      counts[likes.find(department{}(from[n].item))] += 1;
      const auto size = static_cast<double>(out.size() + 1);
      return 0.5 * share(from, n) -
             0.5 * divergence(likes, [&](std::size_t g) { return counts[g] / size; }, 0.01);
    });
  });
}
BENCHMARK(by_proportion)->UseManualTime();

void by_draw(benchmark::State& state) {
  compare(state, shuffled(7), [](const list& from, order& out) {
    out.clear();
    counter_random draw(7, 7);
    std::vector<double> left(50);
    for (std::size_t n = 0; n < left.size(); ++n) left[n] = from[n].relevance;
    while (out.size() < places) {
      double sum = 0;
      for (const double w : left) sum += w;
      double at = uniform01(draw) * sum;
      std::size_t n = 0;
      while (n + 1 < left.size() && (left[n] == 0 || at >= left[n])) at -= left[n++];
      left[n] = 0;
      out.push_back(static_cast<std::uint32_t>(n));
    }
  });
}
BENCHMARK(by_draw)->UseManualTime();

}  // namespace
