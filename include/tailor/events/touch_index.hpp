#ifndef TAILOR_EVENTS_TOUCH_INDEX_HPP
#define TAILOR_EVENTS_TOUCH_INDEX_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "../core/contract.hpp"
#include "line.hpp"

namespace tailor::inline v0::events {

/// Which shoppers touched which items, both ways: the distinct items of a shopper with how often,
/// and the distinct shoppers of an item. Derived from a timeline, which keeps it; both sides go by
/// dense handles. Memory: 16 bytes per distinct pair, 48 bytes per handle.
class touch_index {
 public:
  struct cell {
    std::uint32_t item;
    std::uint32_t times;
    std::uint32_t place;  ///< of the shopper in the item's list
  };

  /// Distinct items of a shopper, ascending by handle.
  [[nodiscard]] std::span<const cell> items_of(std::uint32_t shopper) const {
    return shopper < items_.size() ? std::span<const cell>(items_[shopper])
                                   : std::span<const cell>();
  }
  /// Distinct shoppers of an item, in no order that may be shown.
  [[nodiscard]] std::span<const std::uint32_t> shoppers_of(std::uint32_t item) const {
    return item < shoppers_.size() ? std::span<const std::uint32_t>(shoppers_[item])
                                   : std::span<const std::uint32_t>();
  }
  /// Distinct (shopper, item) pairs.
  [[nodiscard]] std::size_t pairs() const { return pairs_; }
  /// Shoppers with at least one item.
  [[nodiscard]] std::size_t shoppers() const { return active_; }

  void add(std::uint32_t shopper, std::uint32_t item) {
    grow(items_, shopper);
    grow(shoppers_, item);
    std::vector<cell>& row = items_[shopper];
    const auto at = std::lower_bound(row.begin(), row.end(), item, before);
    if (at != row.end() && at->item == item) {
      ++at->times;
      return;
    }
    std::vector<std::uint32_t>& list = shoppers_[item];
    row.insert(at, {item, 1, static_cast<std::uint32_t>(list.size())});
    list.push_back(shopper);
    active_ += row.size() == 1;
    ++pairs_;
  }

  /// Undoes one `add`. Precondition: it was added.
  void remove(std::uint32_t shopper, std::uint32_t item) {
    std::vector<cell>& row = items_[shopper];
    const auto at = std::lower_bound(row.begin(), row.end(), item, before);
    TAILOR_EXPECTS(at != row.end() && at->item == item);
    if (--at->times != 0) return;
    unlink(*at);
    row.erase(at);
    active_ -= row.empty();
    --pairs_;
  }

  /// Undoes every `add` of a shopper. Cost: O(his items · log of their shoppers' items).
  void drop(std::uint32_t shopper) {
    if (shopper >= items_.size() || items_[shopper].empty()) return;
    for (const cell& c : items_[shopper]) unlink(c);
    pairs_ -= items_[shopper].size();
    --active_;
    items_[shopper] = {};
  }

  /// The distinct items of one kind among a shopper's lines, for `assign`. Cost: O(n log n).
  [[nodiscard]] static std::vector<cell> cells(std::span<const line> lines, event_kind kind,
                                               std::vector<std::uint32_t>& scratch) {
    scratch.clear();
    for (const line& l : lines) {
      if (l.kind() == kind && l.item != no_item_handle) scratch.push_back(l.item);
    }
    std::sort(scratch.begin(), scratch.end());
    std::size_t distinct = 0;
    for (std::size_t i = 0; i < scratch.size(); ++i) {
      distinct += i == 0 || scratch[i] != scratch[i - 1];
    }
    std::vector<cell> out;
    out.reserve(distinct);
    for (const std::uint32_t item : scratch) {
      if (out.empty() || out.back().item != item) out.push_back({item, 0, 0});
      ++out.back().times;
    }
    return out;
  }

