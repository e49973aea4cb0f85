#ifndef TAILOR_SEGMENT_NEAREST_BLOCK_HPP
#define TAILOR_SEGMENT_NEAREST_BLOCK_HPP

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "../core/config.hpp"
#include "point_tiles.hpp"

namespace tailor::inline v0::segment::detail {

/// Centres as the search reads them: four side by side, |c|² / 2 first, then number after number.
template <class Real>
class packed_centres {
 public:
  static constexpr std::size_t side = 4;

  /// False when a centre is too far out for the numbers of the tiles.
  [[nodiscard]] bool pack(std::span<const double> centres, const point_tiles<Real>& tiles) {
    constexpr double most = 0x1p30;
    const std::size_t d = tiles.d();
    k_ = centres.size() / d;
    blocks_ = (k_ + side - 1) / side;
    // A centre that is not there is infinitely far away.
    numbers_.assign(blocks_ * side * (d + 1), Real{});
    bool safe = true;
    for (std::size_t c = 0; c < blocks_ * side; ++c) {
      Real* to = numbers_.data() + c / side * side * (d + 1) + c % side;
      double half = std::numeric_limits<double>::infinity();
      if (c < k_) {
        double sum = 0;
        for (std::size_t j = 0; j < d; ++j) {
          const double x = tiles.inside(centres[c * d + j], j);
          safe = safe && std::fabs(x) <= most;
          sum += x * x;
          to[(j + 1) * side] = static_cast<Real>(x);
        }
        half = sum / 2;
      }
      *to = static_cast<Real>(half);
    }
    return safe;
  }

  [[nodiscard]] std::size_t k() const { return k_; }
  [[nodiscard]] std::size_t blocks() const { return blocks_; }
  [[nodiscard]] const Real* data() const { return numbers_.data(); }

 private:
  std::vector<Real> numbers_;
  std::size_t k_ = 0;
  std::size_t blocks_ = 0;
};

/// Labels of 64 points from `row` on. Bit n of what it returns: point n is too near to a second
/// centre for its label to be certain.
///
/// How certain: with u the unit roundoff, a value v = |c|² / 2 - x·c is computed with an error of
/// at most η (|c|² / 2 + |x| |c|), η = (4 d + 8) u, centres and points being rounded too. If |c| <
/// 4 |x|, that is at most 12 η |x|²; else v is at least |c|² / 4, and it is at most 3 η v. So two
/// values that differ by more than 2 η (13 |x|² + 4 max(v, 0)) are in the right order.
template <class L, class Real>
[[nodiscard]] std::uint64_t nearest_block(const point_tiles<Real>& tiles, std::size_t row,
                                          const packed_centres<Real>& centres,
                                          std::uint32_t* labels) {
  using reals = typename L::reals;
  constexpr std::size_t points = L::at_once;
  constexpr std::size_t side = packed_centres<Real>::side;
  constexpr std::size_t tile = point_tiles<Real>::tile;
  constexpr std::size_t group = point_tiles<Real>::group;
  static_assert(group % (points * L::width) == 0 && tile % L::width == 0);
  constexpr Real infinite = std::numeric_limits<Real>::infinity();

  const std::size_t d = tiles.d();
  const auto eta = static_cast<Real>(4 * d + 8) * std::numeric_limits<Real>::epsilon() / 2;
  const reals by_norm = L::set(26 * eta);
  const reals by_value = L::set(8 * eta);
  Real found[group];
  std::uint64_t open = 0;
  for (std::size_t done = 0; done < group; done += points * L::width) {
    const Real* at[points];
    reals best[points], second[points], index[points], norm[points];
    for (std::size_t p = 0; p < points; ++p) {
      const std::size_t lane = done + p * L::width;
      at[p] = tiles.at(row + lane / tile * tile) + lane % tile;
      best[p] = second[p] = L::set(infinite);
      index[p] = norm[p] = L::set(0);
    }
    for (std::size_t j = 0; j < d; ++j) {
      for (std::size_t p = 0; p < points; ++p) {
        const reals x = L::load(at[p] + j * tile);
        norm[p] = L::add_product(norm[p], x, x);
      }
    }
    const Real* c = centres.data();
    for (std::size_t block = 0; block < centres.blocks(); ++block) {
      reals value[side][points];
      for (std::size_t q = 0; q < side; ++q) {
        for (std::size_t p = 0; p < points; ++p) value[q][p] = L::set(c[q]);
      }
      c += side;
      for (std::size_t j = 0; j < d; ++j, c += side) {
        reals x[points];
        for (std::size_t p = 0; p < points; ++p) x[p] = L::load(at[p] + j * tile);
        for (std::size_t q = 0; q < side; ++q) {
          const reals y = L::set(c[q]);
          for (std::size_t p = 0; p < points; ++p) {
            value[q][p] = L::less_product(value[q][p], x[p], y);
          }
        }
      }
      for (std::size_t q = 0; q < side; ++q) {
        const reals name = L::set(static_cast<Real>(block * side + q));
        for (std::size_t p = 0; p < points; ++p) {
          const reals v = value[q][p];
          second[p] = L::least(second[p], L::most(best[p], v));
          index[p] = L::where_less(v, best[p], name, index[p]);
          best[p] = L::least(best[p], v);
        }
      }
    }
    for (std::size_t p = 0; p < points; ++p) {
      const reals margin = L::add_product(L::add_product(best[p], norm[p], by_norm),
                                          L::most(second[p], L::set(0)), by_value);
      const std::size_t lane = done + p * L::width;
      open |= std::uint64_t{L::not_above(second[p], margin)} << lane;
      L::store(found + lane, index[p]);
    }
  }
  for (std::size_t i = 0; i < group; ++i) {
    labels[i] = static_cast<std::uint32_t>(static_cast<std::int32_t>(found[i]));
  }
  return centres.k() > 1 ? open : 0;
}

}  // namespace tailor::inline v0::segment::detail

#endif  // TAILOR_SEGMENT_NEAREST_BLOCK_HPP
