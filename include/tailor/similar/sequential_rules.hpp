#ifndef TAILOR_SIMILAR_SEQUENTIAL_RULES_HPP
#define TAILOR_SIMILAR_SEQUENTIAL_RULES_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "../core/bytes.hpp"
#include "../core/flat_table.hpp"
#include "../core/ids.hpp"
#include "../core/result.hpp"
#include "../core/topk.hpp"
#include "../events/handle_book.hpp"
#include "next_item.hpp"

namespace tailor::inline v0::similar {

/// How often one item came after another within a visit, nearer ones for more: each time j follows
/// i d clicks later, up to ten, counts 1/d, kept as 2520/d, which is whole (2520 is the least
/// common multiple of 1 to 10). So visits add up in any order and are taken out exactly.
/// "Sequential rules" of M. Ludewig and D. Jannach, "Evaluation of session-based recommendation
/// algorithms", User Modeling and User-Adapted Interaction 28 (2018),
/// doi:10.1007/s11257-018-9209-6. Memory: about 13 bytes per pair, 70 per item.
class sequential_rules {
 public:
  static constexpr const char* section = "sequential rules";
  static constexpr std::uint32_t format = 1;
  using forgets_by_replay = void;  // knows no shoppers: their visits are retracted

  static constexpr std::size_t reach = 10;
  static constexpr std::uint32_t units = 2520;       ///< of one direct succession
  static constexpr std::size_t max_clicks = 10'000;  ///< of a visit; longer ones are robots

  [[nodiscard]] std::size_t items() const { return items_.size(); }
  [[nodiscard]] std::size_t pairs() const { return pairs_; }

  /// Counts a visit, oldest click first; what names no item is passed over, and no item follows
  /// itself. oversized beyond `max_clicks`; overflow when a pair would count more than 1.7 million
  /// direct successions: nothing is changed then. Cost: O(clicks · log clicks).
  status observe(std::span<const item_id> clicks) {
    if (clicks.size() > max_clicks) return errc::oversized;
    count(clicks);
    for (const change& c : changes_) {
      if (c.by > UINT32_MAX - units_of(c.from, c.to)) return errc::overflow;
    }
    for (const change& c : changes_) add(c.from, c.to, c.by);
    return {};
  }

  /// Takes a visit out that was counted. unknown when it cannot have been: nothing is changed.
  status retract(std::span<const item_id> clicks) {
    if (clicks.size() > max_clicks) return errc::oversized;
    count(clicks);
    for (const change& c : changes_) {
      if (units_of(c.from, c.to) < c.by) return errc::unknown;
    }
    for (const change& c : changes_) {
      const auto known_from = items_.find(c.from);
      const auto known_to = items_.find(c.to);
      if (!known_from || !known_to) continue;  // they are: the pair was counted
      const std::uint32_t from = *known_from;
      const std::uint32_t to = *known_to;
      const std::uint32_t left = after_[from].find(to) - c.by;
      after_[from].set(to, left);
      if (left != 0) continue;
      --pairs_;
      release(from);
      release(to);
    }
    return {};
  }

  /// Adds the counts of another shard. overflow: nothing is changed then.
  status merge(const sequential_rules& other) {
    const auto all = other.canonical();
    for (const change& c : all) {
      if (c.by > UINT32_MAX - units_of(c.from, c.to)) return errc::overflow;
    }
    for (const change& c : all) add(c.from, c.to, c.by);
    return {};
  }

  friend bool operator==(const sequential_rules& a, const sequential_rules& b) {
    return a.pairs_ == b.pairs_ && a.canonical() == b.canonical();
  }

  /// What counts for `to` after `from`, in 1/2520.
  [[nodiscard]] std::uint32_t units_of(item_id from, item_id to) const {
    const auto f = items_.find(from);
    const auto t = items_.find(to);
    return f && t ? after_[*f].find(*t) : 0;
  }

  using scratch = top_k<std::uint32_t, item_id>;

  /// The `count` items that follow `from` most, best first, ties by the smaller id; the score is
  /// Σ 1/d. Cost: O(items that follow it). Allocates nothing once scratch and `out` have their
  /// size.
  void next(item_id from, std::size_t count, scratch& s, std::vector<next_item>& out) const {
    out.clear();
    const auto f = items_.find(from);
    if (!f) return;
    s.reset((std::min)(count, after_[*f].size()));
    after_[*f].for_each([&](std::uint32_t to, std::uint32_t by) {
      if (!s.is_hopeless(by)) s.push(by, items_.id(to));
    });
    for (const auto& e : s.take()) out.push_back({e.id, static_cast<double>(e.score) / units});
  }

