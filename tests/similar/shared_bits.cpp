#include "tailor/similar/shared_bits.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <random>

#include "../catch.hpp"

using namespace tailor::similar;

namespace {

template <class Bits>
int wrong_counts() {
  std::mt19937_64 random(7);
  int wrong = 0;
  alignas(64) std::uint64_t columns[5][64];
  for (int round = 0; round < 500; ++round) {
    const std::size_t words = random() % 8 * 8;
    for (auto& column : columns) {
      for (std::uint64_t& w : column) {
        w = round % 3 == 0 ? ~std::uint64_t{0} : random() & (round % 3 == 1 ? random() : ~0ull);
      }
    }
    const std::uint64_t* const sources[4] = {columns[0], columns[1], columns[2], columns[3]};
    std::uint32_t out[4];
    Bits::count(sources, columns[4], words, out);
    for (int s = 0; s < 4; ++s) {
      int expected = 0;
      for (std::size_t w = 0; w < words; ++w) {
        expected += std::popcount(columns[s][w] & columns[4][w]);
      }
      wrong += out[s] != static_cast<std::uint32_t>(expected);
    }
  }
  return wrong;
}

}  // namespace

TEST_CASE("shared bits: every twin counts the bits that two columns share") {
  CHECK(wrong_counts<portable_bits>() == 0);
  CHECK(wrong_counts<native_bits>() == 0);
#if defined(__AVX2__)
  CHECK(wrong_counts<avx2_bits>() == 0);
#endif
}
