#ifndef TAILOR_SIMILAR_SESSION_INDEX_HPP
#define TAILOR_SIMILAR_SESSION_INDEX_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "../core/bytes.hpp"
#include "../core/flat_table.hpp"
#include "../core/result.hpp"
#include "id_order.hpp"
#include "session.hpp"
#include "session_lists.hpp"
#include "session_rows.hpp"

namespace tailor::inline v0::similar {

/// Past sessions, to be found by their items: what `session_knn` asks. Sessions are numbered by
/// their ends, so that the order of numbers is that of recency, and each item has the numbers of
/// its sessions in one array.
///
/// A new session is appended and found at once. One that is removed stays as a tombstone, skipped
/// by every query, until `compact`; equality and bytes never show it, nor in which order sessions
/// came. A query answers before `compact` as after it, as long as no session is late.
/// Memory: 36 bytes per session, 8 per click, about 60 per item. One writer; const members may run
/// concurrently. To serve while it changes, publish copies (`core/published.hpp`).
class session_index {
 public:
  static constexpr const char* section = "sessions";
  static constexpr std::uint32_t format = 1;

  explicit session_index(const session_index_options& options = {}) : options_(options) {}

  /// An index of many sessions, in any order. Empty and oversized ones are left out. duplicate when
  /// an id occurs twice, full beyond 2^32 clicks and items; `at` is the place in `all`.
  /// Cost: O(n log n), 70 to 160 ns a click.
  [[nodiscard]] static result<session_index> make(const session_index_options& options,
                                                  std::span<const session> all) {
    session_index out(options);
    std::size_t clicks = 0;
    for (const session& s : all) clicks += s.clicks.size();
    out.rows_.reserve(all.size(), (std::min)(clicks, std::size_t{UINT32_MAX}));
    for (std::size_t n = 0; n < all.size(); ++n) {
      if (n + ahead < all.size()) {
        for (const item_id item : all[n + ahead].clicks) out.prefetch_item(item);
      }
      const status taken = out.distinct(all[n]);
      if (taken == errc::full) return error{errc::full, "", n};
      if (taken) out.push(all[n].id, all[n].owner, all[n].end);
    }
    out.late_ = static_cast<std::uint32_t>(out.rows_.size());
    out.compact();
    for (std::size_t n = 1; n < out.by_id_.size(); ++n) {
      const session_id id = out.id(out.by_id_[n]);
      if (id != out.id(out.by_id_[n - 1])) continue;
      std::size_t at = all.size();
      while (all[--at].id != id) {
      }
      return error{errc::duplicate, "", at};
    }
    return out;
  }

  [[nodiscard]] const session_index_options& how() const { return options_; }
  [[nodiscard]] std::size_t size() const { return rows_.size() - dead_count_; }
  /// Distinct items of the sessions that are found, added up.
  [[nodiscard]] std::uint64_t clicks() const { return lists_.entries(); }
  [[nodiscard]] std::size_t tombstones() const { return dead_count_; }
  [[nodiscard]] std::size_t late() const { return late_; }

  /// Whether `compact` would free an eighth of the sessions or more, or make as many findable.
  [[nodiscard]] bool wants_compaction() const {
    return (rows_.size() - base_ + dead_count_) * 8 > rows_.size();
  }

  /// Takes in a session, in the place of one with the same id (a visit that goes on). Found at once
  /// when it ends after all others did; otherwise it is late and found from the next `compact` on.
  /// malformed without items, oversized, full: nothing is changed then. Cost: O(clicks).
  status add(const session& s) {
    if (const status taken = distinct(s); !taken) return taken;
    if (const auto old = find(s.id)) bury(*old);
    const std::uint32_t number = push(s.id, s.owner, s.end);
    tail_.set(raw(s.id), number);
    if (const std::uint32_t before = newest();
        before != 0 && !rows_.older(before - 1, number - 1)) {
      is_late_.set(number, 1);
      ++late_;
      return {};
    }
    found_.push_back(number);
    for (const std::uint32_t item : row(number)) lists_.add(item, number);
    return {};
  }

  /// unknown when there is no such session. Cost: O(log sessions + its items).
  status erase(session_id id) {
    const auto number = find(id);
    if (!number) return errc::unknown;
    bury(*number);
    return {};
  }

