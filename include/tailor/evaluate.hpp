#ifndef TAILOR_EVALUATE_HPP
#define TAILOR_EVALUATE_HPP

// All of evaluate/: metrics of ranked lists, splits, leaks, tuning, paired tests.

#include "evaluate/compare_all.hpp"
#include "evaluate/kept_lists.hpp"
#include "evaluate/leak_report.hpp"
#include "evaluate/leave_last.hpp"
#include "evaluate/metrics.hpp"
#include "evaluate/paired.hpp"
#include "evaluate/scoreboard.hpp"
#include "evaluate/split.hpp"
#include "evaluate/tie_averaged.hpp"
#include "evaluate/tune.hpp"

#endif  // TAILOR_EVALUATE_HPP
