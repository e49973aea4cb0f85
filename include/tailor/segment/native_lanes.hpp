#ifndef TAILOR_SEGMENT_NATIVE_LANES_HPP
#define TAILOR_SEGMENT_NATIVE_LANES_HPP

#include "lanes.hpp"
#include "lanes_x86.hpp"

namespace tailor::inline v0::segment {

/// The widest that this translation unit is compiled for. It is a template argument of what uses
/// it, so that units compiled for different machines do not share code by mistake.
#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512VNNI__)
using native_vectors = avx512vnni_vectors;
#elif defined(__AVX512F__) && defined(__AVX512BW__)
using native_vectors = avx512bw_vectors;
#elif defined(__AVX512F__)
using native_vectors = avx512_vectors;
#elif defined(__AVX2__) && defined(__FMA__)
using native_vectors = avx2_vectors;
#else
using native_vectors = portable_vectors;
#endif

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_NATIVE_LANES_HPP
