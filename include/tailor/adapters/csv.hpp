#ifndef TAILOR_ADAPTERS_CSV_HPP
#define TAILOR_ADAPTERS_CSV_HPP

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/contract.hpp"
#include "../core/result.hpp"
#include "csv_marks.hpp"
#include "csv_quotes.hpp"

namespace tailor::inline v0::adapters {

struct csv_options {
  char delimiter = ',';
  std::size_t max_fields = 4096;  ///< of one record. Not 0.
};

/// Reads CSV text (RFC 4180) record by record where it lies in memory: quoted fields, doubled
/// quotes, line breaks within quotes, LF or CRLF, a byte-order mark, a last line without a break.
/// The first record names the columns. Lines without a character are passed over.
///
/// Strict: a record with another number of fields, a quote within an unquoted field, or text after
/// a closing quote is a fault of that record; reading goes on behind the next line break after the
/// fault. So does reading after a quote that is never closed, and after too many fields.
///
///     auto rows = csv_reader::make(text, {});
///     const auto price = rows->column("UnitPrice");
///     while (rows->next()) {
///       if (rows->fault()) use((*rows)[*price]); else report(rows->number(), rows->fault());
///     }
///
/// Cost: about a nanosecond for each two to four bytes. Memory: some kilobytes, 16 bytes for each
/// field and, if it has doubled quotes, a copy of the longest record. The text has to outlive the
/// reader.
class csv_reader {
 public:
  /// Reads the header. truncated for an empty text, malformed "delimiter" when the header is one
  /// column that looks like several under another delimiter, and the faults of a record; `at` is
  /// the byte offset.
  [[nodiscard]] static result<csv_reader> make(std::string_view text, csv_options options = {}) {
    csv_reader reader(text, options);
    reader.columns_ = 0;
    if (!reader.next()) return error{errc::truncated, "header", text.size()};
    if (!reader.fault_) return error{reader.fault_.code(), "header", reader.fault_.error().at};
    for (std::size_t i = 0; i < reader.size(); ++i) reader.header_.emplace_back(reader[i]);
    if (reader.size() == 1) {
      for (const char other : {',', ';', '\t', '|'}) {
        if (other != options.delimiter && reader.header_[0].find(other) != std::string::npos) {
          return error{errc::malformed, "delimiter", reader.offset()};
        }
      }
    }
    reader.columns_ = reader.size();
    reader.number_ = 0;
    return reader;
  }

  [[nodiscard]] const std::vector<std::string>& header() const { return header_; }

  /// The index of a column. unknown, with the name, when there is none; malformed when there are
  /// two.
  [[nodiscard]] result<std::size_t> column(const char* name) const {
    std::size_t found = header_.size();
    for (std::size_t i = 0; i < header_.size(); ++i) {
      if (header_[i] != name) continue;
      if (found != header_.size()) return error{errc::malformed, name, i};
      found = i;
    }
    if (found == header_.size()) return error{errc::unknown, name};
    return found;
  }

  /// Goes to the next record, good or bad; false at the end.
  bool next() {
    while (true) {
      if (!fetch_record()) return false;
      const bool blank = size() == 1 && field_end(0) == field_begin(0);
      if (blank && columns_ != 1) continue;
      ++number_;
      judge();
      return true;
    }
  }

  /// Whether the record is sound; if not, malformed "fields" (their number), "quote" (one where
  /// none may be), truncated "quote" (one that is never closed) or oversized "fields" (more than
  /// the options permit), with the byte offset.
  [[nodiscard]] const status& fault() const { return fault_; }

  /// The number of the record: 1 is the one after the header.
  [[nodiscard]] std::uint64_t number() const { return number_; }
  /// Where the record begins in the text.
  [[nodiscard]] std::size_t offset() const { return begin_; }
  /// Bytes read so far, for showing progress.
  [[nodiscard]] std::size_t bytes_done() const { return next_begin_; }

