#ifndef TAILOR_SIMILAR_NEXT_BASKET_HPP
#define TAILOR_SIMILAR_NEXT_BASKET_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "../core/int128.hpp"
#include "../core/result.hpp"
#include "../core/topk.hpp"
#include "basket_list.hpp"
#include "item_weights.hpp"

namespace tailor::inline v0::similar {

struct next_basket_options {
  double fading = 1;  ///< what a basket counts against the next newer one; 0.9 where tastes drift
  double popularity = 1;     ///< what the most popular item has over one that nobody buys
  double pairs = 0.3;        ///< what the item has that goes best with the history
  double pair_fading = 0.8;  ///< as `fading`, for the history that pairs go with

  friend bool operator==(const next_basket_options&, const next_basket_options&) = default;
};

/// How often the shopper bought it, nothing else (P-Top).
[[nodiscard]] constexpr next_basket_options p_top() { return {1, 0, 0, 0.8}; }
/// The same, among equals the more popular (GP-Top).
[[nodiscard]] constexpr next_basket_options gp_top() { return {1, 0.999, 0, 0.8}; }

/// How often an item was bought, by anybody.
struct item_count {
  item_id item{};
  std::int64_t count = 0;
};

/// What may be in the next basket, with the three parts of its score, in units of 2^-20: how often
/// and how lately the shopper bought it, how popular it is, how well it goes with what he bought.
struct basket_item {
  item_id item{};
  std::int64_t score = 0;
  std::int64_t own = 0;
  std::int64_t popular = 0;
  std::int64_t paired = 0;

  /// Whether the shopper had it before: a repeat, not a discovery.
  [[nodiscard]] bool repeats() const { return own > 0; }
  friend bool operator==(const basket_item&, const basket_item&) = default;
};

/// The next basket as a sum: what the shopper buys again, what everybody buys, what goes with what
/// he has. Personal frequency is most of what can be known about baskets (Hu et al. 2020,
/// doi:10.1145/3397271.3401066; Li et al. 2023, doi:10.1145/3587153); the rest is for what is new
/// to him. Whole numbers throughout, and no shopper is compared with another, so an update is that
/// of his own baskets. Immutable; const members may run concurrently.
class next_basket {
 public:
  static constexpr int score_bits = 20;

  next_basket() = default;

  /// `pairs` is any model of item weights; `counts` in any order. out_of_range: an option that is
  /// no number or not in 0 … 1 (fading), 0 … 1000 (the others), or a count below 0; duplicate: an
  /// item counted twice, `at` is its place in the order of items.
  [[nodiscard]] static result<next_basket> make(item_weights pairs,
                                                std::span<const item_count> counts,
                                                const next_basket_options& o = {}) {
    const auto within = [](double x, double high) { return x >= 0 && x <= high; };
    if (!within(o.fading, 1) || !within(o.pair_fading, 1)) {
      return error{errc::out_of_range, "fading"};
    }
    if (!within(o.popularity, 1000)) return error{errc::out_of_range, "popularity"};
    if (!within(o.pairs, 1000)) return error{errc::out_of_range, "pairs"};
    next_basket out;
    out.options_ = o;
    out.pairs_ = std::move(pairs);
    out.counts_.assign(counts.begin(), counts.end());
    std::sort(out.counts_.begin(), out.counts_.end(),
              [](const item_count& a, const item_count& b) { return a.item < b.item; });
    for (std::size_t n = 0; n < out.counts_.size(); ++n) {
      if (out.counts_[n].count < 0) return error{errc::out_of_range, "item count", n};
      if (n > 0 && out.counts_[n].item == out.counts_[n - 1].item) {
        return error{errc::duplicate, "item count", n};
      }
      out.most_ = (std::max)(out.most_, out.counts_[n].count);
    }
    out.by_count_ = out.counts_;
    std::sort(out.by_count_.begin(), out.by_count_.end(), [](const auto& a, const auto& b) {
      return a.count != b.count ? a.count > b.count : a.item < b.item;
    });
    return out;
  }

  [[nodiscard]] const next_basket_options& options() const { return options_; }
  [[nodiscard]] const item_weights& pairs() const { return pairs_; }

  struct scratch {
    std::vector<basket_item> items;
    std::vector<std::pair<item_id, std::int64_t>> own;
    std::vector<seed> seeds;
    item_weights::scratch pairs;
    std::vector<std::pair<item_id, std::int64_t>> paired;
    top_k<std::int64_t, std::pair<item_id, std::uint32_t>> best;
  };

