#ifndef TAILOR_RECOMMEND_CALIBRATED_HPP
#define TAILOR_RECOMMEND_CALIBRATED_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "reranker.hpp"
#include "taste.hpp"
#include "taste_order.hpp"

namespace tailor::inline v0::recommend {

struct calibrated_options {
  double lambda = 0.5;   ///< how much proportion counts, against relevance; 0 … 1
  double smooth = 0.01;  ///< share of the taste that is mixed into a list, so that no group is at
                         ///< 0; held within 10^-9 … 1
};

/// Σ p ln(p / q̃) over the groups of a taste p, q̃ = (1 − smooth) q + smooth p: how far a list with
/// the shares q is from it. 0 when they agree. `q(n)` is the share of the n-th group of the taste.
template <class Q>
[[nodiscard]] double divergence(const taste& p, const Q& q, double smooth) {
  double sum = 0;
  for (std::size_t n = 0; n < p.size(); ++n) {
    const double share = p.shares()[n].share;
    sum += share * std::log(share / ((1 - smooth) * q(n) + smooth * share));
  }
  return sum;
}

/// Shows groups in the proportion of the shopper's interest: next comes what makes most of
/// (1 − λ) · Σ relevance − λ · divergence of the list (Steck 2018, doi:10.1145/3240323.3240372).
/// Relevance is a share of the greatest. An empty taste leaves the order as it is. Cost: count ·
/// (candidates + groups), count · groups of it logarithms.
template <item_group Group>
class calibrated {
 public:
  struct scratch {
    detail::taste_scratch order;
    std::vector<double> counts;  // chosen items by group; last: of none
    std::vector<double> nearer;  // how much less the divergence is with one more of each group
  };

  calibrated(Group group, taste of, const calibrated_options& o = {})
      : group_(std::move(group)),
        taste_(std::move(of)),
        options_{.lambda = detail::held_share(o.lambda),
                 .smooth = (std::max)(detail::held_share(o.smooth), 1e-9)} {}

  void operator()(std::span<const ranked_input> candidates, std::size_t count, scratch& s,
                  std::vector<std::uint32_t>& out) const {
    if (taste_.size() == 0) {
      as_ranked::scratch none;
      as_ranked{}(candidates, count, none, out);
      return;
    }
    s.counts.assign(taste_.size() + 1, 0);
    s.nearer.assign(taste_.size() + 1, 0);
    detail::choose_by_taste(
        candidates, count, group_, taste_, s.order, out,
        // Of one size, lists that differ in one item differ in the terms of its group alone: what
        // all have in common does not decide. A term is p ln(q̃), times size: q̃ = (1 - smooth) count
        // + smooth p size.
        [&](std::size_t size) {
          for (std::size_t g = 0; g < taste_.size(); ++g) {
            const double p = taste_.shares()[g].share;
            const double mixed = options_.smooth * p * static_cast<double>(size);
            const double one = 1 - options_.smooth;
            s.nearer[g] = p * std::log1p(one / (one * s.counts[g] + mixed));
          }
        },
        [&](double relevance, std::size_t g) {
          return (1 - options_.lambda) * relevance + options_.lambda * s.nearer[g];
        },
        [&](std::size_t g) { s.counts[g] += 1; });
  }

 private:
  [[no_unique_address]] Group group_;
  taste taste_;
  calibrated_options options_;
};

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_CALIBRATED_HPP
