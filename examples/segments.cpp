// Who the shoppers are, on a whole shop: RFM groups, clusters, lifecycle, lifetime value and rule
// segments, each with the figures behind it. Writes one HTML page.
//
//   demo_segments [--data DIR] [--out DIR] [--generated] [--seed N]
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "support/page.hpp"
#include "support/pictures.hpp"
#include "support/run.hpp"
#include "support/shop_history.hpp"
#include "tailor/core/thread_pool.hpp"
#include "tailor/events/bulk.hpp"
#include "tailor/events/timeline.hpp"
#include "tailor/segment/cluster_fit.hpp"
#include "tailor/segment/kmeans_centres.hpp"

namespace {

using namespace tailor;
using demo::format;
using demo::grouped;

/// What every part of the page is made from.
struct shop {
  const demo::shop_history& source;
  const events::timeline& history;
  timestamp now;
  thread_pool& pool;

  [[nodiscard]] double units(double minor) const {
    for (int i = 0; i < source.price_exponent; ++i) minor /= 10;
    return minor;
  }
  /// An amount in whole units of the currency.
  [[nodiscard]] std::string amount(double minor) const {
    const double whole = units(std::abs(minor)) + 0.5;
    return (minor < 0 ? "-" : "") + grouped(static_cast<std::uint64_t>(whole));
  }
};

void show_clusters(const shop& s, demo::page& page) {
  demo::progress fitting("clusters: choosing k", 1);
  const auto fitted = segment::fit_clusters(s.history, s.now, segment::kmeans_centres{.seed = 1},
                                            {}, nullptr, s.pool);
  fitting.done();
  page.heading("Clusters");
  if (!fitted) {
    page.note(format("No clusters: %s %s.", name_of(fitted.code()), fitted.error().what));
    return;
  }
  page.note(
      "k-means on days since the last order, orders and revenue, the last two as log(1 + x), all "
      "standardised. The number of groups is the one of the best simplified silhouette among those "
      "that two halves of the customers agree on. A name says where a centre lies beside the "
      "average customer.");
  std::printf("\nClusters\n");
  std::vector<std::vector<std::string>> cells;
  std::vector<std::string> names;
  for (const segment::cluster& group : fitted->groups()) {
    const std::vector<double> centre = fitted->centre_of(group);
    std::printf("  %6s  %-28s %4.0f days, %5.1f orders, %9s %s\n", grouped(group.size).c_str(),
                group.name.c_str(), centre[0], centre[1], s.amount(centre[2]).c_str(),
                s.source.currency.c_str());
    cells.push_back({group.name, grouped(group.size), format("%.0f", centre[0]),
                     format("%.1f", centre[1]), s.amount(centre[2]),
                     format("%.2f", group.centre[0]), format("%.2f", group.centre[1]),
                     format("%.2f", group.centre[2])});
    names.push_back(group.name);
  }
  page.table({"cluster", "customers", "days since last order", "orders", "revenue", "z days",
              "z orders", "z revenue"},
             cells);

  const auto table =
      segment::feature_table::of(s.history, s.now, fitted->features(), fitted->rules(), s.pool);
  segment::order_reader scratch;
  std::vector<demo::dot> dots;
  for (std::size_t i = 0; i < table.rows(); i += 1 + table.rows() / 4'000) {
    const auto lines = s.history.lines_of(*s.history.find_shopper(table.shoppers()[i]));
    const auto label = fitted->value(lines, s.now, scratch);
    if (!label) continue;
    const auto group = static_cast<std::size_t>(fitted->find(*label) - fitted->groups().data());
    // Days and revenue; today counts as a day ago, for the axis is logarithmic.
    dots.push_back({table.row(i)[0] + 1, (std::max)(1.0, s.units(table.row(i)[2])), group});
  }
  page.picture(
      demo::scatter(dots, names, "days since last order + 1", "revenue, " + s.source.currency));
  cells.clear();
  for (const segment::k_candidate& row : fitted->choice().table) {
    cells.push_back({std::to_string(row.k), format("%.3f", row.silhouette),
                     format("%.2f", row.stability), name_of(row.what)});
  }
  page.heading("How many clusters", 3);
  page.table({"k", "simplified silhouette", "agreement of two halves", "verdict"}, cells);
}

}  // namespace

int main(int count, char** values) {
  const demo::run run("segments", count, values);
  const demo::shop_history source = run.history();
  const timestamp now = source.newest() + minutes(1);
  thread_pool pool(hardware_threads());
  events::timeline history;
  demo::progress ingesting("ingesting events", 1);
  const auto report = events::load(history, source.view(), {.max_quantity = 100'000}, now, pool);
  ingesting.done();
  if (!report) run.fail(name_of(report.code()));

  demo::page page("Who the shoppers are");
  page.note("From " + source.source +
            ". Every figure on this page comes from one run of the demo.");
  const shop all{source, history, now, pool};
  show_clusters(all, page);
  run.save(page);
  return 0;
}
