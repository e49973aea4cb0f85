#ifndef TAILOR_SEGMENT_RFM_FIT_HPP
#define TAILOR_SEGMENT_RFM_FIT_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "../core/executor.hpp"
#include "../core/ids.hpp"
#include "../core/result.hpp"
#include "../core/time.hpp"
#include "../events/timeline.hpp"
#include "orders.hpp"
#include "rfm_group_table.hpp"
#include "rfm_model.hpp"
#include "rfm_record.hpp"
#include "score_rule.hpp"

namespace tailor::inline v0::segment {

struct rfm_row {
  user_id user{};
  rfm_record record{};

  friend constexpr bool operator==(const rfm_row&, const rfm_row&) = default;
};

/// The numbers of all shoppers with an order in the window, ascending by id. The same for any
/// executor. Cost: O(events · log events of a shopper), spread over the executor.
template <executor Executor = serial_executor>
[[nodiscard]] std::vector<rfm_row> rfm_rows(const events::timeline& history, timestamp now,
                                            const rfm_rules& rules = {}, Executor&& pool = {}) {
  const std::size_t limit = history.shopper_limit();
  std::vector<std::optional<rfm_record>> records(limit);
  std::vector<order_reader> readers(pool.concurrency());
  pool.for_each_chunk(limit, 512, [&](std::size_t from, std::size_t to, std::size_t worker) {
    for (std::size_t s = from; s < to; ++s) {
      const auto lines = history.lines_of(static_cast<std::uint32_t>(s));
      records[s] = read_rfm(lines, now, rules, readers[worker]);
    }
  });
  std::vector<rfm_row> out;
  for (std::size_t s = 0; s < limit; ++s) {
    if (records[s]) out.push_back({history.shopper_at(static_cast<std::uint32_t>(s)), *records[s]});
  }
  std::sort(out.begin(), out.end(),
            [](const rfm_row& a, const rfm_row& b) { return a.user < b.user; });
  return out;
}

/// Which scores shoppers get, by what all of them did. The stock rules: quintiles in which equals
/// stay together for recency and revenue, fixed cut points for orders, of which most shoppers have
/// one. Errors of the rules (too_few without shoppers); conflict when an axis has other scores than
/// the table. Depends on the rows as a set. Cost: O(n log n).
template <class Recency = tied_quantiles, class Frequency = fixed_cuts,
          class Monetary = tied_quantiles>
[[nodiscard]] result<rfm_model> fit_rfm(std::span<const rfm_row> rows, const rfm_rules& rules = {},
                                        rfm_group_table table = ten_groups(),
                                        const Recency& recency = {},
                                        const Frequency& frequency = {},
                                        const Monetary& monetary = {}) {
  static_assert(score_rule<Recency> && score_rule<Frequency> && score_rule<Monetary>,
                "fit_rfm: each rule needs  result<score_cuts> cuts(std::span<const std::int64_t> "
                "ascending, better what) const  [segment::score_rule]");
  if constexpr (score_rule<Recency> && score_rule<Frequency> && score_rule<Monetary>) {
    std::vector<std::int64_t> values(rows.size());
    const auto cuts = [&](std::int64_t rfm_record::* what, const auto& rule, better direction) {
      for (std::size_t i = 0; i < rows.size(); ++i) values[i] = rows[i].record.*what;
      std::sort(values.begin(), values.end());
      return rule.cuts(std::span<const std::int64_t>(values), direction);
    };
    result<score_cuts> r = cuts(&rfm_record::days, recency, better::low);
    if (!r) return r.error();
    result<score_cuts> f = cuts(&rfm_record::orders, frequency, better::high);
    if (!f) return f.error();
    result<score_cuts> m = cuts(&rfm_record::revenue, monetary, better::high);
    if (!m) return m.error();
    return rfm_model::make(*std::move(r), *std::move(f), *std::move(m), std::move(table), rules);
  }
}

/// Whether there is enough to score by, as rented services ask for before they show a report.
struct rfm_gate {
  std::int64_t least_buyers = 500;
  std::int64_t least_days = 180;           ///< from the first order to now
  std::int64_t most_days_since_last = 30;  ///< since the latest order of anybody
  std::int64_t orders_of_some = 3;         ///< somebody has so many
};

/// Why scores say little; `enough` when they do not.
enum class rfm_state : std::uint8_t {
  enough,
  few_buyers,
  short_history,
  no_recent_order,
  no_regulars
};

[[nodiscard]] constexpr const char* name_of(rfm_state s) {
  constexpr const char* names[] = {"enough", "few buyers", "short history", "no recent order",
                                   "no regulars"};
  const auto index = static_cast<std::size_t>(s);
  return index < 5 ? names[index] : "unnamed";
}

/// The first reason that holds. A status: scores are given all the same. `oldest` is the first
/// order of the shop. Cost: O(n).
[[nodiscard]] inline rfm_state state_of(std::span<const rfm_row> rows, timestamp oldest,
                                        timestamp now, const rfm_rules& rules = {},
                                        const rfm_gate& gate = {}) {
  if (static_cast<std::int64_t>(rows.size()) < gate.least_buyers) return rfm_state::few_buyers;
  const duration midnight = rules.orders.midnight;
  if (day_of(now, midnight) - day_of(oldest, midnight) < gate.least_days) {
    return rfm_state::short_history;
  }
  bool recent = false;
  bool regular = false;
  for (const rfm_row& row : rows) {
    recent |= row.record.days <= gate.most_days_since_last;
    regular |= row.record.orders >= gate.orders_of_some;
  }
  if (!recent) return rfm_state::no_recent_order;
  return regular ? rfm_state::enough : rfm_state::no_regulars;
}

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_RFM_FIT_HPP
