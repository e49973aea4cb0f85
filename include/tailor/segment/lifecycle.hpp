#ifndef TAILOR_SEGMENT_LIFECYCLE_HPP
#define TAILOR_SEGMENT_LIFECYCLE_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "../core/contract.hpp"
#include "../core/executor.hpp"
#include "../core/int128.hpp"
#include "../core/result.hpp"
#include "../core/time.hpp"
#include "../events/line.hpp"
#include "../events/timeline.hpp"
#include "orders.hpp"
#include "quantiles.hpp"
#include "standing.hpp"

namespace tailor::inline v0::segment {

/// How a customer's silence compares with his own pace.
enum class lifecycle_stage : std::uint8_t {
  fresh,       ///< one order, and less time gone by than the usual gap of the shop
  active,      ///< silent no longer than is usual at his pace
  slipping,    ///< longer than after three of four orders
  at_risk,     ///< longer than after nine of ten
  lost,        ///< longer than after 39 of 40
  reactivated  ///< active again: the latest order came when he was lost
};

inline constexpr std::size_t lifecycle_stages = 6;

/// The name of a stage; never null.
[[nodiscard]] constexpr const char* name_of(lifecycle_stage s) {
  constexpr const char* names[lifecycle_stages] = {"new",     "active", "slipping",
                                                   "at risk", "lost",   "reactivated"};
  const auto index = static_cast<std::size_t>(s);
  return index < lifecycle_stages ? names[index] : "unnamed";
}

struct lifecycle_rules {
  order_rules orders{.by = occasion::day};
  std::int64_t weight = 2;  ///< the shop's median gap counts as so many gaps of the customer
  std::array<std::int64_t, 3> shares = {750, 900, 975};  ///< thousandths of gaps: the stages end
  std::int64_t least_gaps = 40;                          ///< of all customers together
};

/// A stage with the numbers that it comes from.
struct lifecycle_answer {
  lifecycle_stage stage = lifecycle_stage::fresh;
  std::int64_t orders = 0;
  duration silent{};               ///< since the latest order
  duration pace{};                 ///< the gap expected of this customer
  std::array<duration, 3> ends{};  ///< silences at which active, slipping and at risk end
};

/// The stage of a customer by a pace of his own: the mean of his gaps between orders, to which the
/// median gap of the shop is added `weight` times, so that few orders do not say too much. How long
/// a silence is unusual is learnt from all gaps, each held against the pace known before it.
/// Made by `fit`. As a `standing` its value is the number of the stage.
class lifecycle {
 public:
  /// Of all customers as of `now`. too_few when there are fewer than `least_gaps` gaps,
  /// out_of_range when a share is not from 1 to 1000 or they descend, or the weight is not from 1
  /// to 1000. The same for any executor. Cost: O(events · log events of a shopper), spread over the
  /// executor.
  template <executor Executor = serial_executor>
  [[nodiscard]] static result<lifecycle> fit(const events::timeline& history, timestamp now,
                                             const lifecycle_rules& rules = {},
                                             Executor&& pool = {}) {
    if (rules.weight < 1 || rules.weight > 1000) return error{errc::out_of_range, "weight"};
    if (rules.shares[0] < 1 || rules.shares[2] > 1000 ||
        !std::is_sorted(rules.shares.begin(), rules.shares.end())) {
      return error{errc::out_of_range, "shares"};
    }
    const std::size_t limit = history.shopper_limit();
    std::vector<std::vector<std::int64_t>> of_shopper(limit);
    std::vector<order_reader> readers(pool.concurrency());
    pool.for_each_chunk(limit, 512, [&](std::size_t from, std::size_t to, std::size_t worker) {
      for (std::size_t s = from; s < to; ++s) {
        const auto lines = history.lines_of(static_cast<std::uint32_t>(s));
        const auto orders = readers[worker].read(lines, now, rules.orders);
        for (std::size_t i = 1; i < orders.size(); ++i) {
          of_shopper[s].push_back(gap(orders[i - 1].at, orders[i].at));
        }
      }
    });
    std::vector<std::int64_t> all;
    for (const auto& gaps : of_shopper) all.insert(all.end(), gaps.begin(), gaps.end());
    if (all.empty() || static_cast<std::int64_t>(all.size()) < rules.least_gaps) {
      return error{errc::too_few, "gaps", all.size()};
    }
    std::sort(all.begin(), all.end());
    lifecycle out;
    out.rules_ = rules;
    out.gaps_ = all.size();
    out.median_ = (std::max)(std::int64_t{1}, observed_quantile(all, 1, 2));
    std::vector<std::int64_t> ratios;
    ratios.reserve(all.size());
    for (const auto& gaps : of_shopper) {
      int128 sum = 0;
      for (std::size_t i = 0; i < gaps.size(); ++i) {
        const int128 ratio = int128{gaps[i]} * 1000 * (rules.weight + std::int64_t(i)) /
                             (int128{out.median_} * rules.weight + sum);
        ratios.push_back(static_cast<std::int64_t>((std::min)(ratio, int128{most_ratio})));
        sum += gaps[i];
      }
    }
    std::sort(ratios.begin(), ratios.end());
    for (std::size_t i = 0; i < 3; ++i) {
      out.ratios_[i] = observed_quantile(ratios, rules.shares[i], 1000) + 1;
    }
    return out;
  }

