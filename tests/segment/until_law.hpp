#pragma once

#include <cstdint>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"
#include "tailor/events/timeline.hpp"
#include "tailor/segment/standing.hpp"

namespace tailor_test {

/// Holds `until` of a model to its promise on one history, hour by hour: membership of low … high
/// stays as it is until then. Returns how many of the moments were changes, and exact.
template <tailor::segment::standing Model>
int until_is_never_late(const Model& model, const tailor::events::timeline& history,
                        tailor::timestamp start, std::int64_t values, std::uint64_t seed) {
  using namespace tailor;
  segment::order_reader scratch;
  counter_random draw(seed, 9);
  int exact = 0;
  for (std::uint32_t s = 0; s < history.shopper_limit(); ++s) {
    const timestamp now = start + hours(uniform_between(draw, 0, 40));
    std::vector<events::line> past;
    for (const events::line& l : history.lines_of(s)) {
      if (l.at <= now) past.push_back(l);
    }
    const std::int64_t low = uniform_between(draw, 0, values - 1);
    const std::int64_t high = uniform_between(draw, low, values - 1);
    const auto inside = [&](timestamp t) {
      const auto v = model.value(past, t, scratch);
      return v && low <= *v && *v <= high;
    };
    const timestamp until = model.until(past, now, low, high, scratch);
    REQUIRE(until > now);
    const bool was = inside(now);
    for (timestamp t = now; t < start + hours(400) && t < until; t = t + hours(1)) {
      REQUIRE(inside(t) == was);
    }
    if (until == segment::never) continue;
    REQUIRE(inside(until - microseconds(1)) == was);
    exact += inside(until) != was;
  }
  return exact;
}

}  // namespace tailor_test
