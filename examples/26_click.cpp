// One click, and the page is another: a live shopper beside a writer that publishes new models.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
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

using lists = similar::neighbour_lists<>;
using for_you =
    recommend::slot<recommend::as_ranked,
                    recommend::blend<recommend::neighbours_of<lists, recommend::history_items>>,
                    recommend::blend<recommend::list_of>>;

std::vector<similar::ranked_item> popular_in(const events::timeline& past) {
  similar::popularity views(events::event_kind::view_item);
  past.for_each_event([&](const events::event& e) { views.observe(e); });
  return similar::best_sellers(views, morning + days(1));
}

/// What one night learns. The slot refers to the lists beside it, so a night stays where it is
/// made.
struct night {
  lists together;
  for_you slot;

  explicit night(const events::timeline& past)
      : together(lists::fit(similar::incidence_of(past, similar::viewed_by_shopper{}).value(),
                            {.k = 50})),
        slot({.count = 5}, {},
             recommend::blend(recommend::weighted{recommend::for_you_by_neighbours(together)}),
             recommend::blend(recommend::weighted{recommend::best_sellers(popular_in(past))})) {}
  night(const night&) = delete;
  night& operator=(const night&) = delete;
};
using models = published<std::unique_ptr<const night>>;

/// A shopper who is here: his own events, and the memory that answers are made in.
struct visitor {
  events::timeline own;
  std::vector<recommend::touch> history;
  for_you::scratch scratch;
  recommend::answer answer;

  void look(const models& served, timestamp now) {
    history_of(own, user_id{1}, now, history);
    recommend::context c;
    c.user = user_id{1};
    c.now = now;
    c.history = history;
    const auto view = served.read();  // these models stay until the answer is made
    (*view)->slot.recommend(c, recommend::no_catalogue{}, {}, scratch, answer);
  }
  void print(const char* when) const {
    std::printf("%-14s", when);
    for (const recommend::placed& p : answer.items) {
      std::printf("  %d %s", int(raw(p.item)), p.stage == 0 ? "for you" : "popular");
    }
    std::printf("\n");
  }
};

/// Clicks one after the other, each answered; microseconds of each, ascending.
std::vector<double> measure(const models& served, int clicks) {
  visitor v;
  std::vector<double> out;
  counter_random draw(26, 1);
  for (int n = 0; n < clicks; ++n) {
    const timestamp now = morning + minutes(600 + n);
    const auto start = std::chrono::steady_clock::now();
    const auto item = 100 * (1 + uniform_below(draw, 12)) + uniform_below(draw, 40);
    if (!v.own.observe(click(1, item, now))) return {};
    v.look(served, now);
    const auto spent = std::chrono::steady_clock::now() - start;
    out.push_back(std::chrono::duration<double, std::micro>(spent).count());
    if (n % 40 == 39) v.own.forget(user_id{1});  // the next visitor
  }
  std::sort(out.begin(), out.end());
  return out;
}
void print(const char* what, const std::vector<double>& micros) {
  const auto at = [&](double share) {
    return micros[static_cast<std::size_t>(share * static_cast<double>(micros.size() - 1))];
  };
  std::printf("%-26s p50 %.1f us, p99 %.1f us, p99.9 %.1f us\n", what, at(.5), at(.99), at(.999));
}

}  // namespace

int main(int count, char** values) {
  events::timeline past;
  browse(past, 3000, 1);
  models served(std::make_unique<const night>(past));

  visitor me;
  const timestamp now = morning + minutes(500);
  me.look(served, now);
  me.print("nobody knows me");
  for (const std::uint64_t item : {305u, 712u, 713u}) {
    if (!me.own.observe(click(1, item, now))) return 1;
    me.look(served, now);
    me.print(("after " + std::to_string(item)).c_str());
  }

  // Readers neither wait nor allocate while a writer learns and publishes.
  if (count < 2 || std::string_view(values[1]) != "--latency") return 0;
  print("one reader", measure(served, 20'000));
  std::atomic<bool> done{false};
  int nights = 0;
  std::thread writer([&] {
    for (std::uint64_t seed = 2; !done; ++seed) {
      browse(past, 100, seed);
      served.publish(std::make_unique<const night>(past));
      ++nights;
    }
  });
  const std::vector<double> beside = measure(served, 20'000);
  done = true;
  writer.join();
  print(("beside " + std::to_string(nights) + " new models").c_str(), beside);
}
