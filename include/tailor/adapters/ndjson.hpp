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
#include "ndjson_lines.hpp"
#include "ndjson_paths.hpp"

namespace tailor::inline v0::adapters {

struct ndjson_options {
  std::size_t max_line_bytes = std::size_t{1} << 20;  ///< at most 1 GiB
};

namespace detail {

/// Whether a token is a number by the grammar of RFC 8259.
[[nodiscard]] constexpr bool is_json_number(std::string_view t) {
  const char* at = t.data();
  const char* const end = at + t.size();
  const auto no_digits = [&at, end] {
    const char* const first = at;
    while (at != end && *at >= '0' && *at <= '9') ++at;
    return at == first;
  };
  if (at != end && *at == '-') ++at;
  const char* const whole = at;
  if (no_digits() || (*whole == '0' && at - whole > 1)) return false;
  if (at == end) return true;
  if (*at == '.') {
    ++at;
    if (no_digits()) return false;
  }
  if (at != end && (*at == 'e' || *at == 'E')) {
    ++at;
    if (at != end && (*at == '-' || *at == '+')) ++at;
    if (no_digits()) return false;
  }
  return at == end;
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
/// Blocks of lines are parsed at once; behind a bad line, the rest of its block is parsed line by
/// line. Memory: half a megabyte, or some ten times the longest line. The text has to outlive the
/// reader.
class ndjson_reader {
 public:
  explicit ndjson_reader(std::string_view text, const events::field_names& names = {},
                         const ndjson_options& options = {})
      : paths_(names), lines_(text, options.max_line_bytes) {}

  ndjson_reader(const ndjson_reader&) = delete;  // simdjson's iterators point into it
  ndjson_reader& operator=(const ndjson_reader&) = delete;

  /// Goes to the next line that is not blank, good or bad; false at the end.
  bool next() {
    for (;;) {
      if (!lines_.next()) {
        if (!lines_.load()) return false;
        has_array_ = false;
        continue;
      }
      fields_ = {};
      seen_ = 0;
      memory_ = events::name_memory::stays;
      fault_ = {};
      if (read_line()) return true;
      // The parser cannot go on behind a fault, and it may be another line's.
      if (lines_.alone()) {
        if (fault_ == errc::malformed && lines_.at_open_end() &&
            (*fault_.error().what == '\0' || !lines_.ends_with('}'))) {
          fault_ = errc::truncated;
        }
        return true;
      }
      lines_.reload_alone();
      has_array_ = false;
    }
  }

  /// Whether the line is sound; if not: not_text for invalid UTF-8 and raw control characters,
  /// oversized, malformed with the name of the field for a wanted member, without one for all else;
  /// truncated instead when the text ends with that line and no line break.
  [[nodiscard]] const status& fault() const { return fault_; }

  /// The number of the line, from 1; blank lines count.
  [[nodiscard]] std::uint64_t number() const { return lines_.number(); }
  /// Bytes read so far, for showing progress.
  [[nodiscard]] std::size_t bytes_done() const { return lines_.bytes_done(); }

  /// The row. Valid until `next`; if its memory stays, as long as the reader and the text: only
  /// strings with escapes are written anew. Precondition: `fault()` is ok.
  [[nodiscard]] const events::text_fields& fields() const { return fields_; }
  [[nodiscard]] events::name_memory memory() const { return memory_; }

 private:
  using object = simdjson::ondemand::object;

  /// Where reading stops: keeps the fault. The readers below return whether all is well.
  bool stop(errc code, const char* field = "") {
    fault_ = error{code, field};
    return false;
  }
  bool stop(simdjson::error_code e) { return stop(detail::code_of(e)); }

  bool read_line() {
    if (lines_.is_oversized()) return stop(errc::oversized);
    if (has_array_) {
      ++element_;
    } else if (!start_array()) {
      return false;
    }
    if (element_ == simdjson::ondemand::array_iterator()) return stop(errc::malformed);  // the end
    object o;
    if (const auto e = (*element_).get_object().get(o)) return stop(e);
    if (!read(o, detail::member_paths::root)) return false;
    // What comes next has to be the mark where the line ended, or the object goes on elsewhere.
    const char* behind = nullptr;
    if (const auto e = document_.current_location().get(behind)) return stop(e);
    return behind == lines_.end_mark() || stop(errc::malformed);
  }

  bool start_array() {
    const simdjson::padded_string_view array = lines_.array();
    if (array.length() > parser_.capacity()) {
      if (const auto e = parser_.allocate(std::bit_ceil(array.length()))) return stop(e);
    }
    simdjson::ondemand::array elements;
    if (const auto e = parser_.iterate(array).get(document_)) return stop(e);
    if (const auto e = document_.get_array().get(elements)) return stop(e);
    if (const auto e = elements.begin().get(element_)) return stop(e);
    has_array_ = true;
    return true;
  }

  /// Recursion as deep as the deepest name, not as the input.
  bool read(object& o, detail::member_index node) {
    const detail::key_memory& seen = paths_.seen(node);
    std::size_t position = 0;
    for (auto each : o) {
      if (const auto e = each.error()) return stop(e);
      auto&& field = std::move(each).value_unsafe();  // in place: copies of it are costly
      detail::member_index member = seen.expected(position, field.key().raw());
      if (member == detail::unexpected_member && !find(field, node, position, member)) return false;
      if (member != detail::unwanted_member && !take(field.value(), member)) return false;
      ++position;
    }
    return true;
  }

  bool find(simdjson::ondemand::field& field, detail::member_index node, std::size_t position,
            detail::member_index& member) {
    const char* const raw = field.key().raw();
    const void* const quote = std::memchr(raw, '"', lines_.left_behind(raw));
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
    paths_.seen(node).remember(position, lines_.in_text({raw, key.size() + 1}), member);
    return true;
  }

  bool take(simdjson::ondemand::value& value, detail::member_index node) {
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
    if (first == '}' || first == ']' || first == ',') return stop(errc::malformed);  // no value
    if ((seen_ & fields) != 0) return stop(errc::malformed, name_of_first(fields));
    seen_ |= fields;
    std::string_view text;
    if (token == "null") {
      return true;
    } else if (fields == 0) {
      return stop(errc::malformed, "object");
    } else if (first == '"') {
      if (token.size() < 2 || token.back() != '"') return stop(errc::malformed);
      const std::string_view inside = token.substr(1, token.size() - 2);
      if (inside.find('\\') == std::string_view::npos) {
        text = lines_.in_text(inside);
      } else {
        if (value.get_string().get(text)) return stop(errc::malformed, name_of_first(fields));
        memory_ = events::name_memory::passes;
      }
    } else if (detail::is_json_number(token)) {
      text = lines_.in_text(token);
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

  detail::member_paths paths_;
  detail::line_block lines_;
  simdjson::ondemand::parser parser_;
  simdjson::ondemand::document document_;
  simdjson::ondemand::array_iterator element_;  // of the current line
  bool has_array_ = false;                      // whether the block is being parsed
  events::text_fields fields_;
  std::uint32_t seen_ = 0;
  events::name_memory memory_ = events::name_memory::stays;
  status fault_;
};

}  // namespace tailor::inline v0::adapters

#endif  // TAILOR_ADAPTERS_NDJSON_HPP
