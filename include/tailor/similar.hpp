#ifndef TAILOR_SIMILAR_HPP
#define TAILOR_SIMILAR_HPP

// All of similar/: pair evidence, measures, neighbours, popularity.

#include "similar/best_of.hpp"
#include "similar/candidates.hpp"
#include "similar/counter_mask.hpp"
#include "similar/expected.hpp"
#include "similar/expected_table.hpp"
#include "similar/incidence.hpp"
#include "similar/incidence_of.hpp"
#include "similar/item_item.hpp"
#include "similar/list_store.hpp"
#include "similar/measure.hpp"
#include "similar/native_mask.hpp"
#include "similar/neighbour_lists.hpp"
#include "similar/neighbours.hpp"
#include "similar/pair_counter.hpp"
#include "similar/pair_counts.hpp"
#include "similar/pair_source.hpp"
#include "similar/popularity.hpp"
#include "similar/ranked_rows.hpp"
#include "similar/raw_array.hpp"
#include "similar/sparse_rows.hpp"
#include "similar/support_counter.hpp"
#include "similar/timeline_pairs.hpp"
#include "similar/trending.hpp"

#endif  // TAILOR_SIMILAR_HPP
