#ifndef TAILOR_SEGMENT_LANES_X86_HPP
#define TAILOR_SEGMENT_LANES_X86_HPP

// Twins of portable_lanes for the instruction sets that the host compiles for.

#if defined(__AVX2__) && defined(__FMA__)

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

#include "../core/config.hpp"
#include "whole_lanes_x86.hpp"

namespace tailor::inline v0::segment {

template <class Real>
struct avx2_lanes;

template <>
struct avx2_lanes<float> {
  using reals = __m256;
  static constexpr std::size_t width = 8;
  static constexpr std::size_t at_once = 2;

  [[nodiscard]] static reals load(const float* from) { return _mm256_loadu_ps(from); }
  static void store(float* to, reals x) { _mm256_storeu_ps(to, x); }
  [[nodiscard]] static reals set(float x) { return _mm256_set1_ps(x); }
  [[nodiscard]] static reals add(reals a, reals b) { return _mm256_add_ps(a, b); }
  [[nodiscard]] static reals product(reals a, reals b) { return _mm256_mul_ps(a, b); }
  [[nodiscard]] static reals add_product(reals c, reals a, reals b) {
    return _mm256_fmadd_ps(a, b, c);
  }
  [[nodiscard]] static reals less_product(reals c, reals a, reals b) {
    return _mm256_fnmadd_ps(a, b, c);
  }
  [[nodiscard]] static reals tagged(reals x, float tag) {
    const reals tags = _mm256_set1_ps(tag);
    const reals mask = _mm256_castsi256_ps(_mm256_set1_epi32(0xFF));
    return _mm256_or_ps(_mm256_andnot_ps(mask, x), tags);
  }
  // Numbers that are not below zero are ordered as their bits are: machines compare whole numbers
  // in more places at once.
  [[nodiscard]] static reals least(reals a, reals b) {
    return _mm256_castsi256_ps(_mm256_min_epi32(_mm256_castps_si256(a), _mm256_castps_si256(b)));
  }
  [[nodiscard]] static reals most(reals a, reals b) {
    return _mm256_castsi256_ps(_mm256_max_epi32(_mm256_castps_si256(a), _mm256_castps_si256(b)));
  }
  [[nodiscard]] static reals where_less(reals a, reals b, reals yes, reals no) {
    return _mm256_blendv_ps(no, yes, _mm256_cmp_ps(a, b, _CMP_LT_OQ));
  }
  [[nodiscard]] static std::uint32_t not_above(reals a, reals b) {
    return static_cast<std::uint32_t>(_mm256_movemask_ps(_mm256_cmp_ps(a, b, _CMP_LE_OQ)));
  }
};

template <>
struct avx2_lanes<double> {
  using reals = __m256d;
  static constexpr std::size_t width = 4;
  static constexpr std::size_t at_once = 2;

  [[nodiscard]] static reals load(const double* from) { return _mm256_loadu_pd(from); }
  static void store(double* to, reals x) { _mm256_storeu_pd(to, x); }
  [[nodiscard]] static reals set(double x) { return _mm256_set1_pd(x); }
  [[nodiscard]] static reals add(reals a, reals b) { return _mm256_add_pd(a, b); }
  [[nodiscard]] static reals product(reals a, reals b) { return _mm256_mul_pd(a, b); }
  [[nodiscard]] static reals add_product(reals c, reals a, reals b) {
    return _mm256_fmadd_pd(a, b, c);
  }
  [[nodiscard]] static reals less_product(reals c, reals a, reals b) {
    return _mm256_fnmadd_pd(a, b, c);
  }
  [[nodiscard]] static reals tagged(reals x, double tag) {
    const reals tags = _mm256_set1_pd(tag);
    const reals mask = _mm256_castsi256_pd(_mm256_set1_epi64x(0xFF));
    return _mm256_or_pd(_mm256_andnot_pd(mask, x), tags);
  }
  [[nodiscard]] static reals least(reals a, reals b) { return _mm256_min_pd(a, b); }
  [[nodiscard]] static reals most(reals a, reals b) { return _mm256_max_pd(a, b); }
  [[nodiscard]] static reals where_less(reals a, reals b, reals yes, reals no) {
    return _mm256_blendv_pd(no, yes, _mm256_cmp_pd(a, b, _CMP_LT_OQ));
  }
  [[nodiscard]] static std::uint32_t not_above(reals a, reals b) {
    return static_cast<std::uint32_t>(_mm256_movemask_pd(_mm256_cmp_pd(a, b, _CMP_LE_OQ)));
  }
};

struct avx2_vectors {
  template <class Real>
  using lanes = avx2_lanes<Real>;
  using wholes = avx2_wholes;
};

#if defined(__AVX512F__)

template <class Real>
struct avx512_lanes;

template <>
struct avx512_lanes<float> {
  using reals = __m512;
  static constexpr std::size_t width = 16;
  static constexpr std::size_t at_once = 4;

