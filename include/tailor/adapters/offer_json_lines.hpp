#ifndef TAILOR_ADAPTERS_OFFER_JSON_LINES_HPP
#define TAILOR_ADAPTERS_OFFER_JSON_LINES_HPP

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "../core/decimal.hpp"
#include "../core/errc.hpp"
#include "../core/utf8.hpp"
#include "offer_json_unescape.hpp"

namespace tailor::inline v0::adapters {

namespace detail {

/// A value that is looked for, and the line it begins on.
struct wanted_line {
  std::vector<std::string> words;  ///< of its JSON pointer
  std::size_t line = 0;            ///< of the deepest value on the way to it that is there
  std::size_t depth = 0;           ///< how many values were found on the way, the document included
  std::size_t who = 0;

  [[nodiscard]] bool found() const { return depth == words.size() + 1; }
};

/// The words of a JSON pointer (RFC 6901).
[[nodiscard]] inline std::vector<std::string> words_of_pointer(std::string_view pointer) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < pointer.size(); ++at) {
    const char c = pointer[at];
    if (c == '/') {
      out.emplace_back();
    } else if (!out.empty()) {
      const bool escape = c == '~' && at + 1 < pointer.size();
      out.back() += !escape ? c : pointer[++at] == '1' ? '/' : '~';
    }
  }
  return out;
}

/// Where a text stops being JSON.
struct json_stop {
  errc code = errc::ok;
  const char* what = "";
  std::size_t line = 0;
};

/// Walks a JSON text (RFC 8259) once, without recursion. Only for documents with mistakes: the
/// parser itself does not say where things stand. Cost: O(bytes), and a search among the wanted for
/// each name on the way to one of them.
class json_walk {
 public:
  json_walk(std::string_view text, std::size_t most_depth) : text_(text), most_depth_(most_depth) {}

  /// Gives lines to the wanted values, in the order of their words when it is done, and says where
  /// the text stops being JSON.
  json_stop walk(std::vector<wanted_line>& wanted) {
    std::sort(wanted.begin(), wanted.end(), [](const wanted_line& a, const wanted_line& b) {
      return a.words != b.words ? a.words < b.words : a.who < b.who;
    });
    wanted_ = &wanted;
    if (value({0, wanted.size()})) {
      while (!open_.empty() && next()) {
      }
    }
    if (stop_.code == errc::ok && open_.empty()) {
      skip_space();
      if (at_ != text_.size()) fail(errc::malformed, "not JSON: text behind its end");
    }
    return stop_;
  }

 private:
  struct range {
    std::size_t low = 0;
    std::size_t high = 0;
  };
  struct level {
    bool object = false;
    std::size_t count = 0;
    range wanted;
  };

