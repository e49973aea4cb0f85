#include "tailor/offer/budget.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "../catch.hpp"
#include "slow_budget.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"
#include "tailor/storage/canonical.hpp"
#include "tailor/testing/laws.hpp"

using namespace tailor;
using offer::key_of;
using offer::quota;
using offer::request_key;
using offer::reservation_state;
using offer::sharded_budget;

static_assert(offer::budget<sharded_budget>);
static_assert(storage::canonical<sharded_budget>);

namespace {

request_key key(std::uint64_t n) { return {mix64(n), mix64(~n)}; }
timestamp at(std::int64_t us) { return {us}; }

sharded_budget small(std::int64_t cap, std::size_t shards = 4) {
  return sharded_budget::make({.cap = cap,
                               .ttl = microseconds(100),
                               .remember = microseconds(1000),
                               .shards = shards})
      .value();
}

}  // namespace

TEST_CASE("quota: takes up to the cap and not a unit more") {
  quota q = quota::make(10).value();
  CHECK(q.take(7));
  CHECK(q.take(4) == errc::full);
  CHECK(q.take(3));
  CHECK(q.left() == 0);
  CHECK(q.take(1) == errc::full);
  CHECK(q.take(INT64_MAX) == errc::full);
  CHECK(q.give(11) == errc::out_of_range);
  CHECK(q.give(10));
  CHECK(q.taken() == 0);
  CHECK(q.take(0) == errc::out_of_range);
  CHECK(q.take(-1) == errc::out_of_range);
  CHECK(q.give(-1) == errc::out_of_range);
  CHECK(quota::make(-1) == errc::out_of_range);
  CHECK(quota::make(5, 6) == errc::out_of_range);
  CHECK(quota::make(5, 5)->take(1) == errc::full);
  CHECK(quota{}.take(1) == errc::full);
  CHECK(quota::make(INT64_MAX)->take(INT64_MAX));
}

TEST_CASE("quota: threads never take more than there is and leave nothing") {
  quota q = quota::make(1000).value();
  std::atomic<std::int64_t> got{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&q, &got] {
      for (int i = 0; i < 5000; ++i) {
        if (q.take(1)) ++got;
      }
    });
  }
  for (std::thread& t : threads) t.join();
  CHECK(got == 1000);
  CHECK(q.left() == 0);
}

TEST_CASE("request key: differs for different ids and secrets") {
  std::set<request_key> seen;
  for (std::uint64_t secret = 0; secret < 3; ++secret) {
    for (int n = 0; n < 1000; ++n) {
      const request_key k = key_of({secret, 1}, "checkout " + std::to_string(n));
      CHECK(k.high != k.low);
      seen.insert(k);
    }
  }
  CHECK(seen.size() == 3000);
  CHECK(key_of({1, 2}, "a") == key_of({1, 2}, "a"));
}

TEST_CASE("budget: reserves up to the cap, commits less and gives the rest back") {
  sharded_budget b = small(100);
  const auto t = b.reserve(key(1), 60, at(0));
  REQUIRE(t);
  CHECK(t->until == at(100));
  CHECK(b.reserve(key(2), 41, at(0)) == errc::full);
  CHECK(b.find(key(2)) == errc::unknown);
  CHECK(b.reserve(key(2), 40, at(0)));
  CHECK(b.totals() == offer::budget_totals{100, 100, 0});
  CHECK(b.commit(key(1), 61, at(1)) == errc::out_of_range);
  CHECK(b.commit(key(1), 0, at(1)) == errc::out_of_range);
  CHECK(b.commit(key(1), 50, at(1)));
  CHECK(b.totals() == offer::budget_totals{100, 40, 50});
  CHECK(b.left() == 10);
  CHECK(b.release(key(2)));
  CHECK(b.left() == 50);
}

TEST_CASE("budget: each step repeated has the same answer and moves the units once") {
  sharded_budget b = small(100);
  const auto first = b.reserve(key(1), 60, at(0));
  REQUIRE(first);
  for (int i = 0; i < 3; ++i) CHECK(*b.reserve(key(1), 60, at(5)) == *first);
  CHECK(b.reserve(key(1), 59, at(5)) == errc::conflict);
  CHECK(b.left() == 40);
  for (int i = 0; i < 3; ++i) CHECK(b.commit(key(1), 30, at(6)));
  CHECK(b.commit(key(1), 31, at(6)) == errc::conflict);
  CHECK(*b.reserve(key(1), 60, at(6)) == *first);
  CHECK(b.left() == 70);
  CHECK(b.release(key(1)) == errc::conflict);
  CHECK(b.give_back(key(1), 31) == errc::out_of_range);
  CHECK(b.give_back(key(1), 0) == errc::out_of_range);
  for (int i = 0; i < 3; ++i) CHECK(b.give_back(key(1), 20));
  CHECK(b.give_back(key(1), 10) == errc::conflict);
  CHECK(b.commit(key(1), 30, at(7)));
  CHECK(b.release(key(1)) == errc::conflict);
  CHECK(b.left() == 90);
  CHECK(b.reserve(key(2), 90, at(7)));
  CHECK(b.give_back(key(2), 1) == errc::conflict);
  for (int i = 0; i < 3; ++i) CHECK(b.release(key(2)));
  CHECK(b.commit(key(2), 90, at(8)) == errc::conflict);
  CHECK(b.give_back(key(2), 1) == errc::conflict);
  CHECK(b.reserve(key(2), 90, at(8)) == errc::stale);
  CHECK(b.left() == 90);
  CHECK(b.commit(key(3), 1, at(8)) == errc::unknown);
  CHECK(b.release(key(3)) == errc::unknown);
  CHECK(b.give_back(key(3), 1) == errc::unknown);
}

