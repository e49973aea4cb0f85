// Segments that a shop writes down: who is in, why, until when, and who comes and goes.
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "tailor/compose/dispatch.hpp"
#include "tailor/compose/forget.hpp"
#include "tailor/events/timeline.hpp"
#include "tailor/segment/ladder.hpp"
#include "tailor/segment/memberships.hpp"
#include "tailor/segment/rule_words.hpp"
#include "tailor/segment/segment_reader.hpp"

using namespace tailor;
using events::event_kind;

namespace {

constexpr timestamp monday{1'700'438'400'000'000};

/// The shop's own table of its shoppers.
struct customer_table {
  [[nodiscard]] segment::property_value value(user_id user, std::size_t property) const {
    if (property == 0) return segment::text_value(raw(user) % 2 == 0 ? "Bern" : "Basel");
    return segment::flag_value(user != user_id{3});
  }
};

events::event did(std::uint64_t user, event_kind kind, timestamp at, std::int64_t price = 0) {
  events::event e;
  e.user = user_id{user};
  e.kind = kind;
  e.item = item_id{7};
  e.at = at;
  e.unit_price = price;
  return e;
}

/// Prints who comes and goes.
struct to_screen {
  const segment::segment_book* book;
  void operator()(const segment::membership_change& c) const {
    std::printf("  hour %3d: shopper %d %s %s\n", int((c.at - monday).us / hours(1).us),
                int(raw(c.user)), c.entered ? "enters" : "leaves", book->name(c.segment).c_str());
  }
};

}  // namespace

int main() {
  // What rules may speak of: the shop's own properties, and models.
  const customer_table customers;
  const segment::ladder ladder;
  segment::rule_names names;
  if (!names.shoppers(customers, {{"city", segment::property_type::text},
                                  {"newsletter", segment::property_type::flag}})) {
    return 1;
  }
  if (!names.stands("ladder", ladder)) return 1;

  // Segments as C++ expressions; they are data all the same.
  using namespace tailor::segment;
  std::vector<segment_definition> definitions = {
      {"left a cart", funnel({then(carts()), but_not(purchases())}, hours(24), last(days(7))) &&
                          consented("newsletter")},
      {"good of late", revenue(last(days(30))) >= 10'000},
      {"good in Bern", member_of("good of late") && is("city", "Bern")},
      {"just became good", member_of("good of late", last(days(2)))},
  };
  const auto book = segment_book::make(definitions, names);
  if (!book) return 1;

  // Kept up with events and with the clock.
  events::timeline shop;
  memberships live(*book, shop, monday, to_screen{&*book});
  const auto tell = [&](const events::event& e) {
    return live.advance(e.at) && dispatch(e, shop, live);
  };
  std::printf("events\n");
  if (!tell(did(1, event_kind::add_to_cart, monday))) return 1;
  if (!tell(did(3, event_kind::add_to_cart, monday + hours(1)))) return 1;
  if (!tell(did(2, event_kind::purchase, monday + hours(2), 12'000))) return 1;
  std::printf("nothing happens for forty days\n");
  if (!live.advance(monday + days(40))) return 1;

  // Any moment may be asked about, and the reason.
  segment_reader reader(*book, shop);
  const auto why = reader.explain(0, user_id{1}, monday + hours(30));
  if (!why) return 1;
  std::printf("shopper 1 after 30 hours: %s %s\n", why->is ? "in" : "not in",
              book->name(0).c_str());
  for (const reason& r : why->reasons) {
    std::printf("  %s: %s\n", r.holds ? "yes" : "no", r.text.c_str());
  }
  std::printf("  since hour %d, until hour %d\n", int((why->since->us - monday.us) / hours(1).us),
              int((why->until - monday).us / hours(1).us));

  // Mistakes are told with their place, all at once.
  definitions.push_back({"bad", is("town", "Bern") || stands("ladder", 5, 1)});
  std::vector<mistake> mistakes;
  if (segment_book::make(definitions, names, &mistakes)) return 1;
  for (const mistake& m : mistakes) {
    std::printf("%s: %s (%s)\n", m.path.c_str(), m.what, name_of(m.code));
  }

  // Forgotten here as everywhere.
  forget(user_id{2}, shop, live);
  std::printf("good of late: %d\n", int(live.size(1)));
}
