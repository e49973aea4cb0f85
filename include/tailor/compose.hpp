#ifndef TAILOR_COMPOSE_HPP
#define TAILOR_COMPOSE_HPP

// All of compose/: dispatch, forget, bundle, ingest.

#include "compose/bundle.hpp"
#include "compose/dispatch.hpp"
#include "compose/forget.hpp"
#include "compose/ingest.hpp"

#endif  // TAILOR_COMPOSE_HPP
