#ifndef TAILOR_ADAPTERS_ARROW_FORMAT_HPP
#define TAILOR_ADAPTERS_ARROW_FORMAT_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "../core/decimal.hpp"
#include "../core/errc.hpp"
#include "../core/result.hpp"

namespace tailor::inline v0::adapters {

/// The physical types that are read.
enum class arrow_type : std::uint8_t {
  null,
  int8,
  int16,
  int32,
  int64,
  uint8,
  uint16,
  uint32,
  uint64,
  float32,
  float64,
  decimal128,
  text32,  ///< "u", offsets of 32 bits
  text64,  ///< "U", offsets of 64 bits
  text_view,
};

enum class arrow_unit : std::uint8_t { none, seconds, milliseconds, microseconds, nanoseconds };

/// What a format string says.
struct arrow_format {
  arrow_type type = arrow_type::null;
  arrow_unit unit = arrow_unit::none;  ///< of a timestamp, which is an int64
  bool has_zone = false;               ///< then the timestamp is UTC, otherwise local time
  std::int32_t scale = 0;              ///< of a decimal128: units of 10^-scale

  [[nodiscard]] bool is_text() const { return type >= arrow_type::text32; }
  [[nodiscard]] bool is_integer() const {
    return type >= arrow_type::int8 && type <= arrow_type::uint64 && unit == arrow_unit::none;
  }
};

/// Reads a format string. unknown for types that are not read, malformed for a decimal that is not
/// one.
[[nodiscard]] inline result<arrow_format> parse_arrow_format(const char* text) {
  if (text == nullptr) return errc::malformed;
  const std::string_view f(text);
  using t = arrow_type;
  constexpr struct {
    std::string_view text;
    t type;
  } plain[] = {{"n", t::null},   {"c", t::int8},      {"s", t::int16},   {"i", t::int32},
               {"l", t::int64},  {"C", t::uint8},     {"S", t::uint16},  {"I", t::uint32},
               {"L", t::uint64}, {"f", t::float32},   {"g", t::float64}, {"u", t::text32},
               {"U", t::text64}, {"vu", t::text_view}};
  for (const auto& p : plain) {
    if (p.text == f) return arrow_format{p.type};
  }
  if (f.size() >= 4 && f.substr(0, 2) == "ts" && f[3] == ':') {
    const std::size_t unit = std::string_view("smun").find(f[2]);
    if (unit == std::string_view::npos) return errc::unknown;
    return arrow_format{t::int64, static_cast<arrow_unit>(unit + 1), f.size() > 4};
  }
  if (f.substr(0, 2) == "d:") {
    const std::string_view rest = f.substr(2);
    const std::size_t comma = rest.find(',');
    if (comma == std::string_view::npos) return errc::malformed;
    const std::string_view tail = rest.substr(comma + 1);
    const std::size_t width = tail.find(',');
    if (width != std::string_view::npos && tail.substr(width + 1) != "128") return errc::unknown;
    const auto scale = parse_int<std::int32_t>(tail.substr(0, width));
    if (!scale || *scale < -38 || *scale > 38) return errc::malformed;
    return arrow_format{t::decimal128, arrow_unit::none, false, *scale};
  }
  return errc::unknown;
}

}  // namespace tailor::inline v0::adapters

#endif  // TAILOR_ADAPTERS_ARROW_FORMAT_HPP
