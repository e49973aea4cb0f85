#include "tailor/offer/shared_code.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/random.hpp"
#include "tailor/storage/canonical.hpp"
#include "tailor/testing/laws.hpp"

using namespace tailor;
using offer::request_key;
using offer::shared_code;

static_assert(storage::canonical<shared_code>);

namespace {

request_key order(std::uint64_t n) { return {mix64(n), n}; }
timestamp day(std::int64_t n) { return timestamp{} + days(n); }

}  // namespace

TEST_CASE("shared code: is used so many times in total and so many times by each shopper") {
  const shared_code::options o{.cap = 4, .per_shopper = 2, .until = day(10)};
  shared_code c = shared_code::make("SUMMER", o).value();
  CHECK(c.text() == "SUMMER");
  CHECK(c.redeem("SUMMER", user_id{1}, order(1), day(0)));
  CHECK(c.redeem("SUMMER", user_id{1}, order(1), day(0)));
  CHECK(c.redeem("SUMMER", user_id{1}, order(2), day(0)));
  CHECK(c.used() == 2);
  const status enough = c.redeem("SUMMER", user_id{1}, order(3), day(0));
  CHECK(enough == errc::unknown);
  CHECK(std::string(enough.error().what) == "coupon");
  CHECK(c.redeem("summer", user_id{2}, order(4), day(0)) == errc::unknown);
  CHECK(c.redeem("summer", user_id{1}, order(1), day(0)) == errc::unknown);
  CHECK(c.redeem("SUMMER", user_id{2}, order(5), day(0)));
  CHECK(c.redeem("SUMMER", user_id{3}, order(6), day(0)));
  CHECK(c.redeem("SUMMER", user_id{4}, order(7), day(0)) == errc::unknown);
  CHECK(c.redeem("SUMMER", user_id{3}, order(6), day(11)));
  CHECK(c.failures() == 4);
  shared_code d = shared_code::make("SUMMER", o).value();
  CHECK(d.redeem("SUMMER", user_id{1}, order(1), day(10)) == errc::unknown);
  CHECK(d.redeem("SUMMER", user_id{1}, order(1), day(0)) == errc::unknown);
  CHECK(shared_code::make("", o) == errc::malformed);
  CHECK(shared_code::make("A", {.cap = -1}) == errc::out_of_range);
  CHECK(shared_code::make("A", {.cap = 1, .per_shopper = -1}) == errc::out_of_range);
}

TEST_CASE("shared code: a forgotten shopper leaves the total") {
  shared_code c = shared_code::make("A", {.cap = 3}).value();
  CHECK(c.redeem("A", user_id{1}, order(1), day(0)));
  c.forget(user_id{1});
  CHECK(c.used() == 1);
  CHECK(c.redeem("A", user_id{1}, order(2), day(0)));
  CHECK(c.redeem("A", user_id{1}, order(3), day(0)) == errc::unknown);
}

TEST_CASE("shared code: agrees with a slow model, and its bytes with what they were") {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    counter_random draw(seed, 3);
    const shared_code::options o{.cap = std::int64_t(draw() % 30), .per_shopper = 2};
    shared_code c = shared_code::make("A", o).value();
    std::map<std::uint64_t, std::int64_t> by;
    std::set<std::uint64_t> orders;
    for (int i = 0; i < 200; ++i) {
      const std::uint64_t who = draw() % 20;
      const std::uint64_t n = draw() % 60;
      const bool again = orders.count(n) != 0;
      const bool good = again || (by[who] < 2 && std::int64_t(orders.size()) < o.cap);
      CHECK(static_cast<bool>(c.redeem("A", user_id{who}, order(n), day(0))) == good);
      if (good && !again) {
        ++by[who];
        orders.insert(n);
      }
    }
    const auto bytes = testing::bytes_of(c);
    byte_reader in(bytes);
    auto back = shared_code::decode(in);
    REQUIRE(back);
    CHECK(*back == c);
    CHECK(testing::bytes_of(*back) == bytes);
    CHECK((*std::move(back)).with({.cap = -1}) == errc::out_of_range);
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
      auto changed = bytes;
      changed[at] ^= std::byte(1 + draw() % 255);
      byte_reader damaged(changed);
      const auto read = shared_code::decode(damaged);
      if (read && damaged.remaining() == 0) CHECK(testing::bytes_of(*read) == changed);
      byte_reader cut(std::span<const std::byte>(bytes).first(at));
      CHECK_FALSE(shared_code::decode(cut));
    }
  }
}