  /// Removes all sessions of a shopper. Cost: O(sessions), memory speed.
  void forget(user_id owner) {
    for (std::size_t n = 0; n < rows_.size(); ++n) {
      const auto number = static_cast<std::uint32_t>(n + 1);
      if (rows_.owners[n] == owner && !is_dead(number)) bury(number);
    }
  }

  /// Adds the sessions of another shard and compacts. conflict when the options differ, duplicate
  /// when an id is in both, full: nothing is changed then. Cost: O(both).
  status merge(const session_index& other) {
    if (!(options_ == other.options_)) return errc::conflict;
    if (rows_.entries() + other.rows_.entries() >= UINT32_MAX) return errc::full;
    for (std::uint32_t number = 1; number <= other.rows_.size(); ++number) {
      if (!other.is_dead(number) && find(other.id(number))) return errc::duplicate;
    }
    for (std::uint32_t number = 1; number <= other.rows_.size(); ++number) {
      if (other.is_dead(number)) continue;
      fresh_.clear();
      for (const std::uint32_t item : other.row(number)) fresh_.push_back(other.item(item));
      push(other.id(number), other.rows_.owners[number - 1], other.end(number));
      ++late_;
    }
    compact();
    return {};
  }

  /// Frees tombstones and makes late sessions findable. Cost: O(n log n), some 20 ns a click.
  void compact() {
    if (is_compact()) return;
    std::vector<std::uint32_t> order;
    order.reserve(size());
    for (std::uint32_t number = 1; number <= rows_.size(); ++number) {
      if (!is_dead(number)) order.push_back(number - 1);
    }
    rows_.keep(std::move(order));
    *this = session_index(options_, std::move(rows_));
  }

  friend bool operator==(const session_index& a, const session_index& b) {
    if (!(a.options_ == b.options_)) return false;
    if (!a.is_compact()) return compacted(a) == b;
    return b.is_compact() ? a.rows_ == b.rows_ : a == compacted(b);
  }

  void encode(byte_writer& out) const {
    if (!is_compact()) return compacted(*this).encode(out);
    out.u32(options_.max_items);
    rows_.encode(out);
  }
  [[nodiscard]] static result<session_index> decode(byte_reader& in) {
    const session_index_options options{in.u32()};
    result<session_rows> rows = session_rows::decode(in);
    if (!rows) return rows.error();
    for (std::size_t n = 0; n < rows->size() && options.max_items != 0; ++n) {
      if (rows->row(n).size() > options.max_items) {
        return error{errc::corrupt, "sessions row", in.offset()};
      }
    }
    return session_index(options, *std::move(rows));
  }

  // --- for queries: numbers from 1, items by handle, both valid until the next change ------------

  [[nodiscard]] const session_lists& lists() const { return lists_; }
  [[nodiscard]] std::size_t item_limit() const { return rows_.items.size(); }
  [[nodiscard]] std::optional<std::uint32_t> find_item(item_id item) const {
    const std::uint32_t found = handles_.find(raw(item));
    return found == 0 ? std::nullopt : std::optional<std::uint32_t>(found - 1);
  }
  void prefetch_item(item_id item) const { handles_.prefetch(raw(item)); }
  [[nodiscard]] item_id item(std::uint32_t handle) const { return rows_.items[handle]; }
  [[nodiscard]] session_id id(std::uint32_t number) const { return rows_.ids[number - 1]; }
  [[nodiscard]] timestamp end(std::uint32_t number) const { return rows_.ends[number - 1]; }
  [[nodiscard]] std::span<const std::uint32_t> row(std::uint32_t number) const {
    return rows_.row(number - 1);
  }
  /// The row of a session and all that lie behind it in memory.
  [[nodiscard]] std::span<const std::uint32_t> clicks_from(std::uint32_t number) const {
    return std::span(rows_.clicks).subspan(rows_.begin[number - 1]);
  }
  [[nodiscard]] bool is_dead(std::uint32_t number) const {
    return dead_count_ != 0 && (dead_[number / 64] >> (number % 64) & 1) != 0;
  }
  void prefetch_row_begin(std::uint32_t number) const {
    __builtin_prefetch(rows_.begin.data() + number - 1);
  }
  void prefetch_row(std::uint32_t number) const {
    __builtin_prefetch(rows_.clicks.data() + rows_.begin[number - 1]);
  }

 private:
  static constexpr std::size_t ahead = 8;  // sessions whose items are looked up soon

