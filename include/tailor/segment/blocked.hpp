#ifndef TAILOR_SEGMENT_BLOCKED_HPP
#define TAILOR_SEGMENT_BLOCKED_HPP

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "../core/executor.hpp"
#include "assignment.hpp"
#include "distance.hpp"
#include "extent.hpp"
#include "native_lanes.hpp"
#include "nearest_block.hpp"
#include "point_tiles.hpp"
#include "points.hpp"

namespace tailor::inline v0::segment {

/// Measures every point against every centre by the vectors `Vectors` of a machine, several points
/// and centres at a time in registers: |c|² / 2 - x·c orders centres as the distance does, by one
/// multiplication a number. That rounds otherwise than the distance, so a point whose two best are
/// not farther apart than all rounding together is measured again as `plain` does it: the labels
/// are the same.
template <class Vectors>
class blocked_by {
 public:
  [[nodiscard]] squared_euclidean distance() const { return {}; }

  template <class Real>
  class search {
    using lanes = typename Vectors::template lanes<Real>;
    using tiles = detail::point_tiles<Real, lanes>;
    static constexpr std::size_t group = tiles::group;

   public:
    template <class X>
    search(const point_view<Real>& points, const extent& where, X& pool)
        : tiles_(points, where, pool) {}

    void prepare(std::span<const double> centres) {
      centres_ = centres;
      safe_ = packed_.pack(centres, tiles_);
    }

    void nearest(std::size_t first, std::size_t last, std::uint32_t* labels) const {
      std::vector<double> row;
      std::uint32_t out[group];
      for (std::size_t from = first / group * group; from < last; from += group) {
        std::uint64_t open = ~std::uint64_t{0};
        if (safe_) open = detail::nearest_block<lanes, Real>(tiles_, from, packed_, out);
        const std::size_t begin = (std::max)(from, first);
        const std::size_t end = (std::min)(from + group, last);
        for (std::size_t i = begin; i < end; ++i) labels[i - first] = out[i - from];
        for (; open != 0; open &= open - 1) {
          const std::size_t i = from + static_cast<std::size_t>(std::countr_zero(open));
          if (i < begin || i >= end) continue;
          detail::read_row(tiles_.points(), i, row);
          labels[i - first] = detail::nearest_centre(squared_euclidean{}, row, centres_);
        }
      }
    }

    /// The points as they are kept here, for who needs them again while they are at hand.
    [[nodiscard]] centred_point<Real> inside(std::size_t i) const { return tiles_.inside(i); }
    [[nodiscard]] double scale() const { return tiles_.scale(); }

   private:
    tiles tiles_;
    detail::packed_centres<Real> packed_;
    std::span<const double> centres_;
    bool safe_ = false;
  };

  template <class Real, executor X>
  [[nodiscard]] search<Real> over(const point_view<Real>& points, const extent& where,
                                  X&& pool) const {
    return search<Real>(points, where, pool);
  }
};

/// For the machine that this translation unit is compiled for.
using blocked = blocked_by<native_vectors>;

static_assert(assignment<blocked>);

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_BLOCKED_HPP
