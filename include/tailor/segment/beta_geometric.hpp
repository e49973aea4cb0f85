#ifndef TAILOR_SEGMENT_BETA_GEOMETRIC_HPP
#define TAILOR_SEGMENT_BETA_GEOMETRIC_HPP

#include <cmath>
#include <concepts>
#include <cstdint>
#include <optional>

#include "../core/contract.hpp"
#include "../core/result.hpp"
#include "repeat_history.hpp"
#include "repeat_model.hpp"
#include "special_functions.hpp"

namespace tailor::inline v0::segment {

/// When a shopper may leave for good: `d.chances(x)` is how many chances to leave one had after x
/// repeats, each taken with the shopper's own probability. Must be x, or x + 1 for every x.
template <class D>
concept dropout = requires(const D& d, double x) {
  { d.chances(x) } -> std::same_as<double>;
};

/// After each repeat, never after the first purchase: who bought once is alive for certain.
/// P. S. Fader, B. G. S. Hardie and K. L. Lee, "Counting your customers the easy way", Marketing
/// Science 24 (2005), doi:10.1287/mksc.1040.0098.
struct after_repeat {
  [[nodiscard]] constexpr double chances(double x) const { return x; }
};

/// After every purchase, the first included: for shops where many come once.
/// E. P. Batislam, M. Denizel and A. Filiztekin, "Empirical validation and comparison of models for
/// customer base analysis", IJRM 24 (2007), doi:10.1016/j.ijresmar.2006.12.005.
struct after_any {
  [[nodiscard]] constexpr double chances(double x) const { return x + 1; }
};

/// Purchases come at random, at a rate of each shopper's own, which is gamma distributed with shape
/// r and mean r / alpha; the probability to leave is beta distributed with mean a / (a + b).
struct beta_geometric_parameters {
  double r = 0;
  double alpha = 0;  ///< a time, in the unit of the histories
  double a = 0;
  double b = 0;

  friend constexpr bool operator==(const beta_geometric_parameters&,
                                   const beta_geometric_parameters&) = default;
};

/// Purchases until the shopper leaves unseen: BG/NBD and MBG/NBD. Histories asked about have to
/// pass `check`; a newcomer is one of zeros. Every answer is the same to the bit everywhere.
template <class Dropout = after_repeat>
class beta_geometric {
  static_assert(dropout<Dropout>,
                "beta_geometric<Dropout>: Dropout needs  double chances(double x) const  "
                "[segment::dropout]");

 public:
  /// not_finite; out_of_range unless each is from 1e-6 to 1e12.
  [[nodiscard]] static result<beta_geometric> make(const beta_geometric_parameters& p,
                                                   Dropout leaves = {}) {
    for (const double v : {p.r, p.alpha, p.a, p.b}) {
      if (!std::isfinite(v)) return errc::not_finite;
      if (v < 1e-6 || v > 1e12) return errc::out_of_range;
    }
    return beta_geometric(p, leaves);
  }

  [[nodiscard]] const beta_geometric_parameters& given() const { return p_; }

  /// ln of the likelihood of one history.
  [[nodiscard]] double log_likelihood(const repeat_history& h) const {
    const double shape = p_.r + h.repeats;
    const double y = leaves_.chances(h.repeats);
    const double log_age = steady::log(p_.alpha + h.age);
    const double counts = (steady::log_gamma(shape) - steady::log_gamma(p_.r)) +
                          std::fma(p_.r, steady::log(p_.alpha), -(shape * log_age));
    const double stays = (steady::log_gamma(p_.a + p_.b) - steady::log_gamma(p_.b)) +
                         (steady::log_gamma(p_.b + y) - steady::log_gamma(p_.a + p_.b + y));
    return (counts + stays) + steady::log_add(0, odds_gone(h));
  }

  /// The probability that the shopper has not left. Cost: three logarithms.
  [[nodiscard]] double p_alive(const repeat_history& h) const {
    return steady::logistic(-odds_gone(h));
  }

  /// How many purchases the next time `t` will bring. Precondition: t >= 0, finite.
  /// Cost: the terms of a hypergeometric series, about 37 (1 + t / (alpha + age)), 10^7 at most.
  /// Not the published form: Euler's transformation (Abramowitz & Stegun 15.3.3) of its series, of
  /// which the pole at a = 1 and that at a + b + y = 1 are divided out, so that neither they nor
  /// large x are special.
  [[nodiscard]] double expected(const repeat_history& h, double t) const {
    TAILOR_EXPECTS(t >= 0 && t < steady::infinity);
    const double span = p_.alpha + h.age;
    const double c = (p_.a + p_.b) + (leaves_.chances(h.repeats) - 1);
    const double lead = c - (p_.r + h.repeats);
    const double left = -steady::log1p(t / span);  // ln((alpha + T) / (alpha + T + t))
    const double power = (p_.a - 1) * left;
    const double grown = power == 0 ? 1 : steady::expm1(power) / power;
    const double main = c * -left * grown;
    const double alive_purchases =
        std::fma(-steady::exp(power), series(lead, c, t / (span + t)), main);
    return alive_purchases > 0 ? p_alive(h) * alive_purchases : 0;
  }
  /// The same of a newcomer, from the first purchase on.
  [[nodiscard]] double expected_new(double t) const { return expected({}, t); }

