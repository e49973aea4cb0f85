#include "tailor/similar/serve.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <vector>

#include "../catch.hpp"
#include "random_matrix.hpp"
#include "tailor/similar/neighbour_lists.hpp"
#include "tailor/similar/weighted_lists.hpp"

using namespace tailor;
using namespace tailor::similar;
using tailor_test::matrix;
using tailor_test::random_matrix;

namespace {

template <class Lists>
int wrong_answers(const Lists& lists, const matrix& m, std::mt19937_64& random) {
  const list_server server(lists);
  serve_scratch scratch;
  std::vector<recommended> out;
  int wrong = 0;
  for (std::size_t r = 0; r < m.rows.size() && r < 50; ++r) {
    std::vector<item_id> history;
    for (const std::uint32_t i : m.rows[r]) history.push_back(item_id{i});
    std::map<std::uint32_t, float> sums;
    for (const item_id item : history) {
      const auto i = static_cast<std::size_t>(
          std::lower_bound(lists.items().begin(), lists.items().end(), item) -
          lists.items().begin());
      for (const auto& e : lists.list_of(i)) {
        sums[e.item] += static_cast<float>(lists.score_of(i, e));
      }
    }
    std::vector<recommended> expected;
    for (const auto& [j, score] : sums) {
      const item_id item = lists.items()[j];
      if (std::find(history.begin(), history.end(), item) == history.end()) {
        expected.push_back({item, score});
      }
    }
    std::stable_sort(expected.begin(), expected.end(),
                     [](const auto& a, const auto& b) { return a.score > b.score; });
    const std::size_t count = random() % 6;
    if (expected.size() > count) expected.resize(count);
    // Order, repetition and strangers make no difference.
    std::shuffle(history.begin(), history.end(), random);
    history.push_back(item_id{1});
    history.push_back(history.front());
    server.recommend(history, count, scratch, out);
    wrong += out != expected;
  }
  return wrong;
}

}  // namespace

TEST_CASE("serving: equal to adding up the lists by hand") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    const matrix m = random_matrix(random);
    const list_options options{.k = 1 + static_cast<std::uint32_t>(random() % 90),
                               .min_support = 1};
    REQUIRE(wrong_answers(neighbour_lists<>::fit(m.to_incidence(), options), m, random) == 0);
    REQUIRE(wrong_answers(weighted_lists<bm25>::fit(m.to_incidence(), options), m, random) == 0);
  }
}

TEST_CASE("serving: an empty or unknown history gets nothing") {
  const list_server server(neighbour_lists<>{});
  serve_scratch scratch;
  std::vector<recommended> out{{}};
  server.recommend({}, 5, scratch, out);
  CHECK(out.empty());
  const std::vector<item_id> strangers = {item_id{7}};
  server.recommend(strangers, 5, scratch, out);
  CHECK(out.empty());
}
