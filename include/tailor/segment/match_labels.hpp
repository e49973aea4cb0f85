#ifndef TAILOR_SEGMENT_MATCH_LABELS_HPP
#define TAILOR_SEGMENT_MATCH_LABELS_HPP

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "../core/contract.hpp"
#include "../core/result.hpp"

namespace tailor::inline v0::segment {

/// Where nothing is matched.
inline constexpr std::uint32_t no_match = UINT32_MAX;

namespace detail {

/// Gives each of `rows` ≤ `columns` rows a column of its own at the least total cost.
/// `cost(row, column)` is finite. Column by row. Shortest augmenting paths over reduced costs.
template <class Cost>
[[nodiscard]] std::vector<std::uint32_t> assign_rows(std::size_t rows, std::size_t columns,
                                                     const Cost& cost) {
  // Row and column 0 are a place to start from; the real ones count from 1.
  constexpr double far = std::numeric_limits<double>::infinity();
  std::vector<double> row_price(rows + 1, 0), column_price(columns + 1, 0), least(columns + 1);
  std::vector<std::size_t> row_of(columns + 1, 0), before(columns + 1, 0);
  std::vector<unsigned char> reached(columns + 1);
  for (std::size_t row = 1; row <= rows; ++row) {
    row_of[0] = row;
    std::size_t column = 0;
    least.assign(columns + 1, far);
    reached.assign(columns + 1, 0);
    while (row_of[column] != 0) {
      reached[column] = 1;
      const std::size_t from = row_of[column];
      double step = far;
      std::size_t next = 0;
      for (std::size_t j = 1; j <= columns; ++j) {
        if (reached[j] != 0) continue;
        const double reduced = cost(from - 1, j - 1) - row_price[from] - column_price[j];
        if (reduced < least[j]) {
          least[j] = reduced;
          before[j] = column;
        }
        if (next == 0 || least[j] < step) {
          step = least[j];
          next = j;
        }
      }
      for (std::size_t j = 0; j <= columns; ++j) {
        if (reached[j] != 0) {
          row_price[row_of[j]] += step;
          column_price[j] -= step;
        } else {
          least[j] -= step;
        }
      }
      column = next;
    }
    for (; column != 0; column = before[column]) row_of[column] = row_of[before[column]];
  }
  std::vector<std::uint32_t> out(rows, no_match);
  for (std::size_t j = 1; j <= columns; ++j) {
    if (row_of[j] != 0) out[row_of[j] - 1] = static_cast<std::uint32_t>(j - 1);
  }
  return out;
}

}  // namespace detail

/// Matches rows and columns, each at most once and as many as there are of the fewer, such that the
/// costs of the matched sum up to the least: the column of each row, or `no_match`. `cost` is row
/// after row. not_finite when a cost is not, with its index; overflow when one is beyond 10^150.
/// Precondition: `cost.size()` = `rows` · `columns`. Cost: O(min² · max of the two).
/// H. W. Kuhn, "The Hungarian method for the assignment problem", 1955,
/// doi:10.1002/nav.3800020109; as shortest augmenting paths R. Jonker and A. Volgenant, 1987,
/// doi:10.1007/BF02278710.
[[nodiscard]] inline result<std::vector<std::uint32_t>> cheapest_matching(
    std::span<const double> cost, std::size_t rows, std::size_t columns) {
  TAILOR_EXPECTS(cost.size() == rows * columns);
  for (std::size_t i = 0; i < cost.size(); ++i) {
    if (!std::isfinite(cost[i])) return error{errc::not_finite, "cost", i};
    if (std::fabs(cost[i]) > 1e150) return error{errc::overflow, "cost", i};
  }
  if (rows <= columns) {
    return detail::assign_rows(rows, columns, [&](std::size_t row, std::size_t column) {
      return cost[row * columns + column];
    });
  }
  const std::vector<std::uint32_t> row_of = detail::assign_rows(
      columns, rows,
      [&](std::size_t column, std::size_t row) { return cost[row * columns + column]; });
  std::vector<std::uint32_t> out(rows, no_match);
  for (std::size_t j = 0; j < columns; ++j) out[row_of[j]] = static_cast<std::uint32_t>(j);
  return out;
}

/// Labels for the clusters of a new fit, such that who stays near keeps the name: new clusters take
/// the labels of the old ones that they match at the least sum of squared distances; those that
/// match none take numbers from `next` on, which is moved past them. With `next` kept from fit to
/// fit, a label that is gone never comes back with another meaning.
/// `before` and `after` are centres in the same units, one after another, `d` numbers each.
/// Errors: as cheapest_matching. Precondition: sizes fit; labels are below `next`.
[[nodiscard]] inline result<std::vector<std::int64_t>> keep_labels(
    std::span<const double> before, std::span<const std::int64_t> labels,
    std::span<const double> after, std::size_t d, std::int64_t& next) {
  TAILOR_EXPECTS(d > 0 && before.size() == labels.size() * d && after.size() % d == 0);
  const std::size_t k = after.size() / d;
  std::vector<double> cost(k * labels.size());
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = 0; j < labels.size(); ++j) {
      double sum = 0;
      for (std::size_t c = 0; c < d; ++c) {
        const double apart = after[i * d + c] - before[j * d + c];
        sum += apart * apart;
      }
      cost[i * labels.size() + j] = sum;
    }
  }
  const auto matched = cheapest_matching(cost, k, labels.size());
  if (!matched) return matched.error();
  std::vector<std::int64_t> out(k);
  for (std::size_t i = 0; i < k; ++i) {
    out[i] = (*matched)[i] == no_match ? next++ : labels[(*matched)[i]];
  }
  return out;
}

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_MATCH_LABELS_HPP
