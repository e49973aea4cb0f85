#ifndef TAILOR_CORE_COMPARISON_HPP
#define TAILOR_CORE_COMPARISON_HPP

#include <cstddef>
#include <cstdint>
#include <iterator>

#include "config.hpp"

namespace tailor::inline v0 {

/// How a number is compared with a bound.
enum class comparison : std::uint8_t { equal, not_equal, less, at_most, more, at_least };

/// As it is written; never null.
[[nodiscard]] constexpr const char* name_of(comparison c) {
  constexpr const char* names[] = {"=", "!=", "<", "<=", ">", ">="};
  const auto index = static_cast<std::size_t>(c);
  return index < std::size(names) ? names[index] : "unnamed";
}

[[nodiscard]] constexpr bool compares(std::int64_t a, comparison c, std::int64_t b) {
  switch (c) {
    case comparison::equal:
      return a == b;
    case comparison::not_equal:
      return a != b;
    case comparison::less:
      return a < b;
    case comparison::at_most:
      return a <= b;
    case comparison::more:
      return a > b;
    case comparison::at_least:
      return a >= b;
  }
  return false;
}

}  // namespace tailor::inline v0

#endif  // TAILOR_CORE_COMPARISON_HPP
