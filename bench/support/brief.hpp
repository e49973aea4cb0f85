// Less data where somebody only wants to see that a benchmark works.
#pragma once

#include <cstdlib>

namespace bench {

/// TAILOR_BENCH_BRIEF is in the environment, as run_bench has it.
inline bool brief() {
  static const bool is = std::getenv("TAILOR_BENCH_BRIEF") != nullptr;
  return is;
}

/// That many, or a tenth.
template <class N>
N sized(N count) {
  return brief() ? count / 10 : count;
}

}  // namespace bench
