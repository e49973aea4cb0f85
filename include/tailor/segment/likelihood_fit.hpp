#ifndef TAILOR_SEGMENT_LIKELIHOOD_FIT_HPP
#define TAILOR_SEGMENT_LIKELIHOOD_FIT_HPP

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "../core/config.hpp"
#include "minimise.hpp"
#include "steady_math.hpp"

namespace tailor::inline v0::segment {

/// Whether there is a model, or why not.
enum class fit_state : std::uint8_t {
  fitted,
  no_shoppers,        ///< nobody bought
  too_few_repeaters,  ///< nearly nobody bought again
  no_variance,        ///< all shoppers are alike: how they differ cannot be learnt
  not_converged       ///< the search ended elsewhere than at a maximum
};

/// The name of a state in words; never null.
[[nodiscard]] constexpr const char* name_of(fit_state s) {
  constexpr const char* names[] = {"fitted", "no shoppers", "too few repeaters", "no variance",
                                   "not converged"};
  const auto index = static_cast<std::size_t>(s);
  return index < sizeof(names) / sizeof(names[0]) ? names[index] : "unnamed";
}

/// How a fit went.
struct fit_report {
  fit_state state = fit_state::no_shoppers;
  double shoppers = 0;
  double repeaters = 0;
  std::size_t distinct = 0;   ///< different histories: what the cost depends on
  double log_likelihood = 0;  ///< of all shoppers, without the penalty
  /// One for each parameter, by the matrix of second derivatives; infinite where a parameter lies
  /// on a bound or the matrix says nothing.
  parameters standard_errors{};
  bool on_bound = false;  ///< the data would have a parameter beyond what is plausible
  int steps = 0;
  int evaluations = 0;  ///< of the likelihood with its derivatives
};

/// When to fit at all, and how far from the plausible a fit may go.
struct fit_options {
  double least_repeaters = 10;  ///< shoppers who bought again
  /// With fewer shoppers than `penalty_below`, `penalty` times the sum of the squared logarithms of
  /// the parameters is taken off the mean log-likelihood; 0: never.
  double penalty = 1e-3;
  double penalty_below = 500;
  int most_steps = 100;
};

/// Standard errors from the second derivatives of the log-likelihood at its maximum; those of the
/// first `count` parameters that are not held.
[[nodiscard]] inline parameters standard_errors(const expansion& at_maximum, std::size_t count,
                                                const std::array<bool, most_parameters>& held) {
  parameters out{};
  std::array<parameters, most_parameters> information{};
  std::array<bool, most_parameters> used{};
  for (std::size_t i = 0; i < count; ++i) {
    out[i] = steady::infinity;
    used[i] = !held[i];
    for (std::size_t j = 0; j < count; ++j) information[i][j] = -at_maximum.bend[i][j];
  }
  const auto lower = cholesky(information, used);
  if (!lower) return out;
  for (std::size_t i = 0; i < count; ++i) {
    if (!used[i]) continue;
    parameters unit{};
    unit[i] = 1;
    out[i] = std::sqrt(solve(*lower, unit)[i]);
  }
  return out;
}

/// Where the logarithms of the parameters are sought: p = scale · e^log.
struct log_search {
  parameters scale{1, 1, 1, 1};
  parameters start{};
  parameters low{};
  parameters high{};
  std::size_t count = most_parameters;
};

/// Finds the parameters at which `likelihood(p) → expansion`, the log-likelihood with its
/// derivatives by the parameters, is greatest, and writes how it went. Nothing when the search did
/// not end at a maximum. Expects shoppers of the report to be set. Cost: about 10 evaluations.
template <class Likelihood>
[[nodiscard]] std::optional<parameters> maximise(const Likelihood& likelihood,
                                                 const log_search& where,
                                                 const fit_options& options, fit_report& report) {
  const double penalty =
      report.shoppers < options.penalty_below ? options.penalty * report.shoppers : 0;
  const auto at = [&](const parameters& logs) {
    parameters p{};
    for (std::size_t i = 0; i < where.count; ++i) p[i] = where.scale[i] * steady::exp(logs[i]);
    return p;
  };
  const auto loss = [&](const parameters& logs) {
    const parameters p = at(logs);
    const expansion e = likelihood(p);
    expansion out;
    out.value = -e.value;
    for (std::size_t i = 0; i < where.count; ++i) {
      out.value = std::fma(penalty * logs[i], logs[i], out.value);
      out.slope[i] = std::fma(2 * penalty, logs[i], -(p[i] * e.slope[i]));
      for (std::size_t j = 0; j < where.count; ++j) out.bend[i][j] = -(p[i] * p[j] * e.bend[i][j]);
      out.bend[i][i] = std::fma(-p[i], e.slope[i], std::fma(2, penalty, out.bend[i][i]));
    }
    return out;
  };
  descent_options search;
  search.low = where.low;
  search.high = where.high;
  search.count = where.count;
  search.most_steps = options.most_steps;
  const descent found = minimise(loss, where.start, search);

  const parameters p = at(found.at);
  const expansion there = likelihood(p);
  report.steps = found.steps;
  report.evaluations = found.evaluations + 1;
  report.log_likelihood = there.value;
  report.on_bound = found.on_bound();
  report.standard_errors = standard_errors(there, where.count, found.held);
  report.state = found.converged ? fit_state::fitted : fit_state::not_converged;
  if (!found.converged) return std::nullopt;
  return p;
}

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_LIKELIHOOD_FIT_HPP
