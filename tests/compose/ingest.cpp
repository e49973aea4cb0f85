#include "tailor/compose/ingest.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "tailor/events/timeline.hpp"

using namespace tailor;
using events::event;
using events::event_kind;
using events::timeline;

namespace {

constexpr timestamp now{1'700'000'000'000'000};

event bought(std::uint64_t user, std::uint64_t item, std::uint64_t id) {
  event e;
  e.user = user_id{user};
  e.item = item_id{item};
  e.at = now;
  e.kind = event_kind::purchase;
  e.id = event_id{id};
  return e;
}

struct wall {
  status observe(const event& e) {
    return open || e.item != item_id{13} ? status{} : status{errc::full};
  }
  bool open = false;
};

}  // namespace

TEST_CASE("ingest: every row is accepted, a duplicate or refused, and none is left out") {
  std::vector<event> rows{bought(1, 10, 1), bought(1, 11, 2), bought(1, 10, 1), bought(2, 10, 1)};
  rows.push_back(bought(3, 10, 9));
  rows.back().quantity = 0;
  rows.push_back(bought(3, 10, 9));  // the same id again, sound this time
  events::intake door;
  timeline history;
  const auto report = ingest(std::span<const event>(rows), door, now, history);
  CHECK(report.rows() == rows.size());
  CHECK(report.accepted() == 4);
  CHECK(report.duplicates() == 1);
  CHECK(report.refused() == 1);
  REQUIRE(report.first_refusals().size() == 1);
  CHECK(report.first_refusals()[0].row == 4);
  CHECK(std::string(report.first_refusals()[0].field) == "quantity");
  CHECK(history.events() == 4);
}

TEST_CASE("ingest: an event that a part refused may come again under its id") {
  events::intake door;
  timeline history;
  wall last;
  CHECK(ingest_one(bought(1, 13, 1), door, now, history, last) == errc::full);
  CHECK(history.empty());
  last.open = true;
  CHECK(ingest_one(bought(1, 13, 1), door, now, history, last));
  CHECK(ingest_one(bought(1, 13, 1), door, now, history, last) == errc::duplicate);
  CHECK(history.events() == 1);
}

TEST_CASE("ingest: columns give the same as rows, and columns that do not fit are refused whole") {
  const std::vector<user_id> user{user_id{1}, user_id{2}, user_id{1}};
  const std::vector<timestamp> at{now, now, now};
  const std::vector<event_id> id{event_id{1}, event_id{1}, event_id{1}};
  events::columns batch;
  batch.user = user;
  batch.at = at;
  batch.id = id;
  events::intake door;
  timeline history;
  const auto report = ingest(batch, door, now, history);
  REQUIRE(report);
  CHECK(report->accepted() == 2);
  CHECK(report->duplicates() == 1);
  batch.id = std::span(id).first(2);
  CHECK(ingest(batch, door, now, history) == errc::malformed);
  CHECK(history.events() == 2);
}
