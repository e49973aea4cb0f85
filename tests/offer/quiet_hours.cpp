#include "tailor/offer/quiet_hours.hpp"

#include <cstdint>

#include "../catch.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"

using namespace tailor;
using offer::quiet_hours;

namespace {

constexpr timestamp midnight{};  // 1970-01-01T00:00:00Z

timestamp at(int hour, int minute = 0, int day = 0) {
  return midnight + days(day) + hours(hour) + minutes(minute);
}

}  // namespace

TEST_CASE("quiet hours: an interval within a day is half-open") {
  const quiet_hours noon{12 * 60, 14 * 60};
  CHECK_FALSE(noon.contains(at(11, 59)));
  CHECK(noon.contains(at(12)));
  CHECK(noon.contains(at(13, 59)));
  CHECK_FALSE(noon.contains(at(14)));
  CHECK(noon.next_allowed(at(12)) == at(14));
  CHECK(noon.next_allowed(at(14)) == at(14));
  CHECK(noon.next_allowed(at(11, 59)) == at(11, 59));
}

TEST_CASE("quiet hours: they may wrap midnight") {
  const quiet_hours night{21 * 60, 8 * 60};
  CHECK(night.contains(at(21)));
  CHECK(night.contains(at(0)));
  CHECK_FALSE(night.contains(at(8)));
  CHECK_FALSE(night.contains(at(20, 59)));
  CHECK(night.next_allowed(at(23)) == at(8, 0, 1));
  CHECK(night.next_allowed(at(7, 30)) == at(8));
  CHECK(night.next_allowed(at(21) - microseconds(1)) == at(21) - microseconds(1));
  CHECK(night.next_allowed(at(8) - microseconds(1)) == at(8));
}

TEST_CASE("quiet hours: the clock on the wall counts") {
  const quiet_hours night{22 * 60, 6 * 60, 120};  // two hours ahead of UTC
  CHECK(night.contains(at(20)));
  CHECK_FALSE(night.contains(at(4)));
  CHECK(night.next_allowed(at(20)) == at(4, 0, 1));
  const quiet_hours west{22 * 60, 6 * 60, -300};
  CHECK(west.contains(at(3)));
  CHECK(west.next_allowed(at(3)) == at(11));
}

TEST_CASE("quiet hours: none when both ends are equal, and to midnight when they end at zero") {
  CHECK_FALSE(quiet_hours{}.contains(at(0)));
  CHECK_FALSE(quiet_hours{60, 60}.contains(at(1)));
  const quiet_hours evening{20 * 60, 0};
  CHECK(evening.contains(at(23, 59)));
  CHECK_FALSE(evening.contains(at(0)));
  CHECK(evening.next_allowed(at(20)) == at(0, 0, 1));
}

TEST_CASE("quiet hours: members out of range are refused by name") {
  CHECK(quiet_hours{}.check());
  CHECK(quiet_hours{.from = -1}.check() == errc::out_of_range);
  CHECK(quiet_hours{.from = 1'440}.check() == errc::out_of_range);
  CHECK(quiet_hours{.until = 1'440}.check() == errc::out_of_range);
  CHECK(quiet_hours{.until = -1}.check() == errc::out_of_range);
  CHECK(quiet_hours{.zone_minutes = 18 * 60 + 1}.check() == errc::out_of_range);
  CHECK(quiet_hours{.zone_minutes = -18 * 60 - 1}.check() == errc::out_of_range);
}

TEST_CASE("quiet hours: agree with a walk from minute to minute, also before 1970") {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    counter_random draw(seed);
    const quiet_hours q{static_cast<std::int32_t>(uniform_below(draw, 1'440)),
                        static_cast<std::int32_t>(uniform_below(draw, 1'440)),
                        static_cast<std::int32_t>(uniform_between(draw, -18 * 60, 18 * 60))};
    REQUIRE(q.check());
    const std::int64_t start = uniform_between(draw, -5'000'000, 5'000'000);
    const auto quiet = [&](std::int64_t minute) {
      const std::int64_t local = ((minute + q.zone_minutes) % 1'440 + 1'440) % 1'440;
      for (std::int64_t m = q.from; m != q.until; m = (m + 1) % 1'440) {
        if (m == local) return true;
      }
      return false;
    };
    std::int64_t free = start;
    while (quiet(free)) ++free;
    CHECK(q.contains(midnight + minutes(start)) == quiet(start));
    CHECK(q.next_allowed(midnight + minutes(start)) == midnight + minutes(free));
    const duration within = seconds(uniform_between(draw, 1, 59));
    const timestamp inside = midnight + minutes(start) + within;
    CHECK(q.next_allowed(inside) == (quiet(start) ? midnight + minutes(free) : inside));
  }
}
