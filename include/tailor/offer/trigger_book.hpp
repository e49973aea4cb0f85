#ifndef TAILOR_OFFER_TRIGGER_BOOK_HPP
#define TAILOR_OFFER_TRIGGER_BOOK_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "../core/result.hpp"
#include "trigger.hpp"
#include "trigger_filter.hpp"

namespace tailor::inline v0::offer {
namespace detail {

/// The first member that is out of its range; `at` is left to the caller.
[[nodiscard]] inline status check_steps(const trigger& t) {
  if (t.steps.empty()) return error{errc::out_of_range, "steps"};
  if (t.steps.size() > max_trigger_steps) return error{errc::full, "steps"};
  duration before{};
  for (const trigger_step& s : t.steps) {
    if (s.delay < duration{} || s.delay > max_trigger_delay) {
      return error{errc::out_of_range, "step delay"};
    }
    if (t.delays == delay_from::entry && s.delay < before) {
      return error{errc::conflict, "step delay"};  // before the step before
    }
    before = s.delay;
    if (!is_channel(static_cast<std::uint8_t>(s.on))) {
      return error{errc::out_of_range, "step channel"};
    }
    if (s.name.size() > max_trigger_name) return error{errc::oversized, "step name"};
  }
  return {};
}

[[nodiscard]] inline status check_trigger(const trigger& t) {
  const auto kind = static_cast<std::uint8_t>(t.kind);
  const auto positive = [](duration d) { return d > duration{} && d <= max_trigger_delay; };
  if (kind < 1 || kind > 11) return error{errc::out_of_range, "kind"};
  if (t.name.size() > max_trigger_name) return error{errc::oversized, "name"};
  if (t.filter.items.size() > max_filter_items) return error{errc::full, "filter items"};
  if (t.filter.least_value > t.filter.most_value) return error{errc::conflict, "filter values"};
  const auto unit = static_cast<std::uint8_t>(t.again.in);
  const bool all_time = t.again.in == reentry::unit::all_time;
  if (unit < 1 || unit > 4 || t.again.count > (all_time ? 1u : 100'000u) ||
      (!all_time && t.again.count == 0)) {
    return error{errc::out_of_range, "again"};
  }
  if (static_cast<std::uint8_t>(t.delays) > 1) return error{errc::out_of_range, "delays"};
  if (static_cast<std::uint8_t>(t.back) > 2) return error{errc::out_of_range, "back"};
  if (const status ok = t.quiet.check(); !ok) return ok;
  if (!positive(t.idle)) return error{errc::out_of_range, "idle"};
  if (!positive(t.silence)) return error{errc::out_of_range, "silence"};
  if (!positive(t.look_back)) return error{errc::out_of_range, "look_back"};
  if (t.refills.size() > max_refills) return error{errc::full, "refills"};
  if (t.kind == trigger_kind::replenishment && t.refills.empty()) {
    return error{errc::out_of_range, "refills"};
  }
  for (const refill& r : t.refills) {
    if (!positive(r.after)) return error{errc::out_of_range, "refill"};
  }
  const bool percent = t.fall.in == price_fall::unit::basis_points;
  if (static_cast<std::uint8_t>(t.fall.in) > 1 || t.fall.least < 1 ||
      (percent && t.fall.least > 10'000)) {
    return error{errc::out_of_range, "fall"};
  }
  if (t.threshold < 1) return error{errc::out_of_range, "threshold"};
  if (t.days_before < 0 || t.days_before > 364) return error{errc::out_of_range, "days_before"};
  if (t.minute < 0 || t.minute >= minutes_of_day) return error{errc::out_of_range, "minute"};
  if (t.zone_minutes < -widest_zone || t.zone_minutes > widest_zone) {
    return error{errc::out_of_range, "zone_minutes"};
  }
  return check_steps(t);
}

/// Writes out what the definition leaves to the kind, and sorts its lists.
inline void fill_in(trigger& t) {
  using enum events::event_kind;
  using enum trigger_kind;
  kind_set kinds;
  kind_set cancels;
  switch (t.kind) {
    case abandoned_cart:
      kinds = {add_to_cart};
      cancels = {purchase};
      break;
    case abandoned_browse:
      kinds = {view_item};
      cancels = {add_to_cart, begin_checkout, purchase};
      break;
    case post_purchase:
      kinds = {purchase};
      cancels = {order_cancelled, refund};
      break;
    case win_back:
      kinds = visits();
      break;
    case replenishment:
      kinds = {purchase};
      cancels = {purchase};
      break;
    case price_drop:
    case back_in_stock:
    case low_stock:
      cancels = {purchase};
      break;
    case date:
    case segment_entered:
    case segment_left:
      break;
  }
  if (t.filter.kinds.empty()) t.filter.kinds = kinds;
  if (!t.cancel_on) t.cancel_on = cancels;
  if (t.back == on_return::usual) {
    t.back = t.kind == win_back ? on_return::cancels : on_return::goes_on;
  }
  if (is_item_news(t.kind) && !t.audience.any()) {
    if (t.kind == price_drop) t.audience = {.viewed = true};
    if (t.kind == back_in_stock) t.audience = {.wished = true};
    if (t.kind == low_stock) t.audience = {.viewed = true, .in_cart = true, .checkout = true};
  }
  std::sort(t.filter.items.begin(), t.filter.items.end());
  std::sort(t.refills.begin(), t.refills.end());
}

}  // namespace detail

/// Checked definitions, by id. Immutable; kept by value.
class trigger_book {
 public:
  trigger_book() = default;

  /// The usual values filled in. The first fault: out_of_range, conflict, full or oversized with
  /// the member, duplicate (an id, or an item in `refills`); `at` is the position in `all`.
  [[nodiscard]] static result<trigger_book> make(std::vector<trigger> all) {
    if (all.size() > max_triggers) return error{errc::full, "triggers"};
    std::vector<std::uint32_t> ids;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (const status ok = detail::check_trigger(all[i]); !ok) {
        return error{ok.code(), ok.error().what, i};
      }
      if (std::find(ids.begin(), ids.end(), all[i].id) != ids.end()) {
        return error{errc::duplicate, "id", i};
      }
      ids.push_back(all[i].id);
      detail::fill_in(all[i]);
      const std::vector<refill>& refills = all[i].refills;
      if (std::adjacent_find(refills.begin(), refills.end(), [](const refill& a, const refill& b) {
            return a.item == b.item;
          }) != refills.end()) {
        return error{errc::duplicate, "refills", i};
      }
    }
    std::sort(all.begin(), all.end(),
              [](const trigger& a, const trigger& b) { return a.id < b.id; });
    trigger_book out;
    out.all_ = std::move(all);
    out.index();
    return out;
  }

  [[nodiscard]] std::span<const trigger> all() const { return all_; }
  /// The trigger of that id, or null. Cost: O(log triggers).
  [[nodiscard]] const trigger* find(std::uint32_t id) const {
    const auto at = std::lower_bound(all_.begin(), all_.end(), id,
                                     [](const trigger& t, std::uint32_t i) { return t.id < i; });
    return at != all_.end() && at->id == id ? &*at : nullptr;
  }
  /// Positions of the triggers that an event of that kind may start.
  [[nodiscard]] std::span<const std::uint16_t> started_by(events::event_kind kind) const {
    return started_by_[static_cast<std::uint8_t>(kind)];
  }
  /// What some trigger wants to know of the items that shoppers meet.
  [[nodiscard]] const interest& watched() const { return watched_; }
  /// Whether some trigger needs the cart.
  [[nodiscard]] bool needs_cart() const { return needs_cart_; }
  /// How long what a shopper did to an item is of use: the longest look-back, at least 30 days.
  [[nodiscard]] duration memory() const { return memory_; }

  friend bool operator==(const trigger_book& a, const trigger_book& b) { return a.all_ == b.all_; }

 private:
  void index() {
    for (std::size_t i = 0; i < all_.size(); ++i) {
      const trigger& t = all_[i];
      if (is_item_news(t.kind)) {
        watched_.viewed |= t.audience.viewed;
        watched_.in_cart |= t.audience.in_cart;
        watched_.checkout |= t.audience.checkout;
        watched_.wished |= t.audience.wished;
        memory_ = (std::max)(memory_, t.look_back);
      } else if (t.kind == trigger_kind::abandoned_cart) {
        needs_cart_ = true;
      }
      const bool by_event = (waits_first(t.kind) && t.kind != trigger_kind::date) ||
                            t.kind == trigger_kind::post_purchase;
      for (unsigned code = 0; by_event && code < 256; ++code) {
        const auto c = static_cast<std::uint8_t>(code);
        if (t.filter.kinds.contains(events::event_kind{c})) {
          started_by_[code].push_back(static_cast<std::uint16_t>(i));
        }
      }
    }
  }

  std::vector<trigger> all_;
  std::array<std::vector<std::uint16_t>, 256> started_by_;
  interest watched_{};
  bool needs_cart_ = false;
  duration memory_ = days(30);
};

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_TRIGGER_BOOK_HPP