  [[nodiscard]] const lifecycle_rules& rules() const { return rules_; }
  /// The gaps learnt from, and the median of them.
  [[nodiscard]] std::size_t gaps() const { return gaps_; }
  [[nodiscard]] duration median_gap() const { return {median_}; }
  /// Silences at which the stages end, in thousandths of the customer's pace.
  [[nodiscard]] const std::array<std::int64_t, 3>& ratios() const { return ratios_; }

  /// Nothing when no order stands at `now`. Cost: as order_reader.
  [[nodiscard]] std::optional<lifecycle_answer> explain(std::span<const events::line> past,
                                                        timestamp now,
                                                        order_reader& scratch) const {
    const auto orders = scratch.read(past, now, rules_.orders);
    if (orders.empty()) return std::nullopt;
    lifecycle_answer out;
    int128 sum = 0;
    bool came_back = false;
    for (std::size_t i = 1; i < orders.size(); ++i) {
      const std::int64_t g = gap(orders[i - 1].at, orders[i].at);
      if (i + 1 == orders.size()) came_back = g >= ends(sum, i - 1)[2].us;
      sum += g;
    }
    out.orders = static_cast<std::int64_t>(orders.size());
    out.silent = {gap(orders.back().at, now)};
    out.ends = ends(sum, orders.size() - 1);
    out.pace = {share_of(sum, orders.size() - 1, 1000)};
    if (orders.size() == 1 && out.silent.us < median_) {
      out.stage = lifecycle_stage::fresh;
    } else if (out.silent >= out.ends[2]) {
      out.stage = lifecycle_stage::lost;
    } else if (out.silent >= out.ends[1]) {
      out.stage = lifecycle_stage::at_risk;
    } else if (out.silent >= out.ends[0]) {
      out.stage = lifecycle_stage::slipping;
    } else {
      out.stage = came_back ? lifecycle_stage::reactivated : lifecycle_stage::active;
    }
    return out;
  }

  [[nodiscard]] std::optional<std::int64_t> value(std::span<const events::line> past, timestamp now,
                                                  order_reader& scratch) const {
    const auto found = explain(past, now, scratch);
    if (!found) return std::nullopt;
    return static_cast<std::int64_t>(found->stage);
  }

  /// See the concept `standing`; exact.
  [[nodiscard]] timestamp until(std::span<const events::line> past, timestamp now, std::int64_t low,
                                std::int64_t high, order_reader& scratch) const {
    const auto found = explain(past, now, scratch);
    if (!found) return never;
    const auto inside = [&](lifecycle_stage s) {
      return low <= static_cast<std::int64_t>(s) && static_cast<std::int64_t>(s) <= high;
    };
    const bool was = inside(found->stage);
    const int128 latest = int128{now.us} - found->silent.us;
    std::array<std::int64_t, 4> moments = {median_, found->ends[0].us, found->ends[1].us,
                                           found->ends[2].us};
    std::sort(moments.begin(), moments.end());
    for (const std::int64_t silence : moments) {
      if (silence <= found->silent.us || silence == INT64_MAX) continue;
      const int128 at = latest + silence;
      if (at >= INT64_MAX) return never;
      const timestamp then{static_cast<std::int64_t>(at)};
      const auto later = explain(past, then, scratch);
      if (later && inside(later->stage) != was) return then;
    }
    return never;
  }

 private:
  static constexpr std::int64_t most_ratio = 1'000'000'000;

  lifecycle() = default;

  static std::int64_t gap(timestamp from, timestamp to) {
    const int128 us = int128{to.us} - from.us;
    return us > INT64_MAX ? INT64_MAX : static_cast<std::int64_t>(us);
  }

  /// So many thousandths of the pace after `count` gaps of that sum, rounded up; at least 1 µs.
  [[nodiscard]] std::int64_t share_of(int128 sum, std::size_t count,
                                      std::int64_t thousandths) const {
    const int128 part = int128{1000} * (rules_.weight + static_cast<std::int64_t>(count));
    const int128 whole = (int128{median_} * rules_.weight + sum) * thousandths;
    const int128 us = (whole + part - 1) / part;
    return us > INT64_MAX ? INT64_MAX : static_cast<std::int64_t>((std::max)(us, int128{1}));
  }
  [[nodiscard]] std::array<duration, 3> ends(int128 sum, std::size_t count) const {
    return {duration{share_of(sum, count, ratios_[0])}, duration{share_of(sum, count, ratios_[1])},
            duration{share_of(sum, count, ratios_[2])}};
  }

  lifecycle_rules rules_;
  std::size_t gaps_ = 0;
  std::int64_t median_ = 1;
  std::array<std::int64_t, 3> ratios_{};
};

static_assert(standing<lifecycle>);

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_LIFECYCLE_HPP
