#ifndef TAILOR_SIMILAR_PACK_HPP
#define TAILOR_SIMILAR_PACK_HPP

#include "../core/config.hpp"

#if defined(__SSE2__)

#if defined(__AVX2__)
#include <immintrin.h>
#else
#include <emmintrin.h>  // a tenth of the lines
#endif

#include <cstddef>

namespace tailor::inline v0::similar {

// Several doubles at once; every operation rounds as that of a single one does. Compilers do as
// much with a loop over + and /, but not with √, which may have to report an error in errno.

#if defined(__AVX512F__)
struct pack8 {
  static constexpr std::size_t width = 8;
  __m512d v;
  pack8(__m512d x) : v(x) {}                 // NOLINT: the register is the pack
  pack8(double x) : v(_mm512_set1_pd(x)) {}  // NOLINT: a number is a pack of it
  static pack8 load(const double* p) { return _mm512_load_pd(p); }
  void store(double* p) const { _mm512_store_pd(p, v); }
  friend pack8 operator+(pack8 a, pack8 b) { return _mm512_add_pd(a.v, b.v); }
  friend pack8 operator-(pack8 a, pack8 b) { return _mm512_sub_pd(a.v, b.v); }
  friend pack8 operator*(pack8 a, pack8 b) { return _mm512_mul_pd(a.v, b.v); }
  friend pack8 operator/(pack8 a, pack8 b) { return _mm512_div_pd(a.v, b.v); }
  // Masked, since g++ 12 warns of its own header else.
  friend pack8 sqrt(pack8 a) { return _mm512_maskz_sqrt_pd(0xFF, a.v); }
};
using native_pack = pack8;
#elif defined(__AVX__)
struct pack4 {
  static constexpr std::size_t width = 4;
  __m256d v;
  pack4(__m256d x) : v(x) {}                 // NOLINT: the register is the pack
  pack4(double x) : v(_mm256_set1_pd(x)) {}  // NOLINT: a number is a pack of it
  static pack4 load(const double* p) { return _mm256_load_pd(p); }
  void store(double* p) const { _mm256_store_pd(p, v); }
  friend pack4 operator+(pack4 a, pack4 b) { return _mm256_add_pd(a.v, b.v); }
  friend pack4 operator-(pack4 a, pack4 b) { return _mm256_sub_pd(a.v, b.v); }
  friend pack4 operator*(pack4 a, pack4 b) { return _mm256_mul_pd(a.v, b.v); }
  friend pack4 operator/(pack4 a, pack4 b) { return _mm256_div_pd(a.v, b.v); }
  friend pack4 sqrt(pack4 a) { return _mm256_sqrt_pd(a.v); }
};
using native_pack = pack4;
#else
struct pack2 {
  static constexpr std::size_t width = 2;
  __m128d v;
  pack2(__m128d x) : v(x) {}              // NOLINT: the register is the pack
  pack2(double x) : v(_mm_set1_pd(x)) {}  // NOLINT: a number is a pack of it
  static pack2 load(const double* p) { return _mm_load_pd(p); }
  void store(double* p) const { _mm_store_pd(p, v); }
  friend pack2 operator+(pack2 a, pack2 b) { return _mm_add_pd(a.v, b.v); }
  friend pack2 operator-(pack2 a, pack2 b) { return _mm_sub_pd(a.v, b.v); }
  friend pack2 operator*(pack2 a, pack2 b) { return _mm_mul_pd(a.v, b.v); }
  friend pack2 operator/(pack2 a, pack2 b) { return _mm_div_pd(a.v, b.v); }
  friend pack2 sqrt(pack2 a) { return _mm_sqrt_pd(a.v); }
};
using native_pack = pack2;
#endif

}  // namespace tailor::inline v0::similar

#else

#include <cmath>
#include <cstddef>

namespace tailor::inline v0::similar {

struct pack1 {
  static constexpr std::size_t width = 1;
  double v;
  pack1(double x) : v(x) {}  // NOLINT: the register is the pack
  static pack1 load(const double* p) { return *p; }
  void store(double* p) const { *p = v; }
  friend pack1 operator+(pack1 a, pack1 b) { return a.v + b.v; }
  friend pack1 operator-(pack1 a, pack1 b) { return a.v - b.v; }
  friend pack1 operator*(pack1 a, pack1 b) { return a.v * b.v; }
  friend pack1 operator/(pack1 a, pack1 b) { return a.v / b.v; }
  friend pack1 sqrt(pack1 a) { return std::sqrt(a.v); }
};
using native_pack = pack1;

}  // namespace tailor::inline v0::similar

#endif

#endif  // TAILOR_SIMILAR_PACK_HPP
