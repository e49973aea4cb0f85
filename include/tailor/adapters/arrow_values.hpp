#ifndef TAILOR_ADAPTERS_ARROW_VALUES_HPP
#define TAILOR_ADAPTERS_ARROW_VALUES_HPP

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "../core/errc.hpp"
#include "../core/result.hpp"
#include "arrow_abi.hpp"
#include "arrow_format.hpp"

namespace tailor::inline v0::adapters {

/// The values of an array without dictionary, checked and read in place; rows are counted from 0.
/// Values are copied out byte by byte, so nothing has to be aligned. Text need not be UTF-8.
///
/// The interface does not say how long buffers are. `make` checks everything else: a producer whose
/// buffers are shorter than its lengths and offsets say is not found out.
class arrow_values {
 public:
  /// Nothing, or null in every row.
  arrow_values() = default;

  /// The rows [first, first + rows) of an array, in the array's own counting.
  /// malformed when array and format do not fit together, when lengths, offsets or counts are
  /// negative or too large, buffers are missing, text offsets are not ascending, or views lead out
  /// of their buffers. Cost: O(rows) for text, O(1) for the rest.
  [[nodiscard]] static result<arrow_values> make(const arrow_format& format,
                                                 const ArrowArray& array, std::int64_t first,
                                                 std::int64_t rows) {
    arrow_values v;
    v.format_ = format;
    if (const status s = v.take(array, first, rows); !s) return s.error();
    if (const status s = v.check_text(array); !s) return s.error();
    return v;
  }

  [[nodiscard]] const arrow_format& format() const { return format_; }
  [[nodiscard]] std::int64_t size() const { return rows_; }
  [[nodiscard]] bool is_null(std::int64_t row) const {
    if (format_.type == arrow_type::null) return true;
    if (validity_ == nullptr) return false;
    const auto bit = static_cast<std::uint64_t>(begin_ + row);
    return (validity_[bit / 8] >> (bit % 8) & 1u) == 0;
  }

  /// The numbers from row 0 on, one behind the other, if no row can be null; nullptr otherwise.
  [[nodiscard]] const void* plain() const {
    if (format_.is_text() || validity_ != nullptr || values_ == nullptr) return nullptr;
    return values_ + static_cast<std::size_t>(begin_) * width(format_.type);
  }

  /// Preconditions from here on: the row is not null, and the type is as the name says.
  [[nodiscard]] bool is_negative(std::int64_t row) const {
    return format_.type <= arrow_type::int64 && signed_value(row) < 0;
  }
  [[nodiscard]] std::int64_t signed_value(std::int64_t row) const {
    switch (format_.type) {
      case arrow_type::int8:
        return load<std::int8_t>(row);
      case arrow_type::int16:
        return load<std::int16_t>(row);
      case arrow_type::int32:
        return load<std::int32_t>(row);
      default:
        return load<std::int64_t>(row);
    }
  }
  /// Any integer that is not negative.
  [[nodiscard]] std::uint64_t unsigned_value(std::int64_t row) const {
    switch (format_.type) {
      case arrow_type::uint8:
        return load<std::uint8_t>(row);
      case arrow_type::uint16:
        return load<std::uint16_t>(row);
      case arrow_type::uint32:
        return load<std::uint32_t>(row);
      case arrow_type::uint64:
        return load<std::uint64_t>(row);
      default:
        return static_cast<std::uint64_t>(signed_value(row));
    }
  }
  /// An integer in the range of int64; overflow for a larger uint64.
  [[nodiscard]] result<std::int64_t> integer(std::int64_t row) const {
    if (format_.type <= arrow_type::int64) return signed_value(row);
    const std::uint64_t u = unsigned_value(row);
    if (u > std::uint64_t{INT64_MAX}) return errc::overflow;
    return static_cast<std::int64_t>(u);
  }
  [[nodiscard]] double floating(std::int64_t row) const {
    return format_.type == arrow_type::float32 ? double{load<float>(row)} : load<double>(row);
  }
  /// A decimal128 without its scale; overflow when it does not fit into 64 bits.
  [[nodiscard]] result<std::int64_t> decimal(std::int64_t row) const {
    std::int64_t halves[2];  // low, high in the byte order of the machine, as everywhere in Arrow
    const std::size_t at = static_cast<std::size_t>(begin_ + row) * sizeof halves;
    std::memcpy(halves, values_ + at, sizeof halves);
    constexpr bool little = std::endian::native == std::endian::little;
    const std::int64_t low = halves[little ? 0 : 1], high = halves[little ? 1 : 0];
    if (high != (low < 0 ? -1 : 0)) return errc::overflow;
    return low;
  }
  [[nodiscard]] std::string_view text(std::int64_t row) const {
    switch (format_.type) {
      case arrow_type::text32:
        return text_between(load<std::int32_t>(row), load<std::int32_t>(row + 1));
      case arrow_type::text64:
        return text_between(load<std::int64_t>(row), load<std::int64_t>(row + 1));
      default:
        return viewed_text(row);
    }
  }

