#ifndef TAILOR_TESTS_SUPPORT_ALLOCATIONS_HPP
#define TAILOR_TESTS_SUPPORT_ALLOCATIONS_HPP

#include <atomic>
#include <cstddef>

#include "sanitized.hpp"

// What a test program has allocated, where one of its sources includes counted_new.hpp. Sanitizers
// bring an operator new of their own: nothing is counted then, and TAILOR_TEST_COUNTS_MEMORY is 0.
#define TAILOR_TEST_COUNTS_MEMORY (!TAILOR_TEST_SANITIZED)

namespace tailor_test {

inline std::atomic<std::size_t> allocations{0};
inline std::atomic<std::size_t> in_use{0};  // bytes
inline std::atomic<std::size_t> peak{0};    // the most of them since it was last set

}  // namespace tailor_test

#endif  // TAILOR_TESTS_SUPPORT_ALLOCATIONS_HPP
