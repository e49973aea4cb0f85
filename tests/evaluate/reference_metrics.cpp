#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "../catch.hpp"
#include "tailor/evaluate/metrics.hpp"

using namespace tailor;
using namespace tailor::evaluate;

namespace {

/// List c ranks (a·i + b) mod 101 for i below `length`, a = 3 + 7c, b = 11c + 5; an item x is
/// relevant if (29x² + x + c) mod 101 < 13c mod 37 + 4. The figures are those of
/// pytrec_eval-terrier 0.5.11: ndcg_cut_k, map_cut_k, recip_rank of the list cut at k, recall_k,
/// P_k, success_k. Where a list is whole (length 101), ndcg_score of scikit-learn 1.9.1 gives the
/// same ten digits.
struct reference {
  std::uint64_t c;
  double ndcg, map, rank, recall, precision, success;
};
constexpr reference references[] = {
    {0, 0.0000000000, 0.0000000000, 0.0000000000, 0.0000000000, 0.0000000000, 0},
    {1, 0.2316969762, 0.0676816239, 0.2500000000, 0.2083333333, 0.2500000000, 1},
    {2, 0.1695801026, 0.0092592593, 0.3333333333, 0.0277777778, 0.2000000000, 1},
    {3, 0.3507942974, 0.1750000000, 1.0000000000, 0.2500000000, 0.2000000000, 1},
    {4, 0.6277838963, 0.2955449881, 0.2500000000, 1.0000000000, 0.2178217822, 1},
    {5, 1.0000000000, 0.0277777778, 1.0000000000, 0.0277777778, 1.0000000000, 1},
    {6, 0.2086566257, 0.0753968254, 0.1666666667, 0.3333333333, 0.2000000000, 1},
    {7, 0.2213559209, 0.0750000000, 0.5000000000, 0.2000000000, 0.2000000000, 1},
    {10, 0.5922091331, 0.2292755234, 0.3333333333, 1.0000000000, 0.1980198020, 1},
};
constexpr std::size_t lengths[] = {101, 40, 12, 7, 101, 25};
constexpr std::size_t cuts[] = {10, 20, 5, 10, 101, 1};

}  // namespace

TEST_CASE("metrics: the figures of an independent program") {
  for (const reference& r : references) {
    std::vector<item_id> list, relevant;
    for (std::uint64_t i = 0; i < lengths[r.c % 6]; ++i) {
      list.push_back(item_id{((3 + 7 * r.c) * i + 11 * r.c + 5) % 101});
    }
    for (std::uint64_t x = 0; x < 101; ++x) {
      if ((29 * x * x + x + r.c) % 101 < 13 * r.c % 37 + 4) relevant.push_back(item_id{x});
    }
    const std::size_t k = cuts[r.c % 6];
    const auto near = [](double a, double b) { return std::fabs(a - b) < 1e-9; };
    const list_metrics m = measure_list(list, relevant, k).value();
    // Theirs divides the average precision by all that is relevant.
    const auto most = static_cast<double>((std::min)(k, relevant.size()));
    const double all = static_cast<double>(relevant.size());
    INFO("list " << r.c);
    CHECK(near(m[metric::ndcg], r.ndcg));
    CHECK(near(m[metric::average_precision] * most / all, r.map));
    CHECK(near(m[metric::reciprocal_rank], r.rank));
    CHECK(near(m[metric::recall_of_all], r.recall));
    CHECK(near(m[metric::recall_of_reachable] * most / all, r.recall));
    CHECK(near(m[metric::precision], r.precision));
    CHECK(m[metric::hit] == r.success);
  }
}
