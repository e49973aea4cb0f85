#ifndef TAILOR_EVENTS_LINE_STORE_HPP
#define TAILOR_EVENTS_LINE_STORE_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "../core/contract.hpp"
#include "../core/executor.hpp"
#include "handle_book.hpp"
#include "line.hpp"
#include "shopper_rows.hpp"

namespace tailor::inline v0::events {

/// The lines of all shoppers, each in canonical order, with handles for shoppers and items: the
/// multiset of events that a timeline is about, without its index.
class line_store {
  struct canon {  // canonical order, by the ids behind item handles
    const handle_book<item_id>* items;
    bool operator()(const line& a, const line& b) const {
      return precedes(a, b, [this](std::uint32_t item) {
        return item == no_item_handle ? no_item : items->id(item);
      });
    }
  };

 public:
  /// Where an event stands.
  struct place {
    std::uint32_t shopper;
    std::uint32_t item;  ///< or no_item_handle
  };

  line_store() = default;

  /// Precondition: `rows.fault()` is null. Handles are the places in `rows`.
  template <executor Executor>
  line_store(const shopper_rows& rows, Executor& pool) : lines_(rows.users.size()) {
    TAILOR_EXPECTS(rows.fault() == nullptr);
    events_ = rows.lines.size();
    shoppers_.reserve(rows.users.size());
    std::vector<std::size_t> begin(rows.users.size() + 1);
    for (std::size_t s = 0; s < rows.users.size(); ++s) {
      shoppers_.take(rows.users[s], rows.counts[s]);
      begin[s + 1] = begin[s] + rows.counts[s];
    }
    std::vector<std::uint64_t> uses(rows.items.size());
    for (const line& l : rows.lines) {
      if (l.item != no_item_handle) ++uses[l.item];
    }
    items_.reserve(rows.items.size());
    for (std::size_t i = 0; i < rows.items.size(); ++i) items_.take(rows.items[i], uses[i]);
    pool.for_each_chunk(lines_.size(), 512, [&](std::size_t from, std::size_t to, std::size_t) {
      for (std::size_t s = from; s < to; ++s) {
        const std::span<const line> lines(rows.lines.data() + begin[s], rows.counts[s]);
        lines_[s].assign(lines.begin(), lines.end());
      }
    });
  }

  [[nodiscard]] const handle_book<user_id>& shoppers() const { return shoppers_; }
  [[nodiscard]] const handle_book<item_id>& items() const { return items_; }
  [[nodiscard]] std::size_t events() const { return events_; }
  [[nodiscard]] std::span<const line> lines_of(std::uint32_t shopper) const {
    return lines_[shopper];
  }
  [[nodiscard]] item_id item_at(std::uint32_t item) const {
    return item == no_item_handle ? no_item : items_.id(item);
  }
  [[nodiscard]] event to_event(user_id user, const line& l) const {
    return {user, l.at, l.kind(), item_at(l.item), l.order, l.quantity(), l.unit_price, no_event};
  }

  place insert(const event& e) {
    shoppers_.prefetch(e.user);
    items_.prefetch(e.item);
    const std::uint32_t s = take_shopper(e.user, 1);
    __builtin_prefetch(&lines_[s]);
    const std::uint32_t i = e.item == no_item ? no_item_handle : items_.take(e.item);
    const line l{e.at, e.unit_price, e.order, i, line::pack(e.kind, e.quantity)};
    std::vector<line>& lines = lines_[s];
    const auto less = by_canon();
    if (lines.empty() || !less(l, lines.back())) {
      lines.push_back(l);
    } else {
      lines.insert(std::upper_bound(lines.begin(), lines.end(), l, less), l);
    }
    ++events_;
    return {s, i};
  }

  /// Where an equal event stands, if there is one; `erase` then takes it away.
  [[nodiscard]] std::optional<place> find(const event& e) const {
    const auto s = shoppers_.find(e.user);
    const auto i = e.item == no_item ? std::optional(no_item_handle) : items_.find(e.item);
    if (!s || !i || position(*s, line_of(e, *i)) == lines_[*s].end()) return std::nullopt;
    return place{*s, *i};
  }
  void erase(const event& e, place at) {
    const line l = line_of(e, at.item);
    lines_[at.shopper].erase(position(at.shopper, l));
    release(at.shopper, {&l, 1});
  }

  void drop(std::uint32_t shopper) {
    const std::vector<line> gone = std::exchange(lines_[shopper], {});
    release(shopper, gone);
  }

