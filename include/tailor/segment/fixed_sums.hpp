#ifndef TAILOR_SEGMENT_FIXED_SUMS_HPP
#define TAILOR_SEGMENT_FIXED_SUMS_HPP

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "../core/int128.hpp"
#include "eight_numbers.hpp"
#include "extent.hpp"

namespace tailor::inline v0::segment {

/// Numbers, counted from the mean of their column, as whole multiples of a power of two. Sums of
/// them are exact, so they do not depend on the order of the points or the number of threads.
class fixed_grid {
 public:
  /// For numbers that come multiplied by `unit`, a power of two. So fine that `most` of them add up
  /// within 62 bits, and no finer than 2^-51 of the reach. Precondition: most > 0.
  fixed_grid(const extent& where, double unit, std::uint64_t most) : origin_(where.mean) {
    const int room = 62 - static_cast<int>(std::bit_width(most));
    int reach = 0;
    if (where.reach > 0) std::frexp(where.reach, &reach);
    if (reach < -900) reach = -900;  // squares of such numbers are zero anyway
    step_ = std::ldexp(1.0, reach - (room < 51 ? room : 51));
    scale_ = 1 / step_ / unit;
  }

  /// The nearest multiple. A number within 2^51 that is added to 1.5 · 2^52 stands in the low bits
  /// of the sum, which vectors of every machine can do; the product is exact.
  [[nodiscard]] std::int64_t at(double from_mean) const {
    constexpr double far = 0x1.8p52;
    const double moved = from_mean * scale_ + far;
    return std::bit_cast<std::int64_t>(moved) - std::bit_cast<std::int64_t>(far);
  }
  /// The same for eight numbers one after another.
  template <class Real>
  void at(const Real* from_mean, detail::eight_numbers<double>::bits& out) const {
    constexpr double far = 0x1.8p52;
    detail::eight_numbers<double>::reals moved{};
    for (std::size_t s = 0; s < 8; ++s) moved[s] = static_cast<double>(from_mean[s]);
    moved = moved * scale_ + far;
    out = reinterpret_cast<detail::eight_numbers<double>::bits>(moved) -
          std::bit_cast<std::int64_t>(far);
  }
  /// The number of the mean of a sum of that many.
  [[nodiscard]] double mean(double sum, double count, std::size_t column) const {
    return origin_[column] + (sum / count) * step_;
  }

 private:
  std::vector<double> origin_;
  double step_ = 1;
  double scale_ = 1;
};

/// The numbers of one point, counted from the means: the first, and how far on the next one is.
template <class Real>
struct centred_point {
  const Real* first = nullptr;
  std::size_t stride = 1;
};

/// For each cluster the sum of its points and their weight, or by how much these change. `Sum` is
/// std::int64_t for points that count once each, and int128 for points with weights.
template <class Sum>
class fixed_sums {
 public:
  fixed_sums(std::size_t k, std::size_t d)
      : d_(d), sums_(k * d), weights_(weighted ? k : 0), points_(k) {}

  /// Points of no weight are in no sum and no count.
  template <class Real>
  void add(std::uint32_t cluster, const centred_point<Real>& point, const fixed_grid& grid,
           std::uint32_t weight) {
    if (weighted && weight == 0) return;
    Sum* sum = sums_.data() + cluster * d_;
    each_column(point, grid, weight, [&](std::size_t j, const auto& x) { add(sum + j, x); });
    if (weighted) weights_[cluster] += weight;
    ++points_[cluster];
  }

  template <class Real>
  void move(std::uint32_t from, std::uint32_t to, const centred_point<Real>& point,
            const fixed_grid& grid, std::uint32_t weight) {
    if (weighted && weight == 0) return;
    Sum* less = sums_.data() + from * d_;
    Sum* more = sums_.data() + to * d_;
    each_column(point, grid, weight, [&](std::size_t j, const auto& x) {
      subtract(less + j, x);
      add(more + j, x);
    });
    if (weighted) {
      weights_[from] -= weight;
      weights_[to] += weight;
    }
    --points_[from];
    ++points_[to];
  }

  /// Takes over what `other` holds, which is nothing afterwards.
  void take(fixed_sums& other) {
    for (std::size_t t = 0; t < sums_.size(); ++t) sums_[t] += other.sums_[t];
    for (std::size_t c = 0; c < weights_.size(); ++c) weights_[c] += other.weights_[c];
    for (std::size_t c = 0; c < points_.size(); ++c) points_[c] += other.points_[c];
    other.clear();
  }
  void clear() {
    sums_.assign(sums_.size(), Sum{});
    weights_.assign(weights_.size(), 0);
    points_.assign(points_.size(), 0);
  }

  /// How many points a cluster has; in a change, modulo 2^64.
  [[nodiscard]] std::span<const std::uint64_t> points() const { return points_; }

  /// Writes the means of all clusters that have points, and leaves the others as they are.
  void centres(const fixed_grid& grid, std::span<double> out) const {
    for (std::size_t c = 0; c < points_.size(); ++c) {
      if (points_[c] == 0) continue;
      const auto count =
          weighted ? static_cast<double>(weights_[c]) : static_cast<double>(points_[c]);
      for (std::size_t j = 0; j < d_; ++j) {
        out[c * d_ + j] = grid.mean(static_cast<double>(sums_[c * d_ + j]), count, j);
      }
    }
  }

 private:
  static constexpr bool weighted = sizeof(Sum) > sizeof(std::int64_t);

  template <class Real>
  [[nodiscard]] static Sum value(const centred_point<Real>& point, std::size_t j,
                                 const fixed_grid& grid, std::uint32_t weight) {
    const Sum x = grid.at(static_cast<double>(point.first[j * point.stride]));
    return weighted ? x * static_cast<Sum>(weight) : x;
  }

  /// f(j, x) for each column, or for eight at once: x is their vector then. Without a loop where
  /// there are few: most of the time of a move would be its end.
  template <class Real, class F>
  void each_column(const centred_point<Real>& point, const fixed_grid& grid, std::uint32_t weight,
                   const F& f) const {
    const auto one = [&](std::size_t j) { f(j, value(point, j, grid, weight)); };
    switch (d_) {
      case 4:
        one(3);
        [[fallthrough]];
      case 3:
        one(2);
        [[fallthrough]];
      case 2:
        one(1);
        [[fallthrough]];
      case 1:
        one(0);
        return;
      default:
        break;
    }
    std::size_t j = 0;
    if constexpr (!weighted) {
      for (; point.stride == 1 && j + 8 <= d_; j += 8) {
        detail::eight_numbers<double>::bits some{};
        grid.at(point.first + j, some);
        f(j, some);
      }
    }
    for (; j < d_; ++j) one(j);
  }
  static void add(Sum* sum, const Sum& x) { *sum += x; }
  static void subtract(Sum* sum, const Sum& x) { *sum -= x; }
  static void add(Sum* sums, const detail::eight_numbers<double>::bits& x) {
    detail::eight_numbers<double>::bits all{};
    std::memcpy(&all, sums, sizeof all);
    all += x;
    std::memcpy(sums, &all, sizeof all);
  }
  static void subtract(Sum* sums, const detail::eight_numbers<double>::bits& x) { add(sums, -x); }

  std::size_t d_;
  std::vector<Sum> sums_;
  std::vector<std::int64_t> weights_;  // none where points count once each
  std::vector<std::uint64_t> points_;
};

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_FIXED_SUMS_HPP
