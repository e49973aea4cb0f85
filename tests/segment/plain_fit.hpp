#ifndef TAILOR_TESTS_SEGMENT_PLAIN_FIT_HPP
#define TAILOR_TESTS_SEGMENT_PLAIN_FIT_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"
#include "tailor/core/result.hpp"
#include "tailor/segment/points.hpp"
#include "tailor/segment/quality.hpp"

namespace tailor_test {

/// k-means by the book, slow and simple, from `starts` starts: the first takes the farthest point
/// as next centre, the others draw it by squared distance (k-means++). A centre_fitter.
struct plain_kmeans {
  std::uint64_t starts = 1;
  std::span<const double> weights{};  ///< one per point, or none

  using view = tailor::segment::point_view<double>;

  [[nodiscard]] double weight(std::size_t i) const { return weights.empty() ? 1 : weights[i]; }

  [[nodiscard]] std::vector<double> seed(const view& points, std::size_t k,
                                         std::uint64_t start) const {
    tailor::counter_random g(start, k);
    std::vector<double> c;
    const auto put = [&](std::size_t i) {
      for (std::size_t j = 0; j < points.d(); ++j) c.push_back(points(i, j));
    };
    put(start == 0 ? 0 : tailor::uniform_below(g, points.n()));
    std::vector<double> apart(points.n());
    while (c.size() < k * points.d()) {
      double total = 0;
      std::size_t next = 0;
      for (std::size_t i = 0; i < points.n(); ++i) {
        apart[i] = weight(i) * tailor::segment::detail::nearest_two(points, i, c).squared;
        total += apart[i];
        if (apart[i] > apart[next]) next = i;
      }
      if (start > 0) {
        double left = tailor::uniform01(g) * total;
        for (std::size_t i = 0; i < points.n() && left >= 0; ++i) {
          left -= apart[i];
          next = i;
        }
      }
      put(next);
    }
    return c;
  }

  /// Lloyd's steps in place until nothing changes, 300 at most; returns the inertia.
  [[nodiscard]] double settle(const view& points, std::vector<double>& c) const {
    const std::size_t d = points.d();
    double inertia = 0;
    for (int step = 0; step < 300; ++step) {
      inertia = 0;
      std::vector<double> sums(c.size(), 0), count(c.size() / d, 0);
      for (std::size_t i = 0; i < points.n(); ++i) {
        const auto near = tailor::segment::detail::nearest_two(points, i, c);
        inertia += weight(i) * near.squared;
        count[near.first] += weight(i);
        for (std::size_t j = 0; j < d; ++j) sums[near.first * d + j] += weight(i) * points(i, j);
      }
      const std::vector<double> before = c;
      for (std::size_t m = 0; m < c.size(); ++m) {
        if (count[m / d] > 0) c[m] = sums[m] / count[m / d];
      }
      if (c == before) break;
    }
    return inertia;
  }

  [[nodiscard]] tailor::result<std::vector<double>> operator()(const view& points,
                                                               std::size_t k) const {
    std::vector<double> best;
    double least = 0;
    for (std::uint64_t start = 0; start < starts; ++start) {
      std::vector<double> c = seed(points, k, start);
      const double inertia = settle(points, c);
      if (best.empty() || inertia < least) {
        best = c;
        least = inertia;
      }
    }
    return best;
  }
};

inline constexpr plain_kmeans plain_fit{};

}  // namespace tailor_test

#endif  // TAILOR_TESTS_SEGMENT_PLAIN_FIT_HPP
