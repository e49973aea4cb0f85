#include "tailor/similar/neighbours.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "../catch.hpp"
#include "tailor/compose/dispatch.hpp"
#include "tailor/compose/forget.hpp"
#include "tailor/events/timeline.hpp"
#include "tailor/similar/item_item.hpp"
#include "tailor/similar/timeline_pairs.hpp"
#include "tailor/similar/viewed_then_bought.hpp"
#include "tailor/testing/histories.hpp"
#include "tailor/testing/slow_history.hpp"

using namespace tailor;
using events::event;
using events::event_kind;
using events::timeline;
using similar::neighbour;
using similar::pair_evidence;
using testing::slow_history;

namespace {

event did(std::uint64_t user, event_kind kind, std::uint64_t item, std::int64_t hour = 0) {
  event e;
  e.user = user_id{user};
  e.kind = kind;
  e.item = item_id{item};
  e.at = timestamp{} + hours(hour);
  return e;
}

timeline history_of(const std::vector<event>& h) {
  timeline t;
  for (const event& e : h) CHECK(t.observe(e));
  return t;
}

std::vector<neighbour> slow_neighbours(const std::map<item_id, pair_evidence>& pairs,
                                       const similar::neighbour_options& options) {
  std::vector<neighbour> all;
  for (const auto& [item, e] : pairs) {
    const double score = similar::cosine{}(e);
    if (e.both >= options.min_shoppers && score > 0) all.push_back({item, score, e});
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const neighbour& a, const neighbour& b) { return a.score > b.score; });
  all.resize((std::min)(all.size(), options.count));
  return all;
}

template <class Source>
void check_against(const Source& source, item_id item,
                   const std::map<item_id, pair_evidence>& pairs) {
  similar::pair_scratch scratch;
  std::vector<neighbour> out;
  for (const similar::neighbour_options options :
       {similar::neighbour_options{3, 1}, similar::neighbour_options{100, 2}}) {
    similar::neighbours(source, item, options, similar::cosine{}, scratch, out);
    CHECK(out == slow_neighbours(pairs, options));
  }
}

}  // namespace

TEST_CASE("neighbours: agree with sets of shoppers, for every kind of evidence") {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    CAPTURE(seed);
    const std::vector<event> h = testing::random_history(seed);
    const timeline t = history_of(h);
    slow_history model;
    for (const event& e : h) model.observe(e);
    std::set<item_id> items;
    for (const event& e : h) items.insert(e.item);
    items.erase(no_item);
    for (const item_id item : items) {
      check_against(similar::bought_together(t), item, model.pairs_of(item, event_kind::purchase));
      check_against(similar::viewed_together(t), item, model.pairs_of(item, event_kind::view_item));
      check_against(similar::viewed_then_bought(t), item, model.pairs_viewed_then_bought(item));
    }
  }
}

TEST_CASE("neighbours: equal scores come by id, and what too few share is not shown") {
  std::vector<event> h;
  for (std::uint64_t u = 1; u <= 6; ++u) {
    for (const std::uint64_t item : {1U, 9U, 5U}) h.push_back(did(u, event_kind::purchase, item));
  }
  for (std::uint64_t u = 1; u <= 4; ++u) h.push_back(did(u, event_kind::purchase, 3));
  const timeline t = history_of(h);
  const similar::item_item<similar::cosine, similar::bought_together> also{
      similar::bought_together(t)};
  const std::vector<neighbour> shown = also.neighbours(item_id{1});
  REQUIRE(shown.size() == 2);  // item 3 is shared by 4 shoppers only
  CHECK(shown[0].item == item_id{5});
  CHECK(shown[1].item == item_id{9});
  CHECK(shown[0].score == 1);
  CHECK(also.neighbours(item_id{1}, {.count = 10, .min_shoppers = 1}).size() == 3);
  CHECK(also.neighbours(item_id{77}).empty());
  CHECK(also.neighbours(item_id{1}, {.count = 0}).empty());
}

TEST_CASE("item_item: as a live part it hears, merges and forgets") {
  similar::item_item<> live;
  timeline history;
  similar::item_item<similar::cosine, similar::bought_together> looks{
      similar::bought_together(history)};
  for (const event& e : testing::random_history(4)) CHECK(dispatch(e, history, live, looks));
  const user_id gone = history.shopper_at(0);
  forget(gone, history, live, looks);
  for (std::uint32_t i = 0; i < history.item_limit(); ++i) {
    const item_id item = history.item_at(i);
    CHECK(live.neighbours(item, {10, 1}) == looks.neighbours(item, {10, 1}));
  }
}

TEST_CASE("neighbours: a score re-computes from the integers that come with it") {
  const timeline t = history_of(testing::random_history(8, {.events = 300}));
  similar::pair_scratch scratch;
  std::vector<neighbour> out;
  const auto check = [&](const auto& m) {
    for (std::uint32_t i = 0; i < t.item_limit(); ++i) {
      similar::neighbours(similar::bought_together(t), t.item_at(i), {20, 1}, m, scratch, out);
      for (const neighbour& n : out) CHECK(n.score == m(n.evidence));
    }
  };
  check(similar::cosine{20});
  check(similar::jaccard{});
  check(similar::log_likelihood{});
  check(similar::lift{});
}

TEST_CASE("neighbours: chance is counted shopper by shopper") {
  // The worked check of Smith & Linden's rule: three buyers of X with 1, 4 and 40 other items; Y is
  // bought by two of them, and its share of all purchases is made 2 %.
  std::vector<event> h;
  std::uint64_t filler = 1000;
  const auto buyer = [&](std::uint64_t user, int others, bool has_y) {
    h.push_back(did(user, event_kind::purchase, 1));
    if (has_y) h.push_back(did(user, event_kind::purchase, 2));
    for (int k = has_y ? 1 : 0; k < others; ++k)
      h.push_back(did(user, event_kind::purchase, filler++));
  };
  buyer(1, 1, false);
  buyer(2, 4, true);
  buyer(3, 40, true);
  for (std::uint64_t user = 10; h.size() < 99; ++user) buyer(user, 0, false);  // X alone: no others
  h.push_back(did(9, event_kind::purchase, 5000));
  REQUIRE(h.size() == 100);
  const timeline t = history_of(h);
  const auto out = similar::item_item<similar::chance_corrected, similar::bought_together>(
                       similar::bought_together(t))
                       .neighbours(item_id{1}, {1, 2});
  REQUIRE(out.size() == 1);
  CHECK(out[0].item == item_id{2});
  CHECK(out[0].evidence.both == 2);
  CHECK(static_cast<double>(out[0].evidence.expected) * 0x1p-32 ==
        Catch::Approx(0.652).margin(5e-4));
  CHECK(out[0].score == Catch::Approx(1.67).margin(5e-3));
  CHECK(out[0].score == similar::chance_corrected{}(out[0].evidence));
}
