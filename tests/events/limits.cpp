#include "tailor/events/limits.hpp"

#include <cstdint>
#include <string>

#include "../catch.hpp"

using namespace tailor;
using events::event;
using events::limits;

namespace {

constexpr timestamp now{1'700'000'000'000'000};

event valid() {
  event e;
  e.at = now;
  e.kind = events::event_kind::purchase;
  return e;
}
std::string field(const status& s) { return s.error().what; }

}  // namespace

TEST_CASE("limits: the defaults are the documented ones") {
  const limits l;
  CHECK(l.max_quantity == 10'000);
  CHECK(l.min_unit_price == 0);
  CHECK(l.max_unit_price == 9'000'000'000'000);
  CHECK(l.max_ahead == minutes(5));
}

TEST_CASE("limits: quantities from 1 to the limit pass") {
  event e = valid();
  for (const std::int32_t good : {1, 10'000}) {
    e.quantity = good;
    CHECK(events::check(e, {}, now));
  }
  for (const std::int32_t bad : {0, -1, 10'001, INT32_MIN, INT32_MAX}) {
    e.quantity = bad;
    const status s = events::check(e, {}, now);
    CHECK(s == errc::out_of_range);
    CHECK(field(s) == "quantity");
  }
  e.quantity = 80'995;
  CHECK(events::check(e, {.max_quantity = 100'000}, now));
}

TEST_CASE("limits: prices are bounded on both sides") {
  event e = valid();
  for (const std::int64_t bad : {std::int64_t{-1}, 9'000'000'000'001, INT64_MIN, INT64_MAX}) {
    e.unit_price = bad;
    const status s = events::check(e, {}, now);
    CHECK(s == errc::out_of_range);
    CHECK(field(s) == "unit_price");
  }
  e.unit_price = 9'000'000'000'000;
  CHECK(events::check(e, {}, now));
}

TEST_CASE("limits: the future ends five minutes ahead and the past at the retention window") {
  event e = valid();
  e.at = now + minutes(5);
  CHECK(events::check(e, {}, now));
  e.at = now + minutes(5) + microseconds(1);
  CHECK(events::check(e, {}, now) == errc::too_late);
  e.at = timestamp{INT64_MAX};
  CHECK(events::check(e, {}, now) == errc::too_late);
  CHECK(events::check(e, {}, timestamp{INT64_MIN}) == errc::too_late);
  const limits year{.max_age = days(365)};
  e.at = now - days(365);
  CHECK(events::check(e, year, now));
  e.at = now - days(365) - microseconds(1);
  CHECK(events::check(e, year, now) == errc::too_early);
  e.at = timestamp{INT64_MIN};
  CHECK(events::check(e, year, now) == errc::too_early);
  CHECK(events::check(e, year, timestamp{INT64_MAX}) == errc::too_early);
}

TEST_CASE("limits: a kind without a code is refused") {
  event e = valid();
  e.kind = events::event_kind{200};
  CHECK(events::check(e, {}, now) == errc::out_of_range);
}
