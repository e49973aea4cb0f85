#ifndef TAILOR_SEGMENT_GAMMA_GAMMA_FIT_HPP
#define TAILOR_SEGMENT_GAMMA_GAMMA_FIT_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <tuple>
#include <vector>

#include "../core/contract.hpp"
#include "../core/executor.hpp"
#include "../core/result.hpp"
#include "gamma_gamma.hpp"
#include "likelihood_fit.hpp"
#include "minimise.hpp"
#include "repeat_tally.hpp"
#include "special_functions.hpp"

namespace tailor::inline v0::segment {

/// Spending shoppers as a fit sees them: those who bought again and paid, equal ones once,
/// ascending.
class spend_sample {
 public:
  struct cell {
    spend_history history;
    double shoppers = 0;
  };

  spend_sample() = default;

  /// Of rows as the host has them. Errors of `check` with the row. Cost: O(n log n).
  [[nodiscard]] static result<spend_sample> of(std::span<const spend_history> rows) {
    spend_sample out;
    for (std::size_t row = 0; row < rows.size(); ++row) {
      if (const status s = check(rows[row]); !s) return error{s.code(), s.error().what, row};
      out.put(rows[row], 1);
    }
    const auto order = [](const cell& c) { return std::tie(c.history.repeats, c.history.total); };
    std::sort(out.cells_.begin(), out.cells_.end(),
              [&](const cell& a, const cell& b) { return order(a) < order(b); });
    std::size_t kept = 0;
    for (const cell& c : out.cells_) {
      if (kept > 0 && out.cells_[kept - 1].history == c.history) {
        out.cells_[kept - 1].shoppers += c.shoppers;
      } else {
        out.cells_[kept++] = c;
      }
    }
    out.cells_.resize(kept);
    return out;
  }

  /// Of counts, with so many minor units to one of money: 100 for cents. What is below zero after
  /// refunds is left out as what is zero. Errors as above, with the place of the key.
  /// Precondition: minor_per_unit > 0.
  [[nodiscard]] static result<spend_sample> of(const repeat_tally<spend_key>& counts,
                                               double minor_per_unit) {
    TAILOR_EXPECTS(minor_per_unit > 0);
    spend_sample out;
    std::size_t place = 0;
    for (const auto& [key, shoppers] : counts.counts()) {
      const spend_history history{
          static_cast<double>(key.repeats),
          static_cast<double>((std::max)(key.value, std::int64_t{0})) / minor_per_unit};
      if (const status s = check(history); !s) return error{s.code(), s.error().what, place};
      out.put(history, static_cast<double>(shoppers));
      ++place;
    }
    return out;
  }

  [[nodiscard]] std::span<const cell> cells() const { return cells_; }
  [[nodiscard]] double shoppers() const { return shoppers_; }
  /// Shoppers who bought again, but paid nothing.
  [[nodiscard]] double left_out() const { return left_out_; }

 private:
  void put(const spend_history& h, double shoppers) {
    if (h.repeats == 0) return;
    if (h.total == 0) {
      left_out_ += shoppers;
      return;
    }
    cells_.push_back({h, shoppers});
    shoppers_ += shoppers;
  }

  std::vector<cell> cells_;
  double shoppers_ = 0;
  double left_out_ = 0;
};

/// A model, or the reason why there is none.
struct spend_fit {
  std::optional<gamma_gamma> model;
  fit_report report;       ///< standard errors of p, q, v
  double correlation = 0;  ///< of repeats and mean spend; 0 where one of them does not vary
  double mean = 0;         ///< of the mean spends

