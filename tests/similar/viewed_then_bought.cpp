#include "tailor/similar/viewed_then_bought.hpp"

#include <cstddef>
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

TEST_CASE("viewed then bought: kept is live for any history, window and measure") {
  pair_scratch scratch;
  std::size_t met = 0;
  const auto check = [&](const viewed_then_bought& source, const auto& m, executor auto& pool) {
    std::vector<item_id> items;
    for (std::uint64_t i = 0; i < 8; ++i) items.push_back(item_id{i});
    const neighbour_options o{.count = 3, .min_shoppers = 1};
    const auto kept = kept_neighbours::fit(source, items, o, m, pool);
    std::vector<neighbour> live, out;
    for (const item_id item : items) {
      neighbours(source, item, o, m, scratch, live);
      kept.neighbours(item, 3, out);
      REQUIRE(out == live);
      met += out.size();
      for (const neighbour& n : out) {
        REQUIRE(n.score > 0);
        REQUIRE(n.score < 1e9);
        REQUIRE(n.item != item);
      }
    }
  };
  thread_pool pool(3);
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    events::timeline history;
    for (const events::event& e : make_events(seed)) REQUIRE(history.observe(e));
    const viewed_then_bought source(history, hours(static_cast<std::int64_t>(seed)));
    check(source, count{}, pool);
    check(source, jaccard{}, pool);
    check(source, tversky{}, pool);
    check(source, lift{}, pool);
    check(source, asymmetric_cosine{}, pool);
    check(source, log_likelihood{}, pool);
  }
  CHECK(met > 1000);
}

TEST_CASE(
    "viewed then bought: what is retracted was never there, a window below nothing is empty") {
  pair_scratch s;
  std::size_t met = 0;
  const auto pairs = [&](const events::timeline& history, duration within) {
    std::map<item_id, pair_evidence> out;
    const viewed_then_bought source(history, within);
    source.for_each_pair(item_id{1}, 1, s, [&](item_id j, const pair_evidence& e) { out[j] = e; });
    return out;
  };
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const std::vector<events::event> all = make_events(seed);
    events::timeline history, fewer;
    for (const events::event& e : all) REQUIRE(history.observe(e));
    for (std::size_t n = 0; n < all.size(); n += 2) REQUIRE(fewer.observe(all[n]));
    for (std::size_t n = 1; n < all.size(); n += 2) REQUIRE(history.retract(all[n]));
    for (const std::int64_t within : {0, 1, 7, 100}) {
      const auto a = pairs(history, hours(within)), b = pairs(fewer, hours(within));
      CHECK(a == b);
    }
    CHECK(pairs(history, microseconds(-1)).empty());
    CHECK(pairs(history, duration{INT64_MIN}).empty());
    met += pairs(history, duration{INT64_MAX}).size();
  }
  CHECK(met > 20);
  // Moments at both ends of time are further apart than a duration can say.
  events::timeline far;
  events::event view, purchase;
  view.kind = events::event_kind::view_item;
  view.user = purchase.user = user_id{1};
  view.item = item_id{1};
  view.at = timestamp{INT64_MIN};
  purchase.kind = events::event_kind::purchase;
  purchase.item = item_id{2};
  purchase.at = timestamp{INT64_MAX};
  REQUIRE(far.observe(view));
  REQUIRE(far.observe(purchase));
  CHECK(pairs(far, duration{INT64_MAX}).empty());
}
