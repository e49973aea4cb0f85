#include "tailor/evaluate/leak_report.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/distributions.hpp"

using namespace tailor;
using namespace tailor::evaluate;

namespace {

interaction row(std::uint64_t user, std::uint64_t item, std::int64_t at,
                order_id basket = no_order) {
  return {user_id{user}, item_id{item}, timestamp{at}, basket};
}

bool same_pair(const interaction& a, const interaction& b) {
  return a.user == b.user && a.item == b.item;
}

/// By comparing every row with every other.
leak_report slow_report(const std::vector<interaction>& train,
                        const std::vector<interaction>& test) {
  leak_report out;
  const auto add = [&](finding f, std::size_t at) {
    auto& e = out.entries[static_cast<std::size_t>(f)];
    if (e.count++ == 0) e.first = at;
  };
  for (std::size_t n = 0; n < train.size(); ++n) {
    bool of_user = false, of_all = false, repeated = false;
    for (const interaction& t : test) {
      of_all |= t.at <= train[n].at;
      of_user |= t.at <= train[n].at && t.user == train[n].user;
    }
    for (std::size_t m = 0; m < n; ++m) repeated |= same_pair(train[m], train[n]);
    if (of_user) add(finding::future_of_user, n);
    if (of_all) add(finding::future_of_anybody, n);
    if (repeated) add(finding::repeated_in_train, n);
  }
  for (std::size_t n = 0; n < test.size(); ++n) {
    bool equal = false, pair = false, item = false, user = false, repeated = false;
    for (const interaction& t : train) {
      equal |= t == test[n];
      pair |= same_pair(t, test[n]);
      item |= t.item == test[n].item;
      user |= t.user == test[n].user;
    }
    for (std::size_t m = 0; m < n; ++m) repeated |= same_pair(test[m], test[n]);
    if (equal) add(finding::row_on_both_sides, n);
    if (pair) add(finding::pair_on_both_sides, n);
    if (!item) add(finding::unknown_item, n);
    if (!user) add(finding::unknown_user, n);
    if (repeated) add(finding::repeated_in_test, n);
  }
  return out;
}

}  // namespace

TEST_CASE("leak report: as by comparing every row with every other") {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    counter_random draw(seed, 3);
    std::vector<interaction> sides[2];
    for (std::size_t side = 0; side < 2; ++side) {
      for (std::uint64_t n = uniform_below(draw, 25); n > 0; --n) {
        sides[side].push_back(row(
            uniform_below(draw, 5), uniform_below(draw, 6),
            static_cast<std::int64_t>(uniform_below(draw, 8) + 5 * side * uniform_below(draw, 2)),
            uniform_below(draw, 2) == 0 ? no_order : order_id{uniform_below(draw, 2)}));
      }
    }
    REQUIRE(report_leaks(sides[0], sides[1]) == slow_report(sides[0], sides[1]));
  }
}

TEST_CASE("leak report: counts worked by hand") {
  const std::vector<interaction> train{row(1, 1, 5), row(1, 2, 30), row(2, 7, 9)};
  const std::vector<interaction> test{row(1, 1, 20), row(1, 3, 25), row(1, 3, 26), row(3, 1, 5)};
  const leak_report l = report_leaks(train, test);
  CHECK(l[finding::future_of_user].count == 1);
  CHECK(l[finding::future_of_user].first == 1);
  CHECK(l[finding::pair_on_both_sides].count == 1);
  CHECK(l[finding::repeated_in_test].count == 1);
  CHECK(l[finding::repeated_in_test].first == 2);
  CHECK(l[finding::future_of_anybody].count == 3);
  CHECK(l[finding::unknown_item].count == 2);
  CHECK(l[finding::unknown_user].count == 1);
  CHECK_FALSE(l.clean());
}

TEST_CASE("leak report: a row that was left on both sides, and a clean split") {
  const std::vector<interaction> train{row(1, 1, 5), row(2, 2, 6)}, after{row(1, 1, 9)};
  const leak_report repeat = report_leaks(train, after);
  CHECK(repeat[finding::pair_on_both_sides].count == 1);  // bought again: no leak
  CHECK(repeat[finding::row_on_both_sides].count == 0);
  CHECK(repeat.clean());
  CHECK(repeat[finding::unknown_item].first == leak_report::nowhere);
  const std::vector<interaction> both{row(3, 2, 9), row(1, 1, 5)};
  const leak_report left = report_leaks(train, both);
  CHECK(left[finding::row_on_both_sides].count == 1);
  CHECK(left[finding::row_on_both_sides].first == 1);
  CHECK_FALSE(left.clean());
  CHECK(report_leaks({}, {}) == leak_report{});
  CHECK(report_leaks(train, {}).clean());
}

TEST_CASE("leak report: a case that asks for what the model is told") {
  std::vector<case_of_user> cases(3);
  cases[0] = {user_id{1}, {item_id{1}, item_id{4}}, {item_id{2}, item_id{3}}};
  cases[1] = {user_id{2}, {item_id{1}, item_id{4}}, {item_id{4}}};
  cases[2] = {user_id{3}, {item_id{5}}, {item_id{5}}};
  const leak_report r = report_leaks({}, {}, cases);
  CHECK(r[finding::target_in_history].count == 2);
  CHECK(r[finding::target_in_history].first == 1);
}

TEST_CASE("leak report: every finding has a name of its own") {
  for (std::size_t a = 0; a < finding_count; ++a) {
    CHECK(std::string(name_of(finding(a))) != "unnamed");
    for (std::size_t b = 0; b < a; ++b) {
      CHECK(std::string(name_of(finding(a))) != name_of(finding(b)));
    }
  }
  CHECK(std::string(name_of(finding(finding_count))) == "unnamed");
}
