#include "tailor/similar/pair_counts.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "../catch.hpp"
#include "tailor/events/timeline.hpp"
#include "tailor/similar/timeline_pairs.hpp"
#include "tailor/testing/histories.hpp"
#include "tailor/testing/laws.hpp"

using namespace tailor;
using events::event;
using events::event_kind;
using similar::pair_counts;
using similar::pair_evidence;
using similar::pair_scratch;

namespace {

template <class Source>
std::map<item_id, pair_evidence> tally(const Source& source, item_id item, pair_scratch& scratch) {
  std::map<item_id, pair_evidence> out;
  source.for_each_pair(item, 1, scratch, [&](item_id other, const pair_evidence& e) {
    CHECK(out.emplace(other, e).second);
  });
  return out;
}

std::set<item_id> items_in(const std::vector<event>& h) {
  std::set<item_id> out;
  for (const event& e : h) {
    if (e.item != no_item) out.insert(e.item);
  }
  return out;
}

}  // namespace

TEST_CASE("pair counts: the four laws hold on random histories, with and without a limit") {
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    CAPTURE(seed);
    const pair_counts::options options{seed % 2 == 0 ? event_kind::purchase : event_kind::view_item,
                                       static_cast<std::uint32_t>(seed % 5)};
    const char* broken = testing::broken_law<pair_counts>([&] { return pair_counts(options); },
                                                          testing::random_history(seed), seed);
    INFO((broken == nullptr ? "" : broken));
    REQUIRE(broken == nullptr);
  }
}

TEST_CASE("pair counts: live counts equal the tally from the timeline, after any changes") {
  pair_scratch scratch;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    CAPTURE(seed);
    counter_random draw(seed, 9);
    const std::vector<event> h = testing::random_history(seed);
    events::timeline history;
    pair_counts bought;
    pair_counts viewed(pair_counts::options{event_kind::view_item, 0});
    std::vector<event> alive;
    for (const event& e : h) {
      CHECK(history.observe(e));
      bought.observe(e);
      viewed.observe(e);
      alive.push_back(e);
      if (uniform_below(draw, 5) == 0) {
        const std::size_t k = uniform_below(draw, alive.size());
        CHECK(history.retract(alive[k]));
        CHECK(bought.retract(alive[k]));
        CHECK(viewed.retract(alive[k]));
        alive.erase(alive.begin() + std::ptrdiff_t(k));
      }
    }
    if (!alive.empty() && seed % 3 == 0) {
      const user_id gone = alive.front().user;
      history.forget(gone);
      bought.forget(gone);
      viewed.forget(gone);
    }
    for (const item_id item : items_in(h)) {
      CHECK(tally(bought, item, scratch) ==
            tally(similar::bought_together(history), item, scratch));
      CHECK(tally(viewed, item, scratch) ==
            tally(similar::viewed_together(history), item, scratch));
    }
  }
}

TEST_CASE("pair counts: a shopper above the limit counts in no pair until he is below it again") {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    const std::uint32_t limit = 1 + static_cast<std::uint32_t>(seed % 5);
    const std::vector<event> h = testing::random_history(seed);
    std::map<user_id, std::set<item_id>> items;
    for (const event& e : h) {
      if (e.kind == event_kind::purchase) items[e.user].insert(e.item);
    }
    pair_counts limited(pair_counts::options{event_kind::purchase, limit});
    pair_counts filtered(pair_counts::options{event_kind::purchase, 0});
    for (const event& e : h) {
      limited.observe(e);
      if (e.kind == event_kind::purchase && items[e.user].size() <= limit) filtered.observe(e);
    }
    pair_scratch scratch;
    CHECK(limited.population() == filtered.population());
    for (const item_id item : items_in(h)) {
      CHECK(tally(limited, item, scratch) == tally(filtered, item, scratch));
    }
    for (const event& e : h) CHECK(limited.retract(e));
    CHECK(limited.pairs() == 0);
    CHECK(limited.population() == 0);
  }
}

TEST_CASE("pair counts: refuses to merge what was counted otherwise") {
  pair_counts a(pair_counts::options{event_kind::purchase, 0});
  CHECK(a.merge(pair_counts(pair_counts::options{event_kind::view_item, 0})) == errc::conflict);
  CHECK(a.merge(pair_counts(pair_counts::options{event_kind::purchase, 9})) == errc::conflict);
}
