#include "tailor/offer/coupon.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"
#include "tailor/core/sync.hpp"
#include "tailor/storage/canonical.hpp"
#include "tailor/testing/laws.hpp"

using namespace tailor;
using offer::coupon_code;
using offer::coupon_pool;
using offer::coupon_state;
using offer::request_key;

static_assert(storage::canonical<coupon_pool>);

namespace {

constexpr hash_key secret{0x1234, 0x9876};

// Not "CODE-" + ...: g++ 12 warns of an overlap that cannot be.
std::string code_of(std::uint64_t n, std::string stem = "CODE-") {
  stem += std::to_string(n);
  return stem;
}
request_key order(std::uint64_t n) { return {mix64(n), n}; }
timestamp day(std::int64_t n) { return timestamp{} + days(n); }
user_id shopper(std::uint64_t n) { return user_id{n}; }

coupon_pool::options usual() { return {.low_stock = 1, .secret = secret}; }

coupon_pool pool_of(std::size_t codes, const coupon_pool::options& o = usual()) {
  coupon_pool p = coupon_pool::make(o).value();
  for (std::size_t n = 0; n < codes; ++n) REQUIRE(p.load(code_of(n)));
  return p;
}

}  // namespace

TEST_CASE("coupon code: has 1 to 32 characters of the permitted ones") {
  for (const char* good : {"A", "summer+10_%", "0aZ-+_!@?", "12345678901234567890123456789012"}) {
    CHECK(static_cast<bool>(coupon_code::parse(good)) ==
          (std::string(good).find('%') == std::string::npos));
  }
  for (const std::string bad :
       {"", "A B", "123456789012345678901234567890123", "\xC3\xA4", "A\n"}) {
    CHECK(coupon_code::parse(bad) == errc::malformed);
  }
  CHECK(coupon_code::parse(std::string("A\0", 2)) == errc::malformed);
  CHECK(coupon_code::parse("abc")->text() == "abc");
  CHECK(coupon_code::parse("abc")->same_as(coupon_code::guess("abc")));
  CHECK_FALSE(coupon_code::parse("abc")->same_as(coupon_code::guess("abd")));
  CHECK_FALSE(coupon_code::parse("abc")->same_as(coupon_code::guess("ABC")));
  CHECK_FALSE(coupon_code::guess("").same_as(coupon_code::guess("")));
  std::string all;
  for (int c = 0; c < 256; ++c) {
    if (coupon_code::parse(std::string(1, char(c)))) all += char(c);
  }
  CHECK(all == "!+-0123456789?@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");
}

TEST_CASE("coupons: a shopper gets one and the same code, every code goes to one shopper") {
  coupon_pool p = pool_of(3);
  CHECK(p.stock() == 3);
  std::set<std::string> given;
  for (std::uint64_t s = 1; s <= 3; ++s) {
    const auto code = p.assign(shopper(s), day(0));
    REQUIRE(code);
    given.insert(std::string(*code));
    for (int i = 0; i < 3; ++i) CHECK(*p.assign(shopper(s), day(10)) == *code);
    CHECK(p.low() == (s >= 2));
  }
  CHECK(given.size() == 3);
  CHECK(p.assign(shopper(4), day(0)) == errc::full);
  CHECK(p.load("LATE"));
  CHECK(*p.assign(shopper(4), day(11)) == "LATE");
  CHECK(p.stock() == 0);
  CHECK(p.size() == 4);
}

TEST_CASE("coupons: repeated, malformed and too many codes are refused") {
  coupon_pool p = coupon_pool::make({.max_codes = 2, .secret = secret}).value();
  CHECK(p.load("A"));
  CHECK(p.load("A") == errc::duplicate);
  CHECK(p.load("A A") == errc::malformed);
  CHECK(p.load("B"));
  CHECK(p.load("C") == errc::full);
  CHECK(p.remove("B"));
  CHECK(p.load("C"));
  CHECK(coupon_pool::make({.uses = 0}) == errc::out_of_range);
  CHECK(coupon_pool::make({.after_assignment = {}}) == errc::out_of_range);
  CHECK(coupon_pool::make({.max_codes = 0}) == errc::out_of_range);
  CHECK(coupon_pool::make({.max_codes = SIZE_MAX}) == errc::out_of_range);
}

