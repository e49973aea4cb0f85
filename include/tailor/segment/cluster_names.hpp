#ifndef TAILOR_SEGMENT_CLUSTER_NAMES_HPP
#define TAILOR_SEGMENT_CLUSTER_NAMES_HPP

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "../core/contract.hpp"
#include "features.hpp"

namespace tailor::inline v0::segment {

/// What a column is called where a cluster lies below or above the average of all shoppers.
struct column_words {
  const char* low = "";
  const char* high = "";
  const char* name = "";  ///< of the column, to tell clusters apart that the words do not
};

/// The stock words. A table of a host's own, in its language, serves as well.
[[nodiscard]] constexpr column_words words_of(feature f) {
  constexpr std::array<std::array<const char*, 2>, feature_count> words = {
      {{"recent", "long gone"},
       {"rare", "frequent"},
       {"low spend", "high spend"},
       {"small orders", "large orders"},
       {"new", "old friends"},
       {"narrow taste", "wide taste"},
       {"few views", "many views"}}};
  const auto& pair = words[static_cast<std::size_t>(f)];
  return {pair[0], pair[1], name_of(f)};
}

/// When a word is said.
struct naming {
  double said = 0.5;    ///< from so many standard deviations beside the average on
  double strong = 1.5;  ///< and with `very` before it from so many on
  const char* very = "very ";
  const char* plain = "average";  ///< for a cluster of which nothing is said
};

namespace detail {

[[nodiscard]] inline std::string words_for(std::span<const double> z,
                                           std::span<const column_words> words, const naming& how) {
  std::string out;
  for (std::size_t j = 0; j < z.size(); ++j) {
    const double size = std::fabs(z[j]);
    if (!(size >= how.said)) continue;
    if (!out.empty()) out += ", ";
    if (size >= how.strong) out += how.very;
    out += z[j] < 0 ? words[j].low : words[j].high;
  }
  return out.empty() ? how.plain : out;
}

/// Clusters of one name are told apart by their rank in the column in which they differ most.
inline void tell_apart(std::span<const std::size_t> group, std::span<const double> z,
                       std::span<const column_words> words, std::span<std::string> names) {
  const std::size_t d = words.size();
  std::size_t column = 0;
  double widest = -1;
  for (std::size_t j = 0; j < d; ++j) {
    const auto by = [&](std::size_t a, std::size_t b) { return z[a * d + j] < z[b * d + j]; };
    const auto [low, high] = std::minmax_element(group.begin(), group.end(), by);
    const double apart = z[*high * d + j] - z[*low * d + j];
    if (apart > widest) {
      widest = apart;
      column = j;
    }
  }
  std::vector<std::size_t> ranked(group.begin(), group.end());
  std::sort(ranked.begin(), ranked.end(), [&](std::size_t a, std::size_t b) {
    const double low = z[a * d + column];
    const double high = z[b * d + column];
    return low != high ? low < high : a < b;
  });
  for (std::size_t rank = 0; rank < ranked.size(); ++rank) {
    names[ranked[rank]] += std::string(" (") + words[column].name + " " + std::to_string(rank + 1) +
                           " of " + std::to_string(ranked.size()) + ")";
  }
}

}  // namespace detail

/// Names for clusters from where their centres lie, one word per column that stands out:
/// "recent, frequent, very high spend". `z` are the centres in standard deviations from the average
/// of all shoppers, row after row, one column per entry of `words`. Names are different: clusters
/// of the same words are numbered from low to high in the column that separates them most, ties by
/// index. Depends on nothing but the arguments.
/// Precondition: `z` is finite, and no word holds a comma or a bracket. Cost: O(k² d).
[[nodiscard]] inline std::vector<std::string> cluster_names(std::span<const double> z,
                                                            std::span<const column_words> words,
                                                            const naming& how = {}) {
  const std::size_t d = words.size();
  TAILOR_EXPECTS(d > 0 && z.size() % d == 0);
  std::vector<std::string> plain(z.size() / d);
  for (std::size_t i = 0; i < plain.size(); ++i) {
    plain[i] = detail::words_for(z.subspan(i * d, d), words, how);
  }
  std::vector<std::string> out = plain;
  std::vector<std::size_t> group;
  for (std::size_t i = 0; i < plain.size(); ++i) {
    group.clear();
    for (std::size_t other = 0; other < plain.size(); ++other) {
      if (plain[other] == plain[i]) group.push_back(other);
    }
    if (group.size() > 1 && group.front() == i) detail::tell_apart(group, z, words, out);
  }
  return out;
}

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_CLUSTER_NAMES_HPP
