#include "tailor/core/hash.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "../catch.hpp"

namespace {

// The table of the reference implementation: key 00 01 … 0f, message 00 01 … n-1 for n = 0 … 63.
constexpr std::uint64_t published_24[64] = {
    0x726fdb47dd0e0e31u, 0x74f839c593dc67fdu, 0x0d6c8009d9a94f5au, 0x85676696d7fb7e2du,
    0xcf2794e0277187b7u, 0x18765564cd99a68du, 0xcbc9466e58fee3ceu, 0xab0200f58b01d137u,
    0x93f5f5799a932462u, 0x9e0082df0ba9e4b0u, 0x7a5dbbc594ddb9f3u, 0xf4b32f46226bada7u,
    0x751e8fbc860ee5fbu, 0x14ea5627c0843d90u, 0xf723ca908e7af2eeu, 0xa129ca6149be45e5u,
    0x3f2acc7f57c29bdbu, 0x699ae9f52cbe4794u, 0x4bc1b3f0968dd39cu, 0xbb6dc91da77961bdu,
    0xbed65cf21aa2ee98u, 0xd0f2cbb02e3b67c7u, 0x93536795e3a33e88u, 0xa80c038ccd5ccec8u,
    0xb8ad50c6f649af94u, 0xbce192de8a85b8eau, 0x17d835b85bbb15f3u, 0x2f2e6163076bcfadu,
    0xde4daaaca71dc9a5u, 0xa6a2506687956571u, 0xad87a3535c49ef28u, 0x32d892fad841c342u,
    0x7127512f72f27cceu, 0xa7f32346f95978e3u, 0x12e0b01abb051238u, 0x15e034d40fa197aeu,
    0x314dffbe0815a3b4u, 0x027990f029623981u, 0xcadcd4e59ef40c4du, 0x9abfd8766a33735cu,
    0x0e3ea96b5304a7d0u, 0xad0c42d6fc585992u, 0x187306c89bc215a9u, 0xd4a60abcf3792b95u,
    0xf935451de4f21df2u, 0xa9538f0419755787u, 0xdb9acddff56ca510u, 0xd06c98cd5c0975ebu,
    0xe612a3cb9ecba951u, 0xc766e62cfcadaf96u, 0xee64435a9752fe72u, 0xa192d576b245165au,
    0x0a8787bf8ecb74b2u, 0x81b3e73d20b49b6fu, 0x7fa8220ba3b2eceau, 0x245731c13ca42499u,
    0xb78dbfaf3a8d83bdu, 0xea1ad565322a1a0bu, 0x60e61c23a3795013u, 0x6606d7e446282b93u,
    0x6ca4ecb15c5f91e1u, 0x9f626da15c9625f3u, 0xe51b38608ef25f57u, 0x958a324ceb064572u};

// The same inputs for SipHash-1-3, by an independent program that reproduces the table above.
constexpr std::uint64_t computed_13[24] = {
    0xabac0158050fc4dcu, 0xc9f49bf37d57ca93u, 0x82cb9b024dc7d44du, 0x8bf80ab8e7ddf7fbu,
    0xcf75576088d38328u, 0xdef9d52f49533b67u, 0xc50d2b50c59f22a7u, 0xd3927d989bb11140u,
    0x369095118d299a8eu, 0x25a48eb36c063de4u, 0x79de85ee92ff097fu, 0x70c118c1f94dc352u,
    0x78a384b157b4d9a2u, 0x306f760c1229ffa7u, 0x605aa111c0f95d34u, 0xd320d86d2a519956u,
    0xcc4fdd1a7d908b66u, 0x9cf2689063dbd80cu, 0x8ffc389cb473e63eu, 0xf21f9de58d297d1cu,
    0xc0dc2f46a6cce040u, 0xb992abfe2b45f844u, 0x7ffe7b9ba320872eu, 0x525a0e7fdae6c123u};

constexpr tailor::hash_key key{0x0706050403020100u, 0x0f0e0d0c0b0a0908u};

std::string counting(std::size_t n) {
  std::string s;
  for (std::size_t i = 0; i < n; ++i) s.push_back(static_cast<char>(i));
  return s;
}

}  // namespace

