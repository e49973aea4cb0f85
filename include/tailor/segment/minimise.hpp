#ifndef TAILOR_SEGMENT_MINIMISE_HPP
#define TAILOR_SEGMENT_MINIMISE_HPP

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "../core/config.hpp"
#include "../core/contract.hpp"

namespace tailor::inline v0::segment {

/// The parameters of the models here: four or fewer, of which the first are used.
inline constexpr std::size_t most_parameters = 4;
using parameters = std::array<double, most_parameters>;

/// A function near a point: its value, gradient and matrix of second derivatives.
struct expansion {
  double value = 0;
  parameters slope{};
  std::array<parameters, most_parameters> bend{};

  expansion& operator+=(const expansion& other) {
    value += other.value;
    for (std::size_t i = 0; i < most_parameters; ++i) {
      slope[i] += other.slope[i];
      for (std::size_t j = 0; j < most_parameters; ++j) bend[i][j] += other.bend[i][j];
    }
    return *this;
  }
};

/// The lower triangle of L with L Lᵀ = m over the rows and columns of `used`; nothing when the
/// matrix is not positive definite. The rest of L is zero. Cost: 20 products.
[[nodiscard]] inline std::optional<std::array<parameters, most_parameters>> cholesky(
    const std::array<parameters, most_parameters>& m,
    const std::array<bool, most_parameters>& used) {
  std::array<parameters, most_parameters> lower{};
  for (std::size_t i = 0; i < most_parameters; ++i) {
    if (!used[i]) continue;
    for (std::size_t j = 0; j <= i; ++j) {
      if (!used[j]) continue;
      double sum = m[i][j];
      for (std::size_t k = 0; k < j; ++k) sum = std::fma(-lower[i][k], lower[j][k], sum);
      if (i != j) {
        lower[i][j] = sum / lower[j][j];
      } else if (sum > 1e-14 * std::fabs(m[i][i]) && std::isfinite(sum)) {
        lower[i][i] = std::sqrt(sum);
      } else {
        return std::nullopt;
      }
    }
  }
  return lower;
}

/// x with L Lᵀ x = y; zero where L is not used.
[[nodiscard]] inline parameters solve(const std::array<parameters, most_parameters>& lower,
                                      const parameters& y) {
  parameters x{};
  for (std::size_t i = 0; i < most_parameters; ++i) {
    if (lower[i][i] == 0) continue;
    double sum = y[i];
    for (std::size_t k = 0; k < i; ++k) sum = std::fma(-lower[i][k], x[k], sum);
    x[i] = sum / lower[i][i];
  }
  for (std::size_t i = most_parameters; i-- > 0;) {
    if (lower[i][i] == 0) continue;
    double sum = x[i];
    for (std::size_t k = i + 1; k < most_parameters; ++k) sum = std::fma(-lower[k][i], x[k], sum);
    x[i] = sum / lower[i][i];
  }
  return x;
}

/// Where to look, and for how long.
struct descent_options {
  parameters low{};  ///< bounds, included
  parameters high{};
  std::size_t count = most_parameters;  ///< parameters used
  int most_steps = 100;
  double exact = 1e-9;  ///< the last step is shorter than this in each parameter
};

/// Where it ended.
struct descent {
  parameters at{};
  expansion here{};
  int steps = 0;
  int evaluations = 0;
  bool converged = false;
  std::array<bool, most_parameters> held{};  ///< on a bound, and would go beyond

  [[nodiscard]] bool on_bound() const {
    return std::find(held.begin(), held.end(), true) != held.end();
  }
};

/// Finds a minimum of `f(point) → expansion` between bounds, from `start`, by Newton's method:
/// where the matrix is not positive definite its diagonal is raised until it is (K. Levenberg 1944,
/// doi:10.1090/qam/10666), steps are no longer than 2 and halved until they gain (L. Armijo 1966,
/// doi:10.2140/pjm.1966.16.1), and a parameter stays on its bound while the slope leads beyond. The
/// last step is taken in full, so that the result is as exact as the slope is.
/// Precondition: low <= start <= high. Cost: about 10 evaluations from a fair start.
template <class F>
[[nodiscard]] descent minimise(const F& f, const parameters& start, const descent_options& o) {
  TAILOR_EXPECTS(o.count >= 1 && o.count <= most_parameters);
  descent d;
  d.at = start;
  d.here = f(d.at);
  d.evaluations = 1;
  while (d.steps < o.most_steps && std::isfinite(d.here.value)) {
    std::array<bool, most_parameters> free{};
    for (std::size_t i = 0; i < o.count; ++i) {
      d.held[i] = (d.at[i] <= o.low[i] && d.here.slope[i] > 0) ||
                  (d.at[i] >= o.high[i] && d.here.slope[i] < 0);
      free[i] = !d.held[i];
    }
    std::array<parameters, most_parameters> m = d.here.bend;
    auto lower = cholesky(m, free);
    const bool convex = lower.has_value();
    double largest = 1e-8;
    for (std::size_t i = 0; i < o.count; ++i) {
      if (free[i]) largest = (std::max)(largest, std::fabs(d.here.bend[i][i]));
    }
    for (double raise = 1e-3; !lower && raise < 1e9; raise *= 4) {
      for (std::size_t i = 0; i < o.count; ++i)
        m[i][i] = std::fma(raise, largest, d.here.bend[i][i]);
      lower = cholesky(m, free);
    }
    if (!lower) return d;
    parameters step = solve(*lower, d.here.slope);
    double longest = 0;
    double gain = 0;
    for (std::size_t i = 0; i < o.count; ++i) longest = (std::max)(longest, std::fabs(step[i]));
    const double shorten = longest > 2 ? 2 / longest : 1;
    for (std::size_t i = 0; i < o.count; ++i) {
      step[i] *= shorten;
      gain = std::fma(step[i], d.here.slope[i], gain);
    }
    // On a ridge the point stays uncertain when there is nothing more to gain: that is an end too.
    const bool flat = gain <= std::fabs(d.here.value) / 0x1p43;
    const bool last = convex && (longest <= o.exact || flat);
    const double reach = d.here.value + std::fabs(d.here.value) / 0x1p43;  // but for rounding
    bool moved = false;
    double part = 1;
    for (int halvings = 0; halvings < 40 && !moved; ++halvings, part /= 2) {
      parameters next = d.at;
      for (std::size_t i = 0; i < o.count; ++i) {
        next[i] = std::clamp(std::fma(-part, step[i], next[i]), o.low[i], o.high[i]);
      }
      const expansion there = f(next);
      ++d.evaluations;
      if (last || there.value <= std::fma(-1e-4 * part, gain, reach)) {
        d.at = next;
        d.here = there;
        moved = true;
      }
    }
    if (!moved) return d;
    ++d.steps;
    if (last) {
      d.converged = std::isfinite(d.here.value);
      return d;
    }
  }
  return d;
}

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_MINIMISE_HPP
