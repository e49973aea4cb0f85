#ifndef TAILOR_OFFER_FIELD_HPP
#define TAILOR_OFFER_FIELD_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "../core/time.hpp"

namespace tailor::inline v0::offer {

/// What a field of the host's cart, or of one of its lines, holds.
enum class field_kind : std::uint8_t {
  number,  ///< a whole number
  money,   ///< minor units of the cart's currency
  text,
  set,  ///< of texts, in no order
  time,
  flag
};

/// As it is written; never null.
[[nodiscard]] constexpr const char* name_of(field_kind k) {
  constexpr const char* names[] = {"number", "money", "text", "set", "time", "flag"};
  const auto index = static_cast<std::size_t>(k);
  return index < std::size(names) ? names[index] : "unnamed";
}

/// Who may use a field.
enum class field_use : std::uint8_t {
  plain,
  personal,  ///< says something about the person: a price that depends on it is personalised, and
             ///< is reported as such (Consumer Rights Directive 2011/83/EU, Art. 6(1)(ea))
  forbidden  ///< a rule that names it is refused
};

/// The value of a field as rules see it. Numbers, money, times (microseconds) and flags (0, 1) are
/// in `number`; the texts of a set are `count` from `first` on in the pool it was read into.
struct cell {
  std::int64_t number = 0;
  std::string_view text{};
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  bool known = false;
};

/// A field under its name, and how it is read from the object it belongs to.
struct field {
  std::string name;
  field_kind kind = field_kind::number;
  field_use use = field_use::plain;
  void (*read)(const void* object, cell& out, std::vector<std::string_view>& pool) = nullptr;
};

namespace detail {

template <class T>
concept optional_like = requires(const T& t) {
  { t.has_value() } -> std::same_as<bool>;
  *t;
};

/// Puts what a getter gave into a cell: an empty optional is a value that is not known.
template <field_kind Kind, class T>
void store(const T& value, cell& out, std::vector<std::string_view>& pool) {
  if constexpr (optional_like<T>) {
    if (value.has_value()) store<Kind>(*value, out, pool);
  } else if constexpr (Kind == field_kind::set) {
    out.first = static_cast<std::uint32_t>(pool.size());
    for (const auto& text : value) pool.emplace_back(text);
    out.count = static_cast<std::uint32_t>(pool.size()) - out.first;
    out.known = true;
  } else {
    if constexpr (Kind == field_kind::text) {
      out.text = std::string_view(value);
    } else if constexpr (Kind == field_kind::time) {
      out.number = value.us;
    } else {
      out.number = static_cast<std::int64_t>(value);
    }
    out.known = true;
  }
}

template <class Get, class Object>
concept getter = std::is_empty_v<Get> && std::default_initializable<Get> &&
                 std::invocable<const Get&, const Object&>;

}  // namespace detail

/// The fields of one type of object, each with a lambda without captures that reads it:
///
///     fields<cart>{}.number("visits", [](const cart& c) { return c.visits; })
///                   .text("country", [](const cart& c) -> std::string_view { return c.country; })
///
/// A getter that gives an optional says with an empty one that the value is not known. Texts are
/// read in place: they have to outlive the answer, so that a getter gives a view or a reference
/// into the object, not a new string. Numbers are whole and fit into 64 bits. Names are checked
/// when a rule book is made.
template <class Object>
class fields {
 public:
  template <detail::getter<Object> Get>
  fields number(std::string name, Get, field_use use = field_use::plain) && {
    return std::move(*this).template add<field_kind::number, Get>(std::move(name), use);
  }
  template <detail::getter<Object> Get>
  fields money(std::string name, Get, field_use use = field_use::plain) && {
    return std::move(*this).template add<field_kind::money, Get>(std::move(name), use);
  }
  template <detail::getter<Object> Get>
  fields text(std::string name, Get, field_use use = field_use::plain) && {
    return std::move(*this).template add<field_kind::text, Get>(std::move(name), use);
  }
  template <detail::getter<Object> Get>
  fields set(std::string name, Get, field_use use = field_use::plain) && {
    return std::move(*this).template add<field_kind::set, Get>(std::move(name), use);
  }
  template <detail::getter<Object> Get>
  fields time(std::string name, Get, field_use use = field_use::plain) && {
    return std::move(*this).template add<field_kind::time, Get>(std::move(name), use);
  }
  template <detail::getter<Object> Get>
  fields flag(std::string name, Get, field_use use = field_use::plain) && {
    return std::move(*this).template add<field_kind::flag, Get>(std::move(name), use);
  }

  [[nodiscard]] const std::vector<field>& list() const { return list_; }

 private:
  template <field_kind Kind, class Get>
  fields add(std::string name, field_use use) && {
    using value = std::remove_cvref_t<std::invoke_result_t<const Get&, const Object&>>;
    static_assert(Kind != field_kind::text || !std::is_same_v<value, std::string> ||
                      std::is_reference_v<std::invoke_result_t<const Get&, const Object&>>,
                  "a text field is read in place: let the getter return std::string_view or a "
                  "reference into the object, not a new string  [offer::fields]");
    list_.push_back({std::move(name), Kind, use,
                     [](const void* object, cell& out, std::vector<std::string_view>& pool) {
                       detail::store<Kind>(Get{}(*static_cast<const Object*>(object)), out, pool);
                     }});
    return std::move(*this);
  }

  std::vector<field> list_{};
};

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_FIELD_HPP
