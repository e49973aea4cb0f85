#ifndef TAILOR_RECOMMEND_MMR_HPP
#define TAILOR_RECOMMEND_MMR_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "reranker.hpp"

namespace tailor::inline v0::recommend {

/// Maximal marginal relevance: next comes what has most of λ · relevance − (1 − λ) · likeness to
/// the item chosen so far that is most alike (Carbonell & Goldstein 1998,
/// doi:10.1145/290941.291025). Relevance is a share of the greatest; likeness below 0 counts as 0.
/// Cost: count · candidates, as many likenesses.
template <item_likeness Likeness>
class mmr {
 public:
  struct scratch {
    std::vector<double> relevance;
    std::vector<double> nearest;  // most likeness to what was chosen; below 0: chosen itself
  };

  /// `lambda` 1 is relevance alone, 0 variety alone; held within these.
  explicit mmr(Likeness likeness, double lambda = 0.7)
      : likeness_(std::move(likeness)), lambda_(detail::held_share(lambda)) {}

  void operator()(std::span<const ranked_input> candidates, std::size_t count, scratch& s,
                  std::vector<std::uint32_t>& out) const {
    out.clear();
    const std::size_t n = candidates.size();
    s.nearest.assign(n, 0);
    detail::relevance_shares(candidates, s.relevance);
    const std::size_t wanted = (std::min)(count, n);
    while (out.size() < wanted) {
      std::size_t best = n;
      double most = 0;
      for (std::size_t i = 0; i < n; ++i) {
        if (s.nearest[i] < 0) continue;
        const double value = lambda_ * s.relevance[i] - (1 - lambda_) * s.nearest[i];
        if (best == n || value > most) {
          best = i;
          most = value;
        }
      }
      out.push_back(static_cast<std::uint32_t>(best));
      s.nearest[best] = -1;
      if (lambda_ == 1 || out.size() == wanted) continue;
      for (std::size_t i = 0; i < n; ++i) {
        if (s.nearest[i] < 0) continue;
        const double alike = likeness_(candidates[best].item, candidates[i].item);
        if (alike > s.nearest[i]) s.nearest[i] = alike;
      }
    }
  }

 private:
  [[no_unique_address]] Likeness likeness_;
  double lambda_;
};

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_MMR_HPP
