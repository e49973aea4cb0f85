#include "tailor/segment/affinity.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "../catch.hpp"
#include "tailor/segment/affinity_standing.hpp"
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

TEST_CASE("affinity: what was stated is told apart from what was done") {
  const tens categories;
  std::vector<events::event> all;
  for (int i = 0; i < 30; ++i) all.push_back(did(9, event_kind::view_item, 11, start));
  for (int i = 0; i < 10; ++i) all.push_back(did(9, event_kind::view_item, 22, start));
  for (int i = 0; i < 4; ++i) all.push_back(did(1, event_kind::view_item, 21, start));
  const events::timeline history = timeline_of(all);
  const auto model = affinity<tens>::fit(history, start, categories);
  REQUIRE(model);
  const auto lines = history.lines_of(*history.find_shopper(user_id{1}));
  // Half of an answer is left, of 10; another value is not known, a third not above nothing.
  const stated_weight said[] = {{2, whole_weight / 2}, {77, whole_weight}, {1, -5}};
  const auto mine = model->explain(lines, start, said);
  REQUIRE(mine.size() == 2);
  CHECK(mine[0].value == 2);
  CHECK(mine[0].weight == 9);
  CHECK(mine[0].stated == 5);
  CHECK(mine[1].weight == 0);
  CHECK(mine[1].stated == 0);
  // ln((9 + a)/(9 + 10 - 9 - a)) with a = 10 · 14/44
  const double a = 140.0 / 44;
  const double log_odds = std::log((9 + a) / (10 - a)) - std::log((14 + a) / (54 - 14 - a));
  CHECK(mine[0].log_odds == Approx(log_odds).epsilon(1e-12));
  CHECK(mine[0].z > model->explain(lines, start)[0].z);
  CHECK(model->explain_one(lines, start, 2, said) == mine[0]);
  // An answer that nothing is left of changes nothing; more than 16 times the whole is 16 times it.
  const stated_weight nothing[] = {{2, 0}};
  CHECK(model->explain(lines, start, nothing) == model->explain(lines, start));
  const stated_weight much[] = {{2, INT64_MAX}};
  CHECK(model->explain(lines, start, much)[0].stated == 160);
}

TEST_CASE("affinity: a purchase lowers what is bought once, until it is used up") {
  // Item 11 is bought once, item 21 is used up in 10 days.
  const auto fading = [](item_id item, event_kind, std::int64_t since) {
    if (item == item_id{11}) return std::int64_t{0};
    return (std::min)(whole_weight, whole_weight * since / 10);
  };
  const tens categories;
  std::vector<events::event> all;
  for (std::uint64_t item = 11; item < 50; ++item) {
    all.push_back(did(9, event_kind::view_item, item, start));
  }
  for (const std::uint64_t item : {11u, 21u}) {
    all.push_back(did(1, event_kind::view_item, item, start));
    all.push_back(did(1, event_kind::view_item, item, start));
  }
  all.push_back(did(1, event_kind::view_item, 12, start));
  events::timeline history = timeline_of(all);
  const auto model = affinity<tens>::fit(history, start, categories, {.half_life = 1e5});
  REQUIRE(model);
  const auto weight = [&](std::uint64_t value, std::int64_t after) {
    const auto lines = history.lines_of(*history.find_shopper(user_id{1}));
    return model->explain_one(lines, start + days(after), value, {}, fading)->weight;
  };
  CHECK(weight(1, 0) == 3);  // looked at, not bought: nothing fades
  CHECK(weight(2, 0) == 2);
  for (const std::uint64_t item : {11u, 21u}) {
    REQUIRE(history.observe(did(1, event_kind::purchase, item, start)));
  }
  CHECK(weight(1, 0) == 1);  // item 12, which was not bought
  CHECK(weight(1, 90) == Approx(1).epsilon(1e-2));
  CHECK(weight(2, 0) == 0);
  CHECK(weight(2, 5) == Approx(3.5).epsilon(1e-3));
  CHECK(weight(2, 10) == Approx(7).epsilon(1e-3));
  CHECK(weight(2, 30) == Approx(7).epsilon(1e-3));
}

TEST_CASE("affinity: with answers and purchases as by the slow way, without a rule as before") {
  const by_rest trait;
  const auto rule = [](item_id item, event_kind kind, std::int64_t since) {
    const auto part = static_cast<std::int64_t>(raw(item) % 5) * 300'000 - 100'000;  // not held yet
    return part + since * 50'000 + (kind == event_kind::purchase ? -200'000 : 0);
  };
  const auto all_left = [](item_id, event_kind, std::int64_t) { return whole_weight; };
  std::size_t faded = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    CAPTURE(seed);
    const auto all = testing::random_history(seed);
    const events::timeline history = timeline_of(all);
    const timestamp now = start + hours(30);
    const auto model = affinity<by_rest>::fit(history, now, trait, {.midnight = hours(5)});
    if (!model) continue;
    const std::vector<stated_weight> said{{seed % 3, whole_weight / 3}, {1, whole_weight}};
    for (std::uint32_t h = 0; h < history.shopper_limit(); ++h) {
      const auto lines = history.lines_of(h);
      REQUIRE(model->explain(lines, now, std::span<const stated_weight>{}, all_left) ==
              model->explain(lines, now));
      const auto got = model->explain(lines, now, said, rule);
      for (const liking& l : got) {
        REQUIRE(model->explain_one(lines, now, l.value, said, rule) == l);
        double did_it = 0;
        for (const events::event& e : all) {
          if (e.user != history.shopper_at(h) || e.at > now || raw(e.item) % 7 == 0) continue;
          const bool cart =
              e.kind == event_kind::add_to_cart || e.kind == event_kind::add_to_wishlist;
          const int w = e.kind == event_kind::view_item  ? 1
                        : cart                           ? 3
                        : e.kind == event_kind::purchase ? 5
                                                         : 0;
          if (w == 0 || raw(e.item) % 3 != l.value) continue;
          double part = w * model->faded(e.at, now);
          std::optional<std::int64_t> last;
          for (const events::event& p : all) {
            if (p.user != e.user || p.kind != event_kind::purchase || p.item != e.item) continue;
            if (p.at > now) continue;
            const std::int64_t day = day_of(p.at, hours(5));
            if (!last || day > *last) last = day;
          }
          if (last) {
            ++faded;
            const double left =
                static_cast<double>(rule(e.item, e.kind, day_of(now, hours(5)) - *last));
            part *= (std::min)((std::max)(left, 0.0), 0x1p20) / 0x1p20;
          }
          did_it += part;
        }
        double said_it = 0;
        for (const stated_weight& s : said) {
          if (s.value == l.value) said_it += 10 * static_cast<double>(s.left) / 0x1p20;
        }
        REQUIRE(l.stated == Approx(said_it).epsilon(1e-12));
        REQUIRE(l.weight - l.stated == Approx(did_it).epsilon(1e-9).margin(1e-9));
      }
    }
  }
  CHECK(faded > 500);
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
