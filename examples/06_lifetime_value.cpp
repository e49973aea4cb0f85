// What customers will be worth: who is still there, who orders next, and how true that is.
#include <cstdint>
#include <cstdio>

#include "tailor/core/distributions.hpp"
#include "tailor/events/timeline.hpp"
#include "tailor/segment/holdout.hpp"
#include "tailor/segment/lifetime_value.hpp"

using namespace tailor;

namespace {

constexpr timestamp begin{1'700'000'000'000'000};

/// Each shopper has a pace and a spend of his own, and leaves some day.
events::timeline make_shop(std::uint64_t shoppers) {
  events::timeline shop;
  std::uint64_t number = 0;
  for (std::uint64_t u = 1; u <= shoppers; ++u) {
    counter_random draw(5, u);
    const std::int64_t pace = uniform_between(draw, 10, 120);
    const std::int64_t spend = uniform_between(draw, 1'000, 8'000);
    for (std::int64_t day = uniform_between(draw, 0, 300); day < 500;
         day += uniform_between(draw, 1, 2 * pace)) {
      events::event e;
      e.user = user_id{u};
      e.kind = events::event_kind::purchase;
      e.item = item_id{1};
      e.order = order_id{++number};
      e.unit_price = spend + uniform_between(draw, -500, 500);
      e.at = begin + days(day) + hours(uniform_between(draw, 8, 20));
      if (!shop.observe(e)) return {};
      if (uniform_below(draw, 8) == 0) break;
    }
  }
  return shop;
}

}  // namespace

int main() {
  const events::timeline shop = make_shop(1'000);
  const timestamp now = begin + days(501);

  // Fitted to the orders, with the uncertainty of each number.
  const auto model = segment::lifetime_value<>::fit(shop, now);
  if (!model) return 1;
  const auto& when = model->repeats();
  std::printf("when: %s, %d customers\n", name_of(when.report.state), int(when.report.shoppers));
  if (!when.model) return 1;

  // One customer: everything comes from four numbers of his orders.
  segment::order_reader scratch;
  for (const user_id user : {user_id{1}, user_id{4}}) {
    const auto a = model->explain(shop.lines_of(*shop.find_shopper(user)), now, scratch);
    if (!a || !a->value) return 1;
    std::printf("shopper %d: %d orders; there with %.2f, %.1f orders in a year, %.2f in 30 days\n",
                int(raw(user)), int(a->record.purchases), *a->p_alive, *a->orders,
                *a->within_30_days);
    std::printf("  %.2f an order, worth %.2f\n", *a->spend, *a->value);
  }

  // Was it true? A model that knows nothing of the last 150 days, and what came in them.
  const auto report = segment::hold_out(shop, now - days(150), now);
  if (!report) return 1;
  std::printf("expected %.0f orders, %d came\n", report->all.expected, int(report->all.actual));
  for (const segment::holdout_row& row : report->by_repeats) {
    std::printf("%d repeats: %4d customers, %.2f expected, %.2f came\n", int(row.from),
                int(row.shoppers), row.expected_mean(), row.actual_mean());
  }

  // Too little to learn from is said, not guessed.
  const auto thin = segment::lifetime_value<>::fit(make_shop(5), now);
  if (!thin) return 1;
  std::printf("five customers: %s, %s\n", name_of(thin->repeats().report.state),
              thin->repeats().model ? "predicted" : "nothing predicted");
}
