#ifndef TAILOR_SEGMENT_ORDERS_HPP
#define TAILOR_SEGMENT_ORDERS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>
#include <vector>

#include "../core/ids.hpp"
#include "../core/int128.hpp"
#include "../core/time.hpp"
#include "../events/kind.hpp"
#include "../events/line.hpp"

namespace tailor::inline v0::segment {

/// What counts as one purchase.
enum class occasion : std::uint8_t {
  order,  ///< the lines of one order number; without a number, the lines of one moment
  day     ///< all that was bought on one day of the shop, as customer-base models count
};

/// What a refund or cancellation in the history means.
enum class returned : std::uint8_t {
  deducted,  ///< what came back was never bought, from the moment it came back on
  ignored    ///< the order stays as it was placed
};

/// Whether an order of no value is an order.
enum class worthless : std::uint8_t { skipped, counted };

/// How a history reads as orders.
struct order_rules {
  occasion by = occasion::order;
  returned returns = returned::deducted;
  worthless zero = worthless::skipped;
  duration midnight{};  ///< when the shop's day begins, from 00:00 UTC; shorter than a day
};

/// One order, or one day's orders.
struct order {
  timestamp at{};           ///< when its first line that still stands was placed
  std::int64_t value = 0;   ///< minor units, held at the ends of 64 bits
  std::int64_t pieces = 0;  ///< at least 1

  friend constexpr bool operator==(const order&, const order&) = default;
};

/// Reads the orders out of a shopper's lines. Keeps its memory from one call to the next, so that
/// nothing is allocated after a while; one per thread.
class order_reader {
 public:
  /// The orders as they stand at `now`, oldest first; lines later than `now` have not happened yet.
  /// Refunds are matched as `events::returns` does it: by order and item, newest line first, and
  /// what is given back beyond what was bought has no effect. Valid until the next call.
  /// Precondition: `lines` are those of one shopper, oldest first. Cost: O(lines · log lines).
  [[nodiscard]] std::span<const order> read(std::span<const events::line> lines, timestamp now,
                                            const order_rules& rules = {}) {
    collect(lines, now, rules);
    orders_.clear();
    for (std::size_t i = 0; i < parts_.size();) {
      std::size_t end = i + 1;
      while (end < parts_.size() && same_order(parts_[i], parts_[end])) ++end;
      append(i, end, rules);
      i = end;
    }
    std::sort(orders_.begin(), orders_.end(), [](const order& a, const order& b) {
      return std::tie(a.at, a.value, a.pieces) < std::tie(b.at, b.value, b.pieces);
    });
    if (rules.by == occasion::day) join_days(rules);
    return orders_;
  }

  /// Room for what is counted beside orders; read() leaves it alone.
  [[nodiscard]] std::vector<std::uint32_t>& room() { return room_; }

 private:
  struct part {
    order_id number = no_order;
    timestamp at{};
    std::uint32_t item = 0;
    std::int32_t pieces = 0;
    std::int64_t unit_price = 0;
    std::size_t place = 0;  // among the parts as they were read
  };

  static bool same_order(const part& a, const part& b) {
    return a.number == b.number && (a.number != no_order || a.at == b.at);
  }

  /// What was bought until `now` and still stands, order by order, oldest line first.
  void collect(std::span<const events::line> lines, timestamp now, const order_rules& rules) {
    parts_.clear();
    bool any_back = false;
    for (const events::line& l : lines) {
      if (l.at > now) break;
      const events::event_kind kind = l.kind();
      if (kind == events::event_kind::purchase) {
        parts_.push_back({l.order, l.at, l.item, l.quantity(), l.unit_price, parts_.size()});
      }
      any_back |= kind == events::event_kind::refund || kind == events::event_kind::order_cancelled;
    }
    std::sort(parts_.begin(), parts_.end(), [](const part& a, const part& b) {
      return std::tie(a.number, a.at, a.place) < std::tie(b.number, b.at, b.place);
    });
    if (!any_back || rules.returns == returned::ignored) return;
    for (const events::line& l : lines) {
      if (l.at > now) break;
      if (l.kind() == events::event_kind::refund) give_back(l);
      if (l.kind() == events::event_kind::order_cancelled) cancel(l.order);
    }
    std::erase_if(parts_, [](const part& p) { return p.pieces == 0; });
  }

  [[nodiscard]] std::span<part> parts_of(order_id number) {
    const auto from = std::partition_point(parts_.begin(), parts_.end(),
                                           [&](const part& p) { return p.number < number; });
    const auto to =
        std::partition_point(from, parts_.end(), [&](const part& p) { return p.number == number; });
    return {from, to};
  }
  void cancel(order_id number) {
    for (part& p : parts_of(number)) p.pieces = 0;
  }
  void give_back(const events::line& l) {
    const std::span<part> bought = parts_of(l.order);
    std::int32_t open = l.quantity();
    for (std::size_t i = bought.size(); i-- > 0 && open > 0;) {
      if (bought[i].item != l.item) continue;
      const std::int32_t taken = (std::min)(open, bought[i].pieces);
      bought[i].pieces -= taken;
      open -= taken;
    }
  }

  void append(std::size_t from, std::size_t to, const order_rules& rules) {
    order o{parts_[from].at, 0, 0};
    int128 value = 0;
    for (std::size_t i = from; i < to; ++i) {
      value += int128{parts_[i].unit_price} * parts_[i].pieces;
      o.pieces += parts_[i].pieces;
    }
    o.value = held(value);
    if (o.value > 0 || rules.zero == worthless::counted) orders_.push_back(o);
  }

  void join_days(const order_rules& rules) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < orders_.size();) {
      order day = orders_[i];
      const std::int64_t number = day_of(day.at, rules.midnight);
      int128 value = day.value;
      for (++i; i < orders_.size() && day_of(orders_[i].at, rules.midnight) == number; ++i) {
        value += orders_[i].value;
        day.pieces += orders_[i].pieces;
      }
      day.value = held(value);
      orders_[kept++] = day;
    }
    orders_.resize(kept);
  }

  std::vector<part> parts_;
  std::vector<order> orders_;
  std::vector<std::uint32_t> room_;
};

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_ORDERS_HPP
