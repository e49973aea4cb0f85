#include "tailor/segment/cluster_names.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"

using namespace tailor;
using segment::cluster_names;
using segment::column_words;
using segment::feature;
using names = std::vector<std::string>;

namespace {

const std::vector<column_words> rfm = {segment::words_of(feature::recency_days),
                                       segment::words_of(feature::order_count),
                                       segment::words_of(feature::revenue)};

}  // namespace

TEST_CASE("cluster names: words for what stands out, none for what does not") {
  const std::vector<double> z = {-0.9, 1.2, 1.5, 0.8, -0.6, -0.49, 0.1, -0.2, 0.3};
  CHECK(cluster_names(z, rfm) ==
        names{"recent, frequent, very high spend", "long gone, rare", "average"});
  CHECK(cluster_names({}, rfm).empty());
}

TEST_CASE("cluster names: equal words are told apart by the column that separates them most") {
  const std::vector<double> z = {0.1, 0.0, 0.3, 0.1, 0.1, -0.3, 1.0, 0.1, 0.0, 0.1, 0.0, 0.2};
  CHECK(cluster_names(z, rfm) == names{"average (revenue 3 of 3)", "average (revenue 1 of 3)",
                                       "long gone", "average (revenue 2 of 3)"});
  const std::vector<double> same(6, 0.0);
  CHECK(cluster_names(same, rfm) ==
        names{"average (days since last order 1 of 2)", "average (days since last order 2 of 2)"});
}

TEST_CASE("cluster names: a table of one's own, in one's own language") {
  const std::vector<column_words> words = {{"selten", "oft", "Bestellungen"}};
  const segment::naming how{.said = 1, .strong = 2, .very = "sehr ", .plain = "mittel"};
  CHECK(
      cluster_names(std::vector<double>{-1, 0.9, 2.5, 0.0}, words, how) ==
      names{"selten", "mittel (Bestellungen 2 of 2)", "sehr oft", "mittel (Bestellungen 1 of 2)"});
}

TEST_CASE("cluster names: never the same twice, whatever the centres") {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    counter_random g(seed, 5);
    const std::size_t k = 1 + uniform_below(g, 20);
    std::vector<double> z(k * 3);
    for (double& x : z) x = seed % 3 == 0 ? 0.25 * double(uniform_below(g, 4)) : normal(g);
    names all = cluster_names(z, rfm);
    CHECK(all == cluster_names(z, rfm));
    std::sort(all.begin(), all.end());
    CHECK(std::adjacent_find(all.begin(), all.end()) == all.end());
  }
}
