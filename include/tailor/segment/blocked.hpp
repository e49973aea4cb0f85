#ifndef TAILOR_SEGMENT_BLOCKED_HPP
#define TAILOR_SEGMENT_BLOCKED_HPP

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../core/executor.hpp"
#include "assignment.hpp"
#include "cell_order.hpp"
#include "distance.hpp"
#include "extent.hpp"
#include "group_boxes.hpp"
#include "native_lanes.hpp"
#include "nearest_block.hpp"
#include "point_frame.hpp"
#include "point_tiles.hpp"
#include "points.hpp"
#include "whole_block.hpp"
#include "whole_tiles.hpp"

namespace tailor::inline v0::segment {

/// Measures points against centres by the vectors `Vectors` of a machine, several of both at a time
/// in registers: |c|² / 2 - x·c orders centres as the distance does, by one multiplication a
/// number. Points of many columns are first measured as whole numbers of 16 bits. Points of few
/// columns, if there is much to do, are sorted by cells, and a group of them is measured against
/// the centres that can be nearest. All that rounds otherwise than the distance, so a point whose
/// two best are not farther apart than all rounding together is measured again: at last as `plain`
/// does it, so that the labels are the same.
template <class Vectors>
class blocked_by {
 public:
  [[nodiscard]] squared_euclidean distance() const { return {}; }

  template <class Real>
  class search {
    using lanes = typename Vectors::template lanes<Real>;
    using wholes = typename Vectors::wholes;
    using tiles = detail::point_tiles<Real, lanes>;
    using rough_tiles = detail::whole_tiles<Real, wholes>;
    using boxes = detail::group_boxes<Real, lanes>;
    static constexpr std::size_t group = tiles::group;
    static_assert(rough_tiles::group == group);

   public:
    template <class X>
    search(const point_view<Real>& points, const extent& where, const search_load& load, X& pool)
        : frame_(points, where) {
      const bool fits = load.centres > 1 && load.centres <= detail::whole_centres::most;
      if (points.d() > detail::cell_curve<Real>::most_dimensions && fits) {
        if (const double scale = rough_tiles::scale_for(frame_); scale != 0) {
          rough_ = rough_tiles(frame_, scale, pool);
          keeps_points_ = false;
          return;
        }
      }
      std::vector<std::uint32_t> order;
      if (sorting_pays(points, load)) order = detail::cell_order(points, where, pool);
      tiles_ = tiles(frame_, std::move(order), pool);
      if (!tiles_.order().empty()) boxes_ = boxes(tiles_, points.n(), pool);
    }

    void prepare(std::span<const double> centres) {
      centres_ = centres;
      safe_ = packed_.pack(centres, frame_);
      if (!order().empty()) boxes_.prepare(centres, frame_);
      if (is_rough() && !(rough_packed_.pack(centres, frame_, rough_) && is_mostly_certain())) {
        serial_executor pool;
        tiles_ = tiles(frame_, {}, pool);
        rough_ = rough_tiles();
      }
    }

    void nearest(std::size_t first, std::size_t last, std::uint32_t* labels) const {
      scratch s;
      std::uint32_t out[group];
      for (std::size_t from = first / group * group; from < last; from += group) {
        std::uint64_t open = label(from, out, s);
        const std::size_t begin = (std::max)(from, first);
        const std::size_t end = (std::min)(from + group, last);
        for (std::size_t i = begin; i < end; ++i) labels[i - first] = out[i - from];
        for (; open != 0; open &= open - 1) {
          const std::size_t i = from + static_cast<std::size_t>(std::countr_zero(open));
          if (i < begin || i >= end) continue;
          __builtin_prefetch(frame_.points().row(tiles_.row_at(i)));
          s.open.push_back(i);
          if (s.open.size() == group) settle(s, first, labels);
        }
      }
      settle(s, first, labels);
    }

    /// The row of each place, where the points are in an order of their own.
    [[nodiscard]] std::span<const std::uint32_t> order() const { return tiles_.order(); }
    /// The point at a place as it is kept here, for who needs it while it is at hand; none where
    /// it is not. Its numbers are multiplied by scale().
    [[nodiscard]] centred_point<Real> inside(std::size_t place) const {
      return keeps_points_ ? tiles_.inside(place) : centred_point<Real>{};
    }
    [[nodiscard]] double scale() const { return keeps_points_ ? frame_.scale() : 1; }

