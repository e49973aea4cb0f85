#ifndef TAILOR_TAILOR_HPP
#define TAILOR_TAILOR_HPP

// Everything that a request path uses. Left out: adapters/ (each wraps a foreign format or library)
// and testing/ (for tests of hosts).

#include "compose.hpp"
#include "core.hpp"
#include "events.hpp"
#include "similar.hpp"

#endif  // TAILOR_TAILOR_HPP
