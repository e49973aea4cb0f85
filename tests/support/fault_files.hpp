// A disk on which the n-th call fails. Reads and writes are short and every third is interrupted
// besides, so that what is correct on it is correct with them.
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>

#include "tailor/storage/file.hpp"

namespace tailor_test {

class fault_files {
 public:
  static constexpr int never = 0;
  /// Stands for a write of half the bytes followed by a full disk.
  static constexpr int short_write = -1;

  fault_files() = default;
  explicit fault_files(int fails_at, int code) : fails_at_(fails_at), code_(code) {}

  [[nodiscard]] int calls() const { return calls_; }
  [[nodiscard]] bool failed() const { return fails_at_ != never && calls_ >= fails_at_; }
  [[nodiscard]] int still_open() const { return open_; }

  int open(const char* path, int flags, mode_t mode) {
    if (fails()) return -1;
    const int file = disk_.open(path, flags, mode);
    if (file >= 0) ++open_;
    return file;
  }
  std::int64_t size(int file) { return fails() ? -1 : disk_.size(file); }
  ssize_t read(int file, std::byte* to, std::size_t n) {
    if (fails() || interrupted()) return -1;
    return disk_.read(file, to, n > 700 ? 700 : n);
  }
  ssize_t write(int file, const std::byte* from, std::size_t n) {
    if (fails()) {
      if (code_ != short_write) return -1;
      code_ = ENOSPC;  // half of it is written; the next write fails
      fails_at_ = calls_ + 1;
      return disk_.write(file, from, (n + 1) / 2);
    }
    if (interrupted()) return -1;
    return disk_.write(file, from, n > 1000 ? 1000 : n);
  }
  int sync(int file) { return fails() ? -1 : disk_.sync(file); }
  int close(int file) {
    const int done = disk_.close(file);
    --open_;
    return fails() ? -1 : done;
  }
  int rename(const char* from, const char* to) { return fails() ? -1 : disk_.rename(from, to); }
  int remove(const char* path) { return disk_.remove(path); }

 private:
  bool fails() {
    if (++calls_ != fails_at_) return false;
    errno = code_ == short_write ? ENOSPC : code_;
    return true;
  }
  bool interrupted() {
    if (++transfers_ % 3 != 0) return false;
    errno = EINTR;
    return true;
  }

  tailor::storage::posix_files disk_{};
  int fails_at_ = never;
  int code_ = EIO;
  int calls_ = 0;
  int transfers_ = 0;
  int open_ = 0;
};
static_assert(tailor::storage::file_system<fault_files>);

}  // namespace tailor_test
