#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/thread_pool.hpp"
#include "tailor/segment/rfm_fit.hpp"
#include "tailor/testing/histories.hpp"
#include "until_law.hpp"

using namespace tailor;
using namespace tailor::segment;

namespace {

constexpr timestamp start{1'600'000'000'000'000};

events::timeline timeline_of(const std::vector<events::event>& all) {
  events::timeline out;
  for (const events::event& e : all) REQUIRE(out.observe(e));
  return out;
}

std::vector<rfm_row> rows_of(const std::vector<rfm_record>& records) {
  std::vector<rfm_row> out;
  for (const rfm_record& r : records) out.push_back({user_id{out.size() + 1}, r});
  return out;
}

}  // namespace

TEST_CASE("rfm: quantile scores are those of counting everybody who is worse") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    CAPTURE(seed);
    counter_random draw(seed, 0);
    std::vector<std::int64_t> values(1 + uniform_below(draw, 40));
    for (auto& v : values) v = uniform_between(draw, -8, 12);
    std::sort(values.begin(), values.end());
    const int k = static_cast<int>(1 + uniform_below(draw, 9));
    const auto n = static_cast<std::int64_t>(values.size());
    for (const better what : {better::high, better::low}) {
      const score_cuts cuts = tied_quantiles{k}.cuts(values, what).value();
      CHECK(cuts.best() == k);
      for (std::int64_t v = -10; v <= 14; ++v) {
        const auto worse = std::count_if(values.begin(), values.end(), [&](std::int64_t other) {
          return what == better::high ? other < v : other > v;
        });
        CHECK(cuts.score(v) == 1 + std::min<std::int64_t>(k - 1, k * worse / n));
      }
    }
  }
}

TEST_CASE("rfm: most with one order share one score, and quintiles say so") {
  std::vector<std::int64_t> orders(80, 1);
  orders.resize(100, 2);
  const score_cuts cuts = tied_quantiles{}.cuts(orders, better::high).value();
  CHECK(cuts.score(1) == 1);
  CHECK(cuts.score(2) == 5);
  const score_cuts fixed = fixed_cuts{}.cuts(orders, better::high).value();
  const std::vector<std::int64_t> values = {1, 2, 3, 4, 5, 9, 10, 99};
  std::vector<int> scores;
  for (const std::int64_t v : values) scores.push_back(fixed.score(v));
  CHECK(scores == std::vector<int>{1, 2, 3, 3, 4, 4, 5, 5});
}

TEST_CASE("rfm: interpolated quantiles are exact, known values of mtcars") {
  // Miles per gallon in tenths.
  std::vector<std::int64_t> mpg = {210, 210, 228, 214, 187, 181, 143, 244, 228, 192, 178,
                                   164, 173, 152, 104, 104, 147, 324, 304, 339, 215, 155,
                                   152, 133, 192, 273, 260, 304, 158, 197, 150, 214};
  std::sort(mpg.begin(), mpg.end());
  const double known[] = {15.20, 17.92, 21.00, 24.08};
  for (int i = 1; i < 5; ++i) {
    CHECK(interpolated_quantile(mpg, i, 5).value() / 10 == Approx(known[i - 1]));
  }
  const std::vector<std::int64_t> wide = {INT64_MIN, INT64_MAX};
  CHECK(interpolated_quantile(wide, 1, 2).numerator == -1);
  CHECK(interpolated_quantiles{.scores = 2, .plus = 1}.cuts(wide, better::high).value().at()[0] ==
        1);
}

