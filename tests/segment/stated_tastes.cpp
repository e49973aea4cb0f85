#include "tailor/segment/stated_tastes.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/distributions.hpp"

using namespace tailor;
using namespace tailor::segment;

namespace {

struct answer {
  user_id user;
  std::uint32_t attribute;
  stated_taste taste;
};

std::vector<answer> make_answers(std::uint64_t seed) {
  counter_random draw(seed, 1);
  std::vector<answer> out;
  for (int n = 0; n < 40; ++n) {
    const auto from = uniform_between(draw, 0, 50);
    out.push_back({user_id{uniform_below(draw, 5)},
                   static_cast<std::uint32_t>(uniform_below(draw, 2)),
                   {uniform_below(draw, 9), timestamp{from},
                    timestamp{from + 1 + uniform_between(draw, 0, 30)}}});
  }
  return out;
}

std::vector<std::byte> bytes_of(const stated_tastes& s) {
  std::vector<std::byte> out;
  byte_writer writer(out);
  s.encode(writer);
  REQUIRE(out.size() == s.encoded_size());
  return out;
}

}  // namespace

TEST_CASE("stated tastes: the laws of a statistic, and what counts at any moment") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    std::vector<answer> all = make_answers(seed);
    stated_tastes one, other, left, right;
    for (std::size_t n = 0; n < all.size(); ++n) {
      REQUIRE(one.state(all[n].user, all[n].attribute, all[n].taste));
      REQUIRE((n % 3 == 0 ? left : right).state(all[n].user, all[n].attribute, all[n].taste));
    }
    counter_random draw(seed, 2);
    shuffle(std::span(all), draw);
    for (const answer& a : all) REQUIRE(other.state(a.user, a.attribute, a.taste));
    REQUIRE(one == other);
    REQUIRE(bytes_of(one) == bytes_of(other));
    REQUIRE(left.merge(right));
    REQUIRE(left == one);

    std::vector<std::uint64_t> got;
    for (std::int64_t now = -1; now < 85; now += 7) {
      for (std::uint64_t u = 0; u < 5; ++u) {
        one.values_of(user_id{u}, 1, timestamp{now}, got);
        std::vector<std::uint64_t> want;
        for (std::uint64_t v = 0; v < 9; ++v) {
          bool counts = false;
          for (const answer& a : all) {
            counts = counts || (a.user == user_id{u} && a.attribute == 1 && a.taste.value == v &&
                                a.taste.from.us <= now && now < a.taste.until.us);
          }
          if (counts) want.push_back(v);
        }
        REQUIRE(got == want);
      }
    }
    stated_tastes without;
    for (const answer& a : all) {
      if (a.user != user_id{2}) REQUIRE(without.state(a.user, a.attribute, a.taste));
    }
    other.forget(user_id{2});
    REQUIRE(other == without);

    const std::vector<std::byte> written = bytes_of(one);
    byte_reader again(written);
    REQUIRE(stated_tastes::decode(again).value() == one);

    one.prune(timestamp{1000});
    REQUIRE(one == stated_tastes{});
  }
}

TEST_CASE("stated tastes: ten at a time, and what is taken back leaves no trace") {
  stated_tastes s;
  const auto says = [&](std::uint64_t value, std::int64_t from, std::int64_t until) {
    return s.state(user_id{1}, 7, {value, timestamp{from}, timestamp{until}});
  };
  for (std::uint64_t v = 0; v < 10; ++v) REQUIRE(says(v, 0, 100));
  const stated_tastes full = s;
  CHECK(says(10, 50, 60).code() == errc::full);
  CHECK(says(10, -5, 1).code() == errc::full);
  CHECK(s == full);
  CHECK(says(10, 100, 200));                     // when the others are over
  CHECK(says(3, 50, 150).code() == errc::full);  // although its value counts anyway
  CHECK(says(3, 5, 5).code() == errc::out_of_range);
  const stated_taste ten{10, timestamp{100}, timestamp{200}};
  CHECK(s.take_back(user_id{1}, 7, ten));
  CHECK(s.take_back(user_id{1}, 7, ten).code() == errc::unknown);
  CHECK(s.take_back(user_id{2}, 7, ten).code() == errc::unknown);
  stated_tastes more;
  CHECK(more.state(user_id{1}, 7, {77, timestamp{1}, timestamp{2}}));
  const stated_tastes before = more;
  CHECK(more.merge(s).code() == errc::full);
  CHECK(more == before);
}

TEST_CASE("stated tastes: bytes that nobody wrote are refused") {
  stated_tastes s;
  REQUIRE(s.state(user_id{1}, 7, {3, timestamp{1}, timestamp{9}}));
  REQUIRE(s.state(user_id{2}, 7, {3, timestamp{1}, timestamp{9}}));
  const std::vector<std::byte> good = bytes_of(s);
  for (std::size_t cut = 0; cut < good.size(); ++cut) {
    byte_reader in(std::span<const std::byte>(good).first(cut));
    CHECK_FALSE(stated_tastes::decode(in));
  }
  std::size_t refused = 0;
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::vector<std::byte> bad = good;
    bad[at] ^= std::byte{0x80};
    byte_reader in(bad);
    const auto read = stated_tastes::decode(in);
    if (!read) {
      ++refused;
    } else {
      CHECK(bytes_of(*read) == bad);  // another state, and canonical
    }
  }
  CHECK(refused > 10);
}