TEST_CASE("hash: SipHash-2-4 gives the published values for all lengths from 0 to 63") {
  for (std::size_t n = 0; n < 64; ++n) {
    CAPTURE(n);
    CHECK(tailor::siphash24(key, counting(n)) == published_24[n]);
  }
}

TEST_CASE("hash: SipHash-1-3 gives the values of an independent program") {
  for (std::size_t n = 0; n < 24; ++n) {
    CAPTURE(n);
    CHECK(tailor::siphash13(key, counting(n)) == computed_13[n]);
  }
}

TEST_CASE("hash: the answer depends on the bytes alone, not on where they are or what follows") {
  for (std::size_t n = 0; n < 40; ++n) {
    for (std::size_t shift = 0; shift < 8; ++shift) {
      std::vector<char> buffer(shift + n, '\xee');  // ends with the text: a read beyond is caught
      const std::string text = counting(n);
      std::copy(text.begin(), text.end(), buffer.begin() + static_cast<std::ptrdiff_t>(shift));
      const std::string_view moved(buffer.data() + shift, n);
      REQUIRE(tailor::siphash24(key, moved) == tailor::siphash24(key, text));
    }
  }
}

TEST_CASE("hash: every byte, the length and the key count") {
  const std::string text = counting(23);
  const std::uint64_t h = tailor::siphash24(key, text);
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string other = text;
    other[i] = static_cast<char>(other[i] ^ 0x80);
    CHECK(tailor::siphash24(key, other) != h);
  }
  CHECK(tailor::siphash24(key, text + '\0') != h);
  CHECK(tailor::siphash24({key.k0 ^ 1, key.k1}, text) != h);
  CHECK(tailor::siphash24({key.k0, key.k1 ^ 1}, text) != h);
}

TEST_CASE("hash: FNV-1a gives the published values") {
  static_assert(tailor::fnv1a32("") == 0x811c9dc5u);
  static_assert(tailor::fnv1a32("a") == 0xe40c292cu);
  static_assert(tailor::fnv1a32("foobar") == 0xbf9cf968u);
  static_assert(tailor::fnv1a32("hello") == 0x4f9f2cabu);
  static_assert(tailor::fnv1a64("") == 0xcbf29ce484222325u);
  static_assert(tailor::fnv1a64("a") == 0xaf63dc4c8601ec8cu);
  static_assert(tailor::fnv1a64("foobar") == 0x85944171f73967e8u);
  CHECK(tailor::fnv1a32("\xff") == ((0x811c9dc5u ^ 0xffu) * 0x01000193u));  // bytes, not chars
}

// Assignments of other software that are to come out the same (both versions of its hash).
TEST_CASE("hash: FNV-1a assigns as GrowthBook does") {
  const auto v1 = [](const std::string& seed, const std::string& id) {
    return tailor::fnv1a32(id + seed) % 1000;
  };
  CHECK(v1("", "a") == 220);
  CHECK(v1("", "b") == 77);
  CHECK(v1("b", "a") == 946);
  CHECK(v1("ef", "d") == 652);
  CHECK(v1("asdf", "8952klfjas09ujk") == 549);
  CHECK(v1("", "123") == 11);
  const auto v2 = [](const std::string& seed, const std::string& id) {
    return tailor::fnv1a32(std::to_string(tailor::fnv1a32(seed + id))) % 10000;
  };
  CHECK(v2("seed", "a") == 505);
  CHECK(v2("seed", "b") == 2696);
  CHECK(v2("foo", "ab") == 2575);
  CHECK(v2("foo", "def") == 2019);
}

// First outputs of SplitMix64 from the state 0: the state is counted up by the golden gamma.
TEST_CASE("hash: mix64 is the finaliser of SplitMix64") {
  constexpr std::uint64_t gamma = 0x9e3779b97f4a7c15u;
  static_assert(tailor::mix64(0) == 0);
  CHECK(tailor::mix64(gamma) == 0xe220a8397b1dcdafu);
  CHECK(tailor::mix64(2 * gamma) == 0x6e789e6aa1b965f4u);
  CHECK(tailor::mix64(3 * gamma) == 0x06c45d188009454fu);
}
