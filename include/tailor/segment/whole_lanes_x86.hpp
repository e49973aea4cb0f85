#ifndef TAILOR_SEGMENT_WHOLE_LANES_X86_HPP
#define TAILOR_SEGMENT_WHOLE_LANES_X86_HPP

// Twins of portable_wholes for the instruction sets that the host compiles for.

#if defined(__AVX2__)

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

#include "../core/config.hpp"

namespace tailor::inline v0::segment {

struct avx2_wholes {
  using wholes = __m256i;
  static constexpr std::size_t width = 8;
  static constexpr std::size_t at_once = 2;

  [[nodiscard]] static wholes load(const std::int32_t* from) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
  }
  static void store(std::int32_t* to, wholes x) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), x);
  }
  [[nodiscard]] static wholes set(std::int32_t x) { return _mm256_set1_epi32(x); }
  [[nodiscard]] static wholes add_pairs(wholes c, wholes a, wholes b) {
    return _mm256_add_epi32(c, _mm256_madd_epi16(a, b));
  }
  [[nodiscard]] static wholes tagged(wholes x, std::int32_t tag) {
    return _mm256_or_si256(_mm256_andnot_si256(set(0xFF), x), set(tag));
  }
  [[nodiscard]] static wholes least(wholes a, wholes b) { return _mm256_min_epi32(a, b); }
  [[nodiscard]] static wholes most(wholes a, wholes b) { return _mm256_max_epi32(a, b); }
  [[nodiscard]] static std::uint32_t not_above(wholes a, wholes b, std::int32_t more) {
    const wholes above = _mm256_cmpgt_epi32(a, _mm256_add_epi32(b, set(more)));
    return ~static_cast<std::uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(above))) & 0xFFu;
  }
};

#if defined(__AVX512BW__)

struct avx512bw_wholes {
  using wholes = __m512i;
  static constexpr std::size_t width = 16;
  static constexpr std::size_t at_once = 4;

  [[nodiscard]] static wholes load(const std::int32_t* from) {
    wholes x = _mm512_loadu_si512(from);
    asm("" : "+v"(x));  // stays in its register: g++ would read the memory again at every use
    return x;
  }
  static void store(std::int32_t* to, wholes x) { _mm512_storeu_si512(to, x); }
  [[nodiscard]] static wholes set(std::int32_t x) { return _mm512_set1_epi32(x); }
  [[nodiscard]] static wholes add_pairs(wholes c, wholes a, wholes b) {
    return _mm512_add_epi32(c, _mm512_madd_epi16(a, b));
  }
  [[nodiscard]] static wholes tagged(wholes x, std::int32_t tag) {
    return _mm512_ternarylogic_epi32(x, set(tag), set(0xFF), 0xDC);  // (x and not 255) or tag
  }
  // The forms with a mask: g++ 12 warns of its own header in the others.
  [[nodiscard]] static wholes least(wholes a, wholes b) {
    return _mm512_maskz_min_epi32(0xFFFF, a, b);
  }
  [[nodiscard]] static wholes most(wholes a, wholes b) {
    return _mm512_maskz_max_epi32(0xFFFF, a, b);
  }
  [[nodiscard]] static std::uint32_t not_above(wholes a, wholes b, std::int32_t more) {
    return _mm512_cmple_epi32_mask(a, _mm512_add_epi32(b, set(more)));
  }
};

#if defined(__AVX512VNNI__)

struct avx512vnni_wholes : avx512bw_wholes {
  [[nodiscard]] static wholes add_pairs(wholes c, wholes a, wholes b) {
    return _mm512_dpwssd_epi32(c, a, b);
  }
};

#endif  // VNNI

#endif  // AVX-512

}  // namespace tailor::inline v0::segment

#endif  // AVX2

#endif  // TAILOR_SEGMENT_WHOLE_LANES_X86_HPP
