// What an attacker does who can write the file: changes contents, then makes every size and
// checksum right again.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "tailor/core/bytes.hpp"
#include "tailor/storage/frame_reader.hpp"
#include "tailor/storage/frame_writer.hpp"

namespace tailor_test {

/// A section that owns its content, which may be anything.
struct loose_section {
  std::string name;
  std::uint32_t format = 1;
  tailor::storage::need kind = tailor::storage::need::required;
  std::vector<std::byte> content;
};

inline std::vector<loose_section> loosen(std::span<const tailor::storage::section> sections) {
  std::vector<loose_section> out;
  for (const tailor::storage::section& s : sections) {
    out.push_back({std::string(s.name), s.format, s.kind, {s.content.begin(), s.content.end()}});
  }
  return out;
}

/// The snapshot of these sections, as the library would write it.
inline std::vector<std::byte> seal(std::span<const loose_section> sections) {
  std::vector<tailor::storage::section_source> sources;
  for (const loose_section& s : sections) {
    sources.push_back({s.name, s.format, s.kind, &s.content,
                       [](const void* content, tailor::byte_writer& out) {
                         out.bytes(*static_cast<const std::vector<std::byte>*>(content));
                       },
                       s.content.size()});
  }
  return tailor::storage::frame(sources);
}

/// Makes the checksums of whatever resembles a snapshot right, piece after piece, as far as its
/// sizes permit; the size in header and closing record likewise.
inline void reseal(std::span<std::byte> bytes) {
  namespace storage = tailor::storage;
  using tailor::detail::load_little;
  using tailor::detail::store_little;
  constexpr std::size_t header = storage::detail::header_size;
  constexpr std::size_t closing = storage::detail::closing_size;
  if (bytes.size() < header + 4 + closing) return;
  const std::uint64_t size = bytes.size();
  store_little(bytes.data() + 20, size);
  store_little(bytes.data() + bytes.size() - closing + 4, size);
  const std::size_t end = bytes.size() - closing;
  const std::uint64_t table = load_little<std::uint32_t>(bytes.data() + 16);
  if (table > end - header - 4) return;
  storage::detail::chained_writer pieces(bytes);
  pieces.piece(header - 4);
  pieces.piece(static_cast<std::size_t>(table));
  tailor::byte_reader entries(bytes.subspan(header, static_cast<std::size_t>(table)));
  std::size_t at = header + static_cast<std::size_t>(table) + 4;
  while (entries.remaining() > 0) {
    storage::section s;
    const auto length = storage::detail::read_entry(entries, s);
    if (!length || *length > end - at) return;
    const std::uint64_t lists = (storage::detail::blocks_of(*length) + 1) * 4;
    if (lists > end - at - *length) return;
    pieces.content(static_cast<std::size_t>(*length));
    at += static_cast<std::size_t>(*length + lists);
  }
  if (at == end) pieces.piece(closing - 4);
}

}  // namespace tailor_test
