#ifndef TAILOR_SEGMENT_LLOYD_HPP
#define TAILOR_SEGMENT_LLOYD_HPP

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "../core/executor.hpp"
#include "assignment.hpp"
#include "cluster_labels.hpp"
#include "different_labels.hpp"
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
        grid_(where, unit_of(search), weights.empty() ? points.n() : 1),
        search_(search),
        distance_(distance),
        rule_(rule),
        pool_(pool),
        order_(order_of(search)),
        labels_(points.n(), k),
        placed_(order_.size(), k),
        total_(k, points.d()) {
    for (const double mean : where.mean) mean_.push_back(static_cast<Real>(mean));
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
    tell_labels();
    out.inertia = inertia(centres);
    return out;
  }

  /// Only labels, counts and inertia, for centres that stay.
  [[nodiscard]] double settle(std::span<const double> centres) {
    total_.clear();
    search_.prepare(centres);
    pass(true);
    tell_labels();
    return inertia(centres);
  }

  /// What each point costs with the labels of the last run: weight times distance, in the unit of
  /// the weights.
  void costs(std::span<const double> centres, std::vector<double>& out) {
    out.resize(points_.n());
    pool_.for_each_chunk(points_.n(), grain,
                         [&](std::size_t first, std::size_t last, std::size_t number) {
                           for (std::size_t i = first; i < last; ++i) {
                             out[i] = cost(i, centres, workers_[number]);
                           }
                         });
  }

  [[nodiscard]] std::span<const std::uint64_t> counts() const { return total_.points(); }
  [[nodiscard]] cluster_labels& labels() { return labels_; }

 private:
  struct worker {
    worker(std::size_t k, std::size_t d) : near(grain), centred(d), sums(k, d) {}

    std::vector<std::uint32_t> near;
    std::vector<Real> centred;
    std::vector<double> row;
    fixed_sums<Sum> sums;
    std::uint64_t moves = 0;
  };

  /// Labels every point anew and takes over what that changes in the sums. How many changed.
  std::uint64_t pass(bool all_are_new) {
    cluster_labels& labels = order_.empty() ? labels_ : placed_;
    pool_.for_each_chunk(points_.n(), grain,
                         [&](std::size_t first, std::size_t last, std::size_t number) {
                           worker& w = workers_[number];
                           search_.nearest(first, last, w.near.data());
                           if (labels.words().empty()) {
                             relabel(w, labels.bytes().data(), first, last, all_are_new);
                           } else {
                             relabel(w, labels.words().data(), first, last, all_are_new);
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
    const bool reads_rows = inside(first, w).first == w.centred.data();
    labels += first;
    if (all_are_new) {
      for (std::size_t i = 0; i < count; ++i) {
        labels[i] = static_cast<Label>(near[i]);
        if (reads_rows && i + 16 < count) __builtin_prefetch(points_.row(row_at(first + i + 16)));
        w.sums.add(near[i], inside(first + i, w), grid_, weights_[row_at(first + i)]);
      }
      w.moves += count;
      return;
    }
    std::uint64_t all_moved[grain / 64];  // known before they are moved, to ask for their rows
    for (std::size_t from = 0; from < count; from += 64) {
      const std::size_t some = (std::min)(std::size_t{64}, count - from);
      const std::uint64_t moved = different_labels(labels + from, near + from, some);
      all_moved[from / 64] = moved;
      w.moves += static_cast<std::uint64_t>(std::popcount(moved));
      // Written out: g++ 12 takes a function that only asks for memory for one that does nothing.
      for (std::uint64_t left = reads_rows ? moved : 0; left != 0; left &= left - 1) {
        const auto n = static_cast<std::size_t>(std::countr_zero(left));
        const Real* row = points_.row(row_at(first + from + n));
        __builtin_prefetch(row);
        __builtin_prefetch(row +
                           static_cast<std::ptrdiff_t>(points_.d() - 1) * points_.column_stride());
      }
    }
    for (std::size_t from = 0; from < count; from += 64) {
      std::uint64_t moved = all_moved[from / 64];
      for (; moved != 0; moved &= moved - 1) {
        const std::size_t i = from + static_cast<std::size_t>(std::countr_zero(moved));
        w.sums.move(labels[i], near[i], inside(first + i, w), grid_, weights_[row_at(first + i)]);
        labels[i] = static_cast<Label>(near[i]);
      }
    }
  }

  [[nodiscard]] std::size_t row_at(std::size_t place) const {
    return order_.empty() ? place : order_[place];
  }
  /// Where the search has points in an order of its own, their labels are told in the given one
  /// only when somebody wants to know.
  void tell_labels() {
    for (std::size_t place = 0; place < order_.size(); ++place) {
      labels_.set(order_[place], placed_[place]);
    }
  }

  /// A point counted from the means, from the search if it keeps such points: they are at hand
  /// then, while the row may be far away in memory.
  [[nodiscard]] centred_point<Real> inside(std::size_t place, worker& w) const {
    if constexpr (requires { search_.inside(place); }) {
      if (const centred_point<Real> kept = search_.inside(place); kept.first != nullptr)
        return kept;
    }
    const std::size_t row = row_at(place);
    if (points_.column_stride() == 1) {
      const Real* from = points_.row(row);
      for (std::size_t j = 0; j < points_.d(); ++j) w.centred[j] = from[j] - mean_[j];
    } else {
      for (std::size_t j = 0; j < points_.d(); ++j) w.centred[j] = points_(row, j) - mean_[j];
    }
    return {w.centred.data(), 1};
  }
  [[nodiscard]] static double unit_of(const Search& search) {
    if constexpr (requires { search.scale(); }) {
      return search.scale();
    } else {
      return 1;
    }
  }

  [[nodiscard]] double cost(std::size_t i, std::span<const double> centres, worker& w) const {
    const std::size_t d = points_.d();
    const std::span<const double> centre = centres.subspan(labels_[i] * d, d);
    if constexpr (std::is_same_v<Distance, squared_euclidean>) {
      if (points_.column_stride() == 1) {
        return static_cast<double>(weights_[i]) * squared_distance(points_.row(i), centre);
      }
    }
    read_row(points_, i, w.row);
    return static_cast<double>(weights_[i]) * distance_(w.row, centre);
  }

  [[nodiscard]] std::size_t place_of(std::size_t row) const {
    if (order_.empty()) return row;
    return static_cast<std::size_t>(std::find(order_.begin(), order_.end(), row) - order_.begin());
  }

  /// Asks the rule about each cluster without points; whether any got one.
  [[nodiscard]] bool refill(std::span<const double> centres) {
    const std::span<const std::uint64_t> counts = total_.points();
    std::vector<double> each;
    bool any = false;
    for (std::uint32_t c = 0; c < counts.size(); ++c) {
      if (counts[c] != 0) continue;
      if (each.empty()) {
        tell_labels();
        costs(centres, each);
      }
      const crowd now{labels_, each, counts};
      const auto i = rule_.refill(now);
      if (!i || *i >= points_.n() || !now.may_go(*i)) continue;
      const std::size_t place = place_of(*i);
      total_.move(labels_[*i], c, inside(place, workers_[0]), grid_, weights_[*i]);
      labels_.set(*i, c);
      if (!order_.empty()) placed_.set(place, c);
      each[*i] = 0;
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
                             if (i + 16 < last) __builtin_prefetch(points_.row(i + 16));
                             sum += cost(i, centres, workers_[number]);
                           }
                           parts[first / grain] = sum;
                         });
    double sum = 0;
    for (const double part : parts) sum += part;
    return sum * weights_.unit();
  }

  point_view<Real> points_;
  const point_weights& weights_;
  std::vector<Real> mean_;
  fixed_grid grid_;
  Search& search_;
  const Distance& distance_;
  const EmptyRule& rule_;
  X& pool_;
  std::span<const std::uint32_t> order_;  // the row of each place of the search, if that differs
  cluster_labels labels_;                 // of each row
  cluster_labels placed_;                 // of each place, if that differs
  fixed_sums<Sum> total_;
  std::vector<worker> workers_;
};

}  // namespace tailor::inline v0::segment::detail

#endif  // TAILOR_SEGMENT_LLOYD_HPP
