#ifndef TAILOR_SIMILAR_SHARED_BITS_HPP
#define TAILOR_SIMILAR_SHARED_BITS_HPP

#include <bit>
#include <cstddef>
#include <cstdint>

#if defined(__AVX2__)
#include <immintrin.h>
#endif

#include "../core/config.hpp"

namespace tailor::inline v0::similar {

/// Counts the bits that one column shares with each of four others. Kernels of other instruction
/// sets have the same members and give the same answers.
struct portable_bits {
  /// How many bits of a matrix are looked at in the time that one pair is counted in its rows.
  static constexpr std::size_t bits_per_count = std::size_t{20};

  /// out[s] = bits set in both sources[s] and target. `words` is a multiple of 8, the columns start
  /// at multiples of 64 bytes.
  static void count(const std::uint64_t* const sources[4], const std::uint64_t* target,
                    std::size_t words, std::uint32_t out[4]) {
    for (int s = 0; s < 4; ++s) {
      std::uint64_t sum = 0;
      for (std::size_t w = 0; w < words; ++w) {
        sum += static_cast<std::uint64_t>(std::popcount(sources[s][w] & target[w]));
      }
      out[s] = static_cast<std::uint32_t>(sum);
    }
  }
};

#if defined(__AVX2__)

/// Looks four bits up at a time (W. Muła, N. Kurz and D. Lemire 2018, doi:10.1093/comjnl/bxx046).
struct avx2_bits {
  static constexpr std::size_t bits_per_count = 200;

  static void count(const std::uint64_t* const sources[4], const std::uint64_t* target,
                    std::size_t words, std::uint32_t out[4]) {
    const __m256i low = _mm256_set1_epi8(15);
    const __m256i table = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,  //
                                           0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
    __m256i sums[4] = {_mm256_setzero_si256(), _mm256_setzero_si256(), _mm256_setzero_si256(),
                       _mm256_setzero_si256()};
    for (std::size_t w = 0; w < words; w += 4) {
      const __m256i t = _mm256_load_si256(reinterpret_cast<const __m256i*>(target + w));
      for (int s = 0; s < 4; ++s) {
        const __m256i both = _mm256_and_si256(
            t, _mm256_load_si256(reinterpret_cast<const __m256i*>(sources[s] + w)));
        const __m256i a = _mm256_shuffle_epi8(table, _mm256_and_si256(both, low));
        const __m256i b =
            _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16(both, 4), low));
        sums[s] = _mm256_add_epi64(sums[s],
                                   _mm256_sad_epu8(_mm256_add_epi8(a, b), _mm256_setzero_si256()));
      }
    }
    for (int s = 0; s < 4; ++s) {
      const __m128i half =
          _mm_add_epi64(_mm256_castsi256_si128(sums[s]), _mm256_extracti128_si256(sums[s], 1));
      out[s] = static_cast<std::uint32_t>(
          _mm_cvtsi128_si64(_mm_add_epi64(half, _mm_unpackhi_epi64(half, half))));
    }
  }
};

#endif  // AVX2

#if defined(__AVX512VPOPCNTDQ__)

struct avx512_bits {
  static constexpr std::size_t bits_per_count = 800;

  static void count(const std::uint64_t* const sources[4], const std::uint64_t* target,
                    std::size_t words, std::uint32_t out[4]) {
    __m512i sums[4] = {_mm512_setzero_si512(), _mm512_setzero_si512(), _mm512_setzero_si512(),
                       _mm512_setzero_si512()};
    for (std::size_t w = 0; w < words; w += 8) {
      const __m512i t = _mm512_load_si512(target + w);
      for (int s = 0; s < 4; ++s) {
        const __m512i both = _mm512_and_si512(t, _mm512_load_si512(sources[s] + w));
        sums[s] = _mm512_add_epi64(sums[s], _mm512_popcnt_epi64(both));
      }
    }
    for (int s = 0; s < 4; ++s) {
      alignas(64) std::uint64_t parts[8];
      _mm512_store_si512(parts, sums[s]);
      std::uint64_t sum = 0;
      for (const std::uint64_t p : parts) sum += p;
      out[s] = static_cast<std::uint32_t>(sum);
    }
  }
};

using native_bits = avx512_bits;
#elif defined(__AVX2__)
using native_bits = avx2_bits;
#else
using native_bits = portable_bits;
#endif

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_SHARED_BITS_HPP