  /// Fields in the record.
  [[nodiscard]] std::size_t size() const { return last_ - first_; }

  /// A field, unquoted. Valid until `next`. Precondition: `fault()` is ok and `i < size()`.
  [[nodiscard]] std::string_view operator[](std::size_t i) {
    TAILOR_EXPECTS(i < size());
    std::size_t begin = field_begin(i);
    std::size_t end = field_end(i);
    if (!marks_[first_ + i].quoted) return text_.substr(begin, end - begin);
    ++begin;
    --end;
    const std::string_view inner = text_.substr(begin, end - begin);
    if (inner.find('"') == std::string_view::npos) return inner;
    // Doubled quotes: unescaped into a copy as long as the record, at the same place, so that no
    // field moves another.
    const std::size_t record_size = marks_[last_ - 1].at - begin_;
    if (unescaped_.size() < record_size) unescaped_.resize(record_size);
    char* const out = unescaped_.data() + (begin - begin_);
    return {out, detail::undouble_quotes(inner, out)};
  }

 private:
  /// The end of a field: a delimiter, a line break or the end of the text.
  struct mark {
    std::size_t at;
    bool ends_record;
    bool quoted;  ///< a quote stands in the field
  };

  csv_reader(std::string_view text, csv_options options) : text_(text), options_(options) {
    if (text_.substr(0, 3) == "\xEF\xBB\xBF") restart(3);
  }

  static constexpr std::size_t shortest_stretch = 128;
  static constexpr std::size_t longest_stretch = 8192;

  [[nodiscard]] std::size_t field_begin(std::size_t i) const {
    return i == 0 ? begin_ : marks_[first_ + i - 1].at + 1;
  }
  [[nodiscard]] std::size_t field_end(std::size_t i) const {
    const mark& m = marks_[first_ + i];
    const bool crlf = m.ends_record && m.at > field_begin(i) && text_[m.at - 1] == '\r';
    return m.at - crlf;
  }

  /// Continues at `from`, outside of quotes.
  void restart(std::size_t from) {
    scanned_ = from;
    next_begin_ = from;
    in_quotes_ = 0;
    quote_pending_ = false;
    last_quote_ = from;
    stretch_ = shortest_stretch;
    marks_.clear();
    first_ = 0;
    last_ = 0;
  }

  void restart_behind_line(std::size_t at) {
    const std::size_t line_break = text_.find('\n', at);
    restart(line_break == std::string_view::npos ? text_.size() : line_break + 1);
  }

  /// Finds the marks of the next record: [first_, last_). False when there is none.
  bool fetch_record() {
    begin_ = next_begin_;
    first_ = last_;
    for (std::size_t i = first_;; ++i) {
      if (i == marks_.size()) {
        if (i - first_ > options_.max_fields) {  // a fault already: the rest need not be marked
          last_ = i;
          return true;
        }
        if (first_ > 0) {  // keep only the marks of this record
          marks_.erase(marks_.begin(), marks_.begin() + static_cast<std::ptrdiff_t>(first_));
          i -= first_;
          first_ = 0;
        }
        while (i == marks_.size() && scanned_ < text_.size()) scan();
        if (i == marks_.size() && !close_text()) return false;
      }
      if (marks_[i].ends_record) {
        last_ = i + 1;
        next_begin_ = (std::min)(marks_[i].at + 1, text_.size());
        return true;
      }
    }
  }

  /// At the end of the text: what is left is a last record. False when nothing is left.
  bool close_text() {
    if (begin_ >= text_.size()) return false;
    unclosed_ = in_quotes_ != 0;
    marks_.push_back({text_.size(), true, quote_pending_});
    return true;
  }

