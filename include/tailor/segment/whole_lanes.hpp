#ifndef TAILOR_SEGMENT_WHOLE_LANES_HPP
#define TAILOR_SEGMENT_WHOLE_LANES_HPP

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "../core/config.hpp"

namespace tailor::inline v0::segment {

/// Whole numbers of 32 bits side by side, or pairs of 16 bits, for any machine. Those of other
/// instruction sets have the same members and give the same bits.
struct portable_wholes {
  typedef std::int32_t wholes __attribute__((vector_size(16)));
  static constexpr std::size_t width = 4;
  /// How many of them, times centres, a machine keeps at hand.
  static constexpr std::size_t at_once = 2;

  [[nodiscard]] static wholes load(const std::int32_t* from) {
    wholes out;
    std::memcpy(&out, from, sizeof out);
    return out;
  }
  static void store(std::int32_t* to, wholes x) { std::memcpy(to, &x, sizeof x); }
  [[nodiscard]] static wholes set(std::int32_t x) { return wholes{} + x; }
  /// c + a.low b.low + a.high b.high. Precondition: that, and the sum of the products, fit.
  [[nodiscard]] static wholes add_pairs(wholes c, wholes a, wholes b) {
#if defined(__SSE2__)
    const __m128i products = _mm_madd_epi16(as_machine(a), as_machine(b));
    wholes out;
    std::memcpy(&out, &products, sizeof out);
    return c + out;
#else
    return c + (a << 16 >> 16) * (b << 16 >> 16) + (a >> 16) * (b >> 16);
#endif
  }
  /// x with its last eight bits replaced by those of `tag`, which has no others.
  [[nodiscard]] static wholes tagged(wholes x, std::int32_t tag) { return (x & ~0xFF) | tag; }
  [[nodiscard]] static wholes least(wholes a, wholes b) { return a < b ? a : b; }
  [[nodiscard]] static wholes most(wholes a, wholes b) { return a > b ? a : b; }
  /// Bit n is set where a[n] <= b[n] + more; that fits.
  [[nodiscard]] static std::uint32_t not_above(wholes a, wholes b, std::int32_t more) {
    std::uint32_t bits = 0;
    for (std::size_t n = 0; n < width; ++n) bits |= std::uint32_t{a[n] <= b[n] + more} << n;
    return bits;
  }

#if defined(__SSE2__)
 private:
  [[nodiscard]] static __m128i as_machine(wholes x) {
    __m128i out;
    std::memcpy(&out, &x, sizeof out);
    return out;
  }
#endif
};

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_WHOLE_LANES_HPP