TEST_CASE("coupons: what is given out cannot be deleted, also when it is used or forgotten") {
  coupon_pool p = pool_of(2);
  const std::string code(*p.assign(shopper(1), day(0)));
  CHECK(p.remove(code) == errc::conflict);
  CHECK(p.redeem(code, shopper(1), order(1), day(0)));
  CHECK(p.remove(code) == errc::conflict);
  p.forget(shopper(1));
  CHECK(p.remove(code) == errc::conflict);
  CHECK(p.remove("no such") == errc::unknown);
  CHECK(p.remove("") == errc::unknown);
  CHECK(p.remove(code == "CODE-0" ? "CODE-1" : "CODE-0"));
  CHECK(p.stock() == 0);
  CHECK(p.size() == 1);
}

TEST_CASE("coupons: a code is used once, and a retry of the same order has the same answer") {
  coupon_pool p = pool_of(2);
  const std::string code(*p.assign(shopper(1), day(0)));
  CHECK(p.find(code, day(0))->state == coupon_state::assigned);
  for (int i = 0; i < 3; ++i) CHECK(p.redeem(code, shopper(1), order(1), day(i)));
  CHECK(p.find(code, day(3))->state == coupon_state::used);
  CHECK(p.find(code, day(3))->uses == 1);
  CHECK(p.redeem(code, shopper(1), order(2), day(3)) == errc::unknown);
  CHECK(*p.assign(shopper(1), day(3)) == code);
  CHECK(p.redeem(code, shopper(1), order(1), day(1000)));  // it was done already
  CHECK(p.failures() == 1);
}

TEST_CASE("coupons: whatever is wrong, the answer is the same and is counted") {
  coupon_pool p = pool_of(4);
  const std::string mine(*p.assign(shopper(1), day(0)));
  const std::string used(*p.assign(shopper(2), day(0)));
  const std::string old(*p.assign(shopper(3), day(-300)));
  CHECK(p.redeem(used, shopper(2), order(1), day(0)));
  std::string unassigned;
  for (std::uint64_t n = 0; n < 4; ++n) {
    const std::string c = code_of(n);
    if (c != mine && c != used && c != old) unassigned = c;
  }
  struct {
    std::string code;
    std::optional<user_id> who;
    std::uint64_t order;
    std::int64_t day;
  } const wrong[] = {
      {"CODE-9", shopper(1), 5, 0},       // no such code
      {"", shopper(1), 5, 0},             // nor that
      {std::string(500, 'A'), {}, 5, 0},  // nor that
      {"A B", {}, 5, 0},                  // no code at all
      {unassigned, shopper(1), 5, 0},     // not given out
      {unassigned, {}, 5, 0},             // nor by guessing
      {used, shopper(2), 5, 0},           // used
      {mine, shopper(2), 5, 0},           // of another shopper
      {mine, shopper(1), 1, 0},           // an order that had another code
      {used, shopper(3), 1, 0},           // a retry by another shopper
      {mine, shopper(1), 5, 365},         // expired
  };
  std::uint64_t failures = 0;
  for (const auto& w : wrong) {
    CAPTURE(w.code, w.day);
    const status answer = p.redeem(w.code, w.who, order(w.order), day(w.day));
    CHECK(answer == errc::unknown);
    CHECK(std::string(answer.error().what) == "coupon");
    CHECK(answer.error().at == 0);
    CHECK(p.failures() == ++failures);
  }
  CHECK(p.find("CODE-9", day(0)) == errc::unknown);
}

TEST_CASE("coupons: expire at a fixed date, and so many days after they were given out") {
  coupon_pool p = pool_of(5, {.until = day(500), .secret = secret});
  const std::string code(*p.assign(shopper(1), day(0)));
  CHECK(p.find(code, day(364))->state == coupon_state::assigned);
  CHECK(p.find(code, day(365))->state == coupon_state::expired);
  CHECK(p.redeem(code, shopper(1), order(1), day(365) - microseconds(1)));
  const std::string other(*p.assign(shopper(2), day(365)));
  CHECK(p.redeem(other, shopper(2), order(2), day(400)));
  const std::string third(*p.assign(shopper(3), day(400)));
  CHECK(p.assign(shopper(1), day(400)) == errc::stale);  // his code is a year old
  CHECK(p.redeem(third, shopper(3), order(3), day(500)) == errc::unknown);
  CHECK(p.assign(shopper(3), day(500)) == errc::stale);
  CHECK(p.assign(shopper(4), day(500)) == errc::stale);
  CHECK(p.assign(shopper(4), day(0)) == errc::stale);  // a clock that jumps back
  CHECK(p.redeem(third, shopper(3), order(3), day(0)) == errc::unknown);
  CHECK(p.stock() == 2);
}

