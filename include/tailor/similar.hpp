#ifndef TAILOR_SIMILAR_HPP
#define TAILOR_SIMILAR_HPP

// All of similar/: pair evidence, measures, neighbours, popularity.

#include "similar/expected.hpp"
#include "similar/item_item.hpp"
#include "similar/measure.hpp"
#include "similar/neighbours.hpp"
#include "similar/pair_counts.hpp"
#include "similar/pair_source.hpp"
#include "similar/popularity.hpp"
#include "similar/timeline_pairs.hpp"
#include "similar/trending.hpp"

#endif  // TAILOR_SIMILAR_HPP
