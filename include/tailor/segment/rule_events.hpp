#ifndef TAILOR_SEGMENT_RULE_EVENTS_HPP
#define TAILOR_SEGMENT_RULE_EVENTS_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "../core/ids.hpp"
#include "../core/int128.hpp"
#include "../core/time.hpp"
#include "../events/kind.hpp"
#include "../events/line.hpp"
#include "../events/timeline.hpp"
#include "rule.hpp"
#include "rule_names.hpp"
#include "rule_property.hpp"
#include "timeframe.hpp"

namespace tailor::inline v0::segment::detail {

/// Any of the 256 codes.
struct kind_set {
  std::array<std::uint64_t, 4> bits{};

  void add(events::event_kind k) {
    const auto code = static_cast<std::uint8_t>(k);
    bits[code / 64] |= std::uint64_t{1} << code % 64;
  }
  void add(const kind_set& other) {
    for (std::size_t i = 0; i < 4; ++i) bits[i] |= other.bits[i];
  }
  [[nodiscard]] bool meets(const kind_set& other) const {
    return ((bits[0] & other.bits[0]) | (bits[1] & other.bits[1]) | (bits[2] & other.bits[2]) |
            (bits[3] & other.bits[3])) != 0;
  }
  void add_all() { bits.fill(~std::uint64_t{0}); }
  [[nodiscard]] bool has(events::event_kind k) const {
    const auto code = static_cast<std::uint8_t>(k);
    return (bits[code / 64] >> code % 64 & 1) != 0;
  }
};

/// A filter ready to be asked.
struct compiled_filter {
  kind_set kinds{};
  std::vector<item_id> items{};  // ascending
  std::int64_t least_price = INT64_MIN;
  std::int64_t most_price = INT64_MAX;
  std::int64_t least_quantity = INT64_MIN;
  std::int64_t most_quantity = INT64_MAX;
  std::vector<compiled_property<item_id>> item{};
  bool by_kind_alone = true;

  [[nodiscard]] bool passes(const events::line& l, const events::timeline& history) const {
    return kinds.has(l.kind()) && (by_kind_alone || passes_rest(l, history));
  }

 private:
  [[nodiscard]] bool passes_rest(const events::line& l, const events::timeline& history) const {
    if (l.unit_price < least_price || l.unit_price > most_price) return false;
    if (l.quantity() < least_quantity || l.quantity() > most_quantity) return false;
    if (items.empty() && item.empty()) return true;
    if (l.item == events::no_item_handle) return false;
    const item_id id = history.item_at(l.item);
    if (!items.empty() && !std::binary_search(items.begin(), items.end(), id)) return false;
    return std::all_of(item.begin(), item.end(), [&](const auto& p) {
      return p.test_value(p.property.value(id), l.at, duration{}).is;
    });
  }
};

struct compiled_events {
  compiled_filter which{};
  measured what = measured::events;
  timeframe when{};
  comparison op = comparison::at_least;
  std::int64_t bound = 1;
  bool only_adds = true;  // no event takes anything off
};

/// Counts in a window that moves: lines enter it at one end and leave it at the other, both in the
/// order of time, so the next moment that matters is found by walking on.
class event_counter {
 public:
  event_counter(const compiled_events& test, std::span<const events::line> past, timestamp now,
                const events::timeline& history)
      : test_(test), past_(past), history_(history), last_(past.size()) {
    if (test.when.far.us != INT64_MAX) {
      first_ = place([&](const events::line& l) { return come(test.when.leaves(l.at), now); });
    }
    if (test.when.near.us > 0) {
      last_ = place([&](const events::line& l) { return come(test.when.enters(l.at), now); });
    }
  }

