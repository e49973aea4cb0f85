#ifndef TAILOR_OFFER_TRIGGER_POPULATION_HPP
#define TAILOR_OFFER_TRIGGER_POPULATION_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "../core/bytes.hpp"
#include "../core/ids.hpp"
#include "../core/time.hpp"
#include "../events/handle_book.hpp"
#include "trigger_records.hpp"
#include "trigger_shopper.hpp"
#include "trigger_watchers.hpp"

namespace tailor::inline v0::offer::detail {

/// All shoppers of whom triggers know something, who is to be looked at next, and who met which
/// item. Handles never leave the process.
class trigger_population {
 public:
  [[nodiscard]] std::size_t size() const { return shoppers_.size(); }
  [[nodiscard]] std::optional<std::uint32_t> find(user_id user) const {
    return shoppers_.find(user);
  }
  [[nodiscard]] user_id id(std::uint32_t shopper) const { return shoppers_.id(shopper); }
  [[nodiscard]] trigger_shopper& operator[](std::uint32_t shopper) { return rows_[shopper]; }
  [[nodiscard]] const trigger_shopper& operator[](std::uint32_t shopper) const {
    return rows_[shopper];
  }

  /// The handle, a new one if need be; `settle` has to follow.
  [[nodiscard]] std::uint32_t take(user_id user) {
    if (const auto known = shoppers_.find(user)) return *known;
    const std::uint32_t shopper = shoppers_.take(user);
    if (shopper >= rows_.size()) {
      rows_.resize(shopper + std::size_t{1});
      planned_.resize(rows_.size(), unplanned);
    }
    return shopper;
  }
  void drop(std::uint32_t shopper) {
    rows_[shopper] = {};
    planned_[shopper] = unplanned;
    shoppers_.release(shopper);
  }
  /// After a change of what is kept of the shopper: plans the next look, or drops the shopper when
  /// nothing is kept.
  void settle(std::uint32_t shopper) {
    if (rows_[shopper].empty()) return drop(shopper);
    const timestamp next = rows_[shopper].next_due();
    if (next >= planned_[shopper]) return;  // is looked at by then, and finds out
    planned_[shopper] = next;
    queue_.push_back({next, shoppers_.id(shopper), shopper});
    std::push_heap(queue_.begin(), queue_.end(), wakes_later{});
    if (queue_.size() > 4 * shoppers_.size() + 1'024) plan_anew();
  }

  template <class F>
  void for_each(const F& f) {
    for (const auto& [user, shopper] : shoppers_.sorted()) f(user, shopper);
  }

  // --- who is due ------------------------------------------------------------------------------

  /// The first moment at which somebody is due; `unplanned` when nobody is. Cost: O(log) amortised.
  [[nodiscard]] timestamp next() {
    while (!queue_.empty()) {
      const wake w = queue_.front();
      const bool valid = planned_[w.shopper] == w.at && shoppers_.id(w.shopper) == w.user;
      if (valid && rows_[w.shopper].next_due() <= w.at) return w.at;
      pop();
      if (!valid) continue;  // was planned earlier since, or forgotten
      planned_[w.shopper] = unplanned;
      settle(w.shopper);
    }
    return unplanned;
  }
  /// Who is due at `next()`, the least id first; `settle` has to follow.
  [[nodiscard]] std::uint32_t take_next() {
    const std::uint32_t shopper = queue_.front().shopper;
    pop();
    planned_[shopper] = unplanned;
    return shopper;
  }

  // --- who met an item -------------------------------------------------------------------------

  void met(item_id item, std::uint32_t shopper) { watchers_.add(item, shopper, knows()); }
  /// Ascending by id.
  [[nodiscard]] std::vector<std::pair<user_id, std::uint32_t>> who_met(item_id item) {
    std::vector<std::pair<user_id, std::uint32_t>> out;
    for (const std::uint32_t s : watchers_.of(item, knows())) out.emplace_back(shoppers_.id(s), s);
    std::sort(out.begin(), out.end());
    return out;
  }

  // --- the whole -------------------------------------------------------------------------------

  /// Computes anew what is derived. Cost: O(everything · log).
  void rebuild(bool watches) {
    watchers_.clear();
    for (std::uint32_t s = 0; watches && s < rows_.size(); ++s) {
      for (const touched_item& t : rows_[s].touches) met(t.item, s);
    }
    plan_anew();
  }

  [[nodiscard]] std::size_t bytes() const {
    std::size_t n = shoppers_.bytes() + rows_.capacity() * sizeof(trigger_shopper) +
                    planned_.capacity() * sizeof(timestamp) + queue_.capacity() * sizeof(wake) +
                    watchers_.bytes();
    for (const trigger_shopper& s : rows_) {
      n += s.touches.capacity() * sizeof(touched_item) + s.flows.capacity() * sizeof(open_flow) +
           s.entries.capacity() * sizeof(flow_entry) + s.dates.capacity() * sizeof(yearly_date);
      for (const open_flow& f : s.flows) n += f.items.capacity() * sizeof(item_id);
    }
    return n;
  }

  /// By id, without what was met at `since` or before.
  void encode(timestamp since, byte_writer& out) const {
    const auto all = shoppers_.sorted();
    std::uint64_t count = 0;
    for (const auto& [user, s] : all) count += is_kept(rows_[s], since);
    out.u64(count);
    for (const auto& [user, s] : all) {
      if (is_kept(rows_[s], since)) encode_shopper(user, rows_[s], since, out);
    }
  }
  [[nodiscard]] static trigger_population decode(byte_reader& in, timestamp clock) {
    trigger_population out;
    const std::uint64_t count = in.u64();
    std::uint64_t last = 0;
    for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
      const std::uint64_t user = in.u64();
      if (i > 0 && user <= last) in.fail(errc::corrupt, "shopper");
      last = user;
      trigger_shopper s = decode_shopper(in, clock);
      if (in.ok()) out.rows_[out.take(user_id{user})] = std::move(s);
    }
    return out;
  }

 private:
  struct wake {
    timestamp at{};
    user_id user{};
    std::uint32_t shopper = 0;
  };
  struct wakes_later {
    bool operator()(const wake& a, const wake& b) const {
      return std::tie(b.at, b.user, b.shopper) < std::tie(a.at, a.user, a.shopper);
    }
  };

  struct knowing {
    trigger_population* all;
    bool operator()(item_id item, std::uint32_t s) const {
      return all->rows_[s].find_touch(item) != nullptr;
    }
  };
  [[nodiscard]] knowing knows() { return {this}; }
  void pop() {
    std::pop_heap(queue_.begin(), queue_.end(), wakes_later{});
    queue_.pop_back();
  }
  void plan_anew() {
    queue_.clear();
    for (std::uint32_t s = 0; s < rows_.size(); ++s) {
      planned_[s] = rows_[s].next_due();
      if (planned_[s] != unplanned) queue_.push_back({planned_[s], shoppers_.id(s), s});
    }
    std::make_heap(queue_.begin(), queue_.end(), wakes_later{});
  }

  events::handle_book<user_id> shoppers_;
  std::vector<trigger_shopper> rows_;
  // When each is looked at next, not after he is due; a wake at another moment is void.
  std::vector<timestamp> planned_;
  std::vector<wake> queue_;
  item_watchers watchers_;
};

}  // namespace tailor::inline v0::offer::detail

#endif  // TAILOR_OFFER_TRIGGER_POPULATION_HPP
