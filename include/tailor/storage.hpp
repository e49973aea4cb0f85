#ifndef TAILOR_STORAGE_HPP
#define TAILOR_STORAGE_HPP

// All of storage/: snapshots and logs.

#include "storage/canonical.hpp"
#include "storage/file.hpp"
#include "storage/frame.hpp"
#include "storage/frame_reader.hpp"
#include "storage/frame_writer.hpp"
#include "storage/journal.hpp"
#include "storage/log.hpp"
#include "storage/log_files.hpp"
#include "storage/log_reader.hpp"
#include "storage/log_record.hpp"
#include "storage/snapshot.hpp"
#include "storage/snapshot_bytes.hpp"

#endif  // TAILOR_STORAGE_HPP
