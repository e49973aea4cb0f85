#include "tailor/evaluate/split.hpp"

#include <cstdint>
#include <map>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/evaluate/leak_report.hpp"

using namespace tailor;
using namespace tailor::evaluate;

namespace {

interaction row(std::uint64_t user, std::uint64_t item, std::int64_t at,
                order_id basket = no_order) {
  return {user_id{user}, item_id{item}, timestamp{at}, basket};
}

}  // namespace

TEST_CASE("split: by time, half-open") {
  const std::vector<interaction> rows{row(1, 1, 5), row(1, 2, 10), row(2, 1, 19), row(2, 2, 20)};
  const split s = split_by_time(rows, timestamp{10}, timestamp{20}).value();
  CHECK(s.train == std::vector<interaction>{rows[0]});
  CHECK(s.validation == std::vector<interaction>{rows[1], rows[2]});
  CHECK(s.test == std::vector<interaction>{rows[3]});
  CHECK_FALSE(split_by_time(rows, timestamp{2}, timestamp{1}));
  CHECK(report_leaks(s.train, s.test).clean());
}

TEST_CASE("split: the last basket of whoever has two, as by a plain map") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    counter_random draw(seed, 1);
    std::vector<interaction> rows;
    std::map<std::uint64_t, std::int64_t> start;
    for (int n = 0; n < 40; ++n) {
      const std::uint64_t user = uniform_below(draw, 6);
      const std::uint64_t basket = 10 * user + uniform_below(draw, 4);
      // A basket is bought within minutes; baskets may share a moment.
      const auto at = static_cast<std::int64_t>(100 * (basket % 10 % 3) + uniform_below(draw, 3));
      const bool numbered = user != 5;
      rows.push_back(
          row(user, uniform_below(draw, 30), at, numbered ? order_id{basket} : no_order));
    }
    const auto validates = [](user_id u) { return raw(u) % 2 == 0; };
    const split s = leave_last_basket(rows, validates);
    std::map<std::uint64_t, std::map<std::pair<std::int64_t, std::uint64_t>, int>> baskets;
    const auto key = [&](const interaction& r) {
      std::int64_t end = r.at.us;
      for (const interaction& o : rows) {
        if (r.basket != no_order && o.user == r.user && o.basket == r.basket) {
          end = (std::max)(end, o.at.us);
        }
      }
      return std::pair(end, raw(r.basket));
    };
    for (const interaction& r : rows) ++baskets[raw(r.user)][key(r)];
    split want;
    for (const interaction& r : rows) {
      const auto& own = baskets[raw(r.user)];
      if (own.size() < 2 || key(r) != own.rbegin()->first) {
        want.train.push_back(r);
      } else {
        (validates(r.user) ? want.validation : want.test).push_back(r);
      }
    }
    REQUIRE(s.train == want.train);
    REQUIRE(s.validation == want.validation);
    REQUIRE(s.test == want.test);
  }
}
