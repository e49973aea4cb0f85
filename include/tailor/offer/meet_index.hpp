#ifndef TAILOR_OFFER_MEET_INDEX_HPP
#define TAILOR_OFFER_MEET_INDEX_HPP

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "box_table.hpp"

namespace tailor::inline v0::offer::detail {

/// Says of many boxes, 64 at once, which of them may meet a given one: rows of bits as in
/// `match_index`, one for each stretch of values of a slot, and above them a segment tree of their
/// unions, so that a wide side reads few. Where a slot has more bounds than stretches, neighbours
/// share one, and boxes that do not quite meet are told as well.
///
/// Memory: 2 · stretches × boxes / 8 bytes. Cost of a word: O(sides · log stretches).
class meet_index {
 public:
  static constexpr std::size_t most_stretches = 256;  ///< of one slot

  /// The rows that a box reads, side by side.
  struct probe {
    std::vector<std::uint32_t> rows{};
    std::vector<std::uint32_t> ends{};  // of each side, in rows
  };

  /// `order[i]` is the box of bit i.
  meet_index(const box_table& boxes, std::span<const std::uint32_t> order)
      : words_((order.size() + 63) / 64), slots_(boxes.slots()) {
    std::vector<std::vector<asking>> by_slot(boxes.slots());
    for (std::uint32_t i = 0; i < order.size(); ++i) {
      for (const box_table::side& s : boxes.sides(order[i])) {
        if (!s.of_set) by_slot[s.slot].push_back({i, &s});
      }
    }
    for (std::size_t s = 0; s < by_slot.size(); ++s) add(boxes, slots_[s], by_slot[s]);
  }

  [[nodiscard]] std::size_t words() const { return words_; }

  /// For a box of the table or any other; sides of sets are none, as they always meet.
  void prepare(const box_table& boxes, std::uint32_t b, probe& out) const {
    begin(out);
    for (const box_table::side& s : boxes.sides(b)) {
      if (!s.of_set) add_side(s.slot, boxes.intervals(s), s.unknown, out);
    }
  }
  void prepare(const box& b, probe& out) const {
    begin(out);
    for (const box_side& s : b.sides) {
      if (!s.of_set) add_side(s.slot, s.values.in, s.values.unknown, out);
    }
  }

  /// The bits 64 · w … 64 · w + 63.
  [[nodiscard]] std::uint64_t word(const probe& p, std::size_t w) const {
    std::uint64_t all = ~std::uint64_t{0};
    std::size_t at = 0;
    for (const std::uint32_t end : p.ends) {
      std::uint64_t any = 0;
      for (; at < end; ++at) any |= bits_[p.rows[at] * words_ + w];
      all &= any;
    }
    return all;
  }

  /// ORs all words into `out`, by way of `some` and `side`, which have as many.
  void each_word(const probe& p, std::span<std::uint64_t> out, std::span<std::uint64_t> some,
                 std::span<std::uint64_t> side) const {
    std::fill(some.begin(), some.end(), ~std::uint64_t{0});
    std::size_t at = 0;
    for (const std::uint32_t end : p.ends) {
      std::fill(side.begin(), side.end(), 0);
      for (; at < end; ++at) {
        const std::uint64_t* const row = bits_.data() + p.rows[at] * words_;
        for (std::size_t w = 0; w < words_; ++w) side[w] |= row[w];
      }
      for (std::size_t w = 0; w < words_; ++w) some[w] &= side[w];
    }
    for (std::size_t w = 0; w < words_; ++w) out[w] |= some[w];
  }

 private:
  struct asking {
    std::uint32_t bit;
    const box_table::side* side;
  };
  struct slot_rows {
    std::vector<std::int64_t> bounds{};  // where the second, third … stretch begins
    std::uint32_t first = 0;             // its rows: of the unknown, then the tree from its root on
    std::uint32_t leaves = 0;            // none: not asked
  };

  [[nodiscard]] static std::uint32_t place(const std::vector<std::int64_t>& bounds,
                                           std::int64_t value) {
    return static_cast<std::uint32_t>(std::upper_bound(bounds.begin(), bounds.end(), value) -
                                      bounds.begin());
  }

  void add(const box_table& boxes, slot_rows& out, const std::vector<asking>& all) {
    if (all.empty()) return;
    std::vector<std::int64_t> bounds;
    for (const asking& a : all) {
      for (const interval& i : boxes.intervals(*a.side)) {
        if (i.low != INT64_MIN) bounds.push_back(i.low);
        if (i.high != INT64_MAX) bounds.push_back(i.high + 1);
      }
    }
    std::sort(bounds.begin(), bounds.end());
    bounds.erase(std::unique(bounds.begin(), bounds.end()), bounds.end());
    const std::size_t step = bounds.size() / most_stretches + 1;
    for (std::size_t i = step - 1; i < bounds.size(); i += step) out.bounds.push_back(bounds[i]);
    out.leaves = static_cast<std::uint32_t>(std::bit_ceil(out.bounds.size() + 1));
    out.first = static_cast<std::uint32_t>(bits_.size() / words_);
    bits_.resize(bits_.size() + 2 * out.leaves * words_, 0);
    std::uint64_t* const rows = bits_.data() + out.first * words_;
    const auto set = [&](std::size_t row, std::uint32_t bit) {
      rows[row * words_ + bit / 64] |= std::uint64_t{1} << bit % 64;
    };
    std::vector<std::uint64_t> others(words_, ~std::uint64_t{0});
    for (const asking& a : all) others[a.bit / 64] &= ~(std::uint64_t{1} << a.bit % 64);
    std::copy(others.begin(), others.end(), rows);
    for (std::size_t leaf = 0; leaf <= out.bounds.size(); ++leaf) {
      std::copy(others.begin(), others.end(), rows + (out.leaves + leaf) * words_);
    }
    for (const asking& a : all) {
      if (a.side->unknown) set(0, a.bit);
      for (const interval& i : boxes.intervals(*a.side)) {
        const std::uint32_t last = place(out.bounds, i.high);
        for (std::uint32_t r = place(out.bounds, i.low); r <= last; ++r) {
          set(out.leaves + r, a.bit);
        }
      }
    }
    for (std::size_t node = out.leaves - 1; node > 0; --node) {
      const std::uint64_t* const below = rows + 2 * node * words_;
      for (std::size_t w = 0; w < words_; ++w)
        rows[node * words_ + w] = below[w] | below[words_ + w];
    }
  }

  static void begin(probe& out) {
    out.rows.clear();
    out.ends.clear();
  }
  void add_side(std::uint32_t slot, std::span<const interval> in, bool unknown, probe& out) const {
    const slot_rows& s = slots_[slot];
    if (s.leaves == 0) return;
    if (unknown) out.rows.push_back(s.first);
    for (const interval& i : in) {
      std::uint32_t l = s.leaves + place(s.bounds, i.low);
      std::uint32_t r = s.leaves + place(s.bounds, i.high) + 1;
      for (; l < r; l /= 2, r /= 2) {
        if (l % 2 == 1) out.rows.push_back(s.first + l++);
        if (r % 2 == 1) out.rows.push_back(s.first + --r);
      }
    }
    out.ends.push_back(static_cast<std::uint32_t>(out.rows.size()));
  }

  std::size_t words_;
  std::vector<slot_rows> slots_;
  std::vector<std::uint64_t> bits_{};
};

}  // namespace tailor::inline v0::offer::detail

#endif  // TAILOR_OFFER_MEET_INDEX_HPP
