#ifndef TAILOR_TESTS_SUPPORT_COUNTED_NEW_HPP
#define TAILOR_TESTS_SUPPORT_COUNTED_NEW_HPP

#include <malloc.h>

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

// Replaces the operator new of a test program, to show what allocates and how much: include it in
// one source of the program. Sanitizers bring an operator new of their own: nothing is counted
// then, and TAILOR_TEST_COUNTS_MEMORY is 0.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TAILOR_TEST_COUNTS_MEMORY 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer)
#define TAILOR_TEST_COUNTS_MEMORY 0
#endif
#endif
#ifndef TAILOR_TEST_COUNTS_MEMORY
#define TAILOR_TEST_COUNTS_MEMORY 1
#endif

namespace tailor_test {

inline std::atomic<std::size_t> allocations{0};
inline std::atomic<std::size_t> in_use{0};  // bytes
inline std::atomic<std::size_t> peak{0};    // the most of them since it was last set

}  // namespace tailor_test

#if TAILOR_TEST_COUNTS_MEMORY
void* operator new(std::size_t size) {
  void* p = std::malloc(size == 0 ? 1 : size);
  if (p == nullptr) throw std::bad_alloc();
  ++tailor_test::allocations;
  const std::size_t now = tailor_test::in_use += malloc_usable_size(p);
  if (now > tailor_test::peak) tailor_test::peak = now;
  return p;
}
void operator delete(void* p) noexcept {
  if (p != nullptr) tailor_test::in_use -= malloc_usable_size(p);
  std::free(p);
}
void operator delete(void* p, std::size_t) noexcept { operator delete(p); }
#endif

#endif  // TAILOR_TESTS_SUPPORT_COUNTED_NEW_HPP
