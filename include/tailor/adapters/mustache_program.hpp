#ifndef TAILOR_ADAPTERS_MUSTACHE_PROGRAM_HPP
#define TAILOR_ADAPTERS_MUSTACHE_PROGRAM_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "../core/result.hpp"

namespace tailor::inline v0::adapters::detail::mustache {

enum class op_kind : std::uint8_t {
  text,      // as it stands
  line,      // here a line begins: a partial that is indented puts its indentation
  variable,  // escaped
  raw,       // not escaped
  section,
  inverted,
  partial
};

/// A step of a compiled template. All text is a piece of the template's own.
struct op {
  op_kind kind{};
  std::uint32_t begin = 0;  // of the text or the name
  std::uint32_t size = 0;
  std::uint32_t end = 0;     // of a section: the step after its body; of a partial: its indentation
  std::uint32_t indent = 0;  // size of it; alone on its line or not, nothing is no indentation
  bool alone = false;        // a partial alone on its line
};

struct program {
  std::string text;
  std::vector<op> ops;

  [[nodiscard]] std::string_view piece(std::uint32_t begin, std::uint32_t size) const {
    return std::string_view(text).substr(begin, size);
  }
};

[[nodiscard]] constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }
[[nodiscard]] constexpr bool is_space(char c) { return is_blank(c) || c == '\r' || c == '\n'; }

/// Compiles a template in one pass. Errors have the offset of the tag.
class compiler {
 public:
  /// `text` shorter than 2^32 bytes.
  compiler(std::string_view text, std::size_t depth, std::vector<op>& ops)
      : text_(text), depth_(depth), ops_(&ops) {}

  status run() {
    while (true) {
      const std::size_t open = text_.find(open_, at_);
      if (open == std::string_view::npos) break;
      tag t;
      if (const status s = read(open, t); !s) return s;
      if (const status s = take(t); !s) return s;
    }
    put_text(at_, text_.size());
    if (!sections_.empty()) {
      return error{errc::malformed, "section is not closed", sections_.back().tag};
    }
    return {};
  }

 private:
  struct tag {
    char sigil = 0;  // 0 for a variable
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t name = 0;  // where it begins, without the space around it
    std::size_t size = 0;
  };
  struct open_section {
    std::size_t op;
    std::size_t tag;
  };

  [[nodiscard]] std::string_view name_of(const tag& t) const {
    return text_.substr(t.name, t.size);
  }

  /// Where `last` stands before the closing delimiter, from `from` on; npos when it does not.
  [[nodiscard]] std::size_t find_before_close(char last, std::size_t from) const {
    for (std::size_t i = text_.find(last, from); i != std::string_view::npos;
         i = text_.find(last, i + 1)) {
      if (text_.substr(i + 1).starts_with(close_)) return i;
    }
    return std::string_view::npos;
  }

  status read(std::size_t open, tag& t) const {
    t.begin = open;
    std::size_t name = open + open_.size();
    constexpr std::string_view sigils = "!#^/>&{=<$";
    if (name < text_.size() && sigils.find(text_[name]) != std::string_view::npos) {
      t.sigil = text_[name++];
    }
    const char last = t.sigil == '{' ? '}' : t.sigil == '=' ? '=' : '\0';
    const std::size_t end = last != 0 ? find_before_close(last, name) : text_.find(close_, name);
    if (end == std::string_view::npos) return error{errc::malformed, "tag is not closed", open};
    t.end = end + (last != 0 ? 1u : 0u) + close_.size();
    t.name = name;
    t.size = end - name;
    while (t.size > 0 && is_space(text_[t.name])) {
      ++t.name;
      --t.size;
    }
    while (t.size > 0 && is_space(text_[t.name + t.size - 1])) --t.size;
    return {};
  }

  status take(const tag& t) {
    if (t.sigil == '<' || t.sigil == '$') {
      return error{errc::unknown, "templates are not inherited", t.begin};
    }
    if (t.sigil != '!' && t.sigil != '=') {
      if (const status s = check_name(t); !s) return s;
    }
    std::size_t line = t.begin;  // where the space before the tag begins
    std::size_t next = t.end;
    const bool alone = stands_alone(t, line, next);
    put_text(at_, alone ? line : t.begin);
    if (!alone && line_begins_) put({.kind = op_kind::line});
    line_begins_ = alone;
    at_ = next;
    switch (t.sigil) {
      case '!':
        return {};
      case '=':
        return set_delimiters(t);
      case '#':
      case '^':
        if (sections_.size() >= depth_) return error{errc::full, "depth", t.begin};
        sections_.push_back({ops_->size(), t.begin});
        put_name(t.sigil == '#' ? op_kind::section : op_kind::inverted, t);
        return {};
      case '/':
        return close_section(t);
      case '>':
        put_name(op_kind::partial, t);
        ops_->back().alone = alone;
        ops_->back().end = static_cast<std::uint32_t>(line);
        ops_->back().indent = static_cast<std::uint32_t>(alone ? t.begin - line : 0);
        return {};
      default:
        put_name(t.sigil == 0 ? op_kind::variable : op_kind::raw, t);
        return {};
    }
  }

