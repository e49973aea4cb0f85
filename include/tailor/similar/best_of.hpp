#ifndef TAILOR_SIMILAR_BEST_OF_HPP
#define TAILOR_SIMILAR_BEST_OF_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "candidates.hpp"

namespace tailor::inline v0::similar {

/// One of a list.
struct listed {
  std::uint32_t item = 0;
  std::uint32_t both = 0;
};

/// One of a list while it is made.
struct chosen {
  double score = 0;
  std::uint32_t item = 0;
  std::uint32_t both = 0;

  [[nodiscard]] friend bool operator<(const chosen& a, const chosen& b) {
    return a.score != b.score ? a.score > b.score : a.item < b.item;
  }
};

/// Chooses the k best of the candidates for one list. One per thread.
class best_of {
 public:
  /// The k best by `score(rank, both)`, best first, ties by item; none with a score not above 0.
  /// `item_at[rank]` is the item. Valid until the next call. Cost: a score for each and O(n + k log
  /// k).
  template <class Score>
  [[nodiscard]] std::span<const chosen> choose(const candidates& found, std::uint32_t k,
                                               std::span<const std::uint32_t> item_at,
                                               const Score& score) {
    chosen_.clear();
    for (std::size_t n = 0; n < found.size; ++n) {
      const double s = score(found.rank[n], found.both[n]);
      if (s > 0) chosen_.push_back({s, item_at[found.rank[n]], found.both[n]});
    }
    if (chosen_.size() > k) {
      std::nth_element(chosen_.begin(), chosen_.begin() + k, chosen_.end());
      chosen_.resize(k);
    }
    std::sort(chosen_.begin(), chosen_.end());
    return chosen_;
  }

 private:
  std::vector<chosen> chosen_;
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_BEST_OF_HPP
