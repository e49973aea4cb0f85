#ifndef TAILOR_OFFER_TRIGGER_RECORDS_HPP
#define TAILOR_OFFER_TRIGGER_RECORDS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "../core/bytes.hpp"
#include "../core/ids.hpp"
#include "../core/iso8601.hpp"
#include "../core/result.hpp"
#include "../core/time.hpp"
#include "../events/kind.hpp"
#include "../events/limits.hpp"
#include "trigger.hpp"
#include "trigger_intent.hpp"
#include "trigger_notice.hpp"
#include "trigger_shopper.hpp"

// The bytes of what triggers keep. Reading takes nothing on trust: whatever is accepted could have
// come about.

namespace tailor::inline v0::offer::detail {

[[nodiscard]] constexpr bool is_moment(timestamp t) {
  return t.us >= -last_trigger_moment && t.us <= last_trigger_moment;
}
[[nodiscard]] constexpr bool is_plan(timestamp t) {  // a moment, and the delays of a whole flow
  return t.us >= -last_trigger_moment && t.us <= 2 * last_trigger_moment;
}
[[nodiscard]] constexpr bool is_day_of_year(std::int32_t month, std::int32_t day) {
  return month >= 1 && month <= 12 && day >= 1 && day <= days_in_month(2000, month);
}

/// Whether anything is left without what was met at `since` or before.
[[nodiscard]] inline bool is_kept(const trigger_shopper& s, timestamp since) {
  const auto later = [since](const touched_item& t) { return t.newest() > since; };
  return !s.flows.empty() || !s.entries.empty() || !s.dates.empty() ||
         std::any_of(s.touches.begin(), s.touches.end(), later);
}

inline void encode_shopper(user_id user, const trigger_shopper& s, timestamp since,
                           byte_writer& out) {
  std::size_t touches = 0;
  for (const touched_item& t : s.touches) touches += t.newest() > since;
  out.u64(raw(user));
  out.varint(touches);
  for (const touched_item& t : s.touches) {
    if (t.newest() <= since) continue;
    out.u64(raw(t.item));
    for (const timestamp at : {t.viewed, t.carted, t.checkout, t.wished}) out.i64(at.us);
    out.i64(t.price);
    out.u32(static_cast<std::uint32_t>(t.in_cart));
  }
  out.varint(s.flows.size());
  for (const open_flow& f : s.flows) {
    out.u32(f.trigger);
    out.u64(raw(f.item));
    out.u32(f.step);
    out.i64(f.since.us);
    out.i64(f.due.us);
    out.u64(raw(f.order));
    out.i64(f.amount);
    out.i64(f.earlier);
    out.varint(f.items.size());
    for (const item_id i : f.items) out.u64(raw(i));
  }
  out.varint(s.entries.size());
  for (const flow_entry& e : s.entries) {
    out.u32(e.trigger);
    out.i64(e.at.us);
    out.u64(raw(e.order));
  }
  out.varint(s.dates.size());
  for (const yearly_date& d : s.dates) {
    out.u32(d.date);
    out.u8(static_cast<std::uint8_t>(d.month));
    out.u8(static_cast<std::uint8_t>(d.day));
  }
}

/// Reads the count of a list. corrupt when there are more than `most`.
inline std::uint64_t count_of(byte_reader& in, std::size_t most, const char* what) {
  const std::uint64_t n = in.varint();
  if (n <= most) return n;
  in.fail(errc::corrupt, what);
  return 0;
}

inline void decode_touches(byte_reader& in, trigger_shopper& s, timestamp clock) {
  const std::uint64_t count = count_of(in, max_trigger_touches, "touches");
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    touched_item t;
    t.item = item_id{in.u64()};
    bool fine = true;
    for (timestamp* const at : {&t.viewed, &t.carted, &t.checkout, &t.wished}) {
      *at = timestamp{in.i64()};
      fine = fine && (*at == long_ago || is_moment(*at));
    }
    t.price = in.i64();
    t.in_cart = static_cast<std::int32_t>(in.u32());
    if (!in.ok()) return;
    const bool carted = t.carted != long_ago;
    fine = fine && t.item != no_item && t.newest() != long_ago && t.newest() < clock &&
           t.in_cart >= 0 && t.in_cart <= max_cart_pieces && t.price >= 0 &&
           t.price <= events::limits{}.max_unit_price &&
           (carted || (t.in_cart == 0 && t.price == 0)) &&
           (s.touches.empty() || s.touches.back().item < t.item);
    if (!fine) return in.fail(errc::corrupt, "touch");
    s.touches.push_back(t);
  }
}

