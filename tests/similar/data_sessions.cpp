#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "../catch.hpp"
#include "../support/data.hpp"
#include "session_trial.hpp"
#include "tailor/similar/session_knn.hpp"

using namespace tailor;
using namespace tailor::similar;
using tailor_test::trial;
using tailor_test::visit;

namespace {

struct serenade : tailor_test::shop_visits {
  serenade()
      : shop_visits(tailor_test::need_data("serenade_train.csv"),
                    tailor_test::need_data("serenade_test.csv"),
                    tailor_test::need_data("serenade_valid.csv")) {}
};

void check(double found, double known) { CHECK(found == Approx(known).margin(0.00005)); }

}  // namespace

TEST_CASE("serenade: the files are as described", "[data]") {
  const serenade s;
  std::size_t clicks = 0;
  std::vector<std::size_t> sizes;
  for (const visit& v : s.train) {
    clicks += v.clicks.size();
    sizes.push_back(v.distinct());
  }
  CHECK(clicks == 113601);
  CHECK(s.train.size() == 23753);
  CHECK(s.clicks_of.size() == 18009);
  CHECK(s.test.size() == 302);
  CHECK(s.valid.size() == 330);
  const auto quantile = sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() * 995 / 1000);
  std::nth_element(sizes.begin(), quantile, sizes.end());
  CHECK(*quantile == 15);
}

// The values of the row "ties by smaller id, newer session first", computed by others.
TEST_CASE("serenade: all metrics of the published settings, to four digits", "[data]") {
  const serenade s;
  const trial t = s.run(s.test, {.recent = 500, .neighbours = 50, .last = 2, .count = 20}, vmis{});
  CHECK(t.positions == 931);
  check(t.mrr, 0.3260);
  check(t.ndcg, 0.3545);
  check(t.hit_rate, 0.6402);
  check(t.popularity, 0.0500);
  check(t.precision, 0.0681);
  check(t.coverage, 0.2746);
  check(t.recall, 0.4472);
  check(t.f1(), 0.1182);
}

TEST_CASE("serenade: the tuned settings, on test and on valid, to four digits", "[data]") {
  const serenade s;
  const session_knn_options tuned{.recent = 1502, .neighbours = 288, .last = 4, .count = 20};
  const trial test = s.run(s.test, tuned, vmis{});
  check(test.mrr, 0.3379);
  check(test.ndcg, 0.3713);
  check(test.hit_rate, 0.6638);
  const trial valid = s.run(s.valid, tuned, vmis{});
  CHECK(valid.positions == 1121);
  check(valid.mrr, 0.3176);
  check(valid.ndcg, 0.3648);
  check(valid.hit_rate, 0.6378);
}
