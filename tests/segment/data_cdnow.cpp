#include <cfenv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "../support/data.hpp"
#include "tailor/adapters/csv.hpp"
#include "tailor/core/decimal.hpp"
#include "tailor/core/iso8601.hpp"
#include "tailor/core/thread_pool.hpp"
#include "tailor/events/timeline.hpp"
#include "tailor/segment/gamma_gamma_fit.hpp"
#include "tailor/segment/holdout.hpp"
#include "tailor/segment/lifetime_value.hpp"
#include "tailor/segment/repeat_counts.hpp"
#include "tailor/segment/repeat_fit.hpp"

using namespace tailor;
using namespace tailor::segment;

// CDNOW: 2,357 customers of an online music shop. Published values are from Fader, Hardie and Lee
// 2005, BTYD, CLVTools and lifetimes; the data README says which is from where. Reading A is the
// summary in weeks of two decimals, reading B the transactions in whole days.

namespace {

std::string text_of(const char* name) {
  std::ifstream file(tailor_test::need_data(name), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

double number(std::string_view text, int decimals) {
  return static_cast<double>(parse_decimal(text, decimals).value()) / std::pow(10, decimals);
}

struct summary {
  std::vector<repeat_history> times;
  std::vector<spend_history> spends;  // of everybody
};

summary read_summary() {
  const std::string text = text_of("cdnow_summary.csv");
  auto csv = adapters::csv_reader::make(text).value();
  summary out;
  while (csv.next()) {
    REQUIRE(csv.fault());
    const double x = number(csv[1], 0);
    out.times.push_back({x, number(csv[2], 2), number(csv[3], 2)});
    out.spends.push_back({x, x * number(csv[4], 2)});
  }
  REQUIRE(out.times.size() == 2357);
  return out;
}

events::timeline read_sample() {
  const std::string text = text_of("cdnow_sample.csv");
  auto csv = adapters::csv_reader::make(text).value();
  events::timeline out;
  std::uint64_t row = 0;
  while (csv.next()) {
    REQUIRE(csv.fault());
    events::event e;
    e.user = user_id{parse_int<std::uint64_t>(csv[1]).value()};
    e.kind = events::event_kind::purchase;
    e.at = parse_timestamp(csv[2]).value();
    e.order = order_id{++row};
    e.unit_price = parse_decimal(csv[4], 2).value();
    REQUIRE(out.observe(e));
  }
  return out;
}

/// The end of the calibration period: its last day counts.
const timestamp calibrated = parse_timestamp("1997-09-30T00:00:00Z").value();
const repeat_rules cdnow_rules{.orders = {.by = occasion::day, .zero = worthless::counted}};

repeat_sample sample_a() { return repeat_sample::of(read_summary().times).value(); }
repeat_sample sample_b() {
  return repeat_sample::of(repeat_counts::of(read_sample(), calibrated, cdnow_rules), 7).value();
}

template <class Dropout>
double log_likelihood(const repeat_sample& s, const beta_geometric<Dropout>& m) {
  double sum = 0;
  std::size_t i = 0;
  for (const auto& g : s.groups()) {
    for (; i < g.end; ++i) {
      const auto& c = s.cells()[i];
      sum += c.shoppers * m.log_likelihood({g.repeats, s.times()[c.last], s.times()[c.age]});
    }
  }
  return sum;
}

bg_nbd rounded() { return bg_nbd::make({.243, 4.414, .793, 2.426}).value(); }

/// Equal in all the digits that are given after the point.
Approx digits(double value, int decimals) {
  return Approx(value).epsilon(0).margin(0.5000001 * std::pow(10, -decimals));
}

}  // namespace

TEST_CASE("CDNOW: parameters, likelihood and standard errors of BG/NBD on both readings",
          "[data]") {
  const repeat_sample a = sample_a();
  CHECK(a.shoppers() == 2357);
  CHECK(a.repeaters() == 946);
  CHECK(a.repeats() == 2457);
  CHECK(a.cells().size() == 1016);
  const auto fit = fit_repeats<after_repeat>(a);
  REQUIRE(fit.model);
  const auto p = fit.model->given();
  CHECK(p.r == digits(.2425929, 7));
  CHECK(p.alpha == digits(4.413532, 6));
  CHECK(p.a == digits(.792886, 6));
  CHECK(p.b == digits(2.425753, 6));
  CHECK(fit.report.log_likelihood == digits(-9582.42556, 5));
  CHECK(log_likelihood(a, *fit.model) == Approx(fit.report.log_likelihood).epsilon(1e-13));
  CHECK(fit.report.standard_errors[0] == digits(.012557, 6));
  CHECK(fit.report.standard_errors[1] == digits(.378221, 6));
  CHECK(fit.report.standard_errors[2] == digits(.185719, 6));
  CHECK(fit.report.standard_errors[3] == Approx(.705345).margin(2e-6));
  CHECK_FALSE(fit.report.on_bound);
  CHECK(log_likelihood(a, rounded()) == digits(-9582.426831, 6));

  const repeat_sample b = sample_b();
  CHECK(b.shoppers() == 2357);
  CHECK(b.repeaters() == 946);
  CHECK(b.repeats() == 2457);
  const auto other = fit_repeats<after_repeat>(b);
  REQUIRE(other.model);
  const auto q = other.model->given();
  CHECK(q.r == digits(.242595, 6));
  CHECK(q.alpha == digits(4.413602, 6));
  CHECK(q.a == digits(.792922, 6));
  CHECK(q.b == Approx(2.425908).margin(2e-6));
  CHECK(other.report.log_likelihood == digits(-9582.42921, 5));
  CHECK(log_likelihood(b, rounded()) == digits(-9582.430478, 6));
}

TEST_CASE("CDNOW: parameters and likelihood of MBG/NBD", "[data]") {
  const repeat_sample a = sample_a();
  const auto fit = fit_repeats<after_any>(a);
  REQUIRE(fit.model);
  const auto p = fit.model->given();
  CHECK(p.r == digits(.524838, 6));
  CHECK(p.alpha == digits(6.182992, 6));
  CHECK(p.a == digits(.891356, 6));
  CHECK(p.b == digits(1.613999, 6));
  CHECK(fit.report.log_likelihood == digits(-9582.13268, 5));
  CHECK(log_likelihood(a, *fit.model) == Approx(fit.report.log_likelihood).epsilon(1e-13));
  CHECK(fit.model->p_alive({0, 0, 20}) < 1);
  CHECK(fit_repeats<after_repeat>(a).model->p_alive({0, 0, 20}) == 1);
  const auto b = fit_repeats<after_any>(sample_b());
  REQUIRE(b.model);
  CHECK(b.model->given().r == digits(.525, 3));
  CHECK(b.model->given().alpha == digits(6.183, 3));
  CHECK(b.model->given().a == digits(.891, 3));
  CHECK(b.model->given().b == digits(1.614, 3));
}

TEST_CASE("CDNOW: the same bits for any number of threads and on every platform", "[data]") {
  const repeat_sample b = sample_b();
  const auto one = fit_repeats<after_repeat>(b);
  thread_pool pool(3);
  const auto many = fit_repeats<after_repeat>(b, {}, {}, pool);
  CHECK(one.model->given() == many.model->given());
  CHECK(one.report.log_likelihood == many.report.log_likelihood);
}

TEST_CASE("CDNOW: expected purchases", "[data]") {
  const bg_nbd a = *fit_repeats<after_repeat>(sample_a()).model;
  const bg_nbd b = *fit_repeats<after_repeat>(sample_b()).model;
  const double times[] = {.1429, 1, 3, 31.8571, 32, 78};
  const double published[] = {.0078, .0532, .1506, 1.0405, 1.0437, 1.8576};
  const double known[] = {.007816, .053184, .150631, 1.040489, 1.043732, 1.857958};
  for (std::size_t i = 0; i < 6; ++i) {
    CHECK(b.expected_new(times[i]) == digits(known[i], 6));
    CHECK(b.expected_new(times[i]) == Approx(published[i]).margin(4e-4));
  }
  CHECK(b.expected_new(52) == digits(1.444012, 6));
  CHECK(a.expected_new(39) == digits(1.195016, 6));
  CHECK(a.expected_new(0) == 0);
  const repeat_history one{2, 30.43, 38.86};
  CHECK(a.expected(one, 39) == digits(1.225910, 6));
  CHECK(a.expected(one, 39) == digits(1.226, 3));
  CHECK(a.p_alive(one) == digits(.726609, 6));
  CHECK(a.p_alive({26, 30.86, 31}) == digits(.968920, 6));
  CHECK(a.median_gap_if_alive(one) == digits(15.6726, 4));
  CHECK(a.p_order_within(one, 4) == digits(.13068, 5));
  CHECK(a.p_order_within(one, 13) == digits(.32346, 5));
  CHECK(a.p_order_within(one, 26) == digits(.47366, 5));
  CHECK(a.p_order_within(one, 52) == digits(.60283, 5));

  // At the parameters in the tests of CLVTools, customer 1516.
  const auto c = bg_nbd::make({.2425945, 4.4136019, .7929199, 2.4258881}).value();
  CHECK(c.expected({26, 216. / 7, 31}, 52) == digits(25.757358, 6));
  CHECK(c.p_alive({26, 216. / 7, 31}) == digits(.968854501, 9));
  CHECK(c.expected({26, 30.86, 31}, 52) == digits(25.759061, 6));
  CHECK(c.p_alive({26, 30.86, 31}) == digits(.968918582, 9));
  // More purchases, less future.
  CHECK(b.expected({10, 20, 39}, 52) == digits(.347484, 6));
  CHECK(b.expected({15, 20, 39}, 52) == digits(.042837, 6));
  CHECK(b.expected({20, 20, 39}, 52) == digits(.0041593, 7));
  CHECK(b.expected({25, 20, 39}, 52) == digits(.00035839, 8));
}

TEST_CASE("CDNOW: the distribution of the number of purchases", "[data]") {
  const bg_nbd m = rounded();
  CHECK(m.p_count({}, 2, 10) == digits(1.07869e-7, 12));
  CHECK(m.p_count({}, 39, 0) == digits(.5737864, 7));
  const double known[] = {.0019995214, .0015170236, .0011633150, .0009003148, .0007023638,
                          .0005517902, .0004361913, .0003467171, .0002769613, .0002222260};
  for (std::uint32_t n = 11; n <= 20; ++n) {
    CHECK(m.p_count({}, 30, n) == digits(known[n - 11], 10));
  }
}

TEST_CASE("CDNOW: a shopper long silent is gone, without a floating point exception", "[data]") {
  const bg_nbd m = *fit_repeats<after_repeat>(sample_a()).model;
  std::feclearexcept(FE_ALL_EXCEPT);
  const double alive = m.p_alive({1000, 10, 100});
  CHECK(std::fetestexcept(FE_OVERFLOW | FE_UNDERFLOW | FE_INVALID | FE_DIVBYZERO) == 0);
  CHECK(alive == 0);
  CHECK(m.expected({1000, 10, 100}, 52) == 0);
}

TEST_CASE("CDNOW: Gamma-Gamma on both readings", "[data]") {
  const summary all = read_summary();
  const auto sample = spend_sample::of(all.spends).value();
  CHECK(sample.shoppers() == 946);
  const auto fit = fit_spend(sample);
  REQUIRE(fit.model);
  const auto g = fit.model->given();
  CHECK(g.p == Approx(6.248801).margin(3e-6));
  CHECK(g.q == Approx(3.744589).margin(3e-6));
  CHECK(g.v == Approx(15.447753).margin(1e-5));
  CHECK(fit.report.log_likelihood == digits(-4055.92324, 5));
  CHECK(fit.correlation == digits(.113884, 6));
  CHECK_FALSE(fit.depends_on_count());
  CHECK(fit.mean == digits(35.0786, 4));
  const auto log_likelihood_of = [](const spend_sample& s, const gamma_gamma& m) {
    double sum = 0;
    for (const auto& c : s.cells()) sum += c.shoppers * m.log_likelihood(c.history);
    return sum;
  };
  CHECK(log_likelihood_of(sample, *fit.model) == Approx(fit.report.log_likelihood).epsilon(1e-13));
  const auto round = gamma_gamma::make({6.25, 3.74, 15.44}).value();
  CHECK(log_likelihood_of(sample, round) == digits(-4055.924713, 6));

  const double known[] = {24.6586, 18.9115, 35.1710, 35.1710, 35.1710,
                          71.4629, 18.9115, 35.1710, 27.2824, 35.1710};
  const double by_rounded[] = {24.6637, 18.9169, 35.2190, 35.2190, 35.2190,
                               71.4697, 18.9169, 35.2190, 27.2884, 35.2190};
  double sum = 0;
  for (std::size_t i = 0; i < all.spends.size(); ++i) {
    sum += fit.model->expected(all.spends[i]);
    if (i >= 10) continue;
    CHECK(fit.model->expected(all.spends[i]) == digits(known[i], 4));
    CHECK(round.expected(all.spends[i]) == digits(by_rounded[i], 4));
  }
  CHECK(sum / 2357 == digits(35.2530, 4));

  const auto counts = repeat_counts::of(read_sample(), calibrated, cdnow_rules);
  const auto b = spend_sample::of(counts.spends(), 100).value();
  CHECK(b.shoppers() == 946);
  const auto other = fit_spend(b);
  REQUIRE(other.model);
  CHECK(other.model->given().p == Approx(6.249571).margin(3e-6));
  CHECK(other.model->given().q == Approx(3.744225).margin(3e-6));
  CHECK(other.model->given().v == Approx(15.443523).margin(1e-5));
  CHECK(other.report.log_likelihood == digits(-4055.91769, 5));
  CHECK(log_likelihood_of(b, round) == digits(-4055.919232, 6));
}

TEST_CASE("CDNOW: lifetime value, with steps of 30 weeks as published and with months", "[data]") {
  const summary all = read_summary();
  const bg_nbd when = *fit_repeats<after_repeat>(sample_a()).model;
  const gamma_gamma much = *fit_spend(spend_sample::of(all.spends).value()).model;
  const auto value = [&](std::size_t i, double step) {
    return discounted_value(when, all.times[i], much.expected(all.spends[i]), step, 12, .01);
  };
  const double known[] = {140.096223,  18.943469, 38.180573, 38.180573,  38.180573,
                          1003.868205, 28.109686, 38.180573, 167.418228, 38.180573};
  for (std::size_t i = 0; i < 10; ++i) CHECK(value(i, 30) == Approx(known[i]).epsilon(1e-7));
  CHECK(value(0, 4.345) == digits(36.278498, 5));
  CHECK(value(1, 4.345) == digits(4.637467, 5));
  CHECK(value(2, 4.345) == digits(8.344093, 5));
  double by_30 = 0;
  double by_months = 0;
  for (std::size_t i = 0; i < all.times.size(); ++i) {
    by_30 += value(i, 30);
    by_months += value(i, 4.345);
  }
  CHECK(by_30 == digits(266621.60, 1));
  CHECK(by_months == digits(71509.90, 1));
}

TEST_CASE("CDNOW: 39 weeks held out, by repeats", "[data]") {
  const timestamp end = calibrated + days(273);
  const events::timeline history = read_sample();
  const holdout_options options{.model = {.repeats = cdnow_rules}};
  const auto report = hold_out<after_repeat>(history, calibrated, end, options).value();
  const std::int64_t shoppers[] = {1411, 439, 214, 100, 62, 38, 29, 64};
  const double actual[] = {.236712,  .697039,  1.392523, 1.560000,
                           2.532258, 2.947368, 3.862069, 6.359375};
  const double expected[] = {.225087,  .523131,  1.044134, 1.520279,
                             2.163866, 2.653846, 3.504042, 6.157190};
  REQUIRE(report.by_repeats.size() == 8);
  for (std::size_t x = 0; x < 8; ++x) {
    CAPTURE(x);
    CHECK(report.by_repeats[x].shoppers == shoppers[x]);
    CHECK(report.by_repeats[x].actual_mean() == digits(actual[x], 6));
    CHECK(report.by_repeats[x].expected_mean() == Approx(expected[x]).margin(1e-6));
  }
  CHECK(report.all.shoppers == 2357);
  CHECK(report.all.actual == 1882);
  CHECK(report.all.expected == digits(1653.41, 2));
  REQUIRE(report.by_expected.size() == 10);
  double before = -1;
  std::int64_t sum = 0;
  for (const holdout_row& row : report.by_expected) {
    CHECK(row.expected_mean() >= before);
    before = row.expected_mean();
    sum += row.shoppers;
  }
  CHECK(sum == 2357);
  thread_pool pool(3);
  const auto again = hold_out<after_repeat>(history, calibrated, end, options, {}, pool).value();
  CHECK(again.all.expected == report.all.expected);
}
