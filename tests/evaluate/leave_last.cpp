#include "tailor/evaluate/leave_last.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/distributions.hpp"

using namespace tailor;
using namespace tailor::evaluate;

namespace {

interaction row(std::uint64_t user, std::uint64_t item, std::int64_t at) {
  return {user_id{user}, item_id{item}, timestamp{at}, no_order};
}

/// Whether b comes after a among the rows of one user; `at` are their places.
bool after(const std::vector<interaction>& rows, std::size_t b, std::size_t a) {
  if (rows[a].at != rows[b].at) return rows[b].at > rows[a].at;
  if (rows[a].item != rows[b].item) return rows[b].item > rows[a].item;
  return b > a;
}

/// A row is held out if no later row of its user is of another unit, and an earlier one is.
/// `apart` says whether a session ends between two moments of a user with nothing between them.
template <class Apart>
split slow_split(const std::vector<interaction>& rows, const Apart& apart) {
  const auto number = [&](std::size_t n) {  // of units of the user before the row's own
    std::size_t out = 0;
    for (std::size_t a = 0; a < rows.size(); ++a) {
      if (rows[a].user != rows[n].user || a == n || after(rows, a, n)) continue;
      std::size_t next = n;  // the row that follows a
      for (std::size_t b = 0; b < rows.size(); ++b) {
        if (rows[b].user == rows[n].user && b != a && after(rows, b, a) && after(rows, next, b)) {
          next = b;
        }
      }
      out += std::size_t{apart(rows[a], rows[next])};
    }
    return out;
  };
  split out;
  for (std::size_t n = 0; n < rows.size(); ++n) {
    std::size_t most = 0;
    for (std::size_t m = 0; m < rows.size(); ++m) {
      if (rows[m].user == rows[n].user) most = (std::max)(most, number(m));
    }
    if (most == 0 || number(n) != most) {
      out.train.push_back(rows[n]);
    } else {
      (raw(rows[n].user) % 2 == 0 ? out.validation : out.test).push_back(rows[n]);
    }
  }
  return out;
}

constexpr auto even = [](user_id u) { return raw(u) % 2 == 0; };

}  // namespace

TEST_CASE("leave last: events and sessions as by counting units") {
  for (std::uint64_t seed = 0; seed < 120; ++seed) {
    counter_random draw(seed, 4);
    std::vector<interaction> rows;
    for (std::uint64_t n = uniform_below(draw, 22); n > 0; --n) {
      rows.push_back(row(uniform_below(draw, 4), uniform_below(draw, 4),
                         static_cast<std::int64_t>(uniform_below(draw, 60))));
    }
    const split events = leave_last_event(rows, even);
    const split want_events =
        slow_split(rows, [](const interaction&, const interaction&) { return true; });
    REQUIRE(events.train == want_events.train);
    REQUIRE(events.validation == want_events.validation);
    REQUIRE(events.test == want_events.test);
    const split sessions = leave_last_session(rows, even, {.idle = microseconds(10)});
    const split want_sessions = slow_split(rows, [](const interaction& a, const interaction& b) {
      return b.at - a.at >= microseconds(10);
    });
    REQUIRE(sessions.train == want_sessions.train);
    REQUIRE(sessions.validation == want_sessions.validation);
    REQUIRE(sessions.test == want_sessions.test);
  }
}

TEST_CASE("leave last: a user with one unit is learnt from, and each user loses one event") {
  const auto none = [](user_id) { return false; };
  const std::vector<interaction> rows{row(1, 5, 10), row(2, 1, 3), row(1, 4, 10), row(1, 9, 2)};
  const split s = leave_last_event(rows, none);
  CHECK(s.test == std::vector<interaction>{rows[0]});  // of one moment the greater item
  CHECK(s.train == std::vector<interaction>{rows[1], rows[2], rows[3]});
  CHECK(s.validation.empty());
  CHECK(leave_last_event({}, none).train.empty());
  // One session of two events stays whole; half an hour later begins another.
  const std::int64_t half_hour = minutes(30).us;
  const std::vector<interaction> one{row(1, 1, 0), row(1, 2, half_hour - 1)};
  CHECK(leave_last_session(one, none).test.empty());
  const std::vector<interaction> two{row(1, 1, 0), row(1, 2, half_hour)};
  CHECK(leave_last_session(two, none).test == std::vector<interaction>{two[1]});
  // The ends of time.
  const std::vector<interaction> far{row(1, 1, INT64_MIN), row(1, 2, INT64_MAX)};
  CHECK(leave_last_session(far, none).test == std::vector<interaction>{far[1]});
}