  /// The probability of one purchase or more in the next time `t`. Precondition: t >= 0.
  [[nodiscard]] double p_order_within(const repeat_history& h, double t) const {
    TAILOR_EXPECTS(t >= 0);
    return p_alive(h) * -steady::expm1(-(p_.r + h.repeats) * steady::log1p(t / (p_.alpha + h.age)));
  }

  /// The time by which the next purchase has come with this probability; nothing when the shopper
  /// is alive with no more than that. Precondition: 0 < probability < 1.
  [[nodiscard]] std::optional<double> wait(const repeat_history& h, double probability) const {
    TAILOR_EXPECTS(probability > 0 && probability < 1);
    const double alive = p_alive(h);
    if (!(alive > probability)) return std::nullopt;
    return gap(h, probability / alive);
  }
  /// The same if the shopper is alive: half of these have bought again by then.
  [[nodiscard]] double median_gap_if_alive(const repeat_history& h) const { return gap(h, 0.5); }

  /// The probability of exactly n purchases in the next time `t`; of a newcomer with `{}`.
  /// Precondition: t >= 0, n <= 10^6. Cost: O(n).
  [[nodiscard]] double p_count(const repeat_history& h, double t, std::uint32_t n) const {
    TAILOR_EXPECTS(t >= 0 && n <= 1'000'000);
    const double alive = p_alive(h);
    const double shape = p_.r + h.repeats;
    const double b = p_.b + leaves_.chances(h.repeats);
    const double z = t / (p_.alpha + h.age + t);
    const double none = -shape * steady::log1p(t / (p_.alpha + h.age));
    const double bought = static_cast<double>(n);
    if (n == 0) return std::fma(alive, steady::exp(none), 1 - alive);
    if (t == 0) return 0;
    const double log_count = std::fma(bought, steady::log(z), none) +
                             ((steady::log_gamma(shape + bought) - steady::log_gamma(shape)) -
                              steady::log_gamma(bought + 1));
    const double stays = (steady::log_gamma(b + bought) - steady::log_gamma(b)) +
                         (steady::log_gamma(p_.a + b) - steady::log_gamma(p_.a + b + bought));
    const double exactly = steady::exp(log_count);
    const double or_more = tail(shape, z, bought, exactly, steady::exp(none));
    return alive * (steady::exp(stays) * std::fma(p_.a / (b + (bought - 1)), or_more, exactly));
  }

 private:
  beta_geometric(const beta_geometric_parameters& p, Dropout leaves) : p_(p), leaves_(leaves) {}

  /// ln of the odds that the shopper has left.
  [[nodiscard]] double odds_gone(const repeat_history& h) const {
    const double y = leaves_.chances(h.repeats);
    if (!(y > 0)) return -steady::infinity;
    const double silent = steady::log1p((h.age - h.last) / (p_.alpha + h.last));
    return std::fma(p_.r + h.repeats, silent, steady::log(p_.a) - steady::log(p_.b + (y - 1)));
  }

  [[nodiscard]] double gap(const repeat_history& h, double probability) const {
    return (p_.alpha + h.age) * steady::expm1(-steady::log1p(-probability) / (p_.r + h.repeats));
  }

  /// Σ over n >= 1 of (lead)ₙ (a)ₙ₋₁ / (c + 1)ₙ₋₁ · zⁿ / n!
  [[nodiscard]] double series(double lead, double c, double z) const {
    constexpr int most_terms = 10'000'000;
    double term = lead * z;
    double sum = term;
    for (int i = 1; i < most_terms && term != 0; ++i) {
      const auto n = static_cast<double>(i);
      const double factor = (lead + n) * (p_.a + (n - 1)) / ((c + n) * (n + 1)) * z;
      sum = std::fma(term, factor, sum);
      term *= factor;
      if (std::fabs(factor) < 1 && std::fabs(term) <= 0x1p-56 * std::fabs(sum) * (1 - z)) break;
    }
    return sum;
  }

  /// The probability of n or more by the negative binomial with this shape. `exactly` is that of n,
  /// `none` that of 0.
  [[nodiscard]] static double tail(double shape, double z, double n, double exactly, double none) {
    double fewer = none;
    double term = none;
    for (double j = 1; j < n; ++j) {
      const double factor = (shape + (j - 1)) / j * z;
      fewer = std::fma(term, factor, fewer);
      term *= factor;
    }
    if (fewer < 0.5) return 1 - fewer;
    double sum = exactly;  // what is small is summed up, not left over
    term = exactly;
    for (double j = n + 1; term > 0; ++j) {
      const double factor = (shape + (j - 1)) / j * z;
      sum = std::fma(term, factor, sum);
      term *= factor;
      if (factor < 1 && term <= 0x1p-56 * sum * (1 - z)) break;
    }
    return sum;
  }

  beta_geometric_parameters p_;
  [[no_unique_address]] Dropout leaves_;
};

using bg_nbd = beta_geometric<after_repeat>;
using mbg_nbd = beta_geometric<after_any>;

static_assert(repeat_model<bg_nbd> && repeat_model<mbg_nbd>);

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_BETA_GEOMETRIC_HPP