  [[nodiscard]] static reals load(const float* from) {
    reals x = _mm512_loadu_ps(from);
    asm("" : "+v"(x));  // stays in its register: g++ would read the memory again at every use
    return x;
  }
  static void store(float* to, reals x) { _mm512_storeu_ps(to, x); }
  [[nodiscard]] static reals set(float x) { return _mm512_set1_ps(x); }
  [[nodiscard]] static reals add(reals a, reals b) { return _mm512_add_ps(a, b); }
  [[nodiscard]] static reals product(reals a, reals b) { return _mm512_mul_ps(a, b); }
  [[nodiscard]] static reals add_product(reals c, reals a, reals b) {
    return _mm512_fmadd_ps(a, b, c);
  }
  [[nodiscard]] static reals less_product(reals c, reals a, reals b) {
    return _mm512_fnmadd_ps(a, b, c);
  }
  [[nodiscard]] static reals tagged(reals x, float tag) {
    // (x and not 255) or tag.
    return _mm512_castsi512_ps(_mm512_ternarylogic_epi32(_mm512_castps_si512(x),
                                                         _mm512_castps_si512(_mm512_set1_ps(tag)),
                                                         _mm512_set1_epi32(0xFF), 0xDC));
  }
  // As whole numbers, see avx2_lanes. The forms with a mask: g++ 12 warns of its own header in the
  // others.
  [[nodiscard]] static reals least(reals a, reals b) {
    return _mm512_castsi512_ps(
        _mm512_maskz_min_epi32(0xFFFF, _mm512_castps_si512(a), _mm512_castps_si512(b)));
  }
  [[nodiscard]] static reals most(reals a, reals b) {
    return _mm512_castsi512_ps(
        _mm512_maskz_max_epi32(0xFFFF, _mm512_castps_si512(a), _mm512_castps_si512(b)));
  }
  [[nodiscard]] static reals where_less(reals a, reals b, reals yes, reals no) {
    return _mm512_mask_mov_ps(no, _mm512_cmp_ps_mask(a, b, _CMP_LT_OQ), yes);
  }
  [[nodiscard]] static std::uint32_t not_above(reals a, reals b) {
    return _mm512_cmp_ps_mask(a, b, _CMP_LE_OQ);
  }
};

template <>
struct avx512_lanes<double> {
  using reals = __m512d;
  static constexpr std::size_t width = 8;
  static constexpr std::size_t at_once = 4;

  [[nodiscard]] static reals load(const double* from) {
    reals x = _mm512_loadu_pd(from);
    asm("" : "+v"(x));  // stays in its register: g++ would read the memory again at every use
    return x;
  }
  static void store(double* to, reals x) { _mm512_storeu_pd(to, x); }
  [[nodiscard]] static reals set(double x) { return _mm512_set1_pd(x); }
  [[nodiscard]] static reals add(reals a, reals b) { return _mm512_add_pd(a, b); }
  [[nodiscard]] static reals product(reals a, reals b) { return _mm512_mul_pd(a, b); }
  [[nodiscard]] static reals add_product(reals c, reals a, reals b) {
    return _mm512_fmadd_pd(a, b, c);
  }
  [[nodiscard]] static reals less_product(reals c, reals a, reals b) {
    return _mm512_fnmadd_pd(a, b, c);
  }
  [[nodiscard]] static reals tagged(reals x, double tag) {
    // (x and not 255) or tag.
    return _mm512_castsi512_pd(_mm512_ternarylogic_epi64(_mm512_castpd_si512(x),
                                                         _mm512_castpd_si512(_mm512_set1_pd(tag)),
                                                         _mm512_set1_epi64(0xFF), 0xDC));
  }
  // As whole numbers, see avx2_lanes. The forms with a mask: g++ 12 warns of its own header in the
  // others.
  [[nodiscard]] static reals least(reals a, reals b) {
    return _mm512_castsi512_pd(
        _mm512_maskz_min_epi64(0xFF, _mm512_castpd_si512(a), _mm512_castpd_si512(b)));
  }
  [[nodiscard]] static reals most(reals a, reals b) {
    return _mm512_castsi512_pd(
        _mm512_maskz_max_epi64(0xFF, _mm512_castpd_si512(a), _mm512_castpd_si512(b)));
  }
  [[nodiscard]] static reals where_less(reals a, reals b, reals yes, reals no) {
    return _mm512_mask_mov_pd(no, _mm512_cmp_pd_mask(a, b, _CMP_LT_OQ), yes);
  }
  [[nodiscard]] static std::uint32_t not_above(reals a, reals b) {
    return _mm512_cmp_pd_mask(a, b, _CMP_LE_OQ);
  }
};

struct avx512_vectors {
  template <class Real>
  using lanes = avx512_lanes<Real>;
  using wholes = avx2_wholes;
};

#if defined(__AVX512BW__)

struct avx512bw_vectors {
  template <class Real>
  using lanes = avx512_lanes<Real>;
  using wholes = avx512bw_wholes;
};

#if defined(__AVX512VNNI__)

struct avx512vnni_vectors {
  template <class Real>
  using lanes = avx512_lanes<Real>;
  using wholes = avx512vnni_wholes;
};

#endif  // VNNI

#endif  // BW

#endif  // AVX-512

}  // namespace tailor::inline v0::segment

#endif  // AVX2

#endif  // TAILOR_SEGMENT_LANES_X86_HPP
