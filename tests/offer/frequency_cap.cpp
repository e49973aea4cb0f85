#include "tailor/offer/frequency_cap.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"
#include "tailor/core/statistic.hpp"
#include "tailor/storage/canonical.hpp"
#include "tailor/testing/laws.hpp"

using namespace tailor;
using offer::cap_policy;
using offer::channel;
using offer::counted;
using offer::frequency_cap;
using testing::bytes_of;

static_assert(storage::canonical<frequency_cap>);
static_assert(forgettable<frequency_cap> && mergeable<frequency_cap>);

namespace {

constexpr user_id ann{7};
constexpr user_id bob{1};
constexpr timestamp noon{1'700'000'000'000'000};

frequency_cap with(std::vector<cap_policy> policies) {
  return frequency_cap::make(std::move(policies)).value();
}

bool same(const frequency_cap& a, const frequency_cap& b) {
  return a == b && b == a && bytes_of(a) == bytes_of(b);
}

result<frequency_cap> read(const std::vector<std::byte>& bytes) {
  byte_reader in(bytes);
  auto out = frequency_cap::decode(in);
  if (out && in.remaining() != 0) return errc::corrupt;
  return out;
}

}  // namespace

TEST_CASE("frequency cap: one e-mail in 16 hours, one text and one push message in 24") {
  frequency_cap cap;
  REQUIRE(cap.show(ann, channel::email, 1, noon));
  CHECK_FALSE(cap.may_show(ann, channel::email, 2, noon + hours(16) - microseconds(1)));
  CHECK(cap.may_show(ann, channel::email, 2, noon + hours(16)));
  REQUIRE(cap.show(ann, channel::sms, 1, noon));
  REQUIRE(cap.show(ann, channel::push, 1, noon));
  CHECK(cap.show(ann, channel::sms, 1, noon + hours(23)) == errc::full);
  CHECK(cap.show(ann, channel::push, 1, noon + hours(23)) == errc::full);
  CHECK(cap.show(ann, channel::sms, 1, noon + hours(24)));
  CHECK(cap.show(ann, channel::on_site, 1, noon));
  CHECK(cap.show(ann, channel::on_site, 1, noon));  // nobody speaks of it
  CHECK(cap.may_show(bob, channel::email, 1, noon));
}

TEST_CASE("frequency cap: what is refused is dropped, not booked for later") {
  frequency_cap cap;
  REQUIRE(cap.show(ann, channel::email, 1, noon));
  const frequency_cap before = cap;
  CHECK(cap.show(ann, channel::email, 1, noon + hours(15)) == errc::full);
  CHECK(same(cap, before));
  CHECK(cap.show(ann, channel::email, 1, noon + hours(16)));
}

TEST_CASE("frequency cap: the window slides over the last showings") {
  frequency_cap cap = with({{.id = 9, .times = 3, .window = hours(10)}});
  for (const int h : {0, 4, 8}) REQUIRE(cap.show(ann, channel::email, 1, noon + hours(h)));
  const auto answer = cap.ask(ann, channel::sms, 5, noon + hours(9));
  CHECK_FALSE(answer);
  CHECK(answer.policy == 9);
  CHECK(answer.free_at == noon + hours(10));
  REQUIRE(cap.show(ann, channel::email, 1, noon + hours(10)));  // 0 counts no more
  CHECK(cap.show(ann, channel::email, 1, noon + hours(13)) == errc::full);
  CHECK(cap.show(ann, channel::email, 1, noon + hours(14)));
}

TEST_CASE("frequency cap: several campaigns share one counter, and who asks first gets it") {
  frequency_cap cap = with({{.id = 1, .campaigns = {20, 10}, .window = days(7)},
                            {.id = 2, .by = counted::each_campaign, .window = days(1)}});
  REQUIRE(cap.show(ann, channel::sms, 20, noon));
  CHECK(cap.show(ann, channel::email, 10, noon + days(2)) == errc::full);
  CHECK(cap.show(ann, channel::email, 30, noon));  // under the second policy alone
  CHECK(cap.show(ann, channel::email, 30, noon + hours(3)) == errc::full);
  CHECK(cap.show(ann, channel::email, 31, noon + hours(3)));
}

TEST_CASE("frequency cap: counters by channel, by campaign and by both") {
  const auto allowed = [](counted by) {
    frequency_cap cap = with({{.id = 1, .by = by}});
    REQUIRE(cap.show(ann, channel::email, 1, noon));
    int mask = 0;
    mask |= cap.may_show(ann, channel::email, 1, noon) ? 1 : 0;
    mask |= cap.may_show(ann, channel::email, 2, noon) ? 2 : 0;
    mask |= cap.may_show(ann, channel::sms, 1, noon) ? 4 : 0;
    mask |= cap.may_show(ann, channel::sms, 2, noon) ? 8 : 0;
    return mask;
  };
  CHECK(allowed(counted::together) == 0);
  CHECK(allowed(counted::each_channel) == 4 + 8);
  CHECK(allowed(counted::each_campaign) == 2 + 8);
  CHECK(allowed(counted::each_of_both) == 2 + 4 + 8);
}

TEST_CASE("frequency cap: a showing keeps the window that was in force when it was made") {
  std::vector<cap_policy> policies{{.id = 1, .window = hours(10)}};
  frequency_cap cap = with(policies);
  REQUIRE(cap.show(ann, channel::email, 1, noon));
  REQUIRE(cap.show(bob, channel::email, 1, noon));
  policies[0].window = hours(100);
  REQUIRE(cap.use(policies));
  CHECK(cap.may_show(ann, channel::email, 1, noon + hours(10)));  // not 100
  REQUIRE(cap.show(ann, channel::email, 1, noon + hours(10)));
  policies[0].window = hours(1);
  REQUIRE(cap.use(policies));
  CHECK_FALSE(cap.may_show(ann, channel::email, 1, noon + hours(109)));  // still 100
  CHECK(cap.may_show(ann, channel::email, 1, noon + hours(110)));
  policies[0].times = 2;  // compared with what still counts, at once
  REQUIRE(cap.use(policies));
  CHECK(cap.show(ann, channel::email, 1, noon + hours(20)));
  CHECK(cap.show(ann, channel::email, 1, noon + hours(20)) == errc::full);
}

TEST_CASE("frequency cap: policies that go take their counters with them") {
  frequency_cap cap;
  REQUIRE(cap.show(ann, channel::email, 1, noon));
  REQUIRE(cap.show(ann, channel::sms, 1, noon));
  REQUIRE(cap.use({{.id = 2, .channels = {channel::sms}}}));
  CHECK(cap.may_show(ann, channel::email, 1, noon));
  CHECK_FALSE(cap.may_show(ann, channel::sms, 1, noon));
  const frequency_cap before = cap;
  CHECK(cap.use({{.id = 2, .by = counted::each_campaign}}) == errc::conflict);
  CHECK(cap.use({{.id = 2, .times = 0}}) == errc::out_of_range);
  CHECK(same(cap, before));
  REQUIRE(cap.use({}));
  CHECK(cap.shoppers() == 0);
}

TEST_CASE("frequency cap: a clock that jumps back finds the counters as full as they were") {
  frequency_cap cap = with({{.id = 1, .times = 2, .window = hours(10)}});
  REQUIRE(cap.show(ann, channel::email, 1, noon));
  REQUIRE(cap.show(ann, channel::email, 1, noon + hours(12)));
  CHECK(cap.show(ann, channel::email, 1, noon + hours(5)) == errc::full);
  CHECK(cap.show(ann, channel::email, 1, noon - hours(50)) == errc::full);
  CHECK(cap.show(ann, channel::email, 1, noon + hours(11)));
  CHECK(cap.show(ann, channel::email, 1, noon + hours(15)) == errc::full);
}

TEST_CASE("frequency cap: wrong policies and showings are refused by name") {
  const auto refused = [](cap_policy p) { return frequency_cap::make({std::move(p)}).code(); };
  CHECK(refused({.times = 0}) == errc::out_of_range);
  CHECK(refused({.times = offer::max_cap_times + 1}) == errc::out_of_range);
  CHECK(refused({.window = {}}) == errc::out_of_range);
  CHECK(refused({.window = offer::max_cap_window + microseconds(1)}) == errc::out_of_range);
  CHECK(refused({.channels = {}}) == errc::out_of_range);
  CHECK(refused({.by = static_cast<counted>(4)}) == errc::out_of_range);
  CHECK(refused({.campaigns = std::vector<std::uint32_t>(10'001)}) == errc::full);
  CHECK(frequency_cap::make({{.id = 3}, {.id = 3}}) == errc::duplicate);
  CHECK(frequency_cap::make(std::vector<cap_policy>(65)) == errc::full);
  frequency_cap cap;
  CHECK(cap.show(ann, channel::email, 1, {INT64_MAX}) == errc::out_of_range);
  CHECK(cap.show(ann, channel::email, 1, {INT64_MIN}) == errc::out_of_range);
  CHECK(cap.show(ann, static_cast<channel>(0), 1, noon) == errc::out_of_range);
  CHECK(same(cap, frequency_cap()));
}

TEST_CASE("frequency cap: one shopper cannot fill the memory") {
  frequency_cap cap = with({{.id = 1, .by = counted::each_campaign, .window = days(1)}});
  std::uint32_t campaign = 0;
  while (cap.show(ann, channel::email, campaign, noon)) ++campaign;
  CHECK(campaign == frequency_cap::most_rows);
  CHECK(cap.show(ann, channel::email, campaign, noon + hours(23)) == errc::full);
  CHECK(cap.show(ann, channel::email, campaign, noon + days(1)));  // the others are over
  CHECK(read(bytes_of(cap)).value() == cap);
}

TEST_CASE("frequency cap: random showings agree with a list of all of them") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    counter_random draw(seed, 3);
    std::vector<cap_policy> policies;
    const std::uint64_t count = 1 + uniform_below(draw, 3);
    for (std::uint32_t id = 1; id <= count; ++id) {
      cap_policy p;
      p.id = id;
      p.by = static_cast<counted>(uniform_below(draw, 4));
      p.times = static_cast<std::uint32_t>(1 + uniform_below(draw, 3));
      p.window = hours(uniform_between(draw, 1, 20));
      if (uniform_below(draw, 2) == 0) p.channels = {channel::email};
      if (uniform_below(draw, 2) == 0) p.campaigns = {2, 1};
      policies.push_back(p);
    }
    frequency_cap cap = with(policies);
    struct showing {
      std::uint64_t user;
      channel on;
      std::uint32_t campaign;
      timestamp at;
      std::vector<duration> windows;  // of the policies, as they were
    };
    std::vector<showing> all;
    timestamp now = noon;
    for (int i = 0; i < 80; ++i) {
      now = now + hours(uniform_between(draw, 0, 3));
      if (uniform_below(draw, 12) == 0) {  // windows change
        for (cap_policy& p : policies) p.window = hours(uniform_between(draw, 1, 20));
        REQUIRE(cap.use(policies));
      }
      if (uniform_below(draw, 12) == 0) cap.expire(now);
      const std::uint64_t user = uniform_below(draw, 3);
      const channel on = uniform_below(draw, 2) == 0 ? channel::email : channel::sms;
      const auto campaign = static_cast<std::uint32_t>(1 + uniform_below(draw, 3));
      bool allowed = true;
      for (std::size_t k = 0; k < policies.size(); ++k) {
        const auto speaks = [&](channel c, std::uint32_t of) {
          return policies[k].channels.contains(c) && (policies[k].campaigns.empty() || of <= 2);
        };
        if (!speaks(on, campaign)) continue;
        std::size_t seen = 0;
        for (const showing& s : all) {
          const auto by = policies[k].by;
          const bool apart_on = by == counted::each_channel || by == counted::each_of_both;
          const bool apart_for = by == counted::each_campaign || by == counted::each_of_both;
          if (s.user != user || !speaks(s.on, s.campaign)) continue;
          if ((apart_on && s.on != on) || (apart_for && s.campaign != campaign)) continue;
          seen += now < s.at + s.windows[k];
        }
        if (seen >= policies[k].times) allowed = false;
      }
      REQUIRE(cap.may_show(user_id{user}, on, campaign, now) == allowed);
      const status shown = cap.show(user_id{user}, on, campaign, now);
      REQUIRE(static_cast<bool>(shown) == allowed);
      if (!allowed) continue;
      std::vector<duration> windows;
      for (const cap_policy& p : policies) windows.push_back(p.window);
      all.push_back({user, on, campaign, now, windows});
    }
    REQUIRE(same(read(bytes_of(cap)).value(), cap));
  }
}

TEST_CASE("frequency cap: who is forgotten was never there, and shards merge to the whole") {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    CAPTURE(seed);
    counter_random draw(seed, 4);
    const std::vector<cap_policy> policies{
        {.id = 4, .by = counted::each_campaign, .times = 2, .window = hours(30)},
        {.id = 2, .by = counted::each_channel, .window = hours(5)}};
    frequency_cap whole = with(policies);
    frequency_cap without = with(policies);
    frequency_cap shards[2] = {with(policies), with(policies)};
    for (int i = 0; i < 60; ++i) {
      const user_id user{mix64(uniform_below(draw, 5))};
      const channel on = uniform_below(draw, 2) == 0 ? channel::email : channel::push;
      const auto campaign = static_cast<std::uint32_t>(uniform_below(draw, 3));
      const timestamp at = noon + hours(i);
      static_cast<void>(whole.show(user, on, campaign, at));
      static_cast<void>(shards[raw(user) % 2].show(user, on, campaign, at));
      if (user != user_id{mix64(2)}) static_cast<void>(without.show(user, on, campaign, at));
    }
    REQUIRE(shards[1].merge(shards[0]));
    REQUIRE(same(shards[1], whole));
    whole.forget(user_id{mix64(2)});
    REQUIRE(same(whole, without));
    for (std::uint64_t u = 0; u < 5; ++u) whole.forget(user_id{mix64(u)});
    REQUIRE(same(whole, with(policies)));
  }
}

TEST_CASE("frequency cap: whoever is known under two names has heard twice") {
  frequency_cap guest;
  frequency_cap member;
  REQUIRE(guest.show(ann, channel::email, 1, noon));
  REQUIRE(member.show(ann, channel::sms, 1, noon + hours(1)));
  REQUIRE(member.show(ann, channel::email, 1, noon + hours(2)));
  REQUIRE(member.merge(guest));
  CHECK_FALSE(member.may_show(ann, channel::sms, 1, noon + hours(3)));
  CHECK_FALSE(member.may_show(ann, channel::email, 1, noon + hours(17)));  // the newer is kept
  const frequency_cap once = member;
  REQUIRE(member.merge(member));
  CHECK(same(member, once));  // one in 16 hours is one, however often it is told
  const frequency_cap other = with({});
  CHECK(member.merge(other) == errc::conflict);
  CHECK(same(member, once));
}

TEST_CASE("frequency cap: expired showings change no answer") {
  frequency_cap cap = with({{.id = 1, .times = 2, .window = hours(10)}});
  REQUIRE(cap.show(ann, channel::email, 1, noon));
  REQUIRE(cap.show(ann, channel::email, 1, noon + hours(5)));
  REQUIRE(cap.show(bob, channel::email, 1, noon));
  cap.expire(noon + hours(10));
  CHECK(cap.shoppers() == 1);
  REQUIRE(cap.show(ann, channel::email, 1, noon + hours(10)));
  CHECK_FALSE(cap.may_show(ann, channel::email, 1, noon + hours(14)));
  cap.expire(noon + days(9));
  CHECK(same(cap, with({{.id = 1, .times = 2, .window = hours(10)}})));
}

TEST_CASE("frequency cap: bytes that were not written are refused") {
  frequency_cap cap = with({{.id = 1, .campaigns = {3, 4}, .times = 2},
                            {.id = 5, .by = counted::each_of_both, .window = hours(3)}});
  for (int i = 0; i < 4; ++i) {
    static_cast<void>(cap.show(ann, channel::email, 3, noon + hours(7 * i)));
    static_cast<void>(cap.show(bob, channel::sms, 9, noon + hours(i)));
  }
  const std::vector<std::byte> bytes = bytes_of(cap);
  REQUIRE(same(read(bytes).value(), cap));
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    CHECK_FALSE(read({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(cut)}));
  }
  // Whatever is accepted reads and writes the same.
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (const int flip : {1, 0x80, 0xFF}) {
      std::vector<std::byte> wrong = bytes;
      wrong[i] ^= static_cast<std::byte>(flip);
      const auto out = read(wrong);
      if (out) CHECK(bytes_of(*out) == wrong);
    }
  }
}
