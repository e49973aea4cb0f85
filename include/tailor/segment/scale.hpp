#ifndef TAILOR_SEGMENT_SCALE_HPP
#define TAILOR_SEGMENT_SCALE_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "../core/contract.hpp"
#include "../core/executor.hpp"
#include "../core/result.hpp"
#include "points.hpp"

namespace tailor::inline v0::segment {

/// What is done to a column before anything else.
enum class shape : std::uint8_t {
  as_it_is,
  log1p  ///< ln(1 + x), for what is never negative and has a long tail: counts, amounts, days
};

struct scale_options {
  double lower = 0;      ///< quantile up to which smaller values are raised; 0: the smallest
  double upper = 0.995;  ///< quantile down to which larger values are lowered; 1: the largest
};

/// How one column is scaled: drawn into low … high (points that come later as well), shaped,
/// `centre` taken off, divided by `deviation`.
struct column_scale {
  shape form = shape::as_it_is;
  double low = 0;  ///< the limits, in the units of the column
  double high = 0;
  double centre = 0;     ///< the mean, after shaping
  double deviation = 0;  ///< the root of the mean square (n, not n - 1); 0: the column is constant

  /// A constant column says nothing: it becomes 0 everywhere.
  [[nodiscard]] bool constant() const { return deviation == 0; }

  /// Precondition: finite, and above -1 for log1p.
  [[nodiscard]] double apply(double x) const {
    if (constant()) return 0;
    return (shaped((std::min)((std::max)(x, low), high)) - centre) / deviation;
  }
  /// Back to the units of the column; what was drawn in stays so.
  [[nodiscard]] double invert(double z) const {
    const double x = centre + z * deviation;
    return form == shape::log1p ? (std::max)(std::expm1(x), 0.0) : x;
  }
  [[nodiscard]] double shaped(double x) const { return form == shape::log1p ? std::log1p(x) : x; }

  friend bool operator==(const column_scale&, const column_scale&) = default;
};

/// A scaling learnt from points, part of every model that is fitted on scaled ones: without it a
/// later point could not be placed. Errors of a cell (row, column) have `at` = row · columns +
/// column.
class scaling {
 public:
  scaling() = default;
  explicit scaling(std::vector<column_scale> columns) : columns_(std::move(columns)) {}

  /// Learns the columns: limits are order statistics, the ⌈q n⌉-th smallest value. `shapes` has one
  /// entry per column or none (all as they are).
  /// too_few without points; not_finite; out_of_range for a negative value under log1p; overflow
  /// (`at` the column) when the sums leave the range of double. The same for any executor.
  /// Precondition: 0 <= lower < upper <= 1. Cost: O(n d), one column of memory.
  template <class Real, executor Executor = serial_executor>
  [[nodiscard]] static result<scaling> fit(point_view<Real> points, std::span<const shape> shapes,
                                           const scale_options& options = {},
                                           Executor&& pool = {}) {
    TAILOR_EXPECTS(shapes.empty() || shapes.size() == points.d());
    TAILOR_EXPECTS(options.lower >= 0 && options.lower < options.upper && options.upper <= 1);
    if (points.n() == 0 || points.d() == 0) return error{errc::too_few, "points"};
    std::vector<column_scale> columns(points.d());
    for (std::size_t j = 0; j < shapes.size(); ++j) columns[j].form = shapes[j];
    scaling out(std::move(columns));
    if (const status s = out.check(points, pool); !s) return s;

    std::vector<double> values(points.n());
    for (std::size_t j = 0; j < points.d(); ++j) {
      column_scale& c = out.columns_[j];
      for (std::size_t i = 0; i < points.n(); ++i) values[i] = static_cast<double>(points(i, j));
      set_limits(c, values, options);
      for (std::size_t i = 0; i < points.n(); ++i) {
        // From the points again: the order of `values` is lost, and with it that of the sums.
        values[i] =
            c.shaped((std::min)((std::max)(static_cast<double>(points(i, j)), c.low), c.high));
      }
      const auto n = static_cast<double>(points.n());
      if (c.low != c.high) {
        c.centre = sum_of(values, pool, [](double x) { return x; }) / n;
        const double squares =
            sum_of(values, pool, [&c](double x) { return (x - c.centre) * (x - c.centre); });
        c.deviation = std::sqrt(squares / n);
      } else {
        c.centre = c.shaped(c.low);
      }
      if (!std::isfinite(c.centre) || !std::isfinite(c.deviation)) {
        return error{errc::overflow, "column", j};
      }
    }
    return out;
  }

