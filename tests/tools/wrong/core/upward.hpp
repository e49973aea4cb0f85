#ifndef TAILOR_CORE_UPWARD_HPP
#define TAILOR_CORE_UPWARD_HPP

#include <iostream>

#include "../events/sideways.hpp"

// What the layer check has to find: two includes here, one call of std::min, one throw.
inline int upward(int a, int b) {
  if (a == b) throw a;
  return std::min(a, b);
}

#endif  // TAILOR_CORE_UPWARD_HPP
