#ifndef TAILOR_EVALUATE_HPP
#define TAILOR_EVALUATE_HPP

// All of evaluate/: metrics of ranked lists, splits, paired tests.

#include "evaluate/metrics.hpp"
#include "evaluate/paired.hpp"
#include "evaluate/scoreboard.hpp"
#include "evaluate/split.hpp"

#endif  // TAILOR_EVALUATE_HPP
