#ifndef TAILOR_TAILOR_HPP
#define TAILOR_TAILOR_HPP

// Everything but adapters/ (each wraps a foreign format or library), testing/ (for tests of hosts)
// and core/thread_pool.hpp (which brings in the threads of the standard library).

#include "compose.hpp"
#include "core.hpp"
#include "evaluate.hpp"
#include "events.hpp"
#include "offer.hpp"
#include "recommend.hpp"
#include "segment.hpp"
#include "similar.hpp"
#include "storage.hpp"

#endif  // TAILOR_TAILOR_HPP
