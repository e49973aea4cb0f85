#ifndef TAILOR_ADAPTERS_NDJSON_HPP
#define TAILOR_ADAPTERS_NDJSON_HPP

#if !__has_include(<simdjson.h>)
#error \
    "tailor/adapters/ndjson.hpp needs simdjson: Debian package libsimdjson-dev; link tailor::ndjson"
#endif

#include <simdjson.h>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/errc.hpp"
#include "../core/result.hpp"
#include "../events/row_batch.hpp"
#include "../events/text_event.hpp"
#include "ndjson_paths.hpp"

namespace tailor::inline v0::adapters {

struct ndjson_options {
  std::size_t max_line_bytes = std::size_t{1} << 20;  ///< at most 1 GiB
};

namespace detail {

/// Whether a token is a number by the grammar of RFC 8259.
[[nodiscard]] constexpr bool is_json_number(std::string_view t) {
  std::size_t at = 0;
  const auto digits = [&] {
    const std::size_t first = at;
    while (at < t.size() && t[at] >= '0' && t[at] <= '9') ++at;
    return at - first;
  };
  if (at < t.size() && t[at] == '-') ++at;
  const bool zero = at < t.size() && t[at] == '0';
  const std::size_t whole = digits();
  if (whole == 0 || (zero && whole > 1)) return false;
  if (at < t.size() && t[at] == '.') {
    ++at;
    if (digits() == 0) return false;
  }
  if (at < t.size() && (t[at] == 'e' || t[at] == 'E')) {
    ++at;
    if (at < t.size() && (t[at] == '-' || t[at] == '+')) ++at;
    if (digits() == 0) return false;
  }
  return at == t.size();
}

[[nodiscard]] constexpr bool is_json_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

[[nodiscard]] inline errc code_of(simdjson::error_code fault) {
  switch (fault) {
    case simdjson::UTF8_ERROR:
    case simdjson::UNESCAPED_CHARS:
      return errc::not_text;
    case simdjson::CAPACITY:
      return errc::oversized;
    case simdjson::MEMALLOC:
      return errc::full;
    default:
      return errc::malformed;
  }
}

}  // namespace detail

/// Reads rows of text from JSON lines: one object per line, blank lines and a byte-order mark at
/// the start passed over. A name with dots is a path: "properties.product_id" is the member
/// product_id of the object properties. Strings and numbers are taken as they are written, so that
/// 12, "12" and 12.0 are the ids "12", "12" and "12.0", and no price goes through a double. null
/// and "" are absent.
///
/// A line is refused for a fault of its brackets, commas, strings or UTF-8, for text behind the
/// object, and for a wanted member that is there twice or is neither string, number nor null.
/// Members that nobody wants are skipped, not checked further: nesting costs nothing there.
///
///     ndjson_reader rows(text);
///     while (rows.next()) {
///       if (rows.fault()) use(rows.fields()); else report(rows.number(), rows.fault().error());
///     }
///
/// Cost: about 100 ns for a line of 170 bytes. Memory: twice the longest line. The text has to
/// outlive the reader.
class ndjson_reader {
 public:
  explicit ndjson_reader(std::string_view text, const events::field_names& names = {},
                         const ndjson_options& options = {})
      : text_(text), options_(options), paths_(names) {
    constexpr std::string_view mark = "\xef\xbb\xbf";
    if (text_.substr(0, mark.size()) == mark) next_begin_ = mark.size();
  }

  /// Goes to the next line that is not blank, good or bad; false at the end.
  bool next() {
    while (next_begin_ < text_.size()) {
      const std::size_t begin = next_begin_;
      const std::size_t end = (std::min)(text_.find('\n', begin), text_.size());
      next_begin_ = end + 1;
      ++number_;
      const std::string_view line = text_.substr(begin, end - begin);
      if (std::all_of(line.begin(), line.end(), detail::is_json_space)) continue;
      fields_ = {};
      seen_ = 0;
      memory_ = events::name_memory::stays;
      fault_ = {};
      if (!read(line) && fault_ == errc::malformed && end == text_.size() &&
          *fault_.error().what == '\0')
        fault_ = errc::truncated;
      return true;
    }
    return false;
  }

  /// Whether the line is sound; if not: not_text for invalid UTF-8 and raw control characters,
  /// oversized, malformed with the name of the field for a wanted member, without one for all else;
  /// truncated instead when the text ends with that line and no line break.
  [[nodiscard]] const status& fault() const { return fault_; }

  /// The number of the line, from 1; blank lines count.
  [[nodiscard]] std::uint64_t number() const { return number_; }
  /// Bytes read so far, for showing progress.
  [[nodiscard]] std::size_t bytes_done() const { return (std::min)(next_begin_, text_.size()); }

  /// The row. Valid until `next`; if its memory stays, as long as the reader and the text: only
  /// strings with escapes are written anew. Precondition: `fault()` is ok.
  [[nodiscard]] const events::text_fields& fields() const { return fields_; }
  [[nodiscard]] events::name_memory memory() const { return memory_; }

 private:
  using object = simdjson::ondemand::object;
  using node_index = detail::member_paths::node_index;

  /// Where reading stops: keeps the fault. The readers below return whether all is well.
  bool stop(errc code, const char* field = "") {
    fault_ = error{code, field};
    return false;
  }
  bool stop(simdjson::error_code e) { return stop(detail::code_of(e)); }

