#ifndef TAILOR_OFFER_BUDGET_PRICE_HPP
#define TAILOR_OFFER_BUDGET_PRICE_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "../core/int128.hpp"
#include "../core/result.hpp"

namespace tailor::inline v0::offer {

/// What one offer would mean for one customer, as the host estimates it, in minor units of one
/// currency. `cost` is the expected cost: face value times the probability of redemption. `value`
/// is the uplift: the margin expected with the offer less the margin expected without.
struct offer_arm {
  std::uint32_t offer = 0;
  std::int64_t cost = 0;
  std::int64_t value = 0;

  friend constexpr bool operator==(const offer_arm&, const offer_arm&) = default;
};

/// What a unit of budget has to earn: value / cost, the dual price of the budget (lambda). The
/// fraction is exact. 0 / 1 is a budget that binds nobody.
struct budget_price {
  std::int64_t value = 0;
  std::int64_t cost = 1;

  friend constexpr bool operator==(const budget_price&, const budget_price&) = default;

  /// Where in `arms` the offer is that has the most value left when its cost is paid at this price;
  /// nothing when none has any: no discount is given when value <= price * cost. Equal ones: the
  /// cheaper, then the lower offer number. out_of_range with the place in `arms` for a negative
  /// cost, and for a price that is negative or has no positive denominator.
  /// Exact, for every input. Cost: linear.
  [[nodiscard]] constexpr result<std::optional<std::size_t>> choose(
      std::span<const offer_arm> arms) const {
    return choose(arms, INT64_MAX);
  }

  /// The same among the arms that cost at most `limit`.
  [[nodiscard]] constexpr result<std::optional<std::size_t>> choose(std::span<const offer_arm> arms,
                                                                    std::int64_t limit) const {
    if (value < 0 || cost <= 0) return error{errc::out_of_range, "price"};
    std::optional<std::size_t> best;
    int128 most = 0;
    for (std::size_t i = 0; i < arms.size(); ++i) {
      const offer_arm& a = arms[i];
      if (a.cost < 0) return error{errc::out_of_range, "cost", i};
      if (a.value <= 0 || a.cost > limit) continue;
      // Both products are below 2^126.
      const int128 left = int128{a.value} * cost - int128{value} * a.cost;
      if (left <= 0 || left < most) continue;
      if (left == most && best) {
        const offer_arm& b = arms[*best];
        if (a.cost > b.cost || (a.cost == b.cost && a.offer >= b.offer)) continue;
      }
      most = left;
      best = i;
    }
    return best;
  }
};

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_BUDGET_PRICE_HPP
