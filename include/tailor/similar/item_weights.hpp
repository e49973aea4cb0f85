#ifndef TAILOR_SIMILAR_ITEM_WEIGHTS_HPP
#define TAILOR_SIMILAR_ITEM_WEIGHTS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "../core/hash.hpp"
#include "../core/ids.hpp"
#include "../core/result.hpp"
#include "../core/topk.hpp"

namespace tailor::inline v0::similar {

/// An item of a shopper's history and how much it counts.
struct seed {
  item_id item{};
  std::uint16_t weight = 1;

  friend bool operator==(const seed&, const seed&) = default;
};

/// An item with its exact score, in units that the model tells.
struct weighed_item {
  item_id item{};
  std::int64_t score = 0;

  friend bool operator==(const weighed_item&, const weighed_item&) = default;
};

/// What a linear item model has learnt: how much each item of a history speaks for or against each
/// other item, in whole numbers of 2^-bits. The score of a target is the sum over the history, so
/// it is exact, does not depend on the order of the history, and re-computes from the receipt.
/// Regressions, graph filters and blends of them all end here. Immutable; const members may run
/// concurrently. Memory: 8 bytes per weight, 24 per item.
class item_weights {
 public:
  /// A row ascends by target; none is named twice, none is the source.
  struct entry {
    std::uint32_t item = 0;  ///< index into items()
    std::int32_t weight = 0;

    friend bool operator==(const entry&, const entry&) = default;
  };
  using seed_type = seed;
  static constexpr std::int32_t max_weight = 1 << 24;  ///< in size, either sign
  static constexpr std::size_t max_history = 1 << 20;  ///< distinct items that a query adds up

  item_weights() = default;

  /// From rows in their final form: those of source s are `entries[begin[s]] … entries[begin[s + 1]
  /// - 1]`. malformed: the dictionary or a row does not strictly ascend, or the limits are not
  /// those of the entries; out_of_range: a target outside the dictionary, the source itself, a
  /// weight beyond max_weight, or bits not in 0 … 60. `at` is the index of the first fault.
  [[nodiscard]] static result<item_weights> make(std::vector<item_id> items,
                                                 std::vector<std::size_t> begin,
                                                 std::vector<entry> entries, int bits) {
    if (bits < 0 || bits > 60) return error{errc::out_of_range, "item weights bits"};
    for (std::size_t i = 1; i < items.size(); ++i) {
      if (!(items[i - 1] < items[i])) return error{errc::malformed, "item weights items", i};
    }
    if (begin.size() != items.size() + 1 || begin.front() != 0 || begin.back() != entries.size() ||
        items.size() >= UINT32_MAX || !std::is_sorted(begin.begin(), begin.end())) {
      return error{errc::malformed, "item weights rows"};
    }
    for (std::size_t s = 0; s < items.size(); ++s) {
      for (std::size_t n = begin[s]; n < begin[s + 1]; ++n) {
        const entry& e = entries[n];
        if (e.item >= items.size() || e.item == s || e.weight > max_weight ||
            e.weight < -max_weight) {
          return error{errc::out_of_range, "item weights entry", n};
        }
        if (n > begin[s] && entries[n - 1].item >= e.item) {
          return error{errc::malformed, "item weights row", s};
        }
      }
    }
    item_weights out;
    out.items_ = std::move(items);
    out.begin_ = std::move(begin);
    out.entries_ = std::move(entries);
    out.bits_ = bits;
    out.digest_columns();
    return out;
  }

  /// The dictionary, ascending.
  [[nodiscard]] std::span<const item_id> items() const { return items_; }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  /// Scores and weights are in units of 2^-bits, times the weight of the seed.
  [[nodiscard]] int bits() const { return bits_; }

  [[nodiscard]] std::optional<std::uint32_t> find(item_id item) const {
    const auto at = std::lower_bound(items_.begin(), items_.end(), item);
    if (at == items_.end() || *at != item) return std::nullopt;
    return static_cast<std::uint32_t>(at - items_.begin());
  }
  [[nodiscard]] std::span<const entry> row(std::uint32_t source) const {
    return std::span(entries_).subspan(begin_[source], begin_[source + 1] - begin_[source]);
  }
  /// 0 where nothing was learnt or an item is unknown. Cost: O(log).
  [[nodiscard]] std::int32_t weight(item_id source, item_id target) const {
    const auto s = find(source);
    const auto t = find(target);
    if (!s || !t) return 0;
    const std::span<const entry> row = this->row(*s);
    const auto at = std::lower_bound(row.begin(), row.end(), *t,
                                     [](const entry& e, std::uint32_t to) { return e.item < to; });
    return at == row.end() || at->item != *t ? 0 : at->weight;
  }

  /// Stands for all that speaks for or against the target: ids, weights and units. 0: unknown item.
  /// Finds accidents, not forgers: it is not keyed.
  [[nodiscard]] std::uint64_t column_digest(item_id target) const {
    const auto t = find(target);
    return t ? columns_[*t] : 0;
  }
  /// Stands for the whole model.
  [[nodiscard]] std::uint64_t digest() const { return digest_; }

  struct scratch {
    std::vector<seed> history;
    std::vector<std::pair<std::uint32_t, std::int64_t>> seeds;
    std::vector<std::int64_t> sums;     ///< by item; all zero between queries
    std::vector<std::uint8_t> touched;  ///< likewise
    std::vector<std::uint32_t> targets;
    top_k<std::int64_t, std::uint32_t> best;
  };

