// A snapshot of format 1 as it was first written: it opens for ever, and today's code writes the
// same bytes.
#include <cstddef>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "tailor/events/timeline.hpp"
#include "tailor/similar/popularity.hpp"
#include "tailor/storage/snapshot.hpp"
#include "tailor/testing/histories.hpp"

using namespace tailor;

TEST_CASE("golden: the first snapshot opens, and is written again byte by byte") {
  std::string path = __FILE__;
  path.resize(path.rfind("storage"));
  path += "golden/snapshot_v1.bin";
  const auto bytes = storage::read_file(path.c_str());
  REQUIRE(bytes);
  CHECK(bytes->size() < 4096);
  events::timeline history;
  similar::popularity sales;
  REQUIRE(storage::restore(*bytes, history, sales));
  events::timeline expected;
  for (const events::event& e : testing::random_history(7, {.events = 40})) {
    CHECK(expected.observe(e));
  }
  CHECK(history == expected);
  CHECK(storage::snapshot_bytes(history, sales) == *bytes);
  CHECK(storage::digest(history, sales) == 12484752780873825229U);
}
