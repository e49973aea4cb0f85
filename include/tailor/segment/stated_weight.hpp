#ifndef TAILOR_SEGMENT_STATED_WEIGHT_HPP
#define TAILOR_SEGMENT_STATED_WEIGHT_HPP

#include <cstdint>
#include <span>
#include <vector>

#include "../core/int128.hpp"
#include "../core/time.hpp"
#include "purchase_fading.hpp"
#include "stated_tastes.hpp"

namespace tailor::inline v0::segment {

/// A value that a shopper stated, and what is left of the answer.
struct stated_weight {
  std::uint64_t value = 0;
  std::int64_t left = whole_weight;  ///< in 2^-20; `affinity` holds it at 0 and 16 times the whole

  friend constexpr bool operator==(const stated_weight&, const stated_weight&) = default;
};

/// What happens to an answer while it counts.
enum class answer_fading : std::uint8_t {
  none,        ///< it stays whole, and ends at once
  to_the_end,  ///< from whole to nothing, in a straight line
};

/// Into `out` what is left at `now` of those `answers` (as `stated_tastes::answers_of` gives them)
/// that count, by value, each once: of two answers with one value the later replaces the earlier as
/// long as it counts. In whole numbers, rounded down. Cost: O(answers). Allocates nothing
/// once `out` has grown.
inline void weights_of(std::span<const stated_taste> answers, timestamp now, answer_fading fading,
                       std::vector<stated_weight>& out) {
  out.clear();
  for (const stated_taste& t : answers) {
    if (!(t.from <= now && now < t.until)) continue;
    stated_weight w{t.value, whole_weight};
    if (fading == answer_fading::to_the_end) {
      const int128 rest = static_cast<int128>(t.until.us) - now.us;
      const int128 all = static_cast<int128>(t.until.us) - t.from.us;
      w.left = static_cast<std::int64_t>(rest * whole_weight / all);
    }
    // Ascending by value, then by time: the last of a value is the latest.
    if (out.empty() || out.back().value != t.value) {
      out.push_back(w);
    } else {
      out.back() = w;
    }
  }
}

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_STATED_WEIGHT_HPP