  [[nodiscard]] std::span<const column_scale> columns() const { return columns_; }

  /// Scales points into `out`, row after row. not_finite and out_of_range as fit: what `out` holds
  /// then is not specified. Precondition: as many columns as learnt, room for n · d numbers.
  template <class Real, class To, executor Executor = serial_executor>
  status apply(point_view<Real> points, std::span<To> out, Executor&& pool = {}) const {
    const std::size_t d = columns_.size();
    TAILOR_EXPECTS(points.d() == d && out.size() == points.n() * d);
    if (const status s = check(points, pool); !s) return s;
    pool.for_each_chunk(points.n(), grain, [&](std::size_t from, std::size_t to, std::size_t) {
      for (std::size_t i = from; i < to; ++i) {
        for (std::size_t j = 0; j < d; ++j) {
          out[i * d + j] = static_cast<To>(columns_[j].apply(static_cast<double>(points(i, j))));
        }
      }
    });
    return {};
  }

  /// One point, in place. Errors: as apply, with the column; the point is unchanged then.
  template <class Real>
  status apply(std::span<Real> point) const {
    TAILOR_EXPECTS(point.size() == columns_.size());
    for (std::size_t j = 0; j < point.size(); ++j) {
      const errc fault = fault_of(j, static_cast<double>(point[j]));
      if (fault != errc::ok) return error{fault, "column", j};
    }
    for (std::size_t j = 0; j < point.size(); ++j) {
      point[j] = static_cast<Real>(columns_[j].apply(static_cast<double>(point[j])));
    }
    return {};
  }

  /// A scaled point back in its own units, in place.
  template <class Real>
  void invert(std::span<Real> point) const {
    TAILOR_EXPECTS(point.size() == columns_.size());
    for (std::size_t j = 0; j < point.size(); ++j) {
      point[j] = static_cast<Real>(columns_[j].invert(static_cast<double>(point[j])));
    }
  }

  friend bool operator==(const scaling&, const scaling&) = default;

 private:
  static constexpr std::size_t grain = 4096;

  [[nodiscard]] errc fault_of(std::size_t column, double x) const {
    if (!std::isfinite(x)) return errc::not_finite;
    return columns_[column].form == shape::log1p && x < 0 ? errc::out_of_range : errc::ok;
  }

  /// The first fault, by row.
  template <class Real, class Executor>
  [[nodiscard]] status check(point_view<Real> points, Executor&& pool) const {
    std::vector<error> first((points.n() + grain - 1) / grain);
    pool.for_each_chunk(points.n(), grain, [&](std::size_t from, std::size_t to, std::size_t) {
      for (std::size_t i = from; i < to; ++i) {
        for (std::size_t j = 0; j < points.d(); ++j) {
          const errc fault = fault_of(j, static_cast<double>(points(i, j)));
          if (fault == errc::ok) continue;
          first[from / grain] = {fault, "cell", i * points.d() + j};
          return;
        }
      }
    });
    for (const error& e : first) {
      if (e.code != errc::ok) return e;
    }
    return {};
  }

  static void set_limits(column_scale& c, std::span<double> values, const scale_options& options) {
    const auto nth = [&](double q) {
      const double rank = std::ceil(q * static_cast<double>(values.size()));
      const auto at = static_cast<std::size_t>((std::max)(rank, 1.0)) - 1;
      const auto place = values.begin() + static_cast<std::ptrdiff_t>(at);
      std::nth_element(values.begin(), place, values.end());
      return *place;
    };
    c.low = nth(options.lower);
    c.high = nth(options.upper);
  }

  /// Chunk by chunk, then the chunks in order: the same sum for any number of threads.
  template <class Executor, class Term>
  [[nodiscard]] static double sum_of(std::span<const double> values, Executor&& pool,
                                     const Term& term) {
    std::vector<double> parts((values.size() + grain - 1) / grain);
    pool.for_each_chunk(values.size(), grain, [&](std::size_t from, std::size_t to, std::size_t) {
      double sum = 0;
      for (std::size_t i = from; i < to; ++i) sum += term(values[i]);
      parts[from / grain] = sum;
    });
    double sum = 0;
    for (const double part : parts) sum += part;
    return sum;
  }

  std::vector<column_scale> columns_;
};

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_SCALE_HPP
