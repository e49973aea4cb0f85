#ifndef TAILOR_CORE_TOPK_HPP
#define TAILOR_CORE_TOPK_HPP

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "config.hpp"

namespace tailor::inline v0 {

/// An id with its score, in the order in which answers are given: higher scores first, among equal
/// scores the smaller id.
template <class Score, class Id>
struct scored {
  Score score{};
  Id id{};

  [[nodiscard]] constexpr bool better_than(const scored& other) const {
    if (score != other.score) return score > other.score;
    return id < other.id;
  }
  friend constexpr bool operator==(const scored&, const scored&) = default;
};

/// Keeps the k best of what is pushed. The outcome does not depend on the order of the pushes.
/// A NaN is no score and is passed over. Pushing an id twice keeps it twice.
/// Memory: 2 k entries, allocated by reset(); push and take allocate nothing. Cost of a push: O(1)
/// amortised, and one comparison once k better ones are known.
template <class Score, class Id>
class top_k {
 public:
  using entry = scored<Score, Id>;

  explicit top_k(std::size_t k = 0) { reset(k); }

  /// Forgets what was pushed and keeps the k best from now on. Allocates if k is larger than
  /// before.
  void reset(std::size_t k) {
    k_ = k;
    count_ = 0;
    full_ = false;
    if (entries_.size() < 2 * k) entries_.resize(2 * k);
  }

  [[nodiscard]] std::size_t k() const { return k_; }

  /// Whether a score has no chance any more, whatever its id: for skipping work before a push.
  [[nodiscard]] bool is_hopeless(const Score& score) const {
    return k_ == 0 || (full_ && score < worst_.score);
  }

  void push(const Score& score, const Id& id) {
    const entry e{score, id};
    if (k_ == 0 || score != score || (full_ && !e.better_than(worst_))) return;
    entries_[count_++] = e;
    if (count_ == 2 * k_) cut();
  }

  /// The best so far, best first; starts anew after that. The span is valid until the next push or
  /// reset. Cost: O(k log k).
  [[nodiscard]] std::span<const entry> take() {
    if (count_ > k_) cut();
    const std::span<entry> best(entries_.data(), count_);
    std::sort(best.begin(), best.end(), before);
    count_ = 0;
    full_ = false;
    return best;
  }

 private:
  static constexpr bool before(const entry& a, const entry& b) { return a.better_than(b); }

  /// Leaves the k best; the worst of them is what others have to beat. Precondition: count_ >= k_ >
  /// 0.
  void cut() {
    const auto begin = entries_.begin();
    const auto worst = begin + static_cast<std::ptrdiff_t>(k_ - 1);
    std::nth_element(begin, worst, begin + static_cast<std::ptrdiff_t>(count_), before);
    worst_ = *worst;
    count_ = k_;
    full_ = true;
  }

  std::vector<entry> entries_;  // the candidates are the first count_ of them
  std::size_t k_ = 0;
  std::size_t count_ = 0;
  entry worst_{};
  bool full_ = false;  // worst_ is known
};

}  // namespace tailor::inline v0

#endif  // TAILOR_CORE_TOPK_HPP
