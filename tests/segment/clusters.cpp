#include "tailor/segment/clusters.hpp"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "plain_fit.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"
#include "tailor/core/thread_pool.hpp"
#include "tailor/events/timeline.hpp"
#include "tailor/segment/cluster_fit.hpp"
#include "tailor/testing/histories.hpp"

using namespace tailor;
using events::event;
using events::event_kind;
using segment::cluster_options;
using segment::clusters;
using segment::feature;
using segment::fit_clusters;
using tailor_test::plain_fit;

namespace {

constexpr timestamp start{1'600'000'000'000'000};

events::timeline timeline_of(const std::vector<event>& all) {
  events::timeline t;
  for (const event& e : all) REQUIRE(t.observe(e));
  return t;
}

event bought(std::uint64_t user, timestamp at, std::int64_t price, std::uint64_t number) {
  event e;
  e.user = user_id{user};
  e.at = at;
  e.kind = event_kind::purchase;
  e.item = item_id{number % 7};
  e.order = order_id{number};
  e.unit_price = price;
  return e;
}

/// Three kinds of shoppers: regulars, one-timers of long ago, big spenders of late.
events::timeline three_kinds(std::uint64_t seed, std::uint64_t shoppers = 300) {
  counter_random g(seed, 8);
  std::vector<event> all;
  std::uint64_t number = 0;
  for (std::uint64_t u = 0; u < shoppers; ++u) {
    const int orders = u % 3 == 0 ? 12 : u % 3 == 1 ? 1 : 3;
    for (int i = 0; i < orders; ++i) {
      const std::int64_t last = u % 3 == 1 ? 250 : 10;
      const auto ago = hours(24 * (last + 20 * i) + uniform_between(g, 0, 200));
      const std::int64_t price = (u % 3 == 2 ? 50'000 : 1'000) + uniform_between(g, 0, 500);
      all.push_back(bought(u + 1, start + days(400) - ago, price, ++number));
    }
  }
  return timeline_of(all);
}

cluster_options with(std::vector<feature> features, std::size_t k) {
  cluster_options o;
  o.features = std::move(features);
  o.k = k;
  return o;
}

/// The law of `standing`: until the moment named, membership does not change by the clock alone.
/// Returns how often the moment was later than the next midnight.
std::size_t check_law(const clusters& model, const events::timeline& t, std::uint64_t seed,
                      std::int64_t horizon_hours) {
  counter_random g(seed, 11);
  segment::order_reader scratch;
  std::size_t far = 0;
  for (std::uint32_t s = 0; s < t.shopper_limit(); ++s) {
    const auto all = t.lines_of(s);
    if (all.empty()) continue;
    for (int i = 0; i < 4; ++i) {
      const timestamp now = start + hours(uniform_between(g, -5, horizon_hours));
      const auto past = all.first(static_cast<std::size_t>(
          std::partition_point(all.begin(), all.end(),
                               [now](const events::line& l) { return l.at <= now; }) -
          all.begin()));
      const std::int64_t low = uniform_between(g, 0, 3);
      const std::int64_t high = uniform_between(g, low, 4);
      const auto inside = [&](timestamp at) {
        const auto v = model.value(past, at, scratch);
        return v && *v >= low && *v <= high;
      };
      const timestamp until = model.until(past, now, low, high, scratch);
      REQUIRE(now < until);
      far += until > now + days(1) ? 1U : 0U;
      const bool at_first = inside(now);
      const timestamp end = (std::min)(until, now + days(900));
      for (timestamp at = now; at < end; at = at + hours(uniform_between(g, 1, 60))) {
        REQUIRE(inside(at) == at_first);
      }
      REQUIRE(inside(end - microseconds(1)) == at_first);
    }
  }
  return far;
}

}  // namespace

TEST_CASE("clusters: three kinds of shoppers are found, named and numbered by size") {
  const auto t = three_kinds(1);
  const timestamp now = start + days(401);
  const auto m = fit_clusters(t, now, plain_fit).value();
  REQUIRE(m.groups().size() == 3);
  CHECK(m.choice().k == 3);
  CHECK(m.next_label() == 3);
  std::set<std::string> names;
  for (const auto& g : m.groups()) {
    names.insert(g.name);
    CHECK(g.size == 100);
    CHECK(m.find(g.label) == &g);
  }
  CHECK(names == std::set<std::string>{"recent, frequent", "long gone, rare, low spend",
                                       "recent, high spend"});
  segment::order_reader scratch;
  const auto group_of = [&](std::uint64_t user) {
    const auto v = m.value(t.lines_of(*t.find_shopper(user_id{user})), now, scratch);
    return m.find(v.value())->name;
  };
  CHECK(group_of(1) == "recent, frequent");
  CHECK(group_of(2) == "long gone, rare, low spend");
  CHECK(group_of(3) == "recent, high spend");
  const auto centre =
      m.centre_of(*m.find(*m.value(t.lines_of(*t.find_shopper(user_id{1})), now, scratch)));
  CHECK(centre[1] == Approx(12));
  CHECK(m.find(99) == nullptr);
}

TEST_CASE("clusters: labels stay with the groups when more is known") {
  const auto first = fit_clusters(three_kinds(1), start + days(401), plain_fit).value();
  cluster_options options;
  options.k = 4;
  const auto t = three_kinds(2, 331);
  const auto second = fit_clusters(t, start + days(420), plain_fit, options, &first).value();
  REQUIRE(second.groups().size() == 4);
  CHECK(second.next_label() == 4);
  std::size_t same = 0;
  for (const auto& g : second.groups()) {
    const auto* old = first.find(g.label);
    if (old != nullptr) same += old->name == g.name ? 1U : 0U;
  }
  CHECK(same >= 2);
  const auto again = fit_clusters(t, start + days(420), plain_fit, {}, &second).value();
  for (const auto& g : again.groups()) CHECK(g.label < 4);
  options.features = {feature::revenue};
  CHECK(fit_clusters(t, start, plain_fit, options, &first) == errc::conflict);
}

TEST_CASE("clusters: the label holds until the moment that is named, whatever ages") {
  const std::vector<std::vector<feature>> sets = {
      {feature::recency_days, feature::order_count, feature::revenue},
      {feature::recency_days},
      {feature::recency_days, feature::days_since_first, feature::revenue},
      {feature::days_since_first, feature::distinct_items, feature::views},
      {feature::order_count, feature::average_order}};
  std::size_t far = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    counter_random g(seed);
    const auto t = timeline_of(testing::random_history(
        seed, {.shoppers = 12, .orders = 9, .events = 160, .moments = 24 * 40}));
    cluster_options o = with(sets[seed % sets.size()], 1 + uniform_below(g, 4));
    o.rules.orders.midnight = hours(uniform_between(g, -20, 20));
    if (seed % 2 == 0) o.rules.window = hours(uniform_between(g, 30, 800));
    const auto m = fit_clusters(t, start + hours(uniform_between(g, 100, 960)), plain_fit, o);
    if (!m) continue;
    far += check_law(*m, t, seed, 24 * 45);
  }
  CHECK(far > 100);  // not only the next midnight, which would be no help
}

