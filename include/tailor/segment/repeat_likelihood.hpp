#ifndef TAILOR_SEGMENT_REPEAT_LIKELIHOOD_HPP
#define TAILOR_SEGMENT_REPEAT_LIKELIHOOD_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../core/executor.hpp"
#include "beta_geometric.hpp"
#include "minimise.hpp"
#include "repeat_sample.hpp"
#include "special_functions.hpp"

namespace tailor::inline v0::segment {

/// The log-likelihood of a sample with its first and second derivatives by r, alpha, a and b, in
/// closed form. Keeps its memory from one point to the next.
template <class Dropout>
class repeat_likelihood {
 public:
  explicit repeat_likelihood(const repeat_sample& sample, Dropout leaves = {})
      : sample_(&sample), leaves_(leaves), logs_(sample.times().size()) {}

  /// The same to the bit for any executor: partial sums are of fixed parts and added in their
  /// order. Cost: an exponential, a logarithm and two divisions per distinct history, one logarithm
  /// per distinct time, the gamma functions once per number of repeats.
  template <executor Executor>
  [[nodiscard]] expansion at(const parameters& p, Executor& pool) {
    constexpr std::size_t grain = 4096;
    const std::span<const double> times = sample_->times();
    pool.for_each_chunk(times.size(), grain, [&](std::size_t from, std::size_t to, std::size_t) {
      for (std::size_t i = from; i < to; ++i) {
        const double shifted = p[1] + times[i];
        logs_[i] = {steady::log(shifted), 1 / shifted};
      }
    });
    const std::size_t cells = sample_->cells().size();
    parts_.assign((cells + grain - 1) / grain, {});
    pool.for_each_chunk(cells, grain, [&](std::size_t from, std::size_t to, std::size_t) {
      parts_[from / grain] = part(p, from, to);
    });
    expansion out;
    for (const expansion& e : parts_) out += e;
    add_common(out, p, sample_->shoppers());
    for (std::size_t i = 0; i < most_parameters; ++i) {
      for (std::size_t j = 0; j < i; ++j) out.bend[i][j] = out.bend[j][i];
    }
    return out;
  }

 private:
  struct shifted_time {
    double log = 0;      // ln(alpha + t)
    double inverse = 0;  // 1 / (alpha + t)
  };
  /// Sums over the cells of one number of repeats. s is the probability to have left, q = s (1 -
  /// s), g = ln((alpha + T) / (alpha + t_x)) and d its derivative by alpha.
  struct sums {
    double n = 0, log = 0, inverse = 0, inverse2 = 0;
    double soft = 0, s = 0, sg = 0, sd = 0, sd2 = 0;
    double q = 0, qg = 0, qd = 0, qgg = 0, qgd = 0, qdd = 0;
  };

  static void add(double& sum, double x, double y) { sum = std::fma(x, y, sum); }

  /// Adds what does not depend on the history.
  static void add_common(expansion& out, const parameters& p, double n) {
    const auto [r, alpha, a, b] = p;
    const double both = steady::digamma(a + b);
    const double both2 = steady::trigamma(a + b);
    add(out.value, n,
        std::fma(r, steady::log(alpha), -steady::log_gamma(r)) +
            (steady::log_gamma(a + b) - steady::log_gamma(b)));
    add(out.slope[0], n, steady::log(alpha) - steady::digamma(r));
    add(out.slope[1], n, r / alpha);
    add(out.slope[2], n, both);
    add(out.slope[3], n, both - steady::digamma(b));
    auto& h = out.bend;
    add(h[0][0], -n, steady::trigamma(r));
    add(h[0][1], n, 1 / alpha);
    add(h[1][1], -n, r / alpha / alpha);
    add(h[2][2], n, both2);
    add(h[2][3], n, both2);
    add(h[3][3], n, both2 - steady::trigamma(b));
  }

  [[nodiscard]] expansion part(const parameters& p, std::size_t from, std::size_t to) const {
    expansion out;
    const auto groups = sample_->groups();
    auto g = std::upper_bound(
        groups.begin(), groups.end(), from,
        [](std::size_t at, const repeat_sample::group& group) { return at < group.end; });
    for (std::size_t i = from; i < to; ++g) {
      const std::size_t end = (std::min)(g->end, to);
      add_group(out, p, g->repeats, sum(p, g->repeats, i, end));
      i = end;
    }
    return out;
  }

