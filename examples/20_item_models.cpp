// A model of what goes with what, learnt by regression: fit, ask, and forget a shopper exactly.
#include <cstdint>
#include <cstdio>
#include <span>
#include <vector>

#include "tailor/core/distributions.hpp"
#include "tailor/core/thread_pool.hpp"
#include "tailor/events/timeline.hpp"
#include "tailor/similar/blend_weights.hpp"
#include "tailor/similar/incidence_of.hpp"
#include "tailor/similar/sr_ease.hpp"
#include "tailor/similar/weighted_lists.hpp"
#include "tailor/similar/weights_from_lists.hpp"

using namespace tailor;

namespace {

/// Shoppers keep to two of twenty shelves of thirty items; item 1 is in every second basket.
bool fill(events::timeline& past) {
  for (std::uint64_t u = 1; u <= 900; ++u) {
    counter_random draw(20, u);
    const std::uint64_t shelves[] = {uniform_below(draw, 20), uniform_below(draw, 20)};
    for (int n = 0; n < 8; ++n) {
      const std::uint64_t on_shelf = uniform_below(draw, 1 + uniform_below(draw, 30));
      events::event e;
      e.kind = events::event_kind::purchase;
      e.user = user_id{u};
      e.item = item_id{
          n == 0 && u % 2 == 0 ? 1 : 100 * (1 + shelves[uniform_below(draw, 2)]) + on_shelf};
      e.at = timestamp{} + days(n);
      if (!past.observe(e)) return false;
    }
  }
  return true;
}

void print(const char* what, const std::vector<similar::weighed_item>& items, int bits) {
  std::printf("%s:", what);
  for (const auto& i : items) {
    std::printf("  %d %.3f", int(raw(i.item)), double(i.score) / double(std::int64_t{1} << bits));
  }
  std::printf("\n");
}

}  // namespace

int main() {
  events::timeline past;
  if (!fill(past)) return 1;
  thread_pool pool(2);
  const auto rows = similar::incidence_of(past, similar::bought_by_shopper{}, pool).value();

  // Each item is predicted from the `support` items that go with it best.
  const similar::sr_ease_options options{.support = 60, .l2 = 5};
  const auto learnt = similar::sr_ease::fit(rows, options, pool).value();
  const similar::item_weights& model = learnt.weights();
  std::printf("%d items, %d weights\n", int(model.items().size()), int(model.size()));

  // Anybody can be asked about, known or not: a history is all it takes.
  const std::vector<item_id> history{item_id{1}, item_id{301}, item_id{302}};
  similar::item_weights::scratch scratch;
  std::vector<similar::weighed_item> best;
  model.recommend(std::span<const item_id>(history), 4, scratch, best);
  print("regression", best, model.bits());

  // The fast similarity is a model of the same kind, and so is a blend of both.
  const auto similarity =
      similar::weights_from(similar::weighted_lists<similar::gnorm>::fit(rows, {}, {}, pool))
          .value();
  similarity.recommend(std::span<const item_id>(history), 4, scratch, best);
  print("similarity", best, similarity.bits());
  const auto both = similar::blend_weights(model, similarity, 0.3).value();
  both.recommend(std::span<const item_id>(history), 4, scratch, best);
  print("both", best, both.bits());

  // A shopper leaves: what he had is learnt anew, and nothing else moves.
  std::vector<item_id> had;
  for (const events::event& e : past.history(user_id{7})) had.push_back(e.item);
  past.forget(user_id{7});
  const auto left = similar::incidence_of(past, similar::bought_by_shopper{}, pool).value();
  const auto again = learnt.refit(left, had, pool).value();
  const bool same = again == similar::sr_ease::fit(left, options, pool).value();
  std::printf("%d of %d columns solved again, %s from a fit without him\n", int(again.solved()),
              int(left.items().size()), same ? "not a bit different" : "different");
}
