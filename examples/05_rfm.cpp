// Recency, frequency and revenue as scores and groups; where people are in their life as customers.
#include <cstdint>
#include <cstdio>

#include "tailor/core/distributions.hpp"
#include "tailor/events/timeline.hpp"
#include "tailor/segment/ladder.hpp"
#include "tailor/segment/lifecycle.hpp"
#include "tailor/segment/rfm_fit.hpp"
#include "tailor/segment/roll.hpp"

using namespace tailor;

namespace {

constexpr timestamp begin{1'700'000'000'000'000};

/// Shoppers who order every 10 to 60 days; some have stopped, some only look around.
events::timeline make_shop(std::uint64_t shoppers) {
  events::timeline shop;
  std::uint64_t number = 0;
  for (std::uint64_t u = 1; u <= shoppers; ++u) {
    counter_random draw(11, u);
    const std::int64_t pace = uniform_between(draw, 10, 60);
    const std::int64_t stops = uniform_between(draw, 20, 800);
    events::event e;
    e.user = user_id{u};
    e.item = item_id{1 + uniform_below(draw, 50)};
    e.kind = events::event_kind::view_item;
    e.at = begin + days(uniform_between(draw, 0, 300));
    if (!shop.observe(e)) return {};
    for (std::int64_t day = u % 6 == 0 ? 500 : std::int64_t(u % 60); day < 400 && day < stops;
         day += pace) {
      e.kind = events::event_kind::purchase;
      e.order = order_id{++number};
      e.unit_price = uniform_between(draw, 500, 9'000);
      e.at = begin + days(day) + hours(uniform_between(draw, 8, 20));
      if (!shop.observe(e)) return {};
    }
  }
  return shop;
}

}  // namespace

int main() {
  const events::timeline shop = make_shop(1'200);
  const timestamp now = begin + days(401);

  // What everybody did in the last year, and the scores that follow from it.
  const auto rows = segment::rfm_rows(shop, now);
  const auto model = segment::fit_rfm(rows);
  if (!model) return 1;
  std::printf("%d buyers, %s\n", int(rows.size()), name_of(segment::state_of(rows, begin, now)));
  const auto groups = segment::count_by_value(segment::roll_of(shop, *model, now));
  for (const auto& [group, size] : groups) {
    std::printf("%4d %s\n", int(size), model->table().name(std::size_t(group)).c_str());
  }

  // One shopper: the scores, what they come from, and until when they stay.
  segment::order_reader scratch;
  const auto lines = shop.lines_of(*shop.find_shopper(user_id{7}));
  const auto scores = model->explain(lines, now, scratch);
  if (!scores) return 1;
  const auto group = static_cast<std::int64_t>(scores->group);
  const timestamp changes = model->until(lines, now, group, group, scratch);
  std::printf("shopper 7: %d%d%d, %s: %d days, %d orders, %d cents; until day %d\n",
              scores->scores.recency, scores->scores.frequency, scores->scores.monetary,
              model->table().name(scores->group).c_str(), int(scores->record.days),
              int(scores->record.orders), int(scores->record.revenue),
              int((changes - now).us / days(1).us));

  // Who is still there, by the pace of his own orders.
  const auto life = segment::lifecycle::fit(shop, now);
  if (!life) return 1;
  const auto before = segment::roll_of(shop, *life, now - days(30));
  const auto today = segment::roll_of(shop, *life, now);
  for (const auto& [stage, size] : segment::count_by_value(today)) {
    std::printf("%4d %s\n", int(size), name_of(segment::lifecycle_stage(stage)));
  }
  const auto moves = segment::changes(before, today);
  std::printf("%d of %d stand elsewhere than 30 days ago\n", int(moves.size()), int(today.size()));

  // How far they have come; an order counts for the rung that was held before it.
  const segment::ladder ladder;
  for (const auto& [rung, size] : segment::count_by_value(segment::roll_of(shop, ladder, now))) {
    std::printf("%4d %s\n", int(size), name_of(segment::rung(rung)));
  }
}
