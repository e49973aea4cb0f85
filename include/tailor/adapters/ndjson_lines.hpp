#ifndef TAILOR_ADAPTERS_NDJSON_LINES_HPP
#define TAILOR_ADAPTERS_NDJSON_LINES_HPP

#include <simdjson.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace tailor::inline v0::adapters::detail {

[[nodiscard]] constexpr bool is_json_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// Some lines of a text at a time, as a JSON array: a copy with commas for line breaks between
/// brackets. So the parser sees many lines at once, and its checks of a whole document hold. Every
/// byte has its place in the text, one further on for the bracket.
class line_block {
 public:
  line_block(std::string_view text, std::size_t max_line_bytes)
      : text_(text), max_line_bytes_(max_line_bytes) {
    constexpr std::string_view mark = "\xef\xbb\xbf";
    if (text_.substr(0, mark.size()) == mark) next_begin_ = mark.size();
  }

  /// Goes to the next line of the block that is not blank; false at the end of the block.
  bool next() {
    while (next_line_ < lines_.size()) {
      current_ = lines_[next_line_++];
      ++number_;
      if (!current_.blank) return true;
    }
    return false;
  }

  /// Takes the next lines; false at the end of the text.
  bool load() {
    if (next_begin_ >= text_.size()) return false;
    lines_.clear();
    next_line_ = 0;
    begin_ = next_begin_;
    array_.assign(1, '[');
    do {
      const std::size_t begin = next_begin_;
      const std::size_t end = (std::min)(text_.find('\n', begin), text_.size());
      const std::string_view bytes = text_.substr(begin, end - begin);
      const bool oversized = bytes.size() > max_line_bytes_;
      const bool large = array_.size() + bytes.size() > block_bytes;
      if (!lines_.empty() && (oversized || large)) break;
      next_begin_ = end + 1;
      const bool blank = std::all_of(bytes.begin(), bytes.end(), is_json_space);
      lines_.push_back({begin, end, blank});
      if (oversized) break;
      array_.insert(array_.end(), bytes.begin(), bytes.end());
      array_.push_back(blank ? ' ' : ',');
    } while (next_begin_ < text_.size() && next_begin_ >= alone_until_);
    array_.back() = ']';
    bytes_ = array_.size();
    array_.resize(bytes_ + simdjson::SIMDJSON_PADDING, ' ');
    return true;
  }

  /// Takes the current line and those that were to follow it again, one by one.
  void reload_alone() {
    alone_until_ = (std::max)(alone_until_, next_begin_);
    next_begin_ = current_.begin;
    --number_;
    lines_.clear();
    next_line_ = 0;
  }

  [[nodiscard]] bool alone() const { return lines_.size() == 1; }
  [[nodiscard]] bool is_oversized() const {
    return current_.end - current_.begin > max_line_bytes_;
  }
  /// Whether the text ends with the current line and without a line break.
  [[nodiscard]] bool at_open_end() const { return current_.end == text_.size(); }
  /// Whether the last byte of the current line that is not blank is `c`. Precondition: there is
  /// one.
  [[nodiscard]] bool ends_with(char c) const {
    std::size_t last = current_.end - 1;
    while (is_json_space(text_[last])) --last;
    return text_[last] == c;
  }
  [[nodiscard]] std::uint64_t number() const { return number_; }
  [[nodiscard]] std::size_t bytes_done() const {
    return number_ == 0 ? 0 : (std::min)(current_.end + 1, text_.size());
  }

  [[nodiscard]] simdjson::padded_string_view array() const {
    return simdjson::padded_string_view(array_.data(), bytes_, array_.size());
  }
  /// Where the comma or bracket behind the current line is.
  [[nodiscard]] const char* end_mark() const { return array_.data() + 1 + (current_.end - begin_); }
  /// Bytes of the array from `p` on.
  [[nodiscard]] std::size_t left_behind(const char* p) const {
    return static_cast<std::size_t>(array_.data() + bytes_ - p);
  }
  /// The same bytes where they lie in the text. Precondition: they are of lines.
  [[nodiscard]] std::string_view in_text(std::string_view part) const {
    const auto offset = static_cast<std::size_t>(part.data() - array_.data()) - 1;
    return {text_.data() + begin_ + offset, part.size()};
  }

 private:
  static constexpr std::size_t block_bytes = 32'768;

  struct line {
    std::size_t begin = 0, end = 0;  // in the text, without the line break
    bool blank = false;
  };

  std::string_view text_;
  std::size_t max_line_bytes_;
  std::vector<line> lines_;
  std::size_t next_line_ = 0;
  line current_;
  std::uint64_t number_ = 0;
  std::size_t begin_ = 0;        // of the block
  std::size_t next_begin_ = 0;   // of the next block
  std::size_t alone_until_ = 0;  // lines that begin before this are blocks of their own
  std::vector<char> array_;
  std::size_t bytes_ = 0;  // of the array, without the padding
};

}  // namespace tailor::inline v0::adapters::detail

#endif  // TAILOR_ADAPTERS_NDJSON_LINES_HPP
