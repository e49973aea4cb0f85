#include "tailor/segment/memberships.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "../catch.hpp"
#include "slow_rules.hpp"
#include "tailor/compose/dispatch.hpp"
#include "tailor/compose/forget.hpp"
#include "tailor/core/thread_pool.hpp"
#include "tailor/segment/rule_words.hpp"
#include "tailor/segment/wake_queue.hpp"
#include "tailor/testing/histories.hpp"

using namespace tailor_test;
using events::event_kind;

namespace {

constexpr timestamp start = made_up::start;

struct ledger {
  std::vector<membership_change>* all;
  void operator()(const membership_change& c) const { all->push_back(c); }
};

using stay = std::pair<std::uint32_t, user_id>;

/// What the changes leave behind; each has to be one.
void go_along(std::set<stay>& in, const membership_change& c) {
  const stay s{c.segment, c.user};
  if (c.entered) {
    REQUIRE(in.insert(s).second);
  } else {
    REQUIRE(in.erase(s) == 1);
  }
}

template <class L>
std::set<stay> stays_of(const memberships<L>& m) {
  std::set<stay> out;
  for (std::uint32_t s = 0; s < m.book().size(); ++s) {
    const audience a = m.members(s);
    for (const user_id u : a.members()) {
      out.insert({s, u});
      REQUIRE(m.is_in(s, u));
    }
    REQUIRE(m.size(s) == static_cast<std::int64_t>(a.members().size()));
  }
  return out;
}

events::event bought(std::uint64_t user, timestamp at) {
  events::event e;
  e.user = user_id{user};
  e.kind = event_kind::purchase;
  e.item = item_id{3};
  e.order = order_id{raw(e.user) * 1'000 + static_cast<std::uint64_t>(at.us % 1'000)};
  e.at = at;
  e.unit_price = 100;
  return e;
}

}  // namespace

