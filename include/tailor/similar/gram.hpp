#ifndef TAILOR_SIMILAR_GRAM_HPP
#define TAILOR_SIMILAR_GRAM_HPP

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "../core/executor.hpp"
#include "incidence.hpp"
#include "raw_array.hpp"
#include "sparse_rows.hpp"

namespace tailor::inline v0::similar {

struct gram_options {
  double beta = 0.25;  ///< a row of n items counts n^-beta; 0 … 4
  /// Memory for the pairs of the most popular items, which are kept as half a matrix: nearly all
  /// questions are about them.
  std::size_t head_bytes = std::size_t{256} << 20;
};

/// For every pair of items the sum of the weights of the rows with both: the matrix that linear
/// item models regress on. Whole numbers in units of 2^-bits, so that sums do not depend on their
/// order. Memory: head_bytes, 8 bytes for each pair with an item beyond the head, 12 per item.
class gram {
 public:
  /// The weights of one item with all others, while they are being counted.
  struct column {
    std::uint32_t item = 0;
    std::span<const std::uint32_t> touched;  ///< items with a weight, itself too, in no order
    const std::uint32_t* weight = nullptr;   ///< by item
  };

  /// Counts all pairs and calls `see(column, worker)` for each item, concurrently.
  /// Cost: Σ over the rows of (items in the row)², spread over the executor.
  template <executor Executor, class See>
  [[nodiscard]] static gram count(const incidence& rows, const gram_options& o, Executor&& pool,
                                  const See& see) {
    gram out(rows, o);
    out.fill(rows, pool, see);
    return out;
  }

  [[nodiscard]] std::size_t items() const { return degree_.size(); }
  [[nodiscard]] int bits() const { return bits_; }
  /// Rows of an item, each counted once.
  [[nodiscard]] std::uint32_t degree(std::uint32_t item) const { return degree_[item]; }
  /// Σ of the weights of its rows.
  [[nodiscard]] std::uint32_t diagonal(std::uint32_t item) const { return diagonal_[item]; }

  /// What `gather` works in, one per thread.
  struct scratch {
    std::vector<std::uint32_t> place;  // by item, one more than its place in the support; else 0
    std::vector<std::pair<std::uint32_t, std::uint32_t>> found;  // place and weight of a list's
    std::vector<std::pair<std::uint32_t, std::uint32_t>> head;   // row and place of its head items
  };

  /// Writes the weights of all pairs of a support (distinct items) to `out`, a full matrix of rows
  /// of `stride` numbers; other cells of its rows are not touched. Cost: O(support²), and the
  /// lengths of the lists of its items beyond the head.
  template <class Real>
  void gather(std::span<const std::uint32_t> support, scratch& s, Real* out,
              std::size_t stride) const {
    if (s.place.size() < items()) s.place.resize(items());
    s.head.clear();
    const std::size_t m = support.size();
    for (std::size_t a = 0; a < m; ++a) {
      std::fill_n(out + a * stride, m, Real{0});
      out[a * stride + a] = static_cast<Real>(diagonal_[support[a]]);
      s.place[support[a]] = static_cast<std::uint32_t>(a + 1);
      const std::uint32_t row = head_row_[support[a]];
      if (row != none) s.head.emplace_back(row, static_cast<std::uint32_t>(a));
    }
    // In the order of popularity: what is read of a row lies close together at its front.
    std::sort(s.head.begin(), s.head.end());
    for (std::size_t n = 1; n < s.head.size(); ++n) {
      const std::uint32_t* const row = head_.data() + head_begin(s.head[n].first);
      const std::size_t a = s.head[n].second;
      for (std::size_t k = 0; k < n; ++k) {
        const auto weight = static_cast<Real>(row[s.head[k].first]);
        out[a * stride + s.head[k].second] = weight;
        out[s.head[k].second * stride + a] = weight;
      }
    }
    for (std::size_t a = 0; a < m; ++a) {
      if (a + 2 < m && head_row_[support[a + 2]] == none) prefetch(tail_of(support[a + 2]));
      if (head_row_[support[a]] != none) continue;
      const std::span<const cell> tail = tail_of(support[a]);
      if (s.found.size() < tail.size()) s.found.resize(tail.size());
      std::size_t found = 0;  // without a branch that nobody can foretell
      for (const cell& c : tail) {
        const std::uint32_t place = s.place[c.item];
        s.found[found] = {place, c.weight};
        found += place != 0 ? 1 : 0;
      }
      for (const auto& [place, weight] : std::span(s.found).first(found)) {
        out[a * stride + place - 1] = static_cast<Real>(weight);
        out[(place - 1) * stride + a] = static_cast<Real>(weight);
      }
    }
    for (const std::uint32_t item : support) s.place[item] = 0;
  }

 private:
  struct cell {
    std::uint32_t item = 0;
    std::uint32_t weight = 0;
  };
  static constexpr std::uint32_t none = UINT32_MAX;
  static constexpr std::size_t grain = 32;

