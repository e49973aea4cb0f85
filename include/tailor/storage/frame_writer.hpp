#ifndef TAILOR_STORAGE_FRAME_WRITER_HPP
#define TAILOR_STORAGE_FRAME_WRITER_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "../core/bytes.hpp"
#include "../core/contract.hpp"
#include "../core/crc32c.hpp"
#include "frame.hpp"

namespace tailor::inline v0::storage {

/// What becomes a section: `encode(part, out)` appends its content.
struct section_source {
  std::string_view name;
  std::uint32_t format = 1;
  need kind = need::required;
  const void* part = nullptr;
  void (*encode)(const void* part, byte_writer& out) = nullptr;
  std::size_t expected_size = 0;  ///< of the content, to reserve; any number is right
};

namespace detail {

/// Fills in the checksums of pieces one after another.
class chained_writer {
 public:
  explicit chained_writer(std::span<std::byte> out) : out_(out) {}

  /// The next `size` bytes are a piece; its checksum goes behind it.
  void piece(std::size_t size) {
    chain_ = crc32c(out_.subspan(at_, size), chain_);
    at_ += size;
    put(chain_);
  }

  /// The next `size` bytes are a content; its list of checksums, itself a piece, goes behind it.
  void content(std::size_t size) {
    const std::size_t list = at_ + size;
    std::uint32_t block_chain = chain_;
    while (at_ < list) {
      const std::size_t n = (std::min)(block_size, list - at_);
      block_chain = crc32c(out_.subspan(at_, n), block_chain);
      tailor::detail::store_little(out_.data() + list + listed_, block_chain);
      listed_ += checksum_size;
      at_ += n;
    }
    piece(listed_);
    listed_ = 0;
  }

 private:
  void put(std::uint32_t checksum) {
    tailor::detail::store_little(out_.data() + at_, checksum);
    at_ += checksum_size;
  }

  std::span<std::byte> out_;
  std::size_t at_ = 0;
  std::size_t listed_ = 0;
  std::uint32_t chain_ = 0;
};

}  // namespace detail

/// The snapshot of these sections. Contents are encoded where they stand in it, so it exists once.
/// Preconditions: names of 1 to 255 bytes, ascending, no two alike; at most 65,535 sections.
/// Cost: encoding and one checksum over all, at memory speed.
[[nodiscard]] inline std::vector<std::byte> frame(std::span<const section_source> sections) {
  TAILOR_EXPECTS(sections.size() <= max_sections);
  std::size_t table_size = 0;
  std::size_t expected = detail::header_size + detail::closing_size + detail::checksum_size;
  for (const section_source& s : sections) {
    TAILOR_EXPECTS(!s.name.empty() && s.name.size() <= max_section_name);
    TAILOR_EXPECTS(&s == sections.data() || (&s - 1)->name < s.name);
    table_size += detail::table_entry_size + s.name.size();
    expected += s.expected_size + s.expected_size / (block_size / detail::checksum_size) +
                2 * detail::checksum_size;
  }
  std::vector<std::byte> out;
  out.reserve(expected + table_size);
  byte_writer writer(out);
  const auto room = [&](std::size_t n) { out.resize(out.size() + n); };

  writer.bytes(std::as_bytes(std::span(snapshot_magic)));
  writer.u16(snapshot_major);
  writer.u16(snapshot_minor);
  writer.u32(static_cast<std::uint32_t>(sections.size()));
  writer.u32(static_cast<std::uint32_t>(table_size));
  const std::size_t size_field = out.size();
  room(8 + detail::checksum_size);
  const std::size_t table = out.size();
  for (const section_source& s : sections) {
    writer.u8(static_cast<std::uint8_t>(s.name.size()));
    writer.bytes(std::as_bytes(std::span(s.name)));
    writer.u8(static_cast<std::uint8_t>(s.kind));
    writer.u32(s.format);
    room(8);
  }
  room(detail::checksum_size);

  std::vector<std::size_t> sizes;
  sizes.reserve(sections.size());
  std::size_t entry = table;
  for (const section_source& s : sections) {
    const std::size_t begin = out.size();
    s.encode(s.part, writer);
    sizes.push_back(out.size() - begin);
    entry += detail::table_entry_size + s.name.size();
    tailor::detail::store_little(out.data() + entry - 8, std::uint64_t{sizes.back()});
    room((static_cast<std::size_t>(detail::blocks_of(sizes.back())) + 1) * detail::checksum_size);
  }
  const std::uint64_t size = out.size() + detail::closing_size;
  writer.bytes(std::as_bytes(std::span(closing_magic)));
  writer.u64(size);
  room(detail::checksum_size);
  tailor::detail::store_little(out.data() + size_field, size);

  detail::chained_writer seal(out);
  seal.piece(detail::header_size - detail::checksum_size);
  seal.piece(table_size);
  for (const std::size_t n : sizes) seal.content(n);
  seal.piece(detail::closing_size - detail::checksum_size);
  return out;
}

}  // namespace tailor::inline v0::storage

#endif  // TAILOR_STORAGE_FRAME_WRITER_HPP