  /// Marks the field ends of the next stretch: some kilobytes, but short ones behind a fault, as
  /// all that is marked is lost with the next one.
  void scan() {
    const std::size_t stop = scanned_ + (std::min)(text_.size() - scanned_, stretch_);
    stretch_ = (std::min)(2 * stretch_, longest_stretch);
    while (scanned_ < stop) {
      char padded[64] = {};
      const char* block = text_.data() + scanned_;
      const std::size_t n = (std::min)(std::size_t{64}, text_.size() - scanned_);
      if (n < 64) {
        std::memcpy(padded, block, n);
        block = padded;
      }
      csv_marks found = find_marks(block, options_.delimiter);
      if (n < 64) {  // a delimiter of NUL must not be found in the padding
        const std::uint64_t within = (std::uint64_t{1} << n) - 1;
        found = {found.quotes & within, found.delimiters & within, found.newlines & within};
      }
      mark_block(found);
      scanned_ += n;
    }
  }

  void mark_block(const csv_marks& found) {
    std::uint64_t quotes = found.quotes;
    const std::uint64_t inside = parity_so_far(quotes) ^ in_quotes_;
    in_quotes_ = std::uint64_t{0} - (inside >> 63);
    if (quotes != 0) {
      last_quote_ = scanned_ + 63 - static_cast<std::size_t>(std::countl_zero(quotes));
    }
    std::uint64_t ends = (found.delimiters | found.newlines) & ~inside;
    while (ends != 0) {
      const int bit = std::countr_zero(ends);
      const std::uint64_t before = (std::uint64_t{1} << bit) - 1;
      const bool quoted = quote_pending_ || (quotes & before) != 0;
      quote_pending_ = false;
      quotes &= ~before;
      marks_.push_back(
          {scanned_ + static_cast<std::size_t>(bit), (found.newlines >> bit & 1) != 0, quoted});
      ends &= ends - 1;
    }
    quote_pending_ = quote_pending_ || quotes != 0;
  }

  /// Finds the fault of the record, if it has one, and goes on behind it.
  void judge() {
    fault_ = {};
    const bool unclosed = std::exchange(unclosed_, false);
    const std::size_t permitted = (std::min)(size(), options_.max_fields);
    for (std::size_t i = 0; i < permitted; ++i) {
      if (!marks_[first_ + i].quoted) continue;
      const std::size_t begin = field_begin(i);
      const std::string_view field = text_.substr(begin, field_end(i) - begin);
      const std::size_t wrong = detail::wrong_quote(field);
      if (wrong == std::string_view::npos && !(unclosed && i + 1 == size())) continue;
      const bool open = wrong == std::string_view::npos || wrong == field.size();
      const std::size_t at = open ? last_quote_ : begin + wrong;
      fault_ = error{open ? errc::truncated : errc::malformed, "quote", at};
      return restart_behind_line(at);
    }
    if (size() > permitted) {
      const std::size_t at = field_begin(permitted);
      fault_ = error{errc::oversized, "fields", at};
      return restart_behind_line(at);
    }
    if (columns_ != 0 && size() != columns_) fault_ = error{errc::malformed, "fields", begin_};
  }

  std::string_view text_;
  csv_options options_;
  std::vector<std::string> header_;
  std::size_t columns_ = 0;
  std::uint64_t number_ = 0;
  status fault_;

  std::size_t begin_ = 0;       // of the record
  std::size_t next_begin_ = 0;  // of the one after it
  std::vector<mark> marks_;     // field ends found and not yet passed
  std::size_t first_ = 0;       // the record's marks
  std::size_t last_ = 0;
  std::string unescaped_;

  std::size_t scanned_ = 0;  // bytes whose marks are found
  std::size_t stretch_ = longest_stretch;
  std::uint64_t in_quotes_ = 0;  // all ones: the scan stands within quotes
  bool quote_pending_ = false;   // a quote stands between the last mark and the scan
  bool unclosed_ = false;        // the text ends within quotes
  std::size_t last_quote_ = 0;   // where the newest quote stands
};

}  // namespace tailor::inline v0::adapters

#endif  // TAILOR_ADAPTERS_CSV_HPP