  /// Calls `f(item)` for every item, in no order that may be shown.
  template <class F>
  void for_each_item(F&& f) const {
    for (std::uint32_t i = 0; i < items_.limit(); ++i) {
      if (items_.uses(i) != 0) f(items_.id(i));
    }
  }

  void encode(byte_writer& out) const {
    const auto all = canonical();
    out.u64(all.size());
    for (const change& c : all) {
      out.u64(raw(c.from));
      out.u64(raw(c.to));
      out.u32(c.by);
    }
  }

  [[nodiscard]] static result<sequential_rules> decode(byte_reader& in) {
    sequential_rules out;
    const std::uint64_t size = in.u64();
    std::pair<item_id, item_id> last{};
    for (std::uint64_t n = 0; n < size && in.ok(); ++n) {
      const change c{item_id{in.u64()}, item_id{in.u64()}, in.u32()};
      if (!in.ok()) break;
      const std::pair<item_id, item_id> pair(c.from, c.to);
      if (c.by == 0 || c.from == c.to || c.from == no_item || c.to == no_item ||
          (n > 0 && !(last < pair))) {
        return error{errc::corrupt, "sequential rules", in.offset()};
      }
      last = pair;
      out.add(c.from, c.to, c.by);
    }
    if (!in.ok()) return in.error();
    return out;
  }

 private:
  struct change {
    item_id from{};
    item_id to{};
    std::uint32_t by = 0;
    friend bool operator==(const change&, const change&) = default;
    [[nodiscard]] std::pair<item_id, item_id> pair() const { return {from, to}; }
  };

  /// What a visit counts, once per pair, in changes_. It fits: a visit is not that long.
  void count(std::span<const item_id> clicks) {
    changes_.clear();
    for (std::size_t i = 0; i < clicks.size(); ++i) {
      for (std::size_t d = 1; d <= reach && i + d < clicks.size(); ++d) {
        if (clicks[i] == clicks[i + d] || clicks[i] == no_item || clicks[i + d] == no_item) {
          continue;
        }
        changes_.push_back({clicks[i], clicks[i + d], units / static_cast<std::uint32_t>(d)});
      }
    }
    std::sort(changes_.begin(), changes_.end(),
              [](const change& a, const change& b) { return a.pair() < b.pair(); });
    std::size_t kept = 0;
    for (const change& c : changes_) {
      if (kept > 0 && changes_[kept - 1].pair() == c.pair()) {
        changes_[kept - 1].by += c.by;
      } else {
        changes_[kept++] = c;
      }
    }
    changes_.resize(kept);
  }

  /// Precondition: the sum fits.
  void add(item_id from, item_id to, std::uint32_t by) {
    const std::uint32_t before = units_of(from, to);
    // An item is used once by every pair that names it.
    const std::uint32_t f = items_.take(from, before == 0 ? 1 : 0);
    const std::uint32_t t = items_.take(to, before == 0 ? 1 : 0);
    if (items_.limit() > after_.size()) {
      after_.resize(items_.limit(), flat_table<std::uint32_t>(process_key().k0));
    }
    after_[f].set(t, before + by);
    if (before == 0) ++pairs_;
  }
  void release(std::uint32_t item) {
    if (items_.release(item)) after_[item] = flat_table<std::uint32_t>(process_key().k0);
  }

  [[nodiscard]] std::vector<change> canonical() const {
    std::vector<change> out;
    out.reserve(pairs_);
    for (std::uint32_t from = 0; from < after_.size(); ++from) {
      after_[from].for_each([&](std::uint32_t to, std::uint32_t by) {
        out.push_back({items_.id(from), items_.id(to), by});
      });
    }
    std::sort(out.begin(), out.end(),
              [](const change& a, const change& b) { return a.pair() < b.pair(); });
    return out;
  }

  events::handle_book<item_id> items_;
  std::vector<flat_table<std::uint32_t>> after_;  // by item: what follows → units
  std::size_t pairs_ = 0;
  std::vector<change> changes_;  // of the visit at hand
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_SEQUENTIAL_RULES_HPP
