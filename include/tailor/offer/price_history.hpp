#ifndef TAILOR_OFFER_PRICE_HISTORY_HPP
#define TAILOR_OFFER_PRICE_HISTORY_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "../core/bytes.hpp"
#include "../core/ids.hpp"
#include "../core/result.hpp"
#include "../core/time.hpp"

namespace tailor::inline v0::offer {

/// A price, in minor units of the shop's currency, and the moment from which on it is in force:
/// until the next one of the item.
struct dated_price {
  timestamp from{};
  std::int64_t price = 0;

  friend constexpr bool operator==(const dated_price&, const dated_price&) = default;
};

/// How much is kept. Not part of the state: neither written nor compared.
struct price_history_limits {
  std::size_t items = std::size_t{1} << 24;
  std::size_t changes_per_item = std::size_t{1} << 16;
};

/// What every item cost when, for prices that are said to be reduced (see price_claim.hpp). A
/// statistic: the same changes in any order give the same state and bytes, `retract` undoes
/// `observe`, parts with different items (or the same changes) can be merged.
/// Memory: 16 bytes a change and a map node an item.
class price_history {
 public:
  using holds_no_personal_data = void;
  static constexpr const char* section = "price history";
  static constexpr std::uint32_t format = 1;

  price_history() = default;
  explicit price_history(price_history_limits limits) : limits_(limits) {}

  /// The price of the item is `price` from `from` on. The same price may be said again: that it is
  /// still in force. out_of_range for a negative price; duplicate when exactly this is known, and
  /// conflict when another price is from that very moment; full at the limits; too_early when a
  /// later one was in force already where `forget_before` cut off. Nothing changes then.
  /// Cost: O(log items), and the later changes of the item are moved.
  status observe(item_id item, std::int64_t price, timestamp from) {
    if (price < 0) return error{errc::out_of_range, "price"};
    const auto found = items_.find(item);
    if (found == items_.end()) {
      if (items_.size() >= limits_.items) return error{errc::full, "items"};
      if (limits_.changes_per_item == 0) return error{errc::full, "changes"};
      items_.emplace(item, std::vector<dated_price>{{from, price}});
      return {};
    }
    std::vector<dated_price>& changes = found->second;
    const auto at = at_or_after(changes, from);
    if (at != changes.end() && at->from == from) {
      return at->price == price ? errc::duplicate : errc::conflict;
    }
    if (from <= cut_) {
      // Only the last change before the cut is kept: it is what was in force there.
      if (at != changes.end() && at->from <= cut_) return error{errc::too_early, "from"};
      if (at != changes.begin()) {
        *std::prev(at) = {from, price};
        return {};
      }
    }
    if (changes.size() >= limits_.changes_per_item) return error{errc::full, "changes"};
    changes.insert(at, {from, price});
    return {};
  }

  /// Takes an observation back. unknown when it was not made; too_early when it is not after the
  /// cut, for what was in force before it is gone.
  status retract(item_id item, std::int64_t price, timestamp from) {
    const auto found = items_.find(item);
    if (found == items_.end()) return error{errc::unknown, "item"};
    const auto at = at_or_after(found->second, from);
    if (at == found->second.end() || *at != dated_price{from, price}) {
      return error{errc::unknown, "price"};
    }
    if (cut_ != beginning && from <= cut_) return error{errc::too_early, "from"};
    found->second.erase(at);
    if (found->second.empty()) items_.erase(found);
    return {};
  }

  /// An item that is no longer sold, with all its prices. Nothing when it is not known.
  void drop(item_id item) { items_.erase(item); }

  /// Retention: afterwards nothing is known of what was in force before `cut`. Questions about
  /// windows that begin earlier are refused. A cut does not move back. Cost: O(changes).
  void forget_before(timestamp cut) {
    if (cut <= cut_) return;
    cut_ = cut;
    for (auto& [item, changes] : items_) drop_superseded(changes);
  }
  /// The latest cut; the smallest moment when there was none.
  [[nodiscard]] timestamp known_since() const { return cut_; }

