#ifndef TAILOR_SIMILAR_RIDGE_HPP
#define TAILOR_SIMILAR_RIDGE_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "../core/config.hpp"

namespace tailor::inline v0::similar {

/// A symmetric system A x = y of small size, and the memory to solve it in. Rows of A are `stride`
/// numbers apart, padded so that loops run over whole blocks; the padding is 0.
template <class Real>
struct ridge_system {
  std::size_t size = 0;
  std::size_t stride = 0;
  std::vector<Real> a;
  std::vector<Real> y;
  std::vector<Real> x;

  void resize(std::size_t n) {
    size = n;
    stride = (n + 15) / 16 * 16;
    if (a.size() < stride * stride) a.assign(stride * stride, Real{0});
    for (auto* v : {&y, &x, &residual, &direction, &image}) v->assign(stride, Real{0});
    for (std::size_t r = 0; r < n; ++r) {
      std::fill(a.data() + r * stride + n, a.data() + (r + 1) * stride, Real{0});
    }
    std::fill(a.data() + n * stride, a.data() + stride * stride, Real{0});
  }

  std::vector<Real> residual;
  std::vector<Real> direction;
  std::vector<Real> image;
};

namespace detail {

/// out = A v, column by column: each number is summed in the order of the columns, whatever the
/// width of the machine.
template <class Real>
void multiply(const ridge_system<Real>& s, const Real* v, Real* out) {
  std::fill_n(out, s.stride, Real{0});
  for (std::size_t c = 0; c < s.stride; c += 4) {
    const Real* const a0 = s.a.data() + c * s.stride;
    const Real* const a1 = a0 + s.stride;
    const Real* const a2 = a1 + s.stride;
    const Real* const a3 = a2 + s.stride;
    const Real v0 = v[c], v1 = v[c + 1], v2 = v[c + 2], v3 = v[c + 3];
    for (std::size_t r = 0; r < s.stride; ++r) {
      out[r] += (a0[r] * v0 + a1[r] * v1) + (a2[r] * v2 + a3[r] * v3);
    }
  }
}

/// Σ a·b in sixteen sums that are added in a fixed order.
template <class Real>
[[nodiscard]] Real dot(const Real* a, const Real* b, std::size_t padded) {
  Real sums[16] = {};
  for (std::size_t n = 0; n < padded; n += 16) {
    for (std::size_t k = 0; k < 16; ++k) sums[k] += a[n + k] * b[n + k];
  }
  for (std::size_t width = 8; width > 0; width /= 2) {
    for (std::size_t k = 0; k < width; ++k) sums[k] += sums[k + width];
  }
  return sums[0];
}

}  // namespace detail

/// Conjugate gradients with the diagonal as preconditioner, a fixed number of steps from a fixed
/// start, half the solution without the other items: the same bits for the same system. Stops early
/// where nothing is left to improve. Precondition: A is positive definite. Cost: steps · size².
/// Hestenes & Stiefel 1952, doi:10.6028/jres.049.044.
template <class Real>
void solve_by_gradients(ridge_system<Real>& s, int steps) {
  const std::size_t n = s.stride;
  const auto inverse = [&](std::size_t i) { return Real{1} / s.a[i * s.stride + i]; };
  for (std::size_t i = 0; i < s.size; ++i) s.x[i] = Real{0.5} * s.y[i] * inverse(i);
  detail::multiply(s, s.x.data(), s.residual.data());
  for (std::size_t i = 0; i < s.size; ++i) s.residual[i] = s.y[i] - s.residual[i];
  for (std::size_t i = 0; i < s.size; ++i) s.direction[i] = s.residual[i] * inverse(i);
  Real rz = detail::dot(s.residual.data(), s.direction.data(), n);
  for (int step = 0; step < steps && rz > Real{0}; ++step) {
    detail::multiply(s, s.direction.data(), s.image.data());
    const Real curvature = detail::dot(s.direction.data(), s.image.data(), n);
    if (!(curvature > Real{0})) return;
    const Real along = rz / curvature;
    for (std::size_t i = 0; i < s.size; ++i) {
      s.x[i] += along * s.direction[i];
      s.residual[i] -= along * s.image[i];
      s.image[i] = s.residual[i] * inverse(i);
    }
    const Real next = detail::dot(s.residual.data(), s.image.data(), n);
    const Real back = next / rz;
    rz = next;
    for (std::size_t i = 0; i < s.size; ++i) s.direction[i] = s.image[i] + back * s.direction[i];
  }
}

/// By Cholesky factors, in the place of A. false: A is not positive definite. Cost: size³ / 3.
template <class Real>
[[nodiscard]] bool solve_by_factors(ridge_system<Real>& s) {
  const auto at = [&](std::size_t r, std::size_t c) -> Real& { return s.a[r * s.stride + c]; };
  for (std::size_t c = 0; c < s.size; ++c) {
    Real pivot = at(c, c);
    for (std::size_t k = 0; k < c; ++k) pivot -= at(c, k) * at(c, k);
    if (!(pivot > Real{0})) return false;
    at(c, c) = std::sqrt(pivot);
    for (std::size_t r = c + 1; r < s.size; ++r) {
      Real sum = at(r, c);
      for (std::size_t k = 0; k < c; ++k) sum -= at(r, k) * at(c, k);
      at(r, c) = sum / at(c, c);
    }
  }
  for (std::size_t r = 0; r < s.size; ++r) {
    Real sum = s.y[r];
    for (std::size_t k = 0; k < r; ++k) sum -= at(r, k) * s.x[k];
    s.x[r] = sum / at(r, r);
  }
  for (std::size_t r = s.size; r-- > 0;) {
    Real sum = s.x[r];
    for (std::size_t k = r + 1; k < s.size; ++k) sum -= at(k, r) * s.x[k];
    s.x[r] = sum / at(r, r);
  }
  return true;
}

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_RIDGE_HPP