   private:
    struct scratch {
      std::vector<std::size_t> open;  // places, fewer than a group
      std::vector<Real> again;
      std::vector<double> row;
      typename boxes::found near;
      detail::packed_centres<Real> packed;
    };

    /// Sorting costs about as much as measuring each point against `sorting` centres, and spares
    /// those beyond a few, as boxes cost something too.
    [[nodiscard]] static bool sorting_pays(const point_view<Real>& points,
                                           const search_load& load) {
      constexpr std::size_t sorting = 400;
      constexpr std::size_t few = 16;
      constexpr std::size_t fewest_points = 256;
      return points.d() <= detail::cell_curve<Real>::most_dimensions &&
             points.n() >= fewest_points && load.centres > few &&
             load.times > sorting / (load.centres - few);
    }

    [[nodiscard]] bool is_rough() const { return rough_.pairs() != 0; }
    [[nodiscard]] std::uint64_t label_roughly(std::size_t from, std::uint32_t* out) const {
      return rough_.far(from) |
             detail::whole_block<wholes>(rough_.at(from), rough_.pairs(), rough_packed_, out);
    }
    /// Whether rounded points tell most labels, by some groups. Where clusters are small beside how
    /// far they are from the mean, they do not.
    [[nodiscard]] bool is_mostly_certain() const {
      const std::size_t groups = (frame_.points().n() + group - 1) / group;
      const std::size_t looks = std::clamp<std::size_t>(groups / 16, 1, 16);
      std::uint32_t out[group];
      std::size_t open = 0;
      for (std::size_t look = 0; look < looks; ++look) {
        open += static_cast<std::size_t>(
            std::popcount(label_roughly(groups * look / looks * group, out)));
      }
      return open <= looks * group / 4;
    }

    /// Labels of the group that starts there. Bit n of what it returns: that of point n is open.
    [[nodiscard]] std::uint64_t label(std::size_t from, std::uint32_t* out, scratch& s) const {
      if (is_rough()) return label_roughly(from, out);
      if (!safe_) return ~std::uint64_t{0};
      if (order().empty()) return measure(tiles_.at(from), packed_, out);
      boxes_.near(from, s.near);
      const std::vector<std::uint32_t>& near = s.near.centres;
      if (near.size() == 1) {
        std::fill(out, out + group, near[0]);
        return 0;
      }
      s.packed.choose(packed_, near);
      const std::uint64_t open = measure(tiles_.at(from), s.packed, out);
      for (std::size_t i = 0; i < group; ++i) out[i] = near[out[i]];
      return open;
    }
    [[nodiscard]] std::uint64_t measure(const Real* at, const detail::packed_centres<Real>& centres,
                                        std::uint32_t* out) const {
      return detail::nearest_block<lanes, Real>(at, frame_.d(), centres, out);
    }

    /// Labels of the places that are open: in full precision, and those still open by definition.
    void settle(scratch& s, std::size_t first, std::uint32_t* labels) const {
      std::uint64_t open = ~std::uint64_t{0};
      if (safe_ && is_rough() && !s.open.empty()) {
        std::uint32_t out[group];
        s.again.resize(group * frame_.d());
        for (std::size_t t = 0; t < group; t += tiles::tile) {
          const std::size_t from = (std::min)(t, s.open.size());
          frame_.template put<tiles::tile>(s.open.data() + from,
                                           (std::min)(tiles::tile, s.open.size() - from),
                                           s.again.data() + t * frame_.d());
        }
        open = measure(s.again.data(), packed_, out);
        for (std::size_t i = 0; i < s.open.size(); ++i) labels[s.open[i] - first] = out[i];
      }
      for (std::size_t i = 0; i < s.open.size(); ++i) {
        if ((open >> i & 1) == 0) continue;
        detail::read_row(frame_.points(), tiles_.row_at(s.open[i]), s.row);
        labels[s.open[i] - first] = detail::nearest_centre(squared_euclidean{}, s.row, centres_);
      }
      s.open.clear();
    }

    detail::point_frame<Real> frame_;
    bool keeps_points_ = true;
    tiles tiles_;        // none where there are rough ones
    boxes boxes_;        // where the points are sorted
    rough_tiles rough_;  // where there are many columns
    detail::packed_centres<Real> packed_;
    detail::whole_centres rough_packed_;
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
