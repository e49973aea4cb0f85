#ifndef TAILOR_STORAGE_FRAME_HPP
#define TAILOR_STORAGE_FRAME_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/bytes.hpp"
#include "../core/crc32c.hpp"
#include "../core/result.hpp"

namespace tailor::inline v0::storage {

// The container of a snapshot: a header, sections cut into blocks, a closing record. Every byte is
// under a checksum, and each checksum continues the one before it, so that a piece is good only
// behind the pieces it was written behind: blocks cannot be swapped, repeated, left out or taken
// from another snapshot. docs/reference-snapshot-format.md has it byte by byte.

inline constexpr std::string_view snapshot_magic{"tailor\x1A\n", 8};
inline constexpr std::string_view closing_magic{"end\n", 4};
inline constexpr std::uint16_t snapshot_major = 1;
inline constexpr std::uint16_t snapshot_minor = 0;
inline constexpr std::size_t block_size = 64 * 1024;

/// A named run of bytes in a snapshot.
struct section {
  std::string name;
  std::uint32_t format = 1;
  std::vector<std::byte> bytes;
};

namespace detail {

inline constexpr std::size_t checksum_size = 4;
inline constexpr std::size_t header_size = 8 + 2 + 2 + 4 + 8 + checksum_size;
inline constexpr std::size_t closing_size = 4 + 8 + checksum_size;

inline std::size_t framed_size(const section& s) {
  const std::size_t blocks = (s.bytes.size() + block_size - 1) / block_size;
  return 1 + s.name.size() + 4 + 8 + checksum_size + s.bytes.size() + blocks * checksum_size;
}

/// Checks pieces one after another.
class chained_reader {
 public:
  explicit chained_reader(std::span<const std::byte> in) : in_(in) {}

  [[nodiscard]] std::size_t offset() const { return offset_; }
  [[nodiscard]] std::size_t remaining() const { return in_.size() - offset_; }

  /// What lies ahead, unchecked: to find out how long a piece claims to be.
  [[nodiscard]] std::span<const std::byte> ahead() const { return in_.subspan(offset_); }

  /// The next `size` bytes if the checksum behind them is right; `at` of an error is where they
  /// begin.
  result<std::span<const std::byte>> piece(std::size_t size, const char* what) {
    if (remaining() < checksum_size || size > remaining() - checksum_size) {
      return error{errc::truncated, what, offset_};
    }
    const auto body = in_.subspan(offset_, size);
    const std::uint32_t chain = crc32c(body, chain_);
    if (tailor::detail::load_little<std::uint32_t>(body.data() + size) != chain) {
      return error{errc::corrupt, what, offset_};
    }
    chain_ = chain;
    offset_ += size + checksum_size;
    return body;
  }

