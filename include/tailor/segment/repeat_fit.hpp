#ifndef TAILOR_SEGMENT_REPEAT_FIT_HPP
#define TAILOR_SEGMENT_REPEAT_FIT_HPP

#include <optional>

#include "../core/executor.hpp"
#include "beta_geometric.hpp"
#include "likelihood_fit.hpp"
#include "minimise.hpp"
#include "repeat_likelihood.hpp"
#include "repeat_sample.hpp"

namespace tailor::inline v0::segment {

/// A model, or the reason why there is none: then nothing is predicted.
template <class Dropout>
struct repeat_fit {
  std::optional<beta_geometric<Dropout>> model;
  fit_report report;  ///< standard errors of r, alpha, a, b
};

/// The parameters under which the sample is most likely. Their logarithms are sought from -6 to 8,
/// that of alpha with a tenth of the mean age as unit. The same to the bit for any executor.
/// Cost: about 12 evaluations of `repeat_likelihood`.
template <dropout Dropout, executor Executor = serial_executor>
[[nodiscard]] repeat_fit<Dropout> fit_repeats(const repeat_sample& sample,
                                              const fit_options& options = {}, Dropout leaves = {},
                                              Executor&& pool = {}) {
  repeat_fit<Dropout> out;
  fit_report& report = out.report;
  report.shoppers = sample.shoppers();
  report.repeaters = sample.repeaters();
  report.distinct = sample.cells().size();
  if (sample.shoppers() == 0) return out;
  report.state = fit_state::too_few_repeaters;
  if (sample.repeaters() < options.least_repeaters || sample.repeaters() == 0) return out;
  report.state = fit_state::no_variance;
  if (sample.cells().size() == 1 || !(sample.mean_age() > 0)) return out;

  log_search where;
  where.scale[1] = sample.mean_age() / 10;
  where.low = {-6, -6, -6, -6};
  where.high = {8, 8, 8, 8};
  repeat_likelihood<Dropout> likelihood(sample, leaves);
  const auto p = maximise([&](const parameters& at) { return likelihood.at(at, pool); }, where,
                          options, report);
  if (!p) return out;
  const auto model = beta_geometric<Dropout>::make({(*p)[0], (*p)[1], (*p)[2], (*p)[3]}, leaves);
  if (model) {
    out.model = *model;
  } else {
    report.state = fit_state::not_converged;
  }
  return out;
}

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_REPEAT_FIT_HPP
