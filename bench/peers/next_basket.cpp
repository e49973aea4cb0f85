// Next baskets of real shoppers: the additive model beside TIFU-KNN and popularity. Build and run
// (minutes):
//
//   g++ -std=c++20 -O2 -I include -DTAILOR_DATA_DIR='"<data>"' bench/peers/next_basket.cpp -pthread
//
// Protocol. The last basket of each shopper with three or more is held out. Each tuned method tries
// the same number of settings, drawn from its grid, and takes the one with the highest recall of
// all at 10 for the basket before, learnt from what came before that (ties: the first); then it
// learns from all but the last baskets, and is asked once for those. All items are ranked.
// Differences are paired by shopper. With the argument `stock` it chooses what the library comes
// with instead: the setting of the sum that does best on the baskets before the last of both files.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tailor/adapters/csv.hpp"
#include "tailor/core/decimal.hpp"
#include "tailor/core/hash.hpp"
#include "tailor/core/interner.hpp"
#include "tailor/core/iso8601.hpp"
#include "tailor/core/thread_pool.hpp"
#include "tailor/evaluate/paired.hpp"
#include "tailor/evaluate/scoreboard.hpp"
#include "tailor/evaluate/split.hpp"
#include "tailor/evaluate/tune.hpp"
#include "tailor/similar/next_basket.hpp"
#include "tailor/similar/tifu_knn.hpp"
#include "tailor/similar/weighted_lists.hpp"
#include "tailor/similar/weights_from_lists.hpp"
#include "tailor/storage/file.hpp"

namespace {

using namespace tailor;
using evaluate::case_of_user;
using evaluate::interaction;
using evaluate::metric;
using evaluate::scoreboard;

constexpr std::size_t k = 10;
constexpr std::size_t budget = 60;

struct columns {
  const char *file, *user, *item, *basket, *time, *quantity, *price;
};

/// Purchases: lines with a shopper, a quantity and a price above 0, of orders that are none of the
/// cancellations (whose numbers begin with a letter).
std::vector<interaction> read(const columns& names) {
  std::vector<interaction> out;
  const auto bytes = storage::read_file((std::string(TAILOR_DATA_DIR) + "/" + names.file).c_str());
  if (!bytes) return out;
  auto rows =
      adapters::csv_reader::make({reinterpret_cast<const char*>(bytes->data()), bytes->size()});
  const std::size_t user = *rows->column(names.user), item = *rows->column(names.item),
                    basket = *rows->column(names.basket), time = *rows->column(names.time),
                    quantity = *rows->column(names.quantity), price = *rows->column(names.price);
  interner users, items, baskets;
  while (rows->next()) {
    if ((*rows)[user].empty() || (*rows)[basket].front() > '9') continue;
    if ((*rows)[quantity].front() == '-' || (*rows)[quantity] == "0") continue;
    const auto cost = parse_decimal((*rows)[price], 4);
    const auto at = parse_timestamp((*rows)[time]);
    if (!cost || *cost <= 0 || !at) continue;
    out.push_back({user_id{users.intern((*rows)[user]).value()},
                   item_id{items.intern((*rows)[item]).value()}, *at,
                   order_id{baskets.intern((*rows)[basket]).value()}});
  }
  return out;
}

/// What a model learns from, and who is asked about what.
struct trial {
  std::vector<interaction> train;
  std::vector<case_of_user> cases;
  std::vector<user_id> users;                 // of train, ascending
  std::vector<similar::basket_list> baskets;  // of train, by user
  std::vector<similar::item_count> counts;    // of train
  std::map<user_id, std::size_t> place;       // of a user
  similar::item_weights pairs;
};

std::vector<case_of_user> cases_of(const std::vector<interaction>& held_out, const trial& t) {
  std::map<user_id, std::vector<item_id>> chosen;
  for (const interaction& r : held_out) chosen[r.user].push_back(r.item);
  std::vector<case_of_user> out;
  const auto sorted = [](std::vector<item_id> items) {
    std::sort(items.begin(), items.end());
    items.erase(std::unique(items.begin(), items.end()), items.end());
    return items;
  };
  for (const auto& [user, items] : chosen) {
    case_of_user c{user, sorted(items), {}};
    const similar::basket_list& own = t.baskets[t.place.at(user)];
    for (std::size_t b = 0; b < own.size(); ++b) {
      c.known.insert(c.known.end(), own[b].begin(), own[b].end());
    }
    c.known = sorted(std::move(c.known));
    out.push_back(std::move(c));
  }
  return out;
}

/// The last basket of each shopper with two or more is what is asked for.
trial make_trial(std::span<const interaction> rows, thread_pool& pool) {
  evaluate::split s = evaluate::leave_last_basket(rows, [](user_id) { return false; });
  trial t;
  t.train = std::move(s.train);
  std::sort(t.train.begin(), t.train.end(), [](const interaction& a, const interaction& b) {
    if (a.user != b.user) return a.user < b.user;
    if (a.at != b.at) return a.at < b.at;
    return a.basket != b.basket ? a.basket < b.basket : a.item < b.item;
  });
  std::map<item_id, std::int64_t> counts;
  std::vector<similar::incidence::cell> cells;
  std::vector<item_id> basket;
  for (std::size_t n = 0; n < t.train.size(); ++n) {
    const interaction& r = t.train[n];
    if (t.users.empty() || t.users.back() != r.user) {
      t.place[r.user] = t.users.size();
      t.users.push_back(r.user);
      t.baskets.emplace_back();
    }
    cells.push_back({static_cast<std::uint32_t>(t.users.size() - 1), r.item});
    basket.push_back(r.item);
    const bool ends = n + 1 == t.train.size() || t.train[n + 1].user != r.user ||
                      t.train[n + 1].basket != r.basket;
    if (!ends) continue;
    t.baskets.back().add(basket);
    std::sort(basket.begin(), basket.end());
    basket.erase(std::unique(basket.begin(), basket.end()), basket.end());
    for (const item_id item : basket) ++counts[item];
    basket.clear();
  }
  for (const auto& [item, count] : counts) t.counts.push_back({item, count});
  t.cases = cases_of(s.test, t);
  const auto incidence =
      similar::incidence::make(cells, static_cast<std::uint32_t>(t.users.size())).value();
  t.pairs =
      similar::weights_from(similar::weighted_lists<similar::gnorm>::fit(
                                incidence, {.k = 200, .min_support = 2}, similar::gnorm{}, pool))
          .value();
  return t;
}

struct additive {
  const trial* t;
  similar::next_basket model;

