#ifndef TAILOR_OFFER_PRICE_CLAIM_HPP
#define TAILOR_OFFER_PRICE_CLAIM_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "../core/ids.hpp"
#include "../core/int128.hpp"
#include "../core/result.hpp"
#include "../core/time.hpp"
#include "price_history.hpp"

namespace tailor::inline v0::offer {

/// What to do with an item that has been sold for fewer days than the rule asks for.
enum class short_history : std::uint8_t {
  refuse,  ///< no claim: too_few
  accept   ///< the prices that there were, where the law of the country lets a shop do so
};

/// How the prior price is found. The defaults are those of the European Union: the lowest price of
/// the 30 days before the reduction (Directive 98/6/EC, Article 6a(2)).
struct prior_price_rule {
  std::int64_t days = 30;
  short_history shorter = short_history::refuse;
};

/// The lowest price in force at any moment of the `days` before `at`: [at - days, at). What is in
/// force from `at` on does not count. Goods are sold from their first change on.
///
/// unknown for an item without a change; too_few when the first change is later than the window's
/// beginning (accept: when it is not before `at`); too_early when a part of the window is
/// forgotten; out_of_range unless 1 <= days <= 36,500 and the window is within time. Cost: O(log
/// items + log changes + changes in the window).
[[nodiscard]] inline result<std::int64_t> prior_price(const price_history& history, item_id item,
                                                      timestamp at,
                                                      const prior_price_rule& rule = {}) {
  if (rule.days < 1 || rule.days > 36'500) return error{errc::out_of_range, "days"};
  timestamp begin{};
  if (__builtin_sub_overflow(at.us, days(rule.days).us, &begin.us)) {
    return error{errc::out_of_range, "at"};
  }
  const std::span<const dated_price> changes = history.changes_of(item);
  if (changes.empty()) return error{errc::unknown, "item"};
  if (changes[0].from > begin) {
    // The first change kept may stand for others: what was before it is not known.
    if (changes[0].from <= history.known_since()) return error{errc::too_early, "at"};
    if (rule.shorter == short_history::refuse || changes[0].from >= at) {
      return error{errc::too_few, "days"};
    }
  }
  const auto later = [](timestamp t, const dated_price& c) { return t < c.from; };
  auto c = std::upper_bound(changes.begin(), changes.end(), begin, later);
  if (c != changes.begin()) --c;  // in force when the window begins
  std::int64_t lowest = c->price;
  for (; c != changes.end() && c->from < at; ++c) lowest = (std::min)(lowest, c->price);
  return lowest;
}

/// What may be said of a reduced price. Both shares are cut off, never rounded up: nobody is
/// promised more than he gets.
struct price_claim {
  std::int64_t prior = 0;  ///< to be shown beside the price
  std::int64_t price = 0;
  std::int64_t percent = 0;       ///< "-20 %"; 0 when it is less than one
  std::int64_t basis_points = 0;  ///< hundredths of a per cent

  friend constexpr bool operator==(const price_claim&, const price_claim&) = default;
};

namespace detail {

[[nodiscard]] inline result<price_claim> claim_against(const result<std::int64_t>& prior,
                                                       std::int64_t price) {
  if (price < 0) return error{errc::out_of_range, "price"};
  if (!prior) return prior.error();
  if (price >= *prior) return error{errc::conflict, "price is not lower than the prior price"};
  const int128 off = int128{*prior} - price;
  return price_claim{*prior, price, static_cast<std::int64_t>(off * 100 / *prior),
                     static_cast<std::int64_t>(off * 10'000 / *prior)};
}

}  // namespace detail

/// What may be said of `new_price`, which is in force from `at` on. The percentage is worked out
/// from the prior price, as it has to be: Court of Justice of the European Union, C-330/23 (Aldi
/// Süd), 26 September 2024. conflict when the new price is not lower than the prior one: there is
/// no reduction to announce then. out_of_range for a negative price; else faults as prior_price.
[[nodiscard]] inline result<price_claim> claim(const price_history& history, item_id item,
                                               std::int64_t new_price, timestamp at,
                                               const prior_price_rule& rule = {}) {
  return detail::claim_against(prior_price(history, item, at, rule), new_price);
}

/// The same where a reduction that began at `begun` is taken further, without interruption: the
/// prior price is that before the first step (Article 6a(5), where a Member State provides so).
/// Which reductions belong together is for the host to say. conflict when the price was raised
/// between them; out_of_range when `begun` is after `at`; else faults as above.
[[nodiscard]] inline result<price_claim> claim_progressive(const price_history& history,
                                                           item_id item, std::int64_t new_price,
                                                           timestamp at, timestamp begun,
                                                           const prior_price_rule& rule = {}) {
  if (begun > at) return error{errc::out_of_range, "begun"};
  const auto prior = prior_price(history, item, begun, rule);
  if (!prior) return prior.error();
  // Before `begun` something was in force, or there would be no prior price.
  const std::span<const dated_price> changes = history.changes_of(item);
  const auto sooner = [](const dated_price& c, timestamp t) { return c.from < t; };
  auto c = std::lower_bound(changes.begin(), changes.end(), begun, sooner);
  std::int64_t last = (c - 1)->price;
  for (; c != changes.end() && c->from < at; ++c) {
    if (c->price > last) return error{errc::conflict, "raised in between"};
    last = c->price;
  }
  if (new_price > last) return error{errc::conflict, "raised in between"};
  return detail::claim_against(prior, new_price);
}

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_PRICE_CLAIM_HPP
