// New items: shown a little to everybody, more the better they fare; and a category that loosens.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <vector>

#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"
#include "tailor/recommend.hpp"

using namespace tailor;
using namespace tailor::recommend;

namespace {

constexpr attribute shelf{1}, aisle{2}, department{3};
constexpr timestamp opening{1'700'000'000'000'000};

// Five jackets came in. How often people click on each is what the shop does not know.
constexpr double rates[] = {.02, .03, .05, .08, .04};

void learn() {
  std::vector<item_trial> trials;
  for (std::uint64_t i = 0; i < 5; ++i) trials.push_back({item_id{101 + i}, opening});
  counter_random shoppers(1, 0);
  for (int day = 0; day < 14; ++day) {
    // Counted again every night; asked all day.
    const exploration fresh = exploration::make(trials).value();
    const slot one(slot_options{.count = 1}, as_ranked{}, blend(weighted{fresh}));
    decltype(one)::scratch scratch;
    answer shown;
    for (std::uint64_t visitor = 0; visitor < 500; ++visitor) {
      const context c{.user = user_id{1 + visitor}, .now = opening + days(day) + hours(9)};
      one.recommend(c, no_catalogue{}, {}, scratch, shown);
      item_trial& t = trials[raw(shown.items[0].item) - 101];
      ++t.shown;
      t.chosen += bernoulli(shoppers, rates[raw(t.item) - 101]) ? 1u : 0u;
    }
    if (day != 0 && day != 2 && day != 13) continue;
    std::printf("after day %2d, shown:", day + 1);
    for (const item_trial& t : trials) std::printf(" %5u", t.shown);
    std::printf("\n");
  }
}

void loosen() {
  const item_table items =
      item_table::make(std::vector<item_table::row>{
                           {item_id{1}, -1, true, {{shelf, 1}, {aisle, 1}, {department, 1}}},
                           {item_id{2}, -1, true, {{shelf, 1}, {aisle, 1}, {department, 1}}},
                           {item_id{3}, -1, true, {{shelf, 2}, {aisle, 1}, {department, 1}}},
                           {item_id{4}, -1, true, {{shelf, 3}, {aisle, 2}, {department, 1}}},
                           {item_id{5}, -1, true, {{shelf, 4}, {aisle, 3}, {department, 2}}}})
          .value();
  const std::vector<item_id> sellers{item_id{5}, item_id{4}, item_id{3}, item_id{2}};
  const auto best = blend(weighted{favourites(sellers)});
  const slot near(slot_options{.count = 4}, as_ranked{}, like_page(shelf, best),
                  like_page(aisle, best), like_page(department, best));
  decltype(near)::scratch scratch;
  answer shown;
  const std::vector<item_id> about{item_id{1}};
  near.recommend({.now = opening, .page = about}, items, {}, scratch, shown);
  const char* const steps[] = {"its shelf", "its aisle", "its department"};
  for (const placed& p : shown.items) {
    std::printf("like 1: %llu, of %s\n", static_cast<unsigned long long>(raw(p.item)),
                steps[p.stage]);
  }
  std::printf("no more: %s\n", name_of(shown.why));
}

}  // namespace

int main() {
  learn();
  loosen();
}
