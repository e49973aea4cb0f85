#ifndef TAILOR_STORAGE_HPP
#define TAILOR_STORAGE_HPP

// All of storage/: snapshots.

#include "storage/canonical.hpp"
#include "storage/file.hpp"
#include "storage/frame.hpp"
#include "storage/snapshot.hpp"

#endif  // TAILOR_STORAGE_HPP
