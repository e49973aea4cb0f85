#ifndef TAILOR_CORE_UTF8_HPP
#define TAILOR_CORE_UTF8_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "errc.hpp"
#include "hash.hpp"
#include "result.hpp"

namespace tailor::inline v0 {

namespace detail {

/// How many bytes the well-formed character at the front of `text` takes; 0 if there is none.
/// The ranges are table 3-7 of the Unicode standard: no surrogates, no overlong forms, no more than
/// U+10FFFF.
[[nodiscard]] constexpr std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const auto within = [](unsigned b, unsigned low, unsigned high) { return b >= low && b <= high; };
  const auto continues = [&](std::size_t i) { return within(byte(i), 0x80, 0xbf); };
  if (text.empty()) return 0;
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (within(lead, 0xc2, 0xdf)) return continues(1) ? 2 : 0;
  if (within(lead, 0xe0, 0xef)) {
    const unsigned low = lead == 0xe0 ? 0xa0 : 0x80;
    const unsigned high = lead == 0xed ? 0x9f : 0xbf;
    return within(byte(1), low, high) && continues(2) ? 3 : 0;
  }
  if (within(lead, 0xf0, 0xf4)) {
    const unsigned low = lead == 0xf0 ? 0x90 : 0x80;
    const unsigned high = lead == 0xf4 ? 0x8f : 0xbf;
    return within(byte(1), low, high) && continues(2) && continues(3) ? 4 : 0;
  }
  return 0;
}

/// Whether the well-formed character at the front is a control: U+0000 to U+001F, U+007F to U+009F.
[[nodiscard]] constexpr bool is_control(std::string_view character) {
  const auto lead = static_cast<unsigned char>(character[0]);
  if (lead < 0x80) return lead < 0x20 || lead == 0x7f;
  return lead == 0xc2 && static_cast<unsigned char>(character[1]) < 0xa0;
}

/// Whether eight bytes are all ASCII and no control.
[[nodiscard]] inline bool all_printable_ascii(const char* eight) {
  constexpr std::uint64_t ones = 0x0101010101010101u;
  const std::uint64_t w = load_u64(eight);
  const std::uint64_t below_space = (w - ones * 0x20) & ~w;
  const std::uint64_t del = w ^ ones * 0x7f;
  const std::uint64_t is_del = (del - ones) & ~del;
  return ((w | below_space | is_del) & ones * 0x80) == 0;
}

}  // namespace detail

/// Whether the bytes are well-formed UTF-8 without control characters (tab and line ends are
/// controls). not_text with the offset of the first byte that is not. Invisible and right-to-left
/// marks pass: they are text.
[[nodiscard]] inline status check_text(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (text.size() - at >= 8 && detail::all_printable_ascii(text.data() + at)) {
      at += 8;
      continue;
    }
    const std::size_t length = detail::character_length(text.substr(at));
    if (length == 0 || detail::is_control(text.substr(at))) return error{errc::not_text, "", at};
    at += length;
  }
  return {};
}

/// Whether the bytes are well-formed UTF-8, controls or not.
[[nodiscard]] inline bool is_valid_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (text.size() - at >= 8 && (detail::load_u64(text.data() + at) & 0x8080808080808080u) == 0) {
      at += 8;
      continue;
    }
    const std::size_t length = detail::character_length(text.substr(at));
    if (length == 0) return false;
    at += length;
  }
  return true;
}

/// Whether a control character is among the bytes; those that are not UTF-8 are passed over.
[[nodiscard]] inline bool has_control(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = detail::character_length(text.substr(at));
    if (length != 0 && detail::is_control(text.substr(at))) return true;
    at += length == 0 ? 1 : length;
  }
  return false;
}

/// Appends `bytes` to `out` so that they can stand in a log or a line of text: controls,
/// backslashes and what is not UTF-8 become \xNN per byte, all else stays. Different bytes give
/// different text.
inline void append_escaped(std::string& out, std::string_view bytes) {
  constexpr char digits[] = "0123456789abcdef";
  while (!bytes.empty()) {
    const std::size_t length = detail::character_length(bytes);
    const std::string_view character = bytes.substr(0, length == 0 ? 1 : length);
    if (length == 0 || detail::is_control(character) || character == "\\") {
      for (const char c : character) {
        const auto byte = static_cast<unsigned char>(c);
        out.append({'\\', 'x', digits[byte >> 4], digits[byte & 15]});
      }
    } else {
      out += character;
    }
    bytes.remove_prefix(character.size());
  }
}

}  // namespace tailor::inline v0

#endif  // TAILOR_CORE_UTF8_HPP
