#include "tailor/offer/price_claim.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"

using namespace tailor;
using offer::claim;
using offer::claim_progressive;
using offer::dated_price;
using offer::price_claim;
using offer::price_history;
using offer::prior_price;
using offer::short_history;

namespace {

constexpr item_id tea{7};
constexpr timestamp noon{1'700'000'000'000'000};

price_history history(const std::vector<dated_price>& changes) {
  price_history h;
  for (const dated_price& c : changes) REQUIRE(h.observe(tea, c.price, c.from));
  return h;
}

/// The price at a moment, by looking at everything.
std::optional<std::int64_t> price_at(const std::vector<dated_price>& changes, timestamp t) {
  std::optional<std::int64_t> price;
  timestamp newest{std::numeric_limits<std::int64_t>::min()};
  for (const dated_price& c : changes) {
    if (c.from > t || c.from < newest) continue;
    newest = c.from;
    price = c.price;
  }
  return price;
}

}  // namespace

TEST_CASE("prior price: the lowest of the thirty days before, as in the Court's case") {
  // Regular 1.69, for some days 1.29, then 1.69 again and 1.29 announced as a reduction from 1.69.
  const price_history h =
      history({{noon - days(90), 169}, {noon - days(20), 129}, {noon - days(10), 169}});
  CHECK(*prior_price(h, tea, noon) == 129);
  CHECK(claim(h, tea, 129, noon) == errc::conflict);  // no reduction at all
  CHECK(*claim(h, tea, 116, noon) == price_claim{129, 116, 10, 1007});
  CHECK(*prior_price(h, tea, noon, {.days = 10}) == 169);
}

TEST_CASE("prior price: the window is half-open at both ends") {
  const timestamp begin = noon - days(30);
  CHECK(*prior_price(history({{begin - days(1), 50}, {begin, 100}}), tea, noon) == 100);
  CHECK(*prior_price(history({{begin - days(1), 50}, {begin + duration{1}, 100}}), tea, noon) ==
        50);
  // What is in force from that very moment is the reduction itself.
  CHECK(*prior_price(history({{begin, 100}, {noon, 50}}), tea, noon) == 100);
  CHECK(*prior_price(history({{begin, 100}, {noon - duration{1}, 50}}), tea, noon) == 50);
  CHECK(*prior_price(history({{begin, 100}, {noon + days(1), 1}}), tea, noon) == 100);
}

TEST_CASE("prior price: too little history is told, or accepted on request") {
  const price_history h = history({{noon - days(29), 100}, {noon - days(3), 120}});
  CHECK(prior_price(h, tea, noon) == errc::too_few);
  CHECK(claim(h, tea, 50, noon) == errc::too_few);
  CHECK(*prior_price(h, tea, noon, {.shorter = short_history::accept}) == 100);
  CHECK(*prior_price(h, tea, noon, {.days = 29}) == 100);
  CHECK(prior_price(h, tea, noon - days(29), {.shorter = short_history::accept}) == errc::too_few);
  CHECK(*prior_price(h, tea, noon - days(29) + duration{1}, {.shorter = short_history::accept}) ==
        100);
  CHECK(prior_price(h, item_id{8}, noon) == errc::unknown);
}

TEST_CASE("prior price: what is forgotten is not made up") {
  price_history h = history({{noon - days(90), 10}, {noon - days(40), 100}, {noon - days(5), 90}});
  h.forget_before(noon - days(35));
  CHECK(*prior_price(h, tea, noon) == 90);
  CHECK(*prior_price(h, tea, noon - days(10)) == 100);  // in force since before the cut
  CHECK(prior_price(h, tea, noon - days(11)) == errc::too_early);
  CHECK(prior_price(h, tea, noon - days(11), {.shorter = short_history::accept}) ==
        errc::too_early);
}

TEST_CASE("prior price: nonsense is refused") {
  const price_history h = history({{noon - days(90), 10}});
  CHECK(prior_price(h, tea, noon, {.days = 0}) == errc::out_of_range);
  CHECK(prior_price(h, tea, noon, {.days = -30}) == errc::out_of_range);
  CHECK(prior_price(h, tea, noon, {.days = INT64_MAX}) == errc::out_of_range);
  CHECK(prior_price(h, tea, timestamp{INT64_MIN}) == errc::out_of_range);
  CHECK(*prior_price(h, tea, timestamp{INT64_MAX}) == 10);
}

TEST_CASE("prior price: equals the minimum over every moment on random histories") {
  constexpr std::uint64_t histories = 150'000;
  constexpr duration step = hours(6);
  std::uint64_t wrong = 0;
  std::uint64_t answered = 0;
  std::uint64_t refused = 0;
  std::vector<dated_price> changes;
  for (std::uint64_t seed = 0; seed < histories; ++seed) {
    counter_random draw(seed, 1);
    changes.clear();
    price_history h;
    const std::uint64_t n = uniform_below(draw, 10);
    for (std::uint64_t i = 0; i < n; ++i) {
      const dated_price c{timestamp{} + step * uniform_between(draw, -30, 30),
                          uniform_between(draw, 0, 9)};
      if (h.observe(tea, c.price, c.from)) changes.push_back(c);
    }
    const timestamp cut = timestamp{} + step * uniform_between(draw, -60, 10);
    const bool cuts = uniform_below(draw, 3) == 0;
    if (cuts) h.forget_before(cut);
    const offer::prior_price_rule rule{
        .days = uniform_between(draw, 1, 8),
        .shorter = uniform_below(draw, 2) == 0 ? short_history::accept : short_history::refuse};
    const timestamp at = timestamp{} + step * uniform_between(draw, -35, 40);

    std::optional<std::int64_t> lowest;
    bool gap = false;
    for (timestamp t = at - days(rule.days); t < at; t = t + step) {
      const auto p = price_at(changes, t);
      gap |= !p;
      if (p && (!lowest || *p < *lowest)) lowest = p;
    }
    const auto got = prior_price(h, tea, at, rule);
    if (changes.empty()) {
      wrong += got.code() != errc::unknown;
    } else if (got == errc::too_early) {
      wrong += !cuts || at - days(rule.days) >= cut;
      ++refused;
    } else if (!lowest || (gap && rule.shorter == short_history::refuse)) {
      wrong += got.code() != errc::too_few;
    } else {
      wrong += !got || *got != *lowest;
      ++answered;
    }
  }
  CHECK(wrong == 0);
  CHECK(answered > histories / 3);
  CHECK(refused > histories / 100);
}

TEST_CASE("claim: percentages are cut off, never rounded up") {
  const auto of = [](std::int64_t prior, std::int64_t price) {
    return claim(history({{noon - days(60), prior}}), tea, price, noon);
  };
  CHECK(*of(1000, 800) == price_claim{1000, 800, 20, 2000});
  CHECK(*of(1000, 801) == price_claim{1000, 801, 19, 1990});
  CHECK(*of(999, 1) == price_claim{999, 1, 99, 9989});
  CHECK(*of(999, 0) == price_claim{999, 0, 100, 10'000});
  CHECK(*of(1000, 999) == price_claim{1000, 999, 0, 10});
  CHECK(*of(INT64_MAX, 0) == price_claim{INT64_MAX, 0, 100, 10'000});
  CHECK(*of(INT64_MAX, INT64_MAX - 1) == price_claim{INT64_MAX, INT64_MAX - 1, 0, 0});
  CHECK(of(1000, 1000) == errc::conflict);
  CHECK(of(1000, 1200) == errc::conflict);
  CHECK(of(0, 0) == errc::conflict);
  CHECK(of(1000, -1) == errc::out_of_range);
  std::int64_t dishonest = 0;
  for (std::int64_t prior = 1; prior < 400; prior += prior > 40 ? 18 : 1) {
    for (std::int64_t price = 0; price < prior; ++price) {
      const price_claim c = of(prior, price).value();
      // At least what is said, and the next one would be too much.
      const bool honest = (prior - price) * 100 >= c.percent * prior &&
                          (prior - price) * 100 < (c.percent + 1) * prior &&
                          (prior - price) * 10'000 >= c.basis_points * prior &&
                          (prior - price) * 10'000 < (c.basis_points + 1) * prior;
      dishonest += !honest;
    }
  }
  CHECK(dishonest == 0);
}

TEST_CASE("claim: a reduction taken further counts from before its first step") {
  const timestamp begun = noon - days(14);
  const price_history h = history({{noon - days(90), 1000}, {begun, 800}, {noon - days(7), 700}});
  CHECK(*claim(h, tea, 600, noon) == price_claim{700, 600, 14, 1428});
  CHECK(*claim_progressive(h, tea, 600, noon, begun) == price_claim{1000, 600, 40, 4000});
  CHECK(*claim_progressive(h, tea, 700, noon, begun) == price_claim{1000, 700, 30, 3000});
  CHECK(*claim_progressive(h, tea, 800, begun, begun) == price_claim{1000, 800, 20, 2000});
  CHECK(claim_progressive(h, tea, 750, noon, begun) == errc::conflict);  // raised at the end
  CHECK(claim_progressive(h, tea, 600, noon, noon + days(1)) == errc::out_of_range);
  CHECK(claim_progressive(h, tea, -1, noon, begun) == errc::out_of_range);
  CHECK(claim_progressive(h, tea, 600, noon, noon - days(80)) == errc::too_few);
  CHECK(claim_progressive(h, item_id{1}, 600, noon, begun) == errc::unknown);
  const price_history raised = history(
      {{noon - days(90), 1000}, {begun, 800}, {noon - days(9), 850}, {noon - days(7), 700}});
  CHECK(claim_progressive(raised, tea, 600, noon, begun) == errc::conflict);
  CHECK(*claim_progressive(raised, tea, 600, noon, noon - days(7)) ==
        price_claim{800, 600, 25, 2500});
}
