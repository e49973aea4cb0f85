#ifndef TAILOR_TESTS_SUPPORT_COUNTED_NEW_HPP
#define TAILOR_TESTS_SUPPORT_COUNTED_NEW_HPP

#include <malloc.h>

#include <cstddef>
#include <cstdlib>
#include <new>

#include "allocations.hpp"

// Replaces the operator new of a test program, to show what allocates and how much: include it in
// one source of the program, and allocations.hpp in the others.
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
