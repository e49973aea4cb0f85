#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "../support/allocations.hpp"
#include "tailor/core/distributions.hpp"
#include "tailor/similar/item_features.hpp"
#include "tailor/similar/item_vectors.hpp"

using namespace tailor;
using namespace tailor::similar;

namespace {

std::vector<std::vector<float>> random_vectors(std::uint64_t seed, std::size_t n, std::size_t d) {
  counter_random draw(seed, 7);
  std::vector<std::vector<float>> out(n, std::vector<float>(d));
  for (auto& v : out) {
    for (float& x : v) x = static_cast<float>(normal(draw));
  }
  return out;
}

std::vector<item_vectors::row> rows_of(const std::vector<std::vector<float>>& vectors) {
  std::vector<item_vectors::row> rows;
  for (std::uint64_t i = 0; i < vectors.size(); ++i) rows.push_back({item_id{3 * i}, vectors[i]});
  return rows;
}

}  // namespace

TEST_CASE("item vectors: the nearest are those of the quantised cosine, all looked at") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto vectors = random_vectors(seed, 80, 1 + seed * 3);
    auto rows = rows_of(vectors);
    std::reverse(rows.begin(), rows.end());
    const item_vectors model = item_vectors::make(rows).value();
    item_vectors::scratch s;
    std::vector<vector_neighbour> got;
    const std::size_t me = seed * 4;
    model.neighbours(item_id{3 * me}, 9, s, got);
    const auto quantised = [&](std::size_t i) {
      float most = 0;
      for (const float x : vectors[i]) most = (std::max)(most, std::fabs(x));
      std::vector<double> out;
      for (const float x : vectors[i]) {
        out.push_back(std::round(127.0 * static_cast<double>(x) / static_cast<double>(most)));
      }
      return out;
    };
    std::vector<std::pair<double, std::uint64_t>> want;
    const auto own = quantised(me);
    for (std::size_t i = 0; i < 80; ++i) {
      const auto other = quantised(i);
      double dot = 0, a = 0, b = 0;
      for (std::size_t d = 0; d < own.size(); ++d) {
        dot += own[d] * other[d];
        a += own[d] * own[d];
        b += other[d] * other[d];
      }
      if (i != me && dot > 0) want.emplace_back(-dot / std::sqrt(a) / std::sqrt(b), 3 * i);
    }
    std::sort(want.begin(), want.end());
    REQUIRE(got.size() == (std::min)(want.size(), std::size_t{9}));
    for (std::size_t n = 0; n < got.size(); ++n) {
      REQUIRE(std::fabs(got[n].score + want[n].first) < 1e-6);
    }
    std::vector<vector_neighbour> by_vector;
    model.nearest(vectors[me], 1, s, by_vector);
    REQUIRE(by_vector.size() == 1);
    CHECK(std::fabs(by_vector[0].score - 1) < 1e-6);  // itself
  }
}

TEST_CASE("item vectors: the quantised cosine is near the true one") {
  const auto vectors = random_vectors(1, 300, 64);
  const item_vectors model = item_vectors::make(rows_of(vectors)).value();
  item_vectors::scratch s;
  std::vector<vector_neighbour> got;
  model.neighbours(item_id{0}, 300, s, got);
  double worst = 0;
  for (const auto& g : got) {
    const auto& other = vectors[raw(g.item) / 3];
    double dot = 0, a = 0, b = 0;
    for (std::size_t d = 0; d < 64; ++d) {
      dot += double{vectors[0][d]} * double{other[d]};
      a += double{vectors[0][d]} * double{vectors[0][d]};
      b += double{other[d]} * double{other[d]};
    }
    worst = (std::max)(worst, std::fabs(g.score - dot / std::sqrt(a * b)));
  }
  CHECK(worst < 0.01);
  const std::size_t before = tailor_test::allocations;
  model.neighbours(item_id{3}, 300, s, got);
  CHECK(tailor_test::allocations == before);
}

