#include "tailor/compose/forget.hpp"

#include <cstdint>
#include <vector>

#include "../catch.hpp"
#include "tailor/compose/dispatch.hpp"
#include "tailor/events/dedupe.hpp"
#include "tailor/events/timeline.hpp"
#include "tailor/similar/popularity.hpp"
#include "tailor/testing/histories.hpp"
#include "tailor/testing/laws.hpp"

using namespace tailor;
using events::event;
using events::timeline;
using similar::popularity;

namespace {

struct rules {
  using takes_no_events = void;
  using holds_no_personal_data = void;
  int version = 3;
};

}  // namespace

TEST_CASE("forget: parts that keep sums forget by taking the shopper's events back") {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    CAPTURE(seed);
    const std::vector<event> h = testing::random_history(seed);
    if (h.empty()) continue;
    const user_id gone = h[h.size() / 2].user;
    timeline history;
    timeline history_without;
    popularity sales;
    popularity sales_without;
    rules book;
    for (const event& e : h) {
      CHECK(dispatch(e, history, sales, book));
      if (e.user != gone) CHECK(dispatch(e, history_without, sales_without, book));
    }
    if (seed % 2 == 0) {
      forget(gone, history, sales, book);
    } else {
      forget(gone, sales, book, history);
    }
    CHECK(history == history_without);
    CHECK(sales == sales_without);
    CHECK(testing::bytes_of(history) == testing::bytes_of(history_without));
    CHECK(testing::bytes_of(sales) == testing::bytes_of(sales_without));
  }
}

TEST_CASE("forget: a shopper nobody knows changes nothing") {
  timeline history;
  CHECK(history.observe({.user = user_id{1}, .item = item_id{2}}));
  const timeline before = history;
  forget(user_id{9}, history);
  CHECK(history == before);
}
