#ifndef TAILOR_EVENTS_SHOPPER_ROWS_HPP
#define TAILOR_EVENTS_SHOPPER_ROWS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "line.hpp"

namespace tailor::inline v0::events {

/// A whole history in canonical form: shoppers ascending by id, each with his lines in canonical
/// order, items as indices into an ascending dictionary that holds exactly the items mentioned.
/// Equal histories are equal here member by member, whatever order they arrived in; so this is
/// what bulk loading produces, what snapshots hold, and what a timeline is built from.
struct shopper_rows {
  std::vector<user_id> users;
  std::vector<std::uint32_t> counts;  ///< lines of each user, at least 1
  std::vector<item_id> items;
  std::vector<line> lines;  ///< user after user

  friend bool operator==(const shopper_rows&, const shopper_rows&) = default;

  /// Writes columns of fixed width. Cost: memory speed.
  void encode(byte_writer& out) const {
    out.u64(users.size());
    out.u64(items.size());
    out.u64(lines.size());
    out.array(std::span<const user_id>(users));
    out.array(std::span<const std::uint32_t>(counts));
    out.array(std::span<const item_id>(items));
    put<std::int64_t>(out, [](const line& l) { return l.at.us; });
    put<std::uint32_t>(out, [](const line& l) { return l.item; });
    put<std::uint32_t>(out, [](const line& l) { return l.what; });
    put<std::uint64_t>(out, [](const line& l) { return raw(l.order); });
    put<std::int64_t>(out, [](const line& l) { return l.unit_price; });
  }

  /// Reads what `encode` wrote and nothing else: truncated or corrupt with the place when sizes,
  /// order, kinds or references are not those of a canonical history.
  [[nodiscard]] static result<shopper_rows> decode(byte_reader& in) {
    const std::uint64_t user_count = in.u64();
    const std::uint64_t item_count = in.u64();
    const std::uint64_t line_count = in.u64();
    if (!in.ok()) return in.error();
    if (user_count >= UINT32_MAX || item_count >= UINT32_MAX) {
      return error{errc::corrupt, "timeline size", in.offset()};
    }
    shopper_rows rows;
    in.array(user_count, rows.users);
    in.array(user_count, rows.counts);
    in.array(item_count, rows.items);
    if (!in.ok()) return in.error();
    if (line_count > in.remaining() / sizeof(line)) {
      return error{errc::truncated, "timeline lines", in.offset()};
    }
    rows.lines.resize(static_cast<std::size_t>(line_count));
    rows.get<std::int64_t>(in, [](line& l, std::int64_t v) { l.at.us = v; });
    rows.get<std::uint32_t>(in, [](line& l, std::uint32_t v) { l.item = v; });
    rows.get<std::uint32_t>(in, [](line& l, std::uint32_t v) { l.what = v; });
    rows.get<std::uint64_t>(in, [](line& l, std::uint64_t v) { l.order = order_id{v}; });
    rows.get<std::int64_t>(in, [](line& l, std::int64_t v) { l.unit_price = v; });
    if (!in.ok()) return in.error();
    if (const char* fault = rows.fault()) return error{errc::corrupt, fault, in.offset()};
    return rows;
  }

  /// Takes out of the dictionary what no line mentions. Cost: O(size).
  void drop_unmentioned_items() {
    std::vector<std::uint32_t> rank(items.size());
    for (const line& l : lines) {
      if (l.item != no_item_handle) rank[l.item] = 1;
    }
    std::uint32_t kept = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (rank[i] == 0) continue;
      rank[i] = kept;
      items[kept++] = items[i];
    }
    if (kept == items.size()) return;
    items.resize(kept);
    for (line& l : lines) {
      if (l.item != no_item_handle) l.item = rank[l.item];
    }
  }

  /// What makes these rows not canonical, or null. Cost: O(size).
  [[nodiscard]] const char* fault() const {
    if (users.size() != counts.size()) return "timeline users";
    for (std::size_t i = 1; i < users.size(); ++i) {
      if (!(users[i - 1] < users[i])) return "timeline users";
    }
    for (std::size_t i = 1; i < items.size(); ++i) {
      if (!(items[i - 1] < items[i])) return "timeline items";
    }
    if (!items.empty() && items.back() == no_item) return "timeline items";
    std::vector<bool> mentioned(items.size());
    std::size_t begin = 0;
    const auto rank = [](std::uint32_t item) { return item; };
    for (const std::uint32_t count : counts) {
      if (count == 0 || count > lines.size() - begin) return "timeline counts";
      for (std::size_t i = begin; i < begin + count; ++i) {
        const line& l = lines[i];
        if (!is_event_kind(static_cast<std::uint8_t>(l.kind()))) return "timeline kind";
        if (l.quantity() < 1) return "timeline quantity";
        if (l.item != no_item_handle) {
          if (l.item >= items.size()) return "timeline item";
          mentioned[l.item] = true;
        }
        if (i > begin && precedes(l, lines[i - 1], rank)) return "timeline order";
      }
      begin += count;
    }
    if (begin != lines.size()) return "timeline counts";
    for (const bool m : mentioned) {
      if (!m) return "timeline items";
    }
    return nullptr;
  }

 private:
  // Columns pass through a small buffer, so that no second copy of the history is made.
  static constexpr std::size_t batch = 1024;

  template <class T, class Read>
  void put(byte_writer& out, const Read& read) const {
    T buffer[batch];
    for (std::size_t begin = 0; begin < lines.size(); begin += batch) {
      const std::size_t n = (std::min)(batch, lines.size() - begin);
      for (std::size_t i = 0; i < n; ++i) buffer[i] = read(lines[begin + i]);
      out.array(std::span<const T>(buffer, n));
    }
  }

  template <class T, class Write>
  void get(byte_reader& in, const Write& write) {
    T buffer[batch];
    for (std::size_t begin = 0; begin < lines.size() && in.ok(); begin += batch) {
      const std::size_t n = (std::min)(batch, lines.size() - begin);
      in.array(std::span<T>(buffer, n));
      for (std::size_t i = 0; i < n; ++i) write(lines[begin + i], buffer[i]);
    }
  }
};

}  // namespace tailor::inline v0::events

#endif  // TAILOR_EVENTS_SHOPPER_ROWS_HPP
