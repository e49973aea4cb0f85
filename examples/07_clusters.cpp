// Groups of shoppers that the data suggest: how many, their names, who is in which and until when.
#include <cstdint>
#include <cstdio>

#include "tailor/core/distributions.hpp"
#include "tailor/core/thread_pool.hpp"
#include "tailor/events/timeline.hpp"
#include "tailor/segment/cluster_fit.hpp"
#include "tailor/segment/kmeans_centres.hpp"

using namespace tailor;

namespace {

constexpr timestamp begin{1'700'000'000'000'000};

/// Regulars who spend much, people who bought once of late, and people who did so long ago.
events::timeline make_shop(std::uint64_t shoppers) {
  events::timeline shop;
  std::uint64_t number = 0;
  for (std::uint64_t u = 1; u <= shoppers; ++u) {
    counter_random draw(7, u);
    const int orders = u % 3 == 0 ? 12 : 1;
    for (int i = 0; i < orders; ++i) {
      events::event e;
      e.user = user_id{u};
      e.kind = events::event_kind::purchase;
      e.item = item_id{1 + uniform_below(draw, 50)};
      e.order = order_id{++number};
      e.unit_price = (u % 3 == 0 ? 5'000 : 1'000) + uniform_between(draw, 0, 500);
      const std::int64_t ago = 24 * ((u % 3 == 1 ? 250 : 10) + 20 * i);
      e.at = begin + days(400) - hours(ago + uniform_between(draw, 0, 200));
      if (!shop.observe(e)) return {};
    }
  }
  return shop;
}

}  // namespace

int main() {
  const events::timeline shop = make_shop(600);
  const timestamp now = begin + days(401);

  // Recency, frequency, revenue; the number of groups is chosen.
  thread_pool pool(hardware_threads());
  const auto fitted =
      segment::fit_clusters(shop, now, segment::kmeans_centres{.seed = 1}, {}, nullptr, pool);
  if (!fitted) return 1;
  const segment::clusters& model = *fitted;
  std::printf(" k  silhouette  stability\n");
  for (const auto& row : model.choice().table) {
    if (row.k > 6) break;
    std::printf("%2d  %10.2f  %9.2f  %s\n", int(row.k), row.silhouette, row.stability,
                name_of(row.what));
  }
  for (const auto& group : model.groups()) {
    const auto centre = model.centre_of(group);
    std::printf("%d %-31s %d shoppers, %3.0f days, %4.1f orders, %6.0f\n", int(group.label),
                group.name.c_str(), int(group.size), centre[0], centre[1], centre[2]);
  }

  // Where a shopper stands, and until when if he does nothing more.
  segment::order_reader scratch;
  for (const user_id user : {user_id{2}, user_id{3}}) {
    const auto lines = shop.lines_of(*shop.find_shopper(user));
    const auto label = model.value(lines, now, scratch);
    if (!label) return 1;
    const timestamp until = model.until(lines, now, *label, *label, scratch);
    std::printf("shopper %d: %s", int(raw(user)), model.find(*label)->name.c_str());
    if (until == segment::never) std::printf(", until he does something\n");
    if (until == segment::never) continue;
    const auto next = model.value(lines, until, scratch);
    std::printf(", in %d days: %s\n", int((until - now).us / days(1).us),
                model.find(*next)->name.c_str());
  }

  // The next fit keeps the labels of the groups that it finds again.
  const events::timeline grown = make_shop(700);
  const auto refit = segment::fit_clusters(grown, now + days(7), segment::kmeans_centres{.seed = 2},
                                           {}, &model, pool);
  if (!refit) return 1;
  for (const auto& group : refit->groups()) {
    std::printf("%d %s: %d shoppers\n", int(group.label), group.name.c_str(), int(group.size));
  }
}
