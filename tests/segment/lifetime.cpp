#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"
#include "tailor/core/thread_pool.hpp"
#include "tailor/events/timeline.hpp"
#include "tailor/segment/holdout.hpp"
#include "tailor/segment/lifetime_standing.hpp"
#include "tailor/segment/lifetime_value.hpp"
#include "until_law.hpp"

using namespace tailor;
using namespace tailor::segment;

namespace {

constexpr timestamp start{1'600'000'000'000'000};

events::event bought(std::uint64_t user, timestamp at, std::int64_t price) {
  events::event e;
  e.user = user_id{user};
  e.kind = events::event_kind::purchase;
  e.item = item_id{1};
  e.order = order_id{user * 1'000'000 + static_cast<std::uint64_t>((at - start).us / hours(1).us)};
  e.at = at;
  e.unit_price = price;
  return e;
}

/// Shoppers with a pace of their own who may leave after any order.
std::vector<events::event> shop(std::uint64_t shoppers, std::uint64_t seed = 3) {
  std::vector<events::event> all;
  for (std::uint64_t u = 1; u <= shoppers; ++u) {
    counter_random draw(seed, u);
    const std::int64_t pace = uniform_between(draw, 5, 60);
    for (std::int64_t day = uniform_between(draw, 0, 100); day < 300;
         day += uniform_between(draw, 1, 2 * pace)) {
      all.push_back(bought(u, start + days(day), uniform_between(draw, 500, 5'000)));
      if (uniform_below(draw, 6) == 0) break;
    }
  }
  return all;
}

events::timeline timeline_of(const std::vector<events::event>& all) {
  events::timeline out;
  for (const events::event& e : all) REQUIRE(out.observe(e));
  return out;
}

}  // namespace

TEST_CASE("lifetime value: where data are thin there is a reason and no prediction") {
  const timestamp now = start + days(300);
  order_reader scratch;
  const events::timeline nobody;
  const auto none = lifetime_value<>::fit(nobody, now);
  REQUIRE(none);
  CHECK(none->repeats().report.state == fit_state::no_shoppers);
  CHECK_FALSE(none->explain({}, now, scratch));

  const events::timeline one = timeline_of({bought(1, start, 100)});
  const auto alone = lifetime_value<>::fit(one, now);
  REQUIRE(alone);
  CHECK(alone->repeats().report.state == fit_state::too_few_repeaters);
  const auto answer = alone->explain(one.lines_of(0), now, scratch);
  REQUIRE(answer);
  CHECK(answer->record.purchases == 1);
  CHECK_FALSE(answer->p_alive);
  CHECK_FALSE(answer->value);
  CHECK_FALSE(answer->next_order);

  // All alike: no spend varies, and the model of how much has its reason.
  std::vector<events::event> alike;
  for (std::uint64_t u = 1; u <= 40; ++u) {
    for (int i = 0; i < 5; ++i) alike.push_back(bought(u, start + days(20 * i), 100));
  }
  const auto same = lifetime_value<>::fit(timeline_of(alike), now);
  REQUIRE(same);
  CHECK_FALSE(same->spends().model);
  CHECK(same->spends().report.state != fit_state::fitted);
  CHECK(hold_out(one, start + days(1), now).error().code == errc::too_few);
}

TEST_CASE("lifetime value: predictions are probabilities and fall in silence") {
  const events::timeline history = timeline_of(shop(300));
  const timestamp now = start + days(300);
  const auto model = lifetime_value<>::fit(history, now);
  REQUIRE(model);
  REQUIRE(model->repeats().model);
  REQUIRE(model->spends().model);
  order_reader scratch;
  for (std::uint32_t h = 0; h < history.shopper_limit(); ++h) {
    const auto a = model->explain(history.lines_of(h), now, scratch);
    REQUIRE(a);
    CHECK((*a->p_alive > 0 && *a->p_alive <= 1));
    CHECK(*a->within_30_days <= *a->within_60_days);
    CHECK(*a->within_60_days <= *a->within_90_days);
    CHECK(*a->within_90_days <= *a->p_alive);
    CHECK(*a->orders >= 0);
    CHECK(*a->spend > 0);
    CHECK(*a->value <= *a->orders * *a->spend);  // discounted
    const auto later = model->explain(history.lines_of(h), now + days(40), scratch);
    CHECK(*later->p_alive <= *a->p_alive);
    CHECK(*later->value <= *a->value);
    CHECK(later->next_order == a->next_order);
  }
}

TEST_CASE("lifetime value: data on a ridge are fitted, and say that they lie on a bound") {
  // Everybody leaves with the same chance: two parameters grow together without end.
  std::vector<events::event> all;
  for (std::uint64_t u = 1; u <= 1'000; ++u) {
    counter_random draw(5, u);
    const std::int64_t pace = uniform_between(draw, 10, 120);
    for (std::int64_t day = uniform_between(draw, 0, 300); day < 350;
         day += uniform_between(draw, 1, 2 * pace)) {
      all.push_back(bought(u, start + days(day), 100));
      if (uniform_below(draw, 8) == 0) break;
    }
  }
  const auto model = lifetime_value<>::fit(timeline_of(all), start + days(351));
  REQUIRE(model);
  CHECK(model->repeats().report.state == fit_state::fitted);
  CHECK(model->repeats().report.on_bound);
}

TEST_CASE("lifetime value: the same for any order, any threads, and without whom was forgotten") {
  auto all = shop(200);
  const timestamp now = start + days(300);
  events::timeline history = timeline_of(all);
  thread_pool pool(3);
  const auto a = lifetime_value<>::fit(history, now);
  std::reverse(all.begin(), all.end());
  const auto b = lifetime_value<>::fit(timeline_of(all), now, {}, {}, pool);
  const auto given = [](const auto& m) {
    const auto p = m->repeats().model->given();
    return std::vector<double>{p.r, p.alpha, p.a, p.b, m->spends().report.log_likelihood};
  };
  CHECK(given(a) == given(b));
  history.forget(user_id{17});
  std::erase_if(all, [](const events::event& e) { return e.user == user_id{17}; });
  const auto forgotten = lifetime_value<>::fit(history, now);
  CHECK(given(forgotten) == given(lifetime_value<>::fit(timeline_of(all), now)));
  CHECK(given(forgotten) != given(a));
}

TEST_CASE("lifetime value: as a standing, until is never late") {
  const events::timeline history = timeline_of(shop(60));
  const auto model = lifetime_value<>::fit(history, start + days(300));
  REQUIRE(model);
  REQUIRE(model->repeats().model);
  int exact = 0;
  std::uint64_t seed = 0;
  for (const prediction what :
       {prediction::alive, prediction::orders, prediction::within_30_days}) {
    const lifetime_standing standing(*model, what);
    exact += tailor_test::until_is_never_late(standing, history, start + days(200), 1'000, ++seed);
  }
  const lifetime_standing value(*model, prediction::value);
  exact += tailor_test::until_is_never_late(value, history, start + days(200), 50'000, ++seed);
  CHECK(exact > 20);
}
