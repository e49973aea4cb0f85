#ifndef TAILOR_SEGMENT_EIGHT_NUMBERS_HPP
#define TAILOR_SEGMENT_EIGHT_NUMBERS_HPP

#include <cstdint>

#include "../core/config.hpp"

namespace tailor::inline v0::segment::detail {

typedef std::int16_t eight_shorts __attribute__((vector_size(16)));

/// Eight numbers side by side, and their bits, by the vectors that the compiler has for any
/// machine. Handed over by reference only: how they are passed by value differs between machines.
template <class Real>
struct eight_numbers;
template <>
struct eight_numbers<float> {
  typedef float reals __attribute__((vector_size(32)));
  typedef std::int32_t bits __attribute__((vector_size(32)));
  using number = std::int32_t;
  static constexpr number no_sign = INT32_MAX;
};
template <>
struct eight_numbers<double> {
  typedef double reals __attribute__((vector_size(64)));
  typedef std::int64_t bits __attribute__((vector_size(64)));
  using number = std::int64_t;
  static constexpr number no_sign = INT64_MAX;
};

}  // namespace tailor::inline v0::segment::detail

#endif  // TAILOR_SEGMENT_EIGHT_NUMBERS_HPP