TEST_CASE("rfm: every cell of the stock tables is in one group") {
  const rfm_group_table ten = ten_groups();
  CHECK(ten.groups() == 10);
  std::map<std::string, int> cells;
  for (int r = 1; r <= 5; ++r) {
    for (int f = 1; f <= 5; ++f) {
      for (int m = 1; m <= 5; ++m) ++cells[ten.name(ten.group_of({r, f, m}))];
    }
  }
  // Of the 25 pairs f, m, the rounded up mean is 1 … 5 in 1, 5, 9, 7 and 3.
  CHECK(cells == std::map<std::string, int>{{"champions", 10},
                                            {"loyal", 20},
                                            {"active", 18},
                                            {"new", 6},
                                            {"promising", 6},
                                            {"needs attention", 14},
                                            {"almost lost", 7},
                                            {"at risk", 19},
                                            {"previously loyal", 10},
                                            {"dormant", 15}});
  const rfm_group_table six = six_groups();
  CHECK(six.groups() == 6);
  std::map<std::string, std::set<int>> codes;
  for (int r = 1; r <= 3; ++r) {
    for (int f = 1; f <= 3; ++f) {
      for (int m = 1; m <= 3; ++m) {
        codes[six.name(six.group_of({r, f, m}))].insert(rfm_scores{r, f, m}.code());
      }
    }
  }
  CHECK(codes["champions"] == std::set<int>{333});
  CHECK(codes["loyal"] == std::set<int>{321, 322, 323, 331, 332, 232, 233});
  CHECK(codes["recent"] == std::set<int>{311, 312, 313});
  CHECK(codes["needs attention"] == std::set<int>{211, 212, 213, 221, 222, 223, 231});
  CHECK(codes["at risk"] == std::set<int>{121, 122, 123, 131, 132, 133});
  CHECK(codes["inactive"] == std::set<int>{111, 112, 113});
}

TEST_CASE("rfm: tables with a hole, cuts that descend and too many scores are refused") {
  constexpr rfm_group_rule hole[] = {{"good", {2, 3}}};
  CHECK(rfm_group_table::make(3, hole).code() == errc::unknown);
  CHECK(rfm_group_table::make(3, hole).error().at == 111);
  CHECK(rfm_group_table::make(3, hole, "others").value().groups() == 2);
  constexpr rfm_group_rule backwards[] = {{"good", {3, 2}}};
  CHECK(rfm_group_table::make(3, backwards, "others").code() == errc::out_of_range);
  constexpr rfm_group_rule nameless[] = {{"", {1, 3}}};
  CHECK(rfm_group_table::make(3, nameless, "others").code() == errc::malformed);
  CHECK(rfm_group_table::make(10, hole, "others").code() == errc::out_of_range);
  CHECK(fixed_cuts{{3, 2}}.cuts({}, better::high).code() == errc::malformed);
  CHECK(fixed_cuts{{1, 2, 3, 4, 5, 6, 7, 8, 9}}.cuts({}, better::high).code() ==
        errc::out_of_range);
  CHECK(tied_quantiles{0}.cuts({}, better::high).code() == errc::out_of_range);
  CHECK(tied_quantiles{}.cuts({}, better::high).code() == errc::too_few);
  CHECK(interpolated_quantiles{}.cuts({}, better::high).code() == errc::too_few);
  CHECK(fit_rfm({}).code() == errc::too_few);
  const auto one = rows_of({{3, 1, 500}});
  CHECK(fit_rfm(one, {}, six_groups()).code() == errc::conflict);
}

TEST_CASE("rfm: one shopper, and shoppers who are all alike") {
  for (const std::size_t n : {1U, 7U, 1000U}) {
    const auto rows = rows_of(std::vector<rfm_record>(n, {3, 1, 500}));
    const rfm_model model = fit_rfm(rows).value();
    CHECK(model.score({3, 1, 500}) == rfm_scores{1, 1, 1});
    CHECK(model.score({2, 1, 501}) == rfm_scores{5, 1, 5});
    CHECK(model.table().name(model.answer({3, 1, 500}).group) == "dormant");
  }
}

