#ifndef TAILOR_TESTING_HPP
#define TAILOR_TESTING_HPP

// All of testing/, for the tests of hosts; not part of tailor.hpp.

#include "testing/histories.hpp"
#include "testing/laws.hpp"
#include "testing/slow_history.hpp"

#endif  // TAILOR_TESTING_HPP
