#ifndef TAILOR_SIMILAR_BEST_OF_HPP
#define TAILOR_SIMILAR_BEST_OF_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "best_scores.hpp"
#include "candidates.hpp"
#include "chosen.hpp"

namespace tailor::inline v0::similar {

/// Chooses the k best of the candidates for one list. One per thread.
class best_of {
 public:
  /// The k best by `score(rank, both)`, best first, ties by item; none with a score not above 0.
  /// `item_at[rank]` is the item. Valid until the next call. Cost: a score for each and O(n + k).
  template <class Score>
  [[nodiscard]] std::span<const listed> choose(const candidates& found, std::uint32_t k,
                                               std::span<const std::uint32_t> item_at,
                                               const Score& score) {
    best_.reset(found.size);
    for (std::size_t n = 0; n < found.size; ++n) {
      best_.scores()[n] = score(found.rank[n], found.both[n]);
      best_.ties()[n] = item_at[found.rank[n]];
    }
    list_.clear();
    for (const std::uint32_t n : best_.choose(found.size, k)) {
      list_.push_back({best_.ties()[n], found.both[n]});
    }
    return list_;
  }

 private:
  best_scores best_;
  std::vector<listed> list_;
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_BEST_OF_HPP
