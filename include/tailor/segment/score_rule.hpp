#ifndef TAILOR_SEGMENT_SCORE_RULE_HPP
#define TAILOR_SEGMENT_SCORE_RULE_HPP

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "../core/int128.hpp"
#include "../core/result.hpp"
#include "quantiles.hpp"

namespace tailor::inline v0::segment {

/// Whether a shopper is better for a high number or for a low one.
enum class better : std::uint8_t { high, low };

/// The most scores that an axis may have: a score is a digit.
inline constexpr std::size_t most_scores = 9;

/// Where the scores of one axis begin: k - 1 ascending cut points make scores 1 … k, k the best.
/// A value at a cut point lies above it.
class score_cuts {
 public:
  score_cuts() = default;

  /// out_of_range for more than eight cut points, malformed when they descend. Equal ones leave a
  /// score without values.
  [[nodiscard]] static result<score_cuts> make(std::vector<std::int64_t> at, better what) {
    if (at.size() >= most_scores) return error{errc::out_of_range, "cut points", at.size()};
    if (!std::is_sorted(at.begin(), at.end())) return error{errc::malformed, "cut points"};
    score_cuts out;
    out.at_ = std::move(at);
    out.better_ = what;
    return out;
  }

  [[nodiscard]] std::span<const std::int64_t> at() const { return at_; }
  [[nodiscard]] better what() const { return better_; }
  /// The best score.
  [[nodiscard]] int best() const { return static_cast<int>(at_.size()) + 1; }

  /// 1 … best(). Cost: O(1).
  [[nodiscard]] int score(std::int64_t value) const {
    int below = 0;
    for (const std::int64_t cut : at_) below += cut <= value;
    return better_ == better::high ? 1 + below : best() - below;
  }

  friend bool operator==(const score_cuts&, const score_cuts&) = default;

 private:
  std::vector<std::int64_t> at_;
  better better_ = better::high;
};

/// Says where the scores of an axis begin, given the values of all shoppers on it, ascending:
/// `s.cuts(ascending, better) → result<score_cuts>`. Must be pure. Models: tied_quantiles,
/// interpolated_quantiles, fixed_cuts.
template <class S>
concept score_rule = requires(const S& s, std::span<const std::int64_t> ascending, better what) {
  { s.cuts(ascending, what) } -> std::same_as<result<score_cuts>>;
};

namespace detail {

[[nodiscard]] inline status check_quantiles(std::span<const std::int64_t> ascending, int scores) {
  if (scores < 1 || scores > static_cast<int>(most_scores)) {
    return error{errc::out_of_range, "scores"};
  }
  if (ascending.empty()) return error{errc::too_few, "shoppers"};
  return {};
}

}  // namespace detail

/// Equal customers get equal scores: of n, one better than #worse others scores
/// 1 + min(k - 1, ⌊k · #worse / n⌋). Where most have the same value, a score may stand empty.
/// too_few without shoppers; out_of_range unless 1 to 9 scores.
struct tied_quantiles {
  int scores = 5;

  [[nodiscard]] result<score_cuts> cuts(std::span<const std::int64_t> ascending,
                                        better what) const {
    if (const status s = detail::check_quantiles(ascending, scores); !s) return s.error();
    // Score j + 1 or more takes ⌈j n / k⌉ that are worse: the one of that rank is, for whoever is
    // better than it.
    std::vector<std::int64_t> at;
    for (int j = 1; j < scores; ++j) {
      if (what == better::high) {
        at.push_back(held(int128{observed_quantile(ascending, j, scores)} + 1));
      } else {
        const int128 n = static_cast<std::int64_t>(ascending.size());
        const int128 rank = (n * j + scores - 1) / scores;
        at.push_back(ascending[static_cast<std::size_t>(n - rank)]);
      }
    }
    std::sort(at.begin(), at.end());
    return score_cuts::make(std::move(at), what);
  }
};

/// Cut points at the quantiles j / k of linear interpolation, `plus` added. With 1 for `plus` the
/// rule of much RFM software. too_few without shoppers; out_of_range unless 1 to 9 scores.
struct interpolated_quantiles {
  int scores = 5;
  std::int64_t plus = 0;  ///< in the unit of the axis: days, orders, minor units

  [[nodiscard]] result<score_cuts> cuts(std::span<const std::int64_t> ascending,
                                        better what) const {
    if (const status s = detail::check_quantiles(ascending, scores); !s) return s.error();
    std::vector<std::int64_t> at;
    for (int j = 1; j < scores; ++j) {
      const fraction q = interpolated_quantile(ascending, j, scores);
      at.push_back(held(q.ceiling() + plus));
    }
    return score_cuts::make(std::move(at), what);
  }
};

/// Cut points of the host's own. The stock ones are for orders: 1, 2, 3–4, 5–9, 10 and more.
struct fixed_cuts {
  std::vector<std::int64_t> at = {2, 3, 5, 10};

  [[nodiscard]] result<score_cuts> cuts(std::span<const std::int64_t>, better what) const {
    return score_cuts::make(at, what);
  }
};

static_assert(score_rule<tied_quantiles> && score_rule<interpolated_quantiles> &&
              score_rule<fixed_cuts>);

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_SCORE_RULE_HPP
