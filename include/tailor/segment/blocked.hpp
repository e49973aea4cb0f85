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
#include "cell_order.hpp"
#include "distance.hpp"
#include "extent.hpp"
#include "group_boxes.hpp"
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
    using boxes = detail::group_boxes<Real, lanes>;
    static constexpr std::size_t group = tiles::group;

   public:
    template <class X>
    search(const point_view<Real>& points, const extent& where, const search_load& load, X& pool)
        : tiles_(points, where, order_for(points, where, load, pool), pool),
          boxes_(tiles_, tiles_.order().empty() ? 0 : points.n(), pool) {}

    void prepare(std::span<const double> centres) {
      centres_ = centres;
      safe_ = packed_.pack(centres, tiles_);
      if (!tiles_.order().empty()) boxes_.prepare(centres, tiles_);
    }

    void nearest(std::size_t first, std::size_t last, std::uint32_t* labels) const {
      std::vector<double> row;
      std::uint32_t out[group];
      choice chosen;
      for (std::size_t from = first / group * group; from < last; from += group) {
        const std::uint64_t open = label(from, out, chosen);
        const std::size_t begin = (std::max)(from, first);
        const std::size_t end = (std::min)(from + group, last);
        for (std::size_t i = begin; i < end; ++i) labels[i - first] = out[i - from];
        for (std::uint64_t left = open; left != 0; left &= left - 1) {
          const std::size_t i = from + static_cast<std::size_t>(std::countr_zero(left));
          if (i < begin || i >= end) continue;
          detail::read_row(tiles_.points(), tiles_.row_at(i), row);
          labels[i - first] = detail::nearest_centre(squared_euclidean{}, row, centres_);
        }
      }
    }

    /// The row of each place, where the points are in an order of their own.
    [[nodiscard]] std::span<const std::uint32_t> order() const { return tiles_.order(); }

    /// The points as they are kept here, for who needs them again while they are at hand.
    [[nodiscard]] centred_point<Real> inside(std::size_t i) const { return tiles_.inside(i); }
    [[nodiscard]] double scale() const { return tiles_.scale(); }

   private:
    struct choice {
      typename boxes::found near;
      detail::packed_centres<Real> packed;
    };

    /// Sorting the points by cells costs as much as measuring this many centres for each.
    static constexpr std::size_t sorting = 256;
    static constexpr std::size_t fewest = 256;

    template <class X>
    [[nodiscard]] static std::vector<std::uint32_t> order_for(const point_view<Real>& points,
                                                              const extent& where,
                                                              const search_load& load, X& pool) {
      const bool pays = points.d() <= detail::cell_curve<Real>::most_dimensions &&
                        points.n() >= fewest && load.times > sorting / load.centres;
      return pays ? detail::cell_order(points, where, pool) : std::vector<std::uint32_t>{};
    }

    /// Labels of the group that starts there. Bit n of what it returns: that of point n is open.
    [[nodiscard]] std::uint64_t label(std::size_t from, std::uint32_t* out, choice& chosen) const {
      if (!safe_) return ~std::uint64_t{0};
      if (tiles_.order().empty())
        return detail::nearest_block<lanes, Real>(tiles_, from, packed_, out);
      boxes_.near(from, chosen.near);
      const std::vector<std::uint32_t>& near = chosen.near.centres;
      if (near.size() == 1) {
        std::fill(out, out + group, near[0]);
        return 0;
      }
      chosen.packed.choose(packed_, near);
      const std::uint64_t open =
          detail::nearest_block<lanes, Real>(tiles_, from, chosen.packed, out);
      for (std::size_t i = 0; i < group; ++i) out[i] = near[out[i]];
      return open;
    }

    tiles tiles_;
    boxes boxes_;
    detail::packed_centres<Real> packed_;
    std::span<const double> centres_;
    bool safe_ = false;
  };

  template <class Real, executor X>
  [[nodiscard]] search<Real> over(const point_view<Real>& points, const extent& where,
                                  const search_load& load, X&& pool) const {
    return search<Real>(points, where, load, pool);
  }
};

/// For the machine that this translation unit is compiled for.
using blocked = blocked_by<native_vectors>;

static_assert(assignment<blocked>);

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_BLOCKED_HPP
