#ifndef TAILOR_SEGMENT_REPEAT_HISTORY_HPP
#define TAILOR_SEGMENT_REPEAT_HISTORY_HPP

#include <cmath>
#include <cstdint>
#include <optional>
#include <span>

#include "../core/int128.hpp"
#include "../core/result.hpp"
#include "../core/time.hpp"
#include "../events/line.hpp"
#include "orders.hpp"

namespace tailor::inline v0::segment {

/// What customer-base models know of a shopper: x, t_x and T of the literature, in a unit of time
/// of the host's choice, but one.
struct repeat_history {
  double repeats = 0;  ///< purchases after the first: a whole number
  double last = 0;     ///< from the first purchase to the last
  double age = 0;      ///< from the first purchase to the moment of asking

  friend constexpr bool operator==(const repeat_history&, const repeat_history&) = default;
};

/// not_finite; out_of_range unless 0 <= last <= age <= 10^15, repeats is whole, 0 to 10^9, and last
/// is 0 without repeats.
[[nodiscard]] inline status check(const repeat_history& h) {
  if (!std::isfinite(h.repeats) || !std::isfinite(h.last) || !std::isfinite(h.age)) {
    return errc::not_finite;
  }
  const bool whole = h.repeats >= 0 && h.repeats <= 1e9 &&
                     h.repeats == static_cast<double>(static_cast<std::int64_t>(h.repeats));
  if (!whole) return error{errc::out_of_range, "repeats"};
  if (!(h.last >= 0 && h.last <= h.age)) return error{errc::out_of_range, "last"};
  if (h.repeats == 0 && h.last > 0) return error{errc::out_of_range, "last"};
  if (h.age > 1e15) return error{errc::out_of_range, "age"};
  return {};
}

/// In what times since the first purchase are counted.
enum class tick : std::uint8_t {
  day,         ///< days of the shop: midnights passed
  microsecond  ///< to the moment
};

/// How a timeline reads as purchases and repeats. A day's orders are one purchase, refunds and
/// cancellations are taken off and what is worth nothing does not count, unless said otherwise.
struct repeat_rules {
  order_rules orders{.by = occasion::day};
  tick counts = tick::day;
  timestamp from{INT64_MIN};  ///< what was bought before is left out

  friend constexpr bool operator==(const repeat_rules& a, const repeat_rules& b) {
    return a.orders.by == b.orders.by && a.orders.returns == b.orders.returns &&
           a.orders.zero == b.orders.zero && a.orders.midnight == b.orders.midnight &&
           a.counts == b.counts && a.from == b.from;
  }
};

/// Ticks from one moment to a later one, held at 2^63 - 1.
[[nodiscard]] constexpr std::int64_t ticks_between(timestamp from, timestamp to,
                                                   const repeat_rules& rules) {
  if (rules.counts == tick::day) {
    return day_of(to, rules.orders.midnight) - day_of(from, rules.orders.midnight);
  }
  const int128 us = int128{to.us} - from.us;
  return us > INT64_MAX ? INT64_MAX : static_cast<std::int64_t>(us);
}

/// The purchases of one shopper in whole numbers.
struct purchase_record {
  std::int64_t purchases = 0;     ///< at least 1
  std::int64_t last = 0;          ///< ticks from the first purchase to the last
  std::int64_t age = 0;           ///< ticks from the first purchase to the moment of asking
  std::int64_t value = 0;         ///< of all purchases, minor units, held at 64 bits
  std::int64_t repeat_value = 0;  ///< of all but the first
  timestamp first_at{};
  timestamp last_at{};

  [[nodiscard]] constexpr std::int64_t repeats() const { return purchases - 1; }

  /// As models see it. Precondition: unit > 0, in ticks.
  [[nodiscard]] constexpr repeat_history history(double unit) const {
    return {static_cast<double>(repeats()), static_cast<double>(last) / unit,
            static_cast<double>(age) / unit};
  }

  friend constexpr bool operator==(const purchase_record&, const purchase_record&) = default;
};

/// The purchases as they stand at `now`; nothing when there are none. Cost: as order_reader.
/// Precondition: `lines` are those of one shopper, oldest first.
[[nodiscard]] inline std::optional<purchase_record> read_purchases(
    std::span<const events::line> lines, timestamp now, const repeat_rules& rules,
    order_reader& reader) {
  std::span<const order> orders = reader.read(lines, now, rules.orders);
  while (!orders.empty() && orders.front().at < rules.from) orders = orders.subspan(1);
  if (orders.empty()) return std::nullopt;
  purchase_record out;
  out.purchases = static_cast<std::int64_t>(orders.size());
  out.first_at = orders.front().at;
  out.last_at = orders.back().at;
  out.last = ticks_between(out.first_at, out.last_at, rules);
  out.age = ticks_between(out.first_at, now, rules);
  int128 sum = 0;
  for (const order& o : orders) sum += o.value;
  const auto held = [](int128 value) {
    if (value > INT64_MAX) return INT64_MAX;
    return value < INT64_MIN ? INT64_MIN : static_cast<std::int64_t>(value);
  };
  out.value = held(sum);
  out.repeat_value = held(sum - orders.front().value);
  return out;
}

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_REPEAT_HISTORY_HPP
