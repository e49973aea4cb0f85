#ifndef TAILOR_SIMILAR_REPLENISHMENT_HPP
#define TAILOR_SIMILAR_REPLENISHMENT_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../core/executor.hpp"
#include "../events/timeline.hpp"
#include "due_score.hpp"

namespace tailor::inline v0::similar {

struct replenishment_options {
  double min_share = 0.1;  ///< of an item's buyers who bought it again, to expect it of others
  std::int64_t min_repeats = 30;  ///< times that it was bought again, by anybody
  double prior = 3;               ///< gaps that the habit of all buyers counts as, beside one's own
  duration midnight{};            ///< what is bought within a day of the shop is bought once
};

/// How an item is bought again.
struct repurchase_habit {
  item_id item{};
  std::int64_t buyers = 0;
  std::int64_t repeat_buyers = 0;  ///< on two days or more
  std::int64_t gaps = 0;           ///< between two days on which one shopper bought it
  double log_mean = 0;             ///< of the natural logarithm of a gap in days
  double log_deviation = 0;

  [[nodiscard]] double repeat_share() const {
    return buyers == 0 ? 0 : static_cast<double>(repeat_buyers) / static_cast<double>(buyers);
  }
  /// In days.
  [[nodiscard]] double median_gap() const { return std::exp(log_mean); }
};

/// When things are bought again: per item the gaps between the days on which shoppers bought it,
/// and of a shopper what is due. A function of the timeline, so exact when somebody leaves. Memory:
/// 48 bytes per item that is bought again.
class replenishment {
 public:
  replenishment() = default;

  /// From all purchases by `now`. Cost: O(events · log of a shopper's), over the executor.
  template <executor Executor = serial_executor>
  [[nodiscard]] static replenishment fit(const events::timeline& past, timestamp now,
                                         const replenishment_options& o = {},
                                         Executor&& pool = {}) {
    struct sums {
      std::int64_t buyers = 0, repeat_buyers = 0, gaps = 0, logs = 0, squares = 0;
    };
    // Logarithms as whole numbers, so that sums do not depend on their order.
    const auto units = [](double x) {
      return static_cast<std::int64_t>(std::floor(x * 0x1p20 + 0.5));
    };
    std::vector<std::vector<sums>> parts(pool.concurrency());
    std::vector<scratch> memory(pool.concurrency());
    pool.for_each_chunk(
        past.shopper_limit(), 256, [&](std::size_t begin, std::size_t end, std::size_t number) {
          auto& part = parts[number];
          part.resize(past.item_limit());
          for (auto s = static_cast<std::uint32_t>(begin); s < end; ++s) {
            each_item(past.lines_of(s), now, o.midnight, memory[number],
                      [&](std::uint32_t item, std::span<const day> days) {
                        sums& to = part[item];
                        ++to.buyers;
                        to.repeat_buyers += days.size() > 1 ? 1 : 0;
                        for (std::size_t n = 1; n < days.size(); ++n) {
                          const double gap =
                              std::log(static_cast<double>(days[n].number - days[n - 1].number));
                          ++to.gaps;
                          to.logs += units(gap);
                          to.squares += units(gap * gap);
                        }
                      });
          }
        });
    replenishment out;
    out.options_ = o;
    for (std::uint32_t i = 0; i < past.item_limit(); ++i) {
      sums all;
      for (const auto& part : parts) {
        if (part.empty()) continue;
        all.buyers += part[i].buyers;
        all.repeat_buyers += part[i].repeat_buyers;
        all.gaps += part[i].gaps;
        all.logs += part[i].logs;
        all.squares += part[i].squares;
      }
      if (all.gaps == 0) continue;
      repurchase_habit h{past.item_at(i), all.buyers, all.repeat_buyers, all.gaps, 0, 0};
      const auto n = static_cast<double>(all.gaps);
      h.log_mean = static_cast<double>(all.logs) * 0x1p-20 / n;
      const double variance =
          static_cast<double>(all.squares) * 0x1p-20 / n - h.log_mean * h.log_mean;
      h.log_deviation = std::sqrt((std::max)(variance, least_deviation * least_deviation));
      out.habits_.push_back(h);
    }
    std::sort(out.habits_.begin(), out.habits_.end(),
              [](const auto& a, const auto& b) { return a.item < b.item; });
    return out;
  }

  [[nodiscard]] const replenishment_options& options() const { return options_; }
  /// How an item is bought again; nothing when nobody did.
  [[nodiscard]] const repurchase_habit* habit_of(item_id item) const {
    const auto at = std::lower_bound(habits_.begin(), habits_.end(), item,
                                     [](const auto& h, item_id i) { return h.item < i; });
    return at == habits_.end() || at->item != item ? nullptr : &*at;
  }
  /// Whether enough people buy it again to expect it of somebody.
  [[nodiscard]] bool is_replenished(const repurchase_habit& h) const {
    return h.repeat_share() >= options_.min_share && h.gaps >= options_.min_repeats;
  }

