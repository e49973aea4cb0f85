#ifndef TAILOR_STORAGE_FILE_HPP
#define TAILOR_STORAGE_FILE_HPP

#if !__has_include(<unistd.h>)
#error "tailor/storage/file.hpp needs POSIX; elsewhere keep snapshot_bytes(...) by your own means"
#endif

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <vector>

#include "../core/result.hpp"

namespace tailor::inline v0::storage {

/// The calls by which files are read and replaced, as POSIX has them: -1 and errno on a fault;
/// reads and writes may be short or interrupted. `size` refuses what is not a regular file. A test
/// puts a failing disk in its place.
template <class F>
concept file_system =
    requires(F& f, const char* path, int file, std::byte* to, const std::byte* from, mode_t mode) {
      { f.open(path, file, mode) } -> std::same_as<int>;
      { f.size(file) } -> std::same_as<std::int64_t>;
      { f.read(file, to, std::size_t{}) } -> std::same_as<ssize_t>;
      { f.write(file, from, std::size_t{}) } -> std::same_as<ssize_t>;
      { f.sync(file) } -> std::same_as<int>;
      { f.close(file) } -> std::same_as<int>;
      { f.rename(path, path) } -> std::same_as<int>;
      { f.remove(path) } -> std::same_as<int>;
    };

/// The file system of the machine.
struct posix_files {
  int open(const char* path, int flags, mode_t mode) { return ::open(path, flags, mode); }
  std::int64_t size(int file) {
    struct stat about{};
    if (::fstat(file, &about) != 0) return -1;
    if (S_ISREG(about.st_mode)) return about.st_size;
    errno = S_ISDIR(about.st_mode) ? EISDIR : EINVAL;
    return -1;
  }
  ssize_t read(int file, std::byte* to, std::size_t n) { return ::read(file, to, n); }
  ssize_t write(int file, const std::byte* from, std::size_t n) { return ::write(file, from, n); }
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

/// Calls again what a signal interrupted.
template <class Call>
auto uninterrupted(const Call& call) {
  auto done = call();
  while (done < 0 && errno == EINTR) done = call();
  return done;
}

inline std::string directory_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

template <file_system Files>
status write_all(Files& files, int file, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t n = uninterrupted([&] { return files.write(file, bytes.data(), bytes.size()); });
    if (n == 0) errno = EIO;
    if (n <= 0) return system_fault("write");
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return {};
}

template <file_system Files>
status sync_directory(Files& files, const char* path) {
  const int directory =
      uninterrupted([&] { return files.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0); });
  if (directory < 0) return system_fault("open directory");
  const int synced = uninterrupted([&] { return files.sync(directory); });
  const status done = synced == 0 ? status{} : system_fault("sync directory");
  files.close(directory);
  return done;
}

/// Fills `bytes` from the file as far as it goes: how many were read.
template <file_system Files>
result<std::size_t> read_all(Files& files, int file, std::span<std::byte> bytes) {
  std::size_t used = 0;
  while (used < bytes.size()) {
    const ssize_t n =
        uninterrupted([&] { return files.read(file, bytes.data() + used, bytes.size() - used); });
    if (n < 0) return system_fault("read");
    if (n == 0) break;
    used += static_cast<std::size_t>(n);
  }
  return used;
}

}  // namespace detail

/// Puts `bytes` in place of the file at `path`, or leaves what was there: written beside it as
/// `path.tmp`, synced, renamed, the directory synced. Whoever looks sees the old file or the new
/// one whole, also after a power cut. Errors carry the errno in `at` and the step in `what`; when
/// that is "open directory" or "sync directory", the new file is in place but may not survive a
/// power cut. One writer per path at a time; the file is readable by its owner only.
template <file_system Files>
status replace_file(Files& files, const char* path, std::span<const std::byte> bytes) {
  const std::string temporary = std::string(path) + ".tmp";
  files.remove(temporary.c_str());  // left over from a crash
  constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  const int file =
      detail::uninterrupted([&] { return files.open(temporary.c_str(), flags, 0600); });
  if (file < 0) return detail::system_fault("create");
  status done = detail::write_all(files, file, bytes);
  if (done && detail::uninterrupted([&] { return files.sync(file); }) != 0) {
    done = detail::system_fault("sync");
  }
  // An interrupted close has closed, and the bytes are synced: never close twice.
  if (files.close(file) != 0 && errno != EINTR && done) done = detail::system_fault("close");
  if (done && files.rename(temporary.c_str(), path) != 0) done = detail::system_fault("rename");
  if (!done) {
    files.remove(temporary.c_str());
    return done;
  }
  return detail::sync_directory(files, detail::directory_of(path).c_str());
}
inline status replace_file(const char* path, std::span<const std::byte> bytes) {
  posix_files files;
  return replace_file(files, path, bytes);
}

/// The bytes of a regular file, as long as it was when opened. io, with the errno in `at`, when it
/// cannot be read, is a link or anything else; full, with its size in `at`, when it is longer than
/// `max_bytes`: nothing is allocated then. Memory: the size of the file.
template <file_system Files>
[[nodiscard]] result<std::vector<std::byte>> read_file(Files& files, const char* path,
                                                       std::uint64_t max_bytes = UINT64_MAX) {
  constexpr int flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;  // a pipe does not block
  const int file = detail::uninterrupted([&] { return files.open(path, flags, 0); });
  if (file < 0) return detail::system_fault("open");
  std::vector<std::byte> bytes;
  status done;
  if (const std::int64_t size = files.size(file); size < 0) {
    done = detail::system_fault("open");
  } else if (const auto length = static_cast<std::uint64_t>(size);
             length > (std::min)(max_bytes, std::uint64_t{bytes.max_size()})) {
    done = error{errc::full, "file size", length};
  } else {
    bytes.resize(static_cast<std::size_t>(size));
    const result<std::size_t> used = detail::read_all(files, file, bytes);
    if (used) {
      bytes.resize(*used);
    } else {
      done = used.error();
    }
  }
  files.close(file);
  if (!done) return done.error();
  return bytes;
}
[[nodiscard]] inline result<std::vector<std::byte>> read_file(
    const char* path, std::uint64_t max_bytes = UINT64_MAX) {
  posix_files files;
  return read_file(files, path, max_bytes);
}

}  // namespace tailor::inline v0::storage

#endif  // TAILOR_STORAGE_FILE_HPP
