#include "tailor/core/crc32c.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "../catch.hpp"

using namespace tailor;

namespace {

std::uint32_t of(std::string_view s) { return crc32c(std::as_bytes(std::span(s))); }

// Bit by bit, as the definition has it.
std::uint32_t slow(std::span<const std::byte> bytes) {
  std::uint32_t c = ~0U;
  for (const std::byte b : bytes) {
    c ^= static_cast<std::uint8_t>(b);
    for (int k = 0; k < 8; ++k) c = (c >> 1) ^ ((c & 1) != 0 ? 0x82F63B78U : 0U);
  }
  return ~c;
}

}  // namespace

TEST_CASE("crc32c: the vectors of RFC 3720 and the usual check value") {
  std::vector<std::byte> v(32);
  CHECK(crc32c(v) == 0x8A9136AAU);
  for (std::byte& b : v) b = std::byte{0xFF};
  CHECK(crc32c(v) == 0x62A8AB43U);
  for (std::size_t i = 0; i < 32; ++i) v[i] = static_cast<std::byte>(i);
  CHECK(crc32c(v) == 0x46DD794EU);
  for (std::size_t i = 0; i < 32; ++i) v[i] = static_cast<std::byte>(31 - i);
  CHECK(crc32c(v) == 0x113FDB5CU);
  CHECK(of("123456789") == 0xE3069283U);
  CHECK(of("") == 0);
}

TEST_CASE("crc32c: every length and alignment agrees with the definition, in one piece or two") {
  std::vector<std::byte> v(2500);
  for (std::size_t i = 0; i < v.size(); ++i) {
    v[i] = static_cast<std::byte>(i * i + 7 * i + (i >> 5));
  }
  for (std::size_t n = 0; n < v.size(); n += n < 40 ? 1 : 61) {
    for (const std::size_t from : {std::size_t{0}, std::size_t{3}}) {
      const auto part = std::span<const std::byte>(v).subspan((std::min)(from, v.size() - n), n);
      const std::uint32_t expected = slow(part);
      CHECK(crc32c(part) == expected);
      CHECK(~detail::crc32c_portable(~0U, part.data(), part.size()) == expected);
      CHECK(crc32c(part.subspan(n / 3), crc32c(part.first(n / 3))) == expected);
    }
  }
}
