#include "tailor/segment/point_weights.hpp"

#include <vector>

#include "../catch.hpp"

using namespace tailor;
using segment::point_weights;

namespace {

std::vector<double> read(const std::vector<double>& in) {
  const point_weights w = point_weights::of(in).value();
  std::vector<double> out;
  for (std::size_t i = 0; i < in.size(); ++i) out.push_back(w[i] * w.unit());
  return out;
}

}  // namespace

TEST_CASE("point weights: whole numbers are kept as they are") {
  const std::vector<double> small = {0, 1, 2, 1000};
  CHECK(read(small) == small);
  CHECK(point_weights::of(small).value().unit() == 1);
  const std::vector<double> large = {2147483647, 1, 0};
  CHECK(read(large) == large);
}

TEST_CASE("point weights: others to within 31 bits of the largest, and never to zero") {
  const std::vector<double> in = {0.1, 0.37, 1e-30, 0, 3e200};
  const std::vector<double> out = read(in);
  CHECK(out[3] == 0);
  CHECK(out[2] > 0);
  CHECK(out[4] == Approx(3e200).epsilon(1e-9));
  const std::vector<double> shares = read({0.1, 0.2, 0.7});
  CHECK(shares[0] == Approx(0.1).epsilon(1e-8));
  CHECK(read({1e-300, 5e-301})[0] == Approx(1e-300).epsilon(1e-9));
}

TEST_CASE("point weights: none count once, and bad ones are refused with their place") {
  CHECK(point_weights().empty());
  CHECK(point_weights()[12] == 1);
  CHECK(point_weights::of({}).value().empty());
  const std::vector<double> below = {1, -1e-9};
  CHECK(point_weights::of(below) == errc::out_of_range);
  CHECK(point_weights::of(below).error().at == 1);
  const std::vector<double> none = {0, 0};
  CHECK(point_weights::of(none) == errc::too_few);
}
