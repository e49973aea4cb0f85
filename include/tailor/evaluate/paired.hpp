#ifndef TAILOR_EVALUATE_PAIRED_HPP
#define TAILOR_EVALUATE_PAIRED_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <span>
#include <utility>
#include <vector>

#include "../core/distributions.hpp"
#include "../core/executor.hpp"
#include "../core/result.hpp"

namespace tailor::inline v0::evaluate {

struct paired_options {
  std::size_t flips = 10'000;     ///< of signs, for the p-value
  std::size_t resamples = 2'000;  ///< of users, for the interval
  double level = 0.95;            ///< of the interval
  std::uint64_t seed = 1;
};

/// How two systems differ over the same users.
struct paired {
  std::size_t users = 0;
  double mean = 0;            ///< of a − b
  double standard_error = 0;  ///< of the mean; 0 for one user
  double low = 0;             ///< of the interval of the mean
  double high = 0;
  double p = 1;  ///< how often signs at random differ as much, either way

  /// The mean in standard errors; 0 where there is no error to measure by.
  [[nodiscard]] double z() const { return standard_error > 0 ? mean / standard_error : 0; }
};

namespace detail {

/// The standard normal distribution and its inverse, by halving; p in (0, 1).
[[nodiscard]] inline double normal_below(double x) {
  return 0.5 * std::erfc(-x / std::numbers::sqrt2);
}
[[nodiscard]] inline double normal_quantile(double p) {
  double low = -40, high = 40;
  for (int n = 0; n < 80; ++n) {
    const double middle = 0.5 * (low + high);
    (normal_below(middle) < p ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

[[nodiscard]] inline double sum_of(std::span<const double> values) {
  double sum = 0;
  for (const double v : values) sum += v;
  return sum;
}

/// How many of so many sums with signs at random are as far from 0 as `sum`. Users are up to
/// rounding alike, so a little less counts as as far.
template <class Executor>
[[nodiscard]] double flipped_as_far(std::span<const double> d, double sum, const paired_options& o,
                                    Executor& pool) {
  const double as_far = std::fabs(sum) * (1 - 1e-12);
  if (d.size() <= 16) {  // all of them
    std::size_t far = 0;
    const std::uint32_t all = 1u << d.size();
    for (std::uint32_t signs = 0; signs < all; ++signs) {
      double s = 0;
      for (std::size_t n = 0; n < d.size(); ++n) s += (signs >> n & 1) != 0 ? d[n] : -d[n];
      far += std::size_t{std::fabs(s) >= as_far};
    }
    return static_cast<double>(far) / all;
  }
  std::vector<std::uint8_t> far(o.flips);
  pool.for_each_chunk(o.flips, 64, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t f = begin; f < end; ++f) {
      counter_random draw(o.seed, f);
      double s = 0;
      std::uint64_t bits = 0;
      for (std::size_t n = 0; n < d.size(); ++n) {
        if (n % 64 == 0) bits = draw();
        s += (bits >> (n % 64) & 1) != 0 ? d[n] : -d[n];
      }
      far[f] = std::fabs(s) >= as_far ? 1 : 0;
    }
  });
  std::size_t count = 1;  // what was seen is one of them (Phipson & Smyth 2010)
  for (const std::uint8_t f : far) count += f;
  return static_cast<double>(count) / static_cast<double>(o.flips + 1);
}

/// Bias-corrected and accelerated bootstrap interval of the mean (Efron 1987,
/// doi:10.1080/01621459.1987.10478410). Where a correction is not defined it is that of
/// percentiles: all users differ alike, all resamples lie on one side, or the level is beyond the
/// acceleration.
template <class Executor>
[[nodiscard]] std::pair<double, double> bootstrap_interval(std::span<const double> d, double mean,
                                                           const paired_options& o,
                                                           Executor& pool) {
  std::vector<double> means(o.resamples);
  pool.for_each_chunk(o.resamples, 16, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t r = begin; r < end; ++r) {
      counter_random draw(o.seed ^ 0x626f6f74, r);
      double s = 0;
      for (std::size_t n = 0; n < d.size(); ++n) s += d[uniform_below(draw, d.size())];
      means[r] = s / static_cast<double>(d.size());
    }
  });
  std::sort(means.begin(), means.end());
  const auto count = static_cast<double>(means.size());
  const auto below =
      static_cast<double>(std::lower_bound(means.begin(), means.end(), mean) - means.begin());
  const auto up_to =
      static_cast<double>(std::upper_bound(means.begin(), means.end(), mean) - means.begin());
  const double share = 0.5 * (below + up_to) / count;
  double square = 0, cube = 0;
  for (const double x : d) {
    square += (x - mean) * (x - mean);
    cube += (x - mean) * (x - mean) * (x - mean);
  }
  const bool plain = !(share > 0 && share < 1) || !(square > 0);
  const double bias = plain ? 0 : normal_quantile(share);
  const double skew = plain ? 0 : cube / (6 * square * std::sqrt(square));
  const auto end_of = [&](double p) {
    const double z = bias + normal_quantile(p);
    const double room = 1 - skew * z;
    const double at = plain || !(room > 0) ? p : normal_below(bias + z / room);
    const double place = std::floor(at * count);
    return means[static_cast<std::size_t>((std::min)((std::max)(place, 0.0), count - 1))];
  };
  return {end_of((1 - o.level) / 2), end_of((1 + o.level) / 2)};
}

}  // namespace detail

