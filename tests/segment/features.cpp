#include "tailor/segment/features.hpp"

#include <algorithm>
#include <cstdint>
#include <set>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/thread_pool.hpp"
#include "tailor/events/timeline.hpp"
#include "tailor/segment/feature_table.hpp"
#include "tailor/testing/histories.hpp"

using namespace tailor;
using events::event;
using events::event_kind;
using segment::feature;
using segment::feature_rules;
using segment::feature_table;

namespace {

constexpr feature all_features[] = {
    feature::recency_days,     feature::order_count,    feature::revenue, feature::average_order,
    feature::days_since_first, feature::distinct_items, feature::views};

event line_of(std::uint64_t user, event_kind kind, std::uint64_t item, std::int64_t hour,
              std::int32_t quantity, std::int64_t unit_price, order_id number) {
  event e;
  e.user = user_id{user};
  e.kind = kind;
  e.item = item_id{item};
  e.at = timestamp{hours(hour).us};
  e.quantity = quantity;
  e.unit_price = unit_price;
  e.order = number;
  return e;
}

events::timeline timeline_of(const std::vector<event>& all) {
  events::timeline t;
  for (const event& e : all) REQUIRE(t.observe(e));
  return t;
}

std::vector<double> row(const feature_table& t, std::size_t i) {
  return {t.row(i).begin(), t.row(i).end()};
}

}  // namespace

TEST_CASE("features: what one shopper did, in days of the shop and minor units") {
  const auto buy = event_kind::purchase;
  const auto t = timeline_of({line_of(9, buy, 1, 20, 2, 500, order_id{1}),
                              line_of(9, buy, 2, 20, 1, 250, order_id{1}),
                              line_of(9, buy, 1, 50, 1, 750, order_id{2}),
                              line_of(9, event_kind::view_item, 5, 10, 1, 0, no_order),
                              line_of(9, event_kind::view_item, 5, 60, 1, 0, no_order),
                              line_of(3, buy, 4, 30, 1, 100, order_id{3}),
                              line_of(4, event_kind::view_item, 4, 30, 1, 0, no_order)});
  const timestamp now{hours(74).us};  // the fourth day, 02:00 UTC
  const auto table = feature_table::of(t, now, all_features);
  REQUIRE(table.rows() == 2);
  CHECK(table.shoppers()[0] == user_id{3});
  CHECK(row(table, 1) == std::vector<double>{1, 2, 2000, 1000, 3, 2, 2});
  CHECK(table.row_of(user_id{9}) == std::size_t{1});
  CHECK_FALSE(table.row_of(user_id{4}));

  // Days begin at 03:00: it is still the third.
  const feature_rules late{.orders = {.midnight = hours(3)}};
  CHECK(row(feature_table::of(t, now, all_features, late), 1)[0] == 1);
  CHECK(row(feature_table::of(t, timestamp{hours(51).us - 1}, all_features, late), 1)[0] == 0);

  // A window leaves out the order and the view that are older, and shopper 3 altogether.
  const auto recent = feature_table::of(t, now, all_features, {.window = hours(44)});
  REQUIRE(recent.rows() == 1);
  CHECK(row(recent, 0) == std::vector<double>{1, 1, 750, 750, 1, 1, 1});
  // The window is open where it begins: what is exactly so old has left.
  CHECK(feature_table::of(t, now, all_features, {.window = hours(24)}).rows() == 0);
  CHECK(feature_table::of(t, now, all_features, {.window = hours(25)}).rows() == 1);
}

TEST_CASE("features: the future has not happened, refunds are taken off") {
  const auto buy = event_kind::purchase;
  const auto t = timeline_of({line_of(1, buy, 1, 1, 2, 500, order_id{1}),
                              line_of(1, event_kind::refund, 1, 9, 2, 0, order_id{1}),
                              line_of(1, buy, 1, 30, 1, 500, order_id{2})});
  CHECK(feature_table::of(t, timestamp{0}, all_features).rows() == 0);
  CHECK(feature_table::of(t, timestamp{hours(8).us}, all_features).values()[2] == 1000);
  CHECK(feature_table::of(t, timestamp{hours(9).us}, all_features).rows() == 0);
  CHECK(feature_table::of(t, timestamp{hours(30).us}, all_features).values()[2] == 500);
  CHECK(feature_table::of({}, timestamp{0}, all_features).rows() == 0);
}

TEST_CASE("features: the same for any number of threads, and from one shopper's lines") {
  thread_pool three(3);
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    const auto t =
        timeline_of(testing::random_history(seed, {.shoppers = 40, .events = 600, .moments = 200}));
    const timestamp now = timestamp{1'600'000'000'000'000} + hours(150);
    const feature_rules rules{.window = hours(seed % 2 == 0 ? 0 : 90)};
    const auto one = feature_table::of(t, now, all_features, rules);
    const auto many = feature_table::of(t, now, all_features, rules, three);
    CHECK(std::equal(one.values().begin(), one.values().end(), many.values().begin(),
                     many.values().end()));
    CHECK(std::equal(one.shoppers().begin(), one.shoppers().end(), many.shoppers().begin(),
                     many.shoppers().end()));
    CHECK(std::is_sorted(one.shoppers().begin(), one.shoppers().end()));
    segment::order_reader orders;
    for (std::uint32_t s = 0; s < t.shopper_limit(); ++s) {
      std::vector<float> out(7, -1);
      const bool has =
          segment::read_features(t.lines_of(s), now, std::span<const feature>(all_features), rules,
                                 orders, std::span<float>(out));
      const auto at = one.row_of(t.shopper_at(s));
      REQUIRE(has == at.has_value());
      for (std::size_t j = 0; j < 7; ++j) {
        CHECK(out[j] == (has ? static_cast<float>(one.row(*at)[j]) : -1));
      }
    }
  }
}

TEST_CASE("features: what leaves the window, and when a day begins") {
  const auto t = timeline_of({line_of(1, event_kind::purchase, 1, 10, 1, 5, order_id{1}),
                              line_of(1, event_kind::purchase, 1, 20, 1, 5, order_id{2})});
  const auto lines = t.lines_of(0);
  const auto at = [](std::int64_t hour) { return timestamp{hours(hour).us}; };
  CHECK(segment::leaves_window(lines, at(20), {}) == segment::never);
  CHECK(segment::leaves_window(lines, at(20), hours(11)) == at(21));
  CHECK(segment::leaves_window(lines, at(21), hours(11)) == at(31));
  CHECK(segment::leaves_window(lines, at(31), hours(11)) == segment::never);
  CHECK(segment::leaves_window(lines, at(20), {INT64_MAX}) == segment::never);
  CHECK(segment::start_of_day(2) == at(48));
  CHECK(segment::start_of_day(2, hours(-1)) == at(47));
  CHECK(segment::start_of_day(INT64_MAX) == segment::never);
  CHECK(day_of(segment::start_of_day(-5, hours(3)), hours(3)) == -5);
  CHECK(day_of(segment::start_of_day(-5, hours(3)) - microseconds(1), hours(3)) == -6);
}
