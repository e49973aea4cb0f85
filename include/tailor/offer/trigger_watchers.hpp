#ifndef TAILOR_OFFER_TRIGGER_WATCHERS_HPP
#define TAILOR_OFFER_TRIGGER_WATCHERS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../core/flat_table.hpp"
#include "../core/hash.hpp"
#include "../core/ids.hpp"

namespace tailor::inline v0::offer::detail {

/// Item → handles of the shoppers who met it. Derived from what is kept of the shoppers, and tidied
/// late: who met the item no more stays in the list until somebody looks.
class item_watchers {
 public:
  /// `still(item, handle)` says whether the shopper knows the item. Cost: O(1) amortised.
  template <class Still>
  void add(item_id item, std::uint32_t shopper, const Still& still) {
    std::uint32_t list = lists_of_.find(raw(item));
    if (list == 0) {
      lists_.emplace_back();
      list = static_cast<std::uint32_t>(lists_.size());
      lists_of_.set(raw(item), list);
    }
    watchers& w = lists_[list - 1];
    w.shoppers.push_back(shopper);
    if (w.shoppers.size() > 2 * w.tidy + 16) tidy(item, w, still);
  }

  /// Each shopper once, in no order that may be shown.
  template <class Still>
  [[nodiscard]] std::span<const std::uint32_t> of(item_id item, const Still& still) {
    const std::uint32_t list = lists_of_.find(raw(item));
    if (list == 0) return {};
    tidy(item, lists_[list - 1], still);
    return lists_[list - 1].shoppers;
  }

  void clear() { *this = item_watchers(); }
  [[nodiscard]] std::size_t bytes() const {
    std::size_t n = lists_of_.bytes() + lists_.capacity() * sizeof(watchers);
    for (const watchers& w : lists_) n += w.shoppers.capacity() * sizeof(std::uint32_t);
    return n;
  }

 private:
  struct watchers {
    std::vector<std::uint32_t> shoppers;
    std::size_t tidy = 0;  // how many there were when it was tidied last
  };

  template <class Still>
  static void tidy(item_id item, watchers& w, const Still& still) {
    std::sort(w.shoppers.begin(), w.shoppers.end());
    w.shoppers.erase(std::unique(w.shoppers.begin(), w.shoppers.end()), w.shoppers.end());
    std::erase_if(w.shoppers, [&](std::uint32_t s) { return !still(item, s); });
    w.tidy = w.shoppers.size();
  }

  flat_table<std::uint64_t> lists_of_{process_key().k1};
  std::vector<watchers> lists_;
};

}  // namespace tailor::inline v0::offer::detail

#endif  // TAILOR_OFFER_TRIGGER_WATCHERS_HPP