TEST_CASE("rfm: the gate gives its reason and refuses nothing") {
  const timestamp now = start + days(200);
  std::vector<rfm_record> records(500, {31, 2, 100});
  const auto state = [&](timestamp oldest) { return state_of(rows_of(records), oldest, now); };
  CHECK(state(start) == rfm_state::no_recent_order);
  records[0].days = 30;
  CHECK(state(start) == rfm_state::no_regulars);
  records[1].orders = 3;
  CHECK(state(start) == rfm_state::enough);
  CHECK(state(start + days(21)) == rfm_state::short_history);
  records.pop_back();
  CHECK(state(start) == rfm_state::few_buyers);
  CHECK(state_of({}, now, now) == rfm_state::few_buyers);
}

TEST_CASE("rfm: rows of a timeline, by counting, in the window, the same on any threads") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    CAPTURE(seed);
    const auto all = testing::random_history(seed);
    const timestamp now = start + hours(static_cast<std::int64_t>(seed % 30));
    const rfm_rules rules{.window = hours(static_cast<std::int64_t>(seed % 4) * 6)};
    std::map<user_id, std::map<order_id, std::pair<timestamp, std::int64_t>>> orders;
    for (const auto& e : all) {
      if (e.kind != events::event_kind::purchase || e.at > now) continue;
      auto& o = orders[e.user].try_emplace(e.order, e.at, 0).first->second;
      o.first = std::min(o.first, e.at);
      o.second += e.quantity * e.unit_price;
    }
    std::vector<rfm_row> expected;
    for (const auto& [user, by_order] : orders) {
      rfm_row row{user, {INT64_MAX, 0, 0}};
      for (const auto& [number, o] : by_order) {
        if (rules.window.us > 0 && now - o.first >= rules.window) continue;
        row.record.days = std::min(row.record.days, day_of(now) - day_of(o.first));
        ++row.record.orders;
        row.record.revenue += o.second;
      }
      if (row.record.orders > 0) expected.push_back(row);
    }
    const events::timeline history = timeline_of(all);
    CHECK(rfm_rows(history, now, rules) == expected);
    thread_pool pool(3);
    CHECK(rfm_rows(history, now, rules, pool) == expected);
  }
}

TEST_CASE("rfm: until is the moment at which the group changes, found by trying every hour") {
  int changes = 0;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    CAPTURE(seed);
    const events::timeline history = timeline_of(testing::random_history(seed));
    const rfm_rules rules{.window = hours(static_cast<std::int64_t>(seed % 4) * 40)};
    const rfm_model model =
        rfm_model::make(fixed_cuts{{1, 3, 4, 6}}.cuts({}, better::low).value(),
                        fixed_cuts{}.cuts({}, better::high).value(),
                        fixed_cuts{{300, 900, 1500, 3000}}.cuts({}, better::high).value(),
                        ten_groups(), rules)
            .value();
    changes += tailor_test::until_is_never_late(model, history, start, 10, seed);
  }
  CHECK(changes > 100);
}

TEST_CASE("rfm: the ends of time and of money do not overflow") {
  std::vector<events::event> all;
  for (const std::int64_t at : {INT64_MIN, INT64_MIN / 2, INT64_MAX}) {
    events::event e;
    e.user = user_id{1};
    e.kind = events::event_kind::purchase;
    e.item = item_id{1};
    e.at = timestamp{at};
    e.order = order_id{static_cast<std::uint64_t>(all.size() + 1)};
    e.unit_price = INT64_MAX;
    e.quantity = 1000;
    all.push_back(e);
  }
  const events::timeline history = timeline_of(all);
  order_reader scratch;
  for (const std::int64_t us : {INT64_MIN, std::int64_t{0}, INT64_MAX}) {
    const auto rows = rfm_rows(history, timestamp{us}, {.window = {}});
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].record.revenue == INT64_MAX);
    const rfm_model model = fit_rfm(rows, {.window = days(365)}).value();
    static_cast<void>(model.until(history.lines_of(0), timestamp{us}, 0, 3, scratch));
  }
}
