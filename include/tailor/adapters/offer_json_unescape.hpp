#ifndef TAILOR_ADAPTERS_OFFER_JSON_UNESCAPE_HPP
#define TAILOR_ADAPTERS_OFFER_JSON_UNESCAPE_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tailor::inline v0::adapters::detail {

inline void append_utf8(std::string& out, std::uint32_t code) {
  const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) return put(code);
  if (code < 0x800) {
    put(0xc0 | code >> 6);
  } else {
    if (code < 0x10000) {
      put(0xe0 | code >> 12);
    } else {
      put(0xf0 | code >> 18);
      put(0x80 | (code >> 12 & 0x3f));
    }
    put(0x80 | (code >> 6 & 0x3f));
  }
  put(0x80 | (code & 0x3f));
}

/// The number that four hexadecimal digits from `at` on make; below 0 when there are none.
[[nodiscard]] constexpr std::int32_t hex4(std::string_view raw, std::size_t at) {
  std::int32_t code = 0;
  for (std::size_t i = at; i < at + 4; ++i) {
    const char c = i < raw.size() ? raw[i] : 'x';
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) return -1;
    code = code * 16 + digit;
  }
  return code;
}

/// How many bytes the escape \uXXXX at `at`, or the pair of them that makes one character, takes; 0
/// when it is none.
[[nodiscard]] constexpr std::size_t unicode_escape(std::string_view raw, std::size_t at) {
  const std::int32_t code = raw.substr(at, 2) == "\\u" ? hex4(raw, at + 2) : -1;
  if (code < 0 || (code >= 0xdc00 && code < 0xe000)) return 0;
  if (code < 0xd800 || code >= 0xe000) return 6;
  const std::int32_t low = raw.substr(at + 6, 2) == "\\u" ? hex4(raw, at + 8) : -1;
  return low >= 0xdc00 && low < 0xe000 ? 12 : 0;
}

/// The text that stands between the quotes of a JSON string. What is no escape stays as it is.
[[nodiscard]] inline std::string unescaped_json(std::string_view raw) {
  const auto hex = [raw](std::size_t at) { return hex4(raw, at); };
  std::string out;
  for (std::size_t at = 0; at < raw.size(); ++at) {
    if (raw[at] != '\\' || at + 1 == raw.size()) {
      out += raw[at];
      continue;
    }
    const char c = raw[++at];
    const std::size_t plain = std::string_view("bfnrt").find(c);
    if (plain != std::string_view::npos) {
      out += "\b\f\n\r\t"[plain];
    } else if (const std::size_t size = unicode_escape(raw, at - 1); size != 0) {
      auto code = static_cast<std::uint32_t>(hex(at + 1));
      if (size == 12) {
        code = 0x10000 + ((code - 0xd800) << 10) + static_cast<std::uint32_t>(hex(at + 7) - 0xdc00);
      }
      append_utf8(out, code);
      at += size - 2;
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace tailor::inline v0::adapters::detail

#endif  // TAILOR_ADAPTERS_OFFER_JSON_UNESCAPE_HPP