  /// Adds the changes of another history; the later cut holds. conflict when an item has two prices
  /// from the same moment, full at the limits: nothing changes then. Cost: O(changes of both).
  status merge(const price_history& other) {
    price_history sum = *this;
    sum.forget_before(other.cut_);
    std::vector<dated_price> both;
    for (const auto& [item, theirs] : other.items_) {
      std::vector<dated_price>& ours = sum.items_[item];
      both.clear();
      std::merge(ours.begin(), ours.end(), theirs.begin(), theirs.end(), std::back_inserter(both),
                 earlier);
      both.erase(std::unique(both.begin(), both.end()), both.end());
      for (std::size_t i = 1; i < both.size(); ++i) {
        if (both[i - 1].from == both[i].from) return error{errc::conflict, "price"};
      }
      sum.drop_superseded(both);
      if (both.size() > limits_.changes_per_item) return error{errc::full, "changes"};
      ours = both;
    }
    if (sum.items_.size() > limits_.items) return error{errc::full, "items"};
    *this = std::move(sum);
    return {};
  }

  [[nodiscard]] std::size_t items() const { return items_.size(); }
  /// The changes of an item, oldest first; none when it is not known.
  [[nodiscard]] std::span<const dated_price> changes_of(item_id item) const {
    const auto found = items_.find(item);
    return found == items_.end() ? std::span<const dated_price>{} : found->second;
  }

  friend bool operator==(const price_history& a, const price_history& b) {
    return a.cut_ == b.cut_ && a.items_ == b.items_;
  }

  void encode(byte_writer& out) const {
    out.i64(cut_.us);
    out.varint(items_.size());
    for (const auto& [item, changes] : items_) {
      out.u64(raw(item));
      out.varint(changes.size());
      for (const dated_price& c : changes) {
        out.i64(c.from.us);
        out.varint(static_cast<std::uint64_t>(c.price));
      }
    }
  }
  [[nodiscard]] std::size_t encoded_size() const {
    std::size_t size = 18 + 12 * items_.size();
    for (const auto& [item, changes] : items_) size += 12 * changes.size();
    return size;
  }

  [[nodiscard]] static result<price_history> decode(byte_reader& in) {
    price_history out;
    out.cut_ = {in.i64()};
    std::uint64_t items = in.varint();
    if (items > out.limits_.items) in.fail(errc::corrupt, "items");
    for (; in.ok() && items > 0; --items) {
      const item_id item{in.u64()};
      if (!out.items_.empty() && item <= out.items_.rbegin()->first) {
        in.fail(errc::corrupt, "order of items");
      }
      std::uint64_t count = in.varint();
      if (count == 0 || count > out.limits_.changes_per_item) in.fail(errc::corrupt, "changes");
      std::vector<dated_price> changes;  // grows with the bytes that are there
      for (; in.ok() && count > 0; --count) {
        const timestamp from{in.i64()};
        const std::uint64_t price = in.varint();
        if (price > INT64_MAX) in.fail(errc::corrupt, "price");
        if (!changes.empty() && from <= changes.back().from) in.fail(errc::corrupt, "order");
        // One change may stand before the cut: what was in force at it.
        if (!changes.empty() && from <= out.cut_) in.fail(errc::corrupt, "cut");
        changes.push_back({from, static_cast<std::int64_t>(price)});
      }
      if (in.ok()) out.items_.emplace_hint(out.items_.end(), item, std::move(changes));
    }
    if (!in.ok()) return in.error();
    return out;
  }

 private:
  static constexpr timestamp beginning{INT64_MIN};

  static bool earlier(const dated_price& a, const dated_price& b) {
    return a.from != b.from ? a.from < b.from : a.price < b.price;
  }
  static std::vector<dated_price>::iterator at_or_after(std::vector<dated_price>& changes,
                                                        timestamp from) {
    return std::lower_bound(changes.begin(), changes.end(), from,
                            [](const dated_price& c, timestamp t) { return c.from < t; });
  }
  /// All but the last of those that are not after the cut.
  void drop_superseded(std::vector<dated_price>& changes) const {
    auto first_after = at_or_after(changes, cut_);
    if (first_after != changes.end() && first_after->from == cut_) ++first_after;
    if (first_after - changes.begin() > 1) changes.erase(changes.begin(), first_after - 1);
  }

  std::map<item_id, std::vector<dated_price>> items_;  // none of them empty
  timestamp cut_ = beginning;
  price_history_limits limits_{};
};

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_PRICE_HISTORY_HPP
