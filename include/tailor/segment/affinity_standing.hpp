#ifndef TAILOR_SEGMENT_AFFINITY_STANDING_HPP
#define TAILOR_SEGMENT_AFFINITY_STANDING_HPP

#include <cmath>
#include <cstdint>
#include <optional>
#include <span>

#include "../core/time.hpp"
#include "../events/line.hpp"
#include "affinity.hpp"
#include "orders.hpp"
#include "standing.hpp"

namespace tailor::inline v0::segment {

/// What somebody feels about one value, as a `standing`: z in hundredths, rounded down. Refers to
/// the model. It changes at midnight alone. What
/// shoppers stated, and what a purchase fades, is not in it.
template <item_trait Trait>
class affinity_standing {
 public:
  affinity_standing(const affinity<Trait>& model, std::uint64_t value)
      : model_(&model), value_(value) {}

  /// Nothing for a value that the fit did not know.
  [[nodiscard]] std::optional<std::int64_t> value(std::span<const events::line> past, timestamp now,
                                                  order_reader&) const {
    const auto found = model_->explain_one(past, now, value_);
    if (!found) return std::nullopt;
    return static_cast<std::int64_t>(std::floor(found->z * 100));
  }
  /// While somebody is silent, z goes towards 0 day by day and never back, so the day on which it
  /// comes to a bound is found by halving, over 2^12 days; it is told early rather than late, by a
  /// hundredth. Cost: some 24 times that of `value`.
  [[nodiscard]] timestamp until(std::span<const events::line> past, timestamp now, std::int64_t low,
                                std::int64_t high, order_reader& scratch) const {
    const auto at_now = value(past, now, scratch);
    if (!at_now || low > high) return never;
    const bool falls = *at_now >= 0;
    const bool inside = low <= *at_now && *at_now <= high;
    if (!inside && falls == (*at_now < low)) return never;  // goes away from the range
    const std::int64_t bound = falls ? (inside ? low - 1 : high) : (inside ? high + 1 : low);
    if (falls ? bound < 0 : bound > -1) return never;  // beyond 0
    const duration midnight = model_->options().midnight;
    const std::int64_t today = day_of(now, midnight);
    const auto near = [&](std::int64_t ahead) {
      const auto v = value(past, start_of_day(today + ahead, midnight), scratch);
      return falls ? *v <= bound + 1 : *v >= bound - 1;
    };
    std::int64_t before = 0;
    std::int64_t from = 1;
    while (from < 4'096 && !near(from)) {
      before = from;
      from *= 2;
    }
    while (from - before > 1) {
      const std::int64_t middle = before + (from - before) / 2;
      (near(middle) ? from : before) = middle;
    }
    return start_of_day(today + from, midnight);
  }

 private:
  const affinity<Trait>* model_;
  std::uint64_t value_;
};

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_AFFINITY_STANDING_HPP
