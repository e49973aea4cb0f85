#ifndef TAILOR_CORE_JSON_WRITER_HPP
#define TAILOR_CORE_JSON_WRITER_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "config.hpp"

namespace tailor::inline v0 {

/// Appends JSON (RFC 8259) to `out`, piece by piece. What is opened, the caller closes; commas come
/// by themselves. Texts have to be UTF-8.
class json_writer {
 public:
  std::string out{};

  /// In quotes, with what must be escaped.
  void text(std::string_view s) {
    out += '"';
    for (const char c : s) {
      const auto byte = static_cast<unsigned char>(c);
      if (c == '"' || c == '\\') {
        out += '\\';
        out += c;
      } else if (byte < 0x20) {
        constexpr char digits[] = "0123456789abcdef";
        out += "\\u00";
        out += digits[byte >> 4];
        out += digits[byte & 15];
      } else {
        out += c;
      }
    }
    out += '"';
  }
  /// The name of a member, behind a comma where one is due.
  void member(std::string_view name) {
    if (out.back() != '{') out += ',';
    text(name);
    out += ':';
  }
  void member(std::string_view name, std::string_view value) {
    member(name);
    text(value);
  }
  void member(std::string_view name, std::int64_t value) {
    member(name);
    out += std::to_string(value);
  }
  /// Before an element of a list, where one is due.
  void comma() {
    if (out.back() != '[') out += ',';
  }
};

/// A list of values, each on a line of its own, as `writer.write(value)` writes one.
template <class Writer, class Value>
[[nodiscard]] std::string json_list(Writer writer, std::span<const Value> all) {
  writer.out = "[";
  for (std::size_t i = 0; i < all.size(); ++i) {
    writer.out += i == 0 ? "\n" : ",\n";
    writer.write(all[i]);
  }
  writer.out += all.empty() ? "]\n" : "\n]\n";
  return std::move(writer.out);
}

}  // namespace tailor::inline v0

#endif  // TAILOR_CORE_JSON_WRITER_HPP
