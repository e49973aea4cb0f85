#ifndef TAILOR_EVENTS_TIMELINE_HPP
#define TAILOR_EVENTS_TIMELINE_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "../core/bytes.hpp"
#include "../core/executor.hpp"
#include "../core/result.hpp"
#include "handle_book.hpp"
#include "line.hpp"
#include "shopper_rows.hpp"
#include "touch_index.hpp"

namespace tailor::inline v0::events {

/// Each shopper's own events, oldest first, with an item → shoppers index beside them: the state
/// that most hosts need and that everything else can be computed from. A multiset: the same event
/// twice counts twice (see `dedupe`). Obeys the four laws of a statistic.
///
/// Inside, shoppers and items go by dense handles in order of arrival; these never leave in bytes,
/// and views by handle are valid until the next change.
/// Memory: 32 bytes per event, 16 per distinct (shopper, item) bought or viewed, and about 200 per
/// shopper and 120 per item. One writer at a time; const members may run concurrently.
class timeline {
 public:
  static constexpr const char* section = "timeline";
  static constexpr std::uint32_t format = 1;

  timeline() = default;

  /// A timeline of a canonical history. Precondition: `rows.fault()` is null.
  /// Cost: O(events · log of events per shopper), spread over the executor.
  template <executor Executor = serial_executor>
  explicit timeline(const shopper_rows& rows, Executor&& pool = {});

  [[nodiscard]] std::size_t shoppers() const { return shoppers_.size(); }
  [[nodiscard]] std::size_t items() const { return items_.size(); }
  [[nodiscard]] std::size_t events() const { return events_; }
  [[nodiscard]] bool empty() const { return events_ == 0; }

  // --- the statistic ---------------------------------------------------------------------------

  /// Adds an event. out_of_range when the quantity is not in 1 … 16,777,215 or the kind has no
  /// code. Cost: O(log events of the shopper) and a move of the newer ones, so O(1) in time order.
  status observe(const event& e);

  /// Takes one equal event away (its `id` does not matter). unknown when there is none: nothing
  /// changes then. Cost: as observe.
  status retract(const event& e);

  /// Afterwards equal to a timeline that never saw the shopper. Cost: O(his events).
  void forget(user_id user);

  /// Adds every event of the other. Shoppers may be in both. Cost: O(events of the other).
  void merge(const timeline& other);

  friend bool operator==(const timeline& a, const timeline& b);

  /// The canonical form. Cost: O(size + shoppers · log shoppers).
  [[nodiscard]] shopper_rows rows() const;

  /// Bytes that `encode` writes.
  [[nodiscard]] std::size_t encoded_size() const {
    return 3 * 8 + shoppers() * (8 + 4) + items() * 8 + events() * sizeof(line);
  }
  void encode(byte_writer& out) const { rows().encode(out); }
  [[nodiscard]] static result<timeline> decode(byte_reader& in) {
    result<shopper_rows> rows = shopper_rows::decode(in);
    if (!rows) return rows.error();
    return timeline(*rows);
  }

  // --- one shopper -----------------------------------------------------------------------------

  [[nodiscard]] bool knows(user_id user) const { return shoppers_.find(user).has_value(); }

  /// What the shopper did, oldest first; empty when unknown.
  [[nodiscard]] std::vector<event> history(user_id user) const;

  /// Calls `f(event)` for every event, shopper after shopper in no order that may be shown.
  template <class F>
  void for_each_event(F&& f) const {
    for (std::uint32_t s = 0; s < lines_.size(); ++s) {
      for (const line& l : lines_[s]) f(to_event(shoppers_.id(s), l));
    }
  }

  // --- views by handle, for models -------------------------------------------------------------

  [[nodiscard]] std::optional<std::uint32_t> find_shopper(user_id user) const {
    return shoppers_.find(user);
  }
  [[nodiscard]] std::optional<std::uint32_t> find_item(item_id item) const {
    return items_.find(item);
  }
  /// One past the largest handle. In between, those of the forgotten are free: no lines.
  [[nodiscard]] std::uint32_t shopper_limit() const { return shoppers_.limit(); }
  [[nodiscard]] std::uint32_t item_limit() const { return items_.limit(); }

  [[nodiscard]] user_id shopper_at(std::uint32_t shopper) const { return shoppers_.id(shopper); }
  [[nodiscard]] item_id item_at(std::uint32_t item) const {
    return item == no_item_handle ? no_item : items_.id(item);
  }
  [[nodiscard]] std::span<const line> lines_of(std::uint32_t shopper) const {
    return lines_[shopper];
  }
  [[nodiscard]] event to_event(user_id user, const line& l) const {
    return {user, l.at, l.kind(), item_at(l.item), l.order, l.quantity(), l.unit_price, no_event};
  }

