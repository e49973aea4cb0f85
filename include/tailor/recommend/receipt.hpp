#ifndef TAILOR_RECOMMEND_RECEIPT_HPP
#define TAILOR_RECOMMEND_RECEIPT_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../core/result.hpp"
#include "answer.hpp"
#include "blend.hpp"

namespace tailor::inline v0::recommend {

/// What a source said for an item. Its parts are `parts` of the receipt from `first` on.
struct source_said {
  strategy kind = strategy::custom;
  int bits = 0;               ///< parts and scores are in units of 2^-bits
  std::uint64_t model = 0;    ///< digest; 0: none
  std::uint32_t percent = 0;  ///< how much the source counts
  std::int64_t best = 0;      ///< the best score it had for this answer: what a share is of
  std::int64_t score = 0;
  std::uint32_t first = 0;
  std::uint32_t parts = 0;

  friend constexpr bool operator==(const source_said&, const source_said&) = default;
};

/// A boost that acted.
struct boost_said {
  std::uint32_t rule = 0;
  std::uint32_t percent = 100;

  friend constexpr bool operator==(const boost_said&, const boost_said&) = default;
};

/// Why an item has its place: whole numbers from which its score re-computes, see `recomputed`.
struct receipt {
  placed item{};
  std::uint32_t place = 0;
  user_id user{};
  timestamp now{};
  std::uint64_t state = 0;  ///< `context::state`
  std::uint64_t rules = 0;  ///< digest of the merchandising
  std::vector<source_said> sources;
  std::vector<part> parts;
  std::vector<boost_said> boosts;

  [[nodiscard]] std::span<const part> parts_of(const source_said& s) const {
    return std::span(parts).subspan(s.first, s.parts);
  }
  friend bool operator==(const receipt&, const receipt&) = default;
};

/// The sum of parts, held at the ends of its type.
[[nodiscard]] inline std::int64_t sum_of(std::span<const part> parts) {
  int128 sum = 0;
  for (const part& p : parts) sum += int128{p.times} * p.amount;
  return held(sum);
}

/// The score as the receipt says it came about, from its parts up. corrupt: the parts of a source
/// do not make its score, or a share is of less than itself; `at` is the source.
[[nodiscard]] inline result<std::int64_t> recomputed(const receipt& r) {
  std::int64_t score = 0;
  for (std::size_t n = 0; n < r.sources.size(); ++n) {
    const source_said& s = r.sources[n];
    if (s.first > r.parts.size() || s.parts > r.parts.size() - s.first ||
        sum_of(r.parts_of(s)) != s.score || s.score <= 0 || s.best < s.score) {
      return error{errc::corrupt, "receipt source", n};
    }
    score = held(int128{score} + share_of(s.score, s.best, s.percent));
  }
  for (const boost_said& b : r.boosts) score = boosted(score, b.percent);
  return score;
}

/// Whether a receipt tells of its own score. corrupt when not. An item that was pinned by its id
/// has no score to tell of.
[[nodiscard]] inline status check(const receipt& r) {
  if (r.item.how == placed_by::pin) return {};
  const result<std::int64_t> score = recomputed(r);
  if (!score) return score.error();
  if (*score != r.item.score) return error{errc::corrupt, "receipt score"};
  return {};
}

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_RECEIPT_HPP
