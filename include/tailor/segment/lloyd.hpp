#ifndef TAILOR_SEGMENT_LLOYD_HPP
#define TAILOR_SEGMENT_LLOYD_HPP

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "../core/executor.hpp"
#include "cluster_labels.hpp"
#include "distance.hpp"
#include "empty_rule.hpp"
#include "fixed_sums.hpp"
#include "point_weights.hpp"
#include "points.hpp"

namespace tailor::inline v0::segment::detail {

struct lloyd_limits {
  std::uint32_t max_iterations;
  std::uint64_t may_move;  ///< points that may still change their cluster at the end
};

struct lloyd_outcome {
  std::uint32_t iterations = 0;
  bool converged = false;
  double inertia = 0;
};

/// Lloyd's two steps in turn, over the same points from any centres. Only points that change their
/// cluster are added up again.
/// S. P. Lloyd, "Least squares quantization in PCM", IEEE Transactions on Information Theory 28
/// (1982), doi:10.1109/TIT.1982.1056489.
template <class Real, class Sum, class Search, class Distance, class EmptyRule, class X>
class lloyd {
 public:
  static constexpr std::size_t grain = 2048;

  lloyd(const point_view<Real>& points, const point_weights& weights, const extent& where,
        std::size_t k, Search& search, const Distance& distance, const EmptyRule& rule, X& pool)
      : points_(points),
        weights_(weights),
        grid_(where, weights.empty() ? points.n() : 1),
        search_(search),
        distance_(distance),
        rule_(rule),
        pool_(pool),
        labels_(points.n(), k),
        total_(k, points.d()) {
    workers_.reserve(pool.concurrency());
    for (std::size_t w = 0; w < pool.concurrency(); ++w) workers_.emplace_back(k, points.d());
  }

  /// Moves `centres` to where they settle. Labels and counts are those of the centres left there.
  [[nodiscard]] lloyd_outcome run(std::span<double> centres, const lloyd_limits& limits) {
    lloyd_outcome out;
    total_.clear();
    bool all_are_new = true;
    for (;;) {
      search_.prepare(centres);
      const std::uint64_t moved = pass(all_are_new);
      if (out.converged) break;  // that pass made labels agree with the last centres
      if (moved == 0) {
        out.converged = true;
        break;
      }
      if (out.iterations == limits.max_iterations) break;
      ++out.iterations;
      out.converged = !all_are_new && moved <= limits.may_move;
      all_are_new = false;
      if (refill(centres)) out.converged = false;
      total_.centres(grid_, centres);
    }
    out.inertia = inertia(centres);
    return out;
  }

  /// Only labels, counts and inertia, for centres that stay.
  [[nodiscard]] double settle(std::span<const double> centres) {
    total_.clear();
    search_.prepare(centres);
    pass(true);
    return inertia(centres);
  }

  [[nodiscard]] std::span<const std::uint64_t> counts() const { return total_.points(); }
  [[nodiscard]] cluster_labels& labels() { return labels_; }

 private:
  struct worker {
    worker(std::size_t k, std::size_t d) : near(grain), moved(grain), sums(k, d) {}

    std::vector<std::uint32_t> near;
    std::vector<std::uint32_t> moved;
    std::vector<double> row;
    fixed_sums<Sum> sums;
    std::uint64_t moves = 0;
  };

  /// Labels every point anew and takes over what that changes in the sums. How many changed.
  std::uint64_t pass(bool all_are_new) {
    pool_.for_each_chunk(points_.n(), grain,
                         [&](std::size_t first, std::size_t last, std::size_t number) {
                           worker& w = workers_[number];
                           search_.nearest(first, last, w.near.data());
                           if (labels_.words().empty()) {
                             relabel(w, labels_.bytes().data(), first, last, all_are_new);
                           } else {
                             relabel(w, labels_.words().data(), first, last, all_are_new);
                           }
                         });
    std::uint64_t moves = 0;
    for (worker& w : workers_) {
      total_.take(w.sums);
      moves += std::exchange(w.moves, 0);
    }
    return moves;
  }

  template <class Label>
  void relabel(worker& w, Label* labels, std::size_t first, std::size_t last, bool all_are_new) {
    const std::size_t count = last - first;
    const std::uint32_t* near = w.near.data();
    labels += first;
    if (all_are_new) {
      for (std::size_t i = 0; i < count; ++i) {
        labels[i] = static_cast<Label>(near[i]);
        w.sums.add(near[i], points_, first + i, grid_, weights_[first + i]);
      }
      w.moves += count;
      return;
    }
    // Which ones changed is hard to foretell: they are listed without a branch.
    std::uint32_t* moved = w.moved.data();
    std::size_t moves = 0;
    for (std::size_t i = 0; i < count; ++i) {
      moved[moves] = static_cast<std::uint32_t>(i);
      moves += labels[i] != near[i] ? 1U : 0U;
    }
    for (std::size_t m = 0; m < moves; ++m) {
      const std::size_t i = moved[m];
      w.sums.move(labels[i], near[i], points_, first + i, grid_, weights_[first + i]);
      labels[i] = static_cast<Label>(near[i]);
    }
    w.moves += moves;
  }

  [[nodiscard]] double cost(std::size_t i, std::span<const double> centres,
                            std::vector<double>& row) const {
    read_row(points_, i, row);
    const std::size_t d = points_.d();
    return static_cast<double>(weights_[i]) * distance_(row, centres.subspan(labels_[i] * d, d));
  }

  /// Asks the rule about each cluster without points; whether any got one.
  [[nodiscard]] bool refill(std::span<const double> centres) {
    const std::span<const std::uint64_t> counts = total_.points();
    std::vector<double> costs;
    bool any = false;
    for (std::uint32_t c = 0; c < counts.size(); ++c) {
      if (counts[c] != 0) continue;
      if (costs.empty()) {
        costs.resize(points_.n());
        pool_.for_each_chunk(points_.n(), grain,
                             [&](std::size_t first, std::size_t last, std::size_t number) {
                               for (std::size_t i = first; i < last; ++i) {
                                 costs[i] = cost(i, centres, workers_[number].row);
                               }
                             });
      }
      const crowd now{labels_, costs, counts};
      const auto i = rule_.refill(now);
      if (!i || *i >= points_.n() || !now.may_go(*i)) continue;
      total_.move(labels_[*i], c, points_, *i, grid_, weights_[*i]);
      labels_.set(*i, c);
      costs[*i] = 0;
      any = true;
    }
    return any;
  }

  /// Added up chunk by chunk in order, whoever computed them.
  [[nodiscard]] double inertia(std::span<const double> centres) {
    std::vector<double> parts((points_.n() - 1) / grain + 1);
    pool_.for_each_chunk(points_.n(), grain,
                         [&](std::size_t first, std::size_t last, std::size_t number) {
                           double sum = 0;
                           for (std::size_t i = first; i < last; ++i) {
                             sum += cost(i, centres, workers_[number].row);
                           }
                           parts[first / grain] = sum;
                         });
    double sum = 0;
    for (const double part : parts) sum += part;
    return sum * weights_.unit();
  }

  point_view<Real> points_;
  const point_weights& weights_;
  fixed_grid grid_;
  Search& search_;
  const Distance& distance_;
  const EmptyRule& rule_;
  X& pool_;
  cluster_labels labels_;
  fixed_sums<Sum> total_;
  std::vector<worker> workers_;
};

}  // namespace tailor::inline v0::segment::detail

#endif  // TAILOR_SEGMENT_LLOYD_HPP
