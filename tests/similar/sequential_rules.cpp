#include "tailor/similar/sequential_rules.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <span>
#include <utility>
#include <vector>

#include "../catch.hpp"
#include "tailor/similar/rule_lists.hpp"
#include "tailor/storage/canonical.hpp"
#include "tailor/testing/laws.hpp"

using namespace tailor;
using namespace tailor::similar;

static_assert(storage::canonical<sequential_rules>);

namespace {

using visit = std::vector<item_id>;
using slow_rules = std::map<std::pair<item_id, item_id>, std::uint64_t>;

visit random_visit(std::mt19937_64& random, std::uint64_t items) {
  visit v;
  for (std::uint64_t n = random() % 25; n > 0; --n) {
    v.push_back(random() % 20 == 0 ? no_item : item_id{random() % items});
  }
  return v;
}

void observe(slow_rules& rules, const visit& v) {
  for (std::size_t i = 0; i < v.size(); ++i) {
    for (std::size_t j = i + 1; j < v.size() && j <= i + 10; ++j) {
      if (v[i] == v[j] || v[i] == no_item || v[j] == no_item) continue;
      rules[{v[i], v[j]}] += 2520 / (j - i);
    }
  }
}

void check_same(const sequential_rules& a, const sequential_rules& b) {
  REQUIRE(a == b);
  REQUIRE(b == a);
  REQUIRE(testing::bytes_of(a) == testing::bytes_of(b));
}

}  // namespace

TEST_CASE("sequential rules: every distance up to ten divides the unit") {
  for (std::size_t d = 1; d <= sequential_rules::reach; ++d) {
    CHECK(sequential_rules::units % d == 0);
  }
}

TEST_CASE("sequential rules: counts and order of a slow model") {
  std::mt19937_64 random(1);
  sequential_rules::scratch scratch;
  std::vector<next_item> out;
  for (int round = 0; round < 100; ++round) {
    const std::uint64_t items = 1 + random() % 20;
    sequential_rules rules;
    slow_rules slow;
    for (int n = 0; n < 20; ++n) {
      const visit v = random_visit(random, items);
      REQUIRE(rules.observe(v));
      observe(slow, v);
    }
    REQUIRE(rules.pairs() == slow.size());
    for (std::uint64_t from = 0; from < items; ++from) {
      std::vector<std::pair<std::int64_t, item_id>> wanted;
      for (const auto& [pair, units] : slow) {
        if (pair.first != item_id{from}) continue;
        wanted.emplace_back(-static_cast<std::int64_t>(units), pair.second);
        REQUIRE(rules.units_of(pair.first, pair.second) == units);
      }
      std::sort(wanted.begin(), wanted.end());
      const std::size_t count = random() % 8;
      rules.next(item_id{from}, count, scratch, out);
      REQUIRE(out.size() == (std::min)(count, wanted.size()));
      for (std::size_t n = 0; n < out.size(); ++n) {
        REQUIRE(out[n].item == wanted[n].second);
        REQUIRE(out[n].score == static_cast<double>(-wanted[n].first) / 2520);
      }
    }
  }
}

TEST_CASE("rule lists: the same answers, as far as they were kept") {
  std::mt19937_64 random(3);
  sequential_rules::scratch scratch;
  std::vector<next_item> slow, fast{{item_id{1}, 1}};
  CHECK(rule_lists{}.after(item_id{1}).empty());
  for (int round = 0; round < 60; ++round) {
    sequential_rules rules;
    for (int n = 0; n < 15; ++n) REQUIRE(rules.observe(random_visit(random, 15)));
    const std::size_t k = random() % 10;
    const rule_lists lists(rules, k);
    for (std::uint64_t from = 0; from < 16; ++from) {
      const std::size_t count = random() % 12;
      rules.next(item_id{from}, (std::min)(count, k), scratch, slow);
      lists.next(item_id{from}, count, scratch, fast);
      REQUIRE(fast == slow);
    }
  }
}

TEST_CASE("sequential rules: order, inverse, merge and canon") {
  std::mt19937_64 random(2);
  for (int round = 0; round < 100; ++round) {
    CAPTURE(round);
    std::vector<visit> visits;
    for (int n = 0; n < 12; ++n) visits.push_back(random_visit(random, 8));
    sequential_rules whole, backwards, left, right, kept;
    for (const visit& v : visits) REQUIRE(whole.observe(v));
    for (std::size_t n = visits.size(); n-- > 0;) REQUIRE(backwards.observe(visits[n]));
    check_same(whole, backwards);
    for (std::size_t n = 0; n < visits.size(); ++n) {
      REQUIRE((n % 3 == 0 ? left : right).observe(visits[n]));
      if (n % 2 == 0) REQUIRE(kept.observe(visits[n]));
    }
    REQUIRE(right.merge(left));
    check_same(whole, right);
    for (std::size_t n = 1; n < visits.size(); n += 2) REQUIRE(backwards.retract(visits[n]));
    check_same(backwards, kept);
    for (std::size_t n = 0; n < visits.size(); n += 2) REQUIRE(backwards.retract(visits[n]));
    check_same(backwards, sequential_rules{});
    CHECK(backwards.items() == 0);
    const auto bytes = testing::bytes_of(whole);
    byte_reader in(bytes);
    check_same(sequential_rules::decode(in).value(), whole);
  }
}

TEST_CASE("sequential rules: what cannot be counted changes nothing") {
  const item_id a{1}, b{2}, c{3};
  sequential_rules rules;
  REQUIRE(rules.observe(visit{a, b, c}));
  const sequential_rules before = rules;
  CHECK(rules.retract(visit{a, b, c, a}) == errc::unknown);
  CHECK(rules.retract(visit{c, a}) == errc::unknown);
  CHECK(rules.observe(visit(10'001, a)) == errc::oversized);
  CHECK(rules.retract(visit(10'001, a)) == errc::oversized);
  CHECK(rules.observe(visit{}));
  CHECK(rules.observe(visit{a}));
  CHECK(rules.observe(visit(10'000, a)));  // nothing follows itself
  check_same(rules, before);

  // Close to the limit, by merging with itself.
  sequential_rules many;
  REQUIRE(many.observe(visit{a, b}));
  int doubled = 0;
  for (status s; (s = many.merge(many)); ++doubled) {
  }
  CHECK(doubled == 20);  // 2520 · 2^20 fits, twice as much does not
  const sequential_rules full = many;
  CHECK(many.merge(many) == errc::overflow);
  check_same(many, full);
}

TEST_CASE("sequential rules: bytes from elsewhere are refused or mean what they say") {
  sequential_rules rules;
  REQUIRE(rules.observe(visit{item_id{1}, item_id{2}, item_id{3}, item_id{1}}));
  const auto bytes = testing::bytes_of(rules);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    byte_reader in(std::span<const std::byte>(bytes).first(size));
    REQUIRE(!sequential_rules::decode(in));
  }
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::vector<std::byte> damaged = bytes;
      damaged[at] ^= std::byte{static_cast<unsigned char>(1 << bit)};
      byte_reader in(damaged);
      const auto read = sequential_rules::decode(in);
      if (!read) continue;
      damaged.resize(in.offset());
      REQUIRE(testing::bytes_of(*read) == damaged);
    }
  }
}
