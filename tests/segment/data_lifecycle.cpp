#include <array>
#include <cstdint>
#include <map>

#include "../catch.hpp"
#include "sales.hpp"
#include "tailor/core/thread_pool.hpp"
#include "tailor/segment/lifecycle.hpp"
#include "tailor/segment/roll.hpp"

using namespace tailor;
using namespace tailor::segment;

// Known from an independent program in Python with integers and fractions: sales with a customer,
// the first moment of each customer's days, gaps between them in seconds, the stages as
// lifecycle.hpp defines them, one minute after the last sale.
TEST_CASE("online retail: gaps, pace and stages of the lifecycle", "[data]") {
  const events::timeline history = tailor_test::read_sales();
  const timestamp now = parse_timestamp("2011-12-09T12:51:00Z").value();
  thread_pool pool(3);
  const auto model = lifecycle::fit(history, now, {}, pool);
  REQUIRE(model);
  CHECK(model->gaps() == 12'425);
  CHECK(model->median_gap() == seconds(2'417'340));
  CHECK(model->ratios() == std::array<std::int64_t, 3>{1'806, 3'543, 7'182});
  std::map<lifecycle_stage, std::int64_t> stages;
  for (const auto& [value, n] : count_by_value(roll_of(history, *model, now, pool))) {
    stages[static_cast<lifecycle_stage>(value)] = n;
  }
  CHECK(stages == std::map<lifecycle_stage, std::int64_t>{{lifecycle_stage::fresh, 204},
                                                          {lifecycle_stage::active, 2'171},
                                                          {lifecycle_stage::slipping, 600},
                                                          {lifecycle_stage::at_risk, 482},
                                                          {lifecycle_stage::lost, 679},
                                                          {lifecycle_stage::reactivated, 202}});
}
