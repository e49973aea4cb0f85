#ifndef TAILOR_STORAGE_FRAME_HPP
#define TAILOR_STORAGE_FRAME_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace tailor::inline v0::storage {

// The container of a snapshot: a header, a table of sections, their contents in blocks, a closing
// record. Every byte is under a checksum, and each checksum continues one before it, so that a
// piece is good only behind the pieces it was written behind: blocks cannot be swapped, repeated,
// left out or taken from another snapshot. docs/reference-snapshot-format.md has it byte by byte.

inline constexpr std::string_view snapshot_magic{"tailor\x1A\n", 8};
inline constexpr std::string_view closing_magic{"end\n", 4};
inline constexpr std::uint16_t snapshot_major = 1;
inline constexpr std::uint16_t snapshot_minor = 0;
inline constexpr std::size_t block_size = 64 * 1024;
inline constexpr std::size_t max_sections = 65'535;
inline constexpr std::size_t max_section_name = 255;

/// What a reader does with a section that it does not know: `optional` ones it passes over.
enum class need : std::uint8_t { required = 0, optional = 1 };

/// A section of a snapshot, in place. Valid as long as the bytes are.
struct section {
  std::string_view name;
  std::uint32_t format = 1;
  need kind = need::required;
  std::span<const std::byte> content;
  std::size_t at = 0;  ///< where the content begins in the snapshot
};

namespace detail {

inline constexpr std::size_t checksum_size = 4;
inline constexpr std::size_t header_size = 8 + 2 + 2 + 4 + 4 + 8 + checksum_size;
inline constexpr std::size_t table_entry_size = 1 + 1 + 4 + 8;  // and the name
inline constexpr std::size_t closing_size = 4 + 8 + checksum_size;

/// Blocks of a content; each has a checksum in the list behind it.
constexpr std::uint64_t blocks_of(std::uint64_t size) {
  return size / block_size + (size % block_size != 0 ? 1 : 0);
}

}  // namespace detail

}  // namespace tailor::inline v0::storage

#endif  // TAILOR_STORAGE_FRAME_HPP
