#ifndef TAILOR_SIMILAR_EASE_INVERSE_HPP
#define TAILOR_SIMILAR_EASE_INVERSE_HPP

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "../core/executor.hpp"

namespace tailor::inline v0::similar::detail {

/// Turns the lower half of a symmetric positive definite matrix, by rows, into that of its negative
/// inverse, in its place. Block by block the matrix is swept (Beaton's operator; Goodnight 1979,
/// doi:10.1080/00031305.1979.10482685): items³ multiplications, half of what a general inverse
/// takes, nearly all of them in products of square tiles, which are independent of each other.
/// false: a block is not positive definite. The upper half is not read; tiles on the diagonal are
/// written whole. Memory: 2 · items · block numbers.
template <class Real, executor Executor>
[[nodiscard]] bool negative_inverse(Real* a, std::size_t n, Executor& pool) {
  using matrix = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  using view = Eigen::Map<matrix, 0, Eigen::OuterStride<>>;
  constexpr std::size_t block = 256;
  const std::size_t blocks = (n + block - 1) / block;
  const auto index = [](std::size_t x) { return static_cast<Eigen::Index>(x); };
  const auto size_of = [&](std::size_t b) { return (std::min)(block, n - b * block); };
  const auto at = [&](std::size_t r, std::size_t c) {
    return view(a + r * block * n + c * block, index(size_of(r)), index(size_of(c)),
                Eigen::OuterStride<>(index(n)));
  };
  std::vector<std::pair<std::size_t, std::size_t>> tiles;
  std::vector<matrix> panel(blocks), solved(blocks);
  for (std::size_t p = 0; p < blocks; ++p) {
    const Eigen::LLT<matrix> factors(at(p, p));
    if (factors.info() != Eigen::Success) return false;
    const matrix inverse = factors.solve(matrix::Identity(index(size_of(p)), index(size_of(p))));
    // The column of blocks A_ip, and A_ip · A_pp^-1.
    pool.for_each_chunk(blocks, 1, [&](std::size_t begin, std::size_t end, std::size_t) {
      for (std::size_t i = begin; i < end; ++i) {
        if (i == p) continue;
        if (i > p) {
          panel[i] = at(i, p);
        } else {
          panel[i] = at(p, i).transpose();
        }
        solved[i].noalias() = panel[i] * inverse;
      }
    });
    tiles.clear();
    for (std::size_t i = 0; i < blocks; ++i) {
      for (std::size_t j = 0; j <= i && i != p; ++j) {
        if (j != p) tiles.emplace_back(i, j);
      }
    }
    pool.for_each_chunk(tiles.size(), 1, [&](std::size_t begin, std::size_t end, std::size_t) {
      for (std::size_t t = begin; t < end; ++t) {
        const std::size_t i = tiles[t].first, j = tiles[t].second;
        at(i, j).noalias() -= solved[i] * panel[j].transpose();
      }
    });
    for (std::size_t i = 0; i < blocks; ++i) {
      if (i > p) at(i, p) = solved[i];
      if (i < p) at(p, i) = solved[i].transpose();
    }
    at(p, p) = -inverse;
  }
  return true;
}

}  // namespace tailor::inline v0::similar::detail

#endif  // TAILOR_SIMILAR_EASE_INVERSE_HPP