/// Compares two systems by what each user got from either: `a[n]` and `b[n]` belong to one user.
/// p by flipping the signs of the differences, exactly for 16 users or fewer; the interval by
/// resampling users. conflict: the sizes differ; too_few: no user, or no flips or resamples are
/// asked for; not_finite: `at` is the user; overflow: the differences do not sum up; out_of_range:
/// level. The same for any number of threads. Cost: users · (flips + resamples).
template <executor Executor = serial_executor>
[[nodiscard]] result<paired> compare(std::span<const double> a, std::span<const double> b,
                                     const paired_options& o = {}, Executor&& pool = {}) {
  if (a.size() != b.size()) return error{errc::conflict, "users"};
  if (a.empty() || o.flips == 0 || o.resamples == 0) return error{errc::too_few, "users"};
  if (!(o.level > 0 && o.level < 1)) return error{errc::out_of_range, "level"};
  std::vector<double> d;
  d.reserve(a.size());
  for (std::size_t n = 0; n < a.size(); ++n) {
    if (!std::isfinite(a[n]) || !std::isfinite(b[n])) return error{errc::not_finite, "user", n};
    d.push_back(a[n] - b[n]);
    if (!std::isfinite(d[n])) return error{errc::overflow, "differences", n};
  }
  const auto users = static_cast<double>(d.size());
  paired out;
  out.users = d.size();
  const double sum = detail::sum_of(d);
  out.mean = sum / users;
  double square = 0;
  for (const double x : d) square += (x - out.mean) * (x - out.mean);
  if (!std::isfinite(sum) || !std::isfinite(square)) return error{errc::overflow, "differences"};
  if (d.size() > 1) out.standard_error = std::sqrt(square / (users - 1) / users);
  out.p = detail::flipped_as_far(d, sum, o, pool);
  const auto interval = detail::bootstrap_interval(d, out.mean, o, pool);
  out.low = interval.first;
  out.high = interval.second;
  return out;
}

/// The difference that a test with so many users finds four times out of five, at 5 per cent: what
/// a comparison that found nothing could have missed.
[[nodiscard]] inline double detectable(const paired& p) {
  return (detail::normal_quantile(0.975) + detail::normal_quantile(0.8)) * p.standard_error;
}

/// p-values of several comparisons, made up for there being several (Holm 1979), in their order.
[[nodiscard]] inline std::vector<double> holm(std::span<const double> p) {
  std::vector<std::size_t> order(p.size());
  for (std::size_t n = 0; n < p.size(); ++n) order[n] = n;
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return p[a] != p[b] ? p[a] < p[b] : a < b; });
  std::vector<double> out(p.size());
  double most = 0;
  for (std::size_t n = 0; n < order.size(); ++n) {
    most = (std::max)(most, (std::min)(1.0, p[order[n]] * static_cast<double>(p.size() - n)));
    out[order[n]] = most;
  }
  return out;
}

}  // namespace tailor::inline v0::evaluate

#endif  // TAILOR_EVALUATE_PAIRED_HPP
