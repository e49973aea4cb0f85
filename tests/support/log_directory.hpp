// A directory of its own for a log, empty again at the end; in memory where there is such a file
// system, since a log syncs often. faulty_disk is fault_files with the calls of a log besides.
#pragma once

#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "fault_files.hpp"
#include "tailor/storage/log_files.hpp"

namespace tailor_test {

struct log_directory {
  std::string path;

  log_directory() {
    std::string name = ::access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    name += "/tailor-test-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    path = name;
  }
  ~log_directory() {
    for (const char* end : {"", ".tmp", ".lock"}) ::unlink((file() + end).c_str());
    ::rmdir(path.c_str());
  }
  log_directory(const log_directory&) = delete;
  log_directory& operator=(const log_directory&) = delete;

  [[nodiscard]] std::string file() const { return path + "/s"; }
  [[nodiscard]] bool has(const char* name) const {
    return ::access((path + "/" + name).c_str(), F_OK) == 0;
  }
};

/// A copy refers to the same disk.
struct faulty_disk {
  fault_files* disk;
  bool truncates_fail = false;

  int open(const char* p, int flags, mode_t m) { return disk->open(p, flags, m); }
  std::int64_t size(int f) { return disk->size(f); }
  ssize_t read(int f, std::byte* to, std::size_t n) { return disk->read(f, to, n); }
  ssize_t write(int f, const std::byte* from, std::size_t n) { return disk->write(f, from, n); }
  int sync(int f) { return disk->sync(f); }
  int close(int f) { return disk->close(f); }
  int rename(const char* a, const char* b) { return disk->rename(a, b); }
  int remove(const char* p) { return disk->remove(p); }
  int truncate(int f, std::int64_t n) {
    if (!truncates_fail) return ::ftruncate(f, n);
    errno = EIO;
    return -1;
  }
  int lock(int f) { return ::flock(f, LOCK_EX | LOCK_NB); }
  std::int64_t process() { return ::getpid(); }
};
static_assert(tailor::storage::log_files<faulty_disk>);

}  // namespace tailor_test
