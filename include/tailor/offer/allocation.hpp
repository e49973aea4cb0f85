#ifndef TAILOR_OFFER_ALLOCATION_HPP
#define TAILOR_OFFER_ALLOCATION_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "../core/ids.hpp"
#include "../core/int128.hpp"
#include "../core/result.hpp"
#include "allocation_steps.hpp"
#include "budget_price.hpp"

namespace tailor::inline v0::offer {

/// What to do with the budget that the first offer too dear for it leaves.
enum class leftover : std::uint8_t {
  spend,  ///< on the next best offers that fit
  keep    ///< so that what is given is what `price` gives, up to ties
};

/// Who gets which offer.
struct allocation {
  std::vector<customer_arm> given;  ///< by customer; who is not here gets none
  std::int64_t cost = 0;
  std::int64_t value = 0;
  /// No choice within the budget has more value than this: the linear programme's optimum, cut off.
  std::int64_t bound = 0;
  /// What a unit of budget earns where the budget ends; 0 / 1 when it is enough for everybody.
  budget_price price{};

  friend bool operator==(const allocation&, const allocation&) = default;
};

namespace detail {

/// Puts those steps first that the budget is enough for when the best come first, and returns how
/// many. `left` becomes what remains. The first of the rest is the best of them.
/// Cost: linear on average, O(n log n) at worst.
inline std::size_t take_best(std::vector<allocation_step>& steps, const better_step& better,
                             std::int64_t& left) {
  std::size_t low = 0;  // all before it are taken, none from `high` on
  std::size_t high = steps.size();
  const auto at = [&](std::size_t i) { return steps.begin() + static_cast<std::ptrdiff_t>(i); };
  while (high - low > 32) {
    const std::size_t middle = low + (high - low) / 2;
    std::nth_element(at(low), at(middle), at(high), better);
    int128 cost = 0;
    for (std::size_t i = low; i < middle; ++i) cost += steps[i].cost;
    if (cost > left) {
      high = middle;
    } else {
      left -= static_cast<std::int64_t>(cost);
      low = middle;
    }
  }
  std::sort(at(low), at(high), better);
  while (low < high && steps[low].cost <= left) left -= steps[low++].cost;
  return low;
}

/// `arms` by customer.
inline result<allocation> allocate_sorted(std::span<const customer_arm> arms, std::int64_t budget,
                                          leftover rest) {
  std::vector<allocation_step> steps;
  std::vector<std::uint32_t> order;
  std::vector<std::uint32_t> hull;
  const auto n = static_cast<std::uint32_t>(arms.size());
  for (std::uint32_t first = 0; first < n;) {
    std::uint32_t last = first + 1;
    while (last < n && arms[last].customer == arms[first].customer) ++last;
    if (const status s = append_steps(arms, first, last, budget, order, hull, steps); !s) return s;
    first = last;
  }

  const better_step better{arms};
  std::int64_t left = budget;
  const std::size_t taken = take_best(steps, better, left);
  int128 value = 0;
  for (std::size_t i = 0; i < taken; ++i) value += steps[i].value;
  allocation out;
  int128 bound = value;
  if (taken < steps.size()) {
    const allocation_step& next = steps[taken];  // costs more than is left, so not nothing
    bound += int128{next.value} * left / next.cost;
    const std::int64_t common = std::gcd(next.value, next.cost);
    out.price = {next.value / common, next.cost / common};
  }

  // A step may only follow the one that leads to where it begins.
  std::vector<std::uint8_t> reached(arms.size(), 0);
  for (std::size_t i = 0; i < taken; ++i) reached[steps[i].to] = 1;
  const auto leave = [&](std::uint32_t from) {
    if (from != no_arm) reached[from] = 0;
  };
  for (std::size_t i = 0; i < taken; ++i) leave(steps[i].from);
  if (rest == leftover::spend && left > 0) {
    steps.erase(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(taken));
    std::erase_if(steps, [&](const allocation_step& s) { return s.cost > left; });
    std::sort(steps.begin(), steps.end(), better);
    for (const allocation_step& s : steps) {
      if (s.cost > left || (s.from != no_arm && reached[s.from] == 0)) continue;
      left -= s.cost;
      value += s.value;
      leave(s.from);
      reached[s.to] = 1;
    }
  }
  if (bound > INT64_MAX) return error{errc::overflow, "value"};
  out.cost = budget - left;
  out.value = static_cast<std::int64_t>(value);  // not above the bound
  out.bound = static_cast<std::int64_t>(bound);
  for (std::size_t i = 0; i < arms.size(); ++i) {
    if (reached[i] != 0) out.given.push_back(arms[i]);
  }
  return out;
}

}  // namespace detail

/// Gives each customer at most one of his offers, so that the costs sum up to at most `budget` and
/// the values to as much as can be had, up to one offer: bound - value is less than the value of
/// the one step that did not fit. No offer is always possible, and an offer without positive value
/// is never given. An offer costlier than the whole budget is left out beforehand, of the bound
/// too.
///
/// The answer is the same for every order of `arms`. out_of_range for a negative budget or cost;
/// duplicate when a customer has an offer twice; overflow when the value goes beyond 64 bits;
/// oversized from 2^32 - 1 arms on. Errors have the place in `arms` sorted by customer.
///
/// The multiple-choice knapsack's greedy over upper hulls: P. Sinha and A. A. Zoltners, Operations
/// Research 27 (1979), doi:10.1287/opre.27.3.503. Ratios are compared exactly.
/// Cost: linear on average when the arms come by customer, else a sort before; and a sort of the
/// steps that fit into what is left. Memory: 33 bytes an arm, and a copy of the arms when they have
/// to be sorted.
[[nodiscard]] inline result<allocation> allocate(std::span<const customer_arm> arms,
                                                 std::int64_t budget,
                                                 leftover rest = leftover::spend) {
  if (budget < 0) return error{errc::out_of_range, "budget"};
  if (arms.size() >= detail::no_arm) return error{errc::oversized, "arms"};
  const auto by_customer = [](const customer_arm& a, const customer_arm& b) {
    return a.customer < b.customer;
  };
  if (std::is_sorted(arms.begin(), arms.end(), by_customer)) {
    return detail::allocate_sorted(arms, budget, rest);
  }
  std::vector<customer_arm> sorted(arms.begin(), arms.end());
  std::sort(sorted.begin(), sorted.end(), [](const customer_arm& a, const customer_arm& b) {
    return a.customer != b.customer ? a.customer < b.customer : a.arm.offer < b.arm.offer;
  });
  return detail::allocate_sorted(sorted, budget, rest);
}

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_ALLOCATION_HPP
