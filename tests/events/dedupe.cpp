#include "tailor/events/dedupe.hpp"

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"
#include "tailor/testing/laws.hpp"

using namespace tailor;
using events::dedupe;
using events::event;

namespace {

event sent(std::uint64_t user, std::uint64_t id, std::int64_t second) {
  event e;
  e.user = user_id{user};
  e.id = event_id{id};
  e.at = timestamp{} + seconds(second);
  return e;
}

}  // namespace

TEST_CASE("dedupe: the first event of an id wins, per shopper") {
  dedupe d;
  CHECK(d.admit(sent(1, 7, 0)));
  CHECK(d.admit(sent(1, 7, 5)) == errc::duplicate);
  CHECK(d.admit(sent(2, 7, 5)));
  CHECK(d.admit(sent(1, 8, 5)));
  CHECK(d.size() == 3);
  event anonymous = sent(1, 0, 9);
  anonymous.id = no_event;
  CHECK(d.admit(anonymous));
  CHECK(d.admit(anonymous));
  CHECK(d.size() == 3);
}

TEST_CASE("dedupe: an event that was refused further on may come again") {
  dedupe d;
  CHECK(d.admit(sent(1, 7, 0)));
  d.withdraw(sent(1, 7, 0));
  CHECK(d == dedupe{});
  CHECK(d.admit(sent(1, 7, 0)));
}

TEST_CASE("dedupe: forgets what is older than the window behind the newest event") {
  dedupe d;
  CHECK(d.admit(sent(1, 1, 0)));
  CHECK(d.admit(sent(1, 2, 600)));
  CHECK(d.size() == 2);
  CHECK(d.admit(sent(1, 3, 601)));
  CHECK(d.size() == 2);
  CHECK(d.admit(sent(1, 2, 600)) == errc::duplicate);
}

TEST_CASE("dedupe: keeps the newest when full, whatever order they come in") {
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    CAPTURE(seed);
    counter_random draw(seed, 1);
    std::vector<event> h;
    for (std::uint64_t i = 0; i < 40; ++i) {
      h.push_back(sent(uniform_below(draw, 3), 100 + i, std::int64_t(uniform_below(draw, 900))));
    }
    const dedupe::options small{minutes(10), 12};
    dedupe a(small);
    for (const event& e : h) CHECK(a.admit(e));
    shuffle(std::span<event>(h), draw);
    dedupe b(small);
    for (const event& e : h) CHECK(b.admit(e));
    CHECK(a == b);
    CHECK(testing::bytes_of(a) == testing::bytes_of(b));
    CHECK(a.size() <= 12);
  }
}

TEST_CASE("dedupe: a forgotten shopper was never there, and its bytes come back") {
  dedupe d;
  dedupe without;
  for (std::uint64_t i = 0; i < 20; ++i) {
    CHECK(d.admit(sent(i % 3, i, std::int64_t(i))));
    if (i % 3 != 1) CHECK(without.admit(sent(i % 3, i, std::int64_t(i))));
  }
  d.forget(user_id{1});
  CHECK(d == without);
  const std::vector<std::byte> bytes = testing::bytes_of(d);
  CHECK(bytes == testing::bytes_of(without));
  byte_reader in(bytes);
  const auto read = dedupe::decode(in);
  REQUIRE(read);
  CHECK(*read == d);
  dedupe resumed = dedupe(*read).with({});
  CHECK(resumed.admit(sent(0, 18, 18)) == errc::duplicate);
}

TEST_CASE("dedupe: shards merge to what one would have kept, and a forgotten shopper was in none") {
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    CAPTURE(seed);
    counter_random draw(seed, 2);
    const dedupe::options roomy{minutes(20), 1000};
    dedupe a(roomy);
    dedupe b(roomy);
    dedupe whole(roomy);
    dedupe without(roomy);
    for (std::uint64_t i = 0; i < 40; ++i) {
      const event e = sent(uniform_below(draw, 5), i, std::int64_t(uniform_below(draw, 900)));
      CHECK((raw(e.user) < 2 ? a : b).admit(e));
      CHECK(whole.admit(e));
      if (e.user != user_id{3}) CHECK(without.admit(e));
    }
    dedupe ab = a;
    ab.merge(b);
    b.merge(a);
    CHECK(ab == b);
    CHECK(testing::bytes_of(ab) == testing::bytes_of(whole));
    ab.forget(user_id{3});
    CHECK(testing::bytes_of(ab) == testing::bytes_of(without));
  }
}

TEST_CASE("dedupe: times at the ends of the range do not overflow") {
  dedupe d;
  event e = sent(1, 1, 0);
  e.at = timestamp{INT64_MIN};
  CHECK(d.admit(e));
  e.id = event_id{2};
  e.at = timestamp{INT64_MAX};
  CHECK(d.admit(e));
  CHECK(d.size() == 1);
}
