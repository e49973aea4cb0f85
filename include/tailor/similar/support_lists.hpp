#ifndef TAILOR_SIMILAR_SUPPORT_LISTS_HPP
#define TAILOR_SIMILAR_SUPPORT_LISTS_HPP

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "../core/int128.hpp"
#include "../core/result.hpp"
#include "gram.hpp"
#include "item_weights.hpp"

namespace tailor::inline v0::similar {

/// Which items may speak for a target: those with the greatest shared weight / rows^power, ties by
/// item. Rows count in steps of a quarter of an octave, so that one shopper more or less does not
/// move an item in the lists of all others.
struct support_rule {
  std::uint32_t size = 100;
  double power = 0.5;

  /// floor(4 log2 rows), exactly.
  [[nodiscard]] static constexpr int step_of(std::uint32_t rows) {
    const uint128 square = uint128{rows} * rows;
    const uint128 fourth = square * square;
    const auto high = static_cast<std::uint64_t>(fourth >> 64);
    const int width = high != 0
                          ? 64 + static_cast<int>(std::bit_width(high))
                          : static_cast<int>(std::bit_width(static_cast<std::uint64_t>(fourth)));
    return width > 0 ? width - 1 : 0;
  }
  /// 2^30 rows^-power, for the rows of a step.
  [[nodiscard]] std::uint64_t factor_of(int step) const {
    return static_cast<std::uint64_t>(std::floor(std::exp2(30 - power * step / 4) + 0.5));
  }
};

/// Chooses the support of each target while the Gram matrix is counted.
class support_collector {
 public:
  struct entry {
    std::uint32_t item = 0;
    std::uint32_t shared = 0;  ///< weight of the rows with it and the target

    friend bool operator==(const entry&, const entry&) = default;
  };

  support_collector(const incidence& rows, const support_rule& rule, std::size_t workers)
      : rule_(rule), lists_(rows.items().size()), memory_(workers) {
    std::uint64_t factors[129];
    for (int s = 0; s < 129; ++s) factors[s] = rule.factor_of(s);
    factor_.reserve(rows.items().size());
    for (const std::uint32_t d : column_sizes(rows.rows(), rows.items().size())) {
      factor_.push_back(factors[support_rule::step_of(d)]);
    }
  }

  void see(const gram::column& c, std::size_t worker) {
    std::vector<entry>& list = lists_[c.item];
    if (full()) {
      list.reserve(lists_.size() - 1);
      for (std::uint32_t i = 0; i < lists_.size(); ++i) {
        if (i != c.item) list.push_back({i, c.weight[i]});
      }
      return;
    }
    auto& all = memory_[worker];
    all.clear();
    for (const std::uint32_t i : c.touched) {
      if (i != c.item) all.push_back({std::uint64_t{c.weight[i]} * factor_[i], i, c.weight[i]});
    }
    const std::size_t size = (std::min)(all.size(), std::size_t{rule_.size});
    if (size < all.size()) {
      std::nth_element(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(size), all.end(),
                       [](const candidate& a, const candidate& b) {
                         return a.key != b.key ? a.key > b.key : a.item < b.item;
                       });
    }
    list.reserve(size);
    for (std::size_t n = 0; n < size; ++n) list.push_back({all[n].item, all[n].shared});
    std::sort(list.begin(), list.end(),
              [](const entry& a, const entry& b) { return a.item < b.item; });
  }

  /// Whether every item may speak for every other, also those that share nothing.
  [[nodiscard]] bool full() const { return lists_.size() <= std::size_t{rule_.size} + 1; }

 private:
  friend class support_lists;
  struct candidate {
    std::uint64_t key;
    std::uint32_t item;
    std::uint32_t shared;
  };

  support_rule rule_;
  std::vector<std::vector<entry>> lists_;  // by target, ascending by item
  std::vector<std::uint64_t> factor_;      // by item
  std::vector<std::vector<candidate>> memory_;
};

/// For each target the items that may speak for it. Memory: 8 bytes per entry, 16 per item.
class support_lists {
 public:
  using entry = support_collector::entry;

