#include "tailor/segment/affinity.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <vector>

#include "../catch.hpp"
#include "tailor/testing/histories.hpp"
#include "until_law.hpp"

using namespace tailor;
using namespace tailor::segment;
using events::event_kind;

namespace {

constexpr timestamp start{1'600'000'000'000'000};

/// Items 1 to 99 are of category 0 to 9, by their tens; others have none.
struct tens {
  [[nodiscard]] std::optional<std::uint64_t> value(item_id item) const {
    if (raw(item) >= 100) return std::nullopt;
    return raw(item) / 10;
  }
};

struct by_rest {
  [[nodiscard]] std::optional<std::uint64_t> value(item_id item) const {
    if (raw(item) % 7 == 0) return std::nullopt;
    return raw(item) % 3;
  }
};

events::event did(std::uint64_t user, event_kind kind, std::uint64_t item, timestamp at) {
  events::event e;
  e.user = user_id{user};
  e.kind = kind;
  e.item = item_id{item};
  e.at = at;
  return e;
}

events::timeline timeline_of(const std::vector<events::event>& all) {
  events::timeline out;
  for (const events::event& e : all) REQUIRE(out.observe(e));
  return out;
}

}  // namespace

TEST_CASE("affinity: worked by hand") {
  const tens categories;
  // Everybody: 30 views of category 1, 10 of category 2; shopper 1: 6 of category 2, 2 of 1.
  std::vector<events::event> all;
  for (int i = 0; i < 28; ++i) all.push_back(did(9, event_kind::view_item, 11, start));
  for (int i = 0; i < 4; ++i) all.push_back(did(9, event_kind::view_item, 22, start));
  for (int i = 0; i < 2; ++i) all.push_back(did(1, event_kind::view_item, 12, start));
  for (int i = 0; i < 6; ++i) all.push_back(did(1, event_kind::view_item, 21, start));
  all.push_back(did(1, event_kind::view_item, 500, start));
  const events::timeline history = timeline_of(all);
  const auto model = affinity<tens>::fit(history, start, categories);
  REQUIRE(model);
  CHECK(model->share_of(2) == 0.25);
  CHECK(model->share_of(3) == 0);
  const auto mine = model->explain(history.lines_of(*history.find_shopper(user_id{1})), start);
  REQUIRE(mine.size() == 2);
  CHECK(mine[0].value == 2);
  CHECK(mine[0].weight == 6);
  // ln((6+2.5)/(8+10-8.5)) - ln((10+2.5)/(50-12.5)); over sqrt(1/8.5 + 1/12.5)
  const double log_odds = std::log(8.5 / 9.5) - std::log(12.5 / 37.5);
  CHECK(mine[0].log_odds == Approx(log_odds).epsilon(1e-12));
  CHECK(mine[0].z == Approx(log_odds / std::sqrt(1 / 8.5 + 1 / 12.5)).epsilon(1e-12));
  CHECK(mine[0].likes);
  CHECK(mine[1].z == Approx(-mine[0].log_odds / std::sqrt(1 / 9.5 + 1 / 37.5)).epsilon(1e-12));
  CHECK_FALSE(mine[1].likes);
  // Halved in each half-life; a declaration stays.
  const auto later =
      model->explain(history.lines_of(*history.find_shopper(user_id{1})), start + days(60));
  CHECK(later[0].weight == Approx(1.5).epsilon(1e-12));
  CHECK(later[0].z < mine[0].z);
  const std::uint64_t says[] = {1, 77};
  const auto declared = model->explain({}, start + days(900), says);
  REQUIRE(declared.size() == 1);
  CHECK(declared[0].value == 1);
  CHECK(declared[0].weight == 10);
}

TEST_CASE("affinity: everybody's side depends on no order, and on nobody forgotten") {
  const by_rest trait;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    auto all = testing::random_history(seed);
    events::timeline history = timeline_of(all);
    const timestamp now = start + days(3);
    const auto a = affinity<by_rest>::fit(history, now, trait);
    std::reverse(all.begin(), all.end());
    const events::timeline other = timeline_of(all);
    const auto b = affinity<by_rest>::fit(other, now, trait);
    REQUIRE(static_cast<bool>(a) == static_cast<bool>(b));
    if (!a) continue;
    for (const std::uint64_t v : a->values()) REQUIRE(a->share_of(v) == b->share_of(v));
    const user_id gone = all.front().user;
    history.forget(gone);
    std::erase_if(all, [&](const events::event& e) { return e.user == gone; });
    const events::timeline without = timeline_of(all);
    const auto c = affinity<by_rest>::fit(history, now, trait);
    const auto d = affinity<by_rest>::fit(without, now, trait);
    REQUIRE(static_cast<bool>(c) == static_cast<bool>(d));
    if (!c) continue;
    for (const std::uint64_t v : c->values()) REQUIRE(c->share_of(v) == d->share_of(v));
    for (std::uint32_t h = 0; h < without.shopper_limit(); ++h) {
      const auto lines = history.lines_of(*history.find_shopper(without.shopper_at(h)));
      const auto one = c->explain(lines, now);
      REQUIRE(one == d->explain(without.lines_of(h), now));
      for (const liking& l : one) REQUIRE(c->explain_one(lines, now, l.value) == l);
    }
  }
}

TEST_CASE("affinity: as a standing, until is never late") {
  const by_rest trait;
  int exact = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const events::timeline history = timeline_of(testing::random_history(seed, {.events = 80}));
    const auto model =
        affinity<by_rest>::fit(history, start + days(1), trait, {.half_life = 2, .prior = 2});
    if (!model) continue;
    const affinity_standing<by_rest> standing(*model, seed % 3);
    exact += tailor_test::until_is_never_late(standing, history, start + days(1), 300, seed);
  }
  CHECK(exact > 0);
}

TEST_CASE("affinity: bad input") {
  const tens trait;
  const events::timeline nobody;
  const auto code = [&](const affinity_options& o) {
    return affinity<tens>::fit(nobody, start, trait, o).error().code;
  };
  CHECK(code({}) == errc::too_few);
  CHECK(code({.half_life = 0}) == errc::out_of_range);
  CHECK(code({.half_life = std::numeric_limits<double>::quiet_NaN()}) == errc::out_of_range);
  CHECK(code({.prior = -1}) == errc::out_of_range);
  CHECK(code({.declared = std::numeric_limits<double>::infinity()}) == errc::out_of_range);
  CHECK(code({.view = -1}) == errc::out_of_range);
  // One value alone says nothing about anybody.
  const events::timeline one = timeline_of({did(1, event_kind::purchase, 5, start)});
  const auto model = affinity<tens>::fit(one, start, trait);
  REQUIRE(model);
  CHECK(model->explain(one.lines_of(0), start)[0].z == 0);
  CHECK_FALSE(model->explain_one(one.lines_of(0), start, 4));
  // Events later than the moment have not happened.
  CHECK(model->explain(one.lines_of(0), start - days(1)).empty());
}
