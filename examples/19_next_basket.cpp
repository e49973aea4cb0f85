// The next order of a shopper, and what he has to buy again.
#include <cstdint>
#include <cstdio>
#include <vector>

#include "tailor/core/distributions.hpp"
#include "tailor/events/timeline.hpp"
#include "tailor/similar/incidence_of.hpp"
#include "tailor/similar/next_basket.hpp"
#include "tailor/similar/replenishment.hpp"
#include "tailor/similar/weighted_lists.hpp"
#include "tailor/similar/weights_from_lists.hpp"

using namespace tailor;

namespace {

constexpr timestamp monday{19'600 * days(1).us};

/// Coffee (1) and filters (2) every three weeks or so, with something else now and then.
bool fill(events::timeline& past) {
  for (std::uint64_t u = 1; u <= 60; ++u) {
    counter_random draw(19, u);
    timestamp at = monday + days(uniform_between(draw, 0, 20));
    for (std::uint64_t n = 0; n < 5; ++n) {
      std::vector<std::uint64_t> basket{10 + uniform_below(draw, 30)};
      if (u % 3 != 0) basket.push_back(1);
      if (u % 6 == 1 || (u % 3 != 0 && n % 2 == 0)) basket.push_back(2);
      for (const std::uint64_t item : basket) {
        events::event e;
        e.kind = events::event_kind::purchase;
        e.user = user_id{u};
        e.item = item_id{item};
        e.order = order_id{100 * u + n};
        e.at = at;
        if (!past.observe(e)) return false;
      }
      at = at + days(uniform_between(draw, 16, 26));
    }
  }
  return true;
}

}  // namespace

int main() {
  events::timeline past;
  if (!fill(past)) return 1;
  const timestamp now = monday + days(120);

  // What goes with what, and how popular everything is: fitted once a night.
  const auto rows = similar::incidence_of(past, similar::bought_by_shopper{}).value();
  const auto lists = similar::weighted_lists<similar::gnorm>::fit(rows, {.k = 50});
  std::vector<similar::item_count> counts;
  for (std::uint32_t c = 0; c < rows.items().size(); ++c) counts.push_back({rows.items()[c], 0});
  for (const std::uint32_t c : rows.rows().columns) ++counts[c].count;
  const auto model =
      similar::next_basket::make(similar::weights_from(lists).value(), counts).value();

  // A shopper's own baskets are read when he comes: what he bought a minute ago counts.
  similar::basket_list baskets;
  similar::next_basket::scratch scratch;
  std::vector<similar::basket_item> next;
  for (const user_id user : {user_id{7}, user_id{12345}}) {
    baskets.read(past, user, now);
    model.next(baskets, 3, scratch, next);
    std::printf("shopper %d, %d baskets:\n", int(raw(user)), int(baskets.size()));
    for (const auto& i : next) {
      std::printf("  %2d  own %.2f + popular %.2f + goes with it %.2f%s\n", int(raw(i.item)),
                  double(i.own) / (1 << 20), double(i.popular) / (1 << 20),
                  double(i.paired) / (1 << 20), i.repeats() ? "  again" : "");
    }
  }

  // When things run out: the gaps of everybody, drawn towards one's own.
  const auto habits = similar::replenishment::fit(past, now);
  std::printf("coffee comes back after %.0f days, for %.0f %% of its buyers\n",
              habits.habit_of(item_id{1})->median_gap(),
              100 * habits.habit_of(item_id{1})->repeat_share());
  similar::replenishment::scratch memory;
  std::vector<similar::due_item> due;
  habits.due(past, user_id{7}, now, memory, due);
  for (const auto& d : due) {
    std::printf("  %d is %s: %d days since, remind from day %d to day %d\n", int(raw(d.item)),
                name_of(d.state), int(day_of(now) - day_of(d.last)),
                int(day_of(d.opens) - day_of(d.last)), int(day_of(d.closes) - day_of(d.last)));
  }
}
