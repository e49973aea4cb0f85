#ifndef TAILOR_SEGMENT_DIFFERENT_LABELS_HPP
#define TAILOR_SEGMENT_DIFFERENT_LABELS_HPP

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "../core/config.hpp"

namespace tailor::inline v0::segment::detail {

/// Bit n is set where labels[n] is not near[n]. Which ones those are is hard to foretell, so that
/// a branch for each would cost more than the search. Precondition: count <= 64.
template <class Label>
[[nodiscard]] std::uint64_t different_labels(const Label* labels, const std::uint32_t* near,
                                             std::size_t count) {
  std::uint8_t flags[64] = {};
  if (count == 64) {
    for (std::size_t n = 0; n < 64; ++n) flags[n] = labels[n] != static_cast<Label>(near[n]);
  } else {
    for (std::size_t n = 0; n < count; ++n) flags[n] = labels[n] != near[n];
  }
  std::uint64_t bits = 0;
  for (std::size_t word = 0; word < 8; ++word) {
    std::uint64_t eight = 0;
    if constexpr (std::endian::native == std::endian::little) {
      std::memcpy(&eight, flags + 8 * word, sizeof eight);
    } else {
      for (std::size_t n = 0; n < 8; ++n) eight |= std::uint64_t{flags[8 * word + n]} << 8 * n;
    }
    bits |= (eight * 0x0102040810204080u >> 56) << 8 * word;
  }
  return bits;
}

}  // namespace tailor::inline v0::segment::detail

#endif  // TAILOR_SEGMENT_DIFFERENT_LABELS_HPP
