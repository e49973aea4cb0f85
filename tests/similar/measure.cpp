#include "tailor/similar/measure.hpp"

#include <cmath>
#include <cstdint>
#include <limits>

#include "../catch.hpp"

using namespace tailor;
using namespace tailor::similar;

namespace {

// The four cells of a 2×2 table as evidence.
pair_evidence table(std::int64_t k11, std::int64_t k12, std::int64_t k21, std::int64_t k22) {
  return {k11, k11 + k12, k11 + k21, k11 + k12 + k21 + k22, 0};
}

double plain_llr(const pair_evidence& e) { return log_likelihood{likelihood_form::plain}(e); }

struct shared_alone {
  double operator()(const pair_evidence& e) const { return static_cast<double>(e.both); }
};
struct not_a_measure {
  int operator()(const pair_evidence&) const { return 0; }
};

}  // namespace

TEST_CASE("measures: the stock models and the smallest own one are measures") {
  STATIC_REQUIRE(measure<count>);
  STATIC_REQUIRE(measure<cosine>);
  STATIC_REQUIRE(measure<asymmetric_cosine>);
  STATIC_REQUIRE(measure<jaccard>);
  STATIC_REQUIRE(measure<tversky>);
  STATIC_REQUIRE(measure<lift>);
  STATIC_REQUIRE(measure<log_likelihood>);
  STATIC_REQUIRE(measure<chance_corrected>);
  STATIC_REQUIRE(measure<shared_alone>);
  STATIC_REQUIRE_FALSE(measure<not_a_measure>);
  STATIC_REQUIRE(needs_expected<chance_corrected>);
  STATIC_REQUIRE_FALSE(needs_expected<cosine>);
  CHECK(falls_with_target(cosine{}));
  CHECK_FALSE(falls_with_target(cosine{.shrink = -1}));
  CHECK_FALSE(falls_with_target(count{}));
  CHECK_FALSE(falls_with_target(shared_alone{}));
}

TEST_CASE("measures: the toy of five shoppers and four items") {
  // Rows {0,1} {0,1,2} {1,2} {2,3} {0,3}; the pair (0, 1).
  const pair_evidence e{2, 3, 3, 5, 0};
  CHECK(count{}(e) == 2);
  CHECK(cosine{}(e) == Approx(2.0 / 3).epsilon(1e-12));
  CHECK(cosine{.shrink = 1}(e) == Approx(0.5).epsilon(1e-12));
  CHECK(asymmetric_cosine{}(e) == Approx(2.0 / 3).epsilon(1e-12));
  CHECK(jaccard{}(e) == Approx(0.5).epsilon(1e-12));
  CHECK(jaccard{.shrink = 1}(e) == Approx(0.4).epsilon(1e-12));
  CHECK(tversky{.alpha = 1, .beta = 1}(e) == Approx(0.5).epsilon(1e-12));
  CHECK(tversky{}(e) == Approx(2.0 / 3).epsilon(1e-12));
  CHECK(lift{}(e) == Approx(10.0 / 9).epsilon(1e-12));
}

TEST_CASE("asymmetric cosine: alpha is the exponent of the source") {
  const pair_evidence e{4, 16, 81, 1000, 0};
  CHECK(asymmetric_cosine{.alpha = 0.25}(e) == Approx(4 / (2.0 * 27)).epsilon(1e-12));
  CHECK(asymmetric_cosine{.alpha = 0.75}(e) == Approx(4 / (8.0 * 3)).epsilon(1e-12));
  CHECK(asymmetric_cosine{.alpha = 0.5}(e) == Approx(cosine{}(e)).epsilon(1e-12));
}

