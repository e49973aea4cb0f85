// "Customers who bought this also bought" on a whole shop: read or make up a history, ingest it,
// and show what the shop would show, each line with the counts behind it. Writes one HTML page.
//
//   demo_also_bought [--data DIR] [--out DIR] [--generated] [--seed N]
#include <sys/resource.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "support/page.hpp"
#include "support/run.hpp"
#include "support/shop_history.hpp"
#include "tailor/core/thread_pool.hpp"
#include "tailor/events/bulk.hpp"
#include "tailor/similar/incidence_of.hpp"
#include "tailor/similar/item_item.hpp"
#include "tailor/similar/neighbour_lists.hpp"
#include "tailor/similar/popularity.hpp"
#include "tailor/similar/timeline_pairs.hpp"
#include "tailor/similar/trending.hpp"

namespace {

using namespace tailor;
using demo::format;
using demo::grouped;

std::string memory_peak() {
  struct rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return format("%ld MB", usage.ru_maxrss / 1024);
}

}  // namespace

int main(int count, char** values) {
  const demo::run run("also_bought", count, values);
  const demo::shop_history shop = run.history();
  const timestamp now = shop.newest() + minutes(1);
  const auto title = [&](item_id i) { return shop.title[raw(i)]; };

  // Ingest: all lines into a timeline, on all cores. One sale has 80,995 pieces, so the limit is
  // raised; everything else keeps the safe defaults.
  thread_pool pool(hardware_threads());
  events::timeline history;
  demo::progress ingesting("ingesting events", 1);
  const auto report = events::load(history, shop.view(), {.max_quantity = 100'000}, now, pool);
  const double seconds = ingesting.done();
  if (!report) run.fail(name_of(report.code()));
  std::int64_t revenue = 0;
  similar::popularity sales;
  std::map<std::int64_t, double> weeks;
  history.for_each_event([&](const events::event& e) {
    revenue += e.quantity * e.unit_price;
    sales.observe(e);
    ++weeks[floor_div(e.at.us, days(7).us)];
  });

  // On demand, chance-corrected: what a product page shows.
  const similar::item_item<similar::chance_corrected, similar::bought_together> also_bought{
      similar::bought_together(history)};
  const auto buyers = [&](item_id i) {
    return history.bought().shoppers_of(*history.find_item(i)).size();
  };
  const auto enough = [&](item_id i) { return buyers(i) >= 5; };

  // Frozen, for all items at once: what a nightly job builds.
  demo::progress freezing("lists of all items", 1);
  const auto rows = similar::incidence_of(history, similar::bought_by_shopper{}, pool);
  const auto lists = similar::neighbour_lists<similar::cosine>::fit(*rows, {.k = 100}, {}, pool);
  const double frozen = freezing.done();
  std::uint64_t kept = 0;
  for (std::size_t i = 0; i < lists.items().size(); ++i) kept += lists.list_of(i).size();

  demo::page page("Customers who bought this also bought");
  page.note("From " + shop.source + ". Every figure on this page comes from one run of the demo.");
  std::vector<std::pair<std::string, std::string>> facts{
      {grouped(shop.records), "records read"},
      {grouped(report->accepted()), "sales lines"},
      {grouped(history.shoppers()), "customers"},
      {grouped(shop.orders.size()), "orders"},
      {grouped(history.items()), "items"},
      {grouped(std::uint64_t(revenue), shop.price_exponent) + " " + shop.currency,
       "revenue, exact"},
      {format("%.1f M", double(report->accepted()) / seconds / 1e6), "events ingested a second"},
      {format("%.0f ms", frozen * 1e3), "for " + grouped(kept) + " neighbours of all items"},
      {format("%.1f MB", double(history.bytes()) / 1e6), "timeline in memory"},
      {memory_peak(), "peak of the process"}};
  page.facts(facts);
  std::printf("\n%s\n", shop.source.c_str());
  for (const auto& [value, what] : facts) std::printf("  %18s  %s\n", value.c_str(), what.c_str());
  std::printf("  %18s  of them no sales, %s refused, %s beyond the limits\n",
              grouped(shop.not_sales).c_str(), grouped(shop.bad.refused()).c_str(),
              grouped(report->refused()).c_str());

  for (const auto& r : shop.bad.first_refusals()) {
    std::printf("  record %llu: %s %s\n", static_cast<unsigned long long>(r.row), name_of(r.code),
                r.field);
  }

  page.heading("Sales lines by week");
  std::vector<double> per_week;
  std::vector<std::string> week_names;
  for (const auto& [week, lines] : weeks) {
    per_week.push_back(lines);
    week_names.push_back(format_timestamp(timestamp{week * days(7).us}).substr(0, 10));
  }
  page.columns(per_week, week_names, "lines a week");

  const auto best = best_sellers(sales, now, {.count = 8, .window = days(366)}, enough);
  page.heading("Best sellers");
  page.note("Most sales lines in the last 366 days; at least 5 buyers.");
  std::printf("\nBest sellers\n     lines   buyers\n");
  std::vector<std::vector<std::string>> best_cells;
  for (const similar::ranked_item& r : best) {
    std::printf("  %8s %8s  %s\n", grouped(std::uint64_t(r.recent)).c_str(),
                grouped(buyers(r.item)).c_str(), title(r.item).c_str());
    best_cells.push_back(
        {title(r.item), grouped(std::uint64_t(r.recent)), grouped(buyers(r.item))});
  }
  page.table({"item", "lines", "buyers"}, best_cells);

  page.heading("Trending");
  page.note("Last 7 days against the 28 before: (lines - usual) / sqrt(usual + 1).");
  std::printf("\nTrending\n    7 days  28 before    score\n");
  std::vector<std::vector<std::string>> trend_cells;
  for (const similar::ranked_item& r :
       trending(sales, now, {.count = 8, .recent = days(7)}, enough)) {
    std::printf("  %8s   %8s  %7.2f  %s\n", grouped(std::uint64_t(r.recent)).c_str(),
                grouped(std::uint64_t(r.earlier)).c_str(), r.score, title(r.item).c_str());
    trend_cells.push_back({title(r.item), grouped(std::uint64_t(r.recent)),
                           grouped(std::uint64_t(r.earlier)), format("%.1f", double(r.earlier) / 4),
                           format("%.2f", r.score)});
  }
  page.table({"item", "lines in 7 days", "in the 28 before", "usual in 7", "score"}, trend_cells);

  // Top sellers, and some of the long tail: the items in the middle of the ranking by buyers.
  std::vector<item_id> by_buyers;
  for (std::uint32_t i = 0; i < history.item_limit(); ++i) by_buyers.push_back(history.item_at(i));
  std::sort(by_buyers.begin(), by_buyers.end(), [&](item_id a, item_id b) {
    return buyers(a) != buyers(b) ? buyers(a) > buyers(b) : a < b;
  });
  std::vector<item_id> shown;
  for (std::size_t i = 0; i < 3 && i < best.size(); ++i) shown.push_back(best[i].item);
  for (const std::size_t part : {50U, 60U, 70U})
    shown.push_back(by_buyers[by_buyers.size() * part / 100]);

  page.heading("Also bought");
  page.note(
      "Ranked by (both - expected) / sqrt(expected), expected counted customer by customer: heavy "
      "buyers meet everything. Pairs of fewer than 5 customers are not shown.");
  bool pictured = false;
  for (const item_id item : shown) {
    const auto found = also_bought.neighbours(item, {.count = 6});
    std::printf("\nAlso bought with: %s (%zu buyers)\n", title(item).c_str(), buyers(item));
    std::printf("    both   target  expected    score\n");
    page.heading(title(item) + " - " + grouped(buyers(item)) + " buyers", 3);
    std::vector<std::vector<std::string>> cells;
    std::vector<demo::page::bar> bars;
    for (const similar::neighbour& n : found) {
      const double expected = double(n.evidence.expected) * 0x1p-32;
      std::printf("  %6lld  %7lld  %8.2f  %7.2f  %s\n", static_cast<long long>(n.evidence.both),
                  static_cast<long long>(n.evidence.target), expected, n.score,
                  title(n.item).c_str());
      cells.push_back({title(n.item), grouped(std::uint64_t(n.evidence.both)),
                       grouped(std::uint64_t(n.evidence.source)),
                       grouped(std::uint64_t(n.evidence.target)), format("%.2f", expected),
                       format("%.2f", n.score)});
      bars.push_back({title(n.item), double(n.evidence.both), expected});
    }
    if (found.empty()) {
      std::printf("  (no pair that 5 customers share)\n");
      page.note("No pair that 5 customers share.");
      continue;
    }
    page.table({"item", "buyers of both", "of this", "of that", "expected by chance", "score"},
               cells);
    if (!pictured) page.bars(bars);
    pictured = true;
  }

  run.save(page);
  return 0;
}
