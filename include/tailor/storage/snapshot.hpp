#ifndef TAILOR_STORAGE_SNAPSHOT_HPP
#define TAILOR_STORAGE_SNAPSHOT_HPP

#include <cstddef>
#include <vector>

#include "../core/result.hpp"
#include "canonical.hpp"
#include "file.hpp"
#include "snapshot_bytes.hpp"

namespace tailor::inline v0::storage {

/// Writes a snapshot of the parts over the file at `path`; see `replace_file` for what survives
/// what. Peak memory: that of `snapshot_bytes`.
template <file_system Files, class... Parts>
status save(Files& files, const char* path, const Parts&... parts) {
  return replace_file(files, path, snapshot_bytes(parts...));
}
template <class... Parts>
status save(const char* path, const Parts&... parts) {
  posix_files files;
  return save(files, path, parts...);
}

/// Reads a snapshot from a file into the parts, all of them or none: errors of `read_file` and
/// `restore`. Peak memory: the file and the new parts, beside the old ones. Where others can write
/// the file, bound it: `read_file(path, max_bytes)`, then `restore`.
template <file_system Files, class... Parts>
status load(Files& files, const char* path, Parts&&... parts) {
  const result<std::vector<std::byte>> bytes = read_file(files, path);
  if (!bytes) return bytes.error();
  return restore(*bytes, parts...);
}
template <class... Parts>
status load(const char* path, Parts&&... parts) {
  posix_files files;
  return load(files, path, parts...);
}

/// What the snapshot at `path` consists of, every checksum checked and nothing decoded.
[[nodiscard]] inline result<std::vector<section_info>> verify(const char* path) {
  const result<std::vector<std::byte>> bytes = read_file(path);
  if (!bytes) return bytes.error();
  return verify(*bytes);
}

}  // namespace tailor::inline v0::storage

#endif  // TAILOR_STORAGE_SNAPSHOT_HPP
