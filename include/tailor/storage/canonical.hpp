#ifndef TAILOR_STORAGE_CANONICAL_HPP
#define TAILOR_STORAGE_CANONICAL_HPP

#include <concepts>
#include <cstdint>

#include "../core/bytes.hpp"
#include "../core/result.hpp"

namespace tailor::inline v0::storage {

/// Can be written and read back. Equal values write equal bytes, on every platform; reading takes
/// nothing on trust and gives an equal value or an error whose `at` is an offset of the reader.
/// `section` names it in a snapshot (1 to 255 bytes, of static lifetime), `format` counts the
/// incompatible changes of its bytes, from 1.
///
/// May have besides: `std::size_t encoded_size() const`, about how many bytes it writes, so that
/// they are reserved at once; `using optional_section = void;`, when who does not know it may do
/// without it.
template <class T>
concept canonical = requires(const T& t, byte_writer& out, byte_reader& in) {
  t.encode(out);
  { T::decode(in) } -> std::same_as<result<T>>;
  { T::section } -> std::convertible_to<const char*>;
  { T::format } -> std::convertible_to<std::uint32_t>;
};

/// A part under another section name, where a snapshot holds two of a kind.
template <class T>
struct named {
  const char* section;
  T* part;
};

/// `save("shop.tailor", as("bought pairs", bought), as("viewed pairs", viewed))`. The name has
/// static lifetime: it comes back in errors.
template <class T>
[[nodiscard]] named<T> as(const char* section, T& part) {
  return {section, &part};
}

}  // namespace tailor::inline v0::storage

#endif  // TAILOR_STORAGE_CANONICAL_HPP
