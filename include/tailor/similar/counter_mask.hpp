#ifndef TAILOR_SIMILAR_COUNTER_MASK_HPP
#define TAILOR_SIMILAR_COUNTER_MASK_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "../core/config.hpp"

namespace tailor::inline v0::similar {

/// Looks at 64 counters at once. Kernels of other instruction sets have the same members and give
/// the same answers.
struct portable_mask {
  /// How many counters are looked at in the time that it takes to note one as touched.
  static constexpr std::size_t scanned_per_touch = 40;

  /// Bit n is set where counters[n] >= threshold. Precondition: threshold > 0.
  template <class T>
  [[nodiscard]] static std::uint64_t at_least(const T* counters, T threshold) {
    T most = 0;
    for (int n = 0; n < 64; ++n) most = counters[n] > most ? counters[n] : most;
    if (most < threshold) return 0;
    std::uint64_t mask = 0;
    for (int n = 0; n < 64; ++n) {
      mask |= static_cast<std::uint64_t>(counters[n] >= threshold) << n;
    }
    return mask;
  }

  [[nodiscard]] static std::uint64_t at_least(const std::uint8_t* counters,
                                              std::uint8_t threshold) {
    std::uint8_t most = 0;
    for (int n = 0; n < 64; ++n) most = counters[n] > most ? counters[n] : most;
    if (most < threshold) return 0;
    // Eight counters to a word: x >= t where (x | 128) - (t & 127) keeps its top bit, corrected for
    // the top bits of both.
    constexpr std::uint64_t ones = 0x0101010101010101u;
    constexpr std::uint64_t tops = 0x8080808080808080u;
    const std::uint64_t low = (threshold & 0x7Fu) * ones;
    const std::uint64_t high = threshold & 0x80u ? ~std::uint64_t{0} : 0;
    std::uint64_t mask = 0;
    for (int w = 0; w < 8; ++w) {
      std::uint64_t x = 0;
      for (int n = 0; n < 8; ++n) x |= std::uint64_t{counters[8 * w + n]} << 8 * n;
      const std::uint64_t rest = (x | tops) - low;
      const std::uint64_t hits = ((x & rest) | ((x | rest) & ~high)) & tops;
      mask |= ((hits >> 7) * 0x0102040810204080u >> 56) << 8 * w;
    }
    return mask;
  }
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_COUNTER_MASK_HPP
