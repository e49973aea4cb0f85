#ifndef TAILOR_SIMILAR_PAIR_COUNTS_HPP
#define TAILOR_SIMILAR_PAIR_COUNTS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "../core/bytes.hpp"
#include "../core/flat_table.hpp"
#include "../core/result.hpp"
#include "../events/event.hpp"
#include "../events/handle_book.hpp"
#include "pair_source.hpp"

namespace tailor::inline v0::similar {

/// Live counts of shared shoppers for every pair of items, kept up to date on every event: an
/// acceleration of what `bought_together` and `viewed_together` count on demand, and equal to it.
/// Worth its memory where items have very many buyers or lists are asked for more often than events
/// come.
///
/// Cost of an event: O(distinct items of the shopper) the first time he touches the item, O(log)
/// else. Memory: about 13 bytes per ordered pair of items that somebody shares, 8 per (shopper,
/// item). Obeys the four laws.
class pair_counts {
 public:
  static constexpr const char* section = "pair counts";
  static constexpr std::uint32_t format = 1;

  struct options {
    events::event_kind kind = events::event_kind::purchase;
    /// Shoppers with more distinct items (bots, wholesalers) count in no pair: n items make n²
    /// pairs. 0: no such limit.
    std::uint32_t max_items = 2'000;
    friend bool operator==(const options&, const options&) = default;
  };

  pair_counts() = default;
  explicit pair_counts(const options& o) : options_(o) {}

  /// Shoppers that count.
  [[nodiscard]] std::int64_t population() const { return population_; }
  /// Ordered pairs with a count, so twice the unordered ones.
  [[nodiscard]] std::size_t pairs() const {
    std::size_t n = 0;
    for (const auto& partners : partners_) n += partners.size();
    return n;
  }
  [[nodiscard]] std::int64_t both(item_id a, item_id b) const {
    const auto i = items_.find(a);
    const auto j = items_.find(b);
    return i && j ? std::int64_t{partners_[*i].find(*j)} : 0;
  }
  [[nodiscard]] std::int64_t degree(item_id item) const {
    const auto i = items_.find(item);
    return i ? degree_[*i] : 0;
  }

  void observe(const events::event& e) {
    if (!counts(e)) return;
    const std::uint32_t u = users_.take(e.user);
    const std::uint32_t i = take_item(e.item, 1);
    if (u >= rows_.size()) rows_.resize(std::size_t{u} + 1);
    const auto at = find(rows_[u], i);
    if (at != rows_[u].end() && at->item == i) {
      ++at->times;
    } else {
      enter(rows_[u], at, {i, 1});
    }
  }

  /// unknown, and nothing changes, when the shopper is not counted for the item.
  status retract(const events::event& e) {
    if (!counts(e)) return {};
    const auto u = users_.find(e.user);
    const auto i = items_.find(e.item);
    if (!u || !i) return errc::unknown;
    row& r = rows_[*u];
    const auto at = find(r, *i);
    if (at == r.end() || at->item != *i) return errc::unknown;
    if (--at->times == 0) leave(r, at);
    release_item(*i, 1);
    if (users_.release(*u)) r = {};
    return {};
  }

  void forget(user_id user) {
    const auto u = users_.find(user);
    if (!u) return;
    const row gone = std::exchange(rows_[*u], {});
    if (counted(gone.size())) count_row(gone, direction::down);
    std::uint64_t events = 0;
    for (const cell& c : gone) {
      events += c.times;
      release_item(c.item, c.times);
    }
    users_.release(*u, events);
  }

  /// Adds the counts of another shard. conflict when the options differ. Cost: O(Σ over its
  /// shoppers of items²).
  status merge(const pair_counts& other) {
    if (!(options_ == other.options_)) return errc::conflict;
    if (&other == this) return merge(pair_counts(other));
    for (std::uint32_t theirs = 0; theirs < other.rows_.size(); ++theirs) {
      for (const cell& c : other.rows_[theirs]) {
        add(other.users_.id(theirs), other.items_.id(c.item), c.times);
      }
    }
    return {};
  }

  friend bool operator==(const pair_counts& a, const pair_counts& b) {
    return a.options_ == b.options_ && a.canonical() == b.canonical();
  }

  /// See `pair_source`. Cost: O(items that share a shopper with this one).
  template <class F>
  void for_each_pair(item_id item, std::int64_t at_least, pair_scratch&, F&& f) const {
    const auto i = items_.find(item);
    if (!i) return;
    partners_[*i].for_each([&](std::uint32_t j, std::uint32_t both) {
      if (both < at_least) return;
      f(items_.id(j), pair_evidence{both, degree_[*i], degree_[j], population_, 0});
    });
  }

  void encode(byte_writer& out) const {
    out.u8(static_cast<std::uint8_t>(options_.kind));
    out.u32(options_.max_items);
    const auto rows = canonical();
    out.u64(rows.size());
    for (const auto& [user, cells] : rows) {
      out.u64(raw(user));
      out.u64(cells.size());
      for (const auto& [item, times] : cells) {
        out.u64(raw(item));
        out.u32(times);
      }
    }
  }

