#ifndef TAILOR_SEGMENT_EIGEN_HPP
#define TAILOR_SEGMENT_EIGEN_HPP

#include <Eigen/Core>
#include <concepts>
#include <cstddef>
#include <span>

#include "../core/contract.hpp"
#include "points.hpp"

namespace tailor::inline v0::segment {

/// Points in the rows of an Eigen matrix, map, reference or block, of either storage order, as they
/// lie: nothing is copied. Valid as long as the matrix is. An expression that has no memory of its
/// own (`a + b`) does not compile: evaluate it into a matrix before.
template <class Derived>
  requires(std::floating_point<typename Derived::Scalar> &&
           (Eigen::internal::traits<Derived>::Flags & Eigen::DirectAccessBit) != 0)
[[nodiscard]] point_view<typename Derived::Scalar> points_of(
    const Eigen::DenseBase<Derived>& matrix) {
  const Derived& m = matrix.derived();
  return {m.data(), static_cast<std::size_t>(m.rows()), static_cast<std::size_t>(m.cols()),
          static_cast<std::ptrdiff_t>(m.rowStride()), static_cast<std::ptrdiff_t>(m.colStride())};
}

/// A matrix that is about to vanish would leave the view without memory.
template <class Derived>
void points_of(const Eigen::PlainObjectBase<Derived>&&) = delete;

/// Numbers that stand row after row, as an Eigen matrix over the same memory: centres of a model,
/// features of a table. Valid as long as they are.
/// Precondition: `numbers.size()` is a multiple of `columns`.
template <std::floating_point Real>
[[nodiscard]] Eigen::Map<const Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>
matrix_of(std::span<const Real> numbers, std::size_t columns) {
  TAILOR_EXPECTS(columns > 0 && numbers.size() % columns == 0);
  return {numbers.data(), static_cast<Eigen::Index>(numbers.size() / columns),
          static_cast<Eigen::Index>(columns)};
}

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_EIGEN_HPP
