#ifndef TAILOR_SIMILAR_SESSION_LISTS_HPP
#define TAILOR_SIMILAR_SESSION_LISTS_HPP

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "session_rows.hpp"

namespace tailor::inline v0::similar {

/// By item, the numbers of its sessions, newest first, and how many they are. Numbers count from 1.
/// Those of canonical rows lie in one array; those added since are chained, and newer than all in
/// the array. Memory: 20 bytes per item, 4 per click, 8 per click added since.
class session_lists {
 public:
  session_lists() = default;

  /// Precondition: the rows are canonical. Cost: O(clicks).
  explicit session_lists(const session_rows& rows) : entries_(rows.clicks.size()) {
    const std::size_t items = rows.items.size();
    items_.resize(items);
    logs_.reserve(items);
    for (const std::uint32_t item : rows.clicks) ++items_[item].count;
    numbers_.resize(1 + items + rows.clicks.size());  // a 0 before each list
    std::uint32_t at = 0;
    for (entry& e : items_) {
      e.last = ++at;  // moves to the last number as the list is filled
      at += e.count;
      logs_.push_back(std::log(static_cast<float>(e.count)));
    }
    constexpr std::size_t ahead = 16;  // the lists are far apart in memory
    std::size_t c = 0;
    for (std::uint32_t n = 0; n < rows.size(); ++n) {
      for (; c < rows.begin[n + 1]; ++c) {
        if (c + ahead < rows.clicks.size()) prefetch_list(rows.clicks[c + ahead]);
        numbers_[++items_[rows.clicks[c]].last] = n + 1;
      }
    }
  }

  [[nodiscard]] std::uint64_t entries() const { return entries_; }
  [[nodiscard]] std::uint32_t count(std::uint32_t item) const { return items_[item].count; }
  /// ln of the count, 0 for none.
  [[nodiscard]] float log_count(std::uint32_t item) const { return logs_[item]; }
  [[nodiscard]] bool has_added() const { return links_.size() > 1; }

  void add_item() {
    items_.emplace_back();
    logs_.push_back(0);
  }

  /// Precondition: `number` is newer than all numbers of the item.
  void add(std::uint32_t item, std::uint32_t number) {
    links_.push_back({number, items_[item].link});
    items_[item].link = static_cast<std::uint32_t>(links_.size() - 1);
    change(item, 1);
  }
  /// One session fewer; its number stays in the list.
  void uncount(std::uint32_t item) { change(item, UINT32_MAX); }

  /// Two ways through a list, the newer part first: `number` is 0 at the end, where `next` is not
  /// called.
  struct added_part {
    const session_lists* of;
    [[nodiscard]] std::uint32_t first(std::uint32_t item) const { return of->items_[item].link; }
    [[nodiscard]] std::uint32_t number(std::uint32_t at) const { return of->links_[at].number; }
    [[nodiscard]] std::uint32_t next(std::uint32_t at) const { return of->links_[at].older; }
  };
  struct settled_part {
    const std::uint32_t* numbers;
    const session_lists* of;
    [[nodiscard]] std::uint32_t first(std::uint32_t item) const { return of->items_[item].last; }
    [[nodiscard]] std::uint32_t number(std::uint32_t at) const { return numbers[at]; }
    [[nodiscard]] std::uint32_t next(std::uint32_t at) const { return at - 1; }
  };
  [[nodiscard]] added_part added() const { return {this}; }
  [[nodiscard]] settled_part settled() const { return {numbers_.data(), this}; }

  void prefetch(std::uint32_t item) const { __builtin_prefetch(&items_[item]); }
  void prefetch_log(std::uint32_t item) const { __builtin_prefetch(logs_.data() + item); }
  void prefetch_list(std::uint32_t item) const {
    __builtin_prefetch(numbers_.data() + items_[item].last);
  }

 private:
  struct entry {
    std::uint32_t count = 0;
    std::uint32_t last = 0;  // into numbers_
    std::uint32_t link = 0;  // into links_
  };
  struct link {
    std::uint32_t number;
    std::uint32_t older;  // index of the next link, 0: none
  };

  void change(std::uint32_t item, std::uint32_t by) {
    entry& e = items_[item];
    e.count += by;
    logs_[item] = e.count == 0 ? 0.0f : std::log(static_cast<float>(e.count));
    entries_ += by == 1 ? std::uint64_t{1} : ~std::uint64_t{0};
  }

  std::vector<entry> items_;
  std::vector<float> logs_;                // ln of their counts
  std::vector<std::uint32_t> numbers_{0};  // ascending per item
  std::vector<link> links_{{0, 0}};
  std::uint64_t entries_ = 0;
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_SESSION_LISTS_HPP
