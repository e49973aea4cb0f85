#ifndef TAILOR_OFFER_ALLOCATION_STEPS_HPP
#define TAILOR_OFFER_ALLOCATION_STEPS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../core/ids.hpp"
#include "../core/int128.hpp"
#include "../core/result.hpp"
#include "budget_price.hpp"

namespace tailor::inline v0::offer {

/// An offer that a customer may be given.
struct customer_arm {
  user_id customer{};
  offer_arm arm{};

  friend constexpr bool operator==(const customer_arm&, const customer_arm&) = default;
};

namespace detail {

inline constexpr std::uint32_t no_arm = UINT32_MAX;

/// From one offer of a customer (or none) to his next better one on the upper hull.
struct allocation_step {
  std::uint64_t key;   // value / cost in fixed point, cut off: decides nearly every comparison
  std::int64_t value;  // more than at `from`
  std::int64_t cost;
  std::uint32_t from;  // place of the arm, or no_arm
  std::uint32_t to;
};

/// value / cost with 32 binary places, cut off and held at the largest number: never less for a
/// larger ratio. Precondition: value > 0, cost >= 0.
[[nodiscard]] constexpr std::uint64_t ratio_key(std::int64_t value, std::int64_t cost) {
  const auto v = static_cast<std::uint64_t>(value);
  const auto c = static_cast<std::uint64_t>(cost);
  if (c == 0) return UINT64_MAX;
  if (v >> 32 == 0) return (v << 32) / c;
  const uint128 key = (uint128{v} << 32) / c;
  return key > UINT64_MAX ? UINT64_MAX : static_cast<std::uint64_t>(key);
}

/// Whether one ratio is larger, smaller (negative) or the same, exactly. A cost of zero is better
/// than any other.
[[nodiscard]] constexpr int compare_ratios(std::int64_t value_a, std::int64_t cost_a,
                                           std::int64_t value_b, std::int64_t cost_b) {
  const int128 a = int128{value_a} * cost_b;
  const int128 b = int128{value_b} * cost_a;
  return a > b ? 1 : a < b ? -1 : 0;
}

/// The best value per cost first; equal ones by customer, and by cost for the same customer, so
/// that his steps keep their order.
struct better_step {
  std::span<const customer_arm> arms;

  bool operator()(const allocation_step& a, const allocation_step& b) const {
    if (a.key != b.key) return a.key > b.key;
    const int exact = compare_ratios(a.value, a.cost, b.value, b.cost);
    if (exact != 0) return exact > 0;
    const customer_arm& to_a = arms[a.to];
    const customer_arm& to_b = arms[b.to];
    if (to_a.customer != to_b.customer) return to_a.customer < to_b.customer;
    return to_a.arm.cost < to_b.arm.cost;
  }
};

/// Appends the steps along the upper hull of one customer's arms [first, last), from "no offer" at
/// (0, 0) on: falling value per cost, every offer between them left out that a mixture of its
/// neighbours beats. An offer on the line between its neighbours stays in. Arms without value, or
/// costlier than the whole budget, are left out. `order` and `hull` are room to work in.
inline status append_steps(std::span<const customer_arm> arms, std::uint32_t first,
                           std::uint32_t last, std::int64_t budget,
                           std::vector<std::uint32_t>& order, std::vector<std::uint32_t>& hull,
                           std::vector<allocation_step>& out) {
  order.clear();
  hull.clear();
  for (std::uint32_t i = first; i < last; ++i) order.push_back(i);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return arms[a].arm.offer != arms[b].arm.offer ? arms[a].arm.offer < arms[b].arm.offer : a < b;
  });
  for (std::size_t i = 0; i < order.size(); ++i) {
    const offer_arm& a = arms[order[i]].arm;
    if (a.cost < 0) return error{errc::out_of_range, "cost", order[i]};
    if (i > 0 && a.offer == arms[order[i - 1]].arm.offer) {
      return error{errc::duplicate, "offer", order[i]};
    }
  }
  std::sort(order.begin(), order.end(), [&](std::uint32_t i, std::uint32_t j) {
    const offer_arm& a = arms[i].arm;
    const offer_arm& b = arms[j].arm;
    if (a.cost != b.cost) return a.cost < b.cost;
    return a.value != b.value ? a.value > b.value : a.offer < b.offer;
  });
  const auto at = [&](std::uint32_t i) { return i == no_arm ? offer_arm{} : arms[i].arm; };
  for (const std::uint32_t i : order) {
    const offer_arm& a = arms[i].arm;
    if (a.cost > budget) break;
    if (a.value <= (hull.empty() ? 0 : at(hull.back()).value)) continue;  // dearer and no better
    while (!hull.empty()) {
      const offer_arm b = at(hull.back());
      const offer_arm c = at(hull.size() > 1 ? hull[hull.size() - 2] : no_arm);
      if (compare_ratios(b.value - c.value, b.cost - c.cost, a.value - b.value, a.cost - b.cost) >=
          0) {
        break;
      }
      hull.pop_back();
    }
    hull.push_back(i);
  }
  std::uint32_t from = no_arm;
  for (const std::uint32_t to : hull) {
    const std::int64_t value = at(to).value - at(from).value;
    const std::int64_t cost = at(to).cost - at(from).cost;
    out.push_back({ratio_key(value, cost), value, cost, from, to});
    from = to;
  }
  return {};
}

}  // namespace detail
}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_ALLOCATION_STEPS_HPP