  /// Precondition: the rows are canonical.
  session_index(const session_index_options& options, session_rows rows)
      : options_(options),
        rows_(std::move(rows)),
        lists_(rows_),
        base_(static_cast<std::uint32_t>(rows_.size())),
        newest_of_base_(base_) {
    const auto items = static_cast<std::uint32_t>(rows_.items.size());
    handles_.reserve(items);
    for (std::uint32_t i = 0; i < items; ++i) handles_.set(raw(rows_.items[i]), i + 1);
    by_id_ = id_order(std::span<const session_id>(rows_.ids));
    for (std::uint32_t& number : by_id_) ++number;
    dead_.resize(rows_.size() / 64 + 1);
  }

  static session_index compacted(session_index copy) {
    copy.compact();
    return copy;
  }
  [[nodiscard]] bool is_compact() const {
    return base_ == rows_.size() && dead_count_ == 0 && late_ == 0;
  }

  [[nodiscard]] std::optional<std::uint32_t> find(session_id id) const {
    if (const std::uint32_t number = tail_.find(raw(id)); number != 0) return number;
    const auto at = std::lower_bound(
        by_id_.begin(), by_id_.end(), id,
        [this](std::uint32_t number, session_id wanted) { return this->id(number) < wanted; });
    if (at == by_id_.end() || this->id(*at) != id || is_dead(*at)) return std::nullopt;
    return *at;
  }

  /// Puts the distinct items of a session into fresh_, if it can be taken.
  status distinct(const session& s) {
    distinct_clicks(s.clicks, fresh_);
    if (fresh_.empty()) return errc::malformed;
    if (options_.max_items != 0 && fresh_.size() > options_.max_items) return errc::oversized;
    if (rows_.entries() + 2 * fresh_.size() >= UINT32_MAX) return errc::full;
    return {};
  }

  std::uint32_t push(session_id id, user_id owner, timestamp end) {
    for (const item_id item : fresh_) {
      std::uint32_t handle = handles_.find(raw(item));
      if (handle == 0) {
        rows_.items.push_back(item);
        handle = static_cast<std::uint32_t>(rows_.items.size());
        handles_.set(raw(item), handle);
        lists_.add_item();
      }
      rows_.clicks.push_back(handle - 1);
    }
    rows_.ids.push_back(id);
    rows_.owners.push_back(owner);
    rows_.ends.push_back(end);
    rows_.begin.push_back(static_cast<std::uint32_t>(rows_.clicks.size()));
    if (rows_.size() / 64 >= dead_.size()) dead_.push_back(0);
    return static_cast<std::uint32_t>(rows_.size());
  }

  void bury(std::uint32_t number) {
    dead_[number / 64] |= std::uint64_t{1} << (number % 64);
    ++dead_count_;
    if (number > base_) tail_.erase(raw(id(number)));
    if (is_late_.find(number) != 0) {
      is_late_.erase(number);
      --late_;
    } else {
      for (const std::uint32_t item : row(number)) lists_.uncount(item);
    }
  }

  /// The newest session that can be found, 0 for none. Cost: O(1) amortised.
  std::uint32_t newest() {
    while (!found_.empty() && is_dead(found_.back())) found_.pop_back();
    if (!found_.empty()) return found_.back();
    while (newest_of_base_ != 0 && is_dead(newest_of_base_)) --newest_of_base_;
    return newest_of_base_;
  }

  session_index_options options_{};
  session_rows rows_;  // of number n in place n - 1, dead and late ones too
  // Derived from the rows:
  session_lists lists_;                                  // of those that can be found
  flat_table<std::uint64_t> handles_{process_key().k0};  // item → handle + 1
  std::uint32_t base_ = 0;                               // sessions at the last `compact`
  std::uint32_t newest_of_base_ = 0;
  std::vector<std::uint32_t> by_id_;                  // their numbers
  flat_table<std::uint64_t> tail_{process_key().k1};  // id → number, of those since
  std::vector<std::uint32_t> found_;                  // of those since, what is not late
  flat_table<std::uint32_t> is_late_;
  std::uint32_t late_ = 0;
  std::vector<std::uint64_t> dead_ = std::vector<std::uint64_t>(1);  // bit by number
  std::uint32_t dead_count_ = 0;
  std::vector<item_id> fresh_;  // the items of the session that is taken in
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_SESSION_INDEX_HPP
