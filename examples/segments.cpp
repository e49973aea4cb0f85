// Who the shoppers are, on a whole shop: RFM groups, clusters, lifecycle, lifetime value and rule
// segments, each with the figures behind it. Writes one HTML page.
//
//   demo_segments [--data DIR] [--out DIR] [--generated] [--seed N]
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <map>
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
#include "tailor/segment/holdout.hpp"
#include "tailor/segment/kmeans_centres.hpp"
#include "tailor/segment/ladder.hpp"
#include "tailor/segment/lifecycle.hpp"
#include "tailor/segment/lifetime_value.hpp"
#include "tailor/segment/memberships.hpp"
#include "tailor/segment/rfm_fit.hpp"
#include "tailor/segment/roll.hpp"
#include "tailor/segment/rule_words.hpp"
#include "tailor/segment/segment_reader.hpp"

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

void show_rfm(const shop& s, demo::page& page) {
  demo::progress fitting("RFM scores", 1);
  const auto rows = segment::rfm_rows(s.history, s.now, {}, s.pool);
  const auto model = segment::fit_rfm(rows);
  fitting.done();
  page.heading("Recency, frequency, revenue");
  if (!model) {
    page.note(format("No scores: %s %s.", name_of(model.code()), model.error().what));
    return;
  }
  const auto state = segment::state_of(rows, s.source.oldest(), s.now);
  page.note(format(
      "Orders of the last 365 days, net of refunds, of %s customers. Scores 1 to 5 by quintiles in "
      "which equal customers stay together; orders by fixed cut points. Enough data: %s.",
      grouped(rows.size()).c_str(), name_of(state)));
  const segment::rfm_group_table& table = model->table();
  std::vector<double> revenue(table.groups());
  std::vector<std::uint64_t> size(table.groups());
  std::vector<double> cell_revenue(25);
  std::vector<std::uint64_t> cell_size(25);
  double total = 0;
  for (const segment::rfm_row& row : rows) {
    const segment::rfm_answer a = model->answer(row.record);
    const auto amount = static_cast<double>(row.record.revenue);
    const auto cell = static_cast<std::size_t>((5 - a.scores.recency) * 5 + a.scores.frequency - 1);
    ++size[a.group];
    ++cell_size[cell];
    revenue[a.group] += amount;
    cell_revenue[cell] += amount;
    total += amount;
  }
  std::vector<std::string> texts;
  std::vector<double> shade;
  for (std::size_t i = 0; i < 25; ++i) {
    texts.push_back(grouped(cell_size[i]) + " / " + s.amount(cell_revenue[i] / 1000) + "k");
    shade.push_back(static_cast<double>(cell_size[i]));
  }
  page.picture(demo::grid({"recency score", {"5", "4", "3", "2", "1"}},
                          {"frequency score", {"1", "2", "3", "4", "5"}}, shade, texts));
  page.note("Each cell: customers / their revenue in thousand " + s.source.currency + ".");
  std::printf("\nRFM groups\n");
  std::vector<std::vector<std::string>> cells;
  for (std::size_t g = 0; g < table.groups(); ++g) {
    std::printf("  %-22s %6s customers, %12s %s\n", table.name(g).c_str(), grouped(size[g]).c_str(),
                s.amount(revenue[g]).c_str(), s.source.currency.c_str());
    cells.push_back({table.name(g), grouped(size[g]), s.amount(revenue[g]),
                     format("%.1f %%", total > 0 ? 100 * revenue[g] / total : 0.0)});
  }
  page.table({"group", "customers", "revenue", "of all"}, cells);
}

