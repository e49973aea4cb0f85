#ifndef TAILOR_CORE_RESULT_HPP
#define TAILOR_CORE_RESULT_HPP

#include <optional>
#include <type_traits>
#include <utility>

#include "contract.hpp"
#include "errc.hpp"

namespace tailor::inline v0 {

/// Done, or the reason why not. True when done.
class [[nodiscard]] status {
 public:
  constexpr status() = default;
  constexpr status(errc code) : error_{code} {}            // NOLINT: an errc is a status
  constexpr status(const tailor::error& e) : error_(e) {}  // NOLINT: so is an error with its place

  [[nodiscard]] constexpr explicit operator bool() const { return error_.code == errc::ok; }
  [[nodiscard]] constexpr errc code() const { return error_.code; }
  [[nodiscard]] constexpr const tailor::error& error() const { return error_; }

  friend constexpr bool operator==(const status& s, errc code) { return s.error_.code == code; }

 private:
  tailor::error error_{};
};

/// A value, or the reason why there is none. Not an alias of std::expected: two translation units
/// of different language levels would link silently with different types.
template <class T>
class [[nodiscard]] result {
  static_assert(!std::is_reference_v<T> && !std::is_same_v<T, tailor::error>);

 public:
  constexpr result(T value) : value_(std::move(value)) {}  // NOLINT: a value is a result
  constexpr result(errc code) : error_{code} { TAILOR_EXPECTS(code != errc::ok); }  // NOLINT
  constexpr result(const tailor::error& e) : error_(e) {                            // NOLINT
    TAILOR_EXPECTS(e.code != errc::ok);
  }
  constexpr result(const status& s) : result(s.error()) {}  // NOLINT: hands a failure on

  [[nodiscard]] constexpr explicit operator bool() const { return value_.has_value(); }
  [[nodiscard]] constexpr errc code() const { return error_.code; }
  [[nodiscard]] constexpr const tailor::error& error() const { return error_; }

  /// Precondition of `*` and `->`: there is a value.
  [[nodiscard]] constexpr const T& operator*() const& {
    TAILOR_EXPECTS(value_.has_value());
    return *value_;
  }
  [[nodiscard]] constexpr T& operator*() & {
    TAILOR_EXPECTS(value_.has_value());
    return *value_;
  }
  [[nodiscard]] constexpr T&& operator*() && {
    TAILOR_EXPECTS(value_.has_value());
    return std::move(*value_);
  }
  [[nodiscard]] constexpr const T* operator->() const { return &**this; }
  [[nodiscard]] constexpr T* operator->() { return &**this; }

  /// The value; ends the program with a message when there is none. For examples and tests.
  [[nodiscard]] constexpr T value() && {
    if (!value_.has_value()) detail::contract_broken(name_of(error_.code), error_.what, 0);
    return std::move(*value_);
  }
  [[nodiscard]] constexpr const T& value() const& {
    if (!value_.has_value()) detail::contract_broken(name_of(error_.code), error_.what, 0);
    return *value_;
  }

  friend constexpr bool operator==(const result& r, errc code) { return r.error_.code == code; }

 private:
  std::optional<T> value_{};
  tailor::error error_{};
};

}  // namespace tailor::inline v0

#endif  // TAILOR_CORE_RESULT_HPP
