#ifndef TAILOR_ADAPTERS_ARROW_CELLS_HPP
#define TAILOR_ADAPTERS_ARROW_CELLS_HPP

#include <cstdint>
#include <string_view>
#include <type_traits>

#include "../core/decimal.hpp"
#include "../core/errc.hpp"
#include "../core/ids.hpp"
#include "../core/result.hpp"
#include "../core/time.hpp"
#include "../events/kind.hpp"
#include "../events/text_event.hpp"
#include "../events/vocabulary.hpp"
#include "arrow_column.hpp"
#include "arrow_format.hpp"
#include "arrow_numbers.hpp"

// One cell of a column as a member of an event. Preconditions: the column is of a type that
// arrow_schema lets be that member, and the row is one that it has.
namespace tailor::inline v0::adapters::detail {

/// Not null, and no empty text.
[[nodiscard]] inline bool is_present(const arrow_column& c, std::int64_t row) {
  return !c.is_null(row) && !(c.format().is_text() && c.text(row).empty());
}

/// An id that is a number; out_of_range for negative ones and the one that means none.
template <class Id>
[[nodiscard]] result<Id> integer_id(const arrow_column& c, std::int64_t row) {
  if (c.values().is_negative(row)) return errc::out_of_range;
  const std::uint64_t n = c.values().unsigned_value(row);
  if (n == UINT64_MAX) return errc::out_of_range;
  return Id{n};
}

[[nodiscard]] inline result<events::event_kind> kind_at(const arrow_column& c, std::int64_t row,
                                                        const events::text_options& how) {
  using events::event_kind;
  if (!is_present(c, row)) {
    if (!how.if_absent) return errc::malformed;
    return *how.if_absent;
  }
  if (c.format().is_text()) {
    if (const auto kind = events::kind_of(how.spec, c.text(row))) return *kind;
  } else if (const auto code = integer_id<event_id>(c, row); code && raw(*code) <= UINT8_MAX) {
    const auto byte = static_cast<std::uint8_t>(raw(*code));
    if (events::is_event_kind(byte)) return static_cast<event_kind>(byte);
  }
  if (how.if_unknown == events::unknown_kind::as_custom) return event_kind::custom;
  return errc::unknown;
}

/// How numbers of a column of times are counted.
struct time_scale {
  arrow_unit unit;
  std::int64_t ahead_of_utc = 0;  // microseconds

  time_scale(const arrow_format& f, const events::text_options& how) : unit(f.unit) {
    if (unit == arrow_unit::none) {
      unit = how.time == events::time_format::seconds        ? arrow_unit::seconds
             : how.time == events::time_format::milliseconds ? arrow_unit::milliseconds
                                                             : arrow_unit::microseconds;
    } else if (!f.has_zone) {
      ahead_of_utc = std::int64_t{60'000'000} * how.local_offset_minutes;
    }
  }
};

[[nodiscard]] inline result<timestamp> time_at(const arrow_column& c, std::int64_t row,
                                               const events::text_options& how,
                                               const time_scale& scale) {
  if (!is_present(c, row)) return errc::malformed;
  if (c.format().is_text()) return events::detail::time_of(c.text(row), how);
  const auto count = c.values().integer(row);
  if (!count) return count.error();
  const auto us = microseconds_of(*count, scale.unit);
  if (!us) return us.error();
  const auto utc = narrow(int128{*us} - scale.ahead_of_utc);
  if (!utc) return utc.error();
  return timestamp{*utc};
}

[[nodiscard]] inline result<std::int32_t> quantity_at(const arrow_column& c, std::int64_t row) {
  if (!is_present(c, row)) return std::int32_t{1};
  if (c.format().is_text()) return parse_int<std::int32_t>(c.text(row));
  const auto n = count_at(c, row, 0, rounding::none);
  if (!n) return n.error();
  if (*n < INT32_MIN || *n > INT32_MAX) return errc::overflow;
  return static_cast<std::int32_t>(*n);
}

[[nodiscard]] inline result<std::int64_t> price_at(const arrow_column& c, std::int64_t row,
                                                   int exponent) {
  if (!is_present(c, row)) return std::int64_t{0};
  return count_at(c, row, exponent, rounding::half_even);
}

}  // namespace tailor::inline v0::adapters::detail

#endif  // TAILOR_ADAPTERS_ARROW_CELLS_HPP