  /// Adds the lines of another store. `added(shopper, lines, was_new)` hears of each of its
  /// shoppers, by our handles.
  template <class F>
  void merge(const line_store& other, F&& added) {
    std::vector<std::uint32_t> translated(other.items_.limit(), no_item_handle);
    for (std::uint32_t i = 0; i < other.items_.limit(); ++i) {
      if (const std::uint64_t uses = other.items_.uses(i)) {
        translated[i] = items_.take(other.items_.id(i), uses);
      }
    }
    for (std::uint32_t theirs = 0; theirs < other.lines_.size(); ++theirs) {
      if (other.lines_[theirs].empty()) continue;
      std::vector<line> more(other.lines_[theirs]);
      for (line& l : more) {
        if (l.item != no_item_handle) l.item = translated[l.item];
      }
      const std::uint32_t s = take_shopper(other.shoppers_.id(theirs), more.size());
      added(s, std::span<const line>(more), lines_[s].empty());
      if (lines_[s].empty()) {
        lines_[s] = std::move(more);
      } else {
        std::vector<line> both;
        both.reserve(lines_[s].size() + more.size());
        std::merge(lines_[s].begin(), lines_[s].end(), more.begin(), more.end(),
                   std::back_inserter(both), by_canon());
        lines_[s] = std::move(both);
      }
    }
    events_ += other.events_;
  }

  friend bool operator==(const line_store& a, const line_store& b) {
    if (a.events_ != b.events_ || a.shoppers_.size() != b.shoppers_.size() ||
        a.items_.size() != b.items_.size()) {
      return false;
    }
    for (std::uint32_t s = 0; s < a.lines_.size(); ++s) {
      if (a.lines_[s].empty()) continue;
      const user_id user = a.shoppers_.id(s);
      const auto t = b.shoppers_.find(user);
      const auto same = [&](const line& x, const line& y) {
        return a.to_event(user, x) == b.to_event(user, y);
      };
      if (!t || !std::equal(a.lines_[s].begin(), a.lines_[s].end(), b.lines_[*t].begin(),
                            b.lines_[*t].end(), same)) {
        return false;
      }
    }
    return true;
  }

  /// The canonical form. Cost: O(size + shoppers · log shoppers).
  [[nodiscard]] shopper_rows rows() const {
    shopper_rows out;
    std::vector<std::uint32_t> rank(items_.limit(), no_item_handle);
    out.items.reserve(items_.size());
    for (const auto& [id, i] : items_.sorted()) {
      rank[i] = static_cast<std::uint32_t>(out.items.size());
      out.items.push_back(id);
    }
    out.users.reserve(shoppers_.size());
    out.counts.reserve(shoppers_.size());
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

  [[nodiscard]] std::size_t bytes() const {
    std::size_t n = shoppers_.bytes() + items_.bytes() + lines_.capacity() * sizeof(lines_[0]);
    for (const std::vector<line>& lines : lines_) n += lines.capacity() * sizeof(line);
    return n;
  }

 private:
  static line line_of(const event& e, std::uint32_t item) {
    return {e.at, e.unit_price, e.order, item, line::pack(e.kind, e.quantity)};
  }
  [[nodiscard]] canon by_canon() const { return {&items_}; }
  [[nodiscard]] std::vector<line>::const_iterator position(std::uint32_t shopper,
                                                           const line& l) const {
    const std::vector<line>& lines = lines_[shopper];
    const auto at = std::lower_bound(lines.begin(), lines.end(), l, by_canon());
    return at != lines.end() && *at == l ? at : lines.end();
  }

  std::uint32_t take_shopper(user_id user, std::uint64_t events) {
    const std::uint32_t s = shoppers_.take(user, events);
    if (s >= lines_.size()) lines_.resize(std::size_t{s} + 1);
    return s;
  }
  void release(std::uint32_t shopper, std::span<const line> gone) {
    for (const line& l : gone) {
      if (l.item != no_item_handle) items_.release(l.item);
    }
    events_ -= gone.size();
    if (shoppers_.release(shopper, gone.size())) lines_[shopper] = {};
  }

  handle_book<user_id> shoppers_;         // used once per line
  handle_book<item_id> items_;            // likewise
  std::vector<std::vector<line>> lines_;  // by shopper, in canonical order
  std::size_t events_ = 0;
};

}  // namespace tailor::inline v0::events

#endif  // TAILOR_EVENTS_LINE_STORE_HPP
