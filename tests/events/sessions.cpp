#include "tailor/events/sessions.hpp"

#include <cstdint>
#include <span>
#include <vector>

#include "../catch.hpp"
#include "tailor/events/event.hpp"

using namespace tailor;
using events::event;

namespace {

std::vector<std::size_t> session_sizes(const std::vector<std::int64_t>& at_minutes,
                                       events::session_rule rule = {}) {
  std::vector<event> h;
  for (const std::int64_t m : at_minutes) {
    event e;
    e.at = timestamp{} + minutes(m);
    h.push_back(e);
  }
  std::vector<std::size_t> sizes;
  events::for_each_session(std::span<const event>(h), rule,
                           [&](std::span<const event> s) { sizes.push_back(s.size()); });
  return sizes;
}

}  // namespace

TEST_CASE("sessions: 30 minutes of silence end a session, 29 do not") {
  CHECK(session_sizes({}).empty());
  CHECK(session_sizes({0}) == std::vector<std::size_t>{1});
  CHECK(session_sizes({0, 29, 58}) == std::vector<std::size_t>{3});
  CHECK(session_sizes({0, 29, 59}) == std::vector<std::size_t>{2, 1});
  CHECK(session_sizes({0, 0, 100, 500, 501}) == std::vector<std::size_t>{2, 1, 2});
}

TEST_CASE("sessions: the silence is the host's to choose") {
  CHECK(session_sizes({0, 10, 20}, {minutes(10)}) == std::vector<std::size_t>{1, 1, 1});
  CHECK(session_sizes({0, 1000}, {days(1)}) == std::vector<std::size_t>{2});
}

TEST_CASE("sessions: times at the ends of the range do not overflow") {
  CHECK_FALSE(events::same_session({INT64_MIN}, {INT64_MAX}, {}));
  CHECK(events::same_session({INT64_MAX - 1}, {INT64_MAX}, {}));
}
