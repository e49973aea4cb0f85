#include <tailor/events/row_batch.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "../catch.hpp"

using namespace tailor;
using namespace tailor::events;

namespace {

named_event by(std::string_view user, std::string_view item = {}) {
  named_event row;
  row.user = user;
  row.item = item;
  return row;
}

}  // namespace

TEST_CASE("row batch: handles and order are those of one row after the other") {
  name_tables batched, single;
  ingest_report report;
  row_batch batch(128);
  std::vector<event> got, expected;
  const auto sink = [&](const event& e) { got.push_back(e); };
  for (std::uint64_t i = 0; i < 1'000; ++i) {
    const std::string user = "u" + std::to_string(i * i % 37);
    const std::string item = i % 3 == 0 ? "" : "i" + std::to_string(i % 11);
    expected.push_back(*with_handles(by(user, item), single));
    // The strings are gone before the batch is flushed.
    if (!batch.has_room(by(user, item), name_memory::passes)) batch.flush(batched, report, sink);
    batch.add(by(user, item), i, name_memory::passes);
  }
  batch.flush(batched, report, sink);
  CHECK(got == expected);
  CHECK(batched.users == single.users);
  CHECK(batched.items == single.items);
  CHECK(report.accepted() == 1'000);
}

TEST_CASE("row batch: a row that needs no handle of a full table passes it") {
  interner_limits one;
  one.max_names = 1;
  name_tables tables{interner({}, one), interner({}, {}), interner({}, {})};
  ingest_report report;
  row_batch batch(128);
  named_event known;
  known.rest.user = user_id{99};
  batch.add(by("a"), 0, name_memory::stays);
  batch.add(by("b"), 1, name_memory::stays);
  batch.add(known, 2, name_memory::stays);
  std::vector<std::uint64_t> users;
  const auto sink = [&](const event& e) { users.push_back(raw(e.user)); };
  batch.flush(tables, report, sink);
  CHECK(users == std::vector<std::uint64_t>{0, 99});
  REQUIRE(report.first_refusals().size() == 1);
  CHECK(report.first_refusals()[0] ==
        ingest_report::refusal{1, errc::full, report.first_refusals()[0].field});
  CHECK(std::string(report.first_refusals()[0].field) == "user");
}

TEST_CASE("row batch: it has room for 256 rows and for as many bytes as it reserved") {
  row_batch batch(10'000);
  const std::string longest(10'000, 'x');
  CHECK(batch.has_room(by(longest, longest), name_memory::passes));
  batch.add(by(longest, longest), 0, name_memory::passes);
  CHECK_FALSE(batch.has_room(by(longest, longest), name_memory::passes));
  for (std::uint64_t i = 1; i < row_batch::most; ++i) {
    REQUIRE(batch.has_room(by(longest, longest), name_memory::stays));
    batch.add(by(longest, longest), i, name_memory::stays);
  }
  CHECK_FALSE(batch.has_room(by("a"), name_memory::stays));
}
