#include "tailor/evaluate/scoreboard.hpp"

#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/thread_pool.hpp"

using namespace tailor;
using namespace tailor::evaluate;

namespace {

/// Shows the items n, n + 1 … to user n; users that divide by seven see nothing, those by eleven
/// see the same item twice.
struct counting {
  struct scratch {};
  void operator()(user_id user, std::size_t count, scratch&, std::vector<item_id>& out) const {
    if (raw(user) % 7 == 0) return;
    for (std::uint64_t n = 0; n < count; ++n) {
      out.push_back(item_id{raw(user) % 11 == 0 ? 5 : raw(user) + n});
    }
  }
};

std::vector<case_of_user> make_cases(std::size_t n) {
  std::vector<case_of_user> out;
  for (std::uint64_t u = 1; u <= n; ++u) {
    case_of_user c;
    c.user = user_id{u};
    c.relevant = {item_id{u + 1}, item_id{u + 3}, item_id{u + 900}};
    c.known = {item_id{u + 1}, item_id{u + 2}};
    out.push_back(c);
  }
  return out;
}

}  // namespace

TEST_CASE("scoreboard: every user counts, failures as nothing and by name") {
  const auto cases = make_cases(100);
  const scoreboard s = judge(counting{}, cases, 4);
  CHECK(s.empty == 14);
  CHECK(s.refused == 8);  // 11 … 99 without 77
  CHECK(s.shorter == 0);
  CHECK(s.of(metric::hit)[0] == 1);   // user 1
  CHECK(s.of(metric::hit)[6] == 0);   // user 7
  CHECK(s.of(metric::hit)[10] == 0);  // user 11
  CHECK(std::fabs(s.mean(metric::recall_of_all) - 78.0 / 100 * 2 / 3) < 1e-12);
  CHECK(s.repeat_recall[0] == 1);
  CHECK(s.explore_recall[0] == .5);
  CHECK(s.repeat_recall[10] == 0);  // refused: as an empty list
}

TEST_CASE("scoreboard: what is refused is no better than nothing, in no mean") {
  std::vector<case_of_user> cases = make_cases(11);
  cases.erase(cases.begin(), cases.begin() + 9);  // users 10 and 11
  const scoreboard s = judge(counting{}, cases, 4);
  REQUIRE(s.refused == 1);
  CHECK(scoreboard::mean(s.repeat_recall) == .5);
  CHECK(scoreboard::mean(s.explore_recall) == .25);
}

TEST_CASE("scoreboard: cases that ask for nothing or are out of order are counted") {
  std::vector<case_of_user> cases = make_cases(3);
  cases[1].relevant.clear();
  std::swap(cases[2].relevant[0], cases[2].relevant[1]);
  const scoreboard s = judge(counting{}, cases, 4);
  CHECK(s.unasked == 1);
  CHECK(s.malformed == 1);
  CHECK(s.of(metric::hit)[0] == 1);
  CHECK(s.of(metric::hit)[2] == 0);
  CHECK(judge(counting{}, make_cases(9), 4).malformed == 0);
}

TEST_CASE("scoreboard: the same digits for any number of threads") {
  const auto cases = make_cases(700);
  const scoreboard one = judge(counting{}, cases, 6);
  for (const std::size_t threads : {2u, 3u}) {
    thread_pool pool(threads);
    const scoreboard many = judge(counting{}, cases, 6, pool);
    for (std::size_t m = 0; m < metric_count; ++m) CHECK(many.values[m] == one.values[m]);
    CHECK(many.shown == one.shown);
    CHECK(many.empty == one.empty);
    CHECK(many.refused == one.refused);
  }
}

TEST_CASE("scoreboard: coverage, evenness and novelty") {
  scoreboard s;
  s.shown = {{item_id{1}, 1}, {item_id{2}, 1}, {item_id{3}, 2}};
  CHECK(coverage(s, 6) == .5);
  CHECK(coverage(s, 0) == 0);
  // Gini of (0, 0, 0, 1, 1, 2) by the mean difference: Σ|x−y| / (2 n² mean).
  const double x[] = {0, 0, 0, 1, 1, 2};
  double differences = 0;
  for (const double a : x) {
    for (const double b : x) differences += std::fabs(a - b);
  }
  CHECK(std::fabs(gini(s, 6) - differences / (2 * 36 * (4.0 / 6))) < 1e-12);
  CHECK(gini(scoreboard{}, 6) == 0);
  const auto users_of = [](item_id i) { return raw(i) == 3 ? 8 : 2; };
  CHECK(std::fabs(novelty(s, 16, users_of) - (3 + 3 + 2 * 1) / 4.0) < 1e-12);
  CHECK(novelty(scoreboard{}, 16, users_of) == 0);
}
