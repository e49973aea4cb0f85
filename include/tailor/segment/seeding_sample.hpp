#ifndef TAILOR_SEGMENT_SEEDING_SAMPLE_HPP
#define TAILOR_SEGMENT_SEEDING_SAMPLE_HPP

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "../core/distributions.hpp"
#include "../core/random.hpp"
#include "points.hpp"

namespace tailor::inline v0::segment::detail {

/// An index, drawn by chance; none when no chance is above zero. Precondition: none is below zero.
/// Sums go by blocks, so that a draw costs a pass and not a chain of n additions twice.
[[nodiscard]] inline std::optional<std::size_t> drawn(std::span<const double> chance,
                                                      counter_random& draw) {
  constexpr std::size_t block = 256;
  std::vector<double> sums;
  sums.reserve(chance.size() / block + 1);
  double total = 0;
  for (std::size_t from = 0; from < chance.size(); from += block) {
    const std::size_t to = (std::min)(from + block, chance.size());
    double sum = 0;
    for (std::size_t i = from; i < to; ++i) sum += chance[i];
    sums.push_back(sum);
    total += sum;
  }
  if (!(total > 0)) return std::nullopt;
  double left = uniform01(draw) * total;
  std::size_t at = 0;
  std::size_t last_with_any = 0;
  for (; at < sums.size(); ++at) {
    if (sums[at] > 0) last_with_any = at;
    if (left < sums[at]) break;
    left -= sums[at];
  }
  // Rounding may lead beyond the end: then the last that has any chance is meant.
  if (at == sums.size()) at = last_with_any;
  std::size_t found = at * block;
  for (std::size_t i = at * block; i < (std::min)((at + 1) * block, chance.size()); ++i) {
    if (chance[i] <= 0) continue;
    found = i;
    if (left < chance[i]) break;
    left -= chance[i];
  }
  return found;
}

/// Some of the points, column after column: one from each of `limit` equal stretches of rows, every
/// row as likely as any other. One that two stretches share may come twice.
class seeding_sample {
 public:
  /// Precondition: fewer than 2^32 points.
  template <class Real>
  seeding_sample(const point_view<Real>& points, std::span<const double> weights, std::size_t limit,
                 counter_random& draw)
      : size_((std::min)(points.n(), limit)),
        columns_(points.d()),
        values_(size_ * columns_),
        weights_(size_, 1.0) {
    for (std::size_t s = 0; s < size_; ++s) {
      const std::size_t row = size_ == points.n()
                                  ? s
                                  : static_cast<std::size_t>(
                                        (s * points.n() + uniform_below(draw, points.n())) / size_);
      for (std::size_t j = 0; j < columns_; ++j) {
        values_[j * size_ + s] = static_cast<double>(points(row, j));
      }
      if (!weights.empty()) weights_[s] = weights[row];
    }
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::span<const double> weights() const { return weights_; }

  void copy(std::size_t i, std::span<double> to) const {
    for (std::size_t j = 0; j < columns_; ++j) to[j] = values_[j * size_ + i];
  }

  /// Squared distances of all points to point `centre`.
  void distances(std::size_t centre, std::span<double> apart) const {
    constexpr std::size_t block = 1024;  // of `apart`: stays in the nearest cache for all columns
    for (std::size_t from = 0; from < size_; from += block) {
      const std::size_t to = (std::min)(from + block, size_);
      std::fill(apart.begin() + static_cast<std::ptrdiff_t>(from),
                apart.begin() + static_cast<std::ptrdiff_t>(to), 0.0);
      for (std::size_t j = 0; j < columns_; ++j) {
        const double* column = values_.data() + j * size_;
        const double at = column[centre];
        for (std::size_t i = from; i < to; ++i) apart[i] += (column[i] - at) * (column[i] - at);
      }
    }
  }

  /// The least of `chance` and weight times `apart`, into `lower`; gives the sum.
  [[nodiscard]] double lowered(std::span<const double> chance, std::span<const double> apart,
                               std::span<double> lower) const {
    constexpr std::size_t lanes = 16;
    double sums[lanes] = {};
    for (std::size_t i = 0; i < size_; ++i) {
      const double cost = weights_[i] * apart[i];
      lower[i] = cost < chance[i] ? cost : chance[i];
    }
    std::size_t i = 0;
    for (; i + lanes <= size_; i += lanes) {
      for (std::size_t l = 0; l < lanes; ++l) sums[l] += lower[i + l];
    }
    for (; i < size_; ++i) sums[0] += lower[i];
    double sum = 0;
    for (const double s : sums) sum += s;
    return sum;
  }

 private:
  std::size_t size_;
  std::size_t columns_;
  std::vector<double> values_;
  std::vector<double> weights_;
};

}  // namespace tailor::inline v0::segment::detail

#endif  // TAILOR_SEGMENT_SEEDING_SAMPLE_HPP
