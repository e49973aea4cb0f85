#ifndef TAILOR_RECOMMEND_XQUAD_HPP
#define TAILOR_RECOMMEND_XQUAD_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "reranker.hpp"
#include "taste.hpp"

namespace tailor::inline v0::recommend {

/// Covers the interests of a shopper: next comes what has most of (1 − λ) · relevance + λ · the
/// share of its group, times `seen_again` for each item of that group chosen already (xQuAD:
/// Santos, Macdonald & Ounis 2010, doi:10.1145/1772690.1772780, with groups for the sub-queries).
/// Relevance is a share of the greatest. Cost: count · candidates.
template <item_group Group>
class xquad {
 public:
  struct options {
    double lambda = 0.5;      ///< how much coverage counts, against relevance; 0 … 1
    double seen_again = 0.5;  ///< what a group is still worth after one of its items, 0 … 1
  };
  struct scratch {
    std::vector<std::size_t> group;
    std::vector<std::uint8_t> chosen;
    std::vector<double> worth;  // of one more item of each group
  };

  xquad(Group group, taste of) : xquad(std::move(group), std::move(of), options{}) {}
  xquad(Group group, taste of, const options& o)
      : group_(std::move(group)), taste_(std::move(of)), options_(o) {}

  void operator()(std::span<const ranked_input> candidates, std::size_t count, scratch& s,
                  std::vector<std::uint32_t>& out) const {
    out.clear();
    const std::size_t n = candidates.size();
    double most_relevant = 0;
    s.group.resize(n);
    for (std::size_t i = 0; i < n; ++i) {
      s.group[i] = taste_.find(group_(candidates[i].item));
      most_relevant = (std::max)(most_relevant, candidates[i].relevance);
    }
    s.chosen.assign(n, 0);
    s.worth.clear();
    for (const group_share& g : taste_.shares()) s.worth.push_back(g.share);
    s.worth.push_back(0);  // of groups that are of no interest
    while (out.size() < (std::min)(count, n)) {
      std::size_t best = n;
      double most = 0;
      for (std::size_t i = 0; i < n; ++i) {
        if (s.chosen[i] != 0) continue;
        const double relevance = most_relevant > 0 ? candidates[i].relevance / most_relevant : 0;
        const double value =
            (1 - options_.lambda) * relevance + options_.lambda * s.worth[s.group[i]];
        if (best == n || value > most) {
          best = i;
          most = value;
        }
      }
      s.chosen[best] = 1;
      s.worth[s.group[best]] *= options_.seen_again;
      out.push_back(static_cast<std::uint32_t>(best));
    }
  }

 private:
  [[no_unique_address]] Group group_;
  taste taste_;
  options options_;
};

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_XQUAD_HPP
