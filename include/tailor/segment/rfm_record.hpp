#ifndef TAILOR_SEGMENT_RFM_RECORD_HPP
#define TAILOR_SEGMENT_RFM_RECORD_HPP

#include <cstdint>
#include <optional>
#include <span>

#include "../core/int128.hpp"
#include "../core/time.hpp"
#include "../events/line.hpp"
#include "features.hpp"
#include "orders.hpp"

namespace tailor::inline v0::segment {

/// Which orders count for recency, frequency and revenue.
struct rfm_rules {
  order_rules orders{};
  duration window = days(365);  ///< how far back; zero: all
};

/// The three numbers of a shopper at a moment.
struct rfm_record {
  std::int64_t days = 0;     ///< days of the shop since the latest order; 0: today
  std::int64_t orders = 0;   ///< in the window
  std::int64_t revenue = 0;  ///< their value, minor units, held at the ends of 64 bits

  friend constexpr bool operator==(const rfm_record&, const rfm_record&) = default;
};

/// What the three numbers are made of: the orders in the window.
struct rfm_orders {
  std::span<const order> orders;  ///< oldest first; valid until the reader is used again
  rfm_record record{};
};

/// Nothing when no order stands at `now` in the window (now - window, now]. Precondition: `lines`
/// are those of one shopper. Cost: as order_reader.
[[nodiscard]] inline std::optional<rfm_orders> read_rfm_orders(std::span<const events::line> lines,
                                                               timestamp now,
                                                               const rfm_rules& rules,
                                                               order_reader& reader) {
  rfm_orders out;
  out.orders = reader.read(lines, now, rules.orders);
  while (!out.orders.empty() && rules.window.us > 0 &&
         int128{now.us} - out.orders.front().at.us >= int128{rules.window.us}) {
    out.orders = out.orders.subspan(1);
  }
  if (out.orders.empty()) return std::nullopt;
  int128 revenue = 0;
  for (const order& o : out.orders) revenue += o.value;
  const duration midnight = rules.orders.midnight;
  out.record.days = day_of(now, midnight) - day_of(out.orders.back().at, midnight);
  out.record.orders = static_cast<std::int64_t>(out.orders.size());
  out.record.revenue = held(revenue);
  return out;
}

/// The three numbers alone.
[[nodiscard]] inline std::optional<rfm_record> read_rfm(std::span<const events::line> lines,
                                                        timestamp now, const rfm_rules& rules,
                                                        order_reader& reader) {
  const auto found = read_rfm_orders(lines, now, rules, reader);
  if (!found) return std::nullopt;
  return found->record;
}

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_RFM_RECORD_HPP
