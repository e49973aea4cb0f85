// Four kinds of evidence, three measures, on demand, live and frozen.
#include <cstdint>
#include <cstdio>
#include <vector>

#include "tailor/compose/dispatch.hpp"
#include "tailor/core/thread_pool.hpp"
#include "tailor/events/timeline.hpp"
#include "tailor/similar/incidence_of.hpp"
#include "tailor/similar/item_item.hpp"
#include "tailor/similar/neighbour_lists.hpp"
#include "tailor/similar/timeline_pairs.hpp"
#include "tailor/similar/viewed_then_bought.hpp"

using namespace tailor;

namespace {

void show(const char* what, const std::vector<similar::neighbour>& list) {
  std::printf("%s:", what);
  for (const auto& n : list) {
    std::printf("  %d (%.2f; %d of %d and %d)", int(raw(n.item)), n.score, int(n.evidence.both),
                int(n.evidence.source), int(n.evidence.target));
  }
  std::printf("\n");
}

}  // namespace

int main() {
  events::timeline history;
  similar::item_item<> live;  // cosine over live pair counts

  // Items 1 and 2 are bought together by eight shoppers; 3 is bought by everybody.
  for (std::uint64_t u = 1; u <= 20; ++u) {
    const auto does = [&](events::event_kind kind, std::uint64_t item, int hour) {
      events::event e;
      e.user = user_id{u};
      e.kind = kind;
      e.item = item_id{item};
      e.order = order_id{10 * u + std::uint64_t(hour)};
      e.at = timestamp{} + days(20'000) + hours(hour);
      return dispatch(e, history, live);
    };
    using enum events::event_kind;
    bool ok = does(view_item, 1, 0) && does(purchase, 3, 2);
    if (u <= 8) ok = ok && does(purchase, 1, 1) && does(purchase, 2, 1);
    if (u > 14) ok = ok && does(view_item, 4, 0);
    if (!ok) return 1;
  }

  // On demand, from the timeline: fresh within one event.
  similar::pair_scratch scratch;
  std::vector<similar::neighbour> out;
  const similar::neighbour_options options{.count = 3, .min_shoppers = 5};
  const item_id item{1};
  neighbours(similar::bought_together(history), item, options, similar::cosine{}, scratch, out);
  show("bought together, cosine", out);
  neighbours(similar::bought_together(history), item, options, similar::chance_corrected{}, scratch,
             out);
  show("bought together, above chance", out);
  neighbours(similar::viewed_together(history), item, options, similar::jaccard{}, scratch, out);
  show("viewed together, Jaccard", out);
  neighbours(similar::viewed_then_bought(history), item, options, similar::count{}, scratch, out);
  show("viewed, then bought, count", out);

  // Live: counted on every event, asked in O(neighbours).
  show("live pair counts, cosine", live.neighbours(item, options));

  // Frozen: all items on all cores, by order instead of by shopper.
  thread_pool pool(hardware_threads());
  const auto orders = similar::incidence_of(history, similar::bought_in_order{}, pool);
  if (!orders) return 1;
  const auto lists = similar::neighbour_lists<similar::cosine>::fit(
      *orders, {.k = 10, .min_support = 5}, {}, pool);
  show("in one order, cosine", lists.neighbours(item, 3));
}
