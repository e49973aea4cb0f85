#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "../catch.hpp"
#include "shop.hpp"
#include "tailor/core/published.hpp"
#include "tailor/recommend/slot.hpp"
#include "tailor/recommend/strategies.hpp"

using namespace tailor;
using namespace tailor::recommend;

namespace {

constexpr timestamp now{1'700'000'000'000'000};
constexpr std::uint64_t versions = 40;

/// Models and the slot that refers to them, published as one: it does not move.
struct served {
  explicit served(std::uint64_t v) : version(v), weights(shop::make_weights(v, 50)) {}
  served(const served&) = delete;
  served& operator=(const served&) = delete;

  std::uint64_t version;
  similar::item_weights weights;
  std::vector<item_id> best{item_id{1 + version % 50}, item_id{1 + (version + 7) % 50}};
  slot<as_ranked, blend<weights_of<similar::item_weights>>, blend<list_of>> for_home{
      slot_options{.count = 8}, as_ranked{}, blend(weighted{for_you(weights)}),
      blend(weighted{favourites(best)})};
};

}  // namespace

TEST_CASE("slot: readers answer by one version whole while a writer publishes the next") {
  const item_table items = shop::make_items(1, 50);
  std::vector<touch> history;
  for (std::uint64_t seed = 1; history.size() < 5; ++seed) {
    history = shop::make_history(seed, 50, now);
  }
  context c;
  c.now = now;
  c.history = history;
  const merchandising rules =
      merchandising::make({{"", limit_per{shop::brand, 2}}, {"", boost{shop::category, 1, 200}}}, 8)
          .value();
  std::vector<std::vector<placed>> wanted(versions);
  for (std::uint64_t v = 0; v < versions; ++v) {
    const served one(v);
    decltype(one.for_home)::scratch s;
    answer out;
    one.for_home.recommend(c, items, rules, s, out);
    wanted[v] = out.items;
    REQUIRE(!wanted[v].empty());
    if (v > 0) REQUIRE(wanted[v] != wanted[v - 1]);
  }

  published<std::unique_ptr<const served>> live(std::make_unique<const served>(0));
  std::atomic<bool> wrong{false};
  std::atomic<int> answers{0};
  std::vector<std::thread> readers;
  for (int t = 0; t < 3; ++t) {
    readers.emplace_back([&] {
      decltype(served::for_home)::scratch s;
      answer out;
      for (std::uint64_t seen = 0; seen + 1 < versions;) {
        const auto view = live.read();
        const served& now_served = **view;
        now_served.for_home.recommend(c, items, rules, s, out);
        wrong = wrong || out.items != wanted[now_served.version] || now_served.version < seen;
        seen = now_served.version;
        ++answers;
      }
    });
  }
  for (std::uint64_t v = 1; v < versions; ++v) live.publish(std::make_unique<const served>(v));
  for (std::thread& t : readers) t.join();
  CHECK_FALSE(wrong);
  CHECK(answers >= 3);
}
