#ifndef TAILOR_STORAGE_LOG_HPP
#define TAILOR_STORAGE_LOG_HPP

#include <fcntl.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/result.hpp"
#include "file.hpp"
#include "log_files.hpp"
#include "log_reader.hpp"
#include "log_record.hpp"

namespace tailor::inline v0::storage {

/// What opening does when there is no file.
enum class on_missing : std::uint8_t { create, refuse };

struct log_options {
  std::uint32_t content = 0;  ///< what the records mean; a log of another content is not opened
  std::uint64_t max_bytes = std::uint64_t{1}
                            << 30;  ///< of the file: no longer one is read, or made
  on_hole holes = on_hole::refuse;
  on_missing missing = on_missing::create;
};

/// An append-only log of records in a file. What `append` has acknowledged survives the end of the
/// process, what `sync` has acknowledged survives a power cut; what is recovered is a prefix of
/// what was appended. One log per path at a time, of all processes: `path.lock` beside the file is
/// locked meanwhile, and stays. In a child made by fork it refuses everything. After a fault of the
/// disk it refuses everything until it is opened again, since nobody knows what arrived. Not
/// thread-safe. A log that is destroyed and not closed is found unclean, and complete.
template <class Files = posix_log_files>
class log {
  static_assert(log_files<Files>,
                "log<Files>: Files needs file_system's calls, truncate, lock and process  "
                "[storage::log_files]");

 public:
  /// Opens the log or makes an empty one, and calls `visit(log_record)`, which returns a status,
  /// for every record in order. The log is whole before the first call; a torn tail is cut, as
  /// `report()` says. Errors: those of `scan_log` and of `visit`, then nothing is changed; conflict
  /// when another has it open; full when it is longer than `max_bytes`; io or no_space, with the
  /// errno in `at`. Memory: the file, meanwhile.
  template <class Visit>
  static result<log> open(Files files, std::string path, Visit&& visit, log_options options = {}) {
    log out(std::move(files), std::move(path), options);
    if (const status done = out.recover(visit); !done) return done.error();
    return out;
  }
  template <class Visit>
  static result<log> open(std::string path, Visit&& visit, log_options options = {}) {
    return open(Files{}, std::move(path), std::forward<Visit>(visit), options);
  }

  log(log&& other) noexcept
      : files_(std::move(other.files_)),
        path_(std::move(other.path_)),
        options_(other.options_),
        scan_(other.scan_),
        process_(other.process_),
        file_(std::exchange(other.file_, -1)),
        lock_(std::exchange(other.lock_, -1)),
        buffer_(std::move(other.buffer_)) {}
  log& operator=(log&& other) noexcept {
    if (this == &other) return *this;
    release();
    files_ = std::move(other.files_);
    path_ = std::move(other.path_);
    options_ = other.options_;
    scan_ = other.scan_;
    process_ = other.process_;
    file_ = std::exchange(other.file_, -1);
    lock_ = std::exchange(other.lock_, -1);
    buffer_ = std::move(other.buffer_);
    return *this;
  }
  log(const log&) = delete;
  log& operator=(const log&) = delete;
  ~log() { release(); }

  /// What was found at opening.
  [[nodiscard]] const log_report& report() const { return scan_.report; }
  /// Bytes of the file.
  [[nodiscard]] std::uint64_t bytes() const { return scan_.end; }
  /// Number of the next record. Numbers go on when the log is rewritten.
  [[nodiscard]] std::uint64_t next() const { return scan_.next; }

  /// Appends one record. full when the log would be longer than `max_bytes`, oversized beyond 4
  /// GiB: nothing is written then. io or no_space: whether it was written shows when it is opened
  /// again.
  [[nodiscard]] result<process_durable> append(std::span<const std::byte> payload) {
    if (const status able = usable(); !able) return able.error();
    if (payload.size() > UINT32_MAX) return error{errc::oversized, "log record", payload.size()};
    // Room for a closing record stays, so that a full log can be closed.
    const std::uint64_t size = scan_.end + detail::record_overhead + payload.size();
    if (size + detail::record_overhead > options_.max_bytes) {
      return error{errc::full, "log size", scan_.end};
    }
    const result<std::uint32_t> checksum = write(record_magic, payload);
    if (!checksum) return checksum.error();
    scan_.before = *checksum;
    scan_.end = size;
    return process_durable{scan_.next++};
  }

  /// Waits until all records are on the disk. After a fault the system may have dropped what it
  /// could not write and call the next sync a success: open again, and `rewrite`.
  [[nodiscard]] result<power_durable> sync() {
    if (const status able = usable(); !able) return able.error();
    if (detail::uninterrupted([&] { return files_.sync(file_); }) != 0) return broken("sync");
    scan_.synced = scan_.next;
    return power_durable{scan_.next};
  }

