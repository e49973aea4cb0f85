#ifndef TAILOR_EVENTS_TIMELINE_HPP
#define TAILOR_EVENTS_TIMELINE_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "../core/bytes.hpp"
#include "../core/executor.hpp"
#include "../core/result.hpp"
#include "line.hpp"
#include "line_store.hpp"
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
  explicit timeline(const shopper_rows& rows, Executor&& pool = {}) : store_(rows, pool) {
    std::vector<std::vector<touch_index::cell>> bought(rows.users.size());
    std::vector<std::vector<touch_index::cell>> viewed(rows.users.size());
    std::vector<std::vector<std::uint32_t>> scratch(pool.concurrency());
    pool.for_each_chunk(
        rows.users.size(), 512, [&](std::size_t from, std::size_t to, std::size_t worker) {
          for (auto s = static_cast<std::uint32_t>(from); s < to; ++s) {
            const auto lines = store_.lines_of(s);
            bought[s] = touch_index::cells(lines, event_kind::purchase, scratch[worker]);
            viewed[s] = touch_index::cells(lines, event_kind::view_item, scratch[worker]);
          }
        });
    bought_.assign(std::move(bought), rows.items.size());
    viewed_.assign(std::move(viewed), rows.items.size());
  }

  [[nodiscard]] std::size_t shoppers() const { return store_.shoppers().size(); }
  [[nodiscard]] std::size_t items() const { return store_.items().size(); }
  [[nodiscard]] std::size_t events() const { return store_.events(); }
  [[nodiscard]] bool empty() const { return events() == 0; }

  // --- the statistic ---------------------------------------------------------------------------

  /// Adds an event. out_of_range when the quantity is not in 1 … 16,777,215 or the kind has no
  /// code. Cost: O(log events of the shopper) and a move of the newer ones, so O(1) in time order.
  status observe(const event& e) {
    if (!keepable(e)) return error{errc::out_of_range, "quantity"};
    const line_store::place at = store_.insert(e);
    touch_index* index = index_of(e.kind);
    if (index != nullptr && at.item != no_item_handle) index->add(at.shopper, at.item);
    return {};
  }

  /// Takes one equal event away (its `id` does not matter). unknown when there is none: nothing
  /// changes then. Cost: as observe.
  status retract(const event& e) {
    if (!keepable(e)) return error{errc::out_of_range, "quantity"};
    const auto at = store_.find(e);
    if (!at) return errc::unknown;
    touch_index* index = index_of(e.kind);
    if (index != nullptr && at->item != no_item_handle) index->remove(at->shopper, at->item);
    store_.erase(e, *at);
    return {};
  }

  /// Afterwards equal to a timeline that never saw the shopper. Cost: O(his events).
  void forget(user_id user) {
    const auto s = find_shopper(user);
    if (!s) return;
    bought_.drop(*s);
    viewed_.drop(*s);
    store_.drop(*s);
  }

  /// Adds every event of the other. Shoppers may be in both. Cost: O(events of the other).
  void merge(const timeline& other) {
    if (&other == this) return merge(timeline(other));
    std::vector<std::uint32_t> scratch;
    store_.merge(other.store_, [&](std::uint32_t s, std::span<const line> lines, bool was_new) {
      if (was_new) {
        bought_.adopt(s, touch_index::cells(lines, event_kind::purchase, scratch));
        viewed_.adopt(s, touch_index::cells(lines, event_kind::view_item, scratch));
        return;
      }
      for (const line& l : lines) {
        touch_index* index = index_of(l.kind());
        if (index != nullptr && l.item != no_item_handle) index->add(s, l.item);
      }
    });
  }

  friend bool operator==(const timeline& a, const timeline& b) { return a.store_ == b.store_; }

  /// The canonical form. Cost: O(size + shoppers · log shoppers).
  [[nodiscard]] shopper_rows rows() const { return store_.rows(); }

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

  [[nodiscard]] bool knows(user_id user) const { return find_shopper(user).has_value(); }

  /// What the shopper did, oldest first; empty when unknown.
  [[nodiscard]] std::vector<event> history(user_id user) const {
    std::vector<event> out;
    if (const auto s = find_shopper(user)) {
      out.reserve(lines_of(*s).size());
      for (const line& l : lines_of(*s)) out.push_back(to_event(user, l));
    }
    return out;
  }

  /// Calls `f(event)` for every event, shopper after shopper in no order that may be shown.
  template <class F>
  void for_each_event(F&& f) const {
    for (std::uint32_t s = 0; s < shopper_limit(); ++s) {
      for (const line& l : lines_of(s)) f(to_event(shopper_at(s), l));
    }
  }

  // --- views by handle, for models -------------------------------------------------------------

  [[nodiscard]] std::optional<std::uint32_t> find_shopper(user_id user) const {
    return store_.shoppers().find(user);
  }
  [[nodiscard]] std::optional<std::uint32_t> find_item(item_id item) const {
    return store_.items().find(item);
  }
  /// One past the largest handle. In between, those of the forgotten are free: no lines.
  [[nodiscard]] std::uint32_t shopper_limit() const { return store_.shoppers().limit(); }
  [[nodiscard]] std::uint32_t item_limit() const { return store_.items().limit(); }

  [[nodiscard]] user_id shopper_at(std::uint32_t shopper) const {
    return store_.shoppers().id(shopper);
  }
  [[nodiscard]] item_id item_at(std::uint32_t item) const { return store_.item_at(item); }
  [[nodiscard]] std::span<const line> lines_of(std::uint32_t shopper) const {
    return store_.lines_of(shopper);
  }
  [[nodiscard]] event to_event(user_id user, const line& l) const {
    return store_.to_event(user, l);
  }

  /// Who bought what (`purchase`), and who viewed what (`view_item`).
  [[nodiscard]] const touch_index& bought() const { return bought_; }
  [[nodiscard]] const touch_index& viewed() const { return viewed_; }

  /// Memory held, in bytes, without the allocator's own.
  [[nodiscard]] std::size_t bytes() const {
    return store_.bytes() + bought_.bytes() + viewed_.bytes();
  }

 private:
  static bool keepable(const event& e) {
    return e.quantity >= 1 && e.quantity <= max_line_quantity &&
           is_event_kind(static_cast<std::uint8_t>(e.kind));
  }
  touch_index* index_of(event_kind kind) {
    if (kind == event_kind::purchase) return &bought_;
    if (kind == event_kind::view_item) return &viewed_;
    return nullptr;
  }

  line_store store_;
  touch_index bought_;  // derived from the store, as is the next
  touch_index viewed_;
};

}  // namespace tailor::inline v0::events

#endif  // TAILOR_EVENTS_TIMELINE_HPP
