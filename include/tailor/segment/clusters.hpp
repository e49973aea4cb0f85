#ifndef TAILOR_SEGMENT_CLUSTERS_HPP
#define TAILOR_SEGMENT_CLUSTERS_HPP

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "../core/contract.hpp"
#include "../core/time.hpp"
#include "../events/line.hpp"
#include "choose_k.hpp"
#include "features.hpp"
#include "orders.hpp"
#include "scale.hpp"
#include "standing.hpp"

namespace tailor::inline v0::segment {

/// One group of shoppers.
struct cluster {
  std::int64_t label = 0;      ///< stays with the group from fit to fit
  std::string name;            ///< "recent, frequent": from where the centre lies
  std::uint64_t size = 0;      ///< shoppers at the time of the fit
  std::vector<double> centre;  ///< in standard deviations from the average shopper
};

/// Which group a shopper is in: features, their scaling and centres as one value. The label changes
/// with the clock where a feature ages or the window moves on, and is right at any moment asked
/// for. Made by `fit_clusters`; without groups (none was stable enough) it has no answer.
class clusters {
 public:
  clusters() = default;

  /// Precondition: 1 to feature_count features, a column of the scaling for each, and as many
  /// numbers per centre; labels are below `next_label`.
  clusters(std::vector<feature> features, const feature_rules& rules, scaling scale,
           std::vector<cluster> groups, k_choice choice, std::int64_t next_label)
      : features_(std::move(features)),
        rules_(rules),
        scale_(std::move(scale)),
        groups_(std::move(groups)),
        choice_(std::move(choice)),
        next_label_(next_label) {
    TAILOR_EXPECTS(!features_.empty() && features_.size() <= feature_count);
    TAILOR_EXPECTS(scale_.columns().size() == features_.size());
    double widest = 1;
    for (const cluster& c : groups_) {
      TAILOR_EXPECTS(c.centre.size() == features_.size());
      double reach = 0;
      for (std::size_t j = 0; j < features_.size(); ++j) {
        const column_scale& column = scale_.columns()[j];
        const double low = column.apply(column.low) - c.centre[j];
        const double high = column.apply(column.high) - c.centre[j];
        reach += (std::max)(low * low, high * high);
      }
      widest = (std::max)(widest, reach);
    }
    margin_ = 1e-9 * widest;
  }

  [[nodiscard]] std::span<const cluster> groups() const { return groups_; }
  [[nodiscard]] std::span<const feature> features() const { return features_; }
  [[nodiscard]] const feature_rules& rules() const { return rules_; }
  [[nodiscard]] const scaling& scale() const { return scale_; }
  /// How the number of groups was found; an empty table when it was given.
  [[nodiscard]] const k_choice& choice() const { return choice_; }
  /// The label that the next new group gets.
  [[nodiscard]] std::int64_t next_label() const { return next_label_; }

  /// The group of a label; null when there is none.
  [[nodiscard]] const cluster* find(std::int64_t label) const {
    const auto at = std::find_if(groups_.begin(), groups_.end(),
                                 [label](const cluster& c) { return c.label == label; });
    return at == groups_.end() ? nullptr : &*at;
  }

  /// The centre of a group in the units of the features.
  [[nodiscard]] std::vector<double> centre_of(const cluster& group) const {
    std::vector<double> out = group.centre;
    scale_.invert(std::span<double>(out));
    return out;
  }

  /// The label of the group whose centre is nearest, ties to the one that stands first. Nothing
  /// when no order counts at `now`, there are no groups, or a number is not one that the scaling
  /// takes (revenue below zero). Cost: that of the orders, and O(k d); allocates nothing after a
  /// while.
  [[nodiscard]] std::optional<std::int64_t> value(std::span<const events::line> past, timestamp now,
                                                  order_reader& scratch) const {
    numbers raw;
    if (!read(past, now, scratch, raw)) return std::nullopt;
    const auto near = nearest(raw, 0);
    if (!near) return std::nullopt;
    return groups_[*near].label;
  }

