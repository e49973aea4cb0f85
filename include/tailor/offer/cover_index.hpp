#ifndef TAILOR_OFFER_COVER_INDEX_HPP
#define TAILOR_OFFER_COVER_INDEX_HPP

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "box_table.hpp"

namespace tailor::inline v0::offer::detail {

/// Finds, among boxes, those that may cover another. Whatever covers a box holds a value of each
/// side the box has, and has no side where it has none: so each box is kept under one of its sides,
/// the rarest, in a segment tree over the values of that slot, and a box that looks for what covers
/// it goes up one path of each tree it has a side in.
///
/// Memory: O(sides · log values). Cost of a box: O(sides · log values), and what is found.
class cover_index {
 public:
  struct entry {
    std::uint32_t box = 0;
    std::uint32_t rule = 0;
  };

  /// `entries` come ascending by rule.
  cover_index(const box_table& boxes, std::vector<entry> entries)
      : boxes_(&boxes), entries_(std::move(entries)) {
    if (entries_.size() <= few) return;
    trees_.resize(boxes.slots());
    std::vector<std::uint64_t> askers(boxes.slots(), 0);
    for (const entry& e : entries_) {
      for (const box_table::side& s : boxes.sides(e.box)) {
        ++askers[s.slot];
        each_bound(s, [&](std::int64_t low, std::int64_t high) {
          std::vector<std::int64_t>& bounds = trees_[s.slot].bounds;
          if (low != INT64_MIN) bounds.push_back(low);
          if (high != INT64_MAX) bounds.push_back(high + 1);
        });
      }
    }
    std::uint32_t nodes = 0;
    for (tree& t : trees_) {
      std::sort(t.bounds.begin(), t.bounds.end());
      t.bounds.erase(std::unique(t.bounds.begin(), t.bounds.end()), t.bounds.end());
      t.leaves = static_cast<std::uint32_t>(std::bit_ceil(t.bounds.size() + 1));
      t.first = nodes;
      nodes += 2 * t.leaves;
    }
    place_all(askers, nodes);
  }

  /// Calls `visit(entry)` for every box that may cover b, of rules below `below`, which `visit` may
  /// lower. Not in order.
  template <class Visit>
  void each(std::uint32_t b, std::uint32_t& below, const Visit& visit) const {
    if (entries_.size() <= few) {
      for (const entry& e : entries_) {
        if (e.rule >= below) return;
        visit(e);
      }
      return;
    }
    for (const std::uint32_t i : everywhere_) {
      if (entries_[i].rule >= below) break;
      visit(entries_[i]);
    }
    for (const box_table::side& s : boxes_->sides(b)) {
      const tree& t = trees_[s.slot];
      if (!s.of_set && s.count == 0) {
        at_node(t.first, below, visit);
        continue;
      }
      std::int64_t value = 0;
      if (s.of_set) {
        value = boxes_->words(s)[0];
      } else {
        const interval& i = boxes_->intervals(s)[0];
        value = i.low != INT64_MIN ? i.low : i.high;
      }
      for (std::uint32_t node = t.leaves + place(t.bounds, value); node > 0; node /= 2) {
        at_node(t.first + node, below, visit);
      }
    }
  }

 private:
  static constexpr std::size_t few = 16;  // then all are looked at

  /// Over the values of one slot; node 1 is the root, node 0 has the boxes with unknown values.
  struct tree {
    std::vector<std::int64_t> bounds{};  // where the second, third … leaf begins
    std::uint32_t leaves = 1;
    std::uint32_t first = 0;  // its nodes among all
  };

  template <class F>
  void each_bound(const box_table::side& s, const F& f) const {
    if (s.of_set) {
      for (const std::int64_t w : boxes_->words(s)) f(w, w);
    } else {
      for (const interval& i : boxes_->intervals(s)) f(i.low, i.high);
    }
  }

  [[nodiscard]] static std::uint32_t place(const std::vector<std::int64_t>& bounds,
                                           std::int64_t value) {
    return static_cast<std::uint32_t>(std::upper_bound(bounds.begin(), bounds.end(), value) -
                                      bounds.begin());
  }

  void place_all(const std::vector<std::uint64_t>& askers, std::uint32_t nodes) {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> postings;  // (node, entry)
    for (std::uint32_t i = 0; i < entries_.size(); ++i) {
      const auto sides = boxes_->sides(entries_[i].box);
      if (sides.empty()) {
        everywhere_.push_back(i);
        continue;
      }
      const box_table::side* rarest = nullptr;
      std::uint64_t least = 0;
      for (const box_table::side& s : sides) {
        const tree& t = trees_[s.slot];
        std::uint64_t leaves = 1;
        each_bound(s, [&](std::int64_t low, std::int64_t high) {
          leaves += place(t.bounds, high) - place(t.bounds, low) + 1;
        });
        const std::uint64_t met = askers[s.slot] * leaves / (t.bounds.size() + 1);
        if (rarest != nullptr && met >= least) continue;
        rarest = &s;
        least = met;
      }
      const tree& t = trees_[rarest->slot];
      if (rarest->unknown) postings.emplace_back(t.first, i);
      each_bound(*rarest, [&](std::int64_t low, std::int64_t high) {
        std::uint32_t l = t.leaves + place(t.bounds, low);
        std::uint32_t r = t.leaves + place(t.bounds, high) + 1;
        for (; l < r; l /= 2, r /= 2) {
          if (l % 2 == 1) postings.emplace_back(t.first + l++, i);
          if (r % 2 == 1) postings.emplace_back(t.first + --r, i);
        }
      });
    }
    starts_.assign(nodes + 1, 0);
    for (const auto& [node, at] : postings) ++starts_[node + 1];
    for (std::uint32_t n = 0; n < nodes; ++n) starts_[n + 1] += starts_[n];
    listed_.resize(postings.size());
    std::vector<std::uint32_t> next(starts_.begin(), starts_.end() - 1);
    for (const auto& [node, at] : postings) listed_[next[node]++] = at;
  }

  template <class Visit>
  void at_node(std::uint32_t node, std::uint32_t& below, const Visit& visit) const {
    for (std::uint32_t i = starts_[node]; i < starts_[node + 1]; ++i) {
      const entry& e = entries_[listed_[i]];
      if (e.rule >= below) return;
      visit(e);
    }
  }

  const box_table* boxes_;
  std::vector<entry> entries_;
  std::vector<tree> trees_{};
  std::vector<std::uint32_t> everywhere_{};
  std::vector<std::uint32_t> starts_{};  // of each node, in listed_
  std::vector<std::uint32_t> listed_{};  // ascending in each node
};

}  // namespace tailor::inline v0::offer::detail

#endif  // TAILOR_OFFER_COVER_INDEX_HPP