  [[nodiscard]] outcome by_sum() {
    int128 total = 0;
    for (std::size_t i = first_; i < last_; ++i) {
      if (counts(past_[i])) total += worth(past_[i]);
    }
    outcome out = judge(total);
    if (stays(out.is)) return out;
    for (;;) {
      const timestamp at = next_change();
      if (at == never) return out;
      for (; last_ < past_.size() && come(test_.when.enters(past_[last_].at), at); ++last_) {
        if (counts(past_[last_])) total += worth(past_[last_]);
      }
      for (; first_ < last_ && come(test_.when.leaves(past_[first_].at), at); ++first_) {
        if (counts(past_[first_])) total -= worth(past_[first_]);
      }
      if (judge(total).is != out.is) {
        out.until = at;
        return out;
      }
    }
  }

  /// Different ones; told early, at the next line that enters or leaves.
  [[nodiscard]] outcome by_distinct(duration midnight,
                                    std::vector<std::pair<std::uint64_t, std::uint64_t>>& keys) {
    keys.clear();
    for (std::size_t i = first_; i < last_; ++i) {
      const events::line& l = past_[i];
      if (!counts(l)) continue;
      if (test_.what == measured::days) {
        keys.emplace_back(static_cast<std::uint64_t>(day_of(l.at, midnight)), 0);
      } else if (test_.what == measured::items) {
        if (l.item != events::no_item_handle) keys.emplace_back(l.item, 0);
      } else {  // without a number, what was placed at one moment is one order
        const bool numbered = l.order != no_order;
        keys.emplace_back(raw(l.order), numbered ? 0 : static_cast<std::uint64_t>(l.at.us));
      }
    }
    std::sort(keys.begin(), keys.end());
    const auto end = std::unique(keys.begin(), keys.end());
    outcome out = judge(int128{end - keys.begin()});
    if (!stays(out.is)) out.until = next_change();
    return out;
  }

 private:
  /// `never` does not come, not even at the end of time.
  static constexpr bool come(timestamp t, timestamp now) { return t <= now && t != never; }
  template <class P>
  [[nodiscard]] std::size_t place(P before) const {
    return static_cast<std::size_t>(std::partition_point(past_.begin(), past_.end(), before) -
                                    past_.begin());
  }
  [[nodiscard]] bool counts(const events::line& l) const {
    return test_.which.passes(l, history_) && test_.when.fixed(l.at);
  }
  [[nodiscard]] int128 worth(const events::line& l) const {
    if (test_.what == measured::events) return 1;
    const int128 size =
        test_.what == measured::pieces ? int128{l.quantity()} : int128{l.unit_price} * l.quantity();
    return l.kind() == events::event_kind::refund ? -size : size;
  }
  [[nodiscard]] outcome judge(int128 total) const {
    const std::int64_t value = held(total);
    return {compares(value, test_.op, test_.bound), never, value, true};
  }
  /// Nothing enters, and what leaves leads further away from the bound.
  [[nodiscard]] bool stays(bool is) const {
    if (!test_.when.moves()) return true;
    if (!test_.only_adds || last_ != past_.size()) return false;
    const bool grows = test_.op == comparison::at_least || test_.op == comparison::more;
    const bool falls = test_.op == comparison::at_most || test_.op == comparison::less;
    return (grows && !is) || (falls && is);
  }
  /// When the next line that counts enters or leaves.
  [[nodiscard]] timestamp next_change() {
    while (first_ < last_ && !counts(past_[first_])) ++first_;
    while (last_ < past_.size() && !counts(past_[last_])) {
      if (first_ == last_) ++first_;
      ++last_;
    }
    const timestamp out = first_ < past_.size() ? test_.when.leaves(past_[first_].at) : never;
    const timestamp in = last_ < past_.size() ? test_.when.enters(past_[last_].at) : never;
    return (std::min)(in, out);
  }

  const compiled_events& test_;
  std::span<const events::line> past_;
  const events::timeline& history_;
  std::size_t first_ = 0;
  std::size_t last_ = 0;
};

}  // namespace tailor::inline v0::segment::detail

#endif  // TAILOR_SEGMENT_RULE_EVENTS_HPP
