#ifndef TAILOR_SEGMENT_LANES_HPP
#define TAILOR_SEGMENT_LANES_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "../core/config.hpp"
#include "whole_lanes.hpp"

namespace tailor::inline v0::segment {

namespace detail {

// Concrete types: one that depends on a template parameter is refused by g++ 12.
typedef float f32x4 __attribute__((vector_size(16)));
typedef double f64x2 __attribute__((vector_size(16)));

typedef std::int32_t i32x4 __attribute__((vector_size(16)));
typedef std::int64_t i64x2 __attribute__((vector_size(16)));

/// Some numbers side by side, by the vectors that the compiler has for any machine. Lanes of other
/// instruction sets have the same members. What rounds once and what twice may differ between them:
/// who uses them allows for it.
template <class Real, class Reals, class Bits>
struct vector_lanes {
  using reals = Reals;
  static constexpr std::size_t width = sizeof(Reals) / sizeof(Real);
  /// How many of them, times centres, a machine keeps at hand.
  static constexpr std::size_t at_once = 2;

  [[nodiscard]] static reals load(const Real* from) {
    reals out;
    std::memcpy(&out, from, sizeof out);
    return out;
  }
  static void store(Real* to, reals x) { std::memcpy(to, &x, sizeof x); }
  [[nodiscard]] static reals set(Real x) { return reals{} + x; }
  [[nodiscard]] static reals add(reals a, reals b) { return a + b; }
  [[nodiscard]] static reals product(reals a, reals b) { return a * b; }
  /// c + a b.
  [[nodiscard]] static reals add_product(reals c, reals a, reals b) { return c + a * b; }
  /// c - a b.
  [[nodiscard]] static reals less_product(reals c, reals a, reals b) { return c - a * b; }
  /// x with its last eight bits replaced by those of `tag`, which has no others.
  [[nodiscard]] static reals tagged(reals x, Real tag) {
    Bits bits, tags;
    const reals all = load_all(tag);
    std::memcpy(&bits, &x, sizeof bits);
    std::memcpy(&tags, &all, sizeof tags);
    bits = (bits & ~(Bits{} + 0xFF)) | tags;
    std::memcpy(&x, &bits, sizeof x);
    return x;
  }
  /// In the order of numbers that are not below zero; others come before them, in any order.
  [[nodiscard]] static reals least(reals a, reals b) { return a < b ? a : b; }
  [[nodiscard]] static reals most(reals a, reals b) { return a > b ? a : b; }
  /// a < b ? yes : no.
  [[nodiscard]] static reals where_less(reals a, reals b, reals yes, reals no) {
    return a < b ? yes : no;
  }
  /// Bit n is set where a[n] <= b[n].
  [[nodiscard]] static std::uint32_t not_above(reals a, reals b) {
    std::uint32_t bits = 0;
    for (std::size_t n = 0; n < width; ++n) bits |= std::uint32_t{a[n] <= b[n]} << n;
    return bits;
  }

 private:
  /// No arithmetic, which might take a tag, a very small number, for zero.
  [[nodiscard]] static reals load_all(Real x) {
    Real all[width];
    for (Real& one : all) one = x;
    return load(all);
  }
};

}  // namespace detail

template <class Real>
struct portable_lanes;
template <>
struct portable_lanes<float> : detail::vector_lanes<float, detail::f32x4, detail::i32x4> {};
template <>
struct portable_lanes<double> : detail::vector_lanes<double, detail::f64x2, detail::i64x2> {};

/// The lanes of a kind of machine, for every type of number, and for whole ones. A type of its own,
/// so that what is compiled for different machines has different names.
struct portable_vectors {
  template <class Real>
  using lanes = portable_lanes<Real>;
  using wholes = portable_wholes;
};

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_LANES_HPP
