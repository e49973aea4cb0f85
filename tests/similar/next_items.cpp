#include "tailor/similar/next_items.hpp"

#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "slow_sessions.hpp"

using namespace tailor;
using namespace tailor::similar;

namespace {

using visit = std::vector<item_id>;

struct shop {
  session_index index;
  sequential_rules rules;
  std::vector<ranked_item> popular;
  next_items_scratch scratch;
  std::vector<sourced_item> out;

  answered_by ask(const visit& running, const session_knn_options& options = {}) {
    return next_items(index, rules, popular, running, options, vmis{}, scratch, out);
  }
};

}  // namespace

TEST_CASE("next items: each source fills what the ones before it leave free") {
  const item_id a{1}, b{2}, c{3}, d{4}, e{5};
  shop s;
  CHECK(s.ask({a}) == answered_by::nothing);
  CHECK(s.ask({}) == answered_by::nothing);
  s.popular = {{e, 9, 9, 0}, {a, 8, 8, 0}, {d, 7, 7, 0}};
  CHECK(s.ask({a}) == answered_by::popularity);
  CHECK(s.out.size() == 2);  // not what is looked at
  CHECK(s.out[0] == sourced_item{e, 9, answered_by::popularity});
  REQUIRE(s.rules.observe(visit{a, c, d}));
  CHECK(s.ask({a}) == answered_by::sequential_rules);
  REQUIRE(s.out.size() == 3);
  CHECK(s.out[0] == sourced_item{c, 1, answered_by::sequential_rules});
  CHECK(s.out[1] == sourced_item{d, 0.5, answered_by::sequential_rules});
  CHECK(s.out[2] == sourced_item{e, 9, answered_by::popularity});
  const visit past{a, b};
  REQUIRE(s.index.add({session_id{1}, user_id{1}, timestamp{1}, past}));
  CHECK(s.ask({a}) == answered_by::past_sessions);
  REQUIRE(s.out.size() == 4);
  CHECK(s.out[0].item == b);
  CHECK(s.out[1].source == answered_by::sequential_rules);
  CHECK(s.ask({a}, {.count = 2}) == answered_by::past_sessions);
  CHECK(s.out.size() == 2);
  const rule_lists lists(s.rules, 20);
  const std::vector<sourced_item> before = s.out;
  CHECK(next_items(s.index, lists, s.popular, visit{a}, {.count = 2}, vmis{}, s.scratch, s.out) ==
        answered_by::past_sessions);
  CHECK(s.out == before);
  s.ask({a}, {.count = SIZE_MAX});
  CHECK(s.out.size() == 4);
  CHECK(s.ask({a}, {.count = 0}) == answered_by::nothing);
  // The last known item is asked, not what is unknown.
  CHECK(s.ask({a, item_id{99}}, {.neighbours = 0}) == answered_by::sequential_rules);
  CHECK(std::string(name_of(answered_by::sequential_rules)) == "sequential rules");
}

TEST_CASE("next items: nothing twice, nothing that is kept out, never too many") {
  std::mt19937_64 random(1);
  for (int round = 0; round < 100; ++round) {
    CAPTURE(round);
    shop s;
    for (std::uint64_t id = 0; id < 30; ++id) {
      const auto one = tailor_test::random_session(random, id, std::int64_t(id), 20, 5);
      REQUIRE(s.index.add(one.view()));
      const auto other = tailor_test::random_session(random, id, std::int64_t(id), 30, 5);
      REQUIRE(s.rules.observe(other.clicks));
    }
    for (std::uint64_t i = 0; i < 40; ++i) s.popular.push_back({item_id{5 + 7 * i}, 1, 1, 0});
    for (int query = 0; query < 20; ++query) {
      const auto clicks = tailor_test::random_clicks(random, 40, 6);
      const session_knn_options options{
          .neighbours = random() % 4,
          .count = random() % 30,
          .seen = random() % 2 == 0 ? seen_items::none : seen_items::all_but_last};
      const answered_by first = s.ask(clicks, options);
      REQUIRE(s.out.size() == options.count);  // there are enough
      if (!s.out.empty()) REQUIRE(s.out.front().source == first);
      std::set<item_id> named;
      for (std::size_t n = 0; n < s.out.size(); ++n) {
        REQUIRE(named.insert(s.out[n].item).second);
        if (n > 0) REQUIRE(s.out[n - 1].source <= s.out[n].source);
      }
      if (!clicks.empty()) REQUIRE(named.count(clicks.back()) == 0);
      for (const item_id own : clicks) {
        if (options.seen == seen_items::none) REQUIRE(named.count(own) == 0);
      }
    }
  }
}