  /// Who bought what (`purchase`), and who viewed what (`view_item`).
  [[nodiscard]] const touch_index& bought() const { return bought_; }
  [[nodiscard]] const touch_index& viewed() const { return viewed_; }

  /// Memory held, in bytes, without the allocator's own.
  [[nodiscard]] std::size_t bytes() const;

 private:
  static bool keepable(const event& e) {
    return e.quantity >= 1 && e.quantity <= max_line_quantity &&
           is_event_kind(static_cast<std::uint8_t>(e.kind));
  }
  [[nodiscard]] auto by_canon() const {
    return [this](const line& a, const line& b) {
      return precedes(a, b, [this](std::uint32_t item) { return item_at(item); });
    };
  }
  touch_index* index_of(event_kind kind) {
    if (kind == event_kind::purchase) return &bought_;
    if (kind == event_kind::view_item) return &viewed_;
    return nullptr;
  }
  void release(std::uint32_t shopper, std::span<const line> gone);

  handle_book<user_id> shoppers_;         // used once per line
  handle_book<item_id> items_;            // likewise
  std::vector<std::vector<line>> lines_;  // by shopper, in canonical order
  touch_index bought_;
  touch_index viewed_;
  std::size_t events_ = 0;
};

template <executor Executor>
timeline::timeline(const shopper_rows& rows, Executor&& pool) {
  TAILOR_EXPECTS(rows.fault() == nullptr);
  const std::size_t user_count = rows.users.size();
  events_ = rows.lines.size();

  shoppers_.reserve(user_count);
  std::vector<std::size_t> begin(user_count + 1);
  for (std::size_t s = 0; s < user_count; ++s) {
    shoppers_.take(rows.users[s], rows.counts[s]);
    begin[s + 1] = begin[s] + rows.counts[s];
  }
  std::vector<std::uint64_t> uses(rows.items.size());
  for (const line& l : rows.lines) {
    if (l.item != no_item_handle) ++uses[l.item];
  }
  items_.reserve(rows.items.size());
  for (std::size_t i = 0; i < rows.items.size(); ++i) items_.take(rows.items[i], uses[i]);

  lines_.resize(user_count);
  std::vector<std::vector<touch_index::cell>> bought(user_count);
  std::vector<std::vector<touch_index::cell>> viewed(user_count);
  std::vector<std::vector<std::uint32_t>> scratch(pool.concurrency());
  pool.for_each_chunk(user_count, 512, [&](std::size_t from, std::size_t to, std::size_t worker) {
    for (std::size_t s = from; s < to; ++s) {
      const std::span<const line> lines(rows.lines.data() + begin[s], rows.counts[s]);
      lines_[s].assign(lines.begin(), lines.end());
      bought[s] = touch_index::cells(lines, event_kind::purchase, scratch[worker]);
      viewed[s] = touch_index::cells(lines, event_kind::view_item, scratch[worker]);
    }
  });
  bought_.assign(std::move(bought), rows.items.size());
  viewed_.assign(std::move(viewed), rows.items.size());
}

inline status timeline::observe(const event& e) {
  if (!keepable(e)) return error{errc::out_of_range, "quantity"};
  shoppers_.prefetch(e.user);
  items_.prefetch(e.item);
  const std::uint32_t s = shoppers_.take(e.user);
  if (s < lines_.size()) __builtin_prefetch(&lines_[s]);
  const std::uint32_t i = e.item == no_item ? no_item_handle : items_.take(e.item);
  const line l{e.at, e.unit_price, e.order, i, line::pack(e.kind, e.quantity)};
  if (s >= lines_.size()) lines_.resize(std::size_t{s} + 1);
  std::vector<line>& lines = lines_[s];
  const auto less = by_canon();
  if (lines.empty() || !less(l, lines.back())) {
    lines.push_back(l);
  } else {
    lines.insert(std::upper_bound(lines.begin(), lines.end(), l, less), l);
  }
  if (touch_index* index = index_of(e.kind); index != nullptr && i != no_item_handle) {
    index->add(s, i);
  }
  ++events_;
  return {};
}

inline status timeline::retract(const event& e) {
  if (!keepable(e)) return error{errc::out_of_range, "quantity"};
  const auto s = find_shopper(e.user);
  const auto i = e.item == no_item ? std::optional(no_item_handle) : find_item(e.item);
  if (!s || !i) return errc::unknown;
  const line l{e.at, e.unit_price, e.order, *i, line::pack(e.kind, e.quantity)};
  std::vector<line>& lines = lines_[*s];
  const auto at = std::lower_bound(lines.begin(), lines.end(), l, by_canon());
  if (at == lines.end() || *at != l) return errc::unknown;
  lines.erase(at);
  if (touch_index* index = index_of(e.kind); index != nullptr && *i != no_item_handle) {
    index->remove(*s, *i);
  }
  release(*s, {&l, 1});
  return {};
}

inline void timeline::forget(user_id user) {
  const auto s = find_shopper(user);
  if (!s) return;
  bought_.drop(*s);
  viewed_.drop(*s);
  const std::vector<line> gone = std::exchange(lines_[*s], {});
  release(*s, gone);
}

inline void timeline::merge(const timeline& other) {
  if (&other == this) return merge(timeline(other));
  std::vector<std::uint32_t> translated(other.item_limit(), no_item_handle);
  for (std::uint32_t i = 0; i < other.item_limit(); ++i) {
    if (const std::uint64_t uses = other.items_.uses(i)) {
      translated[i] = items_.take(other.items_.id(i), uses);
    }
  }
  std::vector<std::uint32_t> scratch;
  for (std::uint32_t theirs = 0; theirs < other.lines_.size(); ++theirs) {
    const std::vector<line>& more = other.lines_[theirs];
    if (more.empty()) continue;
    const std::uint32_t s = shoppers_.take(other.shoppers_.id(theirs), more.size());
    if (s >= lines_.size()) lines_.resize(std::size_t{s} + 1);
    std::vector<line>& lines = lines_[s];
    std::vector<line> theirs_here(more);
    for (line& l : theirs_here) {
      if (l.item != no_item_handle) l.item = translated[l.item];
    }
    if (lines.empty()) {
      bought_.adopt(s, touch_index::cells(theirs_here, event_kind::purchase, scratch));
      viewed_.adopt(s, touch_index::cells(theirs_here, event_kind::view_item, scratch));
      lines = std::move(theirs_here);
    } else {
      for (const line& l : theirs_here) {
        touch_index* index = index_of(l.kind());
        if (index != nullptr && l.item != no_item_handle) index->add(s, l.item);
      }
      std::vector<line> both;
      both.reserve(lines.size() + theirs_here.size());
      std::merge(lines.begin(), lines.end(), theirs_here.begin(), theirs_here.end(),
                 std::back_inserter(both), by_canon());
      lines = std::move(both);
    }
  }
  events_ += other.events_;
}

inline bool operator==(const timeline& a, const timeline& b) {
  if (a.events_ != b.events_ || a.shoppers() != b.shoppers() || a.items() != b.items()) {
    return false;
  }
  for (std::uint32_t s = 0; s < a.lines_.size(); ++s) {
    if (a.lines_[s].empty()) continue;
    const user_id user = a.shoppers_.id(s);
    const auto t = b.find_shopper(user);
    if (!t) return false;
    const auto same = [&](const line& x, const line& y) {
      return a.to_event(user, x) == b.to_event(user, y);
    };
    if (!std::equal(a.lines_[s].begin(), a.lines_[s].end(), b.lines_[*t].begin(),
                    b.lines_[*t].end(), same)) {
      return false;
    }
  }
  return true;
}

inline shopper_rows timeline::rows() const {
  shopper_rows out;
  std::vector<std::uint32_t> rank(item_limit(), no_item_handle);
  out.items.reserve(items());
  for (const auto& [id, i] : items_.sorted()) {
    rank[i] = static_cast<std::uint32_t>(out.items.size());
    out.items.push_back(id);
  }
  out.users.reserve(shoppers());
  out.counts.reserve(shoppers());
  out.lines.reserve(events_);
  for (const auto& [id, s] : shoppers_.sorted()) {
    out.users.push_back(id);
    out.counts.push_back(static_cast<std::uint32_t>(lines_[s].size()));
    for (line l : lines_[s]) {
      if (l.item != no_item_handle) l.item = rank[l.item];
      out.lines.push_back(l);
    }
  }
  return out;
}

inline std::vector<event> timeline::history(user_id user) const {
  std::vector<event> out;
  if (const auto s = find_shopper(user)) {
    out.reserve(lines_[*s].size());
    for (const line& l : lines_[*s]) out.push_back(to_event(user, l));
  }
  return out;
}

inline std::size_t timeline::bytes() const {
  std::size_t n = shoppers_.bytes() + items_.bytes() + bought_.bytes() + viewed_.bytes() +
                  lines_.capacity() * sizeof(lines_[0]);
  for (const std::vector<line>& lines : lines_) n += lines.capacity() * sizeof(line);
  return n;
}

inline void timeline::release(std::uint32_t shopper, std::span<const line> gone) {
  for (const line& l : gone) {
    if (l.item != no_item_handle) items_.release(l.item);
  }
  events_ -= gone.size();
  if (shoppers_.release(shopper, gone.size())) lines_[shopper] = {};
}

}  // namespace tailor::inline v0::events

#endif  // TAILOR_EVENTS_TIMELINE_HPP
