#ifndef TAILOR_SIMILAR_CHOSEN_HPP
#define TAILOR_SIMILAR_CHOSEN_HPP

#include <cstdint>

#include "../core/config.hpp"

namespace tailor::inline v0::similar {

/// One of a list.
struct listed {
  std::uint32_t item = 0;
  std::uint32_t both = 0;
};

/// One of a list while it is made, in the order of lists.
struct chosen {
  double score = 0;
  std::uint32_t item = 0;
  std::uint32_t both = 0;

  [[nodiscard]] friend bool operator<(const chosen& a, const chosen& b) {
    return a.score != b.score ? a.score > b.score : a.item < b.item;
  }
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_CHOSEN_HPP
