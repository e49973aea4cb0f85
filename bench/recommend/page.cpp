// One slot of a page as a shop serves it: learnt weights of 41,000 items, a fallback, five rules,
// diversity. Each answer is timed by itself, so counters tell how long the slowest took (us).
#include <benchmark/benchmark.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tailor/core/distributions.hpp"
#include "tailor/core/published.hpp"
#include "tailor/recommend/explain.hpp"
#include "tailor/recommend/mmr.hpp"
#include "tailor/recommend/slot.hpp"
#include "tailor/recommend/strategies.hpp"
#include "tailor/recommend/write_receipt.hpp"
#include "tailor/similar/item_weights.hpp"

using namespace tailor;
using namespace tailor::recommend;

namespace {

constexpr std::uint32_t items = 41'000;
constexpr std::uint32_t row = 100;  // weights and neighbours of an item
constexpr std::uint64_t visitors = 512;
constexpr timestamp now{1'700'000'000'000'000};
constexpr attribute category{1};
constexpr attribute brand{2};

/// Ascending targets, some far more often than others.
std::vector<std::uint32_t> make_targets(counter_random& draw, std::uint32_t source) {
  std::vector<std::uint32_t> out;
  out.reserve(2 * row);
  while (out.size() < row) {
    for (std::size_t n = out.size(); n < row + row / 4; ++n) {
      const std::uint64_t limit = 1 + uniform_below(draw, items);  // low numbers are popular
      const auto target = static_cast<std::uint32_t>(uniform_below(draw, limit));
      if (target != source) out.push_back(target);
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
  }
  out.resize(row);
  return out;
}

similar::item_weights make_weights() {
  std::vector<item_id> ids;
  std::vector<std::size_t> begin{0};
  std::vector<similar::item_weights::entry> entries;
  ids.reserve(items);
  begin.reserve(items + 1);
  entries.reserve(std::size_t{items} * row);
  for (std::uint32_t i = 0; i < items; ++i) {
    counter_random draw(1, i);
    ids.push_back(item_id{i});
    for (const std::uint32_t target : make_targets(draw, i)) {
      const auto weight = static_cast<std::int32_t>(uniform_below(draw, 1U << 16));
      entries.push_back({target, weight - (1 << 14)});
    }
    begin.push_back(entries.size());
  }
  return similar::item_weights::make(std::move(ids), std::move(begin), std::move(entries), 16)
      .value();
}

/// Lists of neighbours as they come from a night's counting.
struct neighbour_table {
  struct neighbour_type {
    item_id item{};
    float score = 0;
  };
  std::vector<neighbour_type> all;

  neighbour_table() {
    all.reserve(std::size_t{items} * row);
    for (std::uint32_t i = 0; i < items; ++i) {
      counter_random draw(2, i);
      float score = 1;
      for (const std::uint32_t target : make_targets(draw, i)) {
        all.push_back({item_id{target}, score *= 0.98F});
      }
    }
  }
  void neighbours(item_id item, std::size_t count, std::vector<neighbour_type>& out) const {
    out.clear();
    if (raw(item) >= items) return;
    const auto first = all.begin() + static_cast<std::ptrdiff_t>(raw(item) * row);
    const auto size = (std::min)(count, std::size_t{row});
    out.insert(out.end(), first, first + static_cast<std::ptrdiff_t>(size));
  }
};

struct same_category {
  double operator()(item_id a, item_id b) const { return raw(a) % 40 == raw(b) % 40 ? 1 : 0; }
};

item_table make_catalogue() {
  std::vector<item_table::row> rows;
  rows.reserve(items);
  for (std::uint32_t i = 0; i < items; ++i) {
    counter_random draw(3, i);
    rows.push_back({item_id{i},
                    std::int64_t(100 + uniform_below(draw, 9'000)),
                    uniform_below(draw, 20) != 0,
                    {{category, 1 + i % 40}, {brand, 1 + uniform_below(draw, 300)}}});
  }
  return item_table::make(rows).value();
}

merchandising make_rules() {
  return merchandising::make({{"not again", filter{not_bought{}}},
                              {"not here", filter{not_with{category, 7}}},
                              {"campaign", boost{brand, 3, 200}},
                              {"some of it", quota{category, 5, 1, 4}},
                              {"two of a brand", limit_per{brand, 2}}},
                             10)
      .value();
}

/// Models with the slot that refers to them: published as one.
struct served {
  explicit served(similar::item_weights w) : weights(std::move(w)) {}
  served(const served&) = delete;
  served& operator=(const served&) = delete;

  similar::item_weights weights;
  std::vector<item_id> best = [] {
    std::vector<item_id> out;
    out.reserve(100);
    for (std::uint64_t i = 0; i < 100; ++i) out.push_back(item_id{i});
    return out;
  }();
  slot<mmr<same_category>, blend<weights_of<similar::item_weights>>, blend<list_of>> home{
      slot_options{}, mmr(same_category{}), blend(weighted{for_you(weights)}),
      blend(weighted{favourites(best)})};
};

struct shop {
  published<std::unique_ptr<const served>> live{std::make_unique<const served>(make_weights())};
  neighbour_table pairs{};
  item_table catalogue = make_catalogue();
  merchandising rules = make_rules();
};
shop& the_shop() {
  static shop one;
  return one;
}

const std::vector<std::vector<touch>>& histories_of(std::size_t size) {
  static std::vector<std::pair<std::size_t, std::vector<std::vector<touch>>>> made;
  for (const auto& m : made) {
    if (m.first == size) return m.second;
  }
  std::vector<std::vector<touch>> all(visitors);
  for (std::uint64_t u = 0; u < visitors; ++u) {
    counter_random draw(4, u);
    for (std::size_t n = 0; n < size; ++n) {
      const std::uint64_t limit = 1 + uniform_below(draw, items);
      const bool buys = uniform_below(draw, 8) == 0;
      all[u].push_back({item_id{uniform_below(draw, limit)},
                        buys ? events::event_kind::purchase : events::event_kind::view_item,
                        now - hours(static_cast<std::int64_t>(size - n))});
    }
  }
  made.emplace_back(size, std::move(all));
  return made.back().second;
}

/// Runs `answer(n)` for each iteration and tells how long single ones took.
template <class F>
void time_each(benchmark::State& state, const F& answer) {
  std::vector<double> took;
  took.reserve(1U << 20);
  std::uint64_t n = 0;
  for (auto _ : state) {
    const auto begin = std::chrono::steady_clock::now();
    answer(n++);
    const auto end = std::chrono::steady_clock::now();
    took.push_back(std::chrono::duration<double, std::micro>(end - begin).count());
  }
  std::sort(took.begin(), took.end());
  const auto at = [&](double share) {
    return took[static_cast<std::size_t>(share * static_cast<double>(took.size() - 1))];
  };
  state.counters["p50_us"] = at(0.5);
  state.counters["p99_us"] = at(0.99);
  state.counters["p99.9_us"] = at(0.999);
}

/// Publishes a copy of the models, again and again, until it goes.
class writer {
 public:
  writer() {
    thread_ = std::thread([this] {
      shop& s = the_shop();
      while (!done_) {
        std::unique_ptr<const served> next;
        {
          const auto view = s.live.read();
          next = std::make_unique<const served>((*view)->weights);
        }
        s.live.publish(std::move(next));
        ++published_;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
      }
    });
  }
  ~writer() { stop(); }
  writer(const writer&) = delete;
  writer& operator=(const writer&) = delete;

  std::int64_t stop() {
    done_ = true;
    if (thread_.joinable()) thread_.join();
    return published_;
  }

 private:
  std::atomic<bool> done_{false};
  std::atomic<std::int64_t> published_{0};
  std::thread thread_{};
};

/// Arguments: items of the history, whether models are published meanwhile.
void for_you_slot(benchmark::State& state) {
  shop& s = the_shop();
  const auto& histories = histories_of(static_cast<std::size_t>(state.range(0)));
  decltype(served::home)::scratch scratch;
  answer out;
  std::size_t shown = 0;
  const auto answer_one = [&](std::uint64_t n) {
    context c;
    c.user = user_id{n};
    c.now = now;
    c.history = histories[n % visitors];
    const auto view = s.live.read();
    (*view)->home.recommend(c, s.catalogue, s.rules, scratch, out);
    shown += out.items.size();
  };
  for (std::uint64_t n = 0; n < 32; ++n) answer_one(n);
  std::unique_ptr<writer> meanwhile;
  if (state.range(1) != 0) meanwhile = std::make_unique<writer>();
  time_each(state, answer_one);
  if (meanwhile) state.counters["published"] = static_cast<double>(meanwhile->stop());
  benchmark::DoNotOptimize(shown);
}
BENCHMARK(for_you_slot)
    ->ArgNames({"history", "writer"})
    ->Args({27, 0})
    ->Args({27, 1})
    ->Args({500, 0})
    ->Args({500, 1})
    ->Unit(benchmark::kMicrosecond);

/// What goes with one product, the same rules, in the order of scores.
void bought_together_slot(benchmark::State& state) {
  shop& s = the_shop();
  const slot product(slot_options{}, as_ranked{}, blend(weighted{bought_together(s.pairs)}));
  decltype(product)::scratch scratch;
  answer out;
  std::size_t shown = 0;
  time_each(state, [&](std::uint64_t n) {
    const item_id page[] = {item_id{n * 7'919 % items}};
    context c;
    c.now = now;
    c.page = page;
    product.recommend(c, s.catalogue, s.rules, scratch, out);
    shown += out.items.size();
  });
  benchmark::DoNotOptimize(shown);
}
BENCHMARK(bought_together_slot)->Unit(benchmark::kMicrosecond);

/// The receipt and the sentence of one place of an answer. Argument: items of the history.
void receipt_on_demand(benchmark::State& state) {
  shop& s = the_shop();
  const auto& histories = histories_of(static_cast<std::size_t>(state.range(0)));
  const auto view = s.live.read();
  const auto& home = (*view)->home;
  decltype(served::home)::scratch scratch;
  std::vector<answer> answers(visitors);
  std::vector<context> contexts(visitors);
  for (std::uint64_t u = 0; u < visitors; ++u) {
    contexts[u].now = now;
    contexts[u].history = histories[u];
    home.recommend(contexts[u], s.catalogue, s.rules, scratch, answers[u]);
  }
  receipt r;
  std::string sentence;
  std::size_t written = 0;
  time_each(state, [&](std::uint64_t n) {
    const std::uint64_t u = n % visitors;
    const status ok = write_receipt(home, contexts[u], s.catalogue, s.rules, answers[u],
                                    n / visitors % 10, scratch, r);
    written += std::size_t{ok ? 1U : 0U};
    explain(r, [](item_id) { return "it"; }, sentence, {.min_people = 0});
  });
  state.counters["written"] =
      static_cast<double>(written) / static_cast<double>(state.iterations());
}
BENCHMARK(receipt_on_demand)->ArgName("history")->Arg(27)->Arg(500)->Unit(benchmark::kMicrosecond);

}  // namespace