TEST_CASE("budget: a lost reservation counts until it expires, and is given back once") {
  sharded_budget b = small(10);
  CHECK(b.reserve(key(1), 10, at(0)));
  CHECK(b.reserve(key(2), 1, at(99)) == errc::full);
  CHECK(b.commit(key(1), 10, at(99)));
  sharded_budget c = small(10);
  CHECK(c.reserve(key(1), 10, at(0)));
  CHECK(c.reserve(key(2), 1, at(100)));  // half-open: at its expiry it is gone
  CHECK(c.commit(key(1), 10, at(100)) == errc::stale);
  CHECK(c.give_back(key(1), 1) == errc::stale);
  CHECK(c.reserve(key(1), 10, at(100)) == errc::stale);
  CHECK(c.release(key(1)));
  CHECK(c.left() == 9);
  CHECK(*c.expire(at(150)) == 0);
  CHECK(*c.expire(at(200)) == 1);
  CHECK(c.left() == 10);
}

TEST_CASE("budget: a clock that jumps back does no harm") {
  sharded_budget b = small(10);
  CHECK(b.reserve(key(1), 5, at(1000)));
  const auto t = b.reserve(key(2), 5, at(-5000));
  REQUIRE(t);
  CHECK(t->until == at(1100));
  CHECK(b.latest() == at(1000));
  CHECK(b.commit(key(1), 5, at(0)));
  CHECK(*b.expire(at(1099)) == 0);
  CHECK(*b.expire(at(1100)) == 5);
  CHECK(b.commit(key(2), 5, at(0)) == errc::stale);
  sharded_budget far = small(10);
  CHECK(far.reserve(key(1), 5, timestamp{INT64_MAX - 10})->until.us == INT64_MAX);
  CHECK(far.reserve(key(2), 5, timestamp{INT64_MIN}));
  CHECK(far.left() == 0);
}

TEST_CASE("budget: a forgotten key is new again, what it spent stays spent") {
  sharded_budget b = small(10);
  CHECK(b.reserve(key(1), 5, at(0)));
  CHECK(b.commit(key(1), 5, at(0)));
  CHECK(b.find(key(1))->state == reservation_state::committed);
  CHECK(*b.expire(at(1099)) == 0);
  CHECK(b.find(key(1)));
  CHECK(*b.expire(at(1100)) == 0);
  CHECK(b.find(key(1)) == errc::unknown);
  CHECK(b.totals() == offer::budget_totals{10, 0, 5});
  CHECK(b.reserve(key(1), 5, at(1100)));
  CHECK(b.reserve(key(2), 1, at(1100)) == errc::full);
}

TEST_CASE("budget: keys are limited, and refused options and amounts change nothing") {
  sharded_budget b =
      sharded_budget::make(
          {.cap = 1000, .ttl = microseconds(10), .remember = {}, .max_keys = 50, .shards = 1})
          .value();
  std::uint64_t n = 0;
  while (b.reserve(key(n), 1, at(0))) ++n;
  CHECK(n == 50);
  CHECK(b.left() == 950);
  CHECK(b.reserve(key(n), 1, at(10)));
  CHECK(b.reserve(key(n + 1), 0, at(10)) == errc::out_of_range);
  CHECK(b.reserve(key(n + 1), -1, at(10)) == errc::out_of_range);
  CHECK(b.reserve(key(n + 1), INT64_MAX, at(10)) == errc::full);
  CHECK(sharded_budget::make({.cap = -1}) == errc::out_of_range);
  CHECK(sharded_budget::make({.ttl = {}}) == errc::out_of_range);
  CHECK(sharded_budget::make({.remember = microseconds(-1)}) == errc::out_of_range);
  CHECK(sharded_budget::make({.max_keys = 0}) == errc::out_of_range);
  CHECK(sharded_budget::make({.shards = 0}) == errc::out_of_range);
  CHECK(sharded_budget::make({.shards = 1025}) == errc::out_of_range);
}

