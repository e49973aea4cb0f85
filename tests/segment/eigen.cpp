#include "tailor/segment/eigen.hpp"

#include <Eigen/Core>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "../catch.hpp"
#include "plain_fit.hpp"
#include "tailor/segment/points.hpp"
#include "tailor/segment/quality.hpp"
#include "tailor/segment/scale.hpp"

using namespace tailor;
using segment::matrix_of;
using segment::points_of;

namespace {

template <class Real, int Order>
using matrix = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic, Order>;

template <class M>
M numbered(Eigen::Index rows, Eigen::Index columns) {
  M m(rows, columns);
  for (Eigen::Index i = 0; i < rows; ++i) {
    for (Eigen::Index j = 0; j < columns; ++j) m(i, j) = typename M::Scalar(100 * i + j);
  }
  return m;
}

/// The view has the numbers of the matrix, in its memory.
template <class M>
void same(const M& m) {
  const auto points = points_of(m);
  REQUIRE(points.n() == static_cast<std::size_t>(m.rows()));
  REQUIRE(points.d() == static_cast<std::size_t>(m.cols()));
  CHECK(points.data() == m.data());
  for (Eigen::Index i = 0; i < m.rows(); ++i) {
    for (Eigen::Index j = 0; j < m.cols(); ++j) {
      CHECK(points(static_cast<std::size_t>(i), static_cast<std::size_t>(j)) == m(i, j));
    }
  }
}

template <class M>
concept viewable = requires(M&& m) { points_of(std::forward<M>(m)); };

}  // namespace

TEST_CASE("eigen: matrices of both orders and numbers, maps, blocks and references, uncopied") {
  const auto rows = numbered<matrix<double, Eigen::RowMajor>>(7, 4);
  const auto columns = numbered<matrix<float, Eigen::ColMajor>>(7, 4);
  same(rows);
  same(columns);
  same(rows.block(1, 1, 5, 2));
  same(columns.block(2, 0, 3, 3));
  same(rows.transpose());
  same(columns.transpose());
  same(rows.topRows(3));
  same(Eigen::Matrix<double, 3, 2>(Eigen::Matrix<double, 3, 2>::Random()));

  const std::vector<double> buffer = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  using strided = Eigen::Map<const matrix<double, Eigen::RowMajor>, 0,
                             Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>>;
  same(strided(buffer.data(), 2, 3, Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>(6, 2)));
  const Eigen::Ref<const matrix<double, Eigen::RowMajor>> reference(rows);
  same(reference);
  const Eigen::VectorXd one = Eigen::VectorXd::LinSpaced(5, 0, 4);
  same(one);  // five points of one column
  const Eigen::ArrayXXf array = Eigen::ArrayXXf::Random(3, 3);
  same(array);
  same(matrix<double, Eigen::RowMajor>(0, 3));
}

TEST_CASE("eigen: what has no memory, or is about to lose it, is no view") {
  using m = Eigen::MatrixXd;
  STATIC_REQUIRE(viewable<const m&>);
  STATIC_REQUIRE(viewable<m&>);
  STATIC_REQUIRE_FALSE(viewable<m>);
  STATIC_REQUIRE_FALSE(viewable<decltype(std::declval<m&>() + std::declval<m&>())>);
  STATIC_REQUIRE_FALSE(viewable<Eigen::MatrixXi&>);
  STATIC_REQUIRE(viewable<decltype(std::declval<m&>().block(0, 0, 1, 1))>);
}

TEST_CASE("eigen: numbers of ours as a matrix over the same memory") {
  const std::vector<double> centres = {1, 2, 3, 4, 5, 6};
  const auto m = matrix_of(std::span<const double>(centres), 3);
  CHECK(m.data() == centres.data());
  CHECK(m.rows() == 2);
  CHECK(m(1, 0) == 4);
  CHECK(m.rowwise().sum()(1) == 15);
  CHECK(matrix_of(std::span<const float>(), 2).rows() == 0);
}

TEST_CASE("eigen: the storage order changes no answer") {
  const Eigen::MatrixXd by_column = Eigen::MatrixXd::Random(500, 3);
  const matrix<double, Eigen::RowMajor> by_row = by_column;
  const std::vector<double> centres = {-0.5, 0, 0, 0.5, 0, 0};
  const auto a = segment::quality_of(points_of(by_column), centres);
  const auto b = segment::quality_of(points_of(by_row), centres);
  CHECK(a.inertia == b.inertia);
  CHECK(a.silhouette == b.silhouette);
  CHECK(segment::scaling::fit(points_of(by_column), {}).value() ==
        segment::scaling::fit(points_of(by_row), {}).value());
}
