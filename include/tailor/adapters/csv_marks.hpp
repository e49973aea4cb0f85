#ifndef TAILOR_ADAPTERS_CSV_MARKS_HPP
#define TAILOR_ADAPTERS_CSV_MARKS_HPP

#include <cstdint>
#include <cstring>

#include "../core/config.hpp"

#if defined(__AVX512BW__) || defined(__AVX2__)
#include <immintrin.h>
#elif defined(__SSE2__)
#include <emmintrin.h>  // a tenth of the lines
#endif

namespace tailor::inline v0::adapters {

/// Where the characters that matter stand in 64 bytes of CSV, a bit for each byte, low bit first.
struct csv_marks {
  std::uint64_t quotes = 0;
  std::uint64_t delimiters = 0;
  std::uint64_t newlines = 0;

  friend bool operator==(const csv_marks&, const csv_marks&) = default;
};

/// Without instructions for it: eight bytes at a time. A byte equals c when byte ^ c is zero.
[[nodiscard]] inline csv_marks find_marks_portable(const char* text, char delimiter) {
  constexpr std::uint64_t ones = 0x0101010101010101;
  const auto equal = [](std::uint64_t word, char c) {
    const std::uint64_t x = word ^ (ones * static_cast<std::uint8_t>(c));
    // The high bit of each byte that is zero, exactly; then the eight high bits side by side.
    const std::uint64_t zero = ~(((x & (ones * 0x7F)) + ones * 0x7F) | x | ones * 0x7F);
    return ((zero >> 7) * 0x0102040810204080) >> 56;
  };
  csv_marks out;
  for (int i = 0; i < 8; ++i) {
    std::uint64_t word = 0;
    for (int k = 0; k < 8; ++k) {
      word |= std::uint64_t{static_cast<std::uint8_t>(text[8 * i + k])} << (8 * k);
    }
    out.quotes |= equal(word, '"') << (8 * i);
    out.delimiters |= equal(word, delimiter) << (8 * i);
    out.newlines |= equal(word, '\n') << (8 * i);
  }
  return out;
}

#if defined(__AVX512BW__)
[[nodiscard]] inline csv_marks find_marks(const char* text, char delimiter) {
  const __m512i v = _mm512_loadu_si512(text);
  return {_mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('"')),
          _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(delimiter)),
          _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('\n'))};
}
#elif defined(__AVX2__)
[[nodiscard]] inline csv_marks find_marks(const char* text, char delimiter) {
  const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text));
  const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + 32));
  const auto equal = [&](char c) {
    const __m256i wanted = _mm256_set1_epi8(c);
    const auto a = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, wanted)));
    const auto b =
        static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, wanted)));
    return a | std::uint64_t{b} << 32;
  };
  return {equal('"'), equal(delimiter), equal('\n')};
}
#elif defined(__SSE2__)
[[nodiscard]] inline csv_marks find_marks(const char* text, char delimiter) {
  const auto equal = [text](char c) {
    const __m128i wanted = _mm_set1_epi8(c);
    std::uint64_t bits = 0;
    for (int i = 0; i < 4; ++i) {
      const __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text + 16 * i));
      const auto part = static_cast<std::uint16_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(v, wanted)));
      bits |= std::uint64_t{part} << (16 * i);
    }
    return bits;
  };
  return {equal('"'), equal(delimiter), equal('\n')};
}
#else
[[nodiscard]] inline csv_marks find_marks(const char* text, char delimiter) {
  return find_marks_portable(text, delimiter);
}
#endif

/// For each bit whether an odd number of bits is set up to and including it.
[[nodiscard]] constexpr std::uint64_t parity_so_far(std::uint64_t bits) {
  for (int shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
  return bits;
}

}  // namespace tailor::inline v0::adapters

#endif  // TAILOR_ADAPTERS_CSV_MARKS_HPP