  [[nodiscard]] sums sum(const parameters& p, double x, std::size_t from, std::size_t to) const {
    sums t;
    const double y = leaves_.chances(x);
    const double shape = p[0] + x;
    const double first = y > 0 ? steady::log(p[2]) - steady::log(p[3] + (y - 1)) : 0;
    for (const repeat_sample::cell& c : sample_->cells().subspan(from, to - from)) {
      const shifted_time age = logs_[c.age];
      const double n = c.shoppers;
      t.n += n;
      t.log = std::fma(n, age.log, t.log);
      t.inverse = std::fma(n, age.inverse, t.inverse);
      t.inverse2 = std::fma(n * age.inverse, age.inverse, t.inverse2);
      if (!(y > 0)) continue;
      const shifted_time last = logs_[c.last];
      const double gap = age.log - last.log;
      const double turn = age.inverse - last.inverse;
      const double odds = std::fma(shape, gap, first);
      const double e = steady::exp(odds > 0 ? -odds : odds);
      const double share = 1 / (1 + e);
      const double gone = odds > 0 ? share : e * share;
      const double spread = e * share * share;
      t.soft = std::fma(n, (odds > 0 ? odds : 0) + steady::log1p(e), t.soft);
      t.s = std::fma(n, gone, t.s);
      t.sg = std::fma(n * gone, gap, t.sg);
      t.sd = std::fma(n * gone, turn, t.sd);
      t.sd2 =
          std::fma(n * gone, (last.inverse - age.inverse) * (last.inverse + age.inverse), t.sd2);
      t.q = std::fma(n, spread, t.q);
      t.qg = std::fma(n * spread, gap, t.qg);
      t.qd = std::fma(n * spread, turn, t.qd);
      t.qgg = std::fma(n * spread * gap, gap, t.qgg);
      t.qgd = std::fma(n * spread * gap, turn, t.qgd);
      t.qdd = std::fma(n * spread * turn, turn, t.qdd);
    }
    return t;
  }

  /// Adds the sums of one number of repeats with what depends on that number alone.
  void add_group(expansion& out, const parameters& p, double x, const sums& t) const {
    const auto [r, alpha, a, b] = p;
    const double y = leaves_.chances(x);
    const double shape = r + x;
    const double all = steady::digamma(a + b + y);
    const double all2 = steady::trigamma(a + b + y);
    add(out.value, t.n,
        steady::log_gamma(shape) + (steady::log_gamma(b + y) - steady::log_gamma(a + b + y)));
    out.value += std::fma(-shape, t.log, t.soft);
    add(out.slope[0], t.n, steady::digamma(shape));
    out.slope[0] += t.sg - t.log;
    add(out.slope[1], shape, t.sd - t.inverse);
    add(out.slope[2], -t.n, all);
    out.slope[2] += t.s / a;
    add(out.slope[3], t.n, steady::digamma(b + y) - all);
    auto& h = out.bend;
    add(h[0][0], t.n, steady::trigamma(shape));
    h[0][0] += t.qgg;
    add(h[0][1], shape, t.qgd);
    h[0][1] += t.sd - t.inverse;
    h[0][2] += t.qg / a;
    add(h[1][1], shape, std::fma(shape, t.qdd, t.inverse2) + t.sd2);
    add(h[1][2], shape, t.qd / a);
    add(h[2][2], -t.n, all2);
    h[2][2] += (t.q - t.s) / a / a;
    add(h[2][3], -t.n, all2);
    add(h[3][3], t.n, steady::trigamma(b + y) - all2);
    if (!(y > 0)) return;
    const double c = b + (y - 1);
    out.slope[3] -= t.s / c;
    h[0][3] -= t.qg / c;
    add(h[1][3], -shape, t.qd / c);
    h[2][3] -= t.q / a / c;
    h[3][3] += (t.q + t.s) / c / c;
  }

  const repeat_sample* sample_;
  [[no_unique_address]] Dropout leaves_;
  std::vector<shifted_time> logs_;
  std::vector<expansion> parts_;
};

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_REPEAT_LIKELIHOOD_HPP
