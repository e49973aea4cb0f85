#ifndef TAILOR_CORE_HASH_HPP
#define TAILOR_CORE_HASH_HPP

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "config.hpp"

namespace tailor::inline v0 {

/// The secret of a keyed hash. Who does not know it cannot craft inputs that collide.
struct hash_key {
  std::uint64_t k0 = 0;
  std::uint64_t k1 = 0;

  friend constexpr bool operator==(hash_key, hash_key) = default;
};

namespace detail {

/// Eight bytes as a little-endian number, on every platform.
[[nodiscard]] inline std::uint64_t load_u64(const char* bytes) {
  if constexpr (std::endian::native == std::endian::little) {
    std::uint64_t word;
    std::memcpy(&word, bytes, sizeof word);
    return word;
  } else {
    std::uint64_t word = 0;
    for (int i = 7; i >= 0; --i) word = word << 8 | static_cast<unsigned char>(bytes[i]);
    return word;
  }
}

/// The first `count` < 8 bytes as a little-endian number, zeros above. Reads nothing beyond them.
[[nodiscard]] inline std::uint64_t load_tail(const char* bytes, std::size_t count) {
  std::uint64_t word = 0;
  if constexpr (std::endian::native == std::endian::little) {
    // Two overlapping reads of a fixed size beat a loop or a call with a variable one.
    if (count >= 4) {
      std::uint32_t low, high;
      std::memcpy(&low, bytes, sizeof low);
      std::memcpy(&high, bytes + count - 4, sizeof high);
      word = low | std::uint64_t{high} << (8 * (count - 4));
    } else if (count > 0) {
      const auto at = [&](std::size_t i) {
        return std::uint64_t{static_cast<unsigned char>(bytes[i])};
      };
      word = at(0) | at(count / 2) << (8 * (count / 2)) | at(count - 1) << (8 * (count - 1));
    }
  } else {
    for (std::size_t i = count; i-- > 0;) word = word << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return word;
}

struct sip_state {
  std::uint64_t v0, v1, v2, v3;

  explicit constexpr sip_state(hash_key key)
      : v0(key.k0 ^ 0x736f6d6570736575u),
        v1(key.k1 ^ 0x646f72616e646f6du),
        v2(key.k0 ^ 0x6c7967656e657261u),
        v3(key.k1 ^ 0x7465646279746573u) {}

  constexpr void round() {
    v0 += v1;
    v2 += v3;
    v1 = std::rotl(v1, 13) ^ v0;
    v3 = std::rotl(v3, 16) ^ v2;
    v0 = std::rotl(v0, 32);
    v2 += v1;
    v0 += v3;
    v1 = std::rotl(v1, 17) ^ v2;
    v3 = std::rotl(v3, 21) ^ v0;
    v2 = std::rotl(v2, 32);
  }
};

template <int WordRounds, int FinalRounds>
[[nodiscard]] inline std::uint64_t siphash(hash_key key, std::string_view bytes) {
  sip_state state(key);
  const auto compress = [&state](std::uint64_t word) {
    state.v3 ^= word;
    for (int i = 0; i < WordRounds; ++i) state.round();
    state.v0 ^= word;
  };
  const char* at = bytes.data();
  for (std::size_t words = bytes.size() / 8; words > 0; --words, at += 8) compress(load_u64(at));
  compress(std::uint64_t{bytes.size()} << 56 | load_tail(at, bytes.size() % 8));
  state.v2 ^= 0xff;
  for (int i = 0; i < FinalRounds; ++i) state.round();
  return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

}  // namespace detail

/// SipHash-2-4: a keyed hash for what comes from outside, where an attacker may choose the input
/// but does not know the key. The same on every platform.
/// J.-P. Aumasson and D. J. Bernstein, "SipHash: a fast short-input PRF", INDOCRYPT 2012.
[[nodiscard]] inline std::uint64_t siphash24(hash_key key, std::string_view bytes) {
  return detail::siphash<2, 4>(key, bytes);
}

/// The same with fewer rounds, about twice as fast: enough for tables in memory, whose hashes are
/// never shown. Rust and CPython key their tables with it.
[[nodiscard]] inline std::uint64_t siphash13(hash_key key, std::string_view bytes) {
  return detail::siphash<1, 3>(key, bytes);
}

/// Mixes the bits of a number; a bijection, so different numbers stay different. Stable: may decide
/// what is stored or shown. Not keyed: no defence against crafted ids.
/// Finaliser "Mix13" of D. Stafford as in SplitMix64 (G. L. Steele, D. Lea and C. H. Flood, "Fast
/// splittable pseudorandom number generators", OOPSLA 2014, doi:10.1145/2660193.2660195).
[[nodiscard]] constexpr std::uint64_t mix64(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

/// A key for tables in memory that outsiders cannot guess: made of the addresses at which the
/// system loaded this process, so as good as its address randomisation. Differs from run to run:
/// nothing that is stored or shown may depend on it. Hosts with a source of secrets use that
/// instead.
[[nodiscard]] inline hash_key process_key() {
  static const char in_image = 0;
  const char on_stack = 0;
  const std::uint64_t image = mix64(reinterpret_cast<std::uintptr_t>(&in_image));
  const std::uint64_t stack = mix64(image ^ reinterpret_cast<std::uintptr_t>(&on_stack));
  const std::uint64_t library = mix64(stack ^ reinterpret_cast<std::uintptr_t>(&std::abort));
  return {image ^ library, stack + library};
}

/// FNV-1a of 32 bits: only to agree with other software that assigns by it.
/// G. Fowler, L. C. Noll, K.-P. Vo and D. Eastlake, RFC 9923.
[[nodiscard]] constexpr std::uint32_t fnv1a32(std::string_view bytes) {
  std::uint32_t h = 0x811c9dc5u;
  for (const char c : bytes) h = (h ^ static_cast<unsigned char>(c)) * 0x01000193u;
  return h;
}

/// FNV-1a of 64 bits: only to agree with other software that assigns by it.
[[nodiscard]] constexpr std::uint64_t fnv1a64(std::string_view bytes) {
  std::uint64_t h = 0xcbf29ce484222325u;
  for (const char c : bytes) h = (h ^ static_cast<unsigned char>(c)) * 0x00000100000001b3u;
  return h;
}

}  // namespace tailor::inline v0

#endif  // TAILOR_CORE_HASH_HPP
