#ifndef TAILOR_SIMILAR_POPULARITY_HPP
#define TAILOR_SIMILAR_POPULARITY_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "../core/time.hpp"
#include "../events/event.hpp"
#include "../events/handle_book.hpp"

namespace tailor::inline v0::similar {

/// How often each item was bought (or viewed, or carted) in each hour: what best sellers and trends
/// are computed from. Counts are integers per bucket and decay only when asked, so shards add up
/// and a shopper's events can be taken out exactly. Old hours can be made into days. Memory: 16
/// bytes per bucket in use and about 60 per item. Update: O(1) in time order.
class popularity {
 public:
  static constexpr const char* section = "popularity";
  static constexpr std::uint32_t format = 1;
  using forgets_by_replay = void;  // knows no shoppers: their events are retracted

  /// `kind`: what is counted.
  explicit popularity(events::event_kind kind = events::event_kind::purchase) : kind_(kind) {}

  [[nodiscard]] events::event_kind kind() const { return kind_; }
  [[nodiscard]] std::size_t items() const { return items_.size(); }

  void observe(const events::event& e) {
    if (counts(e)) add(items_.take(e.item), hour_of(e.at), 1);
  }

  /// unknown when nothing was counted there.
  status retract(const events::event& e) {
    if (!counts(e)) return {};
    const auto item = items_.find(e.item);
    if (!item) return errc::unknown;
    const std::int64_t hour = bucket_of(hour_of(e.at));
    const auto at = std::lower_bound(buckets_[*item].begin(), buckets_[*item].end(), hour, before);
    if (at == buckets_[*item].end() || at->hour != hour) return errc::unknown;
    if (--at->count == 0) buckets_[*item].erase(at);
    if (items_.release(*item)) buckets_[*item] = {};
    return {};
  }

  /// Makes the hours of all days that end by `before_time` into one bucket a day, now and for
  /// events that come late. Loses detail, not counts; cannot be undone.
  void coalesce(timestamp before_time) {
    const std::int64_t day = floor_div(hour_of(before_time), 24);
    if (day <= whole_days_before_) return;
    whole_days_before_ = day;
    for (std::vector<bucket>& buckets : buckets_) {
      std::size_t kept = 0;
      for (const bucket& b : buckets) {
        const std::int64_t hour = bucket_of(b.hour);
        if (kept > 0 && buckets[kept - 1].hour == hour) {
          buckets[kept - 1].count += b.count;
        } else {
          buckets[kept++] = {hour, b.count};
        }
      }
      buckets.resize(kept);
    }
  }

  /// Adds the counts of another shard; the coarser of the two resolutions is kept. conflict when it
  /// counts another kind of event.
  status merge(const popularity& other) {
    if (kind_ != other.kind_) return errc::conflict;
    if (&other == this) return merge(popularity(other));
    if (other.whole_days_before_ > whole_days_before_) {
      coalesce(timestamp{0} + days(other.whole_days_before_));
    }
    for (std::uint32_t i = 0; i < other.items_.limit(); ++i) {
      for (const bucket& b : other.buckets_of(i)) {
        add(items_.take(other.items_.id(i), static_cast<std::uint64_t>(b.count)), b.hour, b.count);
      }
    }
    return {};
  }

  friend bool operator==(const popularity& a, const popularity& b) {
    if (a.kind_ != b.kind_ || a.whole_days_before_ != b.whole_days_before_) return false;
    if (a.items() != b.items()) return false;
    for (std::uint32_t i = 0; i < a.items_.limit(); ++i) {
      if (a.items_.uses(i) == 0) continue;
      const auto j = b.items_.find(a.items_.id(i));
      if (!j || a.buckets_[i] != b.buckets_[*j]) return false;
    }
    return true;
  }

  /// Events counted in [from, to), to the hour (to the day where hours were coalesced).
  [[nodiscard]] std::int64_t count(item_id item, timestamp from, timestamp to) const {
    const auto i = items_.find(item);
    return i ? count_of(*i, from, to) : 0;
  }

  /// Σ count · 2^(−age / half_life) over the buckets that begin by `now`; age from the beginning
  /// of the bucket. Exponential decay at query time (Cormode et al., Forward Decay, ICDE 2009).
  [[nodiscard]] double decayed(item_id item, timestamp now, duration half_life) const {
    const auto i = items_.find(item);
    return i ? decayed_of(*i, now, half_life) : 0;
  }

  /// Calls `f(item)` for every item with a count, in no order that may be shown.
  template <class F>
  void for_each_item(F&& f) const {
    for (std::uint32_t i = 0; i < items_.limit(); ++i) {
      if (items_.uses(i) != 0) f(items_.id(i));
    }
  }

