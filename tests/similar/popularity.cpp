#include "tailor/similar/popularity.hpp"

#include <cmath>
#include <cstdint>
#include <vector>

#include "../catch.hpp"
#include "tailor/similar/trending.hpp"
#include "tailor/testing/histories.hpp"
#include "tailor/testing/laws.hpp"

using namespace tailor;
using events::event;
using events::event_kind;
using similar::popularity;

namespace {

constexpr timestamp start{1'600'000'000'000'000 / 86'400'000'000 * 86'400'000'000};  // a midnight

event bought(std::uint64_t item, timestamp at) {
  event e;
  e.user = user_id{1};
  e.item = item_id{item};
  e.at = at;
  e.kind = event_kind::purchase;
  return e;
}

void sell(popularity& sales, std::uint64_t item, timestamp at, int times) {
  for (int i = 0; i < times; ++i) sales.observe(bought(item, at));
}

}  // namespace

TEST_CASE("popularity: the four laws hold on random histories") {
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    CAPTURE(seed);
    const auto make = [&] {
      popularity p(seed % 3 == 0 ? event_kind::view_item : event_kind::purchase);
      if (seed % 2 == 0) p.coalesce(timestamp{1'600'000'000'000'000} + hours(14));
      return p;
    };
    const char* broken = testing::broken_law<popularity>(make, testing::random_history(seed), seed);
    INFO((broken == nullptr ? "" : broken));
    REQUIRE(broken == nullptr);
  }
}

TEST_CASE("popularity: making hours into days now or later is the same") {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    const timestamp cut = timestamp{1'600'000'000'000'000} + hours(std::int64_t(seed % 30));
    popularity early;
    early.coalesce(cut);
    popularity late;
    for (const event& e : testing::random_history(seed)) {
      early.observe(e);
      late.observe(e);
    }
    late.coalesce(cut);
    CHECK(early == late);
    late.coalesce(cut - days(1));  // never back
    CHECK(early == late);
    popularity merged;
    for (const event& e : testing::random_history(seed)) merged.observe(e);
    popularity coarse;
    coarse.coalesce(cut);
    CHECK(merged.merge(coarse));
    CHECK(merged == early);
  }
}

TEST_CASE("popularity: a count decays to half after each half-life") {
  popularity sales;
  sell(sales, 1, start, 1);
  sell(sales, 1, start + days(7), 1);
  CHECK(sales.decayed(item_id{1}, start + days(14), days(7)) == 0.75);
  CHECK(sales.decayed(item_id{1}, start + days(7) - hours(1), days(7)) < 1);
  CHECK(sales.decayed(item_id{2}, start, days(7)) == 0);
}

TEST_CASE("popularity: windows are half-open and events after now do not count") {
  popularity sales;
  sell(sales, 1, start, 2);
  sell(sales, 1, start + hours(1), 3);
  CHECK(sales.count(item_id{1}, start, start + hours(1)) == 2);
  CHECK(sales.count(item_id{1}, start, start + hours(2)) == 5);
  CHECK(sales.count(item_id{1}, start + hours(1), start + hours(1)) == 0);
  CHECK(sales.decayed(item_id{1}, start, days(1)) == 2);
}

TEST_CASE("popularity: what was not counted cannot be taken away") {
  popularity sales;
  sell(sales, 1, start, 1);
  CHECK(sales.retract(bought(1, start + hours(1))) == errc::unknown);
  CHECK(sales.retract(bought(2, start)) == errc::unknown);
  CHECK(sales.merge(popularity(event_kind::view_item)) == errc::conflict);
  CHECK(sales.items() == 1);
}

TEST_CASE("best sellers: most sold in the window, ties by id, and only what may be shown") {
  popularity sales;
  sell(sales, 3, start + days(40), 5);
  sell(sales, 2, start + days(40), 5);
  sell(sales, 1, start, 50);
  sell(sales, 4, start + days(40), 1);
  const timestamp now = start + days(41);
  const auto best = best_sellers(sales, now, {.count = 2, .window = days(30)});
  REQUIRE(best.size() == 2);
  CHECK(best[0].item == item_id{2});
  CHECK(best[1].item == item_id{3});
  CHECK(best[0].recent == 5);
  const auto kept = best_sellers(sales, now, {}, [](item_id i) { return i != item_id{2}; });
  CHECK(kept[0].item == item_id{3});
  const auto popular = most_popular(sales, now);
  CHECK(popular[0].item == item_id{1});  // 50 · 2^(−41/14) = 6.6
  CHECK(popular[0].score == Catch::Approx(50 * std::exp2(-41.0 / 14)));
}

TEST_CASE("trending: what sells unusually well comes first, with the counts to check it") {
  popularity sales;
  const timestamp now = start + days(30);
  for (int d = 1; d <= 28; ++d) {
    sell(sales, 1, now - days(1) - days(d), 20);  // 20 a day, as ever
    sell(sales, 2, now - days(1) - days(d), 1);   // 1 a day, then 12
  }
  sell(sales, 1, now - hours(3), 22);
  sell(sales, 2, now - hours(3), 12);
  sell(sales, 3, now - hours(3), 9);  // new, but too few
  const auto up = trending(sales, now);
  REQUIRE(up.size() == 2);
  CHECK(up[0].item == item_id{2});
  CHECK(up[0].recent == 12);
  CHECK(up[0].earlier == 28);
  CHECK(up[0].score == Catch::Approx((12 - 1.0) / std::sqrt(2.0)));
  CHECK(up[1].item == item_id{1});
  CHECK(up[1].score == Catch::Approx(2 / std::sqrt(21.0)));
  CHECK(up[0].score == similar::trend_score(up[0].recent, up[0].earlier, {}));
}
