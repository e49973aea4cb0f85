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

namespace tailor::inline v0::recommend {

struct calibrated_options {
  double lambda = 0.5;   ///< how much proportion counts, against relevance; 0 … 1
  double smooth = 0.01;  ///< share of the taste that is mixed into a list, so that no group is at 0
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
/// (candidates
/// + groups).
template <item_group Group>
class calibrated {
 public:
  struct scratch {
    std::vector<std::size_t> group;  // of each candidate, by index in the taste
    std::vector<std::uint8_t> chosen;
    std::vector<double> counts;  // chosen items by group
    std::vector<double> value;   // of the divergence with one more of each group; last: of none
  };

  calibrated(Group group, taste of, const calibrated_options& o = {})
      : group_(std::move(group)), taste_(std::move(of)), options_(o) {}

  void operator()(std::span<const ranked_input> candidates, std::size_t count, scratch& s,
                  std::vector<std::uint32_t>& out) const {
    out.clear();
    const std::size_t n = candidates.size();
    if (taste_.size() == 0) {
      for (std::uint32_t i = 0; i < n && i < count; ++i) out.push_back(i);
      return;
    }
    double most_relevant = 0;
    s.group.resize(n);
    for (std::size_t i = 0; i < n; ++i) {
      s.group[i] = taste_.find(group_(candidates[i].item));
      most_relevant = (std::max)(most_relevant, candidates[i].relevance);
    }
    s.chosen.assign(n, 0);
    s.counts.assign(taste_.size() + 1, 0);
    s.value.resize(taste_.size() + 1);
    while (out.size() < (std::min)(count, n)) {
      const double size = static_cast<double>(out.size()) + 1;
      for (std::size_t g = 0; g <= taste_.size(); ++g) {
        const auto share = [&](std::size_t k) {
          return (s.counts[k] + (k == g ? 1.0 : 0.0)) / size;
        };
        s.value[g] = divergence(taste_, share, options_.smooth);
      }
      std::size_t best = n;
      double most = 0;
      for (std::size_t i = 0; i < n; ++i) {
        if (s.chosen[i] != 0) continue;
        const double relevance = most_relevant > 0 ? candidates[i].relevance / most_relevant : 0;
        const double value =
            (1 - options_.lambda) * relevance - options_.lambda * s.value[s.group[i]];
        if (best == n || value > most) {
          best = i;
          most = value;
        }
      }
      s.chosen[best] = 1;
      s.counts[s.group[best]] += 1;
      out.push_back(static_cast<std::uint32_t>(best));
    }
  }

 private:
  [[no_unique_address]] Group group_;
  taste taste_;
  calibrated_options options_;
};

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_CALIBRATED_HPP
