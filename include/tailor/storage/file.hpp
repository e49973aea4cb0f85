#ifndef TAILOR_STORAGE_FILE_HPP
#define TAILOR_STORAGE_FILE_HPP

#if !__has_include(<unistd.h>)
#error "tailor/storage/file.hpp needs POSIX; elsewhere save snapshot_bytes(...) by your own means"
#endif

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <vector>

#include "../core/result.hpp"

namespace tailor::inline v0::storage {

/// The calls by which a file is written; a test puts a failing disk in their place. As in POSIX: -1
/// and errno on a fault.
struct posix_calls {
  int open(const char* path, int flags, mode_t mode) { return ::open(path, flags, mode); }
  ssize_t read(int file, void* to, std::size_t n) { return ::read(file, to, n); }
  ssize_t write(int file, const void* from, std::size_t n) { return ::write(file, from, n); }
  int sync(int file) { return ::fsync(file); }
  int close(int file) { return ::close(file); }
  int rename(const char* from, const char* to) { return ::rename(from, to); }
  int remove(const char* path) { return ::unlink(path); }
};

namespace detail {

/// errno as an error: no_space for a full disk or quota, else io; `at` is the errno.
inline error system_fault(const char* what) {
  const int code = errno;
  const bool full = code == ENOSPC || code == EDQUOT;
  return {full ? errc::no_space : errc::io, what, static_cast<std::uint64_t>(code)};
}

inline std::string directory_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

template <class Calls>
status write_all(Calls& calls, int file, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t n = calls.write(file, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      if (n == 0) errno = EIO;
      return system_fault("write");
    }
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return {};
}

template <class Calls>
status sync_path(Calls& calls, const char* path) {
  const int directory = calls.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  if (directory < 0) return system_fault("open directory");
  const int synced = calls.sync(directory);
  const error fault = system_fault("sync directory");
  calls.close(directory);
  return synced == 0 ? status{} : status(fault);
}

}  // namespace detail

/// Puts `bytes` in place of the file at `path`, or leaves what was there: written beside it as
/// `path.tmp`, synced, renamed, the directory synced. Whoever looks sees the old file or the new
/// one whole, also after a power cut. Errors carry the errno in `at` and the step in `what`; when
/// it is "sync directory", the new file is in place but may not survive a power cut. One writer per
/// path at a time; the file is readable by its owner only.
template <class Calls = posix_calls>
status replace_file(const char* path, std::span<const std::byte> bytes, Calls calls = {}) {
  const std::string temporary = std::string(path) + ".tmp";
  calls.remove(temporary.c_str());  // left over from a crash
  const int file =
      calls.open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0) return detail::system_fault("create");
  status done = detail::write_all(calls, file, bytes);
  if (done && calls.sync(file) != 0) done = detail::system_fault("sync");
  if (calls.close(file) != 0 && done) done = detail::system_fault("close");
  if (done && calls.rename(temporary.c_str(), path) != 0) done = detail::system_fault("rename");
  if (!done) {
    calls.remove(temporary.c_str());
    return done;
  }
  return detail::sync_path(calls, detail::directory_of(path).c_str());
}

/// The bytes of a file. io with the errno in `at` when it cannot be read.
template <class Calls = posix_calls>
[[nodiscard]] result<std::vector<std::byte>> read_file(const char* path, Calls calls = {}) {
  const int file = calls.open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC, 0);
  if (file < 0) return detail::system_fault("open");
  struct stat about{};
  std::vector<std::byte> bytes;
  if (::fstat(file, &about) == 0 && S_ISREG(about.st_mode) && about.st_size > 0) {
    bytes.resize(static_cast<std::size_t>(about.st_size) + 1);  // one more: to see the end
  } else {
    bytes.resize(std::size_t{1} << 16);
  }
  std::size_t used = 0;
  while (true) {
    const ssize_t n = calls.read(file, bytes.data() + used, bytes.size() - used);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      const error fault = detail::system_fault("read");
      calls.close(file);
      return fault;
    }
    if (n == 0) break;
    used += static_cast<std::size_t>(n);
    if (used == bytes.size()) bytes.resize(bytes.size() * 2);
  }
  calls.close(file);
  bytes.resize(used);
  return bytes;
}

}  // namespace tailor::inline v0::storage

#endif  // TAILOR_STORAGE_FILE_HPP
