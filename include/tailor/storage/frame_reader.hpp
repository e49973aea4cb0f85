#ifndef TAILOR_STORAGE_FRAME_READER_HPP
#define TAILOR_STORAGE_FRAME_READER_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "../core/bytes.hpp"
#include "../core/crc32c.hpp"
#include "../core/result.hpp"
#include "frame.hpp"

namespace tailor::inline v0::storage {
namespace detail {

/// Checks pieces one after another; `at` of an error is where the damaged one begins.
class chained_reader {
 public:
  explicit chained_reader(std::span<const std::byte> in) : in_(in) {}

  [[nodiscard]] std::size_t offset() const { return offset_; }
  [[nodiscard]] std::size_t remaining() const { return in_.size() - offset_; }

  /// The next `size` bytes, if the checksum behind them is right.
  result<std::span<const std::byte>> piece(std::uint64_t size, const char* what) {
    if (remaining() < checksum_size || size > remaining() - checksum_size) {
      return error{errc::truncated, what, offset_};
    }
    const auto body = in_.subspan(offset_, static_cast<std::size_t>(size));
    const std::uint32_t chain = crc32c(body, chain_);
    if (checksum_at(offset_ + body.size()) != chain) return error{errc::corrupt, what, offset_};
    chain_ = chain;
    offset_ += body.size() + checksum_size;
    return body;
  }

  /// The next `size` bytes, if their blocks and the list of checksums behind them are right.
  result<std::span<const std::byte>> content(std::uint64_t size, const char* what) {
    if (size > remaining() || blocks_of(size) > (remaining() - size) / checksum_size) {
      return error{errc::corrupt, what, offset_};
    }
    const auto body = in_.subspan(offset_, static_cast<std::size_t>(size));
    const std::size_t begin = offset_;
    const std::size_t list = begin + body.size();
    std::uint32_t chain = chain_;
    offset_ = list;
    if (const auto good = piece(blocks_of(size) * checksum_size, what); !good) return good.error();
    for (std::size_t at = 0, entry = list; at < body.size(); at += block_size) {
      chain = crc32c(body.subspan(at, (std::min)(block_size, body.size() - at)), chain);
      if (checksum_at(entry) != chain) return error{errc::corrupt, what, begin + at};
      entry += checksum_size;
    }
    return body;
  }

 private:
  [[nodiscard]] std::uint32_t checksum_at(std::size_t at) const {
    return tailor::detail::load_little<std::uint32_t>(in_.data() + at);
  }

  std::span<const std::byte> in_;
  std::size_t offset_ = 0;
  std::uint32_t chain_ = 0;
};

inline bool holds(std::span<const std::byte> bytes, std::string_view text) {
  const auto expected = std::as_bytes(std::span(text));
  return std::equal(bytes.begin(), bytes.end(), expected.begin(), expected.end());
}

/// The next entry of the section table; its content is still to be found. The length of it, or
/// corrupt.
inline result<std::uint64_t> read_entry(byte_reader& table, section& s) {
  const auto name = table.bytes(table.u8());
  s.name = {reinterpret_cast<const char*>(name.data()), name.size()};
  const std::uint8_t kind = table.u8();
  s.kind = need{kind};
  s.format = table.u32();
  const std::uint64_t size = table.u64();
  if (!table.ok() || name.empty() || kind > 1) return errc::corrupt;
  return size;
}

}  // namespace detail

/// Takes a snapshot apart, in place: contents are views into `bytes`. Every checksum is verified;
/// nothing is allocated but the table, from a size that is known to be there. Errors carry the
/// offset of the damaged piece and what it is: "magic", "header", "section table", "closing
/// record", or the section, by the pointer that `known` has for its name, else "unknown section".
/// malformed when this is no snapshot, wrong_version when it is of a newer major version.
/// Cost: one checksum over all, at memory speed.
[[nodiscard]] inline result<std::vector<section>> unframe(std::span<const std::byte> bytes,
                                                          std::span<const char* const> known = {}) {
  const std::size_t there = (std::min)(snapshot_magic.size(), bytes.size());
  if (!detail::holds(bytes.first(there), snapshot_magic.substr(0, there))) {
    return error{errc::malformed, "magic", 0};
  }
  detail::chained_reader in(bytes);
  const auto header = in.piece(detail::header_size - detail::checksum_size, "header");
  if (!header) return header.error();
  byte_reader fields(header->subspan(snapshot_magic.size()));
  const std::uint16_t major = fields.u16();
  static_cast<void>(fields.u16());  // minor versions add what older readers may pass over
  const std::uint32_t count = fields.u32();
  const std::uint32_t table_size = fields.u32();
  const std::uint64_t size = fields.u64();
  if (major != snapshot_major) {
    return error{errc::wrong_version, "snapshot", snapshot_magic.size()};
  }
  if (size > bytes.size()) return error{errc::truncated, "snapshot", bytes.size()};
  if (size < bytes.size()) return error{errc::corrupt, "trailing bytes", size};

  const std::size_t table_at = in.offset();
  const auto table = in.piece(table_size, "section table");
  if (!table) return table.error();
  const error bad_table{errc::corrupt, "section table", table_at};
  if (count > max_sections || count > table_size / detail::table_entry_size) return bad_table;
  byte_reader entries(*table);
  std::vector<section> sections;
  sections.reserve(count);
  while (sections.size() < count) {
    section s;
    const result<std::uint64_t> length = detail::read_entry(entries, s);
    if (!length) return bad_table;
    if (!sections.empty() && !(sections.back().name < s.name)) return bad_table;
    const char* what = "unknown section";
    for (const char* candidate : known) {
      if (s.name == candidate) what = candidate;
    }
    s.at = in.offset();
    const auto content = in.content(*length, what);
    if (!content) return content.error();
    s.content = *content;
    sections.push_back(s);
  }
  if (entries.remaining() != 0) return bad_table;
  const std::size_t end = in.offset();
  const auto closing = in.piece(detail::closing_size - detail::checksum_size, "closing record");
  if (!closing) return closing.error();
  byte_reader last(closing->subspan(closing_magic.size()));
  if (!detail::holds(closing->first(closing_magic.size()), closing_magic) || last.u64() != size ||
      in.remaining() != 0) {
    return error{errc::corrupt, "closing record", end};
  }
  return sections;
}

}  // namespace tailor::inline v0::storage

#endif  // TAILOR_STORAGE_FRAME_READER_HPP
