#ifndef TAILOR_SIMILAR_HPP
#define TAILOR_SIMILAR_HPP

// All of similar/: pair evidence, measures, neighbours, popularity.

#include "similar/measure.hpp"
#include "similar/popularity.hpp"
#include "similar/trending.hpp"

#endif  // TAILOR_SIMILAR_HPP
