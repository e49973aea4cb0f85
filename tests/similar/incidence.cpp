#include "tailor/similar/incidence.hpp"

#include <cstdint>
#include <initializer_list>
#include <random>
#include <span>
#include <vector>

#include "../catch.hpp"
#include "random_matrix.hpp"

using namespace tailor;
using namespace tailor::similar;

namespace {

std::vector<item_id> ids(std::initializer_list<std::uint64_t> numbers) {
  std::vector<item_id> out;
  for (const std::uint64_t n : numbers) out.push_back(item_id{n});
  return out;
}

}  // namespace

TEST_CASE("incidence: cells in any order and number make the same rows") {
  const std::vector<incidence::cell> cells = {
      {2, item_id{7}}, {0, item_id{9}}, {0, item_id{7}}, {0, item_id{9}}, {2, item_id{1}}};
  const incidence rows = incidence::make(cells, 4).value();
  CHECK(std::vector<item_id>(rows.items().begin(), rows.items().end()) == ids({1, 7, 9}));
  CHECK(rows.rows().begin == std::vector<std::uint32_t>{0, 2, 2, 4, 4});
  CHECK(rows.rows().columns == std::vector<std::uint32_t>{1, 2, 0, 1});
  CHECK(rows.population() == 2);
  CHECK(rows.find(item_id{9}) == 2u);
  CHECK_FALSE(rows.find(item_id{8}));
  CHECK_FALSE(rows.has_owners());
  CHECK(rows.owner_of(3) == 3);

  std::vector<incidence::cell> turned(cells.rbegin(), cells.rend());
  CHECK(incidence::make(turned, 4).value() == rows);
  CHECK(incidence::make(rows.rows(), ids({1, 7, 9})).value() == rows);
}

TEST_CASE("incidence: what is wrong is named with its place") {
  const std::vector<incidence::cell> good = {{0, item_id{1}}, {1, item_id{2}}};
  const auto outside = incidence::make(good, 1);
  CHECK(outside == errc::out_of_range);
  CHECK(outside.error().at == 1);
  CHECK(incidence::make(std::vector<incidence::cell>{{0, no_item}}, 1) == errc::malformed);
  CHECK(incidence::make(good, 2, {0}) == errc::conflict);
  CHECK(incidence::make(good, 2, {0, 2}) == errc::out_of_range);
  CHECK(incidence::make(good, 2, {1, 1}));

  CHECK(incidence::make({{0, 1}, {0}}, ids({5})));
  CHECK(incidence::make({{0, 1}, {1}}, ids({5})) == errc::out_of_range);
  CHECK(incidence::make({{0, 2}, {1, 1}}, ids({5, 6})) == errc::malformed);
  CHECK(incidence::make({{0, 2}, {1, 0}}, ids({5, 6})) == errc::malformed);
  CHECK(incidence::make({{0, 1}, {0}}, ids({5, 5})) == errc::malformed);
  CHECK(incidence::make({{0, 1}, {0}}, ids({UINT64_MAX})) == errc::malformed);
  CHECK(incidence::make({{}, {}}, {}) == errc::malformed);
  CHECK(incidence::make({{1, 1}, {0}}, ids({5})) == errc::malformed);
  CHECK(incidence::make({{0, 2}, {0}}, ids({5})) == errc::malformed);
  CHECK(incidence::make({{0, 2, 1}, {0}}, ids({5})) == errc::malformed);
}

TEST_CASE("incidence: nothing is a matrix too") {
  CHECK(incidence::make(std::span<const incidence::cell>(), 0).value() == incidence());
  CHECK(incidence().population() == 0);
  CHECK(incidence().rows().rows() == 0);
  CHECK_FALSE(incidence().find(item_id{0}));
}

TEST_CASE("incidence: transposed twice is the same") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    const incidence rows = tailor_test::random_matrix(random).to_incidence();
    const sparse_rows once = transposed(rows.rows(), rows.items().size());
    CHECK(once.rows() == rows.items().size());
    CHECK(transposed(once, rows.rows().rows()) == rows.rows());
    const auto sizes = column_sizes(rows.rows(), rows.items().size());
    bool same = true;
    for (std::size_t c = 0; c < sizes.size(); ++c) same &= sizes[c] == once.size_of(c);
    CHECK(same);
  }
}