  gram(const incidence& rows, const gram_options& o)
      : degree_(column_sizes(rows.rows(), rows.items().size())) {
    const std::size_t n = degree_.size();
    std::uint32_t most = 1;
    for (const std::uint32_t d : degree_) most = (std::max)(most, d);
    bits_ = (std::min)(16, 32 - static_cast<int>(std::bit_width(most)));
    std::uint32_t longest = 0;
    for (std::size_t r = 0; r < rows.rows().rows(); ++r) {
      longest = (std::max)(longest, rows.rows().size_of(r));
    }
    weight_.assign(std::size_t{longest} + 1, 1);
    for (std::uint32_t size = 1; size <= longest; ++size) {
      const double weight = std::ldexp(std::pow(static_cast<double>(size), -o.beta), bits_);
      weight_[size] = (std::max)(1u, static_cast<std::uint32_t>(std::floor(weight + 0.5)));
    }
    diagonal_.assign(n, 0);
    for (std::size_t r = 0; r < rows.rows().rows(); ++r) {
      for (const std::uint32_t c : rows.rows()[r]) diagonal_[c] += weight_[rows.rows().size_of(r)];
    }
    // The most popular items that the memory takes, ties by item.
    const auto fits = static_cast<std::size_t>(std::sqrt(static_cast<double>(o.head_bytes) / 2));
    const std::size_t head_size = (std::min)(fits, n);
    std::vector<std::uint32_t> order(n);
    for (std::uint32_t c = 0; c < n; ++c) order[c] = c;
    std::sort(order.begin(), order.end(), [this](std::uint32_t a, std::uint32_t b) {
      return degree_[a] != degree_[b] ? degree_[a] > degree_[b] : a < b;
    });
    head_row_.assign(n, none);
    for (std::uint32_t r = 0; r < head_size; ++r) head_row_[order[r]] = r;
    head_ = raw_array<std::uint32_t>(head_begin(head_size));
    tails_.resize((n + grain - 1) / grain);
    tail_begin_.assign(n + 1, 0);
  }

  template <class Executor, class See>
  void fill(const incidence& rows, Executor& pool, const See& see) {
    const sparse_rows columns = transposed(rows.rows(), items());
    struct worker {
      std::vector<std::uint32_t> weight;
      std::vector<std::uint32_t> touched;
    };
    std::vector<worker> workers(pool.concurrency());
    pool.for_each_chunk(items(), grain,
                        [&](std::size_t begin, std::size_t end, std::size_t number) {
                          worker& w = workers[number];
                          w.weight.resize(items());
                          w.touched.resize(items() + 1);
                          std::vector<cell>& tail = tails_[begin / grain];
                          for (auto item = static_cast<std::uint32_t>(begin); item < end; ++item) {
                            std::size_t size = 0;
                            for (const std::uint32_t r : columns[item]) {
                              const std::uint32_t add = weight_[rows.rows().size_of(r)];
                              for (const std::uint32_t c : rows.rows()[r]) {
                                w.touched[size] = c;
                                size += std::size_t{w.weight[c] == 0};
                                w.weight[c] += add;
                              }
                            }
                            const std::span<const std::uint32_t> touched(w.touched.data(), size);
                            keep(item, touched, w.weight.data(), tail);
                            tail_begin_[item + 1] = static_cast<std::uint32_t>(tail.size());
                            see(column{item, touched, w.weight.data()}, number);
                            for (const std::uint32_t c : touched) w.weight[c] = 0;
                          }
                          tail.shrink_to_fit();
                        });
  }

  /// Where the row of a head item begins: it holds those more popular.
  [[nodiscard]] static constexpr std::size_t head_begin(std::size_t row) {
    return row * (row - 1) / 2;
  }

  void keep(std::uint32_t item, std::span<const std::uint32_t> touched, const std::uint32_t* weight,
            std::vector<cell>& tail) {
    const std::uint32_t row = head_row_[item];
    if (row == none) {
      for (const std::uint32_t c : touched) {
        if (c != item) tail.push_back({c, weight[c]});
      }
      return;
    }
    std::uint32_t* const out = head_.data() + head_begin(row);
    std::fill_n(out, row, 0u);
    for (const std::uint32_t c : touched) {
      if (head_row_[c] < row) out[head_row_[c]] = weight[c];
    }
  }

  /// Within a chunk lists begin where the one before ends; the first at 0.
  [[nodiscard]] std::span<const cell> tail_of(std::uint32_t item) const {
    const std::size_t begin = item % grain == 0 ? 0 : tail_begin_[item];
    return std::span(tails_[item / grain]).subspan(begin, tail_begin_[item + 1] - begin);
  }

  /// Lists lie far apart; where one has begun, memory sees what is coming.
  static void prefetch(std::span<const cell> tail) {
    for (std::size_t n = 0; n < (std::min)(tail.size(), std::size_t{64}); n += 8) {
      __builtin_prefetch(tail.data() + n);
    }
  }

  int bits_ = 0;
  std::vector<std::uint32_t> degree_;    // by item
  std::vector<std::uint32_t> diagonal_;  // likewise
  std::vector<std::uint32_t> weight_;    // by row size
  std::vector<std::uint32_t> head_row_;  // by item; none beyond the head
  raw_array<std::uint32_t> head_;
  std::vector<std::vector<cell>> tails_;   // by chunk of items
  std::vector<std::uint32_t> tail_begin_;  // by item, within its chunk
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_GRAM_HPP
