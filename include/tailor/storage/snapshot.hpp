#ifndef TAILOR_STORAGE_SNAPSHOT_HPP
#define TAILOR_STORAGE_SNAPSHOT_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "../core/bytes.hpp"
#include "../core/hash.hpp"
#include "../core/result.hpp"
#include "canonical.hpp"
#include "file.hpp"
#include "frame.hpp"

namespace tailor::inline v0::storage {
namespace detail {

template <class T>
struct is_named : std::false_type {};
template <class T>
struct is_named<named<T>> : std::true_type {};

// A part by itself, or under a name of its own.
template <class T>
named<T> name_part(T& part) {
  return {T::section, &part};
}
template <class T>
named<T> name_part(const named<T>& n) {
  return n;
}
template <class T>
named<T> name_part(named<T>& n) {
  return n;
}
template <class Part>
using part_of =
    std::remove_const_t<std::remove_pointer_t<decltype(name_part(std::declval<Part&>()).part)>>;

template <class Part>
struct snapshot_needs {
  using bare = std::remove_const_t<Part>;
  static_assert(is_named<bare>::value || canonical<bare>,
                "snapshot: this part needs  void encode(byte_writer&) const;  static result<T> "
                "decode(byte_reader&);  static constexpr const char* section;  static constexpr "
                "std::uint32_t format;  [storage::canonical]");
  static constexpr bool ok = true;
};

template <class T>
section encode_section(const named<T>& n) {
  section s{n.section, std::remove_const_t<T>::format, {}};
  byte_writer out(s.bytes);
  n.part->encode(out);
  return s;
}

/// The one section of that name, decoded.
template <class T>
result<T> decode_section(const char* name, std::span<const section> sections) {
  const auto found = std::find_if(sections.begin(), sections.end(),
                                  [name](const section& s) { return s.name == name; });
  if (found == sections.end()) return error{errc::unknown, name};
  if (found->format != T::format) return error{errc::wrong_version, name};
  byte_reader in(found->bytes);
  result<T> value = T::decode(in);
  if (!value) return error{value.code(), name, value.error().at};
  if (in.remaining() != 0) return error{errc::corrupt, name, in.offset()};
  return value;
}

}  // namespace detail

/// The canonical snapshot of the parts: equal states, equal bytes, in whatever order the parts are
/// named. Peak memory: the snapshot twice. Precondition: section names differ.
template <class... Parts>
[[nodiscard]] std::vector<std::byte> snapshot_bytes(const Parts&... parts) {
  if constexpr ((detail::snapshot_needs<Parts>::ok && ...)) {
    std::vector<section> sections;
    sections.reserve(sizeof...(Parts));
    (sections.push_back(detail::encode_section(detail::name_part(parts))), ...);
    std::sort(sections.begin(), sections.end(),
              [](const section& a, const section& b) { return a.name < b.name; });
    return frame(sections);
  }
}

/// Replaces the parts by what the snapshot holds, all of them or none. Every byte is checked before
/// anything is decoded. Errors: those of `unframe`; unknown (with the name) for a section that is
/// not there, and "unknown section" for one that no part asked for; wrong_version for another
/// format of a section; corrupt, with the offset within the section, when its content is not
/// canonical. Parts are given as in `snapshot_bytes`; `as(...)` binds a reference.
template <class... Parts>
status restore(std::span<const std::byte> bytes, Parts&&... parts) {
  if constexpr ((detail::snapshot_needs<std::remove_reference_t<Parts>>::ok && ...)) {
    const auto named_parts = std::make_tuple(detail::name_part(parts)...);
    const std::array<const char*, sizeof...(Parts)> names =
        std::apply([](const auto&... n) { return std::array{n.section...}; }, named_parts);
    const result<std::vector<section>> sections = unframe(bytes, names);
    if (!sections) return sections.error();
    if (sections->size() > sizeof...(Parts)) return error{errc::unknown, "unknown section"};

    std::tuple<std::optional<detail::part_of<Parts>>...> decoded;
    status ok;
    const auto decode = [&](auto& into, const auto& n) {
      using part_type = typename std::remove_reference_t<decltype(into)>::value_type;
      result<part_type> value = detail::decode_section<part_type>(n.section, *sections);
      if (value) {
        into = std::move(*value);
      } else {
        ok = value.error();
      }
      return static_cast<bool>(ok);
    };
    const auto each = [&]<std::size_t... I>(std::index_sequence<I...>) {
      const bool all = (decode(std::get<I>(decoded), std::get<I>(named_parts)) && ...);
      if (all) ((*std::get<I>(named_parts).part = std::move(*std::get<I>(decoded))), ...);
    };
    each(std::index_sequence_for<Parts...>{});
    return ok;
  }
}

/// Writes a snapshot over the file at `path`; see `replace_file` for what survives what.
template <class... Parts>
status save(const char* path, const Parts&... parts) {
  return replace_file(path, snapshot_bytes(parts...));
}

/// Reads a snapshot from a file into the parts, all of them or none: errors of `read_file` and
/// `restore`.
template <class... Parts>
status load(const char* path, Parts&&... parts) {
  const result<std::vector<std::byte>> bytes = read_file(path);
  if (!bytes) return bytes.error();
  return restore(*bytes, parts...);
}

/// What a snapshot consists of, for operators: checks every checksum and decodes nothing.
struct section_info {
  std::string name;
  std::uint32_t format = 0;
  std::uint64_t size = 0;
};
[[nodiscard]] inline result<std::vector<section_info>> verify(std::span<const std::byte> bytes) {
  const result<std::vector<section>> sections = unframe(bytes);
  if (!sections) return sections.error();
  std::vector<section_info> out;
  for (const section& s : *sections) out.push_back({s.name, s.format, s.bytes.size()});
  return out;
}

/// A number for the whole state: SipHash-2-4 with a fixed key over the snapshot bytes. Equal states
/// have equal digests everywhere; receipts and logs carry it. Not a signature.
template <class... Parts>
[[nodiscard]] std::uint64_t digest(const Parts&... parts) {
  const std::vector<std::byte> bytes = snapshot_bytes(parts...);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return siphash24({0x7461696C6F722031, 0x6469676573742031}, text);
}

}  // namespace tailor::inline v0::storage

#endif  // TAILOR_STORAGE_SNAPSHOT_HPP
