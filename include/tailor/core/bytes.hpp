#ifndef TAILOR_CORE_BYTES_HPP
#define TAILOR_CORE_BYTES_HPP

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "errc.hpp"

namespace tailor::inline v0 {
namespace detail {

/// What can be written as it stands: integers and enumerations over them.
template <class T>
concept plain_number = (std::integral<T> && !std::same_as<T, bool>) || std::is_enum_v<T>;

template <class T>
struct underlying : std::type_identity<T> {};
template <class T>
  requires std::is_enum_v<T>
struct underlying<T> : std::underlying_type<T> {};
template <class T>
using bits_of = std::make_unsigned_t<typename underlying<T>::type>;

/// To and from little endian: the bytes of a number on every machine.
template <plain_number T>
void store_little(std::byte* to, T value) {
  const auto bits = static_cast<bits_of<T>>(value);
  for (std::size_t i = 0; i < sizeof(T); ++i) to[i] = static_cast<std::byte>(bits >> (8 * i));
}
template <plain_number T>
T load_little(const std::byte* from) {
  bits_of<T> bits = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    bits = static_cast<bits_of<T>>(
        bits | static_cast<bits_of<T>>(static_cast<bits_of<T>>(from[i]) << (8 * i)));
  }
  return static_cast<T>(bits);
}

}  // namespace detail

/// Appends numbers and bytes to a buffer, little endian, without padding.
class byte_writer {
 public:
  explicit byte_writer(std::vector<std::byte>& out) : out_(&out) {}

  void u8(std::uint8_t v) { put(v); }
  void u16(std::uint16_t v) { put(v); }
  void u32(std::uint32_t v) { put(v); }
  void u64(std::uint64_t v) { put(v); }
  void i64(std::int64_t v) { put(v); }

  /// LEB128: seven bits a byte, low ones first.
  void varint(std::uint64_t v) {
    for (; v >= 0x80; v >>= 7) put(static_cast<std::uint8_t>(v | 0x80));
    put(static_cast<std::uint8_t>(v));
  }

  void bytes(std::span<const std::byte> b) {
    std::byte* const to = room(b.size());
    if (!b.empty()) std::memcpy(to, b.data(), b.size());
  }

  /// Length, then the characters.
  void text(std::string_view s) {
    varint(s.size());
    bytes(std::as_bytes(std::span(s)));
  }

  /// The numbers one after another, without their count.
  template <detail::plain_number T>
  void array(std::span<const T> values) {
    if constexpr (std::endian::native == std::endian::little) {
      bytes(std::as_bytes(values));
    } else {
      for (const T v : values) put(v);
    }
  }

  /// Bytes in the buffer.
  [[nodiscard]] std::size_t size() const { return out_->size(); }

 private:
  /// Not insert(end, ...): g++ 12 warns of an overflow that cannot happen when it inlines that.
  std::byte* room(std::size_t size) {
    const std::size_t end = out_->size();
    out_->resize(end + size);
    return out_->data() + end;
  }
  template <class T>
  void put(T v) {
    detail::store_little(room(sizeof(T)), v);
  }

  std::vector<std::byte>* out_;
};

/// Reads what a byte_writer wrote, from memory that may hold anything. Never reads past the end.
/// Failure sticks: after the first fault every read gives zero or nothing, so a decoder may read on
/// and ask once. Offsets count from the beginning of the bytes given.
class byte_reader {
 public:
  explicit byte_reader(std::span<const std::byte> in) : in_(in) {}

  [[nodiscard]] bool ok() const { return error_.code == errc::ok; }
  [[nodiscard]] const tailor::error& error() const { return error_; }
  [[nodiscard]] std::size_t offset() const { return offset_; }
  [[nodiscard]] std::size_t remaining() const { return ok() ? in_.size() - offset_ : 0; }

  /// Fails here, unless it failed before. `what` has static lifetime.
  void fail(errc code, const char* what) {
    if (ok()) error_ = {code, what, offset_};
  }

  std::uint8_t u8() { return get<std::uint8_t>(); }
  std::uint16_t u16() { return get<std::uint16_t>(); }
  std::uint32_t u32() { return get<std::uint32_t>(); }
  std::uint64_t u64() { return get<std::uint64_t>(); }
  std::int64_t i64() { return get<std::int64_t>(); }

  /// corrupt when it does not fit 64 bits or has a shorter form: one number, one spelling.
  std::uint64_t varint() {
    std::uint64_t v = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const std::uint8_t b = u8();
      if (!ok()) return 0;
      const std::uint64_t part = b & 0x7F;
      if ((shift == 63 && part > 1) || (shift > 0 && b == 0)) break;
      v |= part << shift;
      if (b < 0x80) return v;
    }
    fail(errc::corrupt, "varint");
    return 0;
  }

  /// The next bytes, in place.
  std::span<const std::byte> bytes(std::uint64_t count) {
    if (count > remaining()) {
      fail(errc::truncated, "bytes");
      return {};
    }
    const auto out = in_.subspan(offset_, static_cast<std::size_t>(count));
    offset_ += out.size();
    return out;
  }

  /// What `text` wrote, in place.
  std::string_view text() {
    const std::span<const std::byte> b = bytes(varint());
    return {reinterpret_cast<const char*>(b.data()), b.size()};
  }

  /// Fills `values`; zeros when there is not enough.
  template <detail::plain_number T>
  void array(std::span<T> values) {
    const std::span<const std::byte> b = bytes(values.size() * sizeof(T));
    if (b.size() != values.size() * sizeof(T)) {
      for (T& v : values) v = T{};
    } else if constexpr (std::endian::native == std::endian::little) {
      if (!b.empty()) std::memcpy(values.data(), b.data(), b.size());
    } else {
      for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = detail::load_little<T>(b.data() + i * sizeof(T));
      }
    }
  }

  /// `count` numbers into a vector, which grows only once it is known that they are there.
  template <detail::plain_number T>
  void array(std::uint64_t count, std::vector<T>& values) {
    values.clear();
    if (count > remaining() / sizeof(T)) return fail(errc::truncated, "array");
    values.resize(static_cast<std::size_t>(count));
    array(std::span<T>(values));
  }

  /// corrupt when bytes are left over.
  void expect_end() {
    if (remaining() != 0) fail(errc::corrupt, "trailing bytes");
  }

 private:
  template <class T>
  T get() {
    if (sizeof(T) > remaining()) {
      fail(errc::truncated, "number");
      return 0;
    }
    const T v = detail::load_little<T>(in_.data() + offset_);
    offset_ += sizeof(T);
    return v;
  }

  std::span<const std::byte> in_;
  std::size_t offset_ = 0;
  tailor::error error_{};
};

}  // namespace tailor::inline v0

#endif  // TAILOR_CORE_BYTES_HPP