  struct scratch {
    similar::next_basket::scratch own;
    std::vector<similar::basket_item> items;
  };
  void operator()(user_id user, std::size_t count, scratch& s, std::vector<item_id>& out) const {
    model.next(t->baskets[t->place.at(user)], count, s.own, s.items);
    for (const auto& i : s.items) out.push_back(i.item);
  }
};

struct tifu {
  const trial* t;
  similar::tifu_knn model;

  struct scratch {
    similar::tifu_knn::scratch own;
    std::vector<similar::tifu_knn::scored_item> items;
  };
  void operator()(user_id user, std::size_t count, scratch& s, std::vector<item_id>& out) const {
    model.next(t->place.at(user), count, s.own, s.items);
    for (const auto& i : s.items) out.push_back(i.item);
  }
};

additive make_additive(const trial& t, const similar::next_basket_options& o) {
  return {&t, similar::next_basket::make(t.pairs, t.counts, o).value()};
}
tifu make_tifu(const trial& t, const similar::tifu_options& o) {
  return {&t, similar::tifu_knn::fit(t.baskets, o).value()};
}

void print(const char* name, const scoreboard& s) {
  std::printf("| %-28s | %.4f | %.4f | %.4f | %.4f | %.4f | %.4f |\n", name,
              s.mean(metric::recall_of_all), s.mean(metric::recall_of_reachable),
              s.mean(metric::ndcg), s.mean(metric::hit), scoreboard::mean(s.repeat_recall),
              scoreboard::mean(s.explore_recall));
}

void difference(const char* name, const scoreboard& a, const scoreboard& b, thread_pool& pool) {
  for (const metric m : {metric::recall_of_all, metric::ndcg}) {
    const auto p = evaluate::compare(a.of(m), b.of(m), {}, pool).value();
    std::printf("%s, %s: %+.4f (standard error %.4f, 95 %% %.4f … %.4f, p %.4f)\n", name,
                name_of(m), p.mean, p.standard_error, p.low, p.high, p.p);
  }
}

/// The setting that does best on the baskets before the last, of a budget drawn from the grid.
template <class OptionsAt, class ModelOf>
auto choose(const trial& t, const evaluate::grid& all, const OptionsAt& options_at,
            const ModelOf& model_of, const char* name, thread_pool& pool) {
  const auto quality = [&](std::size_t n) {
    return judge(model_of(options_at(n)), t.cases, k, pool).mean(metric::recall_of_all);
  };
  const evaluate::tuned best = evaluate::tune(all, quality, {.budget = budget, .seed = 11}).value();
  std::printf("%s: %zu of %zu settings tried, recall %.4f where they were chosen%s\n", name,
              best.tried(), all.size(), best.score,
              best.at_edge() ? ", at an edge of the grid" : "");
  return options_at(best.best);
}

constexpr double fading[] = {.7, .8, .9, .95, 1}, popularity[] = {.03, .1, .3, 1, 3},
                 pairs[] = {0, .3, 1, 3}, pair_fading[] = {.6, .8, .95};

evaluate::grid grid_of(std::vector<std::size_t> sizes) {
  return evaluate::grid::make(sizes).value();
}
const evaluate::grid sums = grid_of({5, 5, 4, 3});

similar::next_basket_options sum_at(std::size_t n) {
  return {fading[sums.value(n, 0)], popularity[sums.value(n, 1)], pairs[sums.value(n, 2)],
          pair_fading[sums.value(n, 3)]};
}
void print(const similar::next_basket_options& o) {
  std::printf("  fading %g, popularity %g, pairs %g, pair fading %g\n", o.fading, o.popularity,
              o.pairs, o.pair_fading);
}

/// Rows of the shoppers with three baskets or more.
std::vector<interaction> rows_of(const columns& names) {
  std::vector<interaction> rows = read(names);
  std::map<user_id, std::map<order_id, timestamp>> orders;
  for (const interaction& r : rows) orders[r.user][r.basket] = r.at;
  std::erase_if(rows, [&](const interaction& r) { return orders[r.user].size() < 3; });
  if (rows.empty()) std::printf("no %s\n", names.file);
  return rows;
}

/// The setting of the sum that does best on the baskets before the last of all files together: by
/// its shares of the best that each file has.
void choose_stock(std::span<const columns> files) {
  thread_pool pool(2);
  std::vector<double> shares(sums.size());
  for (const columns& names : files) {
    const std::vector<interaction> rows = rows_of(names);
    if (rows.empty()) return;
    const trial before = make_trial(make_trial(rows, pool).train, pool);
    const auto quality = [&](std::size_t n) {
      return judge(make_additive(before, sum_at(n)), before.cases, k, pool)
          .mean(metric::recall_of_all);
    };
    const evaluate::tuned all = evaluate::tune(sums, quality).value();
    for (std::size_t n = 0; n < shares.size(); ++n) shares[n] += all.scores[n] / all.score;
    std::printf("%s: best recall %.4f of %zu settings\n", names.file, all.score, all.tried());
  }
  const auto best = std::max_element(shares.begin(), shares.end());
  std::printf("best together, %.3f of %zu\n", *best, files.size());
  print(sum_at(static_cast<std::size_t>(best - shares.begin())));
}

void run(const columns& names) {
  const std::vector<interaction> rows = rows_of(names);
  if (rows.empty()) return;
  thread_pool pool(2);
  const trial t = make_trial(rows, pool), before = make_trial(t.train, pool);
  std::printf("\n%s: %zu shoppers, %zu items\n", names.file, t.users.size(), t.counts.size());

  const auto a = choose(
      before, sums, sum_at, [&](const auto& o) { return make_additive(before, o); }, "additive",
      pool);
  print(a);

  const std::size_t near[] = {100, 300, 600, 900}, groups[] = {1, 3, 7};
  const double within[] = {.8, .9, 1}, between[] = {.5, .7, .9}, own[] = {.2, .5, .7, .9};
  const auto tifus = grid_of({4, 3, 3, 4, 3});
  const auto b = choose(
      before, tifus,
      [&](std::size_t n) {
        return similar::tifu_options{near[tifus.value(n, 0)], within[tifus.value(n, 1)],
                                     between[tifus.value(n, 2)], own[tifus.value(n, 3)],
                                     groups[tifus.value(n, 4)]};
      },
      [&](const auto& o) { return make_tifu(before, o); }, "TIFU-KNN", pool);
  std::printf("  neighbours %zu, within %g, between %g, own %g, groups %zu\n\n", b.neighbours,
              b.within_group, b.between_groups, b.own, b.groups);

  std::printf(
      "| test, at %zu                  | recall of all | of reachable | NDCG | hit rate | "
      "repeats | discoveries |\n|---|---|---|---|---|---|---|\n",
      k);
  const scoreboard frequent = judge(make_additive(t, similar::p_top()), t.cases, k, pool);
  const scoreboard ties = judge(make_additive(t, similar::gp_top()), t.cases, k, pool);
  const scoreboard knn = judge(make_tifu(t, b), t.cases, k, pool);
  const scoreboard sum = judge(make_additive(t, a), t.cases, k, pool);
  const scoreboard plain = judge(make_additive(t, {}), t.cases, k, pool);
  print("P-Top", frequent);
  print("GP-Top", ties);
  print("TIFU-KNN, tuned", knn);
  print("additive, as it comes", plain);
  print("additive, tuned", sum);
  std::printf("\n");
  difference("additive - TIFU-KNN", sum, knn, pool);
  difference("additive - GP-Top", sum, ties, pool);
  difference("additive, as it comes - GP-Top", plain, ties, pool);
}

}  // namespace

int main(int count, char** values) {
  const columns files[] = {{"completejourney_transactions.csv", "household_id", "product_id",
                            "basket_id", "transaction_timestamp", "quantity", "sales_value"},
                           {"online_retail.csv", "CustomerID", "StockCode", "InvoiceNo",
                            "InvoiceDate", "Quantity", "UnitPrice"}};
  if (count == 2 && std::string_view(values[1]) == "stock") {
    choose_stock(files);
  } else if (count == 1) {
    for (const columns& names : files) run(names);
  } else {
    std::fprintf(stderr, "usage: next_basket [stock]\n");
    return 2;
  }
}
