// The seeds of the snapshot fuzzer: one snapshot of each kind of section, and some of several. With
// TAILOR_WRITE_SEEDS set they are written anew, else they have to be what the library writes today.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/interner.hpp"
#include "tailor/events/dedupe.hpp"
#include "tailor/events/identity.hpp"
#include "tailor/events/returns.hpp"
#include "tailor/events/timeline.hpp"
#include "tailor/similar/pair_counts.hpp"
#include "tailor/similar/popularity.hpp"
#include "tailor/storage/snapshot.hpp"
#include "tailor/testing/histories.hpp"

using namespace tailor;
using events::event;

namespace {

// The first that is long enough and has enough purchases to have pairs.
std::vector<event> small_history() {
  for (std::uint64_t seed = 0;; ++seed) {
    std::vector<event> h = testing::random_history(seed, {.shoppers = 3, .items = 4, .events = 20});
    int purchases = 0;
    for (const event& e : h) purchases += e.kind == events::event_kind::purchase ? 1 : 0;
    if (h.size() >= 12 && purchases >= 6) return h;
  }
}

template <class... Parts>
void seed(const char* name, const Parts&... parts) {
  std::string path = __FILE__;
  path.resize(path.rfind("storage"));
  path += std::string("fuzz/corpus/snapshot/") + name;
  const std::vector<std::byte> bytes = storage::snapshot_bytes(parts...);
  if (std::getenv("TAILOR_WRITE_SEEDS") != nullptr) {
    CHECK(storage::replace_file(path.c_str(), bytes));
  }
  CAPTURE(path);
  const auto there = storage::read_file(path.c_str());
  REQUIRE(there);
  CHECK(*there == bytes);
}

}  // namespace

TEST_CASE("seeds: the fuzzer begins with what the library writes") {
  events::timeline history;
  similar::pair_counts bought;
  similar::popularity sales;
  events::identities who;
  events::returns back;
  events::dedupe taken;
  interner names;
  std::uint64_t id = 0;
  for (event e : small_history()) {
    CHECK(history.observe(e));
    bought.observe(e);
    sales.observe(e);
    CHECK(back.observe(e, history));
    e.id = event_id{id++};
    CHECK(taken.admit(e));
  }
  CHECK(who.link(user_id{1}, user_id{2}));
  CHECK(who.link(user_id{2}, user_id{3}));
  CHECK(names.intern("white mug"));
  CHECK(names.intern("85123A"));

  seed("timeline", history);
  seed("pair_counts", bought);
  seed("popularity", sales);
  seed("identities", who);
  seed("returns", back);
  seed("dedupe", taken);
  seed("names", names);
  seed("shop", history, sales);
  seed("everything", history, bought, sales, who, back, taken, names);
}
