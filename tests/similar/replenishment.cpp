#include "tailor/similar/replenishment.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "../catch.hpp"
#include "../support/allocations.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/thread_pool.hpp"

using namespace tailor;
using namespace tailor::similar;

namespace {

events::event bought(std::uint64_t user, std::uint64_t item, std::int64_t day,
                     std::int64_t hour = 9) {
  events::event e;
  e.kind = events::event_kind::purchase;
  e.user = user_id{user};
  e.item = item_id{item};
  e.at = timestamp{} + days(day) + hours(hour);
  return e;
}

/// Item 1 is bought about every 20 days by everybody, item 2 by nobody again.
events::timeline make_shop() {
  events::timeline t;
  for (std::uint64_t u = 1; u <= 40; ++u) {
    counter_random draw(u, 1);
    std::int64_t day = static_cast<std::int64_t>(u % 9);
    for (int n = 0; n < 4; ++n) {
      REQUIRE(t.observe(bought(u, 1, day)));
      day += 15 + static_cast<std::int64_t>(uniform_below(draw, 11));
    }
    REQUIRE(t.observe(bought(u, 2, 30)));
  }
  return t;
}

}  // namespace

TEST_CASE("replenishment: gaps, buyers and repeats are those of a plain walk") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    counter_random draw(seed, 2);
    events::timeline t;
    std::map<std::uint64_t, std::map<std::uint64_t, std::set<std::int64_t>>> days_of;
    for (int n = 0; n < 120; ++n) {
      const std::uint64_t user = uniform_below(draw, 8), item = uniform_below(draw, 6);
      const auto day = static_cast<std::int64_t>(uniform_below(draw, 90));
      auto e = bought(user, item, day, static_cast<std::int64_t>(uniform_below(draw, 24)));
      if (n % 10 == 9) e.kind = events::event_kind::view_item;
      REQUIRE(t.observe(e));
      if (n % 10 != 9 && e.at <= timestamp{} + days(80)) days_of[item][user].insert(day);
    }
    const timestamp now = timestamp{} + days(80);
    thread_pool pool(3);
    const replenishment model = replenishment::fit(t, now, {}, pool);
    for (std::uint64_t item = 0; item < 6; ++item) {
      std::int64_t repeat_buyers = 0, gaps = 0;
      double logs = 0;
      for (const auto& [user, days] : days_of[item]) {
        repeat_buyers += days.size() > 1;
        for (auto d = days.begin(); d != days.end() && std::next(d) != days.end(); ++d) {
          ++gaps;
          logs += std::log(static_cast<double>(*std::next(d) - *d));
        }
      }
      const repurchase_habit* h = model.habit_of(item_id{item});
      REQUIRE((h != nullptr) == (gaps > 0));
      if (h == nullptr) continue;
      REQUIRE(h->buyers == static_cast<std::int64_t>(days_of[item].size()));
      REQUIRE(h->repeat_buyers == repeat_buyers);
      REQUIRE(h->gaps == gaps);
      REQUIRE(std::fabs(h->log_mean - logs / static_cast<double>(gaps)) < 1e-5);
    }
  }
}

TEST_CASE("replenishment: what is bought again comes due, what is not never does") {
  events::timeline t = make_shop();
  REQUIRE(t.observe(bought(99, 1, 100)));
  REQUIRE(t.observe(bought(99, 2, 100)));
  const replenishment model = replenishment::fit(t, timestamp{} + days(101));
  replenishment::scratch s;
  std::vector<due_item> out;
  std::set<due_state> seen;
  double before = 0;
  for (std::int64_t day = 101; day < 160; ++day) {
    const timestamp now = timestamp{} + days(day) + hours(9);
    model.due(t, user_id{99}, now, s, out);
    REQUIRE(out.size() == 1);
    CHECK(out[0].item == item_id{1});
    CHECK(out[0].opens < out[0].closes);
    if (!seen.empty()) CHECK(*seen.rbegin() <= out[0].state);
    seen.insert(out[0].state);
    CHECK((out[0].state == due_state::due) == (out[0].opens <= now && now < out[0].closes));
    if (day < 118) CHECK(out[0].score >= before);  // the hazard of a gap grows up to its usual end
    before = out[0].score;
  }
  CHECK(seen.size() == 4);
  const double gap = model.habit_of(item_id{1})->median_gap();
  CHECK(std::fabs(gap - 20) < 2);
  CHECK(model.repurchase_factor(item_id{1}, gap / 2) == 0.5);
  CHECK(model.repurchase_factor(item_id{1}, 1000) == 1);
  CHECK(model.repurchase_factor(item_id{1}, 0) == 0);
  CHECK(model.repurchase_factor(item_id{2}, 1000, 0.25) == 0.25);  // no gap was ever seen
  model.due(t, user_id{12345}, timestamp{} + days(120), s, out);
  CHECK(out.empty());
}

TEST_CASE("replenishment: own gaps weigh against those of all") {
  events::timeline t = make_shop();
  for (std::int64_t n = 0; n < 12; ++n) REQUIRE(t.observe(bought(77, 1, 5 * n)));
  REQUIRE(t.observe(bought(78, 1, 55)));
  const timestamp now = timestamp{} + days(61);
  const replenishment model = replenishment::fit(t, now);
  replenishment::scratch s;
  std::vector<due_item> quick, usual;
  model.due(t, user_id{77}, now, s, quick);
  model.due(t, user_id{78}, now, s, usual);
  REQUIRE(quick.size() == 1);
  REQUIRE(usual.size() == 1);
  CHECK(quick[0].opens < usual[0].opens);
  CHECK(quick[0].gaps == 11);
  std::vector<due_item> by_rate;
  model.due(t, user_id{77}, now, s, by_rate, poisson_gamma_rate{});
  const double share = model.habit_of(item_id{1})->repeat_share();
  const double rate = share * 12 / (61 - 9.0 / 24 + model.habit_of(item_id{1})->median_gap());
  CHECK(std::fabs(by_rate[0].score - rate) < 1e-9);
  const std::size_t allocated = tailor_test::allocations;
  model.due(t, user_id{77}, now, s, quick);
  CHECK(tailor_test::allocations == allocated);
}

TEST_CASE("replenishment: one who leaves was never there, and nothing is learnt of nothing") {
  events::timeline t = make_shop();
  const timestamp now = timestamp{} + days(200);
  events::timeline with = t;
  for (std::uint64_t n = 0; n < 30; ++n) {
    REQUIRE(with.observe(bought(500, 1 + n % 3, static_cast<std::int64_t>(3 * n))));
  }
  with.forget(user_id{500});
  const replenishment a = replenishment::fit(t, now), b = replenishment::fit(with, now);
  for (std::uint64_t i = 0; i < 5; ++i) {
    const repurchase_habit *x = a.habit_of(item_id{i}), *y = b.habit_of(item_id{i});
    REQUIRE((x == nullptr) == (y == nullptr));
    if (x == nullptr) continue;
    CHECK(x->gaps == y->gaps);
    CHECK(x->log_mean == y->log_mean);
    CHECK(x->log_deviation == y->log_deviation);
  }
  CHECK(replenishment::fit(events::timeline{}, now).habit_of(item_id{1}) == nullptr);
}