TEST_CASE("coupons: a code of several uses is used by several orders and then no more") {
  coupon_pool p = pool_of(1, {.uses = 3, .secret = secret});
  const std::string code(*p.assign(shopper(1), day(0)));
  for (std::uint64_t n = 0; n < 3; ++n) {
    CHECK(p.find(code, day(0))->state == coupon_state::assigned);
    CHECK(p.redeem(code, n == 1 ? std::nullopt : std::optional(shopper(1)), order(n), day(0)));
    CHECK(p.redeem(code, shopper(1), order(n), day(0)));
  }
  CHECK(p.redeem(code, shopper(1), order(3), day(0)) == errc::unknown);
  CHECK(p.find(code, day(0))->uses == 3);
}

TEST_CASE("coupons: a forgotten shopper leaves his code counted, without a name") {
  coupon_pool p = pool_of(3);
  const std::string code(*p.assign(shopper(1), day(0)));
  CHECK(p.find(code, day(0))->owner == shopper(1));
  p.forget(shopper(1));
  p.forget(shopper(9));
  CHECK_FALSE(p.find(code, day(0))->owner);
  CHECK(p.find(code, day(0))->state == coupon_state::assigned);
  CHECK(p.stock() == 2);
  const std::string next(*p.assign(shopper(1), day(1)));
  CHECK(next != code);
  CHECK(p.redeem(code, {}, order(1), day(1)));
  // His id is in no byte any more.
  coupon_pool q = pool_of(1);
  constexpr std::uint64_t id = 0x1122334455667788;
  static_cast<void>(q.assign(shopper(id), day(0)));
  q.forget(shopper(id));
  const auto bytes = testing::bytes_of(q);
  std::vector<std::byte> needle(8);
  tailor::detail::store_little(needle.data(), id);
  CHECK(std::search(bytes.begin(), bytes.end(), needle.begin(), needle.end()) == bytes.end());
}

TEST_CASE("coupons: which code comes next and the bytes do not depend on the order of loading") {
  std::vector<int> order_of_loading(40);
  for (int n = 0; n < 40; ++n) order_of_loading[std::size_t(n)] = n;
  std::vector<std::byte> first;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    counter_random draw(seed, 1);
    shuffle(std::span<int>(order_of_loading), draw);
    coupon_pool p = coupon_pool::make(usual()).value();
    for (const int n : order_of_loading) REQUIRE(p.load(code_of(std::uint64_t(n), "C")));
    if (seed % 2 == 1) {
      REQUIRE(p.load("gone"));
      REQUIRE(p.remove("gone"));
    }
    for (std::uint64_t s = 0; s < 20; ++s) REQUIRE(p.assign(shopper(s), day(1)));
    for (std::uint64_t s = 0; s < 20; s += 3) {
      REQUIRE(p.redeem(*p.assign(shopper(s), day(2)), {}, order(s), day(2)));
    }
    if (seed == 0) first = testing::bytes_of(p);
    CHECK(testing::bytes_of(p) == first);
  }
}

