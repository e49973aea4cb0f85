#ifndef TAILOR_SIMILAR_TIFU_KNN_HPP
#define TAILOR_SIMILAR_TIFU_KNN_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "../core/executor.hpp"
#include "../core/result.hpp"
#include "../core/topk.hpp"
#include "basket_list.hpp"

namespace tailor::inline v0::similar {

struct tifu_options {
  std::size_t neighbours = 300;
  double within_group = 0.9;    ///< what a basket counts against the next newer one of its group
  double between_groups = 0.7;  ///< what a group counts against the next newer one
  double own = 0.7;             ///< the shopper's own share, the rest is his neighbours'
  std::size_t groups = 7;
};

/// Temporal item frequencies of a shopper and of those most like him: TIFU-KNN (Hu, He, Gao & Zhang
/// 2020, doi:10.1145/3397271.3401066). To compare with: it has to look at all shoppers, and one who
/// leaves changes the neighbours of others. Const members may run concurrently.
class tifu_knn {
 public:
  using vector = std::vector<std::pair<item_id, double>>;  ///< ascending by item

  /// How often and how lately items were bought: baskets are cut into groups, the newer of which
  /// take what does not divide; means within, then over the groups, both faded.
  [[nodiscard]] static vector frequencies(const basket_list& baskets, const tifu_options& o) {
    const std::size_t n = baskets.size();
    const std::size_t groups = (std::min)(n, (std::max)(o.groups, std::size_t{1}));
    vector out;
    std::size_t begin = 0;
    for (std::size_t g = 0; g < groups; ++g) {
      const std::size_t size = n / groups + (groups - g <= n % groups ? 1 : 0);
      const double group = std::pow(o.between_groups, static_cast<double>(groups - 1 - g)) /
                           static_cast<double>(groups);
      for (std::size_t b = 0; b < size; ++b) {
        const double worth = group * std::pow(o.within_group, static_cast<double>(size - 1 - b)) /
                             static_cast<double>(size);
        for (const item_id item : baskets[begin + b]) out.emplace_back(item, worth);
      }
      begin += size;
    }
    // Sums of the same numbers in the same order, whatever sort does with equals.
    std::sort(out.begin(), out.end());
    std::size_t kept = 0;
    for (const auto& e : out) {
      if (kept > 0 && out[kept - 1].first == e.first) {
        out[kept - 1].second += e.second;
      } else {
        out[kept++] = e;
      }
    }
    out.resize(kept);
    return out;
  }

  tifu_knn() = default;

  /// Of the shoppers in the order given. out_of_range: an option that is no number or not in 0 … 1.
  [[nodiscard]] static result<tifu_knn> fit(std::span<const basket_list> shoppers,
                                            const tifu_options& o) {
    for (const double x : {o.within_group, o.between_groups, o.own}) {
      if (!(x >= 0 && x <= 1)) return error{errc::out_of_range, "tifu options"};
    }
    tifu_knn out;
    out.options_ = o;
    out.vectors_.reserve(shoppers.size());
    for (const basket_list& b : shoppers) {
      out.vectors_.push_back(frequencies(b, o));
      for (const auto& [item, worth] : out.vectors_.back()) out.items_.push_back(item);
    }
    std::sort(out.items_.begin(), out.items_.end());
    out.items_.erase(std::unique(out.items_.begin(), out.items_.end()), out.items_.end());
    out.having_.resize(out.items_.size());
    for (std::uint32_t u = 0; u < out.vectors_.size(); ++u) {
      double square = 0;
      for (const auto& [item, worth] : out.vectors_[u]) {
        out.having_[out.place(item)].emplace_back(u, worth);
        square += worth * worth;
      }
      out.squares_.push_back(square);
    }
    return out;
  }

  struct scratch {
    std::vector<double> products;  // by shopper
    std::vector<double> sums;      // by item
    top_k<double, std::uint32_t> nearest;
    top_k<double, item_id> best;
  };
  struct scored_item {
    item_id item{};
    double score = 0;
  };

  /// The `count` best for the n-th shopper; his neighbours are the others. Ties by item and by
  /// shopper. Cost: O(shoppers + Σ over his items of who has them + items of his neighbours).
  void next(std::size_t shopper, std::size_t count, scratch& s,
            std::vector<scored_item>& out) const {
    out.clear();
    const vector& own = vectors_[shopper];
    s.products.assign(vectors_.size(), 0);
    double square = 0;
    for (const auto& [item, worth] : own) {
      for (const auto& [u, other] : having_[place(item)]) s.products[u] += worth * other;
      square += worth * worth;
    }
    s.nearest.reset((std::min)(options_.neighbours, vectors_.size() - 1));
    for (std::uint32_t u = 0; u < vectors_.size(); ++u) {
      if (u == shopper) continue;
      s.nearest.push(2 * s.products[u] - squares_[u] - square, u);  // less the squared distance
    }
    s.sums.assign(items_.size(), 0);
    const auto nearest = s.nearest.take();
    for (const auto& n : nearest) {
      const double share = (1 - options_.own) / static_cast<double>(nearest.size());
      for (const auto& [item, worth] : vectors_[n.id]) s.sums[place(item)] += share * worth;
    }
    for (const auto& [item, worth] : own) s.sums[place(item)] += options_.own * worth;
    s.best.reset((std::min)(count, items_.size()));
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (s.sums[i] > 0) s.best.push(s.sums[i], items_[i]);
    }
    for (const auto& b : s.best.take()) out.push_back({b.id, b.score});
  }

 private:
  [[nodiscard]] std::size_t place(item_id item) const {
    return static_cast<std::size_t>(std::lower_bound(items_.begin(), items_.end(), item) -
                                    items_.begin());
  }

  tifu_options options_{};
  std::vector<vector> vectors_;
  std::vector<double> squares_;
  std::vector<item_id> items_;
  std::vector<std::vector<std::pair<std::uint32_t, double>>> having_;  // by item
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_TIFU_KNN_HPP