  [[nodiscard]] static result<pair_counts> decode(byte_reader& in) {
    const std::uint8_t kind = in.u8();
    if (in.ok() && !events::is_event_kind(kind)) {
      return error{errc::corrupt, "pair counts kind", in.offset()};
    }
    pair_counts out(options{events::event_kind{kind}, in.u32()});
    const std::uint64_t users = in.u64();
    user_id last_user{};
    for (std::uint64_t n = 0; n < users && in.ok(); ++n) {
      const user_id user{in.u64()};
      const std::uint64_t size = in.u64();
      bool good = size > 0 && (n == 0 || last_user < user);
      last_user = user;
      item_id last_item{};
      for (std::uint64_t k = 0; k < size && good && in.ok(); ++k) {
        const item_id item{in.u64()};
        const std::uint32_t times = in.u32();
        good = times > 0 && item != no_item && (k == 0 || last_item < item);
        last_item = item;
        if (good && in.ok()) out.add(user, item, times);
      }
      if (in.ok() && !good) return error{errc::corrupt, "pair counts row", in.offset()};
    }
    if (!in.ok()) return in.error();
    return out;
  }

 private:
  struct cell {
    std::uint32_t item;
    std::uint32_t times;
  };
  using row = std::vector<cell>;  // ascending by item handle
  enum class direction { up, down };

  [[nodiscard]] bool counts(const events::event& e) const {
    return e.kind == options_.kind && e.item != no_item;
  }
  [[nodiscard]] bool counted(std::size_t size) const {
    return size > 0 && (options_.max_items == 0 || size <= options_.max_items);
  }
  static row::iterator find(row& r, std::uint32_t item) {
    return std::lower_bound(r.begin(), r.end(), item,
                            [](const cell& c, std::uint32_t i) { return c.item < i; });
  }

  std::uint32_t take_item(item_id item, std::uint64_t times) {
    const std::uint32_t i = items_.take(item, times);
    if (i >= degree_.size()) {
      degree_.resize(std::size_t{i} + 1);
      partners_.resize(std::size_t{i} + 1, flat_table<std::uint32_t>(process_key().k0));
    }
    return i;
  }
  void release_item(std::uint32_t item, std::uint64_t times) {
    if (items_.release(item, times)) partners_[item] = flat_table<std::uint32_t>(process_key().k0);
  }

  void add(user_id user, item_id item, std::uint32_t times) {
    const std::uint32_t u = users_.take(user, times);
    const std::uint32_t i = take_item(item, times);
    if (u >= rows_.size()) rows_.resize(std::size_t{u} + 1);
    const auto at = find(rows_[u], i);
    if (at != rows_[u].end() && at->item == i) {
      at->times += times;
    } else {
      enter(rows_[u], at, {i, times});
    }
  }

  /// A new item in a row. The row that grows past the limit stops counting altogether.
  void enter(row& r, row::iterator at, cell c) {
    const bool was = counted(r.size());
    if (counted(r.size() + 1)) {
      count_item(r, c.item, direction::up);
      population_ += !was;
    } else if (was) {
      count_row(r, direction::down);
    }
    r.insert(at, c);
  }

  void leave(row& r, row::iterator at) {
    const std::uint32_t item = at->item;
    const bool was = counted(r.size());
    r.erase(at);
    if (was) {
      count_item(r, item, direction::down);
      population_ -= r.empty();
    } else if (counted(r.size())) {
      count_row(r, direction::up);
    }
  }

  /// `item` with every item of the row, which does not hold it.
  void count_item(const row& r, std::uint32_t item, direction d) {
    for (const cell& c : r) partners_[c.item].prefetch(item);
    if (d == direction::up) {
      ++degree_[item];
      for (const cell& c : r) {
        partners_[item].increment(c.item);
        partners_[c.item].increment(item);
      }
    } else {
      --degree_[item];
      for (const cell& c : r) {
        partners_[item].decrement(c.item);
        partners_[c.item].decrement(item);
      }
    }
  }

  void count_row(const row& r, direction d) {
    population_ += d == direction::up ? 1 : -1;
    row rest;
    rest.reserve(r.size());
    for (const cell& c : r) {
      count_item(rest, c.item, d);
      rest.push_back(c);
    }
  }

  using canonical_row = std::pair<user_id, std::vector<std::pair<item_id, std::uint32_t>>>;
  [[nodiscard]] std::vector<canonical_row> canonical() const {
    std::vector<canonical_row> out;
    out.reserve(users_.size());
    for (const auto& [user, u] : users_.sorted()) {
      canonical_row& r = out.emplace_back(user, std::vector<std::pair<item_id, std::uint32_t>>{});
      for (const cell& c : rows_[u]) r.second.emplace_back(items_.id(c.item), c.times);
      std::sort(r.second.begin(), r.second.end());
    }
    return out;
  }

  options options_{};
  events::handle_book<user_id> users_;  // used once per event counted
  events::handle_book<item_id> items_;  // likewise
  std::vector<row> rows_;               // by user: the state
  // Derived from the rows:
  std::vector<std::int64_t> degree_;                 // by item
  std::vector<flat_table<std::uint32_t>> partners_;  // by item: other item → shared shoppers
  std::int64_t population_ = 0;
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_PAIR_COUNTS_HPP