void show_lifecycle(const shop& s, demo::page& page) {
  demo::progress fitting("lifecycle", 1);
  const auto model = segment::lifecycle::fit(s.history, s.now);
  const segment::ladder ladder;
  const auto rungs = segment::count_by_value(segment::roll_of(s.history, ladder, s.now, s.pool));
  page.heading("Lifecycle");
  std::printf("\nLifecycle\n");
  const auto show = [&](const std::map<std::int64_t, std::int64_t>& found, auto name) {
    std::vector<demo::stage> stages;
    for (const auto& [value, n] : found) {
      const auto size = static_cast<std::uint64_t>(n);
      std::printf("  %-22s %6s\n", name(value), grouped(size).c_str());
      stages.push_back({name(value), static_cast<double>(n), grouped(size)});
    }
    page.picture(demo::stages(stages));
  };
  page.note("How far everybody has come.");
  show(rungs, [](std::int64_t v) { return name_of(static_cast<segment::rung>(v)); });
  fitting.done();
  if (!model) {
    page.note(format("No stages: %s %s.", name_of(model.code()), model.error().what));
    return;
  }
  page.note(
      format("And how the customers are, each measured by the pace of his own orders; half of "
             "all gaps between two orders are shorter than %.0f days.",
             static_cast<double>(model->median_gap().us) / static_cast<double>(days(1).us)));
  show(segment::count_by_value(segment::roll_of(s.history, *model, s.now, s.pool)),
       [](std::int64_t v) { return name_of(static_cast<segment::lifecycle_stage>(v)); });
}

void show_lifetime_value(const shop& s, demo::page& page) {
  page.heading("Lifetime value");
  demo::progress fitting("lifetime value", 1);
  segment::lifetime_options options;
  options.minor_per_unit = 1 / s.units(1);
  const auto model = segment::lifetime_value<>::fit(s.history, s.now, options, {}, s.pool);
  const timestamp split = s.now - microseconds((s.now - s.source.oldest()).us / 3);
  const auto held = segment::hold_out(s.history, split, s.now, {.model = options}, {}, s.pool);
  fitting.done();
  if (!model || !model->repeats().model || !model->spends().model) {
    page.note(model ? format("No predictions: %s, %s.", name_of(model->repeats().report.state),
                             name_of(model->spends().report.state))
                    : format("No predictions: %s %s.", name_of(model.code()), model.error().what));
    return;
  }
  std::vector<double> values;
  segment::order_reader scratch;
  for (std::uint32_t h = 0; h < s.history.shopper_limit(); ++h) {
    const auto a = model->explain(s.history.lines_of(h), s.now, scratch);
    if (a && a->value) values.push_back(*a->value);
  }
  std::sort(values.begin(), values.end());
  double sum = 0;
  for (const double v : values) sum += v;
  const std::size_t n = values.size();
  page.note(
      format("MBG/NBD and Gamma-Gamma, fitted to %s customers: what each is expected to spend "
             "in the coming 12 months, discounted by 1 %% a month. All together %s %s.",
             grouped(n).c_str(), grouped(static_cast<std::uint64_t>(sum)).c_str(),
             s.source.currency.c_str()));
  std::printf("\nLifetime value of 12 months: %s customers, %s %s, median %.0f\n",
              grouped(n).c_str(), grouped(static_cast<std::uint64_t>(sum)).c_str(),
              s.source.currency.c_str(), n == 0 ? 0.0 : values[n / 2]);
  std::vector<double> bins(12);
  std::vector<std::string> labels;
  for (std::size_t b = 0; b < 12; ++b) {
    labels.push_back(b == 0 ? "< 10" : format("%.0f", 10 * std::exp2(static_cast<double>(b - 1))));
  }
  for (const double v : values) {
    const double bin = v < 10 ? 0 : 1 + std::floor(std::log2(v / 10));
    ++bins[static_cast<std::size_t>((std::min)(bin, 11.0))];
  }
  page.columns(bins, labels, "customers");
  page.note("Customers by lifetime value; each column starts at its label, in " +
            s.source.currency + ".");
  page.heading("How true that is", 3);
  if (!held) {
    page.note(format("Not held out: %s.", held.error().what));
    return;
  }
  page.note(
      format("A model that knew only the first two thirds of the time, and what came in the "
             "last: %.0f orders expected, %s came. Customers by what was expected of them, "
             "in tenths; orders of each.",
             held->all.expected, grouped(static_cast<std::uint64_t>(held->all.actual)).c_str()));
  std::vector<double> expected;
  std::vector<double> actual;
  std::vector<std::string> tenths;
  for (const segment::holdout_row& row : held->by_expected) {
    expected.push_back(row.expected_mean());
    actual.push_back(row.actual_mean());
    tenths.push_back(std::to_string(row.from + 1));
  }
  page.picture(demo::two_lines(tenths, expected, "expected", actual, "came"));
  std::printf("  held out: %.0f orders expected, %s came\n", held->all.expected,
              grouped(static_cast<std::uint64_t>(held->all.actual)).c_str());
}

