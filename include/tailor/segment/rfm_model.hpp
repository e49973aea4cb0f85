#ifndef TAILOR_SEGMENT_RFM_MODEL_HPP
#define TAILOR_SEGMENT_RFM_MODEL_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include "../core/int128.hpp"
#include "../core/result.hpp"
#include "../core/time.hpp"
#include "../events/line.hpp"
#include "features.hpp"
#include "orders.hpp"
#include "rfm_group_table.hpp"
#include "rfm_record.hpp"
#include "score_rule.hpp"
#include "standing.hpp"

namespace tailor::inline v0::segment {

/// A shopper's scores with the numbers that they come from.
struct rfm_answer {
  rfm_record record{};
  rfm_scores scores{};
  std::size_t group = 0;

  friend constexpr bool operator==(const rfm_answer&, const rfm_answer&) = default;
};

/// Recency, frequency and revenue as scores, and the scores as groups: cut points and a table as
/// one value. Made by `fit_rfm`. As a `standing` its value is the number of the group.
class rfm_model {
 public:
  /// conflict when an axis has other scores than the table.
  [[nodiscard]] static result<rfm_model> make(score_cuts recency, score_cuts frequency,
                                              score_cuts monetary, rfm_group_table table,
                                              const rfm_rules& rules = {}) {
    const int best = table.scores();
    if (recency.best() != best) return error{errc::conflict, "recency scores"};
    if (frequency.best() != best) return error{errc::conflict, "frequency scores"};
    if (monetary.best() != best) return error{errc::conflict, "monetary scores"};
    return rfm_model(std::move(recency), std::move(frequency), std::move(monetary),
                     std::move(table), rules);
  }

  [[nodiscard]] const score_cuts& recency() const { return recency_; }
  [[nodiscard]] const score_cuts& frequency() const { return frequency_; }
  [[nodiscard]] const score_cuts& monetary() const { return monetary_; }
  [[nodiscard]] const rfm_group_table& table() const { return table_; }
  [[nodiscard]] const rfm_rules& rules() const { return rules_; }

  /// Total: any numbers have scores. Cost: O(1).
  [[nodiscard]] rfm_scores score(const rfm_record& r) const {
    return {recency_.score(r.days), frequency_.score(r.orders), monetary_.score(r.revenue)};
  }
  [[nodiscard]] rfm_answer answer(const rfm_record& r) const {
    const rfm_scores s = score(r);
    return {r, s, table_.group_of(s)};
  }

  /// Scores and group with their reason; nothing when no order stands in the window. Cost: that of
  /// the orders.
  [[nodiscard]] std::optional<rfm_answer> explain(std::span<const events::line> past, timestamp now,
                                                  order_reader& scratch) const {
    const auto record = read_rfm(past, now, rules_, scratch);
    if (!record) return std::nullopt;
    return answer(*record);
  }

  [[nodiscard]] std::optional<std::int64_t> value(std::span<const events::line> past, timestamp now,
                                                  order_reader& scratch) const {
    const auto found = explain(past, now, scratch);
    if (!found) return std::nullopt;
    return static_cast<std::int64_t>(found->group);
  }

  /// See the concept `standing`. Exact but for a change that another one undoes at once: recency
  /// passes a cut point at a midnight, and orders leave the window one by one; the first such
  /// moment that changes the answer is the one. Cost: O(orders) beside reading them.
  [[nodiscard]] timestamp until(std::span<const events::line> past, timestamp now, std::int64_t low,
                                std::int64_t high, order_reader& scratch) const {
    auto found = read_rfm_orders(past, now, rules_, scratch);
    if (!found) return never;
    rfm_record record = found->record;
    const auto inside = [&] {
      const auto group = static_cast<std::int64_t>(answer(record).group);
      return low <= group && group <= high;
    };
    const bool was = inside();
    const duration midnight = rules_.orders.midnight;
    const std::int64_t last_day = day_of(found->orders.back().at, midnight);
    int128 revenue = 0;
    for (const order& o : found->orders) revenue += o.value;
    std::size_t left = 0;  // orders that have left the window
    for (;;) {
      timestamp next = never;
      for (const std::int64_t cut : recency_.at()) {
        if (cut <= record.days) continue;
        const int128 day = int128{last_day} + cut;
        if (day <= INT64_MAX) next = start_of_day(static_cast<std::int64_t>(day), midnight);
        break;
      }
      timestamp leaves = never;
      if (rules_.window.us > 0) {
        const int128 us = int128{found->orders[left].at.us} + rules_.window.us;
        if (us < INT64_MAX) leaves = timestamp{static_cast<std::int64_t>(us)};
      }
      next = (std::min)(next, leaves);
      if (next == never) return never;
      record.days = day_of(next, midnight) - last_day;
      for (; left < found->orders.size() && rules_.window.us > 0 &&
             int128{next.us} - found->orders[left].at.us >= int128{rules_.window.us};
           ++left) {
        revenue -= found->orders[left].value;
      }
      if (left == found->orders.size()) return was ? next : never;
      record.orders = static_cast<std::int64_t>(found->orders.size() - left);
      record.revenue = held(revenue);
      if (inside() != was) return next;
    }
  }

 private:
  rfm_model(score_cuts recency, score_cuts frequency, score_cuts monetary, rfm_group_table table,
            const rfm_rules& rules)
      : recency_(std::move(recency)),
        frequency_(std::move(frequency)),
        monetary_(std::move(monetary)),
        table_(std::move(table)),
        rules_(rules) {}

  score_cuts recency_;
  score_cuts frequency_;
  score_cuts monetary_;
  rfm_group_table table_;
  rfm_rules rules_;
};

static_assert(standing<rfm_model>);

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_RFM_MODEL_HPP
