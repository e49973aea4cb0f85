#ifndef TAILOR_SEGMENT_HPP
#define TAILOR_SEGMENT_HPP

// All of segment/ but what includes Eigen.

#include "segment/adjusted_rand.hpp"
#include "segment/cell_grid.hpp"
#include "segment/cells.hpp"
#include "segment/choose_k.hpp"
#include "segment/cluster_fit.hpp"
#include "segment/cluster_names.hpp"
#include "segment/clusters.hpp"
#include "segment/feature_table.hpp"
#include "segment/features.hpp"
#include "segment/kmeans_centres.hpp"
#include "segment/match_labels.hpp"
#include "segment/orders.hpp"
#include "segment/points.hpp"
#include "segment/quality.hpp"
#include "segment/scale.hpp"
#include "segment/standing.hpp"

#endif  // TAILOR_SEGMENT_HPP
