#ifndef TAILOR_RECOMMEND_MERCHANDISE_HPP
#define TAILOR_RECOMMEND_MERCHANDISE_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "filter.hpp"

namespace tailor::inline v0::recommend {

/// Shows the item at a place (0 is the first), if it passes the filters, whatever quotas and limits
/// say. Of pins to one place the first rule counts. In a shorter answer it moves up.
struct pin {
  item_id item{};
  std::uint32_t place = 0;
};
/// Shows the best candidate with the value at a place, before boosts and within quotas and limits:
/// the best of the first stage that has one, as far as pools reach.
struct pin_with {
  attribute of{};
  std::uint64_t value = 0;
  std::uint32_t place = 0;
};
/// Multiplies the score of items with the value: 150 per cent lifts, 50 buries. Several boosts of
/// an item multiply.
struct boost {
  attribute of{};
  std::uint64_t value = 0;
  std::uint32_t percent = 150;
};
/// Multiplies the score of these items.
struct boost_listed {
  std::vector<item_id> items;
  std::uint32_t percent = 150;
};
/// How many items of the answer have the value as their main one. Minima come second to pins, and
/// hold as far as there are candidates: a larger pool finds more. Of several quotas of a value the
/// strictest count.
struct quota {
  attribute of{};
  std::uint64_t value = 0;
  std::uint32_t at_least = 0;
  std::uint32_t at_most = UINT32_MAX;
};
/// At most so many items of the answer share a main value: two of a brand. Items without one are
/// not limited.
struct limit_per {
  attribute of{};
  std::uint32_t at_most = 2;
};

inline constexpr std::uint32_t max_boost_percent = 10'000;

using merchandise = std::variant<filter, pin, pin_with, boost, boost_listed, quota, limit_per>;

/// A rule of the shop: what, and when. `segment` 0 is everybody; times are half-open.
struct rule {
  std::string name{};
  merchandise what{};
  std::uint64_t segment = 0;
  timestamp from{INT64_MIN};
  timestamp until{INT64_MAX};

  [[nodiscard]] bool active(const context& c) const {
    return from <= c.now && c.now < until &&
           (segment == 0 || std::binary_search(c.segments.begin(), c.segments.end(), segment));
  }
};

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_MERCHANDISE_HPP
