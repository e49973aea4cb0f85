#include <cstdint>
#include <utility>
#include <vector>

#include "../catch.hpp"
#include "tailor/recommend/slot.hpp"
#include "tailor/recommend/strategies.hpp"
#include "tailor/similar/replenishment.hpp"
#include "tailor/similar/session_knn.hpp"

using namespace tailor;
using namespace tailor::recommend;
using events::event_kind;

namespace {

constexpr timestamp now{1'700'000'000'000'000};

/// Where the running visit goes next: what was viewed within half an hour of now.
struct visit_model {
  struct scratch {
    similar::session_scratch own;
    std::vector<item_id> running;
    std::vector<similar::next_item> next;
  };
  const similar::session_index* past;

  void operator()(const context& c, scratch& s, std::vector<answered>& out) const {
    s.running.clear();
    for (const touch& t : c.history) {
      if (t.kind == event_kind::view_item && c.now - t.at <= minutes(30))
        s.running.push_back(t.item);
    }
    const similar::session_knn_options options{.seen = similar::seen_items::none};
    next_in_session(*past, s.running, options, similar::vmis{}, s.own, s.next);
    for (const similar::next_item& n : s.next) out.push_back({n.item, n.score});
  }
};

/// What is due again, by the shopper's own purchases.
struct due_model {
  struct scratch {
    similar::replenishment::scratch own;
    std::vector<similar::due_item> due;
  };
  const events::timeline* past;
  const similar::replenishment* habits;

  void operator()(const context& c, scratch& s, std::vector<answered>& out) const {
    habits->due(*past, c.user, c.now, s.own, s.due);
    for (const similar::due_item& d : s.due) {
      if (d.state != similar::due_state::too_early) out.push_back({d.item, d.score});
    }
  }
};

}  // namespace

TEST_CASE("answers: models of visits and of habits speak in a slot, each by its name") {
  similar::session_index visits;
  for (std::uint64_t v = 0; v < 50; ++v) {
    const std::vector<item_id> clicks{item_id{1 + v % 3}, item_id{4}, item_id{5 + v % 2}};
    REQUIRE(visits.add({similar::session_id{v}, user_id{v}, now - days(1), clicks}));
  }
  events::timeline past;
  for (std::uint64_t u = 1; u < 40; ++u) {  // coffee is bought every ten days, a lamp once
    for (int n = 1; n < 9; ++n) {
      REQUIRE(past.observe({user_id{u}, now - days(10 * n), event_kind::purchase, item_id{30}}));
    }
    REQUIRE(past.observe({user_id{u}, now - days(60), event_kind::purchase, item_id{31}}));
  }
  const auto habits = similar::replenishment::fit(past, now);
  const auto s = slot(slot_options{.count = 6}, as_ranked{},
                      blend(weighted{next_in_visit(visit_model{&visits})},
                            weighted{buy_it_again(due_model{&past, &habits}), 30u}));
  decltype(s)::scratch scratch;
  answer out;
  const std::vector<touch> history{{item_id{9}, event_kind::view_item, now - days(3)},
                                   {item_id{4}, event_kind::view_item, now - minutes(2)}};
  context c;
  c.user = user_id{7};
  c.now = now;
  c.history = history;
  s.recommend(c, no_catalogue{}, {}, scratch, out);
  REQUIRE(out.items.size() == 6);
  std::size_t again = 0, next = 0;
  for (const placed& p : out.items) {
    again += p.reason == strategy::buy_it_again && p.item == item_id{30};
    next += p.reason == strategy::next_in_visit && raw(p.item) <= 6;
    CHECK(p.item != item_id{31});
  }
  CHECK(again == 1);
  CHECK(next == 5);
  s.recommend({.now = now}, no_catalogue{}, {}, scratch, out);
  CHECK(out.why == shortness::nothing_known);
}
