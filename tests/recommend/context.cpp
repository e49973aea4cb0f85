#include "tailor/recommend/context.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/distributions.hpp"

using namespace tailor;
using namespace tailor::recommend;
using events::event_kind;

namespace {

constexpr timestamp now{1'700'000'000'000'000};

events::event did(std::uint64_t user, event_kind kind, std::uint64_t item, timestamp at) {
  events::event e;
  e.user = user_id{user};
  e.kind = kind;
  e.item = item_id{item};
  e.at = at;
  return e;
}

/// The definition, word by word: the newest events, the last time of each item and kind, the items
/// touched last with all that was done to them.
std::vector<touch> slow_history(const events::timeline& past, user_id user, timestamp until,
                                const history_options& o) {
  std::vector<events::event> all;
  for (const events::event& e : past.history(user)) {
    if (e.at <= until) all.push_back(e);
  }
  if (all.size() > o.max_events) all.erase(all.begin(), all.end() - std::ptrdiff_t(o.max_events));
  std::map<std::pair<item_id, event_kind>, timestamp> last;
  std::map<item_id, timestamp> touched;
  for (const events::event& e : all) {
    const bool counts = e.kind == event_kind::view_item || e.kind == event_kind::add_to_cart ||
                        e.kind == event_kind::purchase;
    if (!counts || e.item == no_item || until - e.at > o.within) continue;
    timestamp& at = last.emplace(std::pair(e.item, e.kind), e.at).first->second;
    at = (std::max)(at, e.at);
    timestamp& item_at = touched.emplace(e.item, e.at).first->second;
    item_at = (std::max)(item_at, e.at);
  }
  std::vector<std::pair<std::int64_t, item_id>> items;
  for (const auto& [item, at] : touched) items.emplace_back(-at.us, item);
  std::sort(items.begin(), items.end());
  if (items.size() > o.max_items) items.resize(o.max_items);
  std::vector<touch> out;
  for (const auto& [what, at] : last) {
    const auto is_it = [item = what.first](const auto& i) { return i.second == item; };
    if (std::any_of(items.begin(), items.end(), is_it)) {
      out.push_back({what.first, what.second, at});
    }
  }
  std::sort(out.begin(), out.end(), [](const touch& a, const touch& b) {
    return std::tie(a.at, a.item, a.kind) < std::tie(b.at, b.item, b.kind);
  });
  return out;
}

}  // namespace

TEST_CASE("history: the last touches by definition, with ties, limits and a future") {
  constexpr event_kind kinds[] = {event_kind::view_item, event_kind::add_to_cart,
                                  event_kind::purchase, event_kind::search, event_kind::view_page};
  std::vector<touch> fast;
  std::size_t cut = 0, whole = 0;
  for (std::uint64_t trial = 0; trial < 400; ++trial) {
    counter_random draw(trial, 1);
    events::timeline past;
    const std::uint64_t n = uniform_below(draw, 60);
    for (std::uint64_t e = 0; e < n; ++e) {
      const event_kind kind = kinds[uniform_below(draw, 5)];
      events::event it = did(1 + uniform_below(draw, 2), kind, uniform_below(draw, 12),
                             now + hours(2 - std::int64_t(uniform_below(draw, 12))));
      if (kind == event_kind::view_page) it.item = no_item;
      REQUIRE(past.observe(it));
    }
    history_options o;
    o.max_events = 1 + uniform_below(draw, 80);
    o.max_items = uniform_below(draw, 16);
    o.within = hours(std::int64_t(uniform_below(draw, 12)));
    // Which of events at one moment are the newest is the timeline's order: left out here.
    if (trial % 2 == 0) o.max_events = 1000;
    if (trial % 2 == 1) {
      o.max_items = 100;
      o.max_events = 1000;
    }
    history_of(past, user_id{1}, now, fast, o);
    const std::vector<touch> slow = slow_history(past, user_id{1}, now, o);
    REQUIRE(fast == slow);
    history_options all = o;
    all.max_items = 1000;
    cut += slow != slow_history(past, user_id{1}, now, all);
    whole += !slow.empty();
  }
  CHECK(cut > 30);
  CHECK(whole > 200);
}

TEST_CASE("history: an item that stays keeps what was done to it long ago") {
  events::timeline past;
  REQUIRE(past.observe(did(1, event_kind::purchase, 7, now - days(300))));
  for (std::uint64_t i = 20; i < 30; ++i) {
    REQUIRE(past.observe(did(1, event_kind::view_item, i, now - days(100))));
  }
  REQUIRE(past.observe(did(1, event_kind::view_item, 7, now)));
  std::vector<touch> out;
  history_of(past, user_id{1}, now, out, {.max_items = 2});
  REQUIRE(out.size() == 3);
  CHECK(out[0] == touch{item_id{7}, event_kind::purchase, now - days(300)});
  CHECK(out[1] == touch{item_id{20}, event_kind::view_item, now - days(100)});
  CHECK(out[2] == touch{item_id{7}, event_kind::view_item, now});
}

TEST_CASE("history: nobody, nothing, a negative window, no items") {
  events::timeline past;
  std::vector<touch> out{{}};
  history_of(past, user_id{1}, now, out);
  CHECK(out.empty());
  REQUIRE(past.observe(did(1, event_kind::view_item, 7, now)));
  history_of(past, user_id{2}, now, out);
  CHECK(out.empty());
  history_of(past, user_id{1}, now, out, {.within = {-1}});
  CHECK(out.empty());
  history_of(past, user_id{1}, now, out, {.max_items = 0});
  CHECK(out.empty());
  history_of(past, user_id{1}, now, out, {.max_events = 0});
  CHECK(out.empty());
  history_of(past, user_id{1}, timestamp{INT64_MIN}, out);
  CHECK(out.empty());
  history_of(past, user_id{1}, timestamp{INT64_MAX}, out, {.within = {INT64_MAX}});
  CHECK(out.size() == 1);
}

TEST_CASE("history: a million events of one shopper are as quick as the newest of them") {
  events::timeline past;
  for (std::uint64_t n = 0; n < 1'000'000; ++n) {
    const event_kind kind = n % 3 == 0 ? event_kind::purchase : event_kind::view_item;
    const auto at = now - seconds(std::int64_t(1'000'000 - n));
    if (!past.observe(did(1, kind, n % 70'000, at))) FAIL();
  }
  std::vector<touch> out;
  history_of(past, user_id{1}, now, out);
  CHECK(out.size() == 500);
  CHECK(out.back().item == item_id{999'999 % 70'000});
  history_of(past, user_id{1}, now, out, {.max_events = 1'000'000, .max_items = 1'000'000});
  CHECK(out.size() == 140'000);  // 70,000 is no multiple of 3: each item by both kinds
  CHECK(std::is_sorted(out.begin(), out.end(),
                       [](const touch& a, const touch& b) { return a.at < b.at; }));
}
