#ifndef TAILOR_STORAGE_SNAPSHOT_BYTES_HPP
#define TAILOR_STORAGE_SNAPSHOT_BYTES_HPP

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
#include "frame.hpp"
#include "frame_reader.hpp"
#include "frame_writer.hpp"

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

template <class T>
struct needs_canonical {
  static_assert(canonical<T>,
                "snapshot: this part needs  void encode(byte_writer&) const;  static result<T> "
                "decode(byte_reader&);  static constexpr const char* section;  static constexpr "
                "std::uint32_t format;  [storage::canonical]");
  static constexpr bool ok = canonical<T>;
};
template <class T>
struct needs_canonical<named<T>> : needs_canonical<std::remove_const_t<T>> {};

template <class Part>
constexpr bool snapshot_takes = needs_canonical<std::remove_cvref_t<Part>>::ok;

template <class T>
section_source source_of(const named<T>& n) {
  using part = std::remove_const_t<T>;
  section_source s;
  s.name = n.section;
  s.format = part::format;
  if constexpr (requires { typename part::optional_section; }) s.kind = need::optional;
  s.part = n.part;
  s.encode = [](const void* p, byte_writer& out) { static_cast<const part*>(p)->encode(out); };
  if constexpr (requires(const part& p) { p.encoded_size(); }) {
    s.expected_size = n.part->encoded_size();
  }
  return s;
}

/// The one section of that name, decoded. Offsets become those of the snapshot; what ends too early
/// in there is corrupt, since the snapshot itself does not.
template <class T>
result<T> decode_section(const char* name, std::span<const section> sections) {
  const auto found = std::find_if(sections.begin(), sections.end(),
                                  [name](const section& s) { return s.name == name; });
  if (found == sections.end()) return error{errc::unknown, name};
  if (found->format != T::format) return error{errc::wrong_version, name, found->at};
  byte_reader in(found->content);
  result<T> value = T::decode(in);
  if (!value) {
    const errc code = value.code() == errc::truncated ? errc::corrupt : value.code();
    return error{code, name, found->at + value.error().at};
  }
  if (in.remaining() != 0) return error{errc::corrupt, name, found->at + in.offset()};
  return value;
}

}  // namespace detail

/// The canonical snapshot of the parts: equal states, equal bytes, in whatever order the parts are
/// named. Peak memory: the snapshot once where parts tell their `encoded_size`, else up to three
/// times while it grows. Precondition: section names differ.
template <class... Parts>
[[nodiscard]] std::vector<std::byte> snapshot_bytes(const Parts&... parts) {
  if constexpr ((detail::snapshot_takes<Parts> && ...)) {
    std::array<section_source, sizeof...(Parts)> sources{
        detail::source_of(detail::name_part(parts))...};
    std::sort(sources.begin(), sources.end(),
              [](const section_source& a, const section_source& b) { return a.name < b.name; });
    return frame(sources);
  }
}

/// Replaces the parts by what the snapshot holds, all of them or none. Every byte is checked before
/// anything is decoded. Errors: those of `unframe`; unknown (with the name) for a section that is
/// not there, and "unknown section", with the offset, for one that no part asked for and that is
/// not optional; wrong_version for another format of a section; corrupt when the content of a
/// section is not canonical. Offsets are those of the snapshot. Parts are given as in
/// `snapshot_bytes`. Peak memory: the new parts beside the old ones.
template <class... Parts>
status restore(std::span<const std::byte> bytes, Parts&&... parts) {
  if constexpr ((detail::snapshot_takes<Parts> && ...)) {
    const auto named_parts = std::make_tuple(detail::name_part(parts)...);
    const std::array<const char*, sizeof...(Parts)> names{detail::name_part(parts).section...};
    const result<std::vector<section>> sections = unframe(bytes, names);
    if (!sections) return sections.error();
    for (const section& s : *sections) {
      const bool asked =
          std::any_of(names.begin(), names.end(), [&](const char* name) { return s.name == name; });
      if (!asked && s.kind == need::required) return error{errc::unknown, "unknown section", s.at};
    }

    std::tuple<std::optional<detail::part_of<Parts>>...> decoded;
    status done;
    const auto decode = [&](auto& into, const auto& n) {
      using part_type = typename std::remove_reference_t<decltype(into)>::value_type;
      result<part_type> value = detail::decode_section<part_type>(n.section, *sections);
      if (value) {
        into = std::move(*value);
      } else {
        done = value.error();
      }
      return static_cast<bool>(done);
    };
    const auto each = [&]<std::size_t... I>(std::index_sequence<I...>) {
      const bool all = (decode(std::get<I>(decoded), std::get<I>(named_parts)) && ...);
      if (all) ((*std::get<I>(named_parts).part = std::move(*std::get<I>(decoded))), ...);
    };
    each(std::index_sequence_for<Parts...>{});
    return done;
  }
}

/// What a snapshot consists of, for operators.
struct section_info {
  std::string name;
  std::uint32_t format = 0;
  need kind = need::required;
  std::uint64_t size = 0;
  std::uint64_t at = 0;  ///< where the content begins
};

/// Checks every checksum and decodes nothing. Errors of `unframe`.
[[nodiscard]] inline result<std::vector<section_info>> verify(std::span<const std::byte> bytes) {
  const result<std::vector<section>> sections = unframe(bytes);
  if (!sections) return sections.error();
  std::vector<section_info> out;
  out.reserve(sections->size());
  for (const section& s : *sections) {
    out.push_back({std::string(s.name), s.format, s.kind, s.content.size(), s.at});
  }
  return out;
}

/// A number for the whole state: SipHash-2-4 with a fixed key over the snapshot bytes. Equal states
/// have equal digests everywhere; receipts and logs carry it. Not a signature. Memory: that of
/// `snapshot_bytes`.
template <class... Parts>
[[nodiscard]] std::uint64_t digest(const Parts&... parts) {
  const std::vector<std::byte> bytes = snapshot_bytes(parts...);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return siphash24({0x7461696C6F722031, 0x6469676573742031}, text);
}

}  // namespace tailor::inline v0::storage

#endif  // TAILOR_STORAGE_SNAPSHOT_BYTES_HPP
