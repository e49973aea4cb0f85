#include "tailor/segment/adjusted_rand.hpp"

#include <cstdint>
#include <vector>

#include "../catch.hpp"

using namespace tailor;
using segment::adjusted_rand;
using labels = std::vector<std::uint32_t>;

TEST_CASE("adjusted rand: the values that scikit-learn gives") {
  const labels halves = {0, 0, 1, 1};
  CHECK(adjusted_rand(halves, labels{0, 0, 1, 2}).value() == Approx(0.5714285714285714));
  CHECK(adjusted_rand(halves, labels{9, 9, 4, 4}).value() == 1);
  CHECK(adjusted_rand(halves, labels{0, 1, 0, 1}).value() == -0.5);
  CHECK(adjusted_rand(labels{0, 0, 0, 0}, labels{0, 1, 2, 3}).value() == 0);
  CHECK(adjusted_rand(labels{0, 0, 1, 2}, labels{0, 1, 0, 1}).value() ==
        Approx(-0.2857142857142857));

  labels a, b;
  std::uint32_t s = 12345;
  const auto draw = [&s] { return ((s = (s * 1103515245 + 12345) % (1U << 31)) >> 16); };
  for (int i = 0; i < 1000; ++i) {
    a.push_back(draw() % 7);
    const std::uint32_t other = draw();
    b.push_back(other % 3 != 0 ? a.back() % 3 : other % 5);
  }
  CHECK(adjusted_rand(a, b).value() == Approx(0.25898597735403867).epsilon(1e-14));
  CHECK(adjusted_rand(b, a).value() == adjusted_rand(a, b).value());
}

TEST_CASE("adjusted rand: nothing to divide is agreement, other lengths are refused") {
  CHECK(adjusted_rand({}, {}).value() == 1);
  CHECK(adjusted_rand(labels{3}, labels{7}).value() == 1);
  CHECK(adjusted_rand(labels{1, 1, 1}, labels{2, 2, 2}).value() == 1);
  CHECK(adjusted_rand(labels{1, 2, 3}, labels{3, 2, 1}).value() == 1);
  CHECK(adjusted_rand(labels{1, 2, 3}, labels{3, 2}) == errc::malformed);
}
