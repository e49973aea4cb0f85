// T5: session-based neighbours on synthetic clicks. How long the index takes to build, and how long
// a query takes at (m, k, last) = (500, 100, 9) and (1500, 300, 4), 21 items, one thread: quantiles
// over 20,000 running visits. Beside ours the textbook way, after the description of Serenade: hash
// maps from item to newest sessions, a heap of times, a heap of scores. `seen` and `rows` are work:
// candidates compared and items added up per query.
// TAILOR_BENCH_LARGE=1 in the environment adds 14.4 million visits to 1.76 million items, which
// takes 4 GB of memory and half a minute.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <queue>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "clicks.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"
#include "tailor/similar/rule_lists.hpp"
#include "tailor/similar/sequential_rules.hpp"
#include "tailor/similar/session_knn.hpp"

namespace {

using namespace tailor;
using namespace tailor::similar;

struct data_set {
  std::vector<item_id> clicks;
  std::vector<std::size_t> begin{0};
  std::vector<session> sessions;
  std::vector<std::vector<item_id>> running;
  session_index index;
};

const data_set& data(std::size_t n) {
  static std::unique_ptr<data_set> kept;
  static std::size_t which = SIZE_MAX;
  if (which == n) return *kept;
  kept.reset();
  auto d = std::make_unique<data_set>();
  const bench::visits source(bench::shapes_of_clicks[n].items);
  counter_random random(1, n);
  const std::size_t sessions = bench::shapes_of_clicks[n].sessions;
  for (std::size_t s = 0; s < sessions; ++s) {
    source.draw(random, d->clicks);
    d->begin.push_back(d->clicks.size());
  }
  for (std::size_t s = 0; s < sessions; ++s) {
    d->sessions.push_back(
        {session_id{mix64(s)}, user_id{s / 3}, timestamp{} + seconds(static_cast<std::int64_t>(s)),
         std::span(d->clicks).subspan(d->begin[s], d->begin[s + 1] - d->begin[s])});
  }
  while (d->running.size() < 20'000) d->running.push_back(source.begun(random));
  d->index = session_index::make({}, d->sessions).value();
  kept = std::move(d);
  which = n;
  return *kept;
}

const session_knn_options settings[] = {
    {.recent = 500, .neighbours = 100, .last = 9, .count = 21},
    {.recent = 1500, .neighbours = 300, .last = 4, .count = 21},
};

/// The textbook way.
class textbook {
 public:
  textbook(std::span<const session> sessions, std::size_t recent) {
    double entries = 0;
    std::unordered_map<std::uint64_t, double> counts;
    for (std::uint32_t s = 0; s < sessions.size(); ++s) {
      std::vector<std::uint64_t> items;
      for (const item_id i : sessions[s].clicks) items.push_back(raw(i));
      std::sort(items.begin(), items.end());
      items.erase(std::unique(items.begin(), items.end()), items.end());
      for (const std::uint64_t i : items) {
        lists_[i].push_back(s);
        ++counts[i];
        ++entries;
      }
      times_.push_back(static_cast<std::uint32_t>(sessions[s].end.us / 1'000'000));
      items_.push_back(std::move(items));
    }
    for (auto& [item, list] : lists_) {
      std::reverse(list.begin(), list.end());  // the sessions came in the order of their ends
      if (list.size() > recent) list.resize(recent);
      list.shrink_to_fit();
    }
    for (const auto& [item, count] : counts) idf_[item] = std::log(entries / count);
  }

  std::vector<std::pair<double, std::uint64_t>> next(std::span<const item_id> running,
                                                     const session_knn_options& o) const {
    const auto clicks = running.last((std::min)(running.size(), o.last));
    const auto size = static_cast<double>(clicks.size());
    std::unordered_map<std::uint64_t, std::size_t> place;
    std::unordered_map<std::uint32_t, double> similar;
    using timed = std::pair<std::uint32_t, std::uint32_t>;
    std::priority_queue<timed, std::vector<timed>, std::greater<>> oldest;
    for (std::size_t p = 0; p < clicks.size(); ++p) {
      place.emplace(raw(clicks[clicks.size() - 1 - p]), p);
    }
    for (std::size_t p = 0; p < clicks.size(); ++p) {
      const std::uint64_t item = raw(clicks[clicks.size() - 1 - p]);
      const auto list = lists_.find(item);
      if (place[item] != p || list == lists_.end()) continue;
      const double weight = (size - static_cast<double>(p)) / static_cast<double>(place.size());
      for (const std::uint32_t s : list->second) {
        if (const auto at = similar.find(s); at != similar.end()) {
          at->second += weight;
        } else if (similar.size() < o.recent) {
          similar.emplace(s, weight);
          oldest.emplace(times_[s], s);
        } else if (times_[s] > oldest.top().first) {
          similar.erase(oldest.top().second);
          oldest.pop();
          similar.emplace(s, weight);
          oldest.emplace(times_[s], s);
        } else {
          break;
        }
      }
    }
    using ranked = std::pair<double, std::uint32_t>;
    std::priority_queue<ranked, std::vector<ranked>, std::greater<>> nearest;
    for (const auto& [s, similarity] : similar) {
      if (nearest.size() < o.neighbours) {
        nearest.emplace(similarity, s);
      } else if (ranked(similarity, s) > nearest.top()) {
        nearest.pop();
        nearest.emplace(similarity, s);
      }
    }
    std::unordered_map<std::uint64_t, double> scores;
    for (; !nearest.empty(); nearest.pop()) {
      const auto [similarity, s] = nearest.top();
      std::size_t first = SIZE_MAX;
      for (const std::uint64_t i : items_[s]) {
        if (const auto at = place.find(i); at != place.end()) first = (std::min)(first, at->second);
      }
      const double weight = 1 - 0.1 * static_cast<double>(first + 1);
      for (const std::uint64_t i : items_[s]) {
        const double idf = idf_.find(i)->second;
        scores[i] += weight * similarity * (idf > 0 ? idf : 1);
      }
    }
    scores.erase(raw(clicks.back()));
    using scored = std::pair<double, std::uint64_t>;
    std::priority_queue<scored, std::vector<scored>, std::greater<>> best;
    for (const auto& [item, score] : scores) {
      if (best.size() < o.count) {
        best.emplace(score, item);
      } else if (score > best.top().first) {
        best.pop();
        best.emplace(score, item);
      }
    }
    std::vector<scored> out;
    for (; !best.empty(); best.pop()) out.push_back(best.top());
    std::reverse(out.begin(), out.end());
    return out;
  }

 private:
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> lists_;
  std::unordered_map<std::uint64_t, double> idf_;
  std::vector<std::vector<std::uint64_t>> items_;
  std::vector<std::uint32_t> times_;
};

/// Runs `ask(running)` on all running visits, each timed alone.
template <class Ask>
void time_queries(benchmark::State& state, const data_set& d, const Ask& ask) {
  std::vector<double> times;
  for (auto _ : state) {
    for (const auto& running : d.running) {
      const auto begin = std::chrono::steady_clock::now();
      ask(running);
      const std::chrono::duration<double, std::micro> took =
          std::chrono::steady_clock::now() - begin;
      times.push_back(took.count());
    }
  }
  std::sort(times.begin(), times.end());
  const auto quantile = [&](double q) {
    return times[static_cast<std::size_t>(q * static_cast<double>(times.size() - 1))];
  };
  state.counters["p50_us"] = quantile(0.5);
  state.counters["p90_us"] = quantile(0.9);
  state.counters["p99_us"] = quantile(0.99);
  state.counters["p99.5_us"] = quantile(0.995);
}

template <class Weights>
void ask_index(benchmark::State& state, const data_set& d, const session_index& index,
               session_knn_options options) {
  options.now = timestamp{} + seconds(static_cast<std::int64_t>(d.sessions.size()));
  session_scratch scratch;
  std::vector<next_item> out;
  double seen = 0;
  double rows = 0;
  for (const auto& running : d.running) {
    next_in_session(index, running, options, Weights{}, scratch, out);
    seen += static_cast<double>(scratch.found.size());
    for (const session_neighbour& n : scratch.neighbours) {
      rows += static_cast<double>(index.row(n.number).size());
    }
  }
  time_queries(state, d, [&](std::span<const item_id> running) {
    next_in_session(index, running, options, Weights{}, scratch, out);
    benchmark::DoNotOptimize(out.data());
  });
  state.counters["seen"] = seen / static_cast<double>(d.running.size());
  state.counters["rows"] = rows / static_cast<double>(d.running.size());
}

template <class Weights>
void query(benchmark::State& state) {
  const data_set& d = data(static_cast<std::size_t>(state.range(0)));
  ask_index<Weights>(state, d, d.index, settings[state.range(1)]);
}

/// The last hundredth of the visits appended one by one, as many removed: before compaction.
void query_changing(benchmark::State& state) {
  const data_set& d = data(static_cast<std::size_t>(state.range(0)));
  const std::size_t late = d.sessions.size() / 100;
  auto index =
      session_index::make({}, std::span(d.sessions).first(d.sessions.size() - late)).value();
  for (std::size_t s = 0; s < late; ++s) {
    // The few oversized ones are not there.
    static_cast<void>(index.add(d.sessions[d.sessions.size() - late + s]));
    static_cast<void>(index.erase(d.sessions[97 * s].id));
  }
  ask_index<vmis>(state, d, index, settings[state.range(1)]);
}

void query_textbook(benchmark::State& state) {
  const data_set& d = data(static_cast<std::size_t>(state.range(0)));
  const session_knn_options& options = settings[state.range(1)];
  const textbook peer(d.sessions, options.recent);
  time_queries(state, d, [&](std::span<const item_id> running) {
    const auto out = peer.next(running, options);
    benchmark::DoNotOptimize(out.data());
  });
}

void build(benchmark::State& state) {
  const data_set& d = data(static_cast<std::size_t>(state.range(0)));
  std::uint64_t clicks = 0;
  for (auto _ : state) {
    const auto index = session_index::make({}, d.sessions).value();
    clicks = index.clicks();
  }
  state.counters["clicks"] = static_cast<double>(clicks);
}

void build_textbook(benchmark::State& state) {
  const data_set& d = data(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    const textbook peer(d.sessions, 500);
    benchmark::DoNotOptimize(&peer);
  }
}

/// One visit taken in, and the one before it taken out.
void add_and_erase(benchmark::State& state) {
  const data_set& d = data(0);
  session_index index = d.index;
  std::size_t n = 0;
  for (auto _ : state) {
    session s = d.sessions[n % d.sessions.size()];
    s.id = session_id{n};
    s.clicks = s.clicks.first((std::min)(s.clicks.size(), std::size_t{100}));  // never oversized
    s.end = timestamp{} + seconds(static_cast<std::int64_t>(10'000'000 + n));
    if (!index.add(s)) std::abort();
    if (n > 0 && !index.erase(session_id{n - 1})) std::abort();
    if (++n % 100'000 == 0) {
      state.PauseTiming();
      index.compact();
      state.ResumeTiming();
    }
  }
}

void rules_next(benchmark::State& state) {
  const data_set& d = data(0);
  sequential_rules rules;
  for (std::size_t s = 0; s < 200'000; ++s) {
    if (!rules.observe(d.sessions[s].clicks)) continue;
  }
  sequential_rules::scratch scratch;
  std::vector<next_item> out;
  time_queries(state, d, [&](std::span<const item_id> running) {
    rules.next(running.back(), 21, scratch, out);
    benchmark::DoNotOptimize(out.data());
  });
  state.counters["pairs"] = static_cast<double>(rules.pairs());
}

void lists_next(benchmark::State& state) {
  const data_set& d = data(0);
  sequential_rules rules;
  for (std::size_t s = 0; s < 200'000; ++s) {
    if (!rules.observe(d.sessions[s].clicks)) continue;
  }
  const rule_lists lists(rules, 50);
  sequential_rules::scratch scratch;
  std::vector<next_item> out;
  time_queries(state, d, [&](std::span<const item_id> running) {
    lists.next(running.back(), 21, scratch, out);
    benchmark::DoNotOptimize(out.data());
  });
}

void rules_observe(benchmark::State& state) {
  const data_set& d = data(0);
  for (auto _ : state) {
    sequential_rules rules;
    for (std::size_t s = 0; s < 100'000; ++s) {
      if (!rules.observe(d.sessions[s].clicks)) continue;
    }
    benchmark::DoNotOptimize(rules.pairs());
  }
  state.SetItemsProcessed(state.iterations() * 100'000);
}

const bool registered = [] {
  const std::int64_t sets = std::getenv("TAILOR_BENCH_LARGE") != nullptr ? 2 : 1;
  for (std::int64_t set = 0; set < sets; ++set) {
    benchmark::RegisterBenchmark("build", build)->Arg(set)->Unit(benchmark::kMillisecond);
    for (std::int64_t o = 0; o < 2; ++o) {
      benchmark::RegisterBenchmark("query", query<vmis>)
          ->Args({set, o})
          ->Unit(benchmark::kMillisecond);
    }
    benchmark::RegisterBenchmark("query_changing", query_changing)
        ->Args({set, 0})
        ->Unit(benchmark::kMillisecond);
    benchmark::RegisterBenchmark("query_stan", query<stan>)
        ->Args({set, 0})
        ->Unit(benchmark::kMillisecond);
  }
  benchmark::RegisterBenchmark("build_textbook", build_textbook)
      ->Arg(0)
      ->Unit(benchmark::kMillisecond);
  for (std::int64_t o = 0; o < 2; ++o) {
    benchmark::RegisterBenchmark("query_textbook", query_textbook)
        ->Args({0, o})
        ->Unit(benchmark::kMillisecond);
  }
  return true;
}();

}  // namespace

BENCHMARK(add_and_erase);
BENCHMARK(rules_observe)->Unit(benchmark::kMillisecond);
BENCHMARK(rules_next)->Unit(benchmark::kMillisecond);
BENCHMARK(lists_next)->Unit(benchmark::kMillisecond);
