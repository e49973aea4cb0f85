// A synthetic shop for benchmarks: zipf-like items and shoppers, the same on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tailor/core/distributions.hpp"
#include "tailor/core/hash.hpp"
#include "tailor/core/random.hpp"
#include "tailor/events/columns.hpp"

namespace bench {

struct shop {
  std::vector<tailor::user_id> user;
  std::vector<tailor::timestamp> at;
  std::vector<tailor::item_id> item;
  std::vector<tailor::order_id> order;

  /// `events` purchases in time order by shoppers and items drawn with density ∝ rank^(-1/2): the
  /// rank is floor(n · u²) for a uniform u.
  shop(std::size_t events, std::uint32_t shoppers, std::uint32_t items, std::uint64_t seed = 1) {
    tailor::counter_random draw(seed, 0);
    const auto skewed = [&](std::uint32_t n) {
      const double u = tailor::uniform01(draw);
      return tailor::mix64(static_cast<std::uint64_t>(u * u * n) + 1);
    };
    for (std::size_t i = 0; i < events; ++i) {
      user.push_back(tailor::user_id{skewed(shoppers)});
      item.push_back(tailor::item_id{skewed(items)});
      at.push_back({1'600'000'000'000'000 + static_cast<std::int64_t>(i) * 30'000'000});
      order.push_back(tailor::order_id{i / 4});
    }
  }

  [[nodiscard]] tailor::events::columns view() const {
    tailor::events::columns c;
    c.user = user;
    c.at = at;
    c.item = item;
    c.order = order;
    return c;
  }
};

inline constexpr tailor::timestamp now{1'900'000'000'000'000};

}  // namespace bench