  /// The `count` best for a shopper with these baskets, best first, ties by item; nothing that
  /// scores 0. A shopper without baskets gets what is popular. Cost: O(his items · (log + their
  /// pairs)). Allocates nothing once scratch and `out` have grown.
  void next(const basket_list& baskets, std::size_t count, scratch& s,
            std::vector<basket_item>& out) const {
    s.items.clear();
    count_own(baskets, s);
    count_pairs(s);
    for (const auto& [item, own] : s.own) s.items.push_back({item, 0, own, 0, 0});
    for (const auto& [item, paired] : s.paired) s.items.push_back({item, 0, 0, 0, paired});
    // Of all others none can be among the best but the most popular.
    const std::size_t known = s.items.size();
    const std::size_t others = options_.popularity == 0   ? 0
                               : count > by_count_.size() ? by_count_.size()
                                                          : count + known;
    for (std::size_t n = 0; n < (std::min)(others, by_count_.size()); ++n) {
      s.items.push_back({by_count_[n].item, 0, 0, 0, 0});
    }
    std::sort(s.items.begin(), s.items.end(),
              [](const basket_item& a, const basket_item& b) { return a.item < b.item; });
    std::size_t kept = 0;
    for (std::size_t n = 0; n < s.items.size(); ++n) {
      if (kept > 0 && s.items[kept - 1].item == s.items[n].item) {
        s.items[kept - 1].own += s.items[n].own;
        s.items[kept - 1].paired += s.items[n].paired;
      } else {
        s.items[kept++] = s.items[n];
      }
    }
    s.items.resize(kept);
    s.best.reset((std::min)(count, kept));
    for (std::uint32_t n = 0; n < kept; ++n) {
      basket_item& i = s.items[n];
      i.popular = popular(i.item);
      i.score = i.own + i.popular + i.paired;
      if (i.score > 0) s.best.push(i.score, {i.item, n});
    }
    out.clear();
    for (const auto& b : s.best.take()) out.push_back(s.items[b.id.second]);
  }

 private:
  static constexpr std::int64_t one = std::int64_t{1} << score_bits;

  [[nodiscard]] static std::int64_t rounded(double x) {
    return static_cast<std::int64_t>(std::floor(x * static_cast<double>(one) + 0.5));
  }

  [[nodiscard]] std::int64_t popular(item_id item) const {
    const auto at = std::lower_bound(counts_.begin(), counts_.end(), item,
                                     [](const item_count& c, item_id i) { return c.item < i; });
    if (at == counts_.end() || at->item != item || most_ == 0) return 0;
    return held(int128{at->count} * rounded(options_.popularity) / most_);
  }

  /// What the shopper bought, by item, each basket faded by its age; and the same as seeds.
  void count_own(const basket_list& baskets, scratch& s) const {
    s.own.clear();
    s.seeds.clear();
    double fresh = 1, pair_fresh = 1;
    for (std::size_t b = baskets.size(); b-- > 0;) {
      const std::int64_t worth = rounded(fresh);
      const auto weight = static_cast<std::uint16_t>(std::floor(pair_fresh * 1024 + 0.5));
      for (const item_id item : baskets[b]) {
        s.own.emplace_back(item, worth);
        if (weight > 0) s.seeds.push_back({item, weight});
      }
      fresh *= options_.fading;
      pair_fresh *= options_.pair_fading;
    }
    std::sort(s.own.begin(), s.own.end());
    std::size_t kept = 0;
    for (const auto& o : s.own) {
      if (kept > 0 && s.own[kept - 1].first == o.first) {
        s.own[kept - 1].second += o.second;
      } else {
        s.own[kept++] = o;
      }
    }
    s.own.resize(kept);
  }

  /// What goes with it, the best of it worth `pairs`.
  void count_pairs(scratch& s) const {
    s.paired.clear();
    if (options_.pairs == 0) return;
    std::int64_t most = 0;
    pairs_.for_each_score(s.seeds, s.pairs, [&](std::uint32_t target, std::int64_t score) {
      if (score <= 0) return;
      s.paired.emplace_back(pairs_.items()[target], score);
      most = (std::max)(most, score);
    });
    for (auto& p : s.paired) p.second = held(int128{p.second} * rounded(options_.pairs) / most);
  }

  next_basket_options options_{};
  item_weights pairs_;
  std::vector<item_count> counts_;    // ascending by item
  std::vector<item_count> by_count_;  // most bought first
  std::int64_t most_ = 0;
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_NEXT_BASKET_HPP