TEST_CASE("log-likelihood: published values") {
  CHECK(plain_llr(table(1, 0, 0, 1)) == Approx(2.772589).margin(5e-7));
  CHECK(plain_llr(table(10, 0, 0, 10)) == Approx(27.725887).margin(5e-7));
  CHECK(plain_llr(table(5, 1995, 0, 100000)) == Approx(39.330522).margin(5e-7));
  CHECK(plain_llr(table(1000, 1995, 1000, 100000)) == Approx(4730.736813).margin(5e-7));
  CHECK(plain_llr(table(1000, 1000, 1000, 100000)) == Approx(5734.342525).margin(5e-7));
  CHECK(plain_llr(table(1000, 1000, 1000, 99000)) == Approx(5714.932397).margin(5e-7));
  CHECK(plain_llr(table(110, 2442, 111, 29114)) == Approx(270.72).margin(5e-3));
  CHECK(log_likelihood{}(table(10, 0, 0, 10)) == Approx(std::sqrt(27.725887)).margin(5e-7));
}

TEST_CASE("log-likelihood: nothing beyond chance is nothing") {
  CHECK(plain_llr(table(1, 1, 1, 1)) == 0);
  CHECK(plain_llr(table(1, 10, 10, 1)) == 0);
  CHECK(plain_llr(table(5, 0, 0, 0)) == 0);
}

TEST_CASE("chance-corrected: the worked check of three buyers") {
  // They made 1, 4 and 40 other purchases and the target is 2 % of all: 0.652 expected, 2 seen.
  const double chance =
      (1 - std::pow(0.98, 1)) + (1 - std::pow(0.98, 4)) + (1 - std::pow(0.98, 40));
  CHECK(chance == Approx(0.652).margin(5e-4));
  const pair_evidence e{2, 3, 20, 100, static_cast<std::uint64_t>(chance * 0x1p32)};
  CHECK(chance_corrected{}(e) == Approx(1.67).margin(5e-3));
  CHECK(chance_corrected{chance_form::difference}(e) == Approx(2 - chance).epsilon(1e-8));
  CHECK(chance_corrected{chance_form::ratio}(e) == Approx(2 / chance).epsilon(1e-8));
  pair_evidence uncounted = e;
  uncounted.expected = 0;
  CHECK(chance_corrected{}(uncounted) == 0);
}

TEST_CASE("measures: numbers that cannot be a pair's score 0, and no NaN comes out") {
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  const std::int64_t least = std::numeric_limits<std::int64_t>::min();
  const pair_evidence odd[] = {{},
                               {0, 3, 3, 5, 7},
                               {-1, 3, 3, 5, 7},
                               {2, 1, 3, 5, 7},
                               {2, 3, 1, 5, 7},
                               {1, 0, 0, 0, 0},
                               {least, least, least, least, 1},
                               {1, least, most, 0, 1}};
  for (const pair_evidence& e : odd) {
    CHECK(count{}(e) == 0);
    CHECK(cosine{}(e) == 0);
    CHECK(asymmetric_cosine{}(e) == 0);
    CHECK(jaccard{}(e) == 0);
    CHECK(tversky{}(e) == 0);
    CHECK(lift{}(e) == 0);
    CHECK(log_likelihood{}(e) == 0);
    CHECK(chance_corrected{}(e) == 0);
  }
  // Rows that no population holds are no table.
  CHECK(log_likelihood{}({2, 3, 3, 3, 0}) == 0);
  CHECK(std::isfinite(log_likelihood{}({most / 4, most / 3, most / 3, most, 0})));
}

TEST_CASE("measures: those that say so fall with the target, strictly") {
  for (const std::int64_t target : {5, 1000, 4000000}) {
    for (const std::int64_t source : {5, 1000, 4000000}) {
      const pair_evidence e{5, source, target, 10000000, 0};
      pair_evidence more = e;
      ++more.target;
      CHECK(cosine{.shrink = 1e6}(more) < cosine{.shrink = 1e6}(e));
      CHECK(jaccard{.shrink = 1e6}(more) < jaccard{.shrink = 1e6}(e));
      CHECK(tversky{1e3, 1e-3, 1e6}(more) < tversky{1e3, 1e-3, 1e6}(e));
      CHECK(asymmetric_cosine{0.9, 1e3}(more) < asymmetric_cosine{0.9, 1e3}(e));
      CHECK(lift{}(more) < lift{}(e));
    }
  }
}