  /// Calls `f(target, score)` for every item that a known seed speaks of, indices into items(), in
  /// no order that may be shown. Seeds may be in any order; of a repeated one the weights add up.
  /// Beyond max_history distinct items the seeds with the greatest ids do not count.
  /// Cost: O(seeds · log items + Σ length of their rows). Allocates nothing once `s` has grown.
  template <class F>
  void for_each_score(std::span<const seed> history, scratch& s, F&& f) const {
    gather(history, s);
    if (s.sums.size() < items_.size()) {
      s.sums.resize(items_.size());
      s.touched.resize(items_.size());
    }
    if (s.targets.size() < items_.size() + 1) s.targets.resize(items_.size() + 1);
    std::size_t size = 0;
    for (std::size_t h = 0; h < s.seeds.size(); ++h) {
      if (h + 1 < s.seeds.size()) {
        __builtin_prefetch(entries_.data() + begin_[s.seeds[h + 1].first]);
      }
      const std::int64_t weight = s.seeds[h].second;
      for (const entry& e : row(s.seeds[h].first)) {
        s.targets[size] = e.item;
        size += std::size_t{s.touched[e.item] == 0};
        s.touched[e.item] = 1;
        s.sums[e.item] += weight * e.weight;
      }
    }
    for (std::size_t n = 0; n < size; ++n) {
      const std::uint32_t target = s.targets[n];
      s.touched[target] = 0;
      const std::int64_t score = s.sums[target];
      s.sums[target] = 0;
      f(target, score);
    }
  }

  /// The `count` best for a history, best first, ties by item; nothing of the history itself and
  /// nothing that scores 0 or less. Cost: as for_each_score.
  void recommend(std::span<const seed> history, std::size_t count, scratch& s,
                 std::vector<weighed_item>& out) const {
    out.clear();
    s.best.reset((std::min)(count, items_.size()));
    for_each_score(history, s, [&](std::uint32_t target, std::int64_t score) {
      if (score > 0 && !s.best.is_hopeless(score) && !is_seed(target, s))
        s.best.push(score, target);
    });
    for (const auto& b : s.best.take()) out.push_back({items_[b.id], b.score});
  }
  /// The same where every item of the history counts alike, once.
  void recommend(std::span<const item_id> history, std::size_t count, scratch& s,
                 std::vector<weighed_item>& out) const {
    s.history.clear();
    for (const item_id item : history) s.history.push_back({item, 1});
    std::sort(s.history.begin(), s.history.end(),
              [](const seed& a, const seed& b) { return a.item < b.item; });
    s.history.erase(std::unique(s.history.begin(), s.history.end()), s.history.end());
    recommend(std::span<const seed>(s.history), count, s, out);
  }

  friend bool operator==(const item_weights& a, const item_weights& b) {
    return a.items_ == b.items_ && a.bits_ == b.bits_ && a.begin_ == b.begin_ &&
           a.entries_ == b.entries_;
  }

 private:
  /// The known seeds, ascending by index.
  void gather(std::span<const seed> history, scratch& s) const {
    s.seeds.clear();
    for (const seed& h : history) {
      const auto at = find(h.item);
      if (at && h.weight != 0) s.seeds.emplace_back(*at, h.weight);
    }
    std::sort(s.seeds.begin(), s.seeds.end());
    std::size_t kept = 0;
    for (const auto& h : s.seeds) {
      if (kept > 0 && s.seeds[kept - 1].first == h.first) {
        // Sums stay below 2^24 · 2^18 · 2^20 = 2^62.
        s.seeds[kept - 1].second =
            (std::min)(s.seeds[kept - 1].second + h.second, std::int64_t{1} << 18);
      } else {
        s.seeds[kept++] = h;
      }
    }
    s.seeds.resize((std::min)(kept, max_history));
  }
  [[nodiscard]] static bool is_seed(std::uint32_t target, const scratch& s) {
    const auto at = std::lower_bound(s.seeds.begin(), s.seeds.end(), target,
                                     [](const auto& h, std::uint32_t t) { return h.first < t; });
    return at != s.seeds.end() && at->first == target;
  }
  void digest_columns();

  std::vector<item_id> items_;
  std::vector<std::size_t> begin_{0};  // by source, of its row; one more
  std::vector<entry> entries_;
  std::vector<std::uint64_t> columns_;  // by target, of its digest
  std::uint64_t digest_ = 0;
  int bits_ = 0;
};

inline void item_weights::digest_columns() {
  columns_.assign(items_.size(), 0);
  digest_ = 0;
  const auto fold = [](std::uint64_t& into, std::uint64_t a, std::uint64_t b) {
    into = mix64(mix64(into ^ a) + b);
  };
  const auto units = static_cast<std::uint64_t>(bits_);
  for (std::size_t t = 0; t < items_.size(); ++t) fold(columns_[t], raw(items_[t]), units);
  for (std::uint32_t s = 0; s < items_.size(); ++s) {
    for (const entry& e : row(s)) {
      fold(columns_[e.item], raw(items_[s]), static_cast<std::uint32_t>(e.weight));
    }
  }
  for (const std::uint64_t column : columns_) fold(digest_, column, 0);
}

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_ITEM_WEIGHTS_HPP
