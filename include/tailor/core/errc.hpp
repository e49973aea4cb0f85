#ifndef TAILOR_CORE_ERRC_HPP
#define TAILOR_CORE_ERRC_HPP

#include <cstddef>
#include <cstdint>

#include "config.hpp"

namespace tailor::inline v0 {

/// Why something was refused. Codes are stable: they are written to reports, never renumbered.
enum class errc : std::uint8_t {
  ok = 0,
  malformed = 1,        ///< not of the form that was asked for
  out_of_range = 2,     ///< well-formed, but outside the permitted range
  overflow = 3,         ///< the exact result does not fit
  not_finite = 4,       ///< NaN or infinite
  inexact = 5,          ///< would have to be rounded, and nothing is rounded silently
  empty_id = 6,         ///< an id of no bytes
  oversized = 7,        ///< longer than the limit
  not_text = 8,         ///< invalid UTF-8 or a control character where text is asked for
  too_early = 9,        ///< older than the retention window
  too_late = 10,        ///< further in the future than clocks may differ
  duplicate = 11,       ///< was taken before; the first one counts
  conflict = 12,        ///< contradicts what is known
  unknown = 13,         ///< names something that does not exist
  full = 14,            ///< a limit is reached
  mixed_currency = 15,  ///< amounts in different currencies or units
  corrupt = 16,         ///< checksum or structure of stored bytes is wrong
  truncated = 17,       ///< ends before it should
  wrong_version = 18,   ///< written by another, incompatible version
  io = 19,              ///< the operating system reports a fault
  no_space = 20,        ///< the disk or quota is full
  no_consent = 21,      ///< not permitted for this purpose
  too_few = 22,         ///< supported by too few people to be shown
  stale = 23,           ///< no longer valid
};

inline constexpr std::size_t errc_count = 24;

/// The name of a code as it is spelt in the source; never null.
[[nodiscard]] constexpr const char* name_of(errc code) {
  constexpr const char* names[errc_count] = {
      "ok",         "malformed",  "out_of_range",  "overflow",
      "not_finite", "inexact",    "empty_id",      "oversized",
      "not_text",   "too_early",  "too_late",      "duplicate",
      "conflict",   "unknown",    "full",          "mixed_currency",
      "corrupt",    "truncated",  "wrong_version", "io",
      "no_space",   "no_consent", "too_few",       "stale"};
  const auto index = static_cast<std::size_t>(code);
  return index < errc_count ? names[index] : "unnamed";
}

/// A fault with its place. `what` names the field, section or file part and has static lifetime;
/// `at` is a row number or byte offset, as the function that returns it says.
struct error {
  errc code = errc::ok;
  const char* what = "";
  std::uint64_t at = 0;

  friend constexpr bool operator==(const error& a, errc c) { return a.code == c; }
};

}  // namespace tailor::inline v0

#endif  // TAILOR_CORE_ERRC_HPP
