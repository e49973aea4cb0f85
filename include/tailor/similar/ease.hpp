#ifndef TAILOR_SIMILAR_EASE_HPP
#define TAILOR_SIMILAR_EASE_HPP

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "../core/executor.hpp"
#include "../core/result.hpp"
#include "ease_inverse.hpp"
#include "incidence.hpp"
#include "item_weights.hpp"
#include "raw_array.hpp"
#include "sparse_rows.hpp"

namespace tailor::inline v0::similar {

struct ease_options {
  double l2 = 250;     ///< added to each item's own weight; above 0
  double dropout = 0;  ///< times the item's own weight^gamma, added as well: p / (1 - p) of EDLAE
  double gamma = 1;
  double beta = 0;   ///< a shopper of n items counts n^-beta
  double alpha = 0;  ///< weights are multiplied by (rows of source / rows of target)^alpha
};

/// EASE: the linear model that predicts each item best from all others, in closed form: with
/// P = (G + Λ)^-1 it is B_ij = -P_ij / P_jj (Steck 2019, doi:10.1145/3308558.3313710). Exact, for
/// catalogues of some thousand items; `sr_ease` is for more. Without a shopper it has to be fitted
/// again. Needs Eigen. Memory: items² numbers.
template <class Real = float>
class ease {
 public:
  static constexpr std::size_t max_items = 20'000;

  ease() = default;

  /// Rows are shoppers. full: more than max_items; out_of_range: an option that is no number or
  /// outside its range; not_finite: the matrix cannot be inverted in this precision. The same for
  /// any number of threads. Cost: Σ (items of a row)² / 2 and items³ multiplications.
  template <executor Executor = serial_executor>
  [[nodiscard]] static result<ease> fit(const incidence& rows, const ease_options& o = {},
                                        Executor&& pool = {}) {
    const auto within = [](double x, double low, double high) { return x >= low && x <= high; };
    if (!within(o.l2, 1e-9, 1e12)) return error{errc::out_of_range, "l2"};
    if (!within(o.dropout, 0, 1e6)) return error{errc::out_of_range, "dropout"};
    if (!within(o.gamma, 0, 4)) return error{errc::out_of_range, "gamma"};
    if (!within(o.beta, 0, 4)) return error{errc::out_of_range, "beta"};
    if (!within(o.alpha, -4, 4)) return error{errc::out_of_range, "alpha"};
    const std::size_t n = rows.items().size();
    if (n > max_items) return error{errc::full, "ease items", n};
    ease out;
    out.items_.assign(rows.items().begin(), rows.items().end());
    out.b_ = raw_array<Real>(n * n);
    out.count(rows, o, pool);
    if (!detail::negative_inverse(out.b_.data(), n, pool)) return error{errc::not_finite, "ease"};
    out.scale(column_sizes(rows.rows(), n), o, pool);
    return out;
  }

  [[nodiscard]] std::span<const item_id> items() const { return items_; }
  /// What the source says for the target, by index in items().
  [[nodiscard]] Real weight(std::size_t source, std::size_t target) const {
    return b_[target * items_.size() + source];
  }

