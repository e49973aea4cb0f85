#ifndef TAILOR_RECOMMEND_LIST_OF_HPP
#define TAILOR_RECOMMEND_LIST_OF_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../core/hash.hpp"
#include "source.hpp"

namespace tailor::inline v0::recommend {

/// Proposes the same list to everybody: best sellers, trends, new arrivals, favourites of the
/// house. Holds its own copy. Scores are in units of 2^-16, held below 2^62.
class list_of {
 public:
  struct scratch {};

  list_of() = default;

  /// From elements with `item` and `score`, as `similar::best_sellers` and `trending` give them.
  /// What scores 0 or less, or no number, is left out; of a repeated item the best counts.
  template <class List>
  explicit list_of(const List& list, strategy kind) : kind_(kind) {
    for (const auto& e : list) {
      const std::int64_t score =
          in_units(static_cast<double>(e.score), unit_bits, std::int64_t{1} << 62);
      if (score > 0) entries_.push_back({e.item, score});
    }
    finish();
  }

  /// From items alone, best first: new arrivals by their date, or what the house wants to show.
  [[nodiscard]] static list_of in_order(std::span<const item_id> items, strategy kind) {
    list_of out;
    out.kind_ = kind;
    for (std::size_t n = 0; n < items.size(); ++n) {
      const auto left = static_cast<std::int64_t>(items.size() - n);
      out.entries_.push_back({items[n], left << unit_bits});
    }
    out.finish();
    return out;
  }

  template <class F>
  void candidates(const context&, scratch&, F&& f) const {
    for (const entry& e : entries_) f(e.item, e.score);
  }
  template <class F>
  void explain(const context&, item_id item, scratch&, F&& f) const {
    const auto at = std::lower_bound(entries_.begin(), entries_.end(), item,
                                     [](const entry& e, item_id i) { return e.item < i; });
    if (at != entries_.end() && at->item == item) {
      f(part{no_item, seed_reason::none, 1, at->score, {}});
    }
  }

  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] strategy kind() const { return kind_; }
  [[nodiscard]] int bits() const { return unit_bits; }
  [[nodiscard]] std::uint64_t digest() const { return digest_; }

 private:
  static constexpr int unit_bits = 16;
  struct entry {
    item_id item{};
    std::int64_t score = 0;
  };

  void finish() {
    std::sort(entries_.begin(), entries_.end(), [](const entry& a, const entry& b) {
      return a.item != b.item ? a.item < b.item : a.score > b.score;
    });
    const auto same = [](const entry& a, const entry& b) { return a.item == b.item; };
    entries_.erase(std::unique(entries_.begin(), entries_.end(), same), entries_.end());
    digest_ = mix64(entries_.size() + 1);
    for (const entry& e : entries_) {
      digest_ = mix64(mix64(digest_ ^ raw(e.item)) + static_cast<std::uint64_t>(e.score));
    }
  }

  std::vector<entry> entries_;  // ascending by item
  std::uint64_t digest_ = 0;
  strategy kind_ = strategy::custom;
};

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_LIST_OF_HPP
