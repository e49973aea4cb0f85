// A query of a session allocates nothing once its scratch has its size.
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "../catch.hpp"
#include "../support/counted_new.hpp"
#include "slow_sessions.hpp"
#include "tailor/similar/session_knn.hpp"

using namespace tailor;
using namespace tailor::similar;

#if TAILOR_TEST_COUNTS_MEMORY

namespace {

template <class Weights>
void check_quiet(const session_index& index, const Weights& weights) {
  std::mt19937_64 random(9);
  session_scratch scratch;
  std::vector<next_item> out;
  std::vector<std::vector<item_id>> queries;
  for (int n = 0; n < 300; ++n) queries.push_back(tailor_test::random_clicks(random, 300, 12));
  next_in_session(index, std::vector<item_id>{item_id{5}}, {}, weights, scratch, out);
  std::size_t listed = 0;
  const std::size_t before = tailor_test::allocations;
  for (const auto& q : queries) {
    next_in_session(index, q, {}, weights, scratch, out);
    listed += out.size();
  }
  CHECK(tailor_test::allocations == before);
  CHECK(listed > 0);
}

}  // namespace

TEST_CASE("next in session: nothing is allocated after the first query") {
  std::mt19937_64 random(8);
  session_index index;
  for (std::uint64_t id = 0; id < 3000; ++id) {
    REQUIRE(index.add(tailor_test::random_session(random, id, std::int64_t(id), 300, 8).view()));
    if (id == 2000) index.compact();
  }
  check_quiet(index, vmis{});
  check_quiet(index, stan{});
  check_quiet(index, vstan{});
}

#endif