 private:
  std::span<const std::byte> in_;
  std::size_t offset_ = 0;
  std::uint32_t chain_ = 0;
};

}  // namespace detail

/// The bytes of a snapshot with these sections. Precondition: names of 1 to 255 bytes.
/// Cost: one copy and one checksum, at memory speed.
[[nodiscard]] inline std::vector<std::byte> frame(std::span<const section> sections) {
  std::size_t size = detail::header_size + detail::closing_size;
  for (const section& s : sections) size += detail::framed_size(s);
  std::vector<std::byte> out;
  out.reserve(size);
  byte_writer writer(out);
  std::uint32_t chain = 0;
  std::size_t begin = 0;
  const auto seal = [&] {
    chain = crc32c(std::span<const std::byte>(out).subspan(begin), chain);
    writer.u32(chain);
    begin = out.size();
  };
  writer.bytes(std::as_bytes(std::span(snapshot_magic)));
  writer.u16(snapshot_major);
  writer.u16(snapshot_minor);
  writer.u32(static_cast<std::uint32_t>(sections.size()));
  writer.u64(size);
  seal();
  for (const section& s : sections) {
    TAILOR_EXPECTS(!s.name.empty() && s.name.size() <= 255);
    writer.u8(static_cast<std::uint8_t>(s.name.size()));
    writer.bytes(std::as_bytes(std::span(s.name)));
    writer.u32(s.format);
    writer.u64(s.bytes.size());
    seal();
    for (std::size_t at = 0; at < s.bytes.size(); at += block_size) {
      const std::size_t n = (std::min)(block_size, s.bytes.size() - at);
      writer.bytes(std::span<const std::byte>(s.bytes).subspan(at, n));
      seal();
    }
  }
  writer.bytes(std::as_bytes(std::span(closing_magic)));
  writer.u64(size);
  seal();
  return out;
}

/// Takes a snapshot apart. Every checksum is verified and nothing is allocated beyond the sizes
/// that the bytes themselves have. Errors carry the offset of the damaged piece and what it is:
/// "magic", "header", "section head", "closing record", or the section, by the pointer that `known`
/// has for its name, else "unknown section". wrong_version for a newer major version.
[[nodiscard]] inline result<std::vector<section>> unframe(std::span<const std::byte> bytes,
                                                          std::span<const char* const> known = {}) {
  detail::chained_reader in(bytes);
  const auto magic = std::as_bytes(std::span(snapshot_magic));
  const std::size_t there = (std::min)(magic.size(), bytes.size());
  if (!std::equal(magic.begin(), magic.begin() + std::ptrdiff_t(there), bytes.begin())) {
    return error{errc::malformed, "magic", 0};
  }
  const auto header = in.piece(detail::header_size - detail::checksum_size, "header");
  if (!header) return header.error();
  byte_reader head(header->subspan(magic.size()));
  const std::uint16_t major = head.u16();
  static_cast<void>(head.u16());  // minor versions add what older readers may pass over
  const std::uint32_t count = head.u32();
  const std::uint64_t size = head.u64();
  if (major != snapshot_major) return error{errc::wrong_version, "snapshot", magic.size()};
  if (size > bytes.size()) return error{errc::truncated, "snapshot", bytes.size()};
  if (size < bytes.size()) return error{errc::corrupt, "trailing bytes", size};

  std::vector<section> out;
  for (std::uint32_t k = 0; k < count; ++k) {
    if (in.remaining() < 1) return error{errc::truncated, "section head", in.offset()};
    const auto name_size = static_cast<std::size_t>(in.ahead()[0]);
    const auto piece = in.piece(1 + name_size + 4 + 8, "section head");
    if (!piece) return piece.error();
    byte_reader fields(*piece);
    static_cast<void>(fields.u8());
    const auto name = fields.bytes(name_size);
    section s{
        std::string(reinterpret_cast<const char*>(name.data()), name.size()), fields.u32(), {}};
    const std::uint64_t length = fields.u64();
    const char* what = "unknown section";
    for (const char* candidate : known) {
      if (s.name == candidate) what = candidate;
    }
    if (length > in.remaining()) return error{errc::corrupt, what, in.offset()};
    s.bytes.reserve(static_cast<std::size_t>(length));
    while (s.bytes.size() < length) {
      const std::uint64_t left = length - s.bytes.size();
      const auto block =
          in.piece(static_cast<std::size_t>((std::min)(left, std::uint64_t{block_size})), what);
      if (!block) return block.error();
      s.bytes.insert(s.bytes.end(), block->begin(), block->end());
    }
    out.push_back(std::move(s));
  }
  const auto closing = in.piece(detail::closing_size - detail::checksum_size, "closing record");
  if (!closing) return closing.error();
  byte_reader end(closing->subspan(closing_magic.size()));
  const auto expected = std::as_bytes(std::span(closing_magic));
  if (!std::equal(expected.begin(), expected.end(), closing->begin()) || end.u64() != size ||
      in.remaining() != 0) {
    return error{errc::corrupt, "closing record", in.offset()};
  }
  return out;
}

}  // namespace tailor::inline v0::storage

#endif  // TAILOR_STORAGE_FRAME_HPP
