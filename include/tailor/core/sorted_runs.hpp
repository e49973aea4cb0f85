#ifndef TAILOR_CORE_SORTED_RUNS_HPP
#define TAILOR_CORE_SORTED_RUNS_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "config.hpp"

namespace tailor::inline v0 {

/// Sorts whole numbers in ascending order. `scratch` is grown to the size of `keys` and may be used
/// again. Cost: linear from some hundreds of keys on, a pass over them for each byte in which not
/// all agree (radix sort from the last byte, H. H. Seward 1954; Knuth, TAOCP 5.2.5).
inline void sort_keys(std::vector<std::uint64_t>& keys, std::vector<std::uint64_t>& scratch) {
  constexpr std::size_t few = 512;  // below this the tables of counts cost more than they save
  if (keys.size() < few) {
    std::sort(keys.begin(), keys.end());
    return;
  }
  constexpr std::size_t digits = 8;
  std::array<std::array<std::size_t, 256>, digits> starts{};
  const auto digit_of = [](std::uint64_t key, std::size_t d) {
    return static_cast<std::size_t>(key >> (8 * d) & 0xff);
  };
  for (const std::uint64_t key : keys) {
    for (std::size_t d = 0; d < digits; ++d) ++starts[d][digit_of(key, d)];
  }
  scratch.resize(keys.size());
  for (std::size_t d = 0; d < digits; ++d) {
    if (starts[d][digit_of(keys[0], d)] == keys.size()) continue;
    std::size_t sum = 0;
    for (std::size_t& start : starts[d]) sum += std::exchange(start, sum);
    for (const std::uint64_t key : keys) scratch[starts[d][digit_of(key, d)]++] = key;
    keys.swap(scratch);
  }
}

/// How often a key occurs.
struct key_count {
  std::uint64_t key = 0;
  std::int64_t count = 0;

  friend constexpr bool operator==(const key_count&, const key_count&) = default;
};

/// Counts per key, in ascending order of the keys, none of them zero: a value that can be added and
/// subtracted, and is equal exactly when all counts are. Counts may be negative, as in the
/// difference of two runs; a count wraps around beyond 64 bits. Memory: 16 bytes a key.
class sorted_run {
 public:
  sorted_run() = default;

  /// Counts the keys, each as often as it occurs. `keys` is sorted and `scratch` used for that.
  /// Cost: as sort_keys.
  [[nodiscard]] static sorted_run of(std::vector<std::uint64_t>& keys,
                                     std::vector<std::uint64_t>& scratch) {
    sort_keys(keys, scratch);
    std::size_t distinct = 0;
    for (std::size_t i = 0; i < keys.size(); ++i) distinct += i == 0 || keys[i] != keys[i - 1];
    sorted_run run;
    run.entries_.reserve(distinct);
    for (std::size_t i = 0; i < keys.size();) {
      std::size_t end = i + 1;
      while (end < keys.size() && keys[end] == keys[i]) ++end;
      run.entries_.push_back({keys[i], static_cast<std::int64_t>(end - i)});
      i = end;
    }
    return run;
  }

  [[nodiscard]] std::span<const key_count> entries() const { return entries_; }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] bool empty() const { return entries_.empty(); }

  /// The count of a key, zero if it is absent. Cost: one search by halving.
  [[nodiscard]] std::int64_t count(std::uint64_t key) const {
    const auto found =
        std::lower_bound(entries_.begin(), entries_.end(), key,
                         [](const key_count& e, std::uint64_t wanted) { return e.key < wanted; });
    return found != entries_.end() && found->key == key ? found->count : 0;
  }

  /// Adds the counts of another run. Cost: linear in both.
  void merge(const sorted_run& other) { combine(other, std::uint64_t{1}); }

  /// Takes the counts of another run away: the inverse of merge. Cost: linear in both.
  void subtract(const sorted_run& other) { combine(other, ~std::uint64_t{0}); }

  friend bool operator==(const sorted_run&, const sorted_run&) = default;

 private:
  /// Adds `factor` times the other counts, in unsigned numbers as these wrap around.
  void combine(const sorted_run& other, std::uint64_t factor) {
    std::vector<key_count> sum;
    sum.reserve(entries_.size() + other.entries_.size());
    const auto put = [&sum](std::uint64_t key, std::uint64_t count) {
      if (count != 0) sum.push_back({key, static_cast<std::int64_t>(count)});
    };
    auto a = entries_.begin();
    for (const key_count& b : other.entries_) {
      const auto added = factor * static_cast<std::uint64_t>(b.count);
      while (a != entries_.end() && a->key < b.key) sum.push_back(*a++);
      if (a != entries_.end() && a->key == b.key) {
        put(b.key, static_cast<std::uint64_t>(a->count) + added);
        ++a;
      } else {
        put(b.key, added);
      }
    }
    sum.insert(sum.end(), a, entries_.end());
    entries_ = std::move(sum);
  }

  std::vector<key_count> entries_;
};

}  // namespace tailor::inline v0

#endif  // TAILOR_CORE_SORTED_RUNS_HPP