  bool read(std::string_view line) {
    if (line.size() > options_.max_line_bytes) return stop(errc::oversized);
    if (line.size() > parser_.capacity()) {
      constexpr std::size_t least = 4096;
      if (const auto e = parser_.allocate(std::bit_ceil((std::max)(line.size(), least))))
        return stop(e);
    }
    line = with_padding(line);
    simdjson::ondemand::document document;
    const simdjson::padded_string_view padded(line.data(), line.size(),
                                              line.size() + simdjson::SIMDJSON_PADDING);
    if (const auto e = parser_.iterate(padded).get(document)) return stop(e);
    object o;
    if (const auto e = document.get_object().get(o)) return stop(e);
    if (!read(o, detail::member_paths::root)) return false;
    return document.current_location().error() == simdjson::OUT_OF_BOUNDS || stop(errc::malformed);
  }

  /// The parser reads some bytes beyond the end. The lines that follow provide them; where too few
  /// do, the rest of the text is copied to where there is room.
  [[nodiscard]] std::string_view with_padding(std::string_view line) {
    const auto begin = static_cast<std::size_t>(line.data() - text_.data());
    if (text_.size() - begin - line.size() >= simdjson::SIMDJSON_PADDING) {
      end_ = text_.data() + text_.size();
      return line;
    }
    if (tail_.empty()) {
      tail_begin_ = begin;
      tail_.assign(text_.begin() + static_cast<std::ptrdiff_t>(begin), text_.end());
      tail_.resize(tail_.size() + simdjson::SIMDJSON_PADDING, ' ');
    }
    end_ = tail_.data() + tail_.size();
    return {tail_.data() + (begin - tail_begin_), line.size()};
  }

  /// Recursion as deep as the deepest name, not as the input.
  bool read(object& o, node_index node) {
    std::size_t position = 0;
    for (auto each : o) {
      if (const auto e = each.error()) return stop(e);
      auto&& field = std::move(each).value_unsafe();  // in place: copies of it are costly
      node_index member = paths_.expected(node, position, field.key().raw(), end_);
      if (member == detail::member_paths::unexpected && !find(field, node, position, member))
        return false;
      if (member != detail::member_paths::unwanted && !take(field.value(), member)) return false;
      ++position;
    }
    return true;
  }

  bool find(simdjson::ondemand::field& field, node_index node, std::size_t position,
            node_index& member) {
    const char* const raw = field.key().raw();
    const void* const quote = std::memchr(raw, '"', static_cast<std::size_t>(end_ - raw));
    if (quote == nullptr) return stop(errc::malformed);
    const std::string_view key(raw,
                               static_cast<std::size_t>(static_cast<const char*>(quote) - raw));
    if (key.find('\\') != std::string_view::npos) {
      std::string_view unescaped;
      if (const auto e = field.unescaped_key().get(unescaped)) return stop(e);
      member = paths_.find(node, unescaped);
      return true;
    }
    member = paths_.find(node, key);
    paths_.remember(node, position, key, member);
    return true;
  }

  bool take(simdjson::ondemand::value& value, node_index node) {
    std::string_view token = value.raw_json_token();
    if (token.empty()) return stop(errc::malformed);
    while (detail::is_json_space(token.back())) token.remove_suffix(1);  // it begins with no space
    const std::uint32_t fields = paths_.fields(node);
    const char first = token.front();
    if (first == '{' && paths_.has_members(node)) {
      object inner;
      if (const auto e = value.get_object().get(inner)) return stop(e);
      return read(inner, node);
    }
    if ((seen_ & fields) != 0) return stop(errc::malformed, name_of_first(fields));
    seen_ |= fields;
    std::string_view text;
    if (token == "null") {
      return true;
    } else if (fields == 0) {
      return stop(errc::malformed, "object");
    } else if (first == '"') {
      if (token.size() < 2 || token.back() != '"') return stop(errc::malformed);
      text = token.substr(1, token.size() - 2);
      if (text.find('\\') != std::string_view::npos) {
        if (value.get_string().get(text)) return stop(errc::malformed, name_of_first(fields));
        memory_ = events::name_memory::passes;
      }
    } else if (detail::is_json_number(token)) {
      text = token;
    } else {
      return stop(errc::malformed, name_of_first(fields));
    }
    for (std::uint32_t left = fields; left != 0; left &= left - 1)
      fields_.*detail::row_fields[static_cast<std::size_t>(std::countr_zero(left))].text = text;
    return true;
  }

  [[nodiscard]] static const char* name_of_first(std::uint32_t fields) {
    return detail::row_fields[static_cast<std::size_t>(std::countr_zero(fields))].name;
  }

  std::string_view text_;
  ndjson_options options_;
  detail::member_paths paths_;
  simdjson::ondemand::parser parser_;
  std::vector<char> tail_;  // the last lines, with room behind them
  std::size_t tail_begin_ = 0;
  const char* end_ = nullptr;  // of what may be read behind the current line
  std::size_t next_begin_ = 0;
  std::uint64_t number_ = 0;
  events::text_fields fields_;
  std::uint32_t seen_ = 0;
  events::name_memory memory_ = events::name_memory::stays;
  status fault_;
};

}  // namespace tailor::inline v0::adapters

#endif  // TAILOR_ADAPTERS_NDJSON_HPP
