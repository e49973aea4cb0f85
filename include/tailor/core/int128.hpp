#ifndef TAILOR_CORE_INT128_HPP
#define TAILOR_CORE_INT128_HPP

#include <cstdint>

#include "config.hpp"

#if !defined(__SIZEOF_INT128__)
#error "tailor computes products of 64-bit amounts exactly: it needs a compiler with __int128"
#endif

namespace tailor::inline v0 {

// For intermediates only: wide enough for any product of two 64-bit numbers. Not for state.
__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;

/// The nearest 64-bit number: sums of amounts are held at its ends.
[[nodiscard]] constexpr std::int64_t held(int128 value) {
  if (value > INT64_MAX) return INT64_MAX;
  return value < INT64_MIN ? INT64_MIN : static_cast<std::int64_t>(value);
}

}  // namespace tailor::inline v0

#endif  // TAILOR_CORE_INT128_HPP
