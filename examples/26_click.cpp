// One click, and the page is another: a live shopper beside a writer that publishes new models.
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <memory>
#include <string_view>
#include <thread>
#include <vector>

#include "tailor/core/distributions.hpp"
#include "tailor/core/published.hpp"
#include "tailor/events/timeline.hpp"
#include "tailor/recommend/slot.hpp"
#include "tailor/recommend/strategies.hpp"
#include "tailor/similar/incidence_of.hpp"
#include "tailor/similar/neighbour_lists.hpp"
#include "tailor/similar/popularity.hpp"
#include "tailor/similar/trending.hpp"

using namespace tailor;

namespace {

constexpr timestamp morning{1'700'000'000'000'000};

events::event click(std::uint64_t user, std::uint64_t item, timestamp at) {
  events::event e;
  e.kind = events::event_kind::view_item;
  e.user = user_id{user};
  e.item = item_id{item};
  e.at = at;
  return e;
}

/// Visitors look along one of twelve shelves of forty items.
void browse(events::timeline& past, std::uint64_t visitors, std::uint64_t seed) {
  for (std::uint64_t u = 1; u <= visitors; ++u) {
    counter_random draw(seed, u);
    const std::uint64_t shelf = 1 + uniform_below(draw, 12);
    for (std::int64_t c = 0; c < 6; ++c) {
      const auto e = click(u, 100 * shelf + uniform_below(draw, 40), morning + minutes(c));
      if (!past.observe(e)) return;
    }
  }
}

/// What one night learns. The slot refers to the models beside it, so it stays where it was made.
struct learnt {
  similar::neighbour_lists<> together;
  similar::popularity views{events::event_kind::view_item};
  recommend::slot<recommend::as_ranked, recommend::blend<recommend::neighbours_of<
                      similar::neighbour_lists<>, recommend::history_items>>,
                  recommend::blend<recommend::list_of>> for_you;

  explicit learnt(const events::timeline& past)
      : together(similar::neighbour_lists<>::fit(
            similar::incidence_of(past, similar::viewed_by_shopper{}).value(), {.k = 50})),
        for_you({.count = 5}, {}, recommend::blend_of(recommend::for_you_by_neighbours(together)),
                recommend::blend_of(recommend::best_sellers(similar::best_sellers(count(past),
                                                                                  morning + days(1))))) {}
  learnt(const learnt&) = delete;
  learnt& operator=(const learnt&) = delete;

  const similar::popularity& count(const events::timeline& past) {
    past.for_each_event([&](const events::event& e) { views.observe(e); });
    return views;
  }
};
using models = published<std::unique_ptr<const learnt>>;
using slot_scratch = decltype(learnt::for_you)::scratch;

/// A shopper who is here: his own events, and the memory that answers are made in.
struct visitor {
  events::timeline own;
  std::vector<recommend::touch> history;
  slot_scratch scratch;
  recommend::answer answer;

  void look(const models& served, timestamp now) {
    history_of(own, user_id{1}, now, history);
    recommend::context c;
    c.user = user_id{1};
    c.now = now;
    c.history = history;
    const auto view = served.read();  // holds these models until the answer is made
    (*view)->for_you.recommend(c, recommend::no_catalogue{}, {}, scratch, answer);
  }
  void print(const char* when) const {
    std::printf("%s:", when);
    for (const recommend::placed& p : answer.items) {
      std::printf("  %d (%s)", int(raw(p.item)), name_of(p.reason));
    }
    std::printf("\n");
  }
};

}  // namespace
