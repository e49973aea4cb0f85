// Which of two models is better, and is it more than luck.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <map>
#include <span>
#include <vector>

#include "tailor/core/distributions.hpp"
#include "tailor/core/thread_pool.hpp"
#include "tailor/evaluate/leak_report.hpp"
#include "tailor/evaluate/paired.hpp"
#include "tailor/evaluate/scoreboard.hpp"
#include "tailor/evaluate/split.hpp"
#include "tailor/similar/neighbour_lists.hpp"
#include "tailor/similar/weights_from_lists.hpp"

using namespace tailor;
using evaluate::finding;

namespace {

/// What is learnt from, by shopper.
using histories = std::map<user_id, std::vector<item_id>>;

/// The best by what goes with the shopper's items.
struct by_neighbours {
  const similar::item_weights& model;
  const histories& known;

  struct scratch {
    similar::item_weights::scratch own;
    std::vector<similar::weighed_item> best;
  };
  void operator()(user_id user, std::size_t count, scratch& s, std::vector<item_id>& out) const {
    const auto at = known.find(user);
    if (at == known.end()) return;
    model.recommend(std::span<const item_id>(at->second), count, s.own, s.best);
    for (const auto& b : s.best) out.push_back(b.item);
  }
};

/// What sells best of what the shopper does not have.
struct by_popularity {
  std::vector<item_id> best;
  const histories& known;

  struct scratch {};
  void operator()(user_id user, std::size_t count, scratch&, std::vector<item_id>& out) const {
    const auto at = known.find(user);
    for (const item_id item : best) {
      if (out.size() == count) return;
      const bool has = at != known.end() && std::count(at->second.begin(), at->second.end(), item);
      if (!has) out.push_back(item);
    }
  }
};

}  // namespace

int main() {
  // Shoppers of twelve shelves, over a hundred days.
  std::vector<evaluate::interaction> rows;
  for (std::uint64_t u = 1; u <= 400; ++u) {
    counter_random draw(21, u);
    const std::uint64_t shelf = uniform_below(draw, 12);
    for (int n = 0; n < 10; ++n) {
      const std::uint64_t item = uniform_below(draw, 1 + uniform_below(draw, 25));
      const bool home = uniform_below(draw, 4) != 0;
      rows.push_back({user_id{u}, item_id{100 * (home ? shelf : uniform_below(draw, 12)) + item},
                      timestamp{} + hours(uniform_between(draw, 0, 2400)), no_order});
    }
  }

  // Learn from what was known on day 80, judge by what came after. Things bought again are no test
  // of what is new.
  const auto parts = evaluate::split_by_time(rows, timestamp{} + days(80), timestamp{} + days(80));
  const auto leaks = evaluate::report_leaks(parts->train, parts->test);
  std::printf("%d rows to learn from, %d to judge by; %d from the future, %d known pairs\n",
              int(parts->train.size()), int(parts->test.size()),
              int(leaks[finding::future_of_user].count),
              int(leaks[finding::pair_on_both_sides].count));

  histories known, chosen;
  std::vector<similar::incidence::cell> cells;
  std::map<item_id, int> counts;
  for (const auto& r : parts->train) {
    known[r.user].push_back(r.item);
    cells.push_back({static_cast<std::uint32_t>(raw(r.user)), r.item});
    ++counts[r.item];
  }
  for (const auto& r : parts->test) {
    const auto& has = known[r.user];
    if (std::count(has.begin(), has.end(), r.item) == 0) chosen[r.user].push_back(r.item);
  }
  const auto distinct = [](std::vector<item_id> items) {
    std::sort(items.begin(), items.end());
    items.erase(std::unique(items.begin(), items.end()), items.end());
    return items;
  };
  std::vector<evaluate::case_of_user> cases;
  for (const auto& [user, items] : chosen)
    cases.push_back({user, distinct(items), distinct(known[user])});

  const auto pairs = similar::incidence::make(cells, 401).value();
  const auto model =
      similar::weights_from(similar::neighbour_lists<>::fit(pairs, {.min_support = 2})).value();
  by_popularity popular{{}, known};
  for (const auto& [item, n] : counts) popular.best.push_back(item);
  std::sort(popular.best.begin(), popular.best.end(), [&](item_id a, item_id b) {
    return counts[a] != counts[b] ? counts[a] > counts[b] : a < b;
  });

  // Every item is ranked for every shopper; a list that names an item twice is refused.
  thread_pool pool(2);
  const auto ours = evaluate::judge(by_neighbours{model, known}, cases, 10, pool);
  const auto theirs = evaluate::judge(popular, cases, 10, pool);
  for (const auto m : {evaluate::metric::recall_of_all, evaluate::metric::ndcg}) {
    const auto p = evaluate::compare(ours.of(m), theirs.of(m), {}, pool).value();
    std::printf("%-13s  neighbours %.3f  popularity %.3f  difference %.3f (%.3f to %.3f), p %.4f\n",
                name_of(m), ours.mean(m), theirs.mean(m), p.mean, p.low, p.high, p.p);
  }
  std::printf("shown: %.0f %% and %.0f %% of the catalogue, Gini %.2f and %.2f\n",
              100 * evaluate::coverage(ours, counts.size()),
              100 * evaluate::coverage(theirs, counts.size()), evaluate::gini(ours, counts.size()),
              evaluate::gini(theirs, counts.size()));
}
