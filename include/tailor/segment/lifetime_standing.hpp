#ifndef TAILOR_SEGMENT_LIFETIME_STANDING_HPP
#define TAILOR_SEGMENT_LIFETIME_STANDING_HPP

#include <cmath>
#include <cstdint>
#include <optional>
#include <span>

#include "../core/int128.hpp"
#include "../core/time.hpp"
#include "../events/line.hpp"
#include "features.hpp"
#include "lifetime_value.hpp"
#include "orders.hpp"
#include "repeat_history.hpp"
#include "standing.hpp"

namespace tailor::inline v0::segment {

/// A prediction as a whole number.
enum class prediction : std::uint8_t {
  alive,           ///< the probability, in thousandths
  orders,          ///< expected, in thousandths
  within_30_days,  ///< the probability of an order, in thousandths
  value            ///< lifetime value, minor units
};

/// One prediction of a model as a `standing`, rounded down. Refers to the model, which has to
/// outlive it. All of them fall while a customer is silent, so the day on which one leaves a range
/// is found by halving; it is told early rather than late by a hair of rounding.
template <dropout Dropout = after_any>
class lifetime_standing {
 public:
  lifetime_standing(const lifetime_value<Dropout>& model, prediction what)
      : model_(&model), what_(what) {}

  /// Nothing without an order or without a model. Cost: that of the prediction.
  [[nodiscard]] std::optional<std::int64_t> value(std::span<const events::line> past, timestamp now,
                                                  order_reader& scratch) const {
    const auto record = read_purchases(past, now, model_->options().repeats, scratch);
    if (!record) return std::nullopt;
    const auto n = number(*record);
    if (!n) return std::nullopt;
    if (!(*n < 9e18)) return INT64_MAX;
    return static_cast<std::int64_t>(std::floor(*n));
  }

  /// See the concept `standing`. Looks 2^17 days ahead, with ticks of days, or 2^62 ticks.
  /// Cost: some 17 or 62 predictions.
  [[nodiscard]] timestamp until(std::span<const events::line> past, timestamp now, std::int64_t low,
                                std::int64_t high, order_reader& scratch) const {
    const auto record = read_purchases(past, now, model_->options().repeats, scratch);
    if (!record) return never;
    const auto n = number(*record);
    if (!n || low > high) return never;
    // What falls enters the range from above, then leaves it below.
    const double bound = std::floor(*n) > static_cast<double>(high) ? static_cast<double>(high) + 1
                                                                    : static_cast<double>(low);
    if (*n < bound) return never;
    const double clearly = bound + 1e-9 * (1 + std::fabs(bound));
    const auto holds = [&](std::int64_t ticks) {
      purchase_record later = *record;
      if (ticks > INT64_MAX - later.age) return false;
      later.age += ticks;
      const auto then = number(later);
      return then && *then >= clearly;
    };
    const bool by_day = model_->options().repeats.counts == tick::day;
    std::int64_t same = 0;
    std::int64_t other = 1;
    const std::int64_t furthest = std::int64_t{1} << (by_day ? 17 : 62);
    while (other < furthest && holds(other)) {
      same = other;
      other *= 2;
    }
    while (other - same > 1) {
      const std::int64_t middle = same + (other - same) / 2;
      (holds(middle) ? same : other) = middle;
    }
    if (!by_day) {
      const int128 at = int128{now.us} + other;
      return at >= INT64_MAX ? never : timestamp{static_cast<std::int64_t>(at)};
    }
    const duration midnight = model_->options().repeats.orders.midnight;
    return start_of_day(day_of(now, midnight) + other, midnight);
  }

 private:
  [[nodiscard]] std::optional<double> number(const purchase_record& record) const {
    std::optional<double> out;
    double factor = 1000;
    switch (what_) {
      case prediction::alive:
        out = model_->p_alive(record);
        break;
      case prediction::orders:
        out = model_->orders(record);
        break;
      case prediction::within_30_days:
        out = model_->p_order_within(record, days(30));
        break;
      case prediction::value:
        out = model_->value(record);
        factor = model_->options().minor_per_unit;
        break;
    }
    if (!out) return std::nullopt;
    return *out * factor;
  }

  const lifetime_value<Dropout>* model_;
  prediction what_;
};

static_assert(standing<lifetime_standing<>>);

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_LIFETIME_STANDING_HPP
