#ifndef TAILOR_OFFER_BOX_TABLE_HPP
#define TAILOR_OFFER_BOX_TABLE_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "../core/hash.hpp"
#include "boxes.hpp"
#include "value_set.hpp"

namespace tailor::inline v0::offer::detail {

/// Many boxes side by side in memory, to be compared with each other. Values that a slot can never
/// have are left out of them, so that equal conditions are equal boxes.
class box_table {
 public:
  static constexpr std::uint32_t nothing = UINT32_MAX;

  /// A side of a box: intervals, or the words of a set.
  struct side {
    std::uint32_t slot = 0;
    std::uint32_t first = 0;
    std::uint32_t count = 0;
    bool of_set = false;
    bool unknown = false;
  };

  /// `domains[slot]` is what the slot can be at all.
  explicit box_table(std::vector<value_set> domains) : domains_(std::move(domains)) {
    for (const value_set& d : domains_) bounded_.push_back(!d.is_everything());
  }

  [[nodiscard]] std::size_t size() const { return masks_.size(); }
  [[nodiscard]] std::size_t slots() const { return domains_.size(); }
  [[nodiscard]] const value_set& domain(std::uint32_t slot) const { return domains_[slot]; }

  /// The number of the box, or `nothing` when no value of a slot passes; if the box names some that
  /// are outside of what the slot can be, that slot is in `blocked_by` then.
  std::uint32_t add(const box& b, std::uint32_t* blocked_by = nullptr) {
    if (b.never) return nothing;
    const std::size_t before = sides_.size();
    std::uint64_t mask = 0;
    for (const box_side& s : b.sides) {
      if (!s.of_set && bounded_[s.slot]) {
        const value_set v = intersect(s.values, domains_[s.slot]);
        if (v.empty()) {
          sides_.resize(before);
          if (blocked_by != nullptr && !s.values.in.empty()) *blocked_by = s.slot;
          return nothing;
        }
        if (v == domains_[s.slot]) continue;
        push(s.slot, v);
      } else if (s.of_set) {
        sides_.push_back({s.slot, static_cast<std::uint32_t>(words_.size()),
                          static_cast<std::uint32_t>(s.words.size()), true, false});
        words_.insert(words_.end(), s.words.begin(), s.words.end());
      } else {
        push(s.slot, s.values);
      }
      mask |= std::uint64_t{1} << (s.slot % 64);
    }
    masks_.push_back(mask);
    ends_.push_back(static_cast<std::uint32_t>(sides_.size()));
    return static_cast<std::uint32_t>(masks_.size() - 1);
  }

  /// Ascending by slot.
  [[nodiscard]] std::span<const side> sides(std::uint32_t b) const {
    const std::uint32_t first = b == 0 ? 0 : ends_[b - 1];
    return std::span(sides_).subspan(first, ends_[b] - first);
  }
  [[nodiscard]] std::span<const interval> intervals(const side& s) const {
    return std::span(intervals_).subspan(s.first, s.count);
  }
  [[nodiscard]] std::span<const std::int64_t> words(const side& s) const {
    return std::span(words_).subspan(s.first, s.count);
  }

  /// Whether every cart in box b is in box a. Exact, as fields do not depend on each other.
  [[nodiscard]] bool covers(std::uint32_t a, std::uint32_t b) const {
    if ((masks_[a] & ~masks_[b]) != 0) return false;
    const auto inner = sides(b);
    auto at = inner.begin();
    for (const side& outer : sides(a)) {
      while (at != inner.end() && at->slot < outer.slot) ++at;
      if (at == inner.end() || at->slot != outer.slot || !within(*at, outer)) return false;
    }
    return true;
  }

  /// Whether a cart can be in both. Two sides of a set always meet: it may have both words.
  [[nodiscard]] bool meet(std::uint32_t a, std::uint32_t b) const {
    if ((masks_[a] & masks_[b]) == 0) return true;
    const auto left = sides(a);
    auto at = left.begin();
    for (const side& s : sides(b)) {
      while (at != left.end() && at->slot < s.slot) ++at;
      if (at == left.end()) break;
      if (at->slot == s.slot && !s.of_set && !meet(*at, s)) return false;
    }
    return true;
  }

  [[nodiscard]] bool same(std::uint32_t a, std::uint32_t b) const {
    const auto x = sides(a), y = sides(b);
    return x.size() == y.size() && masks_[a] == masks_[b] &&
           std::equal(x.begin(), x.end(), y.begin(), [this](const side& s, const side& t) {
             if (s.slot != t.slot || s.unknown != t.unknown || s.count != t.count) return false;
             if (s.of_set) return std::equal(words(s).begin(), words(s).end(), words(t).begin());
             return std::equal(intervals(s).begin(), intervals(s).end(), intervals(t).begin());
           });
  }
  /// Equal for boxes that are the same; the same on every platform.
  [[nodiscard]] std::uint64_t fingerprint(std::uint32_t b) const {
    std::uint64_t h = 1;
    const auto mix = [&h](std::uint64_t x) { h = mix64(h ^ x) + 0x9e3779b97f4a7c15u; };
    for (const side& s : sides(b)) {
      mix(std::uint64_t{s.slot} * 4 + (s.of_set ? 2 : 0) + (s.unknown ? 1 : 0));
      if (s.of_set) {
        for (const std::int64_t w : words(s)) mix(static_cast<std::uint64_t>(w));
      } else {
        for (const interval& i : intervals(s)) {
          mix(static_cast<std::uint64_t>(i.low));
          mix(static_cast<std::uint64_t>(i.high));
        }
      }
    }
    return h;
  }

 private:
  void push(std::uint32_t slot, const value_set& v) {
    sides_.push_back({slot, static_cast<std::uint32_t>(intervals_.size()),
                      static_cast<std::uint32_t>(v.in.size()), false, v.unknown});
    intervals_.insert(intervals_.end(), v.in.begin(), v.in.end());
  }

  [[nodiscard]] bool within(const side& inner, const side& outer) const {
    if (inner.of_set) {
      const auto few = words(inner), many = words(outer);
      return std::includes(many.begin(), many.end(), few.begin(), few.end());
    }
    if (inner.unknown && !outer.unknown) return false;
    const auto around = intervals(outer);
    auto at = around.begin();
    for (const interval& i : intervals(inner)) {
      while (at != around.end() && at->high < i.low) ++at;
      if (at == around.end() || i.low < at->low || at->high < i.high) return false;
    }
    return true;
  }
  [[nodiscard]] bool meet(const side& a, const side& b) const {
    if (a.unknown && b.unknown) return true;
    const auto x = intervals(a), y = intervals(b);
    for (std::size_t i = 0, j = 0; i < x.size() && j < y.size();) {
      if (x[i].high < y[j].low) {
        ++i;
      } else if (y[j].high < x[i].low) {
        ++j;
      } else {
        return true;
      }
    }
    return false;
  }

  std::vector<value_set> domains_;
  std::vector<bool> bounded_{};
  std::vector<side> sides_{};
  std::vector<std::uint32_t> ends_{};
  std::vector<std::uint64_t> masks_{};  // of slots, modulo 64
  std::vector<interval> intervals_{};
  std::vector<std::int64_t> words_{};
};

}  // namespace tailor::inline v0::offer::detail

#endif  // TAILOR_OFFER_BOX_TABLE_HPP
