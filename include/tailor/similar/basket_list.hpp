#ifndef TAILOR_SIMILAR_BASKET_LIST_HPP
#define TAILOR_SIMILAR_BASKET_LIST_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "../core/ids.hpp"
#include "../core/time.hpp"
#include "../events/timeline.hpp"

namespace tailor::inline v0::similar {

/// The baskets of one shopper, oldest first, each with its distinct items, ascending. Reused, it
/// stops growing.
class basket_list {
 public:
  void clear() {
    items_.clear();
    begin_.assign(1, 0);
  }

  /// The next basket; items in any order, repeated or not. An empty one is none.
  void add(std::span<const item_id> items) {
    const std::size_t begin = items_.size();
    items_.insert(items_.end(), items.begin(), items.end());
    close(begin);
  }

  /// What a shopper bought by `now`: lines of one order are a basket, lines that name no order are
  /// one a day, in a shop whose day begins `midnight` after 00:00 UTC. Baskets are in the order of
  /// their last line, ties by order. Refunds do not undo a basket: that it was bought says what may
  /// be bought again. Cost: O(lines · log lines).
  void read(const events::timeline& past, user_id user, timestamp now, duration midnight = {}) {
    clear();
    lines_.clear();
    const auto shopper = past.find_shopper(user);
    if (!shopper) return;
    for (const events::line& l : past.lines_of(*shopper)) {
      if (l.at > now) break;
      if (l.kind() != events::event_kind::purchase || l.item == events::no_item_handle) continue;
      const bool named = l.order != no_order;
      const std::uint64_t which =
          named ? raw(l.order) : static_cast<std::uint64_t>(day_of(l.at, midnight));
      lines_.push_back({named, which, l.at, past.item_at(l.item)});
    }
    std::sort(lines_.begin(), lines_.end(), [](const line& a, const line& b) {
      if (a.named != b.named) return a.named;
      return a.which != b.which ? a.which < b.which : a.at < b.at;
    });
    ends_.clear();
    for (std::size_t n = 0; n < lines_.size(); ++n) {
      const bool last = n + 1 == lines_.size() || lines_[n + 1].named != lines_[n].named ||
                        lines_[n + 1].which != lines_[n].which;
      if (last) ends_.push_back({lines_[n].at, n});
    }
    // Where baskets begin follows from where the ones before them, in the order of lines, end.
    order_.clear();
    for (std::size_t n = 0; n < ends_.size(); ++n) {
      order_.push_back({ends_[n].at, n == 0 ? 0 : ends_[n - 1].line + 1, ends_[n].line + 1});
    }
    std::sort(order_.begin(), order_.end(), [](const stretch& a, const stretch& b) {
      return a.at != b.at ? a.at < b.at : a.from < b.from;
    });
    for (const stretch& s : order_) {
      const std::size_t begin = items_.size();
      for (std::size_t n = s.from; n < s.to; ++n) items_.push_back(lines_[n].item);
      close(begin);
    }
  }

  [[nodiscard]] std::size_t size() const { return begin_.size() - 1; }
  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] std::span<const item_id> operator[](std::size_t basket) const {
    return std::span(items_).subspan(begin_[basket], begin_[basket + 1] - begin_[basket]);
  }

  friend bool operator==(const basket_list& a, const basket_list& b) {
    return a.items_ == b.items_ && a.begin_ == b.begin_;
  }

 private:
  struct line {
    bool named = false;
    std::uint64_t which = 0;  // order, or day
    timestamp at{};
    item_id item{};
  };
  struct end {
    timestamp at{};
    std::size_t line = 0;
  };
  struct stretch {
    timestamp at{};
    std::size_t from = 0;
    std::size_t to = 0;
  };

  void close(std::size_t begin) {
    const auto first = items_.begin() + static_cast<std::ptrdiff_t>(begin);
    std::sort(first, items_.end());
    items_.erase(std::unique(first, items_.end()), items_.end());
    if (items_.size() > begin) begin_.push_back(items_.size());
  }

  std::vector<item_id> items_;
  std::vector<std::size_t> begin_{0};
  std::vector<line> lines_;  // free between reads, as are the next
  std::vector<end> ends_;
  std::vector<stretch> order_;
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_BASKET_LIST_HPP
