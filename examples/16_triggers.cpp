// Messages that events and the clock start: an abandoned cart, a win-back, a cheaper item. The shop
// gets intents, in order, and sends them itself.
#include <cstdint>
#include <cstdio>

#include "tailor/compose/dispatch.hpp"
#include "tailor/compose/forget.hpp"
#include "tailor/events/timeline.hpp"
#include "tailor/offer/frequency_cap.hpp"
#include "tailor/offer/triggers.hpp"

using namespace tailor;
using events::event_kind;

namespace {

constexpr timestamp monday{1'700'438'400'000'000};

events::event did(std::uint64_t user, event_kind kind, timestamp at, std::uint64_t item = 7) {
  events::event e;
  e.user = user_id{user};
  e.kind = kind;
  e.item = item_id{item};
  e.at = at;
  e.unit_price = 2'500;
  return e;
}

/// Prints what would be sent.
void print(const offer::intent& i) {
  const auto minute = static_cast<int>((i.due - monday).us / minutes(1).us);
  std::printf("  day %2d %02d:%02d  shopper %d  %.*s", minute / 1'440, minute / 60 % 24,
              minute % 60, static_cast<int>(raw(i.user)), static_cast<int>(i.name.size()),
              i.name.data());
  for (const item_id item : i.items) std::printf("  item %d", static_cast<int>(raw(item)));
  if (i.amount != 0) std::printf("  %d", static_cast<int>(i.amount));
  std::printf("\n");
}

}  // namespace

int main() {
  // Flows are data: what starts them, what ends them, and their steps.
  using offer::channel;
  using offer::trigger_kind;
  const auto book = offer::trigger_book::make({
      {.id = 1,
       .kind = trigger_kind::abandoned_cart,
       .again = offer::after_days(7),
       .steps = {{.delay = minutes(30), .on = channel::email, .name = "cart"},
                 {.delay = hours(24), .on = channel::email, .name = "cart, again"}},
       .quiet = {.from = 21 * 60, .until = 8 * 60, .zone_minutes = 60}},
      {.id = 2,
       .kind = trigger_kind::win_back,
       .steps = {{.delay = days(0), .name = "we miss you"}, {.delay = days(30), .name = "bye"}},
       .silence = days(30)},
      {.id = 3,
       .kind = trigger_kind::price_drop,
       .steps = {{.on = channel::push, .name = "cheaper"}},
       .fall = {offer::price_fall::unit::basis_points, 1'000}},
  });
  if (!book) return 1;
  auto flows = offer::triggers::make(*book, monday);
  if (!flows) return 1;

  // Asked at the entry and before every step; here, who has bought since the flow began is left
  // alone. The timeline knows.
  events::timeline shop;
  const auto bought_since = [&shop](const offer::guard_question& q) {
    const auto shopper = shop.find_shopper(q.user);
    if (!shopper) return false;
    for (const events::line& l : shop.lines_of(*shopper)) {
      if (l.kind() == event_kind::purchase && l.at > q.entered_at && l.at <= q.now) return true;
    }
    return false;
  };
  const auto guard = [&](const offer::guard_question& q) { return !bought_since(q); };

  // One e-mail in 16 hours, one text and one push message in 24.
  offer::frequency_cap caps;

  // Events as they come, then the clock. However far it goes at once, all is told in order.
  std::printf("the first two days\n");
  if (!dispatch(did(1, event_kind::add_to_cart, monday + hours(9)), shop, *flows)) return 1;
  if (!dispatch(did(2, event_kind::add_to_cart, monday + hours(19)), shop, *flows)) return 1;
  if (!dispatch(did(1, event_kind::purchase, monday + hours(20)), shop, *flows)) return 1;
  if (!dispatch(did(3, event_kind::view_item, monday + hours(20)), shop, *flows)) return 1;
  const auto report = flows->advance(monday + days(2), print, guard, caps);
  if (!report) return 1;
  std::printf("  entered %d, messages %d, cancelled %d, capped %d\n",
              static_cast<int>(report->entered), static_cast<int>(report->intents),
              static_cast<int>(report->cancelled), static_cast<int>(report->capped));

  std::printf("item 7 is cheaper\n");
  if (!flows->observe(offer::price_change{item_id{7}, 2'500, 1'900, monday + days(2)})) return 1;
  if (!flows->advance(monday + days(3), print, guard, caps)) return 1;

  std::printf("forty days\n");
  if (!flows->advance(monday + days(40), print, guard, caps)) return 1;

  // Forgotten here as everywhere.
  forget(user_id{2}, shop, *flows, caps);
}
