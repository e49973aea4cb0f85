#ifndef TAILOR_SEGMENT_POINT_WEIGHTS_HPP
#define TAILOR_SEGMENT_POINT_WEIGHTS_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../core/result.hpp"

namespace tailor::inline v0::segment {

/// Weights as whole numbers below 2^31 of one common power of two: exact for whole weights up to
/// there, and within 2^-31 of the largest for any others. A weight above zero stays above zero.
class point_weights {
 public:
  /// No weights: each point counts once.
  point_weights() = default;

  /// not_finite, out_of_range (below zero) with the row; too_few when all are zero.
  [[nodiscard]] static result<point_weights> of(std::span<const double> weights) {
    double most = 0;
    bool whole = true;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const double w = weights[i];
      if (!std::isfinite(w)) return error{errc::not_finite, "weight", i};
      if (w < 0) return error{errc::out_of_range, "weight", i};
      most = (std::max)(most, w);
      whole = whole && w == std::floor(w);
    }
    if (!weights.empty() && most == 0) return error{errc::too_few, "weights", weights.size()};
    int exponent = 0;
    std::frexp(most, &exponent);
    point_weights out;
    const int shift = whole && exponent <= 31 ? 0 : 31 - exponent;
    out.unit_ = std::ldexp(1.0, -shift);
    out.weights_.reserve(weights.size());
    for (const double w : weights) {
      const double scaled = std::ldexp(w, shift);
      out.weights_.push_back(
          w > 0 ? (std::max)(std::uint32_t{1}, static_cast<std::uint32_t>(scaled)) : 0);
    }
    return out;
  }

  [[nodiscard]] bool empty() const { return weights_.empty(); }
  [[nodiscard]] std::uint32_t operator[](std::size_t i) const {
    return weights_.empty() ? 1 : weights_[i];
  }
  /// What 1 stands for.
  [[nodiscard]] double unit() const { return unit_; }

 private:
  std::vector<std::uint32_t> weights_;
  double unit_ = 1;
};

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_POINT_WEIGHTS_HPP