  /// Puts a new log with these records in place of the old one, whole or not at all, synced. On an
  /// error the old one is as it was, and may be used on unless the log says io from then on.
  [[nodiscard]] result<power_durable> rewrite(
      std::span<const std::span<const std::byte>> payloads) {
    if (const status able = usable(); !able) return able.error();
    std::uint64_t size = detail::log_header_size;
    for (const auto& p : payloads) {
      if (p.size() > UINT32_MAX) return error{errc::oversized, "log record", p.size()};
      size += detail::record_overhead + p.size();
    }
    if (size + detail::record_overhead > options_.max_bytes) {
      return error{errc::full, "log size", size};
    }
    log_scan made;
    made.header = {options_.content, scan_.header.generation + 1, scan_.next, size, 0};
    made.report = scan_.report;
    made.next = scan_.next;
    std::vector<std::byte> bytes;
    bytes.reserve(static_cast<std::size_t>(size));
    made.header.checksum = made.before = detail::put_header(bytes, made.header);
    for (const auto& p : payloads) {
      made.before = detail::put_record(
          bytes, {record_magic, made.next, scan_.synced, made.before, made.header.checksum}, p);
      ++made.next;
    }
    made.end = size;
    made.synced = made.next;
    if (const status done = replace_file(files_, path_.c_str(), bytes); !done) {
      const std::string_view step = done.error().what;
      if (step != "open directory" && step != "sync directory") return done.error();
      // It has the name, but may lose it again: which of the two will be found nobody knows.
      release();
      return done.error();
    }
    files_.close(std::exchange(file_, -1));
    if (const status done = open_file(); !done) {
      release();
      return done.error();
    }
    scan_ = made;
    return power_durable{scan_.next};
  }

  /// Syncs, appends the closing record, syncs, and lets go of the file.
  status close() {
    if (const result<power_durable> done = sync(); !done) return done.error();
    if (const auto done = write(log_end_magic, {}); !done) return done.error();
    if (detail::uninterrupted([&] { return files_.sync(file_); }) != 0) return broken("sync");
    release();
    return {};
  }

 private:
  log(Files files, std::string path, const log_options& options)
      : files_(std::move(files)),
        path_(std::move(path)),
        options_(options),
        process_(files_.process()) {}

  status usable() {
    if (file_ < 0) return error{errc::io, "log is closed", 0};
    // The file position and the lock are shared with the parent: two writers.
    if (files_.process() != process_) return error{errc::conflict, "log of the parent", 0};
    return {};
  }

  error broken(const char* step) {
    const error fault = detail::system_fault(step);
    release();
    return fault;
  }
  void release() {
    if (file_ >= 0) files_.close(std::exchange(file_, -1));
    if (lock_ >= 0) files_.close(std::exchange(lock_, -1));
  }

  result<std::uint32_t> write(std::string_view magic, std::span<const std::byte> payload) {
    buffer_.clear();
    const std::uint32_t checksum = detail::put_record(
        buffer_, {magic, scan_.next, scan_.synced, scan_.before, scan_.header.checksum}, payload);
    if (const status done = detail::write_all(files_, file_, buffer_); !done) {
      release();
      return done.error();
    }
    return checksum;
  }

  status open_file() {
    constexpr int flags = O_RDWR | O_APPEND | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;
    file_ = detail::uninterrupted([&] { return files_.open(path_.c_str(), flags, 0); });
    return file_ >= 0 ? status{} : detail::system_fault("open");
  }

  status take_lock() {
    constexpr int flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;
    const std::string name = path_ + ".lock";
    lock_ = detail::uninterrupted([&] { return files_.open(name.c_str(), flags, 0600); });
    if (lock_ < 0) return detail::system_fault("open lock");
    if (detail::uninterrupted([&] { return files_.lock(lock_); }) == 0) return {};
    if (errno == EWOULDBLOCK) return error{errc::conflict, "log is open elsewhere", 0};
    return detail::system_fault("lock");
  }

  status create() {
    std::vector<std::byte> bytes;
    detail::put_header(bytes, {options_.content, 0, 0, detail::log_header_size, 0});
    if (const status done = replace_file(files_, path_.c_str(), bytes); !done) return done;
    return open_file();
  }

  template <class Visit>
  status recover(Visit& visit) {
    if (const status done = take_lock(); !done) return done;
    status opened = open_file();
    if (!opened && opened.error().at == ENOENT && options_.missing == on_missing::create) {
      opened = create();
    }
    if (!opened) return opened;
    const std::int64_t size = files_.size(file_);
    if (size < 0) return detail::system_fault("size");
    if (const auto n = static_cast<std::uint64_t>(size); n > options_.max_bytes) {
      return error{errc::full, "log size", n};
    }
    std::vector<std::byte> bytes(static_cast<std::size_t>(size));
    const result<std::size_t> used = detail::read_all(files_, file_, bytes);
    if (!used) return used.error();
    bytes.resize(*used);
    const result<log_scan> scan = scan_log(bytes, options_.content, options_.holes);
    if (!scan) return scan.error();
    if (const status done = for_each_record(bytes, *scan, visit); !done) return done;
    scan_ = *scan;
    files_.remove((path_ + ".tmp").c_str());  // left over from a crash
    if (scan_.end == bytes.size()) return {};
    // Also a closing record goes: a log that lost its newest records must not end in an old one.
    const auto cut = [&] { return files_.truncate(file_, static_cast<std::int64_t>(scan_.end)); };
    if (detail::uninterrupted(cut) != 0) return detail::system_fault("truncate");
    if (detail::uninterrupted([&] { return files_.sync(file_); }) != 0) {
      return detail::system_fault("sync");
    }
    return {};
  }

  Files files_;
  std::string path_;
  log_options options_;
  log_scan scan_{};
  std::int64_t process_ = 0;
  int file_ = -1;
  int lock_ = -1;
  std::vector<std::byte> buffer_;
};

}  // namespace tailor::inline v0::storage

#endif  // TAILOR_STORAGE_LOG_HPP
