#include "tailor/core/random.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <random>
#include <set>

#include "../catch.hpp"

using tailor::counter_random;
using block = std::array<std::uint32_t, 4>;

static_assert(tailor::random_bits<counter_random>);
static_assert(tailor::random_bits<std::mt19937_64>);
static_assert(!tailor::random_bits<std::mt19937>);

// The known answers that come with the authors' Random123.
TEST_CASE("random: Philox4x32-10 gives the published answers") {
  static_assert(tailor::philox4x32({0, 0, 0, 0}, {0, 0}) ==
                block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(tailor::philox4x32({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
                           {0xffffffff, 0xffffffff}) ==
        block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(tailor::philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
                           {0xa4093822, 0x299f31d0}) ==
        block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("random: draws are the blocks of the counter, low words first") {
  counter_random g(0, 0);
  CHECK(g() == 0xe169c58d6627e8d5u);
  CHECK(g() == 0x9b00dbd8bc57ac4cu);
  const block next = tailor::philox4x32({1, 0, 0, 0}, {0, 0});
  CHECK(g() == (next[0] | std::uint64_t{next[1]} << 32));

  counter_random h(0x299f31d0a4093822u, 0x0370734413198a2eu);
  const block first = tailor::philox4x32({0, 0, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0});
  CHECK(h() == (first[0] | std::uint64_t{first[1]} << 32));
}

TEST_CASE("random: the same key and stream repeat, others differ from the first draw") {
  std::set<std::uint64_t> firsts;
  for (std::uint64_t key = 0; key < 50; ++key) {
    for (std::uint64_t stream = 0; stream < 50; ++stream) {
      counter_random a(key, stream), b(key, stream);
      firsts.insert(a());
      static_cast<void>(b());
      REQUIRE(a == b);
      for (int i = 0; i < 5; ++i) REQUIRE(a() == b());
    }
  }
  CHECK(firsts.size() == 2500);
}

TEST_CASE("random: bits are balanced and neighbouring streams are unrelated") {
  std::uint64_t ones[64] = {};
  std::uint64_t differing = 0;
  constexpr std::uint64_t draws = 20'000;
  for (std::uint64_t stream = 0; stream < draws; ++stream) {
    counter_random g(1, stream), next(1, stream + 1);
    const std::uint64_t bits = g();
    for (int i = 0; i < 64; ++i) ones[i] += bits >> i & 1;
    differing += static_cast<std::uint64_t>(std::popcount(bits ^ next()));
  }
  // Binomial(20,000, 1/2): six standard deviations are 424.
  for (const std::uint64_t n : ones) CHECK((n > draws / 2 - 424 && n < draws / 2 + 424));
  CHECK(static_cast<double>(differing) / draws == Catch::Approx(32.0).margin(0.2));
}
