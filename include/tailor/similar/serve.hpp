#ifndef TAILOR_SIMILAR_SERVE_HPP
#define TAILOR_SIMILAR_SERVE_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "../core/ids.hpp"
#include "best_scores.hpp"
#include "raw_array.hpp"

namespace tailor::inline v0::similar {

/// An item for a shopper, with the sum of what his history says for it.
struct recommended {
  item_id item{};
  float score = 0;

  friend bool operator==(const recommended&, const recommended&) = default;
};

/// Memory that a query works in, one per thread. Reused, it stops growing.
struct serve_scratch {
  std::vector<std::uint32_t> history;  ///< by index, free to use
  raw_array<float> sums;               ///< by item; all zero between queries
  raw_array<std::uint32_t> touched;
  best_scores best;
};

/// Serves "for you" from the lists of all items: adds up the lists of what a shopper had and gives
/// the best that he did not have. Holds its own copy of the scores, in single precision.
/// Memory: 8 bytes per neighbour, 16 per item. Const members may run concurrently.
class list_server {
 public:
  list_server() = default;

  /// From `neighbour_lists` or `weighted_lists`. Cost: O(neighbours).
  template <class Lists>
  explicit list_server(const Lists& lists) : items_(lists.items().begin(), lists.items().end()) {
    begin_.reserve(items_.size() + 1);
    std::size_t size = 0;
    for (std::size_t i = 0; i < items_.size(); ++i) size += lists.list_of(i).size();
    entries_.reserve(size);
    for (std::size_t i = 0; i < items_.size(); ++i) {
      for (const auto& e : lists.list_of(i)) {
        entries_.push_back({e.item, static_cast<float>(lists.score_of(i, e))});
      }
      begin_.push_back(entries_.size());
    }
  }

  [[nodiscard]] std::span<const item_id> items() const { return items_; }

  /// The `count` best for a history, best first, ties by item; nothing of the history itself.
  /// Unknown and repeated items of the history do not count, nor does its order. Cost: O(Σ length
  /// of the lists). Allocates nothing once `scratch` and `out` have grown.
  void recommend(std::span<const item_id> history, std::size_t count, serve_scratch& scratch,
                 std::vector<recommended>& out) const {
    std::vector<std::uint32_t>& indices = scratch.history;
    indices.clear();
    for (const item_id item : history) {
      const auto at = std::lower_bound(items_.begin(), items_.end(), item);
      if (at != items_.end() && *at == item) {
        indices.push_back(static_cast<std::uint32_t>(at - items_.begin()));
      }
    }
    // Floating sums depend on their order: it is that of the items, whatever the caller's is.
    std::sort(indices.begin(), indices.end());
    indices.erase(std::unique(indices.begin(), indices.end()), indices.end());
    recommend_to(indices, count, scratch, out);
  }

  /// The same from indices into items(), ascending and distinct.
  void recommend_to(std::span<const std::uint32_t> history, std::size_t count,
                    serve_scratch& scratch, std::vector<recommended>& out) const {
    out.clear();
    if (count == 0) return;
    if (scratch.sums.size() < items_.size()) {
      scratch.sums.reserve(items_.size());
      scratch.sums.zero();
      scratch.touched.reserve(items_.size() + 1);
      scratch.best.reset(items_.size() + 1);
    }
    float* const sums = scratch.sums.data();
    std::uint32_t* const touched = scratch.touched.data();
    // So far below that no list lifts it to 0 or more.
    for (const std::uint32_t own : history) sums[own] = -std::numeric_limits<float>::infinity();
    std::size_t size = 0;
    for (std::size_t h = 0; h < history.size(); ++h) {
      if (h + 1 < history.size()) fetch(history[h + 1]);
      const std::size_t end = begin_[history[h] + 1];
      for (std::size_t n = begin_[history[h]]; n < end; ++n) {
        const entry e = entries_[n];
        touched[size] = e.item;
        size += sums[e.item] == 0;
        sums[e.item] += e.score;
      }
    }
    for (const std::uint32_t own : history) sums[own] = 0;

    // Under a rising bar, without branches that nobody can predict; in the place of the list.
    best_scores& best = scratch.best;
    double* const scores = best.scores();
    std::uint32_t* const items = best.ties();
    double bar = std::numeric_limits<double>::denorm_min();
    std::size_t kept = 0;
    std::size_t raise_at = 4 * count + 64;
    for (std::size_t n = 0; n < size; ++n) {
      scores[kept] = static_cast<double>(std::exchange(sums[touched[n]], 0.0f));
      items[kept] = touched[n];
      kept += scores[kept] >= bar;
      if (kept < raise_at) continue;
      bar = (std::max)(bar, best.bar(kept, count));
      const std::size_t offered = std::exchange(kept, 0);
      for (std::size_t o = 0; o < offered; ++o) {
        scores[kept] = scores[o];
        items[kept] = items[o];
        kept += scores[kept] >= bar;
      }
      raise_at = (std::max)(raise_at, 2 * kept);  // many equal sums may all stay
    }
    for (const std::uint32_t n : best.choose(kept, count)) {
      out.push_back({items_[items[n]], static_cast<float>(scores[n])});
    }
  }

 private:
  struct entry {
    std::uint32_t item;
    float score;
  };

  void fetch(std::uint32_t item) const {
    for (std::size_t n = begin_[item]; n < begin_[item + 1]; n += 64 / sizeof(entry)) {
      __builtin_prefetch(entries_.data() + n);
    }
  }

  std::vector<item_id> items_;
  std::vector<std::size_t> begin_{0};  // by item, of its list; one more
  std::vector<entry> entries_;
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_SERVE_HPP
