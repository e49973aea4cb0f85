#ifndef TAILOR_SIMILAR_DUE_SCORE_HPP
#define TAILOR_SIMILAR_DUE_SCORE_HPP

#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <numbers>

#include "../core/ids.hpp"
#include "../core/time.hpp"

namespace tailor::inline v0::similar {

enum class due_state : std::uint8_t {
  too_early,  ///< before the tenth part of gaps is over: not to be shown
  coming,     ///< before the window
  due,        ///< in the window: three to seven tenths of gaps are over
  overdue,    ///< after it
};

[[nodiscard]] constexpr const char* name_of(due_state s) {
  constexpr const char* names[] = {"too early", "coming", "due", "overdue"};
  const auto n = static_cast<std::size_t>(s);
  return n < 4 ? names[n] : "unnamed";
}

/// An item that a shopper may want again.
struct due_item {
  item_id item{};
  double score = 0;  ///< see the policy; compares between items of one shopper
  due_state state = due_state::too_early;
  timestamp last{};   ///< the day on which it was bought last
  timestamp opens{};  ///< the window in which to remind of it
  timestamp closes{};
  std::int64_t gaps = 0;  ///< of the shopper's own
};

/// What a policy may score an item of a shopper by.
struct due_facts {
  double days = 0;        ///< since it was bought last
  double age = 0;         ///< since it was bought first, in days
  std::int64_t gaps = 0;  ///< own
  double log_mean = 0;    ///< of the next gap: own and everybody's
  double log_deviation = 0;
  double median_gap = 0;    ///< of everybody
  double repeat_share = 0;  ///< of the item
};

/// Scores how much a shopper is due to buy an item again: `p(facts)`, more is sooner. Must be pure.
template <class P>
concept due_score = requires(const P& p, const due_facts& f) {
  { p(f) } -> std::same_as<double>;
};

/// The hazard of a log-normal gap: how likely it ends now, given that it has not ended yet; times
/// the share of buyers who buy again.
struct log_normal_hazard {
  double operator()(const due_facts& f) const {
    if (!(f.days > 0)) return 0;
    const double z = (std::log(f.days) - f.log_mean) / f.log_deviation;
    const double density = std::exp(-0.5 * z * z) / (f.days * f.log_deviation * 2.5066282746310002);
    const double left = 0.5 * std::erfc(z / std::numbers::sqrt2);
    return left > 0 ? f.repeat_share * density / left : 0;
  }
};

/// The rate of a Poisson process with a gamma prior of one purchase in the usual gap, times the
/// share of buyers who buy again (after Bhagat et al. 2018, doi:10.1145/3219819.3219891). Knows no
/// season within a gap: what was bought a moment ago is as due as before.
struct poisson_gamma_rate {
  double operator()(const due_facts& f) const {
    return f.repeat_share * (static_cast<double>(f.gaps) + 1) / (f.age + f.median_gap);
  }
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_DUE_SCORE_HPP