TEST_CASE("budget: agrees with a slow model on random histories, also read back at any step") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    counter_random draw(seed, 9);
    const sharded_budget::options o{.cap = std::int64_t(1 + draw() % 40),
                                    .ttl = microseconds(20),
                                    .remember = microseconds(std::int64_t(draw() % 60)),
                                    .shards = std::size_t(1 + draw() % 8),
                                    .seed = seed};
    sharded_budget fast = sharded_budget::make(o).value();
    tailor_test::slow_budget slow(o);
    std::int64_t clock = 0;
    for (int i = 0; i < 400; ++i) {
      clock += std::int64_t(draw() % 5);
      const timestamp now = at(draw() % 10 == 0 ? clock - 30 : clock);
      const request_key k = key(draw() % 25);
      const auto amount = std::int64_t(draw() % 12) - 1;
      switch (draw() % 8) {
        case 0:
        case 1:
        case 2: {
          const auto a = fast.reserve(k, amount, now);
          const auto e = slow.reserve(k, amount, now);
          CHECK(a.code() == e.code());
          if (a && e) CHECK(*a == *e);
          break;
        }
        case 3:
        case 4:
          CHECK(fast.commit(k, amount, now).code() == slow.commit(k, amount, now).code());
          break;
        case 5:
          CHECK(fast.release(k).code() == slow.release(k).code());
          break;
        case 6:
          CHECK(fast.give_back(k, amount).code() == slow.give_back(k, amount).code());
          break;
        default:
          slow.pass(now);
          CHECK(fast.expire(now));
      }
      slow.pass(fast.latest());
      CHECK(fast.totals() == slow.totals());
      CHECK(fast.totals().left() >= 0);
      if (draw() % 40 == 0) {
        const auto bytes = testing::bytes_of(fast);
        byte_reader in(bytes);
        auto back = sharded_budget::decode(in);
        REQUIRE(back);
        CHECK(in.remaining() == 0);
        CHECK(*back == fast);
        CHECK(testing::bytes_of(*back) == bytes);
        fast = sharded_budget::from(back->record(), o).value();
        CHECK(testing::bytes_of(fast) == bytes);
      }
    }
  }
}

TEST_CASE("budget: its bytes do not depend on order, shards or seed") {
  std::vector<std::byte> first;
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    sharded_budget b =
        sharded_budget::make({.cap = 100, .shards = std::size_t{1} << seed, .seed = seed}).value();
    for (std::uint64_t n = 0; n < 20; ++n) {
      REQUIRE(b.reserve(key((n * 7 + seed * 3) % 20), 2, at(5)));
    }
    for (std::uint64_t n = 0; n < 20; n += 3) REQUIRE(b.commit(key(n), 1, at(6)));
    if (seed == 0) first = testing::bytes_of(b);
    CHECK(testing::bytes_of(b) == first);
  }
}

TEST_CASE("budget: bytes that no budget writes are refused or read as a sound budget") {
  sharded_budget b = small(20);
  for (std::uint64_t n = 0; n < 5; ++n) REQUIRE(b.reserve(key(n), 3, at(0)));
  REQUIRE(b.commit(key(0), 2, at(1)));
  REQUIRE(b.commit(key(1), 3, at(1)));
  REQUIRE(b.give_back(key(1), 1));
  REQUIRE(b.release(key(2)));
  const auto bytes = testing::bytes_of(b);
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    byte_reader cut(std::span<const std::byte>(bytes).first(n));
    CHECK(sharded_budget::decode(cut) == errc::truncated);
    for (const unsigned flip : {1U, 2U, 0x80U, 0xFFU}) {
      auto changed = bytes;
      changed[n] ^= std::byte(flip);
      byte_reader in(changed);
      auto read = sharded_budget::decode(in);
      if (!read || in.remaining() > 0) continue;
      const auto t = read->totals();
      CHECK((t.reserved >= 0 && t.spent >= 0 && t.left() >= 0));
      CHECK(t.left() == read->left());
      CHECK(testing::bytes_of(*read) == changed);
    }
  }
  auto lower = b.record();
  CHECK(sharded_budget::from(lower, {.cap = 9}) == errc::conflict);
  CHECK(sharded_budget::from(lower, {.cap = 10}));
}

TEST_CASE("budget: 64 checkouts at once take a budget of 1,000 uses exactly") {
  sharded_budget b = sharded_budget::make({.cap = 1000}).value();
  std::atomic<std::int64_t> granted{0};
  std::vector<std::thread> threads;
  for (std::uint64_t t = 0; t < 64; ++t) {
    threads.emplace_back([&b, &granted, t] {
      for (std::uint64_t n = 0; n < 200; ++n) {
        const request_key k = key(t * 1000 + n);
        if (!b.reserve(k, 1, at(0))) continue;
        static_cast<void>(b.reserve(k, 1, at(0)));  // a retry
        if (b.commit(k, 1, at(1)) && b.commit(k, 1, at(1))) ++granted;
      }
    });
  }
  for (std::thread& t : threads) t.join();
  CHECK(granted == 1000);
  CHECK(b.totals() == offer::budget_totals{1000, 0, 1000});
}