  bool fail(errc code, const char* what) {
    if (stop_.code == errc::ok) stop_ = {code, what, line_};
    return false;
  }
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  [[nodiscard]] bool digit() const { return tailor::detail::digit_of(peek()) <= 9; }
  bool take(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void skip_space() {
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c != ' ' && c != '\t' && c != '\r' && c != '\n') return;
      line_ += c == '\n' ? 1u : 0u;
    }
  }

  /// Those of a level whose next word is this.
  range narrowed(range r, std::string_view word) {
    const std::size_t depth = open_.size() - 1;  // a level that is open has given a word already
    const auto first = wanted_->begin();
    // A pointer that ends on the way comes before all that go on.
    const auto word_of = [depth](const wanted_line& w) -> std::string_view {
      return depth < w.words.size() ? std::string_view(w.words[depth]) : std::string_view();
    };
    const auto low = std::partition_point(
        first + static_cast<std::ptrdiff_t>(r.low), first + static_cast<std::ptrdiff_t>(r.high),
        [&](const wanted_line& w) { return w.words.size() <= depth || word_of(w) < word; });
    const auto high =
        std::partition_point(low, first + static_cast<std::ptrdiff_t>(r.high),
                             [&](const wanted_line& w) { return word_of(w) <= word; });
    return {static_cast<std::size_t>(low - first), static_cast<std::size_t>(high - first)};
  }
  void mark(range r) {
    const std::size_t depth = open_.size() + 1;
    if (r.low == r.high || (*wanted_)[r.low].depth >= depth) return;  // a member that comes again
    for (std::size_t i = r.low; i < r.high; ++i) {
      (*wanted_)[i].depth = depth;
      (*wanted_)[i].line = line_;
    }
  }

  /// A value; of a list or an object only its beginning.
  bool value(range wanted) {
    skip_space();
    mark(wanted);
    const char c = peek();
    if (c == '{' || c == '[') {
      if (open_.size() == most_depth_) return fail(errc::oversized, "JSON nested too deep");
      ++at_;
      open_.push_back({c == '{', 0, wanted});
      return true;
    }
    if (c == '"') return text(nullptr);
    if (c == '-' || digit()) return number();
    for (const std::string_view word : {"true", "false", "null"}) {
      if (text_.substr(at_, word.size()) != word) continue;
      at_ += word.size();
      return true;
    }
    return fail(errc::malformed, "not JSON: a value is missing here");
  }

  /// The next part of the innermost list or object, or its end.
  bool next() {
    level& in = open_.back();
    skip_space();
    if (take(in.object ? '}' : ']')) {
      open_.pop_back();
      return true;
    }
    if (in.count > 0 && !take(',')) return fail(errc::malformed, "not JSON: a comma is missing");
    const std::size_t index = in.count++;
    range wanted{};
    if (in.object) {
      skip_space();
      std::string_view name;
      if (!text(&name)) return false;
      if (in.wanted.low != in.wanted.high) {
        wanted = name.find('\\') == std::string_view::npos
                     ? narrowed(in.wanted, name)
                     : narrowed(in.wanted, unescaped_json(name));
      }
      skip_space();
      if (!take(':')) return fail(errc::malformed, "not JSON: a colon is missing");
    } else if (in.wanted.low != in.wanted.high) {
      wanted = narrowed(in.wanted, std::to_string(index));
    }
    return value(wanted);
  }

  bool text(std::string_view* out) {
    if (!take('"')) return fail(errc::malformed, "not JSON: a name in quotes is missing");
    const std::size_t start = at_;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '"') {
        if (out != nullptr) *out = text_.substr(start, at_ - start);
        ++at_;
        return true;
      }
      if (static_cast<unsigned char>(c) < 0x20) {
        return fail(errc::malformed, "not JSON: a line end or control character in a text");
      }
      if (c != '\\') continue;
      if (text_.substr(at_, 2) == "\\u") {
        const std::size_t size = unicode_escape(text_, at_);
        if (size == 0) return fail(errc::malformed, "not JSON: no such character, or half of one");
        at_ += size - 1;
        continue;
      }
      ++at_;
      if (std::string_view("\"\\/bfnrt").find(peek()) == std::string_view::npos) {
        return fail(errc::malformed, "not JSON: no such escape");
      }
    }
    return fail(errc::malformed, "not JSON: a text without an end");
  }

  bool number() {
    const std::size_t start = at_;
    take('-');
    const auto digits = [this] {
      const std::size_t first = at_;
      while (digit()) ++at_;
      return at_ - first;
    };
    const bool zero = peek() == '0';
    const std::size_t whole = digits();
    bool good = whole > 0 && (!zero || whole == 1);
    bool is_whole = true;
    if (take('.')) {
      good = digits() > 0 && good;
      is_whole = false;
    }
    if (take('e') || take('E')) {
      if (!take('-')) take('+');
      good = digits() > 0 && good;
      is_whole = false;
    }
    if (!good) return fail(errc::malformed, "not JSON: a number of another form");
    const std::string_view all = text_.substr(start, at_ - start);
    bool fits = true;
    if (is_whole) {
      fits = all[0] == '-' ? parse_int<std::int64_t>(all) != errc::overflow
                           : parse_int<std::uint64_t>(all) != errc::overflow;
    } else {
      double d = 0;
      const auto read = std::from_chars(all.data(), all.data() + all.size(), d);
      fits = read.ec != std::errc::result_out_of_range ||
             all.find("e-") != std::string_view::npos || all.find("E-") != std::string_view::npos;
    }
    return fits || fail(errc::overflow, "a number beyond 64 bits");
  }

  std::string_view text_;
  std::size_t most_depth_;
  std::vector<wanted_line>* wanted_ = nullptr;
  std::vector<level> open_{};
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  json_stop stop_{};
};

/// Why a text is no JSON that is read here, and on which line.
[[nodiscard]] inline json_stop why_not_json(std::string_view text, std::size_t most_depth) {
  if (text.starts_with("\xEF\xBB\xBF")) {
    return {errc::malformed, "not JSON: a byte order mark: save it without", 1};
  }
  std::size_t line = 1;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = tailor::detail::character_length(text.substr(at, 4));
    if (length == 0) return {errc::not_text, "not UTF-8", line};
    line += text[at] == '\n' ? 1u : 0u;
    at += length;
  }
  std::vector<wanted_line> nothing;
  return json_walk(text, most_depth).walk(nothing);
}

}  // namespace detail

/// How deep lists and objects of a document may nest; rules of 16 levels stay below.
inline constexpr std::size_t max_offer_json_depth = 128;

/// The line, from 1, on which the value begins that a JSON pointer (RFC 6901) into the document
/// names; 0 when it is not there. Of members that come twice, the first. Cost: O(bytes).
[[nodiscard]] inline std::size_t locate(std::string_view json, std::string_view pointer) {
  std::vector<detail::wanted_line> wanted{{.words = detail::words_of_pointer(pointer)}};
  static_cast<void>(detail::json_walk(json, max_offer_json_depth).walk(wanted));
  return wanted[0].found() ? wanted[0].line : 0;
}

}  // namespace tailor::inline v0::adapters

#endif  // TAILOR_ADAPTERS_OFFER_JSON_LINES_HPP