TEST_CASE("item vectors: what is no vector is refused with its place") {
  const std::vector<float> good{1, 2}, shorter{1}, bad{1, std::nanf("")},
      endless{std::numeric_limits<float>::infinity(), 1}, none{}, zero{0, 0};
  const auto code = [](std::vector<item_vectors::row> rows) {
    const auto made = item_vectors::make(rows);
    return made ? errc::ok : made.error().code;
  };
  CHECK(code({{item_id{1}, good}, {item_id{2}, shorter}}) == errc::conflict);
  CHECK(code({{item_id{1}, bad}}) == errc::not_finite);
  CHECK(code({{item_id{1}, endless}}) == errc::not_finite);
  CHECK(code({{item_id{1}, none}}) == errc::out_of_range);
  CHECK(code({{item_id{1}, good}, {item_id{1}, good}}) == errc::duplicate);
  CHECK(code({{no_item, good}}) == errc::empty_id);
  CHECK(code({}) == errc::ok);
  const std::vector<item_vectors::row> rows{{item_id{1}, good}, {item_id{2}, zero}};
  const item_vectors model = item_vectors::make(rows).value();
  item_vectors::scratch s;
  std::vector<vector_neighbour> out{{item_id{9}, 1}};
  model.neighbours(item_id{1}, 5, s, out);
  CHECK(out.empty());  // zeros are near to nothing
  model.neighbours(item_id{2}, 5, s, out);
  CHECK(out.empty());
  model.neighbours(item_id{3}, 5, s, out);
  CHECK(out.empty());
  model.nearest(shorter, 5, s, out);
  CHECK(out.empty());
  model.nearest(bad, 5, s, out);
  CHECK(out.empty());
  model.nearest(good, 5, s, out);
  CHECK(out.size() == 1);
  const std::vector<item_vectors::row> changed{{item_id{1}, zero}, {item_id{2}, zero}};
  CHECK(item_vectors::make(changed).value().digest() != model.digest());
}

TEST_CASE("item features: cosine of rare features, as by plain maps") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    counter_random draw(seed, 8);
    const std::size_t n = 1 + uniform_below(draw, 25);
    std::vector<std::set<std::string>> words(n);
    std::vector<feature_set> sets(n);
    std::vector<item_features::row> rows;
    for (std::size_t i = 0; i < n; ++i) {
      std::string text;
      for (std::uint64_t w = uniform_below(draw, 6); w > 0; --w) {
        const std::string word = "word" + std::to_string(uniform_below(draw, 12));
        words[i].insert(word);
        text += "  " + word + ",";
      }
      sets[i].add_words("title", text);
      rows.push_back({item_id{i + 1}, &sets[i]});
    }
    const item_features model = item_features::make(rows).value();
    std::map<std::string, double> rare;
    for (const auto& w : words) {
      for (const std::string& x : w) rare[x] += 1;
    }
    for (auto& [word, count] : rare) count = std::log(static_cast<double>(n + 1) / count);
    const auto norm = [&](const std::set<std::string>& w) {
      double sum = 0;
      for (const std::string& x : w) sum += rare[x] * rare[x];
      return std::sqrt(sum);
    };
    item_features::scratch s;
    std::vector<vector_neighbour> got;
    for (std::size_t i = 0; i < n; ++i) {
      model.neighbours(item_id{i + 1}, 100, s, got);
      std::size_t sharing = 0;
      for (std::size_t j = 0; j < n; ++j) {
        double dot = 0;
        for (const std::string& x : words[i])
          dot += static_cast<double>(words[j].count(x)) * rare[x];
        sharing += i != j && dot > 0;
      }
      REQUIRE(got.size() == sharing);
      for (const auto& g : got) {
        const auto& other = words[raw(g.item) - 1];
        double dot = 0;
        for (const std::string& x : words[i]) {
          dot += static_cast<double>(other.count(x)) * rare[x] * rare[x];
        }
        REQUIRE(std::fabs(g.score - dot / norm(words[i]) / norm(other)) < 1e-5);
      }
    }
  }
}

TEST_CASE("item features: paths, words and fields") {
  feature_set a, b, c;
  a.add_path("category", "shoes/running/trail");
  CHECK(a.hashes().size() == 3);
  b.add_path("category", "shoes/running/road");
  c.add_path("category", "hats");
  feature_set words, same;
  words.add_words("title", "Trail-Shoe \"X2\"");
  same.add_words("title", "trail shoe x2");
  CHECK(words.hashes().size() == 3);
  CHECK(std::equal(words.hashes().begin(), words.hashes().end(), same.hashes().begin()));
  feature_set brand;
  brand.add("brand", "trail");
  CHECK(brand.hashes()[0] != words.hashes()[0]);

  const std::vector<item_features::row> rows{{item_id{1}, &b}, {item_id{2}, &c}};
  const item_features model = item_features::make(rows).value();
  item_features::scratch s;
  std::vector<vector_neighbour> out;
  model.nearest(a, 5, s, out);
  REQUIRE(out.size() == 1);
  CHECK(out[0].item == item_id{1});
  model.nearest(feature_set{}, 5, s, out);
  CHECK(out.empty());

  const std::vector<item_features::row> twice{{item_id{1}, &b}, {item_id{1}, &c}},
      nothing{{item_id{1}, nullptr}}, nobody{{no_item, &b}};
  CHECK(item_features::make(twice).error().code == errc::duplicate);
  CHECK(item_features::make(nothing).error().code == errc::malformed);
  CHECK(item_features::make(nobody).error().code == errc::empty_id);
  CHECK(behaviour_share(0) == 0);
  CHECK(behaviour_share(20) == 0.5);
  CHECK(behaviour_share(-5) == 0);
  CHECK(behaviour_share(INT64_MAX) == 1);
}
