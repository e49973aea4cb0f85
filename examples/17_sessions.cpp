// What comes next in a visit, learnt from the visits before: live, exact when a shopper leaves.
#include <cstdint>
#include <cstdio>
#include <vector>

#include "tailor/core/distributions.hpp"
#include "tailor/core/published.hpp"
#include "tailor/similar/next_items.hpp"

using namespace tailor;

namespace {

constexpr timestamp begin{1'700'000'000'000'000};

/// Shelves of ten items: a visitor looks along one shelf and sometimes at another.
std::vector<item_id> make_visit(std::uint64_t n) {
  counter_random draw(5, n);
  std::uint64_t shelf = uniform_below(draw, 6);
  std::uint64_t place = uniform_below(draw, 10);
  std::vector<item_id> clicks;
  for (std::uint64_t c = 2 + uniform_below(draw, 5); c > 0; --c) {
    clicks.push_back(item_id{100 * (1 + shelf) + place});
    place = (place + 1 + uniform_below(draw, 2)) % 10;
    if (uniform_below(draw, 5) == 0) shelf = uniform_below(draw, 6);
  }
  return clicks;
}

void print(const char* what, const std::vector<similar::sourced_item>& items) {
  std::printf("%s:\n", what);
  for (const similar::sourced_item& i : items) {
    std::printf("  %d %5.2f  %s\n", int(raw(i.item)), i.score, name_of(i.source));
  }
}

}  // namespace

int main() {
  similar::session_index past;
  similar::sequential_rules rules;
  for (std::uint64_t n = 0; n < 2000; ++n) {
    const std::vector<item_id> clicks = make_visit(n);
    const timestamp end = begin + minutes(static_cast<std::int64_t>(n));
    if (!past.add({similar::session_id{n}, user_id{n % 400}, end, clicks})) return 1;
    if (!rules.observe(clicks)) return 1;
  }
  const std::vector<similar::ranked_item> popular{{item_id{105}, 90, 90, 0},
                                                  {item_id{201}, 80, 80, 0}};

  // A visit as far as it has come, oldest click first.
  const std::vector<item_id> visit{item_id{103}, item_id{104}};
  similar::next_items_scratch scratch;  // one per thread: nothing is allocated once it has its size
  std::vector<similar::sourced_item> next;
  const auto none = similar::seen_items::none;  // do not name again what was seen
  next_items(past, rules, popular, visit, {.count = 3, .seen = none}, similar::vmis{}, scratch,
             next);
  print("after 103, 104", next);

  // Weights are a choice of the question: here recent visits and near items count more.
  const timestamp now = begin + days(2);
  next_items(past, rules, popular, visit, {.count = 3, .seen = none, .now = now}, similar::stan{},
             scratch, next);
  print("with STAN", next);

  // Whoever knows answers: rules know what follows 777, of 888 nobody knows anything.
  if (!rules.observe(std::vector<item_id>{item_id{777}, item_id{302}})) return 1;
  for (const item_id item : {item_id{777}, item_id{888}}) {
    const std::vector<item_id> odd{item};
    next_items(past, rules, popular, odd, {.count = 2}, similar::vmis{}, scratch, next);
    print(item == item_id{777} ? "after 777" : "after 888", next);
  }

  // A shopper leaves: nothing of him is found from now on, nothing is written to a snapshot. Rules
  // know no shoppers: his visits are taken out one by one.
  past.forget(user_id{7});
  for (std::uint64_t n = 7; n < 2000; n += 400) {
    if (!rules.retract(make_visit(n))) return 1;
  }
  std::printf("%d visits, %d tombstones", int(past.size()), int(past.tombstones()));
  past.compact();
  std::printf(", %d after compaction\n", int(past.tombstones()));

  // Readers keep their index while the next one is made.
  published<similar::session_index> served(past);
  const auto view = served.read();
  if (!past.erase(similar::session_id{1})) return 1;
  served.publish(past);
  std::printf("readers see %d visits, then %d\n", int(view->size()), int(served.read()->size()));
}
