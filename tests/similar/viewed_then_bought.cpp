#include "tailor/similar/viewed_then_bought.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/thread_pool.hpp"
#include "tailor/similar/item_item.hpp"
#include "tailor/similar/kept_neighbours.hpp"

using namespace tailor;
using namespace tailor::similar;

namespace {

std::vector<events::event> make_events(std::uint64_t seed) {
  counter_random draw(seed, 3);
  using enum events::event_kind;
  constexpr events::event_kind kinds[] = {view_item, view_item, purchase, refund};
  std::vector<events::event> out;
  for (int n = 0; n < 120; ++n) {
    events::event e;
    e.kind = kinds[uniform_below(draw, 4)];
    e.user = user_id{uniform_below(draw, 9)};
    e.item = item_id{uniform_below(draw, 7)};
    e.at = timestamp{} + hours(uniform_between(draw, 0, 40));  // many at one moment
    out.push_back(e);
  }
  return out;
}

/// Who bought j later than he viewed i, within so many hours of a view: by looking at all pairs.
std::map<item_id, std::set<user_id>> slow(const std::vector<events::event>& all, item_id i,
                                          duration within) {
  std::map<item_id, std::set<user_id>> out;
  for (const events::event& v : all) {
    if (v.kind != events::event_kind::view_item || v.item != i) continue;
    for (const events::event& p : all) {
      if (p.kind == events::event_kind::purchase && p.user == v.user && p.item != i &&
          p.at > v.at && p.at - v.at <= within) {
        out[p.item].insert(p.user);
      }
    }
  }
  return out;
}

}  // namespace

TEST_CASE("viewed then bought: as by looking at all pairs of events") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    std::vector<events::event> all = make_events(seed);
    events::timeline history;
    for (const events::event& e : all) REQUIRE(history.observe(e));
    if (seed % 2 == 0) {
      history.forget(user_id{3});
      std::erase_if(all, [](const events::event& e) { return e.user == user_id{3}; });
    }
    std::set<user_id> people;
    std::map<item_id, std::set<user_id>> viewers, buyers;
    for (const events::event& e : all) {
      people.insert(e.user);
      if (e.kind == events::event_kind::view_item) viewers[e.item].insert(e.user);
      if (e.kind == events::event_kind::purchase) buyers[e.item].insert(e.user);
    }
    const duration within = hours(static_cast<std::int64_t>(seed % 30));
    const viewed_then_bought source(history, within);
    pair_scratch s;
    for (std::uint64_t i = 0; i < 8; ++i) {
      const auto want = slow(all, item_id{i}, within);
      std::size_t met = 0;
      source.for_each_pair(item_id{i}, 2, s, [&](item_id other, const pair_evidence& e) {
        ++met;
        const auto at = want.find(other);
        REQUIRE(at != want.end());
        REQUIRE(e.both == static_cast<std::int64_t>(at->second.size()));
        REQUIRE(e.source == static_cast<std::int64_t>(viewers[item_id{i}].size()));
        REQUIRE(e.target == static_cast<std::int64_t>(buyers[other].size()));
        REQUIRE(e.population == static_cast<std::int64_t>(people.size()));
        REQUIRE(is_sound(e));
      });
      std::size_t expected = 0;
      for (const auto& [other, who] : want) expected += who.size() >= 2;
      REQUIRE(met == expected);
    }
  }
}

TEST_CASE("viewed then bought: kept for all items it is what asking gives") {
  events::timeline history;
  for (const events::event& e : make_events(5)) REQUIRE(history.observe(e));
  const viewed_then_bought source(history);
  std::vector<item_id> items{item_id{6}, item_id{6}, item_id{99}};
  for (std::uint64_t i = 0; i < 6; ++i) items.push_back(item_id{i});
  const neighbour_options o{.count = 4, .min_shoppers = 2};
  const auto kept = kept_neighbours::fit(source, items, o, cosine{});
  for (const std::size_t threads : {2u, 3u}) {
    thread_pool pool(threads);
    CHECK(kept_neighbours::fit(source, items, o, cosine{}, pool) == kept);
  }
  const item_item<cosine, viewed_then_bought> live(source);
  std::vector<neighbour> out;
  std::size_t all = 0;
  for (const item_id item : kept.items()) {
    kept.neighbours(item, 10, out);
    CHECK(out == live.neighbours(item, o));
    all += out.size();
    kept.neighbours(item, 1, out);
    CHECK(out.size() <= 1);
  }
  CHECK(all > 5);
  kept.neighbours(item_id{12345}, 3, out);
  CHECK(out.empty());
  CHECK(kept.items().size() == 8);
}