  /// Sets the row of a shopper who has none yet, ascending by item. Cost: O(items).
  void adopt(std::uint32_t shopper, std::vector<cell>&& row) {
    if (row.empty()) return;
    grow(items_, shopper);
    TAILOR_EXPECTS(items_[shopper].empty());
    grow(shoppers_, row.back().item);
    for (cell& c : row) {
      c.place = static_cast<std::uint32_t>(shoppers_[c.item].size());
      shoppers_[c.item].push_back(shopper);
    }
    ++active_;
    pairs_ += row.size();
    items_[shopper] = std::move(row);
  }

  /// Calls `f(cell)` for every distinct item of every shopper of `item`. The rows lie all over
  /// memory, so those to come are fetched ahead: waiting for them is most of the cost else.
  template <class F>
  void for_each_shared(std::uint32_t item, F&& f) const {
    constexpr std::size_t ahead = 8;
    const std::span<const std::uint32_t> shoppers = shoppers_of(item);
    for (std::size_t k = 0; k < shoppers.size(); ++k) {
      if (k + 2 * ahead < shoppers.size()) __builtin_prefetch(&items_[shoppers[k + 2 * ahead]]);
      if (k + ahead < shoppers.size()) {
        const std::vector<cell>& next = items_[shoppers[k + ahead]];
        const auto* bytes = reinterpret_cast<const char*>(next.data());
        for (std::size_t at = 0; at < (std::min)(next.size() * sizeof(cell), std::size_t{512});
             at += 64) {
          __builtin_prefetch(bytes + at);
        }
      }
      for (const cell& c : items_[shoppers[k]]) f(c);
    }
  }

  void prefetch(std::uint32_t shopper, std::uint32_t item) const {
    if (shopper < items_.size()) __builtin_prefetch(&items_[shopper]);
    if (item < shoppers_.size()) __builtin_prefetch(&shoppers_[item]);
  }

  /// Sets the rows of shoppers 0..n-1 at once, in an empty index. `rows[s]` ascends by item; the
  /// places are filled in here. Cost: O(pairs).
  void assign(std::vector<std::vector<cell>>&& rows, std::size_t item_count) {
    TAILOR_EXPECTS(pairs_ == 0);
    items_ = std::move(rows);
    std::vector<std::uint32_t> degree(item_count);
    for (const std::vector<cell>& row : items_) {
      for (const cell& c : row) ++degree[c.item];
      active_ += !row.empty();
      pairs_ += row.size();
    }
    shoppers_.resize(item_count);
    for (std::size_t i = 0; i < item_count; ++i) shoppers_[i].reserve(degree[i]);
    for (std::size_t s = 0; s < items_.size(); ++s) {
      for (cell& c : items_[s]) {
        c.place = static_cast<std::uint32_t>(shoppers_[c.item].size());
        shoppers_[c.item].push_back(static_cast<std::uint32_t>(s));
      }
    }
  }

  [[nodiscard]] std::size_t bytes() const {
    std::size_t n =
        items_.capacity() * sizeof(items_[0]) + shoppers_.capacity() * sizeof(shoppers_[0]);
    for (const auto& row : items_) n += row.capacity() * sizeof(cell);
    for (const auto& list : shoppers_) n += list.capacity() * sizeof(std::uint32_t);
    return n;
  }

 private:
  static bool before(const cell& c, std::uint32_t item) { return c.item < item; }

  template <class T>
  static void grow(std::vector<T>& v, std::uint32_t handle) {
    if (handle >= v.size()) v.resize(std::size_t{handle} + 1);
  }

  // The last of the item's list takes the place of the one that leaves, so removal costs no scan.
  void unlink(const cell& gone) {
    std::vector<std::uint32_t>& list = shoppers_[gone.item];
    const std::uint32_t moved = list.back();
    list[gone.place] = moved;
    list.pop_back();
    std::vector<cell>& row = items_[moved];
    std::lower_bound(row.begin(), row.end(), gone.item, before)->place = gone.place;
  }

  std::vector<std::vector<cell>> items_;
  std::vector<std::vector<std::uint32_t>> shoppers_;
  std::size_t pairs_ = 0;
  std::size_t active_ = 0;
};

}  // namespace tailor::inline v0::events

#endif  // TAILOR_EVENTS_TOUCH_INDEX_HPP
