#include <array>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "../support/data.hpp"
#include "sales.hpp"
#include "tailor/adapters/csv.hpp"
#include "tailor/core/decimal.hpp"
#include "tailor/core/iso8601.hpp"
#include "tailor/core/thread_pool.hpp"
#include "tailor/events/timeline.hpp"
#include "tailor/segment/adjusted_rand.hpp"
#include "tailor/segment/cells.hpp"
#include "tailor/segment/cluster_fit.hpp"
#include "tailor/segment/kmeans_centres.hpp"

using namespace tailor;
using segment::feature;
using segment::point_view;

namespace {

std::string text_of(const char* name) {
  std::ifstream file(tailor_test::need_data(name), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// One order per record, cents.
events::timeline read_cdnow() {
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

/// One order per basket, cents; a sample of lines, as the file has them.
events::timeline read_grocer() {
  const std::string text = text_of("completejourney_transactions.csv");
  auto csv = adapters::csv_reader::make(text).value();
  interner baskets;
  events::timeline out;
  while (csv.next()) {
    REQUIRE(csv.fault());
    events::event e;
    e.user = user_id{parse_int<std::uint64_t>(csv[0]).value()};
    e.kind = events::event_kind::purchase;
    e.order = order_id{baskets.intern(csv[2]).value()};  // one is written 4.0128e+10
    e.item = item_id{parse_int<std::uint64_t>(csv[3]).value()};
    const auto paid = parse_decimal(csv[5], 2);
    e.unit_price = paid ? *paid : 0;  // one is 4.4e-16
    e.at = parse_timestamp(csv[10]).value();
    REQUIRE(out.observe(e));
  }
  return out;
}

const timestamp now = parse_timestamp("2011-12-10T00:00:00Z").value();
constexpr feature rfm[] = {feature::recency_days, feature::order_count, feature::revenue};
constexpr segment::shape shapes[] = {segment::shape::as_it_is, segment::shape::log1p,
                                     segment::shape::log1p};

/// What follows is from scikit-learn 1.9.1 and numpy: bench/peers/cluster_reference.py,
/// docs/howto-clusters.md.
struct known {
  std::size_t k;
  double inertia;     // the best of 20 starts
  double silhouette;  // simplified
  double bic;
};
constexpr known known_fits[] = {
    {2, 6798.1553, 0.54203, -17229.6}, {3, 4230.6153, 0.54820, -15777.6},
    {4, 3178.7944, 0.51344, -15137.3}, {5, 2703.0908, 0.47999, -15023.0},
    {8, 1911.2675, 0.43401, -14794.8}, {12, 1457.9387, 0.42125, -14913.6}};
const std::vector<double> known_centres = {-0.344251, -0.671658, -0.67131, -0.465019,
                                           0.377132,  0.501791,  1.669371, -0.764128,
                                           -0.765895, -0.727411, 1.883688, 1.578758};

struct scaled_points {
  std::vector<double> z;
  [[nodiscard]] point_view<double> view() const { return {z.data(), z.size() / 3, 3}; }
};

scaled_points scaled(const segment::feature_table& table) {
  const point_view<double> raw(table.values().data(), table.rows(), 3);
  const auto scale = segment::scaling::fit(raw, shapes).value();
  scaled_points out{std::vector<double>(table.values().size())};
  REQUIRE(scale.apply(raw, std::span<double>(out.z)));
  return out;
}

}  // namespace

TEST_CASE("online retail: features, scaling and fits as scikit-learn has them", "[data]") {
  const events::timeline sales = tailor_test::read_sales();
  const auto table = segment::feature_table::of(sales, now, rfm);
  REQUIRE(table.rows() == 4338);
  std::array<double, 3> sums{};
  for (std::size_t i = 0; i < table.rows(); ++i) {
    for (std::size_t j = 0; j < 3; ++j) sums[j] += table.row(i)[j];
  }
  CHECK(sums == std::array<double, 3>{403'692, 18'532, 8'911'407'904});
  const point_view<double> raw(table.values().data(), table.rows(), 3);
  const auto scale = segment::scaling::fit(raw, shapes).value();
  CHECK(scale.columns()[0].centre == Approx(93.05555555555556).epsilon(1e-12));
  CHECK(scale.columns()[1].deviation == Approx(0.6734666792678775).epsilon(1e-12));
  CHECK(scale.columns()[2].deviation == Approx(1.2476678704768447).epsilon(1e-12));
  CHECK(scale.columns()[2].high == 42'055'960);

  const scaled_points points = scaled(table);
  const segment::kmeans_centres fit{.seed = 1};
  for (const known& expected : known_fits) {
    CAPTURE(expected.k);
    const auto centres = fit(points.view(), expected.k).value();
    const auto q = segment::quality_of(points.view(), centres);
    CHECK(q.inertia <= expected.inertia * 1.001);
    CHECK(q.inertia >= expected.inertia * 0.99);
    if (expected.k > 5) continue;  // with more, other optima are as good and lie elsewhere
    CHECK(q.silhouette == Approx(expected.silhouette).margin(0.002));
    CHECK(q.bic == Approx(expected.bic).margin(10));
  }
  const auto centres = fit(points.view(), 4).value();
  const auto ours = segment::nearest_centres(points.view(), centres);
  const auto theirs = segment::nearest_centres(points.view(), known_centres);
  CHECK(segment::adjusted_rand(ours, theirs).value() > 0.99);
}

namespace {

/// The best of 20 starts of scikit-learn for 3, 4, 5, 8, 12 and 16 clusters.
constexpr std::size_t known_k[] = {3, 4, 5, 8, 12, 16};
using inertias = std::array<double, 6>;

void check_inertia(const segment::feature_table& table, const inertias& theirs) {
  const scaled_points points = scaled(table);
  for (std::uint64_t seed = 1; seed <= 2; ++seed) {
    for (std::size_t i = 0; i < theirs.size(); ++i) {
      CAPTURE(seed, known_k[i]);
      const auto centres = segment::kmeans_centres{.seed = seed}(points.view(), known_k[i]);
      const double ours = segment::quality_of(points.view(), centres.value()).inertia;
      CHECK(ours <= theirs[i] * 1.001);
      CHECK(ours >= theirs[i] * 0.99);
    }
  }
}

}  // namespace

TEST_CASE("inertia within 0.1 % of the best of 20 starts of scikit-learn: online retail",
          "[data]") {
  check_inertia(segment::feature_table::of(tailor_test::read_sales(), now, rfm),
                {4230.6153, 3178.7944, 2703.0908, 1911.2675, 1457.9387, 1193.6907});
}

TEST_CASE("inertia within 0.1 % of the best of 20 starts of scikit-learn: CDNOW", "[data]") {
  const timestamp end = parse_timestamp("1998-07-01T00:00:00Z").value();
  const auto table = segment::feature_table::of(read_cdnow(), end, rfm);
  REQUIRE(table.rows() == 2349);
  check_inertia(table, {1702.5272, 1237.5916, 1025.1241, 673.5611, 473.2165, 380.5246});
}

TEST_CASE("inertia within 0.1 % of the best of 20 starts of scikit-learn: a grocer", "[data]") {
  const timestamp end = parse_timestamp("2018-01-02T00:00:00Z").value();
  const auto table = segment::feature_table::of(read_grocer(), end, rfm);
  REQUIRE(table.rows() == 2373);
  check_inertia(table, {2032.9036, 1542.0665, 1269.8425, 814.3261, 599.1069, 476.2171});
}

TEST_CASE("online retail: the fitted model, for any number of threads", "[data]") {
  const events::timeline sales = tailor_test::read_sales();
  const segment::kmeans_centres fit{.seed = 1};
  const auto model = segment::fit_clusters(sales, now, fit).value();
  REQUIRE(model.groups().size() == 3);
  thread_pool pool(3);
  const auto other =
      segment::fit_clusters(sales, now, fit, segment::cluster_options{}, nullptr, pool).value();
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(other.groups()[i].centre == model.groups()[i].centre);
    CHECK(other.groups()[i].name == model.groups()[i].name);
  }
  for (std::size_t i = 0; i < model.choice().table.size(); ++i) {
    CHECK(other.choice().table[i].silhouette == model.choice().table[i].silhouette);
    CHECK(other.choice().table[i].stability == model.choice().table[i].stability);
  }
  // Every shopper stands where the fit put him.
  segment::order_reader scratch;
  std::array<std::uint64_t, 3> sizes{};
  for (std::uint32_t s = 0; s < sales.shopper_limit(); ++s) {
    ++sizes[static_cast<std::size_t>(model.value(sales.lines_of(s), now, scratch).value())];
  }
  for (const auto& g : model.groups()) CHECK(sizes[static_cast<std::size_t>(g.label)] == g.size);
}

TEST_CASE("online retail: cells come close to all points", "[data]") {
  const auto points = scaled(segment::feature_table::of(tailor_test::read_sales(), now, rfm));
  for (const int width : {-3, -2}) {
    segment::cells grid({.width_log2 = width});
    for (std::size_t i = 0; i < points.view().n(); ++i) {
      REQUIRE(grid.observe(std::span<const double>(points.z).subspan(3 * i, 3)));
    }
    const auto means = grid.means();
    const segment::kmeans_centres fit{.seed = 1};
    const double direct = segment::quality_of(points.view(), fit(points.view(), 4).value()).inertia;
    const point_view<double> few(means.points.data(), grid.size(), 3);
    const auto centres = fit.weighted(few, means.weights, 4);
    const double by_cells = segment::quality_of(points.view(), centres.value()).inertia;
    CAPTURE(width, grid.size());
    CHECK(by_cells <= direct * 1.002);
  }
}