  /// The model to answer with: for each target the `keep` weights that are greatest in size, ties
  /// by item, or all with 0; in units of 2^-16. out_of_range: a weight of 256 or more. Memory: 8
  /// bytes per weight kept.
  [[nodiscard]] result<item_weights> weights(std::size_t keep = 0) const {
    const std::size_t n = items_.size();
    const std::size_t most = keep == 0 ? n : (std::min)(keep, n);
    std::vector<std::vector<item_weights::entry>> by_source(n);
    std::vector<std::pair<std::int32_t, std::uint32_t>> column;
    for (std::uint32_t t = 0; t < n; ++t) {
      column.clear();
      for (std::uint32_t s = 0; s < n; ++s) {
        const double scaled = std::floor(std::ldexp(static_cast<double>(weight(s, t)), 16) + 0.5);
        if (!(std::fabs(scaled) <= item_weights::max_weight)) {
          return error{errc::out_of_range, "ease weight", t};
        }
        if (s != t && scaled != 0) column.emplace_back(static_cast<std::int32_t>(scaled), s);
      }
      if (column.size() > most) {
        std::nth_element(column.begin(), column.begin() + static_cast<std::ptrdiff_t>(most),
                         column.end(), [](const auto& a, const auto& b) {
                           const auto x = std::abs(a.first), y = std::abs(b.first);
                           return x != y ? x > y : a.second < b.second;
                         });
        column.resize(most);
      }
      for (const auto& [w, s] : column) by_source[s].push_back({t, w});
    }
    std::vector<std::size_t> begin{0};
    std::vector<item_weights::entry> entries;
    begin.reserve(n + 1);
    for (auto& row : by_source) {
      entries.insert(entries.end(), row.begin(), row.end());
      begin.push_back(entries.size());
      row = {};
    }
    return item_weights::make(items_, std::move(begin), std::move(entries), 16);
  }

 private:
  /// The lower half of the Gram matrix, by rows, with the ridge on its diagonal. Sums run over rows
  /// in their order.
  template <class Executor>
  void count(const incidence& rows, const ease_options& o, Executor& pool) {
    const std::size_t n = items_.size();
    const sparse_rows columns = transposed(rows.rows(), n);
    std::vector<Real> worth(rows.rows().rows());
    for (std::size_t r = 0; r < worth.size(); ++r) {
      worth[r] = static_cast<Real>(
          std::pow(static_cast<double>((std::max)(1u, rows.rows().size_of(r))), -o.beta));
    }
    pool.for_each_chunk(n, 16, [&](std::size_t begin, std::size_t end, std::size_t) {
      for (std::size_t i = begin; i < end; ++i) {
        Real* const row = b_.data() + i * n;
        std::fill_n(row, n, Real{0});
        for (const std::uint32_t r : columns[i]) {
          for (const std::uint32_t k : rows.rows()[r]) {
            if (k > i) break;
            row[k] += worth[r];
          }
        }
        const auto own = static_cast<double>(row[i]);
        row[i] += static_cast<Real>(o.l2 + o.dropout * std::pow(own, o.gamma));
      }
    });
  }

  /// From -P, its lower half, to B, by target.
  template <class Executor>
  void scale(const std::vector<std::uint32_t>& degree, const ease_options& o, Executor& pool) {
    const std::size_t n = items_.size();
    // The upper half from the lower, then each row by its own diagonal: P is symmetric.
    pool.for_each_chunk(n, 64, [&](std::size_t begin, std::size_t end, std::size_t) {
      constexpr std::size_t tile = 64;
      for (std::size_t c = end; c < n; c += tile) {
        for (std::size_t r = begin; r < end; ++r) {
          for (std::size_t k = c; k < (std::min)(c + tile, n); ++k) b_[r * n + k] = b_[k * n + r];
        }
      }
      for (std::size_t r = begin; r < end; ++r) {
        for (std::size_t k = r + 1; k < end; ++k) b_[r * n + k] = b_[k * n + r];
      }
    });
    pool.for_each_chunk(n, 16, [&](std::size_t begin, std::size_t end, std::size_t) {
      for (std::size_t t = begin; t < end; ++t) {
        Real* const row = b_.data() + t * n;
        const Real by = Real{-1} / row[t];  // row[t] is -P_tt, row[s] is -P_ts
        for (std::size_t s = 0; s < n; ++s) row[s] *= by;
        row[t] = 0;
        if (o.alpha == 0) continue;
        for (std::size_t s = 0; s < n; ++s) {
          row[s] *= static_cast<Real>(
              std::pow(static_cast<double>(degree[s]) / static_cast<double>(degree[t]), o.alpha));
        }
      }
    });
  }

  std::vector<item_id> items_;
  raw_array<Real> b_;  // by target, then by source
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_EASE_HPP
