#ifndef TAILOR_TESTS_SEGMENT_PLAIN_FIT_HPP
#define TAILOR_TESTS_SEGMENT_PLAIN_FIT_HPP

#include <cstddef>
#include <vector>

#include "tailor/core/result.hpp"
#include "tailor/segment/points.hpp"
#include "tailor/segment/quality.hpp"

namespace tailor_test {

/// A plain fitter: the farthest point as next centre, then Lloyd's steps.
inline constexpr auto plain_fit = [](const tailor::segment::point_view<double>& points,
                                     std::size_t k) {
  std::vector<double> c;
  const auto put = [&](std::size_t i) {
    for (std::size_t j = 0; j < points.d(); ++j) c.push_back(points(i, j));
  };
  put(0);
  while (c.size() < k * points.d()) {
    std::size_t far = 0;
    double most = -1;
    for (std::size_t i = 0; i < points.n(); ++i) {
      const double apart = tailor::segment::detail::nearest_two(points, i, c).squared;
      if (apart > most) far = i, most = apart;
    }
    put(far);
  }
  for (int step = 0; step < 20; ++step) {
    const auto labels = tailor::segment::nearest_centres(points, c);
    std::vector<double> sums(c.size(), 0), count(k, 0);
    for (std::size_t i = 0; i < points.n(); ++i) {
      count[labels[i]] += 1;
      for (std::size_t j = 0; j < points.d(); ++j) {
        sums[labels[i] * points.d() + j] += points(i, j);
      }
    }
    for (std::size_t m = 0; m < c.size(); ++m) {
      if (count[m / points.d()] > 0) c[m] = sums[m] / count[m / points.d()];
    }
  }
  return tailor::result<std::vector<double>>(c);
};

}  // namespace tailor_test

#endif  // TAILOR_TESTS_SEGMENT_PLAIN_FIT_HPP