TEST_CASE("coupons: agree with a slow model on random histories, also read back at any step") {
  struct standing {
    std::optional<std::uint64_t> owner;
    bool given = false;
    std::int64_t given_on = 0;
    std::set<std::uint64_t> orders;
  };
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    CAPTURE(seed);
    counter_random draw(seed, 2);
    const coupon_pool::options o{.uses = std::int64_t(1 + draw() % 2),
                                 .until = day(60),
                                 .after_assignment = days(20),
                                 .secret = {seed, 1}};
    coupon_pool fast = coupon_pool::make(o).value();
    std::map<std::string, standing> slow;
    std::int64_t today = 0;
    for (int i = 0; i < 300; ++i) {
      if (draw() % 5 == 0) ++today;
      const std::string code = code_of(draw() % 15, "K");
      const std::uint64_t who = draw() % 8;
      const auto expiry = [&](const standing& s) {
        return s.given ? (std::min)(std::int64_t{60}, s.given_on + 20) : 60;
      };
      switch (draw() % 7) {
        case 0:
        case 1:
          CHECK(fast.load(code).code() == (slow.count(code) != 0 ? errc::duplicate : errc::ok));
          slow.try_emplace(code);
          break;
        case 2: {
          const auto at = slow.find(code);
          const errc expected = at == slow.end()   ? errc::unknown
                                : at->second.given ? errc::conflict
                                                   : errc::ok;
          CHECK(fast.remove(code).code() == expected);
          if (expected == errc::ok) slow.erase(at);
          break;
        }
        case 3: {
          const auto got = fast.assign(shopper(who), day(today));
          const auto his = std::find_if(slow.begin(), slow.end(),
                                        [&](const auto& s) { return s.second.owner == who; });
          const auto free =
              std::find_if(slow.begin(), slow.end(), [](const auto& s) { return !s.second.given; });
          if (his != slow.end()) {
            CHECK(got.code() == (today >= expiry(his->second) ? errc::stale : errc::ok));
            if (got) CHECK(*got == his->first);
          } else if (today >= 60) {
            CHECK(got == errc::stale);
          } else if (free == slow.end()) {
            CHECK(got == errc::full);
          } else {
            REQUIRE(got);
            standing& s = slow[std::string(*got)];
            CHECK_FALSE(s.given);
            s = {who, true, today, {}};
          }
          break;
        }
        case 4:
        case 5: {
          const std::uint64_t n = draw() % 20;
          const bool guest = draw() % 3 == 0;
          bool elsewhere = false;
          for (const auto& [other, s] : slow) elsewhere |= other != code && s.orders.count(n) != 0;
          const auto at = slow.find(code);
          bool good = at != slow.end() && at->second.given && !elsewhere;
          if (good) {
            standing& s = at->second;
            if (s.owner && !guest && *s.owner != who) {
              good = false;
            } else if (s.orders.count(n) == 0) {
              good = today < expiry(s) && std::int64_t(s.orders.size()) < o.uses;
              if (good) s.orders.insert(n);
            }
          }
          const status got = guest ? fast.redeem(code, std::nullopt, order(n), day(today))
                                   : fast.redeem(code, shopper(who), order(n), day(today));
          CHECK(got.code() == (good ? errc::ok : errc::unknown));
          break;
        }
        default:
          if (draw() % 3 == 0) {
            fast.forget(shopper(who));
            for (auto& [c, s] : slow) {
              if (s.owner == who) s.owner.reset();
            }
          }
      }
      std::size_t stock = 0;
      for (const auto& [c, s] : slow) {
        stock += s.given ? 0 : 1;
        const auto found = fast.find(c, day(today));
        REQUIRE(found);
        CHECK(found->uses == std::int64_t(s.orders.size()));
        CHECK(found->owner.has_value() == s.owner.has_value());
      }
      CHECK(fast.stock() == stock);
      CHECK(fast.size() == slow.size());
      if (draw() % 30 == 0) {
        const auto bytes = testing::bytes_of(fast);
        byte_reader in(bytes);
        const auto back = coupon_pool::decode(in);
        REQUIRE(back);
        CHECK(in.remaining() == 0);
        fast = coupon_pool::from(back->record(), o).value();
        CHECK(testing::bytes_of(fast) == bytes);
      }
    }
  }
}

TEST_CASE("coupons: bytes that no pool writes are refused or read as a sound pool") {
  coupon_pool p = pool_of(4);
  for (std::uint64_t s = 0; s < 3; ++s) REQUIRE(p.assign(shopper(s), day(1)));
  REQUIRE(p.redeem(*p.assign(shopper(0), day(2)), {}, order(0), day(2)));
  REQUIRE(p.redeem(*p.assign(shopper(1), day(2)), {}, order(1), day(2)));
  p.forget(shopper(1));
  const auto bytes = testing::bytes_of(p);
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    byte_reader cut(std::span<const std::byte>(bytes).first(n));
    CHECK(coupon_pool::decode(cut) == errc::truncated);
    for (const unsigned flip : {1U, 2U, 4U, 0x80U, 0xFFU}) {
      auto changed = bytes;
      changed[n] ^= std::byte(flip);
      byte_reader in(changed);
      const auto read = coupon_pool::decode(in);
      if (read && in.remaining() == 0) CHECK(testing::bytes_of(*read) == changed);
    }
  }
}

TEST_CASE("coupons: behind a lock threads get different codes") {
  synchronized<coupon_pool> p(pool_of(10));
  const auto mine =
      p.with([](coupon_pool& q) { return std::string(*q.assign(shopper(1), day(0))); });
  CHECK(mine.size() == 6);
}
