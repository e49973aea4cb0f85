// Who gets which discount: the most margin from one budget, all at once or one after another.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <map>
#include <span>
#include <vector>

#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"
#include "tailor/offer/allocation.hpp"
#include "tailor/offer/budget_price.hpp"
#include "tailor/offer/paced_budget.hpp"

using namespace tailor;

namespace {

/// What the host's uplift model says of a shopper, in cents: two discounts, their expected cost
/// (face value times the probability of redemption), and the margin they are expected to add.
std::vector<offer::offer_arm> estimates(std::uint64_t shopper) {
  counter_random draw(7, shopper);
  const std::int64_t interest = uniform_between(draw, -100, 300);  // below 0: would buy anyway
  return {{5, uniform_between(draw, 30, 60), interest + uniform_between(draw, 0, 50)},
          {10, uniform_between(draw, 80, 150), interest + uniform_between(draw, 60, 300)}};
}

}  // namespace

int main() {
  constexpr std::uint64_t shoppers = 10'000;
  constexpr std::int64_t budget = 200'000;  // 2,000.00 EUR

  // All at once: tonight's e-mails.
  std::vector<offer::customer_arm> arms;
  for (std::uint64_t u = 0; u < shoppers; ++u) {
    for (const offer::offer_arm& a : estimates(u)) arms.push_back({user_id{u}, a});
  }
  const auto plan = offer::allocate(arms, budget);
  if (!plan) return 1;
  std::map<std::uint32_t, int> given;
  for (const offer::customer_arm& g : plan->given) ++given[g.arm.offer];
  std::printf("%d shoppers get 5 %%, %d get 10 %%, %d nothing\n", given[5], given[10],
              int(shoppers) - int(plan->given.size()));
  std::printf("cost %d, margin %d, no choice is better than %d\n", int(plan->cost),
              int(plan->value), int(plan->bound));
  std::printf("a cent has to earn %d / %d cents\n", int(plan->price.value), int(plan->price.cost));

  // The price of the budget answers for who was not in the plan.
  const std::vector<offer::offer_arm> newcomer = {{5, 50, 60}, {10, 100, 400}};
  const auto chosen = plan->price.choose(newcomer);
  if (!chosen) return 1;
  std::printf("a newcomer gets %d %%\n", *chosen ? int(newcomer[**chosen].offer) : 0);

  // One after another: whoever comes to the checkout. The plan says where to begin.
  const auto count = static_cast<std::int64_t>(plan->given.size());
  auto pace = offer::paced_budget::make({.budget = budget,
                                         .customers = shoppers,
                                         .typical_value = plan->value / count,
                                         .typical_cost = plan->cost / count,
                                         .start = plan->price});
  if (!pace) return 1;
  std::int64_t margin = 0;
  for (std::uint64_t u = 0; u < shoppers; ++u) {
    const auto his = estimates(shoppers + u);  // others than yesterday
    const auto choice = pace->next(his);
    if (!choice) return 1;
    if (*choice) margin += his[**choice].value;
    if ((u + 1) % 2'500 == 0) {
      std::printf("after %5d: spent %6d, margin %7d\n", int(u + 1), int(pace->spent()),
                  int(margin));
    }
  }
}
