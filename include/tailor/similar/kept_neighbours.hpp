#ifndef TAILOR_SIMILAR_KEPT_NEIGHBOURS_HPP
#define TAILOR_SIMILAR_KEPT_NEIGHBOURS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "../core/executor.hpp"
#include "neighbours.hpp"

namespace tailor::inline v0::similar {

/// The answers of a pair source for every item, asked once for all: what a shop serves until the
/// next night from evidence that is dear to count, like that with a direction. Equal to asking the
/// source. Memory: 56 bytes per neighbour, 16 per item. Const members may run concurrently.
class kept_neighbours {
 public:
  using neighbour_type = neighbour;

  kept_neighbours() = default;

  /// Asks for each of the items, any order, repeated ones once. The same for any number of threads.
  template <pair_source Source, measure Measure, executor Executor = serial_executor>
  [[nodiscard]] static kept_neighbours fit(const Source& source, std::span<const item_id> items,
                                           const neighbour_options& o, const Measure& m = {},
                                           Executor&& pool = {}) {
    kept_neighbours out;
    out.items_.assign(items.begin(), items.end());
    std::sort(out.items_.begin(), out.items_.end());
    out.items_.erase(std::unique(out.items_.begin(), out.items_.end()), out.items_.end());
    std::vector<std::vector<neighbour>> lists(out.items_.size());
    std::vector<pair_scratch> memory(pool.concurrency());
    pool.for_each_chunk(
        out.items_.size(), 16, [&](std::size_t begin, std::size_t end, std::size_t number) {
          for (std::size_t n = begin; n < end; ++n) {
            similar::neighbours(source, out.items_[n], o, m, memory[number], lists[n]);
          }
        });
    for (auto& list : lists) {
      out.neighbours_.insert(out.neighbours_.end(), list.begin(), list.end());
      out.begin_.push_back(out.neighbours_.size());
      list = {};
    }
    return out;
  }

  [[nodiscard]] std::span<const item_id> items() const { return items_; }

  /// The `count` best neighbours of an item, best first; empty when it is unknown. Cost: O(log
  /// items + count). Allocates nothing once `out` has grown.
  void neighbours(item_id item, std::size_t count, std::vector<neighbour>& out) const {
    out.clear();
    const auto at = std::lower_bound(items_.begin(), items_.end(), item);
    if (at == items_.end() || *at != item) return;
    const auto i = static_cast<std::size_t>(at - items_.begin());
    const auto list = std::span(neighbours_).subspan(begin_[i], begin_[i + 1] - begin_[i]);
    const auto first = list.first((std::min)(count, list.size()));
    out.assign(first.begin(), first.end());
  }

  friend bool operator==(const kept_neighbours&, const kept_neighbours&) = default;

 private:
  std::vector<item_id> items_;  // ascending
  std::vector<std::size_t> begin_{0};
  std::vector<neighbour> neighbours_;
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_KEPT_NEIGHBOURS_HPP
