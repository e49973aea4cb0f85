#ifndef TAILOR_SIMILAR_RULE_LISTS_HPP
#define TAILOR_SIMILAR_RULE_LISTS_HPP

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../core/flat_table.hpp"
#include "../core/hash.hpp"
#include "../core/ids.hpp"
#include "next_item.hpp"
#include "sequential_rules.hpp"

namespace tailor::inline v0::similar {

/// Knows what follows an item: `s.next(item, count, scratch, out)` replaces `out` by at most
/// `count` items, best first, each once; by nothing for an unknown item.
template <class S>
concept successor_source =
    requires(const S& s, item_id item, sequential_rules::scratch& scratch,
             std::vector<next_item>& out) { s.next(item, std::size_t{5}, scratch, out); };

/// The best of the sequential rules of every item, sorted beforehand: an answer is copied, not
/// searched, however many items follow one. An immutable view; make it anew from the rules.
/// Memory: 16 bytes per rule kept, about 30 per item.
class rule_lists {
 public:
  rule_lists() = default;

  /// The `k` best rules of each item. Cost: O(pairs).
  rule_lists(const sequential_rules& rules, std::size_t k) {
    sequential_rules::scratch scratch;
    std::vector<next_item> best;
    rules.for_each_item([&](item_id item) {
      rules.next(item, k, scratch, best);
      if (best.empty()) return;
      lists_.insert(lists_.end(), best.begin(), best.end());
      begin_.push_back(lists_.size());
      at_.set(raw(item), static_cast<std::uint32_t>(begin_.size() - 1));
    });
  }

  [[nodiscard]] std::size_t items() const { return at_.size(); }

  /// Best first; empty for an unknown item. Cost: O(1).
  [[nodiscard]] std::span<const next_item> after(item_id item) const {
    const std::uint32_t at = at_.find(raw(item));
    if (at == 0) return {};
    return std::span<const next_item>(lists_).subspan(begin_[at - 1], begin_[at] - begin_[at - 1]);
  }

  /// As `sequential_rules::next`, no more than were kept. Cost: O(count).
  void next(item_id from, std::size_t count, sequential_rules::scratch&,
            std::vector<next_item>& out) const {
    const auto list = after(from);
    const auto end = list.begin() + static_cast<std::ptrdiff_t>((std::min)(count, list.size()));
    out.assign(list.begin(), end);
  }

 private:
  flat_table<std::uint64_t> at_{process_key().k0};  // item → 1 + the number of its list
  std::vector<std::size_t> begin_{0};
  std::vector<next_item> lists_;
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_RULE_LISTS_HPP
