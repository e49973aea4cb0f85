#ifndef TAILOR_ADAPTERS_NDJSON_PATHS_HPP
#define TAILOR_ADAPTERS_NDJSON_PATHS_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "../core/hash.hpp"
#include "../events/text_event.hpp"

namespace tailor::inline v0::adapters::detail {

/// A field of a row: where its text goes, and our name of it for reports.
struct row_field {
  std::string_view events::text_fields::* text;
  const char* name;
};

inline constexpr std::array<row_field, 9> row_fields{{
    {&events::text_fields::id, "id"},
    {&events::text_fields::user, "user"},
    {&events::text_fields::visitor, "visitor"},
    {&events::text_fields::item, "item"},
    {&events::text_fields::kind, "kind"},
    {&events::text_fields::time, "time"},
    {&events::text_fields::quantity, "quantity"},
    {&events::text_fields::unit_price, "unit_price"},
    {&events::text_fields::order, "order"},
}};

/// memcmp for keys, which are too short to be worth a call.
[[nodiscard]] inline bool same_bytes(const char* a, const char* b, std::size_t n) {
  for (; n >= 8; a += 8, b += 8, n -= 8) {
    if (tailor::detail::load_u64(a) != tailor::detail::load_u64(b)) return false;
  }
  return tailor::detail::load_tail(a, n) == tailor::detail::load_tail(b, n);
}

/// Which members of nested objects are wanted: "properties.product_id" is the member product_id of
/// the object properties. Lines of one producer mostly have the same members in the same order, so
/// each object remembers which key it saw at which position; the memory is compared with the key,
/// never trusted. Keeps views of the names and of the keys that it was asked for.
class member_paths {
 public:
  using node_index = std::uint16_t;
  static constexpr node_index root = 0;
  static constexpr node_index unwanted = UINT16_MAX;
  static constexpr node_index unexpected = UINT16_MAX - 1;

  explicit member_paths(const events::field_names& names) {
    nodes_.emplace_back();
    const std::string_view paths[] = {names.id,       names.user,       names.visitor,
                                      names.item,     names.kind,       names.time,
                                      names.quantity, names.unit_price, names.order};
    for (std::size_t field = 0; field < row_fields.size(); ++field) {
      if (!paths[field].empty()) add(paths[field], 1u << field);
    }
  }

  /// The fields whose text a member is, as bits.
  [[nodiscard]] std::uint32_t fields(node_index n) const { return nodes_[n].fields; }
  [[nodiscard]] bool has_members(node_index n) const { return !nodes_[n].members.empty(); }

  /// The member of `object` with the key that begins at `key`, behind its quote, if the key is the
  /// one that was at this position last; `unexpected` if not. `end` is behind what may be read.
  [[nodiscard]] node_index expected(node_index object, std::size_t position, const char* key,
                                    const char* end) const {
    const std::vector<sighting>& seen = nodes_[object].seen;
    if (position >= seen.size()) return unexpected;
    const std::string_view last = seen[position].key;
    const std::size_t n = last.size();
    if (static_cast<std::size_t>(end - key) <= n || key[n] != '"') return unexpected;
    return same_bytes(key, last.data(), n) ? seen[position].member : unexpected;
  }

  /// The member of `object` with this key, or `unwanted`.
  [[nodiscard]] node_index find(node_index object, std::string_view key) const {
    for (const node_index member : nodes_[object].members) {
      if (nodes_[member].key == key) return member;
    }
    return unwanted;
  }

  /// Remembers that `key`, which has no escapes and stays where it is, is `member`.
  void remember(node_index object, std::size_t position, std::string_view key, node_index member) {
    constexpr std::size_t most = 64;
    std::vector<sighting>& seen = nodes_[object].seen;
    if (position >= most) return;
    if (position >= seen.size()) seen.resize(position + 1);
    seen[position] = {key, member};
  }

 private:
  struct sighting {
    std::string_view key = "\"";  // no key is that: it would end before
    node_index member = unwanted;
  };
  struct node {
    std::string_view key;
    std::uint32_t fields = 0;
    std::vector<node_index> members;
    std::vector<sighting> seen;
  };

  void add(std::string_view path, std::uint32_t field) {
    node_index at = root;
    for (std::size_t begin = 0; begin <= path.size();) {
      const std::size_t end = (std::min)(path.find('.', begin), path.size());
      const std::string_view key = path.substr(begin, end - begin);
      node_index next = find(at, key);
      if (next == unwanted) {
        next = static_cast<node_index>(nodes_.size());
        nodes_.emplace_back();
        nodes_.back().key = key;
        nodes_[at].members.push_back(next);
      }
      at = next;
      begin = end + 1;
    }
    nodes_[at].fields |= field;
  }

  std::vector<node> nodes_;
};

}  // namespace tailor::inline v0::adapters::detail

#endif  // TAILOR_ADAPTERS_NDJSON_PATHS_HPP
