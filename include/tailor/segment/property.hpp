#ifndef TAILOR_SEGMENT_PROPERTY_HPP
#define TAILOR_SEGMENT_PROPERTY_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "../core/ids.hpp"
#include "../core/time.hpp"

namespace tailor::inline v0::segment {

/// What a property of a shopper or an item is made of.
enum class property_type : std::uint8_t {
  none,    ///< not known
  flag,    ///< yes or no; a consent is one
  number,  ///< a whole number: minor units, pieces, points
  date,    ///< a moment
  text,
  texts  ///< several, for instance tags
};

/// The name of a type; never null.
[[nodiscard]] constexpr const char* name_of(property_type t) {
  constexpr const char* names[] = {"none", "flag", "number", "date", "text", "texts"};
  const auto index = static_cast<std::size_t>(t);
  return index < std::size(names) ? names[index] : "unnamed";
}

/// The value of a property, of a type or not known. Texts refer to the source's memory.
struct property_value {
  property_type type = property_type::none;
  std::int64_t number = 0;  ///< of a flag (0, 1), a number, a date (as timestamp)
  std::string_view text{};
  std::span<const std::string_view> texts{};
};

[[nodiscard]] constexpr property_value flag_value(bool b) {
  return {property_type::flag, b ? 1 : 0, {}, {}};
}
[[nodiscard]] constexpr property_value number_value(std::int64_t n) {
  return {property_type::number, n, {}, {}};
}
[[nodiscard]] constexpr property_value date_value(timestamp t) {
  return {property_type::date, t.us, {}, {}};
}
[[nodiscard]] constexpr property_value text_value(std::string_view s) {
  return {property_type::text, 0, s, {}};
}
[[nodiscard]] constexpr property_value texts_value(std::span<const std::string_view> s) {
  return {property_type::texts, 0, {}, s};
}

/// Knows properties of shoppers (`Id` is user_id) or items (item_id) by their number:
/// `p.value(id, property)` is the value, or one of type none. It must be of the declared type, does
/// not change while asked, and refers to memory that stays until the source changes. May be called
/// from several threads at once.
template <class P, class Id>
concept property_source = requires(const P& p, Id id, std::size_t property) {
  { p.value(id, property) } -> std::same_as<property_value>;
};

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_PROPERTY_HPP