  /// The model takes how often and how much for independent; 0.3 is the customary limit.
  [[nodiscard]] bool depends_on_count() const { return std::fabs(correlation) >= 0.3; }
};

/// Means, and how repeats and mean spend go together.
inline void describe(const spend_sample& sample, spend_fit& out) {
  const double n = sample.shoppers();
  double mean_repeats = 0;
  double mean_spend = 0;
  const auto mean_of = [](const spend_sample::cell& c) {
    return c.history.total / c.history.repeats;
  };
  for (const auto& c : sample.cells()) {
    mean_repeats = std::fma(c.shoppers, c.history.repeats, mean_repeats);
    mean_spend = std::fma(c.shoppers, mean_of(c), mean_spend);
  }
  mean_repeats /= n;
  mean_spend /= n;
  double xx = 0;
  double xm = 0;
  double mm = 0;
  for (const auto& c : sample.cells()) {
    const double x = c.history.repeats - mean_repeats;
    const double m = mean_of(c) - mean_spend;
    xx = std::fma(c.shoppers * x, x, xx);
    xm = std::fma(c.shoppers * x, m, xm);
    mm = std::fma(c.shoppers * m, m, mm);
  }
  out.mean = mean_spend;
  out.correlation = xx > 0 && mm > 0 ? xm / (std::sqrt(xx) * std::sqrt(mm)) : 0;
}

/// The log-likelihood of a sample with its derivatives by p, q and v, in closed form. The same to
/// the bit for any executor. Cost: two logarithms per distinct history, gamma functions once per
/// number of repeats.
template <executor Executor>
[[nodiscard]] expansion spend_likelihood(const spend_sample& sample, const parameters& at,
                                         Executor& pool) {
  constexpr std::size_t grain = 4096;
  const double p = at[0];
  const double q = at[1];
  const double v = at[2];
  const auto cells = sample.cells();
  const auto add = [](double& sum, double x, double y) { sum = std::fma(x, y, sum); };
  std::vector<expansion> parts((cells.size() + grain - 1) / grain);
  pool.for_each_chunk(cells.size(), grain, [&](std::size_t from, std::size_t to, std::size_t) {
    expansion e;
    auto& h = e.bend;
    for (std::size_t i = from; i < to;) {
      const double x = cells[i].history.repeats;
      const double px = steady::product(p, x);
      const double shape = std::fma(p, x, q);
      double n = 0;
      for (; i < to && cells[i].history.repeats == x; ++i) {
        const double k = cells[i].shoppers;
        const double total = cells[i].history.total;
        const double log_total = steady::log(total);
        const double log_all = steady::log(total + v);
        const double inverse = 1 / (total + v);
        n += k;
        add(e.value, k, std::fma(px, log_total, -(shape * log_all)) - steady::log(total / x));
        add(e.slope[0], k * x, log_total - log_all);
        add(e.slope[1], -k, log_all);
        add(e.slope[2], -k * shape, inverse);
        add(h[0][2], -k * x, inverse);
        add(h[1][2], -k, inverse);
        add(h[2][2], k * shape * inverse, inverse);
      }
      const double one = steady::digamma(shape);
      const double two = steady::trigamma(shape);
      add(e.value, n, steady::log_gamma(shape) - steady::log_gamma(px));
      add(e.slope[0], n * x, one - steady::digamma(px));
      add(e.slope[1], n, one);
      add(h[0][0], n * x * x, two - steady::trigamma(px));
      add(h[0][1], n * x, two);
      add(h[1][1], n, two);
    }
    parts[from / grain] = e;
  });
  expansion out;
  for (const expansion& e : parts) out += e;
  const double n = sample.shoppers();
  add(out.value, n, std::fma(q, steady::log(v), -steady::log_gamma(q)));
  add(out.slope[1], n, steady::log(v) - steady::digamma(q));
  add(out.slope[2], n, q / v);
  add(out.bend[1][1], -n, steady::trigamma(q));
  add(out.bend[1][2], n, 1 / v);
  add(out.bend[2][2], -n, q / v / v);
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < i; ++j) out.bend[i][j] = out.bend[j][i];
  }
  return out;
}

/// The parameters under which the sample is most likely: logarithms from -6 to 8, that of v with
/// the mean spend as unit, q from 1.01 on. Cost: about 12 evaluations of `spend_likelihood`.
template <executor Executor = serial_executor>
[[nodiscard]] spend_fit fit_spend(const spend_sample& sample, const fit_options& options = {},
                                  Executor&& pool = {}) {
  spend_fit out;
  fit_report& report = out.report;
  report.shoppers = report.repeaters = sample.shoppers();
  report.distinct = sample.cells().size();
  if (sample.shoppers() == 0) return out;
  describe(sample, out);
  report.state = fit_state::too_few_repeaters;
  if (sample.shoppers() < options.least_repeaters) return out;
  report.state = fit_state::no_variance;
  if (sample.cells().size() == 1) return out;

  log_search where;
  where.count = 3;
  where.scale[2] = out.mean;
  where.start = {1, 1, 0};
  where.low = {-6, steady::log(1.01), -6};
  where.high = {8, 8, 8};
  const auto at = maximise([&](const parameters& p) { return spend_likelihood(sample, p, pool); },
                           where, options, report);
  if (!at) return out;
  const auto model = gamma_gamma::make({(*at)[0], (*at)[1], (*at)[2]});
  if (model) {
    out.model = *model;
  } else {
    report.state = fit_state::not_converged;
  }
  return out;
}

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_GAMMA_GAMMA_FIT_HPP
