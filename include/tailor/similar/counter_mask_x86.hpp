#ifndef TAILOR_SIMILAR_COUNTER_MASK_X86_HPP
#define TAILOR_SIMILAR_COUNTER_MASK_X86_HPP

// Twins of portable_mask for the instruction sets that the host compiles for.

#if defined(__SSE2__)

#if defined(__AVX2__)
#include <immintrin.h>
#else
#include <emmintrin.h>  // a tenth of the lines
#endif

#include <cstddef>
#include <cstdint>

#include "counter_mask.hpp"

namespace tailor::inline v0::similar {

struct sse2_mask : portable_mask {
  static constexpr std::size_t scanned_per_touch = 100;
  using portable_mask::at_least;

  [[nodiscard]] static std::uint64_t at_least(const std::uint8_t* counters,
                                              std::uint8_t threshold) {
    const __m128i t = _mm_set1_epi8(static_cast<char>(threshold));
    std::uint64_t mask = 0;
    for (int n = 0; n < 4; ++n) {
      const __m128i x = load(counters + 16 * n);
      mask |= bits(_mm_cmpeq_epi8(_mm_max_epu8(x, t), x)) << 16 * n;
    }
    return mask;
  }
  [[nodiscard]] static std::uint64_t at_least(const std::uint16_t* counters,
                                              std::uint16_t threshold) {
    const __m128i t = _mm_set1_epi16(static_cast<short>(threshold));
    const __m128i zero = _mm_setzero_si128();
    std::uint64_t mask = 0;
    for (int n = 0; n < 4; ++n) {
      // t - x stops at 0 just where x >= t.
      const __m128i low = _mm_cmpeq_epi16(_mm_subs_epu16(t, load(counters + 16 * n)), zero);
      const __m128i high = _mm_cmpeq_epi16(_mm_subs_epu16(t, load(counters + 16 * n + 8)), zero);
      mask |= bits(_mm_packs_epi16(low, high)) << 16 * n;
    }
    return mask;
  }

 private:
  static __m128i load(const void* p) { return _mm_load_si128(static_cast<const __m128i*>(p)); }
  static std::uint64_t bits(__m128i bytes) {
    return static_cast<std::uint32_t>(_mm_movemask_epi8(bytes));
  }
};

#if defined(__AVX2__)

struct avx2_mask : portable_mask {
  static constexpr std::size_t scanned_per_touch = 200;
  using portable_mask::at_least;

  [[nodiscard]] static std::uint64_t at_least(const std::uint8_t* counters,
                                              std::uint8_t threshold) {
    const __m256i t = _mm256_set1_epi8(static_cast<char>(threshold));
    const __m256i low = load(counters);
    const __m256i high = load(counters + 32);
    return bits(_mm256_cmpeq_epi8(_mm256_max_epu8(low, t), low)) |
           bits(_mm256_cmpeq_epi8(_mm256_max_epu8(high, t), high)) << 32;
  }
  [[nodiscard]] static std::uint64_t at_least(const std::uint16_t* counters,
                                              std::uint16_t threshold) {
    const __m256i t = _mm256_set1_epi16(static_cast<short>(threshold));
    std::uint64_t mask = 0;
    for (int n = 0; n < 2; ++n) {
      const __m256i a = load(counters + 32 * n);
      const __m256i b = load(counters + 32 * n + 16);
      const __m256i packed = _mm256_packs_epi16(_mm256_cmpeq_epi16(_mm256_max_epu16(a, t), a),
                                                _mm256_cmpeq_epi16(_mm256_max_epu16(b, t), b));
      // Packing works within halves: bring the four quarters back in order.
      mask |= bits(_mm256_permute4x64_epi64(packed, 0b11011000)) << 32 * n;
    }
    return mask;
  }

 private:
  static __m256i load(const void* p) { return _mm256_load_si256(static_cast<const __m256i*>(p)); }
  static std::uint64_t bits(__m256i bytes) {
    return static_cast<std::uint32_t>(_mm256_movemask_epi8(bytes));
  }
};

#endif  // AVX2

#if defined(__AVX512BW__)

struct avx512_mask : portable_mask {
  static constexpr std::size_t scanned_per_touch = 400;
  using portable_mask::at_least;

  [[nodiscard]] static std::uint64_t at_least(const std::uint8_t* counters,
                                              std::uint8_t threshold) {
    return _mm512_cmpge_epu8_mask(_mm512_load_si512(counters),
                                  _mm512_set1_epi8(static_cast<char>(threshold)));
  }
  [[nodiscard]] static std::uint64_t at_least(const std::uint16_t* counters,
                                              std::uint16_t threshold) {
    const __m512i t = _mm512_set1_epi16(static_cast<short>(threshold));
    const std::uint64_t low = _mm512_cmpge_epu16_mask(_mm512_load_si512(counters), t);
    const std::uint64_t high = _mm512_cmpge_epu16_mask(_mm512_load_si512(counters + 32), t);
    return low | high << 32;
  }
  [[nodiscard]] static std::uint64_t at_least(const std::uint32_t* counters,
                                              std::uint32_t threshold) {
    const __m512i t = _mm512_set1_epi32(static_cast<int>(threshold));
    std::uint64_t mask = 0;
    for (int n = 0; n < 4; ++n) {
      const std::uint64_t part = _mm512_cmpge_epu32_mask(_mm512_load_si512(counters + 16 * n), t);
      mask |= part << 16 * n;
    }
    return mask;
  }
};

#endif  // AVX-512

}  // namespace tailor::inline v0::similar

#endif  // SSE2

#endif  // TAILOR_SIMILAR_COUNTER_MASK_X86_HPP
