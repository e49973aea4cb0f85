#ifndef TAILOR_ADAPTERS_NDJSON_PATHS_HPP
#define TAILOR_ADAPTERS_NDJSON_PATHS_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
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

/// Names a member among those that are wanted.
using member_index = std::uint16_t;
inline constexpr member_index unwanted_member = UINT16_MAX;
inline constexpr member_index unexpected_member = UINT16_MAX - 1;

/// The keys of an object in the order in which they came last: lines of one producer mostly have
/// the same members in the same order. What is remembered is compared with the key, never trusted.
class key_memory {
 public:
  static constexpr std::size_t longest_key = 55;

  /// The member with the key that begins at `key`, behind its quote, if it is the one that was at
  /// this position last; `unexpected_member` if not. Reads up to `longest_key` + 1 bytes.
  [[nodiscard]] member_index expected(std::size_t position, const char* key) const {
    if (position >= seen_.size()) return unexpected_member;
    const sighting& s = seen_[position];
    if (((tailor::detail::load_u64(key) ^ s.head) & s.mask) != 0) return unexpected_member;
    if (!s.tail.empty() && std::memcmp(key + 8, s.tail.data(), s.tail.size()) != 0)
      return unexpected_member;
    return s.member;
  }

  /// Remembers that a key, which has no escapes and stays where it is, is `member`. `with_quote` is
  /// the key and the quote behind it.
  void remember(std::size_t position, std::string_view with_quote, member_index member) {
    constexpr std::size_t most = 64;
    if (position >= most || with_quote.size() > longest_key + 1) return;
    if (position >= seen_.size()) seen_.resize(position + 1);
    sighting& s = seen_[position];
    const std::size_t n = with_quote.size();
    s.head = n < 8 ? tailor::detail::load_tail(with_quote.data(), n)
                   : tailor::detail::load_u64(with_quote.data());
    s.mask = n < 8 ? (std::uint64_t{1} << (8 * n)) - 1 : UINT64_MAX;
    s.tail = n < 8 ? std::string_view() : with_quote.substr(8);
    s.member = member;
  }

 private:
  struct sighting {
    std::uint64_t head = 0;  // the first bytes of the key and its quote, and which of them count
    std::uint64_t mask = 0;
    std::string_view tail;  // the rest
    member_index member = unexpected_member;
  };
  std::vector<sighting> seen_;
};

/// Which members of nested objects are wanted: "properties.product_id" is the member product_id of
/// the object properties. Keeps views of the names.
class member_paths {
 public:
  static constexpr member_index root = 0;

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
  [[nodiscard]] std::uint32_t fields(member_index n) const { return nodes_[n].fields; }
  [[nodiscard]] bool has_members(member_index n) const { return !nodes_[n].members.empty(); }

  [[nodiscard]] key_memory& seen(member_index object) { return nodes_[object].seen; }

  /// The member of `object` with this key, or `unwanted_member`.
  [[nodiscard]] member_index find(member_index object, std::string_view key) const {
    for (const member_index member : nodes_[object].members) {
      if (nodes_[member].key == key) return member;
    }
    return unwanted_member;
  }

 private:
  struct node {
    std::string_view key;
    std::uint32_t fields = 0;
    std::vector<member_index> members;
    key_memory seen;
  };

  void add(std::string_view path, std::uint32_t field) {
    member_index at = root;
    for (std::size_t begin = 0; begin <= path.size();) {
      const std::size_t end = (std::min)(path.find('.', begin), path.size());
      const std::string_view key = path.substr(begin, end - begin);
      member_index next = find(at, key);
      if (next == unwanted_member) {
        next = static_cast<member_index>(nodes_.size());
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
