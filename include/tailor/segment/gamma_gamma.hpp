#ifndef TAILOR_SEGMENT_GAMMA_GAMMA_HPP
#define TAILOR_SEGMENT_GAMMA_GAMMA_HPP

#include <cmath>
#include <cstddef>
#include <cstdint>

#include "../core/contract.hpp"
#include "../core/result.hpp"
#include "special_functions.hpp"

namespace tailor::inline v0::segment {

/// What a shopper paid for the purchases after the first.
struct spend_history {
  double repeats = 0;  ///< a whole number
  double total = 0;    ///< of all repeats, in a unit of money of the host's choice

  friend constexpr bool operator==(const spend_history&, const spend_history&) = default;
};

/// not_finite; out_of_range unless repeats is whole, 0 to 10^9, and 0 <= total <= 10^15.
[[nodiscard]] inline status check(const spend_history& s) {
  if (!std::isfinite(s.repeats) || !std::isfinite(s.total)) return errc::not_finite;
  const bool whole = s.repeats >= 0 && s.repeats <= 1e9 &&
                     s.repeats == static_cast<double>(static_cast<std::int64_t>(s.repeats));
  if (!whole) return error{errc::out_of_range, "repeats"};
  if (!(s.total >= 0 && s.total <= 1e15)) return error{errc::out_of_range, "total"};
  return {};
}

/// A purchase is gamma distributed with shape p and a rate of the shopper's own, which is gamma
/// distributed with shape q and rate v.
struct gamma_gamma_parameters {
  double p = 0;
  double q = 0;
  double v = 0;  ///< money

  friend constexpr bool operator==(const gamma_gamma_parameters&,
                                   const gamma_gamma_parameters&) = default;
};

/// How much a shopper spends at a time, on average, if that does not depend on how often: the mean
/// so far, drawn to that of everybody the more the fewer purchases there are.
/// P. S. Fader and B. G. S. Hardie, "The gamma-gamma model of monetary value", 2013,
/// http://www.brucehardie.com/notes/025/
class gamma_gamma {
 public:
  /// not_finite; out_of_range unless p and v are from 1e-9 to 1e15 and q from above 1 to 1e12:
  /// otherwise there is no mean.
  [[nodiscard]] static result<gamma_gamma> make(const gamma_gamma_parameters& given) {
    for (const double x : {given.p, given.q, given.v}) {
      if (!std::isfinite(x)) return errc::not_finite;
      if (x < 1e-9 || x > 1e15) return errc::out_of_range;
    }
    if (given.q <= 1 || given.q > 1e12) return errc::out_of_range;
    return gamma_gamma(given);
  }

  [[nodiscard]] const gamma_gamma_parameters& given() const { return g_; }

  /// Of a shopper of whom nothing is known.
  [[nodiscard]] double mean_spend() const { return expected({}); }

  /// What a purchase of this shopper will be worth. Precondition: the history passes `check`.
  [[nodiscard]] double expected(const spend_history& s) const {
    return g_.p * (g_.v + s.total) / std::fma(g_.p, s.repeats, g_.q - 1);
  }

  /// ln of the likelihood of one history. Precondition: repeats and total are above 0.
  [[nodiscard]] double log_likelihood(const spend_history& s) const {
    TAILOR_EXPECTS(s.repeats > 0 && s.total > 0);
    const double px = steady::product(g_.p, s.repeats);
    const double gammas = steady::log_gamma(std::fma(g_.p, s.repeats, g_.q)) -
                          (steady::log_gamma(px) + steady::log_gamma(g_.q));
    const double shape = std::fma(g_.p, s.repeats, g_.q);
    const double powers =
        std::fma(g_.q, steady::log(g_.v),
                 std::fma(px, steady::log(s.total), -(shape * steady::log(s.total + g_.v))));
    return (gammas + powers) - steady::log(s.total / s.repeats);
  }

 private:
  explicit gamma_gamma(const gamma_gamma_parameters& given) : g_(given) {}

  gamma_gamma_parameters g_;
};

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_GAMMA_GAMMA_HPP
