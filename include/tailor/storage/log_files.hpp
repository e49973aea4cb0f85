#ifndef TAILOR_STORAGE_LOG_FILES_HPP
#define TAILOR_STORAGE_LOG_FILES_HPP

#include <sys/file.h>
#include <unistd.h>

#include <concepts>
#include <cstdint>

#include "file.hpp"

namespace tailor::inline v0::storage {

/// A file system in which files can be cut and locked besides. `lock` does not wait: -1 and
/// EWOULDBLOCK when another has it; it ends with the last copy of the file number. `process` tells
/// a child made by fork from its parent.
template <class F>
concept log_files = file_system<F> && requires(F& f, int file) {
  { f.truncate(file, std::int64_t{}) } -> std::same_as<int>;
  { f.lock(file) } -> std::same_as<int>;
  { f.process() } -> std::same_as<std::int64_t>;
};

/// The file system of the machine.
struct posix_log_files : posix_files {
  int truncate(int file, std::int64_t size) { return ::ftruncate(file, size); }
  int lock(int file) { return ::flock(file, LOCK_EX | LOCK_NB); }
  std::int64_t process() { return ::getpid(); }
};

}  // namespace tailor::inline v0::storage

#endif  // TAILOR_STORAGE_LOG_FILES_HPP
