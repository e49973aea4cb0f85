#include <cstdint>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "../support/data.hpp"
#include "sales.hpp"
#include "tailor/adapters/csv.hpp"
#include "tailor/core/decimal.hpp"
#include "tailor/core/iso8601.hpp"
#include "tailor/events/timeline.hpp"
#include "tailor/segment/live_rfm.hpp"
#include "tailor/segment/rfm_fit.hpp"

using namespace tailor;
using namespace tailor::segment;

// The example of the R package rfm: 995 customers, their scores as the package gives them. Cut
// points are quantiles by linear interpolation, plus 1; amounts are whole.

namespace {

std::string text_of(const char* name) {
  std::ifstream file(tailor_test::need_data(name), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::int64_t whole(std::string_view text) { return parse_int<std::int64_t>(text).value(); }

events::timeline read_orders() {
  const std::string text = text_of("rfm_orders.csv");
  auto csv = adapters::csv_reader::make(text).value();
  events::timeline out;
  std::uint64_t number = 0;
  while (csv.next()) {
    REQUIRE(csv.fault());
    events::event e;
    e.user = user_id{static_cast<std::uint64_t>(whole(csv[0]))};
    e.kind = events::event_kind::purchase;
    e.item = item_id{1};
    e.at = parse_timestamp(std::string(csv[1]) + "T12:00:00Z").value();
    e.order = order_id{++number};
    e.unit_price = whole(csv[2]);
    REQUIRE(out.observe(e));
  }
  return out;
}

const timestamp analysis = parse_timestamp("2006-12-31T12:00:00Z").value();
const rfm_rules all_orders{.window = {}};

std::vector<double> cut_points(const std::vector<rfm_row>& rows, std::int64_t rfm_record::* what) {
  std::vector<std::int64_t> values;
  for (const rfm_row& r : rows) values.push_back(r.record.*what);
  std::sort(values.begin(), values.end());
  std::vector<double> out;
  for (int i = 1; i < 5; ++i) out.push_back(interpolated_quantile(values, i, 5).value() + 1);
  return out;
}

struct sums {
  std::int64_t customers = 0;
  std::int64_t orders = 0;
  std::int64_t amount = 0;
  friend bool operator==(const sums&, const sums&) = default;
};

std::map<std::string, sums> by_group(const std::vector<rfm_row>& rows, const rfm_model& model) {
  std::map<std::string, sums> out;
  for (const rfm_row& r : rows) {
    sums& s = out[model.table().name(model.answer(r.record).group)];
    ++s.customers;
    s.orders += r.record.orders;
    s.amount += r.record.revenue;
  }
  return out;
}

rfm_model model_with(const std::vector<rfm_row>& rows, const rfm_group_table& table) {
  const interpolated_quantiles rule{.scores = 5, .plus = 1};
  return fit_rfm(rows, all_orders, table, rule, rule, rule).value();
}

}  // namespace

TEST_CASE("rfm package: 995 customers in all columns", "[data]") {
  const events::timeline history = read_orders();
  const auto rows = rfm_rows(history, analysis, all_orders);
  REQUIRE(rows.size() == 995);
  CHECK(cut_points(rows, &rfm_record::days)[0] == Approx(115));
  CHECK(cut_points(rows, &rfm_record::days)[1] == Approx(181));
  CHECK(cut_points(rows, &rfm_record::days)[2] == Approx(297.4));
  CHECK(cut_points(rows, &rfm_record::days)[3] == Approx(482));
  CHECK(cut_points(rows, &rfm_record::orders) == std::vector<double>{4, 5, 6, 8});
  CHECK(cut_points(rows, &rfm_record::revenue)[0] == Approx(255.8));
  CHECK(cut_points(rows, &rfm_record::revenue)[1] == Approx(382));
  CHECK(cut_points(rows, &rfm_record::revenue)[2] == Approx(506.4));
  CHECK(cut_points(rows, &rfm_record::revenue)[3] == Approx(666));

  constexpr rfm_group_rule rules[] = {
      {"Champions", {5, 5}, {5, 5}, {5, 5}},       {"Potential Loyalist", {3, 5}, {3, 5}, {2, 5}},
      {"Loyal Customers", {2, 4}, {2, 4}, {2, 4}}, {"Promising", {3, 4}, {1, 3}, {3, 5}},
      {"New Customers", {4, 5}, {1, 3}, {1, 5}},   {"Can't Lose Them", {1, 2}, {3, 4}, {4, 5}},
      {"At Risk", {1, 2}, {2, 5}, {4, 5}},         {"Need Attention", {1, 3}, {3, 5}, {3, 5}},
      {"About To Sleep", {2, 3}, {1, 3}, {1, 4}},  {"Lost", {1, 1}, {1, 5}, {1, 5}}};
  const rfm_model model = model_with(rows, rfm_group_table::make(5, rules, "Others").value());

  const std::string text = text_of("rfm_expected.csv");
  auto csv = adapters::csv_reader::make(text).value();
  std::size_t i = 0;
  std::map<int, int> codes;
  std::map<int, int> recency, frequency, monetary;
  order_reader scratch;
  while (csv.next()) {
    REQUIRE(csv.fault());
    REQUIRE(i < rows.size());
    const rfm_row& row = rows[i++];
    CAPTURE(raw(row.user));
    CHECK(static_cast<std::int64_t>(raw(row.user)) == whole(csv[0]));
    CHECK(row.record == rfm_record{whole(csv[1]), whole(csv[2]), whole(csv[3])});
    const rfm_answer a = model.answer(row.record);
    CHECK(a.scores.recency == whole(csv[4]));
    CHECK(a.scores.frequency == whole(csv[5]));
    CHECK(a.scores.monetary == whole(csv[6]));
    CHECK(a.scores.code() == whole(csv[7]));
    CHECK(model.table().name(a.group) == csv[8]);
    const auto lines = history.lines_of(*history.find_shopper(row.user));
    CHECK(model.explain(lines, analysis, scratch) == a);
    ++codes[a.scores.code()];
    ++recency[a.scores.recency];
    ++frequency[a.scores.frequency];
    ++monetary[a.scores.monetary];
  }
  CHECK(i == 995);
  CHECK(codes.size() == 92);
  CHECK(recency == std::map<int, int>{{1, 197}, {2, 200}, {3, 199}, {4, 199}, {5, 200}});
  CHECK(frequency == std::map<int, int>{{1, 268}, {2, 187}, {3, 176}, {4, 244}, {5, 120}});
  CHECK(monetary == std::map<int, int>{{1, 200}, {2, 200}, {3, 198}, {4, 202}, {5, 195}});

  CHECK(by_group(rows, model) ==
        std::map<std::string, sums>{{"Champions", {35, 316, 31646}},
                                    {"Potential Loyalist", {342, 2211, 204856}},
                                    {"Loyal Customers", {170, 799, 76562}},
                                    {"Promising", {9, 28, 4249}},
                                    {"New Customers", {104, 329, 28837}},
                                    {"Can't Lose Them", {47, 274, 32446}},
                                    {"At Risk", {28, 216, 22227}},
                                    {"Need Attention", {10, 57, 4562}},
                                    {"About To Sleep", {102, 283, 23449}},
                                    {"Lost", {148, 393, 35324}}});
}

TEST_CASE("rfm package: the ranges of its tests, and two customers that fixed cuts move",
          "[data]") {
  const auto rows = rfm_rows(read_orders(), analysis, all_orders);
  constexpr rfm_group_rule rules[] = {
      {"Champions", {4, 5}, {4, 5}, {4, 5}},          {"Loyal Customers", {2, 5}, {3, 5}, {3, 5}},
      {"Potential Loyalist", {3, 5}, {1, 3}, {1, 3}}, {"New Customers", {4, 5}, {1, 1}, {1, 1}},
      {"Promising", {3, 4}, {1, 1}, {1, 1}},          {"Need Attention", {2, 3}, {2, 3}, {2, 3}},
      {"About To Sleep", {2, 3}, {1, 2}, {1, 2}},     {"At Risk", {1, 2}, {2, 5}, {2, 5}},
      {"Can't Lose Them", {1, 1}, {4, 5}, {4, 5}},    {"Lost", {1, 2}, {1, 2}, {1, 2}}};
  const rfm_model model = model_with(rows, rfm_group_table::make(5, rules, "Others").value());
  CHECK(by_group(rows, model) ==
        std::map<std::string, sums>{{"Champions", {158, 1234, 120178}},
                                    {"Loyal Customers", {278, 1708, 166712}},
                                    {"Potential Loyalist", {229, 801, 65873}},
                                    {"Need Attention", {35, 144, 13287}},
                                    {"About To Sleep", {50, 127, 10914}},
                                    {"At Risk", {86, 438, 44178}},
                                    {"Lost", {111, 244, 20955}},
                                    {"Others", {48, 210, 22061}}});

  const rfm_model fixed = fit_rfm(rows, all_orders, ten_groups(), fixed_cuts{{115, 181, 297, 482}},
                                  fixed_cuts{{4, 5, 6, 8}}, fixed_cuts{{256, 382, 506, 666}})
                              .value();
  int moved = 0;
  for (const rfm_row& r : rows) moved += !(fixed.score(r.record) == model.score(r.record));
  CHECK(moved == 2);
}

TEST_CASE("rfm package: mean amount by recency and frequency score", "[data]") {
  const auto rows = rfm_rows(read_orders(), analysis, all_orders);
  const rfm_model model = model_with(rows, ten_groups());
  double sum[5][5] = {};
  double customers[5][5] = {};
  for (const rfm_row& r : rows) {
    const rfm_scores s = model.score(r.record);
    sum[s.recency - 1][s.frequency - 1] += static_cast<double>(r.record.revenue);
    customers[s.recency - 1][s.frequency - 1] += 1;
  }
  const double known[5][5] = {{208.40, 380.50, 530.24, 575.41, 746.67},
                              {246.98, 407.54, 516.65, 599.47, 873.11},
                              {246.30, 355.08, 446.61, 603.79, 846.90},
                              {213.42, 375.17, 451.88, 617.07, 866.43},
                              {262.17, 370.03, 467.00, 564.51, 862.40}};
  double all = 0;
  for (int r = 0; r < 5; ++r) {
    for (int f = 0; f < 5; ++f) {
      CAPTURE(r, f);
      const double mean = sum[r][f] / customers[r][f];
      CHECK(mean == Approx(known[r][f]).margin(0.00501));
      all += mean;
    }
  }
  CHECK(all == Approx(12'633.71).margin(0.00501));
}

TEST_CASE("online retail: customers, invoices and revenue as RFM sees them", "[data]") {
  const events::timeline history = tailor_test::read_sales();
  const timestamp now = parse_timestamp("2011-12-09T12:51:00Z").value();
  const auto rows = rfm_rows(history, now, all_orders);
  CHECK(rows.size() == 4'338);
  sums all;
  std::int64_t once = 0;
  rfm_row most{};
  rfm_row highest{};
  for (const rfm_row& r : rows) {
    all.orders += r.record.orders;
    all.amount += r.record.revenue;
    once += r.record.orders == 1;
    if (r.record.orders > most.record.orders) most = r;
    if (r.record.revenue > highest.record.revenue) highest = r;
  }
  CHECK(all.orders == 18'532);
  CHECK(all.amount == 8'911'407'904);  // thousandths of a pound
  CHECK(once == 1'493);
  CHECK(most.user == user_id{12'748});
  CHECK(most.record.orders == 209);
  CHECK(highest.user == user_id{14'646});
  CHECK(highest.record.revenue == 280'206'020);
  // Live, from the middle of the year on by the clock alone.
  live_rfm live(history, parse_timestamp("2011-06-01T00:00:00Z").value());
  REQUIRE(live.advance(now));
  CHECK(live.rows() == rfm_rows(history, now));
}
