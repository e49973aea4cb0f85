#ifndef TAILOR_CORE_CONTRACT_HPP
#define TAILOR_CORE_CONTRACT_HPP

#include <cstdio>
#include <cstdlib>

#include "config.hpp"

namespace tailor::inline v0::detail {

[[noreturn]] inline void contract_broken(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "tailor: precondition broken: %s (%s:%d)\n", condition, file, line);
  std::abort();
}

}  // namespace tailor::inline v0::detail

/// States a precondition: a mistake of the calling program, never a fault of the world.
/// Checked unless NDEBUG is defined; define TAILOR_HARDENED to check in release builds too.
#if !defined(NDEBUG) || defined(TAILOR_HARDENED)
#define TAILOR_EXPECTS(condition)     \
  ((condition) ? static_cast<void>(0) \
               : ::tailor::detail::contract_broken(#condition, __FILE__, __LINE__))
#else
#define TAILOR_EXPECTS(condition) static_cast<void>(0)
#endif

#endif  // TAILOR_CORE_CONTRACT_HPP