TEST_CASE("budget: a million attempts with retries and releases pass neither the cap nor demand") {
  constexpr std::uint64_t attempts = 1'050'000;
  std::uint64_t made = 0;
  for (const std::uint64_t threads : {2U, 4U, 8U, 16U, 64U}) {
    for (const std::int64_t cap : {1000, 1'000'000}) {
      CAPTURE(threads, cap);
      sharded_budget b = sharded_budget::make({.cap = cap}).value();
      std::atomic<std::int64_t> kept{0};
      std::atomic<std::int64_t> wanted{0};
      std::atomic<bool> wrong{false};
      const std::uint64_t each = attempts / 10 / threads;
      std::vector<std::thread> all;
      for (std::uint64_t t = 0; t < threads; ++t) {
        all.emplace_back([&, t] {
          counter_random draw(t, threads);
          std::int64_t mine = 0;
          std::int64_t demand = 0;
          for (std::uint64_t n = 0; n < each; ++n) {
            const request_key k = key(t << 32 | n);
            const auto amount = std::int64_t(1 + draw() % 3);
            const auto got = b.reserve(k, amount, at(std::int64_t(n)));
            if (!got) {
              // A refusal is right only while others hold the units; those who give up ask no more.
              demand += amount;
              continue;
            }
            if (draw() % 4 == 0 && !b.reserve(k, amount, at(std::int64_t(n)))) wrong = true;
            if (draw() % 3 == 0) {
              if (!b.release(k) || b.commit(k, 1, at(std::int64_t(n)))) wrong = true;
              continue;
            }
            const std::int64_t spend = 1 + std::int64_t(draw() % std::uint64_t(amount));
            if (!b.commit(k, spend, at(std::int64_t(n)))) wrong = true;
            if (draw() % 4 == 0 && !b.commit(k, spend, at(std::int64_t(n)))) wrong = true;
            mine += spend;
            demand += spend;
            if (draw() % 8 == 0) {
              if (!b.give_back(k, 1) || !b.give_back(k, 1)) wrong = true;
              --mine;
              --demand;
            }
            if (b.left() < 0) wrong = true;
          }
          kept += mine;
          wanted += demand;
        });
      }
      for (std::thread& t : all) t.join();
      made += each * threads;
      CHECK_FALSE(wrong);
      const auto totals = b.totals();
      CHECK(totals.reserved == 0);
      CHECK(totals.spent == kept);
      CHECK(kept <= cap);
      CHECK(b.left() == cap - kept);
      if (wanted <= cap) CHECK(kept == wanted);
      // Whoever comes now gets what is left, to the unit.
      const std::int64_t left = b.left();
      for (std::int64_t n = 0; n < left && n < 3000; ++n) {
        REQUIRE(b.reserve(key(~std::uint64_t(n)), 1, at(0)));
      }
      if (left < 3000) CHECK(b.reserve(key(~std::uint64_t{5000}), 1, at(0)) == errc::full);
    }
  }
  CHECK(made >= 1'000'000);
}

TEST_CASE("budget: threads that expire, sweep and ask leave the sums right") {
  sharded_budget b =
      sharded_budget::make({.cap = 50, .ttl = microseconds(20), .remember = {}}).value();
  std::atomic<std::int64_t> clock{0};
  std::atomic<std::int64_t> committed{0};
  std::atomic<bool> wrong{false};
  std::vector<std::thread> threads;
  for (std::uint64_t t = 0; t < 6; ++t) {
    threads.emplace_back([&, t] {
      for (std::uint64_t n = 0; n < 4000; ++n) {
        const timestamp now = at(++clock);
        const request_key k = key(t << 32 | n);
        if (!b.reserve(k, 1, now)) continue;
        if (n % 100 == 0 && b.commit(k, 1, now)) {
          ++committed;
          if (n % 200 == 0 && b.give_back(k, 1)) --committed;
        }
        if (n % 64 == 0) static_cast<void>(b.expire(now));
        if (n % 97 == 0) {
          const auto sum = b.totals();
          if (sum.spent > 50 || sum.spent < 0) wrong = true;
        }
        if (b.left() < 0 || b.left() > 50) wrong = true;
      }
    });
  }
  for (std::thread& t : threads) t.join();
  CHECK_FALSE(wrong);
  CHECK(b.expire(at(clock + 100)));
  CHECK(b.totals() == offer::budget_totals{50, 0, committed});
  CHECK(b.left() == 50 - committed);
}
