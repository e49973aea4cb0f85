#ifndef TAILOR_SEGMENT_FEATURES_HPP
#define TAILOR_SEGMENT_FEATURES_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../core/contract.hpp"
#include "../core/int128.hpp"
#include "../core/time.hpp"
#include "../events/line.hpp"
#include "orders.hpp"
#include "standing.hpp"

namespace tailor::inline v0::segment {

/// A number about a shopper that clusters are made of.
enum class feature : std::uint8_t {
  recency_days,      ///< days of the shop since the latest order; 0: today
  order_count,       ///< orders
  revenue,           ///< their value, minor units
  average_order,     ///< revenue by orders
  days_since_first,  ///< days of the shop since the first order
  distinct_items,    ///< different items among purchases, what was given back included
  views              ///< items viewed
};

inline constexpr std::size_t feature_count = 7;

/// The name of a feature; never null.
[[nodiscard]] constexpr const char* name_of(feature f) {
  constexpr const char* names[feature_count] = {
      "days since last order",  "orders",         "revenue", "average order",
      "days since first order", "distinct items", "views"};
  const auto index = static_cast<std::size_t>(f);
  return index < feature_count ? names[index] : "unnamed";
}

/// Whether a feature grows as days pass and nothing happens.
[[nodiscard]] constexpr bool ages(feature f) {
  return f == feature::recency_days || f == feature::days_since_first;
}

/// What the features are taken from.
struct feature_rules {
  order_rules orders{};
  duration window{};  ///< how far back orders, purchases and views count; zero: all of them
};

namespace detail {

/// In the window (now - window, now].
[[nodiscard]] inline bool in_window(timestamp at, timestamp now, const feature_rules& rules) {
  return at <= now && (rules.window.us <= 0 || int128{now.us} - at.us < int128{rules.window.us});
}

[[nodiscard]] inline double revenue_of(std::span<const order> orders) {
  int128 sum = 0;
  for (const order& o : orders) sum += o.value;
  return static_cast<double>(sum);
}

[[nodiscard]] inline std::size_t distinct_items(std::span<const events::line> lines, timestamp now,
                                                const feature_rules& rules,
                                                std::vector<std::uint32_t>& items) {
  items.clear();
  for (const events::line& l : lines) {
    if (l.kind() == events::event_kind::purchase && l.item != events::no_item_handle &&
        in_window(l.at, now, rules)) {
      items.push_back(l.item);
    }
  }
  std::sort(items.begin(), items.end());
  return static_cast<std::size_t>(std::unique(items.begin(), items.end()) - items.begin());
}

/// Precondition: there is an order, and all are in the window.
[[nodiscard]] inline double number_of(feature f, std::span<const order> orders,
                                      std::span<const events::line> lines, timestamp now,
                                      const feature_rules& rules, order_reader& scratch) {
  const auto days_since = [&](const order& o) {
    const duration midnight = rules.orders.midnight;
    return static_cast<double>(day_of(now, midnight) - day_of(o.at, midnight));
  };
  switch (f) {
    case feature::recency_days:
      return days_since(orders.back());
    case feature::days_since_first:
      return days_since(orders.front());
    case feature::order_count:
      return static_cast<double>(orders.size());
    case feature::revenue:
      return revenue_of(orders);
    case feature::average_order:
      return revenue_of(orders) / static_cast<double>(orders.size());
    case feature::distinct_items:
      return static_cast<double>(distinct_items(lines, now, rules, scratch.room()));
    case feature::views:
      break;
  }
  const auto views = std::count_if(lines.begin(), lines.end(), [&](const events::line& l) {
    return l.kind() == events::event_kind::view_item && in_window(l.at, now, rules);
  });
  return static_cast<double>(views);
}

}  // namespace detail

/// Writes one number per feature. False, and nothing written, when no order stands at `now` in the
/// window. Precondition: as many places as features; `lines` are those of one shopper.
/// Cost: as order_reader, which keeps all memory that is needed; O(lines · log lines) more for
/// distinct items.
template <class Real>
bool read_features(std::span<const events::line> lines, timestamp now,
                   std::span<const feature> features, const feature_rules& rules,
                   order_reader& scratch, std::span<Real> out) {
  TAILOR_EXPECTS(out.size() == features.size());
  std::span<const order> orders = scratch.read(lines, now, rules.orders);
  while (!orders.empty() && !detail::in_window(orders.front().at, now, rules)) {
    orders = orders.subspan(1);
  }
  if (orders.empty()) return false;
  for (std::size_t i = 0; i < features.size(); ++i) {
    out[i] = static_cast<Real>(detail::number_of(features[i], orders, lines, now, rules, scratch));
  }
  return true;
}

/// When a day of the shop begins; `never` when that is beyond the end of time.
[[nodiscard]] constexpr timestamp start_of_day(std::int64_t day, duration midnight = {}) {
  const int128 us = int128{day} * days(1).us + midnight.us;
  return us > INT64_MAX ? never : timestamp{static_cast<std::int64_t>(us)};
}

/// The first moment after `now` at which something leaves the window; `never` without one.
/// Precondition: no line is later than `now`. Cost: O(lines that left already).
[[nodiscard]] inline timestamp leaves_window(std::span<const events::line> lines, timestamp now,
                                             duration window) {
  if (window.us <= 0) return never;
  for (const events::line& l : lines) {  // oldest first
    const int128 leaves = int128{l.at.us} + window.us;
    if (leaves > INT64_MAX) return never;
    if (leaves > now.us) return timestamp{static_cast<std::int64_t>(leaves)};
  }
  return never;
}

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_FEATURES_HPP