  /// See the concept `standing`. While one feature ages, the point moves on a line, on which the
  /// part next to one centre is in one piece: the day it is left is found by halving, a hair early
  /// rather than late. While two age, days are tried one by one, 64 at most.
  [[nodiscard]] timestamp until(std::span<const events::line> past, timestamp now, std::int64_t,
                                std::int64_t, order_reader& scratch) const {
    numbers raw;
    if (!read(past, now, scratch, raw)) return never;  // what has left a window does not come back
    const timestamp edge = leaves_window(past, now, rules_.window);
    if (!nearest(raw, 0)) return edge;
    const std::int64_t stays = days_until_change(raw);
    if (stays == 0) return edge;
    const std::int64_t today = day_of(now, rules_.orders.midnight);
    return (std::min)(edge, start_of_day(today + stays, rules_.orders.midnight));
  }

 private:
  using numbers = std::array<double, feature_count>;
  static constexpr std::int64_t most_steps = 64;

  bool read(std::span<const events::line> past, timestamp now, order_reader& scratch,
            numbers& raw) const {
    if (groups_.empty()) return false;
    return read_features(past, now, std::span<const feature>(features_), rules_, scratch,
                         std::span<double>(raw).first(features_.size()));
  }

  /// Where a point of these features lies `days` later.
  [[nodiscard]] std::optional<numbers> scaled(const numbers& raw, std::int64_t days) const {
    numbers out = raw;
    const auto point = std::span<double>(out).first(features_.size());
    for (std::size_t j = 0; j < point.size(); ++j) {
      if (ages(features_[j])) point[j] += static_cast<double>(days);
    }
    if (!scale_.apply(point)) return std::nullopt;
    return out;
  }
  [[nodiscard]] double apart(const numbers& z, std::size_t group) const {
    double sum = 0;
    for (std::size_t j = 0; j < features_.size(); ++j) {
      const double along = z[j] - groups_[group].centre[j];
      sum += along * along;
    }
    return sum;
  }

  [[nodiscard]] std::optional<std::size_t> nearest(const numbers& raw, std::int64_t days) const {
    const std::optional<numbers> z = scaled(raw, days);
    if (!z) return std::nullopt;
    std::size_t best = 0;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      const double squared = apart(*z, g);
      if (squared < least) {
        least = squared;
        best = g;
      }
    }
    return best;
  }

  /// Whether `own` is the nearest `days` later, and by more than rounding can be to blame for.
  [[nodiscard]] bool clearly(std::size_t own, const numbers& raw, std::int64_t days) const {
    const std::optional<numbers> z = scaled(raw, days);
    if (!z) return false;
    const double squared = apart(*z, own);
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      if (g != own && apart(*z, g) - squared < margin_) return false;
    }
    return true;
  }

  /// Days from which on another group may be the nearest; 0: never.
  [[nodiscard]] std::int64_t days_until_change(const numbers& raw) const {
    std::size_t moving = 0;
    double still_moves = 0;  // days until the last column has reached its limit
    for (std::size_t j = 0; j < features_.size(); ++j) {
      const column_scale& c = scale_.columns()[j];
      if (!ages(features_[j]) || c.constant() || raw[j] >= c.high) continue;
      ++moving;
      still_moves = (std::max)(still_moves, std::ceil(c.high - raw[j]));
    }
    if (moving == 0) return 0;
    const std::int64_t last = static_cast<std::int64_t>((std::min)(still_moves, 1e9));
    const std::size_t own = nearest(raw, 0).value_or(0);  // a row that moves has finite numbers
    if (moving > 1) {
      for (std::int64_t day = 1; day <= (std::min)(last, most_steps); ++day) {
        if (nearest(raw, day) != own) return day;
      }
      return last <= most_steps ? 0 : most_steps + 1;
    }
    if (!clearly(own, raw, 0)) return 1;
    if (clearly(own, raw, last)) return 0;
    std::int64_t same = 0;
    std::int64_t other = last;
    while (other - same > 1) {
      const std::int64_t middle = same + (other - same) / 2;
      (clearly(own, raw, middle) ? same : other) = middle;
    }
    return other;
  }

  std::vector<feature> features_;
  feature_rules rules_{};
  scaling scale_;
  std::vector<cluster> groups_;
  k_choice choice_;
  std::int64_t next_label_ = 0;
  double margin_ = 0;  // differences of squared distances below this are left to nobody
};

static_assert(standing<clusters>);

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_CLUSTERS_HPP
