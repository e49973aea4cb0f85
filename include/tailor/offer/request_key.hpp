#ifndef TAILOR_OFFER_REQUEST_KEY_HPP
#define TAILOR_OFFER_REQUEST_KEY_HPP

#include <compare>
#include <cstdint>
#include <string_view>

#include "../core/hash.hpp"

namespace tailor::inline v0::offer {

/// What makes a retried request the same request: 128 bits, so that two checkouts are never taken
/// for one by accident. Made by `key_of` from the shop's own id of the checkout, or filled by the
/// host with 128 bits that shoppers cannot choose.
struct request_key {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  friend constexpr auto operator<=>(const request_key&, const request_key&) = default;
};

/// The key of an id: SipHash-2-4 under two keys derived from the secret. Who does not know the
/// secret cannot find two ids of one key. The secret has to stay the same as long as keys are kept,
/// across restarts too. Cost: O(length of the id).
[[nodiscard]] inline request_key key_of(hash_key secret, std::string_view id) {
  const hash_key other{mix64(secret.k0 ^ 0x7461696C6F72206Bu),
                       mix64(secret.k1 ^ 0x6579206C6F772020u)};
  return {siphash24(secret, id), siphash24(other, id)};
}

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_REQUEST_KEY_HPP