inline void decode_flows(byte_reader& in, trigger_shopper& s, timestamp clock) {
  const std::uint64_t count = count_of(in, max_trigger_flows, "flows");
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    open_flow f;
    f.trigger = in.u32();
    f.item = item_id{in.u64()};
    f.step = in.u32();
    f.since = timestamp{in.i64()};
    f.due = timestamp{in.i64()};
    f.order = order_id{in.u64()};
    f.amount = in.i64();
    f.earlier = in.i64();
    const std::uint64_t items = count_of(in, max_intent_items, "flow items");
    for (std::uint64_t k = 0; k < items && in.ok(); ++k) f.items.push_back(item_id{in.u64()});
    if (!in.ok()) return;
    // Only the wait for a day of the year has not begun yet.
    const bool began = f.since < clock || (f.waits() && f.since == f.due);
    const bool fine = began && (f.waits() || f.step < max_trigger_steps) && is_plan(f.since) &&
                      is_plan(f.due) && f.since <= f.due && f.amount >= 0 && f.earlier >= 0 &&
                      (s.flows.empty() || s.flows.back().key() < f.key());
    if (!fine) return in.fail(errc::corrupt, "flow");
    s.flows.push_back(std::move(f));
  }
}

inline void decode_entries(byte_reader& in, trigger_shopper& s, timestamp clock) {
  const std::uint64_t count = count_of(in, max_triggers, "entries");
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    flow_entry e;
    e.trigger = in.u32();
    e.at = timestamp{in.i64()};
    e.order = order_id{in.u64()};
    if (!in.ok()) return;
    if (!is_moment(e.at) || e.at >= clock ||
        (!s.entries.empty() && s.entries.back().trigger >= e.trigger)) {
      return in.fail(errc::corrupt, "entry");
    }
    s.entries.push_back(e);
  }
}

inline void decode_dates(byte_reader& in, trigger_shopper& s) {
  const std::uint64_t count = count_of(in, max_trigger_dates, "dates");
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    yearly_date d;
    d.date = in.u32();
    d.month = in.u8();
    d.day = in.u8();
    if (!in.ok()) return;
    if (!is_day_of_year(d.month, d.day) || (!s.dates.empty() && s.dates.back().date >= d.date)) {
      return in.fail(errc::corrupt, "date");
    }
    s.dates.push_back(d);
  }
}

/// What stands after the id.
[[nodiscard]] inline trigger_shopper decode_shopper(byte_reader& in, timestamp clock) {
  trigger_shopper s;
  decode_touches(in, s, clock);
  decode_flows(in, s, clock);
  decode_entries(in, s, clock);
  decode_dates(in, s);
  if (in.ok() && s.empty()) in.fail(errc::corrupt, "empty shopper");
  // The clock has passed all that was due before it.
  if (in.ok() && s.next_due() < clock) in.fail(errc::corrupt, "due");
  return s;
}

inline void encode_happening(const happening& h, byte_writer& out) {
  out.i64(h.at.us);
  out.u8(static_cast<std::uint8_t>(h.what));
  out.u8(static_cast<std::uint8_t>(h.kind));
  out.u8(static_cast<std::uint8_t>(h.from));
  out.u32(static_cast<std::uint32_t>(h.quantity));
  out.u64(raw(h.user));
  out.u64(raw(h.item));
  out.u64(raw(h.order));
  out.i64(h.value);
  out.i64(h.earlier);
}

/// Whether it could have been said, the time aside.
[[nodiscard]] inline bool could_be_said(const happening& h) {
  using type = happening::type;
  const events::limits within;
  const auto price = [&](std::int64_t v) {
    return v >= within.min_unit_price && v <= within.max_unit_price;
  };
  if (h.what == type::event) {
    return events::is_event_kind(static_cast<std::uint8_t>(h.kind)) && h.quantity >= 1 &&
           h.quantity <= within.max_quantity && price(h.value) && h.earlier == 0;
  }
  if (h.kind != events::event_kind::custom || h.from != origin::live || h.order != no_order) {
    return false;
  }
  if (h.what == type::price || h.what == type::stock) {
    const bool fine =
        h.what == type::price ? price(h.value) && price(h.earlier) : h.value >= 0 && h.earlier >= 0;
    return fine && h.item != no_item && h.user == user_id{} && h.quantity == 0;
  }
  if (h.value != 0 || h.earlier != 0 || raw(h.item) > UINT32_MAX) return false;
  if (h.what == type::segment) return h.quantity == 0 || h.quantity == 1;
  return h.quantity == 0 || (h.quantity > 0 && is_day_of_year(h.quantity / 32, h.quantity % 32));
}

[[nodiscard]] inline happening decode_happening(byte_reader& in) {
  happening h;
  h.at = timestamp{in.i64()};
  const std::uint8_t what = in.u8();
  h.what = static_cast<happening::type>(what);
  h.kind = static_cast<events::event_kind>(in.u8());
  const std::uint8_t from = in.u8();
  h.from = static_cast<origin>(from);
  h.quantity = static_cast<std::int32_t>(in.u32());
  h.user = user_id{in.u64()};
  h.item = item_id{in.u64()};
  h.order = order_id{in.u64()};
  h.value = in.i64();
  h.earlier = in.i64();
  if (in.ok() && (what > 4 || from > 1 || !is_moment(h.at) || !could_be_said(h))) {
    in.fail(errc::corrupt, "happening");
  }
  return h;
}

}  // namespace tailor::inline v0::offer::detail

#endif  // TAILOR_OFFER_TRIGGER_RECORDS_HPP
