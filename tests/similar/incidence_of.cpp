#include "tailor/similar/incidence_of.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/thread_pool.hpp"
#include "tailor/similar/neighbour_lists.hpp"
#include "tailor/similar/neighbours.hpp"
#include "tailor/similar/timeline_pairs.hpp"

using namespace tailor;
using namespace tailor::similar;
using events::event;
using events::event_kind;

namespace {

event happened(std::uint64_t user, event_kind kind, std::uint64_t item, std::int64_t minute,
               std::uint64_t order = UINT64_MAX) {
  event e;
  e.user = user_id{user};
  e.at = timestamp{} + minutes(minute);
  e.kind = kind;
  e.item = item_id{item};
  e.order = order_id{order};
  e.quantity = 1;
  return e;
}

std::vector<event> some_events(std::mt19937_64& random) {
  std::vector<event> out;
  const std::uint64_t users = 1 + random() % 30;
  for (std::uint64_t n = random() % 400; n > 0; --n) {
    const bool bought = random() % 2 == 0;
    out.push_back(happened(random() % users, bought ? event_kind::purchase : event_kind::view_item,
                           random() % 20, static_cast<std::int64_t>(random() % 2000),
                           bought && random() % 5 != 0 ? random() % 40 : UINT64_MAX));
    if (random() % 30 == 0) out.back().item = no_item;
  }
  return out;
}

events::timeline history_of(const std::vector<event>& all) {
  events::timeline history;
  for (const event& e : all) CHECK(history.observe(e));
  return history;
}

// Rows as sets of raw ids, each with its shopper.
using plain_rows = std::multiset<std::pair<std::uint64_t, std::set<std::uint64_t>>>;

plain_rows plain(const incidence& rows, const std::vector<std::uint64_t>& shoppers) {
  plain_rows out;
  for (std::uint32_t r = 0; r < rows.rows().rows(); ++r) {
    std::set<std::uint64_t> items;
    for (const std::uint32_t i : rows.rows()[r]) items.insert(raw(rows.items()[i]));
    out.emplace(shoppers[rows.owner_of(r)], items);
  }
  return out;
}

template <class Key>
void check(const std::vector<event>& all, event_kind kind, const incidence& rows,
           std::size_t max_items, const Key& row_of) {
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::set<std::uint64_t>> groups;
  for (const event& e : all) {
    if (e.kind != kind || e.item == no_item) continue;
    const auto row = row_of(e);
    if (row) groups[{raw(e.user), *row}].insert(raw(e.item));
  }
  plain_rows expected;
  std::set<std::uint64_t> shoppers;
  for (const auto& [key, items] : groups) {
    if (max_items != 0 && items.size() > max_items) continue;
    expected.emplace(key.first, items);
    shoppers.insert(key.first);
  }
  const std::vector<std::uint64_t> in_order(shoppers.begin(), shoppers.end());
  CHECK(plain(rows, in_order) == expected);
  CHECK(rows.population() == static_cast<std::int64_t>(expected.size()));
}

}  // namespace

TEST_CASE("incidence of a history: rows are what the rule says, each with its shopper") {
  thread_pool pool(2);
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    const std::vector<event> all = some_events(random);
    const events::timeline history = history_of(all);
    const std::uint32_t most = random() % 2 == 0 ? 0 : 4;
    const auto ever = [](const event&) { return std::optional<std::uint64_t>(0); };
    const auto order = [](const event& e) {
      return e.order == no_order ? std::nullopt : std::optional(raw(e.order));
    };
    check(all, event_kind::purchase, incidence_of(history, bought_by_shopper{most}).value(), most,
          ever);
    check(all, event_kind::view_item, incidence_of(history, viewed_by_shopper{most}, pool).value(),
          most, ever);
    check(all, event_kind::purchase, incidence_of(history, bought_in_order{most}, pool).value(),
          most, order);

    // Sessions: an event belongs to the first of its shopper's from which no gap is half an hour.
    const auto session = [&](const event& e) {
      timestamp first = e.at;
      for (bool moved = true; moved;) {
        moved = false;
        for (const event& other : all) {
          if (other.user == e.user && other.at < first && first - other.at < minutes(30)) {
            first = other.at;
            moved = true;
          }
        }
      }
      return std::optional(static_cast<std::uint64_t>(first.us));
    };
    if (seed % 10 == 0) {
      check(all, event_kind::view_item,
            incidence_of(history, viewed_in_session{{}, most}, pool).value(), most, session);
    }
  }
}

TEST_CASE("incidence of a history: neither order of arrival nor threads make a difference") {
  thread_pool pool(3);
  std::mt19937_64 random(4);
  std::vector<event> all;
  for (std::uint64_t user = 0; user < 1500; ++user) {
    for (std::uint64_t n = random() % 6; n > 0; --n) {
      all.push_back(happened(user, event_kind::purchase, random() % 90,
                             static_cast<std::int64_t>(random() % 100), random() % 3));
    }
  }
  const incidence rows = incidence_of(history_of(all), bought_in_order{}).value();
  std::shuffle(all.begin(), all.end(), random);
  events::timeline turned = history_of(all);
  CHECK(incidence_of(turned, bought_in_order{}, pool).value() == rows);
  CHECK(turned.observe(happened(9999, event_kind::purchase, 777, 5, 1)));
  turned.forget(user_id{9999});
  CHECK(incidence_of(turned, bought_in_order{}, pool).value() == rows);
}

TEST_CASE("incidence of a history: frozen lists say what is counted on demand") {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    const events::timeline history = history_of(some_events(random));
    const bought_together live(history);
    const auto rows = incidence_of(history, bought_by_shopper{}).value();
    const auto frozen = neighbour_lists<chance_corrected>::fit(rows, {.k = 7, .min_support = 2});
    pair_scratch scratch;
    std::vector<neighbour> expected;
    bool same = true;
    for (const item_id item : rows.items()) {
      neighbours(live, item, {.count = 7, .min_shoppers = 2}, chance_corrected{}, scratch,
                 expected);
      same &= frozen.neighbours(item, 7) == expected;
    }
    CHECK(same);
  }
}

TEST_CASE("incidence of a history: nothing happened, no rows") {
  CHECK(incidence_of(events::timeline(), bought_by_shopper{}).value() == incidence());
}