 private:
  [[nodiscard]] static std::size_t width(arrow_type type) {
    constexpr std::uint8_t widths[] = {0, 1, 2, 4, 8, 1, 2, 4, 8, 4, 8, 16, 4, 8, 16};
    return widths[static_cast<std::size_t>(type)];
  }

  /// The part that all types have in common.
  [[nodiscard]] status take(const ArrowArray& a, std::int64_t first, std::int64_t rows) {
    if (a.release == nullptr || a.length < 0 || a.offset < 0) return errc::malformed;
    if (a.offset > INT64_MAX / 16 - a.length || a.length > INT64_MAX / 32) return errc::malformed;
    if (first < 0 || rows < 0 || first > a.length || rows > a.length - first)
      return errc::malformed;
    if (a.null_count < -1 || a.null_count > a.length || a.n_children != 0) return errc::malformed;
    begin_ = a.offset + first;
    rows_ = rows;
    const bool views = format_.type == arrow_type::text_view;
    const std::int64_t buffers = format_.type == arrow_type::null ? 0 : format_.is_text() ? 3 : 2;
    if (views ? a.n_buffers < buffers || a.n_buffers > INT32_MAX : a.n_buffers != buffers)
      return errc::malformed;
    if (buffers == 0) return {};
    if (a.buffers == nullptr) return errc::malformed;
    if (a.null_count != 0) validity_ = static_cast<const unsigned char*>(a.buffers[0]);
    if (a.null_count > 0 && validity_ == nullptr) return errc::malformed;
    values_ = static_cast<const unsigned char*>(a.buffers[1]);
    // A column of no rows may come without buffers; it is read nowhere.
    if (values_ == nullptr && rows != 0) return errc::malformed;
    return {};
  }

  [[nodiscard]] status check_text(const ArrowArray& a) {
    if (!format_.is_text() || rows_ == 0) return {};
    if (format_.type == arrow_type::text_view) {
      views_ = a.buffers;
      view_buffers_ = a.n_buffers - 3;
      if (view_buffers_ > 0 && a.buffers[a.n_buffers - 1] == nullptr) return errc::malformed;
      for (std::int64_t row = 0; row < rows_; ++row) {
        if (!is_null(row) && !is_sound(load<view>(row))) return errc::malformed;
      }
      return {};
    }
    characters_ = static_cast<const char*>(a.buffers[2]);
    const bool is_short = format_.type == arrow_type::text32;
    const auto offset = [&](std::int64_t row) {
      return is_short ? load<std::int32_t>(row) : load<std::int64_t>(row);
    };
    const std::int64_t first = offset(0);
    std::int64_t last = first;
    if (first < 0) return errc::malformed;
    for (std::int64_t row = 1; row <= rows_; ++row) {
      const std::int64_t next = offset(row);
      if (next < last) return errc::malformed;
      last = next;
    }
    return last > first && characters_ == nullptr ? errc::malformed : errc::ok;
  }

  /// An entry of a view column: length, and the text itself up to 12 bytes or else its first four,
  /// the number of a buffer and the offset in it.
  struct view {
    std::int32_t length, prefix, buffer, offset;
  };

  [[nodiscard]] bool is_sound(const view& v) const {
    if (v.length <= 12) return v.length >= 0;
    if (v.buffer < 0 || v.buffer >= view_buffers_ || v.offset < 0) return false;
    // The last buffer has the sizes of those with text.
    std::int64_t size;
    std::memcpy(&size,
                static_cast<const char*>(views_[2 + view_buffers_]) +
                    static_cast<std::size_t>(v.buffer) * sizeof size,
                sizeof size);
    return views_[2 + v.buffer] != nullptr && v.offset <= size && v.length <= size - v.offset;
  }

  [[nodiscard]] std::string_view viewed_text(std::int64_t row) const {
    const auto v = load<view>(row);
    const char* const here = reinterpret_cast<const char*>(
        values_ + static_cast<std::size_t>(begin_ + row) * sizeof(view) + sizeof v.length);
    const char* const text =
        v.length <= 12 ? here : static_cast<const char*>(views_[2 + v.buffer]) + v.offset;
    return {text, static_cast<std::size_t>(v.length)};
  }

  [[nodiscard]] std::string_view text_between(std::int64_t begin, std::int64_t end) const {
    if (begin == end) return {};
    return {characters_ + begin, static_cast<std::size_t>(end - begin)};
  }

  template <class T>
  [[nodiscard]] T load(std::int64_t row) const {
    T value;
    std::memcpy(&value, values_ + static_cast<std::size_t>(begin_ + row) * sizeof value,
                sizeof value);
    return value;
  }

  arrow_format format_;
  std::int64_t begin_ = 0;  // of row 0, in the buffers
  std::int64_t rows_ = 0;
  const unsigned char* validity_ = nullptr;
  const unsigned char* values_ = nullptr;  // numbers, offsets of text, or views
  const char* characters_ = nullptr;
  const void** views_ = nullptr;  // all buffers of a view column
  std::int64_t view_buffers_ = 0;
};

}  // namespace tailor::inline v0::adapters

#endif  // TAILOR_ADAPTERS_ARROW_VALUES_HPP
