#ifndef TAILOR_EVENTS_TEXT_EVENT_HPP
#define TAILOR_EVENTS_TEXT_EVENT_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "../core/decimal.hpp"
#include "../core/errc.hpp"
#include "../core/hash.hpp"
#include "../core/ids.hpp"
#include "../core/interner.hpp"
#include "../core/iso8601.hpp"
#include "../core/result.hpp"
#include "../core/time.hpp"
#include "../core/utf8.hpp"
#include "event.hpp"
#include "vocabulary.hpp"

namespace tailor::inline v0::events {

/// What the host calls the columns or members of its rows. An empty name is never looked for.
struct field_names {
  std::string_view id = "event_id";
  std::string_view user = "user_id";
  std::string_view visitor = "visitor_id";
  std::string_view item = "item_id";
  std::string_view kind = "kind";
  std::string_view time = "time";
  std::string_view quantity = "quantity";
  std::string_view unit_price = "unit_price";
  std::string_view order = "order_id";
};

enum class time_format : std::uint8_t {
  iso8601,       ///< "2010-12-01T08:26:00Z", see parse_timestamp
  seconds,       ///< a number since 1970, with up to 6 decimals
  milliseconds,  ///< with up to 3 decimals
  microseconds,
};

enum class id_rule : std::uint8_t {
  text,       ///< well-formed UTF-8 without control characters
  any_bytes,  ///< whatever the host knows things by
};

enum class unknown_kind : std::uint8_t { refuse, as_custom };

/// How the texts of a row are meant. Preconditions: 0 <= price_exponent <= max_decimal_exponent.
struct text_options {
  event_spec spec = event_spec::tailor;
  unknown_kind if_unknown = unknown_kind::refuse;
  std::optional<event_kind> if_absent = std::nullopt;  ///< the kind of rows that name none
  time_format time = time_format::iso8601;
  int local_offset_minutes = 0;  ///< of ISO 8601 times without an offset
  int price_exponent = 2;        ///< a price is a count of units of 10^-price_exponent
  id_rule ids = id_rule::text;
  std::size_t max_id_bytes = 128;
};

/// The handles that stand for the host's ids. Users and visitors share one table: where a host
/// gives both kinds the same spelling, it has to make them differ before.
struct name_tables {
  interner users;
  interner items;
  interner orders;
};

/// A row as text. Empty means absent.
struct text_fields {
  std::string_view id;
  std::string_view user;
  std::string_view visitor;
  std::string_view item;
  std::string_view kind;
  std::string_view time;
  std::string_view quantity;
  std::string_view unit_price;
  std::string_view order;
};

/// A row that was checked. In `rest` the user is not set, and the item and order say only that
/// there is none; their names refer to the text of the row.
struct named_event {
  event rest;
  std::string_view user;
  std::string_view item;
  std::string_view order;
};

/// The number of an event id: SipHash-2-4 under a fixed key, the ASCII bytes "tailor.events.id", so
/// that every reader and every run agrees. It finds repetitions; as the key is public, who may
/// choose ids can make two collide and thereby have his own second event dropped.
[[nodiscard]] inline event_id event_id_of(std::string_view text) {
  constexpr hash_key key{0x652e'726f'6c69'6174u, 0x6469'2e73'746e'6576u};
  const std::uint64_t hash = siphash24(key, text);
  return hash == raw(no_event) ? event_id{0} : event_id{hash};
}

namespace detail {

/// Whether an id is short printable ASCII, as nearly all are. Two words that overlap cover up to 16
/// bytes without a loop.
[[nodiscard]] inline bool is_plain_id(std::string_view id) {
  namespace core = tailor::detail;
  if (id.size() > 16) return false;
  if (id.size() >= 8) {
    return core::all_printable_ascii(id.data()) &&
           core::all_printable_ascii(id.data() + id.size() - 8);
  }
  char word[8] = {'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x'};
  for (std::size_t i = 0; i < id.size(); ++i) word[i] = id[i];
  return core::all_printable_ascii(word);
}

[[nodiscard]] inline errc id_fault(std::string_view id, const text_options& options) {
  if (id.size() > options.max_id_bytes) return errc::oversized;
  if (options.ids == id_rule::any_bytes || is_plain_id(id)) return errc::ok;
  return check_text(id).code();
}

/// parse_decimal, faster for what nearly all numbers are: up to 18 digits, with at most one point
/// among them and no more decimals than the unit has.
[[nodiscard]] inline result<std::int64_t> count_of(std::string_view text, int exponent) {
  constexpr std::size_t safe_digits = 18;  // any count of them fits into 64 bits
  if (text.empty() || text.size() > safe_digits) return parse_decimal(text, exponent);
  const char* at = text.data();
  const char* const end = at + text.size();
  std::uint64_t count = 0;
  const auto digits = [&] {
    for (; at != end && tailor::detail::digit_of(*at) <= 9; ++at)
      count = count * 10 + tailor::detail::digit_of(*at);
  };
  digits();
  auto zeros = static_cast<std::size_t>(exponent);
  if (at != end && *at == '.' && at != text.data()) {
    const auto decimals = static_cast<std::size_t>(end - ++at);
    if (decimals > zeros) return parse_decimal(text, exponent);
    zeros -= decimals;
    digits();
  }
  if (at != end || text.size() + zeros > safe_digits) return parse_decimal(text, exponent);
  return static_cast<std::int64_t>(count * tailor::detail::powers_of_ten[zeros]);
}

[[nodiscard]] inline result<timestamp> time_of(std::string_view text, const text_options& options) {
  if (options.time == time_format::iso8601)
    return parse_timestamp(text, options.local_offset_minutes);
  const int decimals = options.time == time_format::seconds        ? 6
                       : options.time == time_format::milliseconds ? 3
                                                                   : 0;
  const auto us = count_of(text, decimals);
  if (!us) return us.error();
  return timestamp{*us};
}

}  // namespace detail

/// Checks and reads everything of a row that needs no table. The user's name is the visitor's where
/// there is no user. Absent: quantity 1, price 0, no item, no order, no id.
///
/// Errors name our field: empty_id "user" when both are absent; oversized and not_text for ids;
/// unknown "kind", or malformed when it is absent and `if_absent` is not set; those of
/// parse_timestamp or parse_decimal for "time" (malformed when absent), parse_int "quantity",
/// parse_decimal "unit_price". Cost: some tens of nanoseconds, no allocation.
[[nodiscard]] inline result<named_event> check_row(const text_fields& row,
                                                   const text_options& options) {
  named_event out;
  out.user = row.user.empty() ? row.visitor : row.user;
  out.item = row.item;
  out.order = row.order;
  if (out.user.empty()) return error{errc::empty_id, "user"};
  if (const errc e = detail::id_fault(out.user, options); e != errc::ok) return error{e, "user"};
  if (const errc e = detail::id_fault(row.item, options); e != errc::ok) return error{e, "item"};
  if (const errc e = detail::id_fault(row.order, options); e != errc::ok) return error{e, "order"};
  if (const errc e = detail::id_fault(row.id, options); e != errc::ok) return error{e, "id"};
  if (!row.id.empty()) out.rest.id = event_id_of(row.id);

  if (row.kind.empty()) {
    if (!options.if_absent) return error{errc::malformed, "kind"};
    out.rest.kind = *options.if_absent;
  } else if (const auto kind = kind_of(options.spec, row.kind)) {
    out.rest.kind = *kind;
  } else if (options.if_unknown == unknown_kind::refuse) {
    return error{errc::unknown, "kind"};
  }

  const auto time = detail::time_of(row.time, options);
  if (!time) return error{time.code(), "time"};
  out.rest.at = *time;
  if (!row.quantity.empty()) {
    const auto quantity = parse_int<std::int32_t>(row.quantity);
    if (!quantity) return error{quantity.code(), "quantity"};
    out.rest.quantity = *quantity;
  }
  if (!row.unit_price.empty()) {
    const auto price = detail::count_of(row.unit_price, options.price_exponent);
    if (!price) return error{price.code(), "unit_price"};
    out.rest.unit_price = *price;
  }
  return out;
}

/// Puts handles in the place of names: the event is complete. full, with the field, when a table
/// is; names of the same row that came before it stay then, as handles nothing refers to. Where a
/// name is empty, `rest` is left as it is.
[[nodiscard]] inline result<event> with_handles(const named_event& row, name_tables& tables) {
  event e = row.rest;
  if (!row.user.empty()) {
    const auto user = tables.users.intern(row.user);
    if (!user) return error{user.code(), "user"};
    e.user = user_id{*user};
  }
  if (!row.item.empty()) {
    const auto item = tables.items.intern(row.item);
    if (!item) return error{item.code(), "item"};
    e.item = item_id{*item};
  }
  if (!row.order.empty()) {
    const auto order = tables.orders.intern(row.order);
    if (!order) return error{order.code(), "order"};
    e.order = order_id{*order};
  }
  return e;
}

/// A row of text as an event: check_row, then with_handles. Nothing is interned for a row that
/// check_row refuses.
[[nodiscard]] inline result<event> to_event(const text_fields& row, const text_options& options,
                                            name_tables& tables) {
  const auto checked = check_row(row, options);
  if (!checked) return checked.error();
  return with_handles(*checked, tables);
}

}  // namespace tailor::inline v0::events

#endif  // TAILOR_EVENTS_TEXT_EVENT_HPP
