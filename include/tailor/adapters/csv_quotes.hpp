#ifndef TAILOR_ADAPTERS_CSV_QUOTES_HPP
#define TAILOR_ADAPTERS_CSV_QUOTES_HPP

#include <cstddef>
#include <string_view>

#include "../core/config.hpp"

namespace tailor::inline v0::adapters::detail {

/// The first quote that may not be where it is in a field that has quotes: its size when the field
/// is opened and not closed; npos when all is well.
[[nodiscard]] constexpr std::size_t wrong_quote(std::string_view field) {
  if (field.empty() || field[0] != '"') return field.empty() ? 0 : field.find('"');
  for (std::size_t k = 1; k < field.size(); ++k) {
    if (field[k] != '"') continue;
    if (k + 1 == field.size()) return std::string_view::npos;
    if (field[k + 1] != '"') return k;
    ++k;
  }
  return field.size();
}

/// Writes what stands between the quotes of a field to `out`, each doubled quote once, and returns
/// its size, which is at most that of `inner`.
constexpr std::size_t undouble_quotes(std::string_view inner, char* out) {
  std::size_t n = 0;
  for (std::size_t k = 0; k < inner.size(); ++k) {
    out[n++] = inner[k];
    if (inner[k] == '"') ++k;
  }
  return n;
}

}  // namespace tailor::inline v0::adapters::detail

#endif  // TAILOR_ADAPTERS_CSV_QUOTES_HPP