void show_rules(const shop& s, demo::page& page) {
  using namespace tailor::segment;
  page.heading("Rule segments");
  page.note(format("Amounts in reasons are exact, in units of %g %s; days are counted from now.",
                   s.units(1), s.source.currency.c_str()));
  const ladder steps;
  rule_names names;
  std::vector<std::string> labels;
  for (std::uint8_t i = 0; i < rung_count; ++i) labels.emplace_back(name_of(rung{i}));
  if (!names.stands("ladder", steps, labels)) return;
  const auto minor = static_cast<std::int64_t>(1'000 / s.units(1));
  const auto book =
      segment_book::make({{"big spenders of the last 90 days", revenue(last(days(90))) >= minor},
                          {"loyal, silent for 60 days",
                           stands("ladder", "loyal customer") && !did(purchases(), last(days(60)))},
                          {"often, but small: 3 days and under 500 in 90 days",
                           measure(measured::days, purchases(), last(days(90))) >= 3 &&
                               revenue(last(days(90))) < minor / 2}},
                         names);
  if (!book) return;
  demo::progress building("rule segments", 1);
  std::uint64_t entered = 0;
  std::uint64_t left = 0;
  const auto count = [&](const membership_change& c) { ++(c.entered ? entered : left); };
  memberships live(*book, s.history, s.now, count);
  std::vector<audience> members;
  for (std::uint32_t i = 0; i < book->size(); ++i) members.push_back(live.members(i));
  const bool moved = static_cast<bool>(live.advance(s.now + days(30), s.pool));
  building.done();
  segment_reader reader(*book, s.history);
  std::printf("\nRule segments\n");
  for (std::uint32_t i = 0; i < book->size(); ++i) {
    const auto size = members[i].size(5);
    const std::string many = size ? grouped(*size) : std::string("fewer than 5");
    std::printf("  %-52s %s\n", book->name(i).c_str(), many.c_str());
    page.heading(book->name(i) + ": " + many, 3);
    std::vector<std::vector<std::string>> cells;
    for (const user_id user :
         members[i].members().first((std::min)(std::size_t{8}, members[i].members().size()))) {
      const auto why = reader.explain(i, user, s.now);
      if (!why) continue;
      std::string reasons;
      for (const reason& r : why->reasons) {
        if (!reasons.empty()) reasons += "; ";
        reasons += (r.holds ? "yes: " : "no: ") + r.text;
        if (r.value) reasons += format(" (%lld)", static_cast<long long>(*r.value));
      }
      const auto in_days = [&](timestamp t) {
        return format("%.0f",
                      static_cast<double>((t - s.now).us) / static_cast<double>(days(1).us));
      };
      cells.push_back({reasons, std::to_string(raw(user)),
                       why->since ? in_days(*why->since) : std::string(),
                       why->until == never ? "something happens" : in_days(why->until)});
    }
    page.table({"why", "customer", "since day", "until day, if nothing happens"}, cells);
  }
  if (moved) {
    page.note(
        format("If nothing happened for 30 days, %s memberships would begin and %s end, by "
               "the clock alone; each is told with its exact moment.",
               grouped(entered).c_str(), grouped(left).c_str()));
    std::printf("  30 days of silence: %s enter, %s leave\n", grouped(entered).c_str(),
                grouped(left).c_str());
  }
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
  show_rfm(all, page);
  show_clusters(all, page);
  show_lifecycle(all, page);
  show_lifetime_value(all, page);
  show_rules(all, page);
  run.save(page);
  return 0;
}
