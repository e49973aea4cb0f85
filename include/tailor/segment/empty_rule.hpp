#ifndef TAILOR_SEGMENT_EMPTY_RULE_HPP
#define TAILOR_SEGMENT_EMPTY_RULE_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "cluster_labels.hpp"

namespace tailor::inline v0::segment {

/// Points in clusters, as they are when one of the clusters turns out empty.
struct crowd {
  const cluster_labels& labels;
  std::span<const double> cost;           ///< weight times distance to the own centre, per point
  std::span<const std::uint64_t> points;  ///< of each cluster, those of no weight left out

  /// Whether a point may go: it costs where it is, and does not leave its cluster empty.
  [[nodiscard]] bool may_go(std::size_t i) const { return cost[i] > 0 && points[labels[i]] > 1; }
};

/// What becomes of a cluster without points: `r.refill(crowd)` is the point that it gets as its
/// only one and centre, or none to let it be. Asked for each empty cluster, in order; the crowd is
/// up to date every time, and only points that may go are taken.
/// Must be pure: same crowd, same point.
template <class R>
concept empty_rule = requires(const R& r, const crowd& c) {
  { r.refill(c) } -> std::same_as<std::optional<std::size_t>>;
};

namespace detail {

/// The point that costs most where it is, of equals the first; in `only`, unless that is none.
[[nodiscard]] inline std::optional<std::size_t> most_costly(const crowd& c,
                                                            std::optional<std::uint32_t> only) {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < c.cost.size(); ++i) {
    if ((best && c.cost[i] <= c.cost[*best]) || !c.may_go(i)) continue;
    if (!only || c.labels[i] == *only) best = i;
  }
  return best;
}

}  // namespace detail

/// Starts again at the point that costs most where it is. Cost: O(n).
struct farthest_point {
  [[nodiscard]] std::optional<std::size_t> refill(const crowd& c) const {
    return detail::most_costly(c, std::nullopt);
  }
};

/// Splits the cluster of most points, at the one of them that costs most. Cost: O(n).
struct split_largest {
  [[nodiscard]] std::optional<std::size_t> refill(const crowd& c) const {
    std::uint32_t largest = 0;
    for (std::uint32_t l = 1; l < c.points.size(); ++l) {
      if (c.points[l] > c.points[largest]) largest = l;
    }
    return detail::most_costly(c, largest);
  }
};

/// Leaves the centre where it is: it may win points later, or stay without any.
struct keep_empty {
  [[nodiscard]] std::optional<std::size_t> refill(const crowd&) const { return std::nullopt; }
};

/// The same, and what is empty in the end is no cluster of the model.
struct drop_empty {
  using drops_empty = void;
  [[nodiscard]] std::optional<std::size_t> refill(const crowd&) const { return std::nullopt; }
};

static_assert(empty_rule<farthest_point> && empty_rule<split_largest>);
static_assert(empty_rule<keep_empty> && empty_rule<drop_empty>);

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_EMPTY_RULE_HPP
