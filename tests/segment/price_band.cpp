#include "tailor/segment/price_band.hpp"

#include <cmath>
#include <cstdint>
#include <vector>

#include "../catch.hpp"
#include "tailor/segment/affinity.hpp"

using namespace tailor;
using namespace tailor::segment;

static_assert(item_trait<price_band>);

TEST_CASE("price band: cheap and dear are relative to the category") {
  // Wine from 5 to 80, doubling; cars the same a thousand times dearer.
  std::vector<priced_item> items;
  for (std::uint64_t n = 0; n < 5; ++n) {
    const std::int64_t price = 500 << n;
    items.push_back({item_id{1 + n}, 1, price});
    items.push_back({item_id{11 + n}, 2, 1000 * price});
  }
  items.push_back({item_id{20}, 3, 999});  // alone
  items.push_back({item_id{21}, 1, 0});    // not known
  const price_band bands = price_band::make(items).value();
  // ln price is evenly spaced: z = -1.41, -0.71, 0, 0.71, 1.41.
  const std::uint64_t want[] = {1, 1, 2, 3, 3};
  for (std::uint64_t n = 0; n < 5; ++n) {
    CHECK(bands.value(item_id{1 + n}) == want[n]);
    CHECK(bands.value(item_id{11 + n}) == want[n]);
  }
  CHECK(bands.value(item_id{20}) == 2u);
  CHECK_FALSE(bands.value(item_id{21}));
  CHECK_FALSE(bands.value(item_id{99}));
  const price_band fine = price_band::make(items, {.step = 0.5, .most = 5}).value();
  CHECK(fine.value(item_id{1}) == 2u);  // -2.83 steps
  CHECK(fine.value(item_id{5}) == 8u);
  const price_band none = price_band::make(items, {.step = 1e-3, .most = 0}).value();
  CHECK(none.value(item_id{1}) == 0u);
}

TEST_CASE("price band: the order of the items does not matter, faults are told") {
  std::vector<priced_item> items;
  for (std::uint64_t n = 0; n < 50; ++n) {
    items.push_back({item_id{n}, n % 3, static_cast<std::int64_t>(100 + n * n * 7 % 900)});
  }
  const price_band a = price_band::make(items).value();
  std::vector<priced_item> back(items.rbegin(), items.rend());
  const price_band b = price_band::make(back).value();
  for (const priced_item& i : items) CHECK(a.value(i.item) == b.value(i.item));
  items.push_back(items[7]);
  CHECK(price_band::make(items).error().code == errc::duplicate);
  CHECK(price_band::make({}, {.step = 0}).error().code == errc::out_of_range);
  CHECK(price_band::make({}, {.step = std::nan("")}).error().code == errc::out_of_range);
  CHECK(price_band::make({}, {.most = 5000}).error().code == errc::out_of_range);
  CHECK_FALSE(price_band::make({}).value().value(item_id{1}));
}

TEST_CASE("price band: who always takes the cheapest is seen as such in any category") {
  std::vector<priced_item> items;
  for (std::uint64_t n = 0; n < 30; ++n) {
    items.push_back({item_id{n}, n % 3, static_cast<std::int64_t>((1 + n / 3) << (4 * (n % 3)))});
  }
  const price_band bands = price_band::make(items, {.step = 1, .most = 1}).value();
  const timestamp now = timestamp{} + days(1000);
  events::timeline shop;
  const auto takes = [&](std::uint64_t user, std::uint64_t item) {
    events::event e;
    e.user = user_id{user};
    e.item = item_id{item};
    e.kind = events::event_kind::purchase;
    e.at = now;
    REQUIRE(shop.observe(e));
  };
  for (std::uint64_t n = 0; n < 30; ++n) {
    takes(1, n);
    takes(2, n % 6);       // the two cheapest of each category
    takes(3, 24 + n % 6);  // the two dearest
  }
  const auto model = affinity<price_band>::fit(shop, now, bands).value();
  const auto of = [&](std::uint64_t user) {
    return model.explain(shop.lines_of(*shop.find_shopper(user_id{user})), now);
  };
  CHECK(of(2).front().value == 0u);
  CHECK(of(2).front().likes);
  CHECK(of(3).front().value == 2u);
  CHECK(of(3).front().likes);
  for (const liking& l : of(1)) CHECK((l.value == 1 || !l.likes));
}
