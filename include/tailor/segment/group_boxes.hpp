#ifndef TAILOR_SEGMENT_GROUP_BOXES_HPP
#define TAILOR_SEGMENT_GROUP_BOXES_HPP

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "../core/executor.hpp"
#include "point_tiles.hpp"

namespace tailor::inline v0::segment::detail {

/// The box around each group of the tiles, to tell which centres can be nearest to a point in it:
/// those that are not farther from the box than another one is from its far corner.
/// D. Pelleg and A. Moore, "Accelerating exact k-means algorithms with geometric reasoning", KDD
/// 1999, doi:10.1145/312129.312248; here without a tree, as vectors compare all centres quickly.
template <class Real, class Lanes>
class group_boxes {
  using reals = typename Lanes::reals;
  using tiles = point_tiles<Real, Lanes>;

 public:
  /// What `near` finds, in memory that is used again.
  struct found {
    std::vector<std::uint32_t> centres;
    std::vector<Real> apart;
  };

  group_boxes() = default;
  template <class X>
  group_boxes(const tiles& points, std::size_t n, X& pool)
      : d_(points.d()), boxes_((n + tiles::group - 1) / tiles::group * 2 * d_) {
    pool.for_each_chunk(n, 64 * tiles::group,
                        [&](std::size_t first, std::size_t last, std::size_t) {
                          for (std::size_t row = first; row < last; row += tiles::group)
                            measure(points, row);
                        });
  }

  void prepare(std::span<const double> centres, const point_frame<Real>& frame) {
    padded_ = (centres.size() / d_ + Lanes::width - 1) / Lanes::width * Lanes::width;
    numbers_.assign(2 * d_ * padded_, Real{0x1p40});  // what is not there is far away
    double farthest = 1;
    for (std::size_t t = 0; t < centres.size(); ++t) {
      const double x = frame.inside(centres[t], t % d_);
      Real* column = numbers_.data() + 2 * (t % d_) * padded_ + t / d_;
      column[0] = static_cast<Real>(x);
      column[padded_] = -column[0];
      farthest = (std::max)(farthest, std::fabs(x));
    }
    margin_ = static_cast<Real>(farthest * 8) * unit;
  }

  /// The centres that can be nearest to a point of the group that starts at `row`, in order.
  /// Points and centres are rounded, differences here too: boxes are wider by more than all of
  /// that. Squares and their sums lose less than 2 (d + 2) units each.
  /// Precondition: prepared, by centres not beyond what `packed_centres` takes. Cost: O(k d).
  void near(std::size_t row, found& out) const {
    const Real* box = boxes_.data() + row / tiles::group * 2 * d_;
    const reals zero = Lanes::set(0);
    reals bounds = Lanes::set((std::numeric_limits<Real>::max)());
    out.apart.resize(padded_);
    for (std::size_t c = 0; c < padded_; c += Lanes::width) {
      reals low = zero, high = zero;
      const Real* column = numbers_.data() + c;
      for (std::size_t j = 0; j < d_; ++j, column += 2 * padded_) {
        const Real least = box[2 * j] - margin_;
        const Real most = box[2 * j + 1] + margin_;
        const reals x = Lanes::load(column);
        const reals less = Lanes::load(column + padded_);
        const reals outside =
            Lanes::most(Lanes::add(Lanes::set(least), less), Lanes::add(x, Lanes::set(-most)));
        const reals across =
            Lanes::most(Lanes::add(x, Lanes::set(-least)), Lanes::add(Lanes::set(most), less));
        const reals in = Lanes::most(outside, zero);
        low = Lanes::add_product(low, in, in);
        high = Lanes::add_product(high, across, across);
      }
      Lanes::store(out.apart.data() + c, low);
      bounds = Lanes::least(bounds, high);
    }
    Real each[Lanes::width];
    Lanes::store(each, bounds);
    const reals limit = Lanes::set(*std::min_element(each, each + Lanes::width) *
                                   (1 + static_cast<Real>(8 * (d_ + 2)) * unit));
    out.centres.clear();
    for (std::size_t c = 0; c < padded_; c += Lanes::width) {
      std::uint32_t bits = Lanes::not_above(Lanes::load(out.apart.data() + c), limit);
      for (; bits != 0; bits &= bits - 1) {
        out.centres.push_back(static_cast<std::uint32_t>(c) +
                              static_cast<std::uint32_t>(std::countr_zero(bits)));
      }
    }
  }

 private:
  static constexpr Real unit = std::numeric_limits<Real>::epsilon() / 2;

  /// Zeros that fill the last tile are in its box: it is larger than need be.
  void measure(const tiles& points, std::size_t row) {
    Real* box = boxes_.data() + row / tiles::group * 2 * d_;
    for (std::size_t j = 0; j < d_; ++j, box += 2) {
      box[0] = box[1] = points.at(row)[j * tiles::tile];
      for (std::size_t tile = row; tile < row + tiles::group; tile += tiles::tile) {
        const Real* column = points.at(tile) + j * tiles::tile;
        for (std::size_t r = 0; r < tiles::tile; ++r) {
          box[0] = (std::min)(box[0], column[r]);
          box[1] = (std::max)(box[1], column[r]);
        }
      }
    }
  }

  std::size_t d_ = 0;
  std::size_t padded_ = 0;  // number of centres, a multiple of the lanes
  Real margin_ = 0;
  std::vector<Real> boxes_;    // least and most of each column, group after group
  std::vector<Real> numbers_;  // of the centres, column after column, each followed by its negative
};

}  // namespace tailor::inline v0::segment::detail

#endif  // TAILOR_SEGMENT_GROUP_BOXES_HPP