TEST_CASE("clusters: where nothing ages, the clock alone changes nothing") {
  const auto t = three_kinds(1);
  const auto m = fit_clusters(t, start + days(401), plain_fit,
                              with({feature::order_count, feature::revenue}, 3))
                     .value();
  segment::order_reader scratch;
  const auto lines = t.lines_of(0);
  CHECK(m.until(lines, start + days(401), 0, 0, scratch) == segment::never);
  CHECK(m.until(lines.first(0), start, 0, 0, scratch) == segment::never);
  CHECK_FALSE(m.value(lines.first(0), start, scratch));
}

TEST_CASE("clusters: the same for any number of threads") {
  const auto t = three_kinds(3, 3000);
  const auto one = fit_clusters(t, start + days(401), plain_fit, {}, nullptr).value();
  thread_pool pool(3);
  const auto many = fit_clusters(t, start + days(401), plain_fit, {}, nullptr, pool).value();
  CHECK(one.scale() == many.scale());
  REQUIRE(one.groups().size() == many.groups().size());
  for (std::size_t i = 0; i < one.groups().size(); ++i) {
    CHECK(one.groups()[i].centre == many.groups()[i].centre);
    CHECK(one.groups()[i].name == many.groups()[i].name);
    CHECK(one.groups()[i].label == many.groups()[i].label);
  }
}

TEST_CASE("clusters: nobody, one, all equal, too many groups, revenue below zero") {
  const timestamp now = start + days(400);
  CHECK(fit_clusters({}, now, plain_fit) == errc::too_few);
  const auto one = timeline_of({bought(1, start, 100, 1)});
  const auto alone = fit_clusters(one, now, plain_fit).value();
  CHECK(alone.groups().empty());
  CHECK(alone.choice().table[0].what == segment::verdict::too_few);
  segment::order_reader scratch;
  CHECK_FALSE(alone.value(one.lines_of(0), now, scratch));
  CHECK(alone.until(one.lines_of(0), now, 0, 9, scratch) == segment::never);
  CHECK(fit_clusters(one, now, plain_fit, with({feature::revenue}, 1)).value().groups().size() ==
        1);

  std::vector<event> equal;
  for (std::uint64_t u = 1; u <= 50; ++u) equal.push_back(bought(u, start, 100, u));
  const auto same = timeline_of(equal);
  CHECK(fit_clusters(same, now, plain_fit).value().groups().empty());
  CHECK(fit_clusters(same, now, plain_fit, with({feature::revenue}, 2)) == errc::too_few);
  const auto single = fit_clusters(same, now, plain_fit, with({feature::revenue}, 1)).value();
  CHECK(single.scale().columns()[0].constant());
  CHECK(single.groups()[0].name == "average");
  CHECK(single.value(same.lines_of(3), now, scratch) == 0);
  CHECK(fit_clusters(one, now, plain_fit, with({feature::revenue}, 2)) == errc::too_few);

  cluster_options odd = with({feature::revenue}, 1);
  odd.rules.orders.zero = segment::worthless::counted;
  const auto owing = timeline_of({bought(1, start, 100, 1), bought(2, start, -100, 2)});
  const auto refused = fit_clusters(owing, now, plain_fit, odd);
  CHECK(refused == errc::out_of_range);
  CHECK(refused.error().at == 1);
  const auto later = fit_clusters(one, now, plain_fit, odd).value();
  CHECK_FALSE(later.value(owing.lines_of(1), now, scratch));

  CHECK(fit_clusters(one, now, plain_fit, with({}, 1)) == errc::out_of_range);
  cluster_options words = with({feature::revenue}, 1);
  words.words.resize(2);
  CHECK(fit_clusters(one, now, plain_fit, words) == errc::malformed);
  CHECK(fit_clusters(one, start - days(1), plain_fit) == errc::too_few);  // all in the future
}
