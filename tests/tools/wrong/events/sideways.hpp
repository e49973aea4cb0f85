#ifndef TAILOR_SIDEWAYS_HPP
#define TAILOR_SIDEWAYS_HPP

// A wrong guard, and an umbrella of its own.
#include <tailor/core/ids.hpp>

#endif  // TAILOR_SIDEWAYS_HPP
