#ifndef TAILOR_SIMILAR_NATIVE_MASK_HPP
#define TAILOR_SIMILAR_NATIVE_MASK_HPP

#include "counter_mask.hpp"
#include "counter_mask_x86.hpp"

namespace tailor::inline v0::similar {

/// The widest that this translation unit is compiled for. It is a template argument of what uses
/// it, so that units compiled for different machines do not share code by mistake.
#if defined(__AVX512BW__)
using native_mask = avx512_mask;
#elif defined(__AVX2__)
using native_mask = avx2_mask;
#elif defined(__SSE2__)
using native_mask = sse2_mask;
#else
using native_mask = portable_mask;
#endif

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_NATIVE_MASK_HPP
