#ifndef TAILOR_SEGMENT_REPEAT_COUNTS_HPP
#define TAILOR_SEGMENT_REPEAT_COUNTS_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "../core/bytes.hpp"
#include "../core/executor.hpp"
#include "../core/result.hpp"
#include "../core/time.hpp"
#include "../events/timeline.hpp"
#include "orders.hpp"
#include "repeat_history.hpp"
#include "repeat_tally.hpp"

namespace tailor::inline v0::segment {

/// What customer-base models are fitted on: how many shoppers have which number and times of
/// purchases, and which spend, as of one moment. A statistic of shoppers: take a shopper's record
/// out before his history changes and put the new one in, and the counts equal those of the
/// changed timeline. Knows no shoppers.
class repeat_counts {
 public:
  static constexpr const char* section = "repeat counts";
  static constexpr std::uint32_t format = 1;

  /// Counts as of `now`: what is later has not happened. For a calibration window that ends before
  /// a moment, this is that moment less a microsecond.
  explicit repeat_counts(timestamp now = {}, const repeat_rules& rules = {})
      : now_(now), rules_(rules) {}

  /// Of all shoppers. The same for any executor.
  /// Cost: O(events · log events of a shopper), spread over the executor, and O(n log n) on one.
  template <executor Executor = serial_executor>
  [[nodiscard]] static repeat_counts of(const events::timeline& history, timestamp now,
                                        const repeat_rules& rules = {}, Executor&& pool = {}) {
    const std::size_t limit = history.shopper_limit();
    std::vector<std::optional<purchase_record>> records(limit);
    std::vector<order_reader> readers(pool.concurrency());
    pool.for_each_chunk(limit, 512, [&](std::size_t from, std::size_t to, std::size_t worker) {
      for (std::size_t s = from; s < to; ++s) {
        const auto lines = history.lines_of(static_cast<std::uint32_t>(s));
        records[s] = read_purchases(lines, now, rules, readers[worker]);
      }
    });
    std::vector<repeat_key> times;
    std::vector<spend_key> spends;
    for (const auto& record : records) {
      if (!record) continue;
      times.push_back(time_of(*record));
      if (record->repeats() > 0) spends.push_back(spend_of(*record));
    }
    repeat_counts out(now, rules);
    out.times_ = repeat_tally<repeat_key>::of(std::move(times));
    out.spends_ = repeat_tally<spend_key>::of(std::move(spends));
    return out;
  }

  [[nodiscard]] timestamp now() const { return now_; }
  [[nodiscard]] const repeat_rules& rules() const { return rules_; }
  [[nodiscard]] const repeat_tally<repeat_key>& times() const { return times_; }
  [[nodiscard]] const repeat_tally<spend_key>& spends() const { return spends_; }
  [[nodiscard]] std::int64_t shoppers() const { return times_.shoppers(); }

  /// Adds a shopper as `read_purchases` has him at `now()`. out_of_range when no shopper can have
  /// such numbers. Cost: O(log keys).
  status observe(const purchase_record& shopper) {
    if (const status s = times_.observe(time_of(shopper)); !s) return s;
    return shopper.repeats() > 0 ? spends_.observe(spend_of(shopper)) : status{};
  }
  /// Takes a shopper away. unknown when there is none like him: nothing changes then.
  status retract(const purchase_record& shopper) {
    if (const status s = times_.retract(time_of(shopper)); !s) return s;
    if (shopper.repeats() == 0) return {};
    const status s = spends_.retract(spend_of(shopper));
    if (!s) static_cast<void>(times_.observe(time_of(shopper)));
    return s;
  }

  /// Adds other shoppers. conflict when counted as of another moment or by other rules, overflow
  /// beyond 2^63 - 1 shoppers: nothing changes then.
  status merge(const repeat_counts& other) {
    if (now_ != other.now_ || !(rules_ == other.rules_)) return errc::conflict;
    if (const status s = times_.merge(other.times_); !s) return s;
    return spends_.merge(other.spends_);  // there are no more of these
  }
  /// The inverse of merge. conflict as there; unknown when there are none like them.
  status subtract(const repeat_counts& other) {
    if (now_ != other.now_ || !(rules_ == other.rules_)) return errc::conflict;
    repeat_counts left = *this;
    if (const status s = left.times_.subtract(other.times_); !s) return s;
    if (const status s = left.spends_.subtract(other.spends_); !s) return s;
    *this = std::move(left);
    return {};
  }

  friend bool operator==(const repeat_counts&, const repeat_counts&) = default;

  void encode(byte_writer& out) const {
    out.i64(now_.us);
    out.i64(rules_.from.us);
    out.i64(rules_.orders.midnight.us);
    out.u8(static_cast<std::uint8_t>(rules_.orders.by));
    out.u8(static_cast<std::uint8_t>(rules_.orders.returns));
    out.u8(static_cast<std::uint8_t>(rules_.orders.zero));
    out.u8(static_cast<std::uint8_t>(rules_.counts));
    times_.encode(out);
    spends_.encode(out);
  }
  [[nodiscard]] static result<repeat_counts> decode(byte_reader& in) {
    repeat_counts out;
    out.now_ = {in.i64()};
    out.rules_.from = {in.i64()};
    out.rules_.orders.midnight = {in.i64()};
    const auto one_of_two = [&in] {
      const std::uint8_t v = in.u8();
      if (v > 1) in.fail(errc::corrupt, "rules");
      return v;
    };
    out.rules_.orders.by = occasion{one_of_two()};
    out.rules_.orders.returns = returned{one_of_two()};
    out.rules_.orders.zero = worthless{one_of_two()};
    out.rules_.counts = tick{one_of_two()};
    const duration m = out.rules_.orders.midnight;
    if (m >= days(1) || days(-1) >= m) in.fail(errc::corrupt, "rules");
    if (!in.ok()) return in.error();
    result<repeat_tally<repeat_key>> times = repeat_tally<repeat_key>::decode(in);
    if (!times) return times.error();
    result<repeat_tally<spend_key>> spends = repeat_tally<spend_key>::decode(in);
    if (!spends) return spends.error();
    if (spends->shoppers() > times->shoppers()) return error{errc::corrupt, "spends", in.offset()};
    out.times_ = *std::move(times);
    out.spends_ = *std::move(spends);
    return out;
  }

 private:
  static repeat_key time_of(const purchase_record& s) { return {s.repeats(), s.last, s.age}; }
  static spend_key spend_of(const purchase_record& s) { return {s.repeats(), s.repeat_value}; }

  timestamp now_;
  repeat_rules rules_;
  repeat_tally<repeat_key> times_;
  repeat_tally<spend_key> spends_;
};

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_REPEAT_COUNTS_HPP
