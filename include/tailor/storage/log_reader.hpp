#ifndef TAILOR_STORAGE_LOG_READER_HPP
#define TAILOR_STORAGE_LOG_READER_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "../core/bytes.hpp"
#include "../core/crc32c.hpp"
#include "../core/result.hpp"
#include "log_record.hpp"

namespace tailor::inline v0::storage {

/// What opening does about a bad record with good ones behind it. `refuse`: corrupt. After a power
/// cut that may be a plain loss of what was never synced, since disks write in any order:
/// `cut_unsynced` cuts there, and refuses only when a later record or the log itself says that the
/// bad one was on the disk. A bad record with nothing good behind it is a torn write: both cut it.
enum class on_hole : std::uint8_t { refuse, cut_unsynced };

/// The good part of a log.
struct log_scan {
  detail::log_header header{};
  log_report report{};
  std::uint64_t end = 0;     ///< where the next record goes: behind the last good one
  std::uint64_t next = 0;    ///< its number
  std::uint64_t synced = 0;  ///< records below this number are known to be on the disk
  std::uint32_t before = 0;  ///< checksum of the last good record
};

namespace detail {

inline bool holds_at(std::span<const std::byte> bytes, std::size_t at, std::string_view text) {
  if (bytes.size() - at < text.size()) return false;
  const auto expected = std::as_bytes(std::span(text));
  return std::equal(expected.begin(), expected.end(), bytes.data() + at);
}

inline result<log_header> read_log_header(std::span<const std::byte> bytes, std::uint32_t content) {
  if (bytes.size() < log_magic.size()) return error{errc::truncated, "log header", bytes.size()};
  if (!holds_at(bytes, 0, log_magic)) return error{errc::malformed, "log magic", 0};
  if (bytes.size() < log_header_size) return error{errc::truncated, "log header", bytes.size()};
  byte_reader reader(bytes.subspan(8, log_header_size - 8));
  const std::uint16_t major = reader.u16();
  static_cast<void>(reader.u16());
  if (major > log_major) return error{errc::wrong_version, "log", 8};
  log_header h;
  h.content = reader.u32();
  h.generation = reader.u64();
  h.first = reader.u64();
  h.whole = reader.u64();
  h.checksum = reader.u32();
  if (major != log_major || crc32c(bytes.first(log_header_size - 4)) != h.checksum) {
    return error{errc::corrupt, "log header", 0};
  }
  if (h.content != content) return error{errc::wrong_version, "log content", 12};
  if (h.whole < log_header_size) return error{errc::corrupt, "log header", 0};
  return h;
}

struct framed_record {
  std::uint64_t sequence = 0;
  std::uint64_t synced = 0;
  std::uint32_t before = 0;
  std::uint32_t checksum = 0;
  std::uint32_t length = 0;
  bool closing = false;
};

/// The header at `at`, if it is one of this log.
inline bool read_record_header(std::span<const std::byte> bytes, std::size_t at, std::uint32_t seed,
                               framed_record& r) {
  if (bytes.size() - at < record_header_size) return false;
  r.closing = holds_at(bytes, at, log_end_magic);
  if (!r.closing && !holds_at(bytes, at, record_magic)) return false;
  byte_reader reader(bytes.subspan(at + 4, record_header_size - 4));
  r.length = reader.u32();
  r.sequence = reader.u64();
  r.synced = reader.u64();
  r.before = reader.u32();
  r.checksum = reader.u32();
  return crc32c(bytes.subspan(at, record_header_size - 4), seed) == r.checksum;
}

/// The whole record at `at`, if it is one of this log.
inline bool read_record(std::span<const std::byte> bytes, std::size_t at, std::uint32_t seed,
                        framed_record& r) {
  if (!read_record_header(bytes, at, seed, r)) return false;
  const std::size_t rest = bytes.size() - at - record_header_size;
  if (rest < 4 || r.length > rest - 4) return false;
  const auto payload = bytes.subspan(at + record_header_size, r.length);
  r.checksum = crc32c(payload, r.checksum);
  return tailor::detail::load_little<std::uint32_t>(payload.data() + payload.size()) == r.checksum;
}

/// Decides about what follows the last good record: a tail to cut, or damage. A sound header behind
/// it counts as a record: it was written after the bad one. Cost: linear, whatever the bytes are.
inline status judge_tail(std::span<const std::byte> bytes, const log_scan& s, on_hole policy) {
  const error damage{errc::corrupt, "log record", s.end};
  if (s.end < s.header.whole) return damage;
  for (std::size_t at = static_cast<std::size_t>(s.end); at < bytes.size(); ++at) {
    framed_record r;
    if (!read_record_header(bytes, at, s.header.checksum, r)) continue;
    const bool torn = at == s.end && r.sequence == s.next && r.before == s.before;
    if (torn) continue;  // the bad record itself, its header whole
    if (policy == on_hole::refuse || at == s.end || r.synced > s.next) return damage;
  }
  return {};
}

}  // namespace detail

/// Finds the good part of a log: every byte of it is under a checksum that was verified. Nothing is
/// allocated. Errors have the offset in `at`: malformed when this is no log, truncated when even
/// the part is missing that was there before the file had its name, wrong_version when a newer
/// version or another `content` wrote it, corrupt when a record is bad that is not a torn tail.
/// Cost: one checksum over all, at memory speed.
[[nodiscard]] inline result<log_scan> scan_log(std::span<const std::byte> bytes,
                                               std::uint32_t content = 0,
                                               on_hole policy = on_hole::refuse) {
  const result<detail::log_header> header = detail::read_log_header(bytes, content);
  if (!header) return header.error();
  log_scan s;
  s.header = *header;
  if (bytes.size() < s.header.whole) return error{errc::truncated, "log", bytes.size()};
  s.end = detail::log_header_size;
  s.next = s.header.first;
  s.before = s.header.checksum;
  std::uint64_t good = s.end;
  detail::framed_record r;
  while (good < bytes.size() && !s.report.clean &&
         detail::read_record(bytes, static_cast<std::size_t>(good), s.header.checksum, r) &&
         r.sequence == s.next && r.before == s.before && r.synced <= r.sequence) {
    good += detail::record_overhead + r.length;
    s.synced = (std::max)(s.synced, r.synced);
    if (r.closing) {
      s.report.clean = true;  // its place is free for the next record
      continue;
    }
    ++s.report.records;
    ++s.next;
    s.before = r.checksum;
    s.end = good;
  }
  if (s.report.clean) s.synced = s.next;
  if (good < bytes.size()) {
    s.report.clean = false;
    log_scan from = s;
    from.end = good;
    if (const status tail = detail::judge_tail(bytes, from, policy); !tail) return tail.error();
  }
  s.report.dropped_bytes = bytes.size() - good;
  s.report.first_bad_offset = good;
  return s;
}

/// Calls `visit(log_record)` for the records of a scanned log in order, until it fails.
template <class Visit>
status for_each_record(std::span<const std::byte> bytes, const log_scan& s, Visit&& visit) {
  std::uint64_t at = detail::log_header_size;
  for (std::uint64_t n = s.header.first; n != s.next; ++n) {
    const auto length =
        tailor::detail::load_little<std::uint32_t>(bytes.data() + static_cast<std::size_t>(at) + 4);
    const auto payload =
        bytes.subspan(static_cast<std::size_t>(at) + detail::record_header_size, length);
    if (const status done = visit(log_record{n, payload, at}); !done) return done;
    at += detail::record_overhead + length;
  }
  return {};
}

}  // namespace tailor::inline v0::storage

#endif  // TAILOR_STORAGE_LOG_READER_HPP