TEST_CASE("memberships: random lives, every change told once and in time") {
  const made_up facts;
  const ladder model;
  const rule_names names = names_of(facts, model);
  std::size_t told = 0;
  std::size_t by_clock = 0;
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    CAPTURE(seed);
    const auto rules = random_rules(seed + 1'000).make(8);
    const auto book = segment_book::make(rules, names);
    REQUIRE(book);
    const slow_rules slow(rules, facts, model);
    auto all = testing::random_history(seed, {.shoppers = 5, .events = 60});
    for (std::size_t i = 0; i < all.size(); i += 5) {
      if (all[i].kind == event_kind::purchase) all[i].kind = event_kind::refund;
    }
    events::timeline history;
    std::vector<membership_change> heard;
    memberships<ledger> live(*book, history, start - hours(1), ledger{&heard});
    std::set<stay> in;
    counter_random draw(seed, 5);
    int hour = -1;
    for (const events::event& e : all) {
      const std::size_t before = heard.size();
      switch (uniform_below(draw, 8)) {
        case 0: {  // the clock, sometimes far
          const int to = hour + static_cast<int>(uniform_below(draw, 12));
          const std::set<stay> then = in;
          REQUIRE(live.advance(start + hours(to)));
          // Each change is what the definition says, at the moment that it says.
          std::map<timestamp, std::vector<membership_change>> by_moment;
          for (std::size_t i = before; i < heard.size(); ++i) {
            REQUIRE((heard[i].at > start + hours(hour) && heard[i].at <= start + hours(to)));
            by_moment[heard[i].at].push_back(heard[i]);
          }
          std::set<stay> walk = then;
          for (int h = hour + 1; h <= to; ++h) {
            for (const auto& c : by_moment[start + hours(h)]) go_along(walk, c);
            for (std::uint32_t s = 0; s < book->size(); ++s) {
              for (std::uint32_t u = 0; u < history.shopper_limit(); ++u) {
                if (history.lines_of(u).empty()) continue;
                const user_id user = history.shopper_at(u);
                REQUIRE(walk.contains({s, user}) ==
                        slow.is_in(book->name(s), history, user, start + hours(h)));
              }
            }
          }
          by_clock += heard.size() - before;
          hour = to;
          break;
        }
        case 1:
          if (history.retract(e)) live.retract(e);
          break;
        case 2: {
          if (uniform_below(draw, 2) == 0) {
            forget(e.user, history, live);
          } else {
            forget(e.user, live, history);
          }
          std::erase_if(in, [&](const stay& s) { return s.second == e.user; });
          REQUIRE(heard.size() == before);
          break;
        }
        default:
          REQUIRE(dispatch(e, history, live));
      }
      for (std::size_t i = before; i < heard.size(); ++i) go_along(in, heard[i]);
      REQUIRE(stays_of(live) == in);
      const memberships fresh(*book, history, live.now());
      REQUIRE(stays_of(fresh) == in);
    }
    told += heard.size();
    // Long after, nothing is left to come, and a clock that goes on in steps tells the same.
    REQUIRE(live.advance(start + days(5)));
  }
  CHECK(told > 1'500);
  CHECK(by_clock > 300);
}

TEST_CASE("memberships: one step of the clock, many, and several threads tell the same") {
  const made_up facts;
  const ladder model;
  const auto book = segment_book::make(random_rules(4).make(10), names_of(facts, model));
  REQUIRE(book);
  events::timeline history;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    for (events::event e : testing::random_history(seed, {.shoppers = 40})) {
      e.user = user_id{raw(e.user) + seed};
      REQUIRE(history.observe(e));
    }
  }
  REQUIRE(history.shoppers() > 600);
  std::vector<membership_change> heard[3];
  thread_pool pool(3);
  for (int way = 0; way < 3; ++way) {
    memberships<ledger> live(*book, history, start - hours(1), ledger{&heard[way]});
    if (way == 0) REQUIRE(live.advance(start + hours(70)));
    if (way == 1) REQUIRE(live.advance(start + hours(70), pool));
    for (int h = 0; way == 2 && h <= 70; ++h) REQUIRE(live.advance(start + hours(h)));
  }
  CHECK(heard[0].size() > 1'000);
  CHECK(heard[0] == heard[1]);
  CHECK(heard[0] == heard[2]);
}

TEST_CASE("memberships: forgetting leaves what never was") {
  const auto book = segment_book::make(
      {{"buyer", did(purchases())}, {"lately", did(purchases(), last(days(3)))}}, {});
  events::timeline with;
  events::timeline without;
  memberships a(*book, with, start);
  memberships b(*book, without, start);
  for (std::uint64_t u = 1; u <= 20; ++u) {
    REQUIRE(dispatch(bought(u, start - hours(static_cast<std::int64_t>(u))), with, a));
    if (u != 7) {
      REQUIRE(dispatch(bought(u, start - hours(static_cast<std::int64_t>(u))), without, b));
    }
  }
  CHECK(a.size(0) == 20);
  forget(user_id{7}, with, a);
  CHECK(stays_of(a) == stays_of(b));
  CHECK_FALSE(a.is_in(0, user_id{7}));
  REQUIRE(a.advance(start + days(5)));
  REQUIRE(b.advance(start + days(5)));
  CHECK(stays_of(a) == stays_of(b));
  CHECK(a.size(1) == 0);
  // His place goes to a newcomer, who inherits nothing.
  REQUIRE(dispatch(bought(99, start + days(5)), with, a));
  CHECK(a.segments_of(user_id{99}) == std::vector<std::uint32_t>{0, 1});
}

TEST_CASE("memberships: the clock does not go back, and later events wait for it") {
  const auto book = segment_book::make({{"lately", did(purchases(), last(days(3)))}}, {});
  events::timeline history;
  std::vector<membership_change> heard;
  memberships<ledger> live(*book, history, start, ledger{&heard});
  REQUIRE(dispatch(bought(1, start + hours(5)), history, live));
  CHECK(heard.empty());
  CHECK(live.wakes_at(user_id{1}) == start + hours(5));
  CHECK(live.advance(start - hours(1)) == errc::too_early);
  CHECK(live.now() == start);
  REQUIRE(live.advance(start + days(10)));
  REQUIRE(heard.size() == 2);
  CHECK(heard[0] == membership_change{start + hours(5), user_id{1}, 0, true});
  CHECK(heard[1] == membership_change{start + hours(5) + days(3), user_id{1}, 0, false});
  CHECK(live.wakes_at(user_id{1}) == never);
  CHECK(live.wakes_at(user_id{2}) == never);
  live.rebuild(start + hours(6));
  CHECK(live.is_in(0, user_id{1}));
  CHECK(heard.size() == 2);
  REQUIRE(live.advance(timestamp{INT64_MAX}));
  CHECK(heard.size() == 3);
}

TEST_CASE("memberships: a consent that is withdrawn leads out at once") {
  struct {
    bool given = true;
    property_value value(user_id, std::size_t) const { return flag_value(given); }
  } consents{};
  rule_names names;
  REQUIRE(names.shoppers(consents, {{"newsletter", property_type::flag}}));
  const auto book =
      segment_book::make({{"may write", consented("newsletter") && did(purchases())}}, names);
  events::timeline history;
  std::vector<membership_change> heard;
  memberships<ledger> live(*book, history, start, ledger{&heard});
  REQUIRE(dispatch(bought(1, start), history, live));
  CHECK(live.is_in(0, user_id{1}));
  consents.given = false;
  live.changed(user_id{1});
  CHECK_FALSE(live.is_in(0, user_id{1}));
  live.changed(user_id{2});
  CHECK(heard.size() == 2);
}

TEST_CASE("memberships: books of no segment and of many") {
  events::timeline history;
  REQUIRE(history.observe(bought(1, start)));
  const auto none = segment_book::make({}, {});
  memberships empty(*none, history, start);
  CHECK(empty.segments_of(user_id{1}).empty());
  std::vector<segment_definition> many;
  for (int i = 0; i < 200; ++i) {
    many.push_back({std::to_string(i), number_of(purchases()) >= (i % 3 == 0 ? 1 : 2)});
  }
  const auto book = segment_book::make(many, {});
  memberships live(*book, history, start);
  CHECK(live.segments_of(user_id{1}).size() == 67);
  REQUIRE(dispatch(bought(1, start), history, live));
  CHECK(live.segments_of(user_id{1}).size() == 200);
}

TEST_CASE("audience: set algebra, and sizes that single nobody out") {
  const audience a({user_id{3}, user_id{1}, user_id{3}, user_id{2}});
  const audience b({user_id{2}, user_id{5}});
  CHECK(a.members().size() == 3);
  CHECK((a | b) == audience({user_id{1}, user_id{2}, user_id{3}, user_id{5}}));
  CHECK((a & b) == audience({user_id{2}}));
  CHECK((a - b) == audience({user_id{1}, user_id{3}}));
  CHECK((b - b) == audience());
  CHECK(a.has(user_id{2}));
  CHECK_FALSE(a.has(user_id{4}));
  CHECK(a.size(3).value() == 3);
  CHECK(a.size(4) == errc::too_few);
  CHECK(audience().size(1) == errc::too_few);
  CHECK(audience().size(0).value() == 0);
}

TEST_CASE("wake queue: takes who is due, whatever was set before") {
  wake_queue queue;
  queue.grow(200);
  std::map<std::uint32_t, timestamp> slow;
  counter_random draw(3, 3);
  std::vector<wake_queue::entry> due;
  timestamp now = start;
  for (int i = 0; i < 5'000; ++i) {
    const auto h = static_cast<std::uint32_t>(uniform_below(draw, 200));
    if (uniform_below(draw, 6) == 0) {
      now = now + hours(uniform_between(draw, 0, 30));
      queue.take_due(now, due);
      std::vector<std::pair<std::uint32_t, timestamp>> expected;
      for (const auto& [handle, at] : slow) {
        if (at <= now) expected.emplace_back(handle, at);
      }
      REQUIRE(due.size() == expected.size());
      for (std::size_t j = 0; j < due.size(); ++j) {
        REQUIRE(due[j].handle == expected[j].first);
        REQUIRE(due[j].at == expected[j].second);
        slow.erase(due[j].handle);
      }
    } else if (uniform_below(draw, 5) == 0) {
      queue.set(h, never);
      slow.erase(h);
    } else {
      const timestamp at = now + hours(uniform_between(draw, 1, 100));
      queue.set(h, at);
      slow[h] = at;
    }
    REQUIRE(queue.of(h) == (slow.contains(h) ? slow[h] : never));
  }
}