  /// A name is "." or parts that are not empty between points; that of a partial is not taken
  /// apart.
  status check_name(const tag& t) const {
    const std::string_view name = name_of(t);
    if (name.empty()) return error{errc::malformed, "tag without a name", t.begin};
    for (const char c : name) {
      if (is_space(c)) return error{errc::malformed, "space in a name", t.begin};
    }
    if (t.sigil == '>') {
      if (name[0] == '*') return error{errc::unknown, "names of partials are fixed", t.begin};
      return {};
    }
    if (name == ".") return {};
    if (name[0] == '.' || name.back() == '.' || name.find("..") != std::string_view::npos) {
      return error{errc::malformed, "empty part of a name", t.begin};
    }
    return {};
  }

  /// Whether nothing but space is on the tag's line; then this line vanishes: `line` becomes where
  /// it begins, `next` where the next one does. Variables never do.
  bool stands_alone(const tag& t, std::size_t& line, std::size_t& next) const {
    if (t.sigil == 0 || t.sigil == '&' || t.sigil == '{') return false;
    std::size_t before = t.begin;
    while (before > at_ && is_blank(text_[before - 1])) --before;
    if (before > 0 && text_[before - 1] != '\n') return false;
    std::size_t after = t.end;
    while (after < text_.size() && is_blank(text_[after])) ++after;
    if (after < text_.size()) {
      if (text_.substr(after).starts_with("\r\n")) ++after;
      if (text_[after] != '\n') return false;
      ++after;
    }
    line = before;
    next = after;
    return true;
  }

  status set_delimiters(const tag& t) {
    const std::string_view both = name_of(t);
    std::size_t gap = 0;
    while (gap < both.size() && !is_space(both[gap])) ++gap;
    std::size_t second = gap;
    while (second < both.size() && is_space(both[second])) ++second;
    const std::string_view open = both.substr(0, gap);
    const std::string_view close = both.substr(second);
    bool fine = !open.empty() && !close.empty();
    for (const std::string_view d : {open, close}) {
      for (const char c : d) fine = fine && !is_space(c) && c != '=';
    }
    if (!fine) return error{errc::malformed, "delimiters", t.begin};
    open_ = open;
    close_ = close;
    return {};
  }

  status close_section(const tag& t) {
    if (sections_.empty()) return error{errc::malformed, "no section is open", t.begin};
    op& begin = (*ops_)[sections_.back().op];
    if (text_.substr(begin.begin, begin.size) != name_of(t)) {
      return error{errc::malformed, "another section is open", t.begin};
    }
    begin.end = static_cast<std::uint32_t>(ops_->size());
    sections_.pop_back();
    return {};
  }

  void put(const op& o) { ops_->push_back(o); }
  void put_name(op_kind kind, const tag& t) {
    put({.kind = kind,
         .begin = static_cast<std::uint32_t>(t.name),
         .size = static_cast<std::uint32_t>(t.size)});
  }
  /// Line by line.
  void put_text(std::size_t from, std::size_t to) {
    while (from < to) {
      const std::size_t newline = text_.find('\n', from);
      const std::size_t end = newline < to ? newline + 1 : to;
      if (line_begins_) put({.kind = op_kind::line});
      put({.kind = op_kind::text,
           .begin = static_cast<std::uint32_t>(from),
           .size = static_cast<std::uint32_t>(end - from)});
      line_begins_ = newline < to;
      from = end;
    }
  }

  std::string_view text_;
  std::size_t depth_;
  std::vector<op>* ops_;
  std::vector<open_section> sections_;
  std::string_view open_ = "{{";
  std::string_view close_ = "}}";
  std::size_t at_ = 0;
  bool line_begins_ = true;
};

}  // namespace tailor::inline v0::adapters::detail::mustache

#endif  // TAILOR_ADAPTERS_MUSTACHE_PROGRAM_HPP
