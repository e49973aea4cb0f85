#ifndef TAILOR_OFFER_COUPON_CODE_HPP
#define TAILOR_OFFER_COUPON_CODE_HPP

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "../core/hash.hpp"
#include "../core/result.hpp"

namespace tailor::inline v0::offer {

/// A coupon code: 1 to 32 characters of 0-9 a-z A-Z - + _ ! @ ?, as they stand: case matters.
class coupon_code {
 public:
  static constexpr std::size_t max_length = 32;

  /// malformed when it is not of that form.
  [[nodiscard]] static result<coupon_code> parse(std::string_view text) {
    const coupon_code code = guess(text);
    if (!code.well_formed_) return errc::malformed;
    return code;
  }

  /// Whatever somebody typed, for a comparison that takes the same work for every text: one that
  /// is no code equals none.
  [[nodiscard]] static coupon_code guess(std::string_view text) {
    coupon_code code;
    const std::size_t length = text.size() < max_length ? text.size() : max_length;
    if (length > 0) std::memcpy(code.text_.data(), text.data(), length);
    code.length_ = static_cast<std::uint8_t>(length);
    std::uint8_t bad = text.empty() || text.size() > max_length ? 1 : 0;
    for (std::size_t i = 0; i < max_length; ++i) {
      const std::uint8_t outside = permitted(code.text_[i]) ? 0 : 1;
      bad = static_cast<std::uint8_t>(bad | (i < length ? outside : 0));
    }
    code.well_formed_ = bad == 0;
    return code;
  }

  [[nodiscard]] std::string_view text() const { return {text_.data(), length_}; }
  [[nodiscard]] bool well_formed() const { return well_formed_; }

  /// Over all 32 places, whatever the length.
  [[nodiscard]] std::uint64_t hash(hash_key secret) const {
    return siphash24(secret, {text_.data(), max_length});
  }

  /// Looks at every character, wherever the first difference is.
  [[nodiscard]] bool same_as(const coupon_code& other) const {
    unsigned different = length_ ^ other.length_;
    for (std::size_t i = 0; i < max_length; ++i) {
      different |= static_cast<unsigned>(text_[i] ^ other.text_[i]);
    }
    return different == 0 && well_formed_;
  }

  friend bool operator==(const coupon_code& a, const coupon_code& b) {
    return a.text() == b.text();
  }
  friend std::strong_ordering operator<=>(const coupon_code& a, const coupon_code& b) {
    return a.text() <=> b.text();
  }

 private:
  [[nodiscard]] static constexpr bool permitted(char c) {
    const bool digit = c >= '0' && c <= '9';
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return digit || letter || c == '-' || c == '+' || c == '_' || c == '!' || c == '@' || c == '?';
  }

  std::array<char, max_length> text_{};  // zeros behind the end
  std::uint8_t length_ = 0;
  bool well_formed_ = false;
};

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_COUPON_CODE_HPP
