#ifndef TAILOR_TAILOR_HPP
#define TAILOR_TAILOR_HPP

#include "core/result.hpp"
#include "events/traits.hpp"

#endif  // TAILOR_TAILOR_HPP
