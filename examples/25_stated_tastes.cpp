// What a shopper says beside what he does, what a purchase ends, and cheap and dear.
#include <cstdint>
#include <cstdio>
#include <optional>
#include <vector>

#include "tailor/events/timeline.hpp"
#include "tailor/segment/affinity.hpp"
#include "tailor/segment/price_band.hpp"
#include "tailor/segment/stated_tastes.hpp"
#include "tailor/similar/replenishment.hpp"

using namespace tailor;
using enum events::event_kind;

namespace {
constexpr timestamp begin{1'700'000'000'000'000};
constexpr timestamp now = begin + days(90);
const char* const names[] = {"coffee", "kettles", "lamps"};

/// The shop's catalogue: items 0 to 29 in three categories.
struct categories {
  [[nodiscard]] std::optional<std::uint64_t> value(item_id item) const { return raw(item) % 3; }
};

void add(events::timeline& shop, std::uint64_t user, events::event_kind kind, std::uint64_t item,
         timestamp at) {
  if (!shop.observe({user_id{user}, at, kind, item_id{item}})) std::printf("not taken\n");
}

/// Coffee is bought every 20 days, a kettle once, lamps are looked at.
events::timeline make_shop() {
  events::timeline shop;
  for (std::uint64_t u = 1; u <= 60; ++u) {
    for (int i = 0; i < 5; ++i) {
      add(shop, u, purchase, 3 * (u % 10), begin + days(20 * i));
      add(shop, u, view_item, 3 * (u % 10) + 2, begin + days(20 * i));
    }
    for (int i = 0; u == 5 && i < 4; ++i) add(shop, u, view_item, 16, begin + days(80));
    add(shop, u, purchase, 3 * (u % 10) + 1, begin + days(80));
  }
  add(shop, 99, view_item, 2, now);
  return shop;
}

/// What is left of an event once the item was bought, as its buyers buy it again.
struct until_used_up {
  const similar::replenishment* habits;
  std::int64_t operator()(item_id item, events::event_kind, std::int64_t days) const {
    const double part = habits->repurchase_factor(item, static_cast<double>(days));
    return static_cast<std::int64_t>(part * segment::whole_weight);
  }
};

void show(const char* when, const std::vector<segment::liking>& all) {
  std::printf("%s\n", when);
  for (const segment::liking& l : all) {
    std::printf("  %-8s did %.1f, said %4.1f, z %5.2f\n", names[l.value], l.weight - l.stated,
                l.stated, l.z);
  }
}

}  // namespace

int main() {
  const events::timeline shop = make_shop();
  const categories trait;
  const auto model = segment::affinity<categories>::fit(shop, now, trait);
  if (!model) return 1;

  // Shopper 99 has seen one lamp, and ticks "kettles" in the quiz: it counts for 60 days.
  segment::stated_tastes answers;
  if (!answers.state(user_id{99}, 0, {.value = 1, .from = now, .until = now + days(60)})) return 1;
  std::vector<segment::stated_weight> said;
  const auto tell = [&](const char* when, timestamp then) {
    weights_of(answers.answers_of(user_id{99}, 0), then, segment::answer_fading::to_the_end, said);
    show(when, model->explain(shop.lines_of(*shop.find_shopper(user_id{99})), then, said));
  };
  tell("the quiz", now);
  tell("30 days on", now + days(30));
  tell("60 days on", now + days(60));

  // Shopper 5 looked at a kettle and bought it; the coffee is from ten days ago.
  const auto habits = similar::replenishment::fit(shop, now, {.min_repeats = 10});
  const auto past = shop.lines_of(*shop.find_shopper(user_id{5}));
  show("as bought", model->explain(past, now));
  show("until used up", model->explain(past, now, {}, until_used_up{&habits}));

  // A lamp costs a hundred times what coffee does; either can be cheap for what it is.
  std::vector<segment::priced_item> prices;
  for (std::uint64_t n = 0; n < 30; ++n) {
    prices.push_back({item_id{n}, n % 3, (n % 3 == 2 ? 100 : 1) * (300 + 100 * int(n / 3))});
  }
  const auto bands = segment::price_band::make(prices, {.step = 1, .most = 1});
  if (!bands) return 1;
  for (const std::uint64_t n : {0u, 2u, 15u, 17u, 27u, 29u}) {
    std::printf("%-6s %4d: band %d\n", names[n % 3], int(prices[n].price / 100),
                int(bands->value(item_id{n}).value_or(0)));
  }
}
