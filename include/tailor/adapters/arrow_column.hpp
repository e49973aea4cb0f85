#ifndef TAILOR_ADAPTERS_ARROW_COLUMN_HPP
#define TAILOR_ADAPTERS_ARROW_COLUMN_HPP

#include <cstdint>
#include <string_view>

#include "../core/errc.hpp"
#include "../core/result.hpp"
#include "arrow_abi.hpp"
#include "arrow_format.hpp"
#include "arrow_values.hpp"

namespace tailor::inline v0::adapters {

/// A column of a batch, checked and read in place: plain values, or indices into a dictionary of
/// texts.
class arrow_column {
 public:
  /// A column that is not there: null in every row.
  arrow_column() = default;

  /// The rows [first, first + rows) of an array, in the array's own counting.
  /// unknown for a type that is not read; malformed as arrow_values::make, and for an index that
  /// leads out of the dictionary. Cost: O(rows) for text and dictionaries, O(1) for the rest.
  [[nodiscard]] static result<arrow_column> make(const ArrowSchema& schema, const ArrowArray& array,
                                                 std::int64_t first, std::int64_t rows) {
    const auto format = parse_arrow_format(schema.format);
    if (!format) return format.error();
    const auto values = arrow_values::make(*format, array, first, rows);
    if (!values) return values.error();
    arrow_column c;
    c.values_ = *values;
    if ((schema.dictionary == nullptr) != (array.dictionary == nullptr)) return errc::malformed;
    if (schema.dictionary == nullptr) return c;

    if (!format->is_integer()) return errc::malformed;
    const auto word_format = parse_arrow_format(schema.dictionary->format);
    if (!word_format) return word_format.error();
    if (!word_format->is_text() || schema.dictionary->dictionary != nullptr) return errc::unknown;
    const ArrowArray& dictionary = *array.dictionary;
    const auto words = arrow_values::make(*word_format, dictionary, 0, dictionary.length);
    if (!words) return words.error();
    c.words_ = *words;
    c.has_words_ = true;
    const auto count = static_cast<std::uint64_t>(words->size());
    for (std::int64_t row = 0; row < rows; ++row) {
      if (values->is_null(row)) continue;
      if (values->is_negative(row) || values->unsigned_value(row) >= count) return errc::malformed;
    }
    return c;
  }

  [[nodiscard]] bool is_null(std::int64_t row) const {
    return values_.is_null(row) || (has_words_ && words_.is_null(index(row)));
  }
  /// Of the values, or of the dictionary's where there is one.
  [[nodiscard]] const arrow_format& format() const {
    return has_words_ ? words_.format() : values_.format();
  }
  /// Numbers. Precondition: `format()` is not of text.
  [[nodiscard]] const arrow_values& values() const { return values_; }
  /// Preconditions: `format().is_text()`, and the row is not null.
  [[nodiscard]] std::string_view text(std::int64_t row) const {
    return has_words_ ? words_.text(index(row)) : values_.text(row);
  }

  /// Whether the values are indices into a dictionary. Precondition of the others: they are.
  [[nodiscard]] bool has_words() const { return has_words_; }
  [[nodiscard]] const arrow_values& words() const { return words_; }
  /// Precondition: the value of the row is not null.
  [[nodiscard]] std::int64_t index(std::int64_t row) const {
    return static_cast<std::int64_t>(values_.unsigned_value(row));
  }

 private:
  arrow_values values_;
  arrow_values words_;
  bool has_words_ = false;
};

}  // namespace tailor::inline v0::adapters

#endif  // TAILOR_ADAPTERS_ARROW_COLUMN_HPP