  /// How much an item that was bought so many days ago is wanted again, from 0 to 1: what is bought
  /// again comes back as its usual gap goes by, what is not stays away. Items that nobody knows
  /// enough of come back as `unknown` says.
  [[nodiscard]] double repurchase_factor(item_id item, double days, double unknown = 0) const {
    const repurchase_habit* h = habit_of(item);
    if (h == nullptr || h->gaps < options_.min_repeats) return unknown;
    if (!is_replenished(*h) || !(days > 0)) return 0;
    return (std::min)(1.0, days / h->median_gap());
  }

  struct day {
    std::uint32_t item = 0;
    std::int64_t number = 0;
    timestamp at{};
  };
  struct scratch {
    std::vector<day> days;
  };

  /// What a shopper may want again, the most due first, ties by item; items that are too early are
  /// there with their state. Empty for unknown shoppers. Cost: O(his events · log). Allocates
  /// nothing once scratch and `out` have grown.
  template <due_score Score = log_normal_hazard>
  void due(const events::timeline& past, user_id user, timestamp now, scratch& s,
           std::vector<due_item>& out, const Score& score = {}) const {
    out.clear();
    const auto shopper = past.find_shopper(user);
    if (!shopper) return;
    each_item(past.lines_of(*shopper), now, options_.midnight, s,
              [&](std::uint32_t handle, std::span<const day> days) {
                const repurchase_habit* h = habit_of(past.item_at(handle));
                if (h == nullptr || !is_replenished(*h)) return;
                out.push_back(judge(*h, days, now, score));
              });
    std::sort(out.begin(), out.end(), [](const due_item& a, const due_item& b) {
      const bool early_a = a.state == due_state::too_early;
      const bool early_b = b.state == due_state::too_early;
      if (early_a != early_b) return early_b;
      return a.score != b.score ? a.score > b.score : a.item < b.item;
    });
  }

 private:
  static constexpr double least_deviation = 0.1;
  // Quantiles of the standard normal distribution at 0.1, 0.3 and 0.7.
  static constexpr double tenth = -1.2815515655446004;
  static constexpr double third_tenth = -0.5244005127080407;

  /// Calls `f(item handle, days)` for each item bought by `now`, its days ascending and distinct.
  template <class F>
  static void each_item(std::span<const events::line> lines, timestamp now, duration midnight,
                        scratch& s, F&& f) {
    s.days.clear();
    for (const events::line& l : lines) {
      if (l.at > now) break;
      if (l.kind() != events::event_kind::purchase || l.item == events::no_item_handle) continue;
      s.days.push_back({l.item, day_of(l.at, midnight), l.at});
    }
    std::sort(s.days.begin(), s.days.end(), [](const day& a, const day& b) {
      if (a.item != b.item) return a.item < b.item;
      return a.number != b.number ? a.number < b.number : a.at > b.at;
    });
    const auto same = [](const day& a, const day& b) {
      return a.item == b.item && a.number == b.number;
    };
    s.days.erase(std::unique(s.days.begin(), s.days.end(), same), s.days.end());
    for (std::size_t n = 0; n < s.days.size();) {
      const std::size_t begin = n;
      while (n < s.days.size() && s.days[n].item == s.days[begin].item) ++n;
      f(s.days[begin].item, std::span<const day>(s.days).subspan(begin, n - begin));
    }
  }

  template <class Score>
  [[nodiscard]] due_item judge(const repurchase_habit& h, std::span<const day> days, timestamp now,
                               const Score& score) const {
    double logs = options_.prior * h.log_mean;
    double weight = options_.prior;
    for (std::size_t n = 1; n < days.size(); ++n) {
      logs += std::log(static_cast<double>(days[n].number - days[n - 1].number));
      weight += 1;
    }
    const double log_mean = weight > 0 ? logs / weight : h.log_mean;
    const auto in_days = [](timestamp from, timestamp to) {
      return (static_cast<double>(to.us) - static_cast<double>(from.us)) / 8.64e10;
    };
    const auto gap_at = [&](double z) { return std::exp(log_mean + z * h.log_deviation); };
    const auto after = [&](double gap) {
      const double us = (std::min)(gap, 1e6) * 8.64e10;
      return days.back().at + duration{static_cast<std::int64_t>(us)};
    };
    due_item out;
    out.item = h.item;
    out.last = days.back().at;
    out.gaps = static_cast<std::int64_t>(days.size()) - 1;
    out.opens = after(gap_at(third_tenth));
    out.closes = after(gap_at(-third_tenth));
    const due_facts facts{in_days(days.back().at, now),
                          in_days(days.front().at, now),
                          out.gaps,
                          log_mean,
                          h.log_deviation,
                          h.median_gap(),
                          h.repeat_share()};
    out.score = score(facts);
    if (facts.days < gap_at(tenth)) {
      out.state = due_state::too_early;
    } else if (now < out.opens) {
      out.state = due_state::coming;
    } else {
      out.state = now < out.closes ? due_state::due : due_state::overdue;
    }
    return out;
  }

  replenishment_options options_{};
  std::vector<repurchase_habit> habits_;  // ascending by item
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_REPLENISHMENT_HPP
