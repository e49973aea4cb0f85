#ifndef TAILOR_STORAGE_LOG_RECORD_HPP
#define TAILOR_STORAGE_LOG_RECORD_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "../core/bytes.hpp"
#include "../core/crc32c.hpp"
#include "../core/result.hpp"

namespace tailor::inline v0::storage {

// The bytes of a log: a header, then records one after another, a closing record when it was closed
// in order. The checksum of a record's header continues that of the file's header and covers the
// checksum of the record before, the checksum of the record continues that of its header: a record
// is good only in its log and behind its predecessor. docs/reference-log-format.md has it byte by
// byte.

inline constexpr std::string_view log_magic{"tailog\x1A\n", 8};
inline constexpr std::string_view record_magic{"rec\n", 4};
inline constexpr std::string_view log_end_magic{"end\n", 4};
inline constexpr std::uint16_t log_major = 1;
inline constexpr std::uint16_t log_minor = 0;

/// The record is with the operating system: it survives the end of the process, also by kill -9,
/// but perhaps not a power cut. `sequence` is its number.
struct process_durable {
  std::uint64_t sequence = 0;
};

/// Every record with a smaller number than `end` is on the disk: it survives a power cut.
struct power_durable {
  std::uint64_t end = 0;
};

/// A record, in place.
struct log_record {
  std::uint64_t sequence = 0;
  std::span<const std::byte> payload;
  std::uint64_t at = 0;  ///< where the record begins in the file
};

/// What was found when a log was opened.
struct log_report {
  bool clean = false;  ///< ended in its closing record: nothing is missing
  std::uint64_t records = 0;
  std::uint64_t dropped_bytes = 0;     ///< behind the last good record, cut off
  std::uint64_t first_bad_offset = 0;  ///< where they began; the size of the log if there are none
};

namespace detail {

inline constexpr std::size_t log_header_size = 8 + 2 + 2 + 4 + 8 + 8 + 8 + 4;
inline constexpr std::size_t record_header_size = 4 + 4 + 8 + 8 + 4 + 4;
inline constexpr std::size_t record_overhead = record_header_size + 4;

/// What the header of a log says.
struct log_header {
  std::uint32_t content = 0;     ///< what the records mean, as their writer counts it
  std::uint64_t generation = 0;  ///< how often the log was rewritten
  std::uint64_t first = 0;       ///< number of the first record
  std::uint64_t whole = 0;       ///< so many bytes were on the disk before the file had its name
  std::uint32_t checksum = 0;
};

/// The checksum of the header.
inline std::uint32_t put_header(std::vector<std::byte>& out, const log_header& h) {
  byte_writer writer(out);
  const std::size_t begin = out.size();
  writer.bytes(std::as_bytes(std::span(log_magic)));
  writer.u16(log_major);
  writer.u16(log_minor);
  writer.u32(h.content);
  writer.u64(h.generation);
  writer.u64(h.first);
  writer.u64(h.whole);
  const std::uint32_t checksum = crc32c(std::span(out).subspan(begin));
  writer.u32(checksum);
  return checksum;
}

/// What is written around a payload.
struct record_frame {
  std::string_view magic;
  std::uint64_t sequence = 0;
  std::uint64_t synced = 0;    ///< records below this number were known to be on the disk
  std::uint32_t before = 0;    ///< checksum of the record before, or of the file's header
  std::uint32_t log_seed = 0;  ///< checksum of the file's header
};

/// The checksum of the record. Precondition: the length fits 32 bits.
inline std::uint32_t put_record(std::vector<std::byte>& out, const record_frame& f,
                                std::span<const std::byte> payload) {
  TAILOR_EXPECTS(payload.size() <= UINT32_MAX);
  byte_writer writer(out);
  const std::size_t begin = out.size();
  writer.bytes(std::as_bytes(std::span(f.magic)));
  writer.u32(static_cast<std::uint32_t>(payload.size()));
  writer.u64(f.sequence);
  writer.u64(f.synced);
  writer.u32(f.before);
  const std::uint32_t head = crc32c(std::span(out).subspan(begin), f.log_seed);
  writer.u32(head);
  writer.bytes(payload);
  const std::uint32_t checksum = crc32c(payload, head);
  writer.u32(checksum);
  return checksum;
}

}  // namespace detail

}  // namespace tailor::inline v0::storage

#endif  // TAILOR_STORAGE_LOG_RECORD_HPP
