#ifndef TAILOR_SIMILAR_BEST_SCORES_HPP
#define TAILOR_SIMILAR_BEST_SCORES_HPP

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "raw_array.hpp"

namespace tailor::inline v0::similar {

/// Chooses and sorts the k best of many scores: higher first, among equals the
/// smaller tie value. Sorts by a coarse key without comparisons, whose branches
/// nobody can predict, and compares only what is left equal: the order is that
/// of a sort by comparison, in a fraction of its time. One per thread.
class best_scores {
 public:
  /// Room for n scores, to be written to `scores()` and `ties()`. Allocates
  /// when n is the largest so far; what was in them is lost then.
  void reset(std::size_t n) {
    scores_.reserve(n);
    ties_.reserve(n);
    keys_.reserve(n);
    sorted_.reserve(n);
    chosen_.reserve(n);
  }
  [[nodiscard]] double* scores() { return scores_.data(); }
  [[nodiscard]] std::uint32_t* ties() { return ties_.data(); }

  /// Indices of the k best of the first n scores, best first; scores not above
  /// 0 do not count. Ties are distinct. Valid until the next call. Cost: O(n +
  /// k), and more where very many scores are nearly equal.
  [[nodiscard]] std::span<const std::uint32_t> choose(std::size_t n, std::size_t k) {
    std::size_t size = 0;
    std::uint32_t lowest = UINT32_MAX;
    std::uint32_t highest = 0;
    for (std::size_t i = 0; i < n; ++i) {
      if (!(scores_[i] > 0)) continue;
      const std::uint32_t bits = bits_of(scores_[i]);
      keys_[size++] = {bits, static_cast<std::uint32_t>(i)};
      lowest = (std::min)(lowest, bits);
      highest = (std::max)(highest, bits);
    }
    k = (std::min)(k, size);
    if (k == 0) return {};
    if (size <= few) {
      insert_sorted(keys_.data(), size);
    } else {
      sort_coarsely(size, k, lowest, highest);
    }
    for (std::size_t i = 0; i < k; ++i) chosen_[i] = keys_[i].index;
    return {chosen_.data(), k};
  }

  /// A bar that at least k of the first n scores reach and that few others do:
  /// what is below has no chance to be chosen. 0 when fewer than k scores are
  /// above 0. Cost: O(n).
  [[nodiscard]] double bar(std::size_t n, std::size_t k) const {
    std::uint32_t lowest = UINT32_MAX;
    std::uint32_t highest = 0;
    for (std::size_t i = 0; i < n; ++i) {
      if (!(scores_[i] > 0)) continue;
      lowest = (std::min)(lowest, bits_of(scores_[i]));
      highest = (std::max)(highest, bits_of(scores_[i]));
    }
    if (k == 0 || lowest > highest) return 0;
    const int shift = (std::max)(0, static_cast<int>(std::bit_width(highest - lowest)) - 8);
    std::uint32_t digits[256] = {};
    for (std::size_t i = 0; i < n; ++i) {
      if (scores_[i] > 0) ++digits[(highest - bits_of(scores_[i])) >> shift];
    }
    std::size_t reached = 0;
    for (std::uint32_t d = 0; d < 256; ++d) {
      reached += digits[d];
      if (reached < k) continue;
      // The float before the lowest of the digit: scores are rounded to floats,
      // up or down.
      const std::uint64_t below = (std::uint64_t{d} + 1) << shift;
      return below >= highest ? 0
                              : std::bit_cast<float>(highest - static_cast<std::uint32_t>(below));
    }
    return 0;
  }

 private:
  static constexpr std::size_t few = 32;

  struct key {
    std::uint32_t value;
    std::uint32_t index;
  };

  /// Floats above 0 are in the order of their bits, and rounding to them keeps
  /// the order.
  [[nodiscard]] static std::uint32_t bits_of(double score) {
    return std::bit_cast<std::uint32_t>(static_cast<float>(score));
  }

  [[nodiscard]] bool before(const key& a, const key& b) const {
    if (scores_[a.index] != scores_[b.index]) return scores_[a.index] > scores_[b.index];
    return ties_[a.index] < ties_[b.index];
  }

  void insert_sorted(key* keys, std::size_t size) const {
    for (std::size_t i = 1; i < size; ++i) {
      const key moving = keys[i];
      std::size_t to = i;
      for (; to > 0 && before(moving, keys[to - 1]); --to) keys[to] = keys[to - 1];
      keys[to] = moving;
    }
  }

  /// Leaves the k best at the front, in order. Precondition: 0 < k <= size.
  void sort_coarsely(std::size_t size, std::size_t k, std::uint32_t lowest, std::uint32_t highest) {
    // Keys become their distance from the best, in two digits.
    const int shift = (std::max)(0, static_cast<int>(std::bit_width(highest - lowest)) - 16);
    std::uint32_t high[257] = {};  // [d + 1]: how many have the high digit d
    for (std::size_t i = 0; i < size; ++i) {
      keys_[i].value = (highest - keys_[i].value) >> shift;
      ++high[(keys_[i].value >> 8) + 1];
    }
    // What is behind the digit of the k-th best has no chance.
    std::size_t digits = 0;
    std::size_t kept = 0;
    while (kept < k) kept += high[++digits];
    if (kept < size) {
      std::size_t out = 0;
      for (std::size_t i = 0; out < kept; ++i) {
        keys_[out] = keys_[i];
        out += (keys_[i].value >> 8) < digits;
      }
    }
    std::uint32_t low[257] = {};
    for (std::size_t i = 0; i < kept; ++i) ++low[(keys_[i].value & 0xFF) + 1];
    for (std::size_t d = 1; d < 256; ++d) low[d] += low[d - 1];
    for (std::size_t d = 1; d < digits; ++d) high[d] += high[d - 1];
    for (std::size_t i = 0; i < kept; ++i) sorted_[low[keys_[i].value & 0xFF]++] = keys_[i];
    for (std::size_t i = 0; i < kept; ++i) keys_[high[sorted_[i].value >> 8]++] = sorted_[i];
    for (std::size_t from = 0; from < k;) {
      std::size_t to = from + 1;
      while (to < kept && keys_[to].value == keys_[from].value) ++to;
      if (to - from > few) {
        std::sort(keys_.data() + from, keys_.data() + to,
                  [this](const key& a, const key& b) { return before(a, b); });
      } else if (to - from > 1) {
        insert_sorted(keys_.data() + from, to - from);
      }
      from = to;
    }
  }

  raw_array<double> scores_;
  raw_array<std::uint32_t> ties_;
  raw_array<key> keys_;
  raw_array<key> sorted_;
  raw_array<std::uint32_t> chosen_;
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_BEST_SCORES_HPP