  support_lists() = default;
  support_lists(support_collector&& from, std::span<const item_id> items, int bits)
      : items_(items.begin(), items.end()), bits_(bits), full_(from.full()) {
    begin_.reserve(items.size() + 1);
    for (const auto& list : from.lists_) begin_.push_back(begin_.back() + list.size());
    entries_.reserve(begin_.back());
    for (auto& list : from.lists_) {
      entries_.insert(entries_.end(), list.begin(), list.end());
      list = {};
    }
  }

  [[nodiscard]] std::span<const item_id> items() const { return items_; }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  /// Whether every item may speak for every other.
  [[nodiscard]] bool full() const { return full_; }
  [[nodiscard]] std::size_t begin(std::uint32_t target) const { return begin_[target]; }
  [[nodiscard]] std::span<const entry> of(std::uint32_t target) const {
    return std::span(entries_).subspan(begin_[target], begin_[target + 1] - begin_[target]);
  }

  /// Clears the mark of each target whose column is what it was: its support is the same, and
  /// neither it nor any of its support is among the changed items.
  void mark_changed(const support_lists& before, std::span<const item_id> changed,
                    std::vector<std::uint8_t>& dirty) const {
    if (before.bits_ != bits_ || before.full_ != full_) return;  // other units, or another solver
    std::vector<item_id> sorted(changed.begin(), changed.end());
    std::sort(sorted.begin(), sorted.end());
    std::vector<std::uint8_t> touched(items_.size());
    for (std::size_t i = 0; i < items_.size(); ++i) {
      touched[i] = std::binary_search(sorted.begin(), sorted.end(), items_[i]) ? 1 : 0;
    }
    for (std::uint32_t t = 0; t < items_.size(); ++t) {
      const auto at = std::lower_bound(before.items_.begin(), before.items_.end(), items_[t]);
      if (touched[t] != 0 || at == before.items_.end() || *at != items_[t]) continue;
      const auto was = before.of(static_cast<std::uint32_t>(at - before.items_.begin()));
      const auto is = of(t);
      const bool same =
          was.size() == is.size() &&
          std::equal(was.begin(), was.end(), is.begin(), [&](const entry& a, const entry& b) {
            return before.items_[a.item] == items_[b.item] && a.shared == b.shared &&
                   touched[b.item] == 0;
          });
      if (same) dirty[t] = 0;
    }
  }

  /// The weights by source, `weights` in the order of the entries; those of 0 are left out.
  [[nodiscard]] result<item_weights> by_source(std::span<const std::int32_t> weights,
                                               int weight_bits) const {
    std::vector<std::size_t> begin(items_.size() + 1);
    for (std::size_t n = 0; n < entries_.size(); ++n) {
      begin[entries_[n].item + 1] += std::size_t{weights[n] != 0};
    }
    for (std::size_t i = 0; i < items_.size(); ++i) begin[i + 1] += begin[i];
    std::vector<std::size_t> next(begin.begin(), begin.end() - 1);
    std::vector<item_weights::entry> out(begin.back());
    for (std::uint32_t t = 0; t < items_.size(); ++t) {
      for (std::size_t n = begin_[t]; n < begin_[t + 1]; ++n) {
        if (weights[n] != 0) out[next[entries_[n].item]++] = {t, weights[n]};
      }
    }
    return item_weights::make(items_, std::move(begin), std::move(out), weight_bits);
  }

  friend bool operator==(const support_lists&, const support_lists&) = default;

 private:
  std::vector<item_id> items_;
  std::vector<std::size_t> begin_{0};  // by target; one more
  std::vector<entry> entries_;
  int bits_ = 0;  // of the shared weights
  bool full_ = true;
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_SUPPORT_LISTS_HPP
