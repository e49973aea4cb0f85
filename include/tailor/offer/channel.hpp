#ifndef TAILOR_OFFER_CHANNEL_HPP
#define TAILOR_OFFER_CHANNEL_HPP

#include <compare>
#include <cstdint>
#include <initializer_list>

#include "../core/config.hpp"

namespace tailor::inline v0::offer {

/// How a message reaches a shopper. The codes are wire format: never renumbered.
enum class channel : std::uint8_t {
  email = 1,
  sms = 2,
  push = 3,
  on_site = 4,  ///< banner, popup or inbox of the shop itself
  letter = 5,
  other = 6,
};

/// Whether a byte is the code of a channel.
[[nodiscard]] constexpr bool is_channel(std::uint8_t code) { return code >= 1 && code <= 6; }

/// A set of channels. Cost of all: O(1).
class channel_set {
 public:
  constexpr channel_set() = default;
  constexpr channel_set(std::initializer_list<channel> all) {
    for (const channel c : all) bits_ |= bit(c);
  }
  /// From the bits that `bits` gives; others are dropped.
  [[nodiscard]] static constexpr channel_set of_bits(std::uint8_t bits) {
    channel_set out;
    out.bits_ = bits & every;
    return out;
  }
  [[nodiscard]] static constexpr channel_set all() { return of_bits(every); }

  [[nodiscard]] constexpr bool contains(channel c) const { return (bits_ & bit(c)) != 0; }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  [[nodiscard]] constexpr std::uint8_t bits() const { return bits_; }

  friend constexpr auto operator<=>(const channel_set&, const channel_set&) = default;

 private:
  static constexpr std::uint8_t every = 0b0111'1110;
  [[nodiscard]] static constexpr std::uint8_t bit(channel c) {
    const auto code = static_cast<std::uint8_t>(c);
    return is_channel(code) ? static_cast<std::uint8_t>(1u << code) : std::uint8_t{0};
  }

  std::uint8_t bits_ = 0;
};

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_CHANNEL_HPP