  void encode(byte_writer& out) const {
    out.u8(static_cast<std::uint8_t>(kind_));
    out.i64(whole_days_before_);
    out.u64(items_.size());
    for (const auto& [id, i] : items_.sorted()) {
      out.u64(raw(id));
      out.u64(buckets_[i].size());
      for (const bucket& b : buckets_[i]) {
        out.i64(b.hour);
        out.i64(b.count);
      }
    }
  }

  [[nodiscard]] static result<popularity> decode(byte_reader& in) {
    const std::uint8_t kind = in.u8();
    if (in.ok() && !events::is_event_kind(kind)) {
      return error{errc::corrupt, "popularity kind", in.offset()};
    }
    popularity out{events::event_kind{kind}};
    out.whole_days_before_ = in.i64();
    if (out.whole_days_before_ != no_whole_days &&
        (out.whole_days_before_ <= -max_hour / 24 || out.whole_days_before_ >= max_hour / 24)) {
      return error{errc::corrupt, "popularity days", in.offset()};
    }
    const std::uint64_t count = in.u64();
    item_id last{};
    for (std::uint64_t n = 0; n < count && in.ok(); ++n) {
      const item_id id{in.u64()};
      const std::uint64_t size = in.u64();
      bool good = size > 0 && (n == 0 || last < id) && size <= in.remaining() / 16;
      last = id;
      std::int64_t hour = INT64_MIN;
      std::int64_t room = max_count;
      for (std::uint64_t k = 0; k < size && good && in.ok(); ++k) {
        const bucket b{in.i64(), in.i64()};
        good = b.count > 0 && b.count <= room && b.hour > hour && b.hour < max_hour &&
               b.hour > -max_hour && out.bucket_of(b.hour) == b.hour;
        hour = b.hour;
        if (!good) break;
        room -= b.count;
        out.add(out.items_.take(id, static_cast<std::uint64_t>(b.count)), b.hour, b.count);
      }
      if (in.ok() && !good) return error{errc::corrupt, "popularity bucket", in.offset()};
    }
    if (!in.ok()) return in.error();
    return out;
  }

 private:
  struct bucket {
    std::int64_t hour;  // since 1970
    std::int64_t count;
    friend bool operator==(const bucket&, const bucket&) = default;
  };
  static constexpr std::int64_t no_whole_days = INT64_MIN / 24;
  static constexpr std::int64_t max_hour = INT64_MAX / hours(1).us;
  static constexpr std::int64_t max_count = std::int64_t{1} << 53;  // of an item, in a snapshot

  static bool before(const bucket& b, std::int64_t hour) { return b.hour < hour; }
  static std::int64_t hour_of(timestamp t) { return floor_div(t.us, hours(1).us); }
  [[nodiscard]] bool counts(const events::event& e) const {
    return e.kind == kind_ && e.item != no_item;
  }
  [[nodiscard]] std::int64_t bucket_of(std::int64_t hour) const {
    const std::int64_t day = floor_div(hour, 24);
    return day < whole_days_before_ ? day * 24 : hour;
  }
  [[nodiscard]] std::span<const bucket> buckets_of(std::uint32_t i) const {
    return i < buckets_.size() ? std::span<const bucket>(buckets_[i]) : std::span<const bucket>();
  }

  void add(std::uint32_t item, std::int64_t at_hour, std::int64_t count) {
    if (item >= buckets_.size()) buckets_.resize(std::size_t{item} + 1);
    std::vector<bucket>& buckets = buckets_[item];
    const std::int64_t hour = bucket_of(at_hour);
    auto at = buckets.end();
    if (!buckets.empty() && buckets.back().hour >= hour) {
      at = std::lower_bound(buckets.begin(), buckets.end(), hour, before);
    }
    if (at != buckets.end() && at->hour == hour) {
      at->count += count;
    } else {
      buckets.insert(at, {hour, count});
    }
  }

  [[nodiscard]] std::int64_t count_of(std::uint32_t i, timestamp from, timestamp to) const {
    std::int64_t n = 0;
    const std::int64_t first = hour_of(from);
    const std::int64_t end = hour_of(to);
    for (const bucket& b : buckets_of(i)) n += b.hour >= first && b.hour < end ? b.count : 0;
    return n;
  }
  [[nodiscard]] double decayed_of(std::uint32_t i, timestamp now, duration half_life) const {
    double sum = 0;
    for (const bucket& b : buckets_of(i)) {
      const double age = static_cast<double>(now.us) - static_cast<double>(b.hour) * 3.6e9;
      if (age >= 0) {
        sum += static_cast<double>(b.count) * std::exp2(-age / static_cast<double>(half_life.us));
      }
    }
    return sum;
  }

  events::event_kind kind_;
  std::int64_t whole_days_before_ = no_whole_days;  // days since 1970 that are one bucket each
  events::handle_book<item_id> items_;              // used once per event
  std::vector<std::vector<bucket>> buckets_;        // by item, ascending by hour
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_POPULARITY_HPP
