#ifndef TAILOR_SEGMENT_ASSIGNMENT_HPP
#define TAILOR_SEGMENT_ASSIGNMENT_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "../core/executor.hpp"
#include "distance.hpp"
#include "extent.hpp"
#include "points.hpp"

namespace tailor::inline v0::segment {

/// Finds the nearest centres of the same points again and again. `prepare(centres)` takes k centres
/// of d numbers, one after another; `nearest(first, last, labels)` then writes the label of each
/// point in [first, last), and may run for separate parts at the same time. A search that keeps the
/// points in another order has `order()`, the row of each place, and counts places.
template <class S>
concept centre_search =
    requires(S& s, std::span<const double> centres, std::size_t row, std::uint32_t* labels) {
      s.prepare(centres);
      s.nearest(row, row, labels);
    };

/// What a search is for, at a guess: how many centres, how often. Answers do not depend on it.
struct search_load {
  std::size_t centres = 1;
  std::size_t times = 1;
};

/// The half-step of k-means that gives points to centres. `a.over(points, extent, load, executor)`
/// is a centre_search over points that stay where they are; `a.distance()` is what it goes by.
/// Law: the label is the centre of the least `distance()(point, centre)` in double, of equals the
/// first; so every model of one distance gives the same labels.
template <class A>
concept assignment = requires(const A& a, const point_view<double>& points, const extent& where,
                              const search_load& load, serial_executor& pool) {
  { a.distance() } -> distance;
  { a.over(points, where, load, pool) } -> centre_search;
};

namespace detail {

/// The row of each place of a search; empty when they are the same.
template <class Search>
[[nodiscard]] std::span<const std::uint32_t> order_of(const Search& search) {
  if constexpr (requires { search.order(); }) {
    return search.order();
  } else {
    return {};
  }
}

/// The centre nearest to `row`, of equals the first.
template <class D>
[[nodiscard]] std::uint32_t nearest_centre(const D& distance, std::span<const double> row,
                                           std::span<const double> centres) {
  const std::size_t d = row.size();
  std::uint32_t best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t c = 0; c * d < centres.size(); ++c) {
    const double apart = distance(row, centres.subspan(c * d, d));
    if (apart < least) {
      least = apart;
      best = static_cast<std::uint32_t>(c);
    }
  }
  return best;
}

}  // namespace detail

/// Measures every point against every centre, as the definition says. Any distance.
template <class Distance = squared_euclidean>
class plain {
  static_assert(segment::distance<Distance>,
                "plain<Distance>: Distance needs  double operator()(std::span<const double> point, "
                "std::span<const double> centre) const  [segment::distance]");

 public:
  explicit plain(Distance distance = {}) : distance_(std::move(distance)) {}

  [[nodiscard]] const Distance& distance() const { return distance_; }

  template <class Real>
  class search {
   public:
    search(const Distance& distance, const point_view<Real>& points)
        : distance_(distance), points_(points) {}

    void prepare(std::span<const double> centres) { centres_ = centres; }
    void nearest(std::size_t first, std::size_t last, std::uint32_t* labels) const {
      std::vector<double> row;
      for (std::size_t i = first; i < last; ++i) {
        detail::read_row(points_, i, row);
        labels[i - first] = detail::nearest_centre(distance_, row, centres_);
      }
    }

   private:
    Distance distance_;
    point_view<Real> points_;
    std::span<const double> centres_;
  };

  template <class Real, executor X>
  [[nodiscard]] search<Real> over(const point_view<Real>& points, const extent&, const search_load&,
                                  X&&) const {
    return search<Real>(distance_, points);
  }

 private:
  [[no_unique_address]] Distance distance_;
};

static_assert(assignment<plain<>>);

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_ASSIGNMENT_HPP
