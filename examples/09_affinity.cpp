// What each shopper likes, beside what everybody does; a segment by taste.
#include <cstdint>
#include <cstdio>
#include <optional>

#include "tailor/core/distributions.hpp"
#include "tailor/events/timeline.hpp"
#include "tailor/segment/affinity.hpp"
#include "tailor/segment/affinity_standing.hpp"
#include "tailor/segment/memberships.hpp"
#include "tailor/segment/rule_words.hpp"

using namespace tailor;

namespace {

constexpr timestamp begin{1'700'000'000'000'000};
const char* const names[] = {"tea", "coffee", "cups", "gifts"};

/// The shop's catalogue: the category of an item.
struct categories {
  [[nodiscard]] std::optional<std::uint64_t> value(item_id item) const { return raw(item) % 4; }
};

/// Everybody looks at gifts; one in three is after tea, one in three after coffee.
events::timeline make_shop(std::uint64_t shoppers) {
  events::timeline shop;
  for (std::uint64_t u = 1; u <= shoppers; ++u) {
    counter_random draw(3, u);
    for (int i = 0; i < 20; ++i) {
      events::event e;
      e.user = user_id{u};
      e.kind = i % 5 == 4 ? events::event_kind::purchase : events::event_kind::view_item;
      const std::uint64_t favourite = u % 3;  // 2: none of them
      const bool follows = favourite < 2 && uniform_below(draw, 10) < 4;
      const std::uint64_t category = follows                       ? favourite
                                     : uniform_below(draw, 2) == 0 ? 3
                                                                   : uniform_below(draw, 4);
      e.item = item_id{4 * (1 + uniform_below(draw, 20)) + category};
      e.at = begin + days(3 * i);
      if (!shop.observe(e)) return {};
    }
  }
  return shop;
}

}  // namespace

int main() {
  const events::timeline shop = make_shop(300);
  const timestamp now = begin + days(60);

  // What everybody does is learnt once in a while; a shopper's side follows each event.
  const categories trait;
  const auto model = segment::affinity<categories>::fit(shop, now, trait);
  if (!model) return 1;
  for (const std::uint64_t v : model->values()) {
    std::printf("%-7s %2.0f %% of all\n", names[v], 100 * model->share_of(v));
  }

  // One shopper, strongest first.
  for (const segment::liking& l :
       model->explain(shop.lines_of(*shop.find_shopper(user_id{3})), now)) {
    std::printf("shopper 3: %-7s weight %4.1f, z %5.2f%s\n", names[l.value], l.weight, l.z,
                l.likes ? ", likes it" : "");
  }

  // Tastes in rules: z in hundredths, so from 196 on somebody likes tea.
  const segment::affinity_standing<categories> tea(*model, 0);
  segment::rule_names rule_names;
  if (!rule_names.stands("tea", tea)) return 1;
  const auto book = segment::segment_book::make(
      {{"likes tea", segment::stands("tea", 196, 100'000)}}, rule_names);
  if (!book) return 1;
  segment::memberships live(*book, shop, now);
  std::printf("%d like tea", int(live.size(0)));
  if (!live.advance(now + days(90))) return 1;
  std::printf(", %d after 90 days of silence\n", int(live.size(0)));
}
