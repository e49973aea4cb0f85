#ifndef TAILOR_SIMILAR_SESSION_ROWS_HPP
#define TAILOR_SIMILAR_SESSION_ROWS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "../core/bytes.hpp"
#include "../core/result.hpp"
#include "session.hpp"

namespace tailor::inline v0::similar {

/// Sessions as columns. In canonical form they ascend by end and id, and items are indices into an
/// ascending dictionary that holds exactly the items mentioned: equal sets of sessions are then
/// equal here member by member, whatever order they arrived in.
/// Memory: 28 bytes per session, 4 per click, 8 per item.
struct session_rows {
  std::vector<session_id> ids;
  std::vector<user_id> owners;
  std::vector<timestamp> ends;
  std::vector<std::uint32_t> begin{0};  ///< into clicks; one more than sessions
  std::vector<std::uint32_t> clicks;    ///< distinct items of a session, oldest last click first
  std::vector<item_id> items;

  friend bool operator==(const session_rows&, const session_rows&) = default;

  [[nodiscard]] std::size_t size() const { return ids.size(); }
  /// What has to stay below 2^32 - 1.
  [[nodiscard]] std::size_t entries() const { return clicks.size() + items.size(); }
  [[nodiscard]] std::span<const std::uint32_t> row(std::size_t n) const {
    return {clicks.data() + begin[n], begin[n + 1] - begin[n]};
  }
  void reserve(std::size_t sessions, std::size_t click_count) {
    ids.reserve(sessions);
    owners.reserve(sessions);
    ends.reserve(sessions);
    begin.reserve(sessions + 1);
    clicks.reserve(click_count);
  }
  /// Whether session a is older than session b; among sessions of one end the smaller id is.
  [[nodiscard]] bool older(std::size_t a, std::size_t b) const {
    return ends[a] != ends[b] ? ends[a] < ends[b] : ids[a] < ids[b];
  }

  /// Leaves the sessions of `order` alone, in canonical form. Those in bulk mostly come in the
  /// order of their ends, and are not copied then. Cost: O(n log n).
  void keep(std::vector<std::uint32_t> order) {
    const auto older_first = [this](std::uint32_t a, std::uint32_t b) { return older(a, b); };
    const bool ordered = std::is_sorted(order.begin(), order.end(), older_first);
    if (!ordered) std::sort(order.begin(), order.end(), older_first);
    if (ordered && order.size() == size()) {
      order_items();
    } else {
      *this = pick(order);
    }
  }

  /// The sessions of `order`, which ascends, in canonical form. Cost: O(n log n).
  [[nodiscard]] session_rows pick(std::span<const std::uint32_t> order) const {
    session_rows out;
    std::size_t size = 0;
    for (const std::uint32_t n : order) size += row(n).size();
    out.reserve(order.size(), size);
    for (const std::uint32_t n : order) {
      out.ids.push_back(ids[n]);
      out.owners.push_back(owners[n]);
      out.ends.push_back(ends[n]);
      out.clicks.insert(out.clicks.end(), row(n).begin(), row(n).end());
      out.begin.push_back(static_cast<std::uint32_t>(out.clicks.size()));
    }
    out.items = items;
    out.order_items();
    return out;
  }

  /// Makes the dictionary canonical. Cost: O(clicks + items · log).
  void order_items() {
    std::vector<std::uint32_t> rank(items.size());
    for (const std::uint32_t item : clicks) rank[item] = 1;
    std::vector<std::pair<item_id, std::uint32_t>> used;
    for (std::uint32_t i = 0; i < rank.size(); ++i) {
      if (rank[i] != 0) used.emplace_back(items[i], i);
    }
    std::sort(used.begin(), used.end());
    items.clear();
    for (const auto& [item, old] : used) {
      rank[old] = static_cast<std::uint32_t>(items.size());
      items.push_back(item);
    }
    for (std::uint32_t& item : clicks) item = rank[item];
  }

  /// Writes columns of fixed width. Cost: memory speed.
  void encode(byte_writer& out) const {
    out.u64(ids.size());
    out.u64(items.size());
    out.u64(clicks.size());
    out.array(std::span<const session_id>(ids));
    out.array(std::span<const user_id>(owners));
    for (const timestamp t : ends) out.i64(t.us);
    out.array(std::span<const std::uint32_t>(begin).subspan(1));
    out.array(std::span<const std::uint32_t>(clicks));
    out.array(std::span<const item_id>(items));
  }

  /// Reads what `encode` wrote of canonical rows and nothing else: truncated, or corrupt with the
  /// place.
  [[nodiscard]] static result<session_rows> decode(byte_reader& in) {
    const std::uint64_t sessions = in.u64();
    const std::uint64_t items = in.u64();
    const std::uint64_t clicks = in.u64();
    if (!in.ok()) return in.error();
    if (sessions >= UINT32_MAX || items >= UINT32_MAX || clicks >= UINT32_MAX - items) {
      return error{errc::corrupt, "sessions size", in.offset()};
    }
    session_rows rows;
    in.array(sessions, rows.ids);
    in.array(sessions, rows.owners);
    if (sessions > in.remaining() / 8) return error{errc::truncated, "sessions", in.offset()};
    for (std::uint64_t n = 0; n < sessions; ++n) rows.ends.push_back({in.i64()});
    std::vector<std::uint32_t> begin;
    in.array(sessions, begin);
    rows.begin.insert(rows.begin.end(), begin.begin(), begin.end());
    in.array(clicks, rows.clicks);
    in.array(items, rows.items);
    if (!in.ok()) return in.error();
    if (const char* fault = rows.fault()) return error{errc::corrupt, fault, in.offset()};
    return rows;
  }

  /// What makes these rows not canonical, or null. Cost: O(n log n).
  [[nodiscard]] const char* fault() const {
    for (std::size_t n = 1; n < items.size(); ++n) {
      if (!(items[n - 1] < items[n])) return "sessions items";
    }
    if (!items.empty() && items.back() == no_item) return "sessions items";
    if (begin.back() != clicks.size()) return "sessions rows";
    std::vector<std::uint32_t> seen(items.size());  // 1 + the last session that has it
    for (std::size_t n = 0; n < size(); ++n) {
      if (begin[n] >= begin[n + 1] || begin[n + 1] > clicks.size()) return "sessions rows";
      if (n > 0 && !older(n - 1, n)) return "sessions order";
      for (const std::uint32_t item : row(n)) {
        if (item >= items.size() || seen[item] == n + 1) return "sessions item";
        seen[item] = static_cast<std::uint32_t>(n + 1);
      }
    }
    for (const std::uint32_t s : seen) {
      if (s == 0) return "sessions items";
    }
    std::vector<session_id> sorted = ids;
    std::sort(sorted.begin(), sorted.end());
    if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) return "sessions ids";
    return nullptr;
  }
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_SESSION_ROWS_HPP
