#ifndef TAILOR_SEGMENT_ADJUSTED_RAND_HPP
#define TAILOR_SEGMENT_ADJUSTED_RAND_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../core/int128.hpp"
#include "../core/result.hpp"

namespace tailor::inline v0::segment {

/// How far two ways to divide the same points agree, corrected for chance: 1 when they are the same
/// but for the names of the groups, near 0 for unrelated ones, negative when they agree less than
/// chance. One group on both sides, each point alone on both, and no points at all are agreement.
/// malformed when the lengths differ; oversized beyond 2^31 points. Computed from whole numbers, so
/// exact but for one division. Cost: O(n log n).
/// L. Hubert and P. Arabie, "Comparing partitions", 1985, doi:10.1007/BF01908075.
[[nodiscard]] inline result<double> adjusted_rand(std::span<const std::uint32_t> a,
                                                  std::span<const std::uint32_t> b) {
  if (a.size() != b.size()) return error{errc::malformed, "labels", b.size()};
  if (a.size() > (std::size_t{1} << 31)) return error{errc::oversized, "labels", a.size()};

  // Ordered pairs of different points that are together, summed over equal keys.
  std::vector<std::uint64_t> keys(a.size());
  const auto together = [&keys] {
    std::sort(keys.begin(), keys.end());
    std::int64_t pairs = 0;
    for (std::size_t i = 0; i < keys.size();) {
      std::size_t end = i + 1;
      while (end < keys.size() && keys[end] == keys[i]) ++end;
      const auto count = static_cast<std::int64_t>(end - i);
      pairs += count * (count - 1);
      i = end;
    }
    return pairs;
  };
  for (std::size_t i = 0; i < keys.size(); ++i) keys[i] = std::uint64_t{a[i]} << 32 | b[i];
  const int128 both = together();
  keys.assign(a.begin(), a.end());
  const int128 only_a = together() - both;
  keys.assign(b.begin(), b.end());
  const int128 only_b = together() - both;
  if (only_a == 0 && only_b == 0) return 1.0;
  const auto n = static_cast<std::int64_t>(a.size());
  const int128 neither = int128{n} * (n - 1) - both - only_a - only_b;
  const int128 top = both * neither - only_a * only_b;  // below 2^124
  const int128 bottom = (both + only_a) * (only_a + neither) + (both + only_b) * (only_b + neither);
  return 2 * static_cast<double>(top) / static_cast<double>(bottom);
}

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_ADJUSTED_RAND_HPP
