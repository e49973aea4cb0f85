#ifndef TAILOR_TESTS_SUPPORT_ROUNDS_HPP
#define TAILOR_TESTS_SUPPORT_ROUNDS_HPP

#include "sanitized.hpp"

namespace tailor_test {

/// How often to repeat what is drawn at random: a quarter where a sanitizer watches, which takes
/// ten times as long and sees the same code; the builds without one run all of it.
template <class N>
constexpr N rounds(N all) {
  return TAILOR_TEST_SANITIZED ? (all + 3) / 4 : all;
}

}  // namespace tailor_test

#endif  // TAILOR_TESTS_SUPPORT_ROUNDS_HPP
