#include "tailor/similar/counter_mask.hpp"

#include <cstdint>
#include <random>

#include "../catch.hpp"
#include "tailor/similar/counter_mask_x86.hpp"
#include "tailor/similar/native_mask.hpp"

using namespace tailor::similar;

namespace {

template <class Mask, class T>
int wrong_masks(std::mt19937_64& random) {
  int wrong = 0;
  for (int round = 0; round < 3000; ++round) {
    alignas(64) T counters[64];
    const T spread = static_cast<T>(random() >> random() % 64);
    for (T& c : counters) c = random() % 4 == 0 ? static_cast<T>(random()) : T{0};
    T threshold = counters[random() % 64];
    if (random() % 2 == 0) threshold = static_cast<T>(spread);
    if (threshold == 0) threshold = 1;
    for (T& c : counters) {
      if (random() % 3 == 0) c = static_cast<T>(threshold - 1 + random() % 3);
    }
    std::uint64_t expected = 0;
    for (int n = 0; n < 64; ++n) {
      expected |= static_cast<std::uint64_t>(counters[n] >= threshold) << n;
    }
    wrong += Mask::at_least(counters, threshold) != expected;
  }
  return wrong;
}

template <class Mask>
int wrong_masks() {
  std::mt19937_64 random(5);
  return wrong_masks<Mask, std::uint8_t>(random) + wrong_masks<Mask, std::uint16_t>(random) +
         wrong_masks<Mask, std::uint32_t>(random);
}

}  // namespace

TEST_CASE("counter masks: every twin says where a counter reaches the threshold") {
  CHECK(wrong_masks<portable_mask>() == 0);
  CHECK(wrong_masks<native_mask>() == 0);
#if defined(__SSE2__)
  CHECK(wrong_masks<sse2_mask>() == 0);
#endif
#if defined(__AVX2__)
  CHECK(wrong_masks<avx2_mask>() == 0);
#endif
#if defined(__AVX512BW__)
  CHECK(wrong_masks<avx512_mask>() == 0);
#endif
}
