#ifndef TAILOR_EVALUATE_TUNE_HPP
#define TAILOR_EVALUATE_TUNE_HPP

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "../core/distributions.hpp"
#include "../core/result.hpp"

namespace tailor::inline v0::evaluate {

/// Tells how good a configuration is on the validation part: `s(n)` for the n-th, greater is
/// better; NaN where it cannot be fitted. Must give the same answer when asked again.
template <class S>
concept configuration_score = requires(S& s, std::size_t n) {
  { s(n) } -> std::convertible_to<double>;
};

/// All combinations of so many values per setting. Configurations are numbered with the last
/// setting running fastest.
class grid {
 public:
  /// too_few: no setting, or one without values (`at`); overflow: more than 2^32 configurations.
  [[nodiscard]] static result<grid> make(std::span<const std::size_t> values_per_setting) {
    grid out;
    if (values_per_setting.empty()) return error{errc::too_few, "settings"};
    for (std::size_t n = 0; n < values_per_setting.size(); ++n) {
      const std::size_t values = values_per_setting[n];
      if (values == 0) return error{errc::too_few, "values of a setting", n};
      if (values > (std::size_t{1} << 32) / out.size_) return error{errc::overflow, "grid", n};
      out.size_ *= values;
    }
    out.values_.assign(values_per_setting.begin(), values_per_setting.end());
    return out;
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t settings() const { return values_.size(); }
  [[nodiscard]] std::size_t values(std::size_t setting) const { return values_[setting]; }
  /// Which value of a setting a configuration has. Precondition: both are of the grid.
  [[nodiscard]] std::size_t value(std::size_t configuration, std::size_t setting) const {
    for (std::size_t n = values_.size() - 1; n > setting; --n) configuration /= values_[n];
    return configuration % values_[setting];
  }

 private:
  grid() = default;

  std::vector<std::size_t> values_;
  std::size_t size_ = 1;
};

/// What came of trying configurations.
struct tuned {
  std::size_t best = 0;            ///< the configuration; of equals the one of smaller number
  double score = 0;                ///< of the best
  std::size_t failed = 0;          ///< gave NaN or an infinity
  std::vector<std::size_t> edges;  ///< settings of three or more values, the best at the end
  std::vector<std::size_t> which;  ///< what was tried, ascending
  std::vector<double> scores;      ///< of each of them

  /// Failed ones count: they were chances, too.
  [[nodiscard]] std::size_t tried() const { return which.size(); }
  /// Better may lie outside: widen those settings, and give every other model as many tries.
  [[nodiscard]] bool at_edge() const { return !edges.empty(); }
};

struct tune_options {
  std::size_t budget = SIZE_MAX;  ///< how many are tried; drawn by the seed when there are more
  std::uint64_t seed = 1;
};

namespace detail {

/// `count` different numbers below `n`, ascending. R. W. Floyd's way (Bentley and Floyd 1987,
/// doi:10.1145/30401.315746).
[[nodiscard]] inline std::vector<std::size_t> chosen_below(std::size_t n, std::size_t count,
                                                           std::uint64_t seed) {
  std::vector<std::size_t> out;
  out.reserve(count);
  counter_random draw(seed);
  for (std::size_t last = n - count; last < n; ++last) {
    auto taken = static_cast<std::size_t>(uniform_below(draw, last + 1));
    const auto at = std::lower_bound(out.begin(), out.end(), taken);
    if (at != out.end() && *at == taken) taken = last;
    out.insert(std::lower_bound(out.begin(), out.end(), taken), taken);
  }
  return out;
}

}  // namespace detail

/// Tries configurations of a grid, in the order of their numbers and one at a time: models fit on
/// all threads. A budget below the size of the grid takes a random part of it, which finds more
/// than a coarser grid does (Bergstra and Bengio 2012). too_few: the budget is 0; not_finite: all
/// failed, `at` says how many. Compare models that were given the same budget, and print `tried`.
template <class Score>
  requires configuration_score<Score>
[[nodiscard]] result<tuned> tune(const grid& all, Score&& score, const tune_options& o = {}) {
  const std::size_t budget = (std::min)(o.budget, all.size());
  if (budget == 0) return error{errc::too_few, "budget"};
  tuned out;
  out.which = detail::chosen_below(all.size(), budget, o.seed);
  out.scores.reserve(budget);
  for (const std::size_t n : out.which) {
    const double s = static_cast<double>(score(n));
    out.scores.push_back(s);
    if (!std::isfinite(s)) {
      ++out.failed;
    } else if (out.scores.size() - out.failed == 1 || s > out.score) {
      out.best = n;
      out.score = s;
    }
  }
  if (out.failed == budget) return error{errc::not_finite, "configurations", out.failed};
  for (std::size_t setting = 0; setting < all.settings(); ++setting) {
    const std::size_t at = all.value(out.best, setting), values = all.values(setting);
    if (values > 2 && (at == 0 || at + 1 == values)) out.edges.push_back(setting);
  }
  return out;
}

}  // namespace tailor::inline v0::evaluate

#endif  // TAILOR_EVALUATE_TUNE_HPP
