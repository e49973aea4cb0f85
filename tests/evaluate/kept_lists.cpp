#include "tailor/evaluate/kept_lists.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/thread_pool.hpp"

using namespace tailor;
using namespace tailor::evaluate;

namespace {

/// Shows the items n, n + 1 … to user n, one less than was asked to users that divide by three.
struct counting {
  std::uint64_t twice = UINT64_MAX;  ///< this user sees one item twice

  struct scratch {};
  void operator()(user_id user, std::size_t count, scratch&, std::vector<item_id>& out) const {
    const std::size_t shown = raw(user) % 3 == 0 && count > 0 ? count - 1 : count + 1;
    for (std::uint64_t n = 0; n < shown; ++n) {
      out.push_back(item_id{raw(user) == twice && n == 1 ? raw(user) : raw(user) + n});
    }
  }
};

std::vector<case_of_user> make_cases(std::size_t n) {
  std::vector<case_of_user> out;
  for (std::uint64_t u = 1; u <= n; ++u) {
    out.push_back({user_id{u}, {item_id{u + 1}, item_id{u + 3}}, {}});
  }
  return out;
}

}  // namespace

TEST_CASE("kept lists: what was shown, cut at k, the same for any number of threads") {
  const auto cases = make_cases(300);
  const kept_lists one = kept_lists::ask(counting{}, cases, 4).value();
  REQUIRE(one.size() == 300);
  CHECK(one.k() == 4);
  for (std::size_t n = 0; n < one.size(); ++n) {
    REQUIRE(one[n].size() == ((n + 1) % 3 == 0 ? 3 : 4));
    for (std::size_t i = 0; i < one[n].size(); ++i) REQUIRE(raw(one[n][i]) == n + 1 + i);
  }
  thread_pool pool(3);
  const kept_lists many = kept_lists::ask(counting{}, cases, 4, pool).value();
  const auto last = [](std::span<const item_id> list, std::size_t n) {
    return static_cast<double>(raw(list.back())) + 1000.0 * static_cast<double>(n);
  };
  const std::vector<double> values = one.measure(last);
  CHECK(values[0] == 4);
  CHECK(values[2] == 2005);
  CHECK(many.measure(last, pool) == values);
  CHECK(kept_lists::ask(counting{}, {}, 4).value().size() == 0);
  const kept_lists none = kept_lists::ask(counting{}, cases, 0).value();
  CHECK(none[299].empty());
}

TEST_CASE("kept lists: a list that names an item twice is refused, the first case is named") {
  const auto cases = make_cases(300);
  thread_pool pool(2);
  const auto refused = kept_lists::ask(counting{.twice = 200}, cases, 4, pool);
  CHECK(refused.error().code == errc::duplicate);
  CHECK(refused.error().at == 199);
  CHECK(kept_lists::ask(counting{.twice = 200}, cases, 1));  // not seen twice
  CHECK(kept_lists::ask(counting{}, cases, SIZE_MAX / 16).error().code == errc::overflow);
}

TEST_CASE("kept lists: revenue of what was hit, held at the end") {
  const auto cases = make_cases(6);
  const kept_lists lists = kept_lists::ask(counting{}, cases, 4).value();
  // Users 3 and 6 see three items, so that only the nearer choice is hit.
  const auto price = [](item_id i) { return static_cast<std::int64_t>(raw(i)); };
  std::int64_t want = 0;
  for (std::int64_t u = 1; u <= 6; ++u) want += u + 1 + (u % 3 == 0 ? 0 : u + 3);
  CHECK(revenue_of_lists(lists, cases, price).value() == want);
  CHECK(revenue_of_lists(lists, cases, [](item_id) { return INT64_MAX; }).value() == INT64_MAX);
  CHECK(revenue_of_lists(lists, make_cases(5), price).error().code == errc::conflict);
}

TEST_CASE("kept lists: how far shares are from what was chosen") {
  const auto far = [](std::vector<double> p, std::vector<double> q, double smooth = .01) {
    return calibration_divergence(p, q, smooth);
  };
  CHECK(std::fabs(far({.7, .3}, {1, 0}).value() - 1.133982) < 5e-7);
  CHECK(far({.7, .3}, {.7, .3}).value() < 1e-12);
  CHECK(far({.7, .3}, {1, 0}, 1).value() == 0);  // the list is not looked at
  CHECK(std::fabs(far({.25, .75}, {0, 0}).value() - std::log(100)) < 1e-12);
  CHECK(far({1, 0}, {.5, .5}).value() > 0);
  CHECK(far({1}, {.5, .5}).error().code == errc::conflict);
  CHECK(far({.5, std::nan("")}, {1, 0}).error().code == errc::not_finite);
  CHECK(far({1.5, -.5}, {1, 0}).error().code == errc::out_of_range);
  CHECK(far({.5, .4}, {1, 0}).error().code == errc::out_of_range);
  CHECK(far({.5, .5}, {1, 1}).error().code == errc::out_of_range);
  CHECK(far({}, {}).error().code == errc::out_of_range);
  CHECK(far({1}, {1}, 0).error().code == errc::out_of_range);
  CHECK(far({1}, {1}, std::nan("")).error().code == errc::out_of_range);
}
