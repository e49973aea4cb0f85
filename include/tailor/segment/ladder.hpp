#ifndef TAILOR_SEGMENT_LADDER_HPP
#define TAILOR_SEGMENT_LADDER_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "../core/int128.hpp"
#include "../core/time.hpp"
#include "../events/line.hpp"
#include "features.hpp"
#include "orders.hpp"
#include "standing.hpp"

namespace tailor::inline v0::segment {

/// How far somebody has come with the shop, from the first visit on.
enum class rung : std::uint8_t {
  new_visitor,     ///< all that is known happened on one day
  visitor,         ///< came on several days
  prospect,        ///< no order yet, but lately a cart or many views
  first_customer,  ///< one order
  repeat_customer,
  loyal_customer
};

inline constexpr std::size_t rung_count = 6;

/// The name of a rung; never null.
[[nodiscard]] constexpr const char* name_of(rung r) {
  constexpr const char* names[rung_count] = {"new visitor",     "visitor",
                                             "prospect",        "first-time customer",
                                             "repeat customer", "loyal customer"};
  const auto index = static_cast<std::size_t>(r);
  return index < rung_count ? names[index] : "unnamed";
}

struct ladder_rules {
  order_rules orders{};
  std::int64_t repeat = 2;           ///< orders from which on a customer is a repeat customer
  std::int64_t loyal = 3;            ///< and a loyal one
  duration prospect_for = days(30);  ///< how far back a cart or views make a prospect
  std::int64_t carts = 1;            ///< so many things put into the cart
  std::int64_t views = 5;            ///< or so many items viewed
};

/// Why somebody stands on a rung.
struct ladder_answer {
  rung stage = rung::new_visitor;
  std::int64_t orders = 0;
  std::int64_t carts = 0;  ///< lately, as are views; counted without orders alone
  std::int64_t views = 0;
};

/// One ladder that everybody with an event stands on; who has no event has no rung. A refund that
/// leaves no order leads back down. As a `standing` its value is the number of the rung.
class ladder {
 public:
  explicit ladder(const ladder_rules& rules = {}) : rules_(rules) {}

  [[nodiscard]] const ladder_rules& rules() const { return rules_; }

  /// Nothing without an event until `now`. Cost: as order_reader.
  [[nodiscard]] std::optional<ladder_answer> explain(std::span<const events::line> past,
                                                     timestamp now, order_reader& scratch) const {
    if (past.empty() || past.front().at > now) return std::nullopt;
    ladder_answer out;
    out.orders = static_cast<std::int64_t>(scratch.read(past, now, rules_.orders).size());
    if (out.orders > 0) {
      out.stage = out.orders >= rules_.loyal    ? rung::loyal_customer
                  : out.orders >= rules_.repeat ? rung::repeat_customer
                                                : rung::first_customer;
      return out;
    }
    timestamp latest = past.front().at;
    for (const events::line& l : past) {
      if (l.at > now) break;
      latest = l.at;
      if (int128{now.us} - l.at.us >= int128{rules_.prospect_for.us}) continue;
      out.carts += l.kind() == events::event_kind::add_to_cart;
      out.views += l.kind() == events::event_kind::view_item;
    }
    const duration midnight = rules_.orders.midnight;
    if (out.carts >= rules_.carts || out.views >= rules_.views) {
      out.stage = rung::prospect;
    } else if (day_of(latest, midnight) != day_of(past.front().at, midnight)) {
      out.stage = rung::visitor;
    }
    return out;
  }

  [[nodiscard]] std::optional<std::int64_t> value(std::span<const events::line> past, timestamp now,
                                                  order_reader& scratch) const {
    const auto found = explain(past, now, scratch);
    if (!found) return std::nullopt;
    return static_cast<std::int64_t>(found->stage);
  }

  /// See the concept `standing`. A prospect falls back when carts or views are too long ago;
  /// nothing else changes by the clock. Exact where that leaves low … high.
  [[nodiscard]] timestamp until(std::span<const events::line> past, timestamp now, std::int64_t low,
                                std::int64_t high, order_reader& scratch) const {
    const auto inside = [&](std::optional<std::int64_t> v) { return v && low <= *v && *v <= high; };
    const auto at_now = value(past, now, scratch);
    if (at_now != static_cast<std::int64_t>(rung::prospect)) return never;
    if (rules_.carts <= 0 || rules_.views <= 0) return never;
    // A prospect is one until the newest carts and the newest views that suffice have both aged.
    std::int64_t carts = 0;
    std::int64_t views = 0;
    std::optional<timestamp> holds;
    for (std::size_t i = past.size(); i-- > 0;) {
      if (past[i].at > now) continue;
      const bool cart = past[i].kind() == events::event_kind::add_to_cart;
      const bool view = past[i].kind() == events::event_kind::view_item;
      if ((cart && ++carts == rules_.carts) || (view && ++views == rules_.views)) {
        holds = past[i].at;  // newest first: the first to suffice is the last to go
        break;
      }
    }
    const int128 falls = int128{holds ? holds->us : INT64_MAX} + rules_.prospect_for.us;
    if (falls >= INT64_MAX) return never;
    const timestamp then{static_cast<std::int64_t>(falls)};
    return inside(value(past, then, scratch)) == inside(at_now) ? never : then;
  }

  /// The rung that somebody held just before a moment, for instance before an order: what an order
  /// is credited to. Nothing when there was no event before.
  [[nodiscard]] std::optional<rung> before(std::span<const events::line> past, timestamp moment,
                                           order_reader& scratch) const {
    if (moment.us == INT64_MIN) return std::nullopt;
    const auto found = explain(past, moment - microseconds(1), scratch);
    if (!found) return std::nullopt;
    return found->stage;
  }

 private:
  ladder_rules rules_;
};

static_assert(standing<ladder>);

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_LADDER_HPP
