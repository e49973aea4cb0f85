#include "tailor/events/identity.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"
#include "tailor/events/timeline.hpp"
#include "tailor/testing/histories.hpp"
#include "tailor/testing/laws.hpp"

using namespace tailor;
using events::event;
using events::identities;
using events::timeline;

TEST_CASE("identities: chains are followed, from cookie to e-mail to account") {
  identities ids;
  CHECK(ids.link(user_id{1}, user_id{2}));
  CHECK(ids.link(user_id{2}, user_id{3}));
  CHECK(ids.link(user_id{4}, user_id{3}));
  CHECK(ids.resolve(user_id{1}) == user_id{3});
  CHECK(ids.resolve(user_id{3}) == user_id{3});
  CHECK(ids.resolve(user_id{9}) == user_id{9});
  CHECK(ids.aliases(user_id{3}) == std::vector<user_id>{user_id{1}, user_id{2}, user_id{4}});
}

TEST_CASE("identities: contradictions and circles are refused and change nothing") {
  identities ids;
  CHECK(ids.link(user_id{1}, user_id{2}));
  CHECK(ids.link(user_id{2}, user_id{3}));
  const identities before = ids;
  CHECK(ids.link(user_id{1}, user_id{2}));
  CHECK(ids.link(user_id{1}, user_id{5}) == errc::conflict);
  CHECK(ids.link(user_id{3}, user_id{1}) == errc::conflict);
  CHECK(ids.link(user_id{6}, user_id{6}) == errc::malformed);
  identities other;
  CHECK(other.link(user_id{7}, user_id{8}));
  CHECK(other.link(user_id{3}, user_id{1}));
  CHECK(ids.merge(other) == errc::conflict);
  CHECK(ids == before);
}

TEST_CASE("identities: a forgotten id leaves no link, on either side, and bytes come back") {
  identities ids;
  CHECK(ids.link(user_id{1}, user_id{2}));
  CHECK(ids.link(user_id{2}, user_id{3}));
  CHECK(ids.link(user_id{5}, user_id{6}));
  const std::vector<std::byte> bytes = testing::bytes_of(ids);
  byte_reader in(bytes);
  const auto read = identities::decode(in);
  REQUIRE(read);
  CHECK(*read == ids);
  ids.forget(user_id{2});
  identities expected;
  CHECK(expected.link(user_id{5}, user_id{6}));
  CHECK(ids == expected);
  CHECK(ids.aliases(user_id{3}).empty());
}

TEST_CASE(
    "identities: it does not matter whether the login is heard of before or after the visit") {
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    CAPTURE(seed);
    const std::vector<event> h = testing::random_history(seed);
    if (h.empty()) continue;
    counter_random draw(seed, 5);
    const user_id guest = h[uniform_below(draw, h.size())].user;
    const user_id account{42};
    timeline early;
    timeline late;
    identities ids;
    const std::size_t moment = uniform_below(draw, h.size() + 1);
    for (std::size_t i = 0; i <= h.size(); ++i) {
      if (i == moment) {
        CHECK(ids.link(guest, account));
        const std::vector<event> history = late.history(guest);
        CHECK(events::rename(history, account, late));
      }
      if (i < h.size()) CHECK(late.observe(ids.resolve(h[i])));
    }
    for (const event& e : h) CHECK(early.observe(ids.resolve(e)));
    CHECK(late == early);
    CHECK(testing::bytes_of(late) == testing::bytes_of(early));
    CHECK_FALSE(late.knows(guest));
  }
}

TEST_CASE(
    "identities: links in any order and from any shard are one state, and vanish when forgotten") {
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    CAPTURE(seed);
    counter_random draw(seed, 6);
    std::vector<std::pair<user_id, user_id>> links;  // towards smaller ids: no circles
    for (std::uint64_t guest = 2; guest < 14; ++guest) {
      if (uniform_below(draw, 3) != 0) {
        links.emplace_back(user_id{guest}, user_id{1 + uniform_below(draw, guest - 1)});
      }
    }
    identities whole;
    identities shards[2];
    for (const auto& [guest, shopper] : links) CHECK(whole.link(guest, shopper));
    shuffle(std::span(links), draw);
    identities without;
    const user_id gone{1 + uniform_below(draw, 13)};
    for (const auto& [guest, shopper] : links) {
      CHECK(shards[uniform_below(draw, 2)].link(guest, shopper));
      if (guest != gone && shopper != gone) CHECK(without.link(guest, shopper));
    }
    CHECK(shards[0].merge(shards[1]));
    CHECK(testing::bytes_of(shards[0]) == testing::bytes_of(whole));
    shards[0].forget(gone);
    CHECK(testing::bytes_of(shards[0]) == testing::bytes_of(without));
    CHECK(shards[0] == without);
  }
}

TEST_CASE("identities: a stored chain costs each link once, and a stored circle is refused") {
  std::vector<std::byte> bytes;
  byte_writer out(bytes);
  constexpr std::uint64_t n = 20'000;
  out.u64(2 * n);  // a chain of n links, then n guests at its beginning
  for (std::uint64_t i = 1; i <= n; ++i) {
    out.u64(i);
    out.u64(i + 1);
  }
  for (std::uint64_t i = n + 2; i <= 2 * n + 1; ++i) {
    out.u64(i);
    out.u64(1);
  }
  byte_reader in(bytes);
  const auto back = identities::decode(in);
  REQUIRE(back);
  CHECK(back->resolve(user_id{2 * n + 1}) == user_id{n + 1});

  for (std::uint64_t closes = 1; closes <= 3; ++closes) {
    bytes.clear();
    out.u64(3);
    for (std::uint64_t i = 1; i <= 3; ++i) {
      out.u64(i);
      out.u64(i < 3 ? i + 1 : closes);
    }
    byte_reader circle(bytes);
    CHECK(identities::decode(circle) == errc::corrupt);
  }
}
