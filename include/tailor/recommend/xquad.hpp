#ifndef TAILOR_RECOMMEND_XQUAD_HPP
#define TAILOR_RECOMMEND_XQUAD_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "reranker.hpp"
#include "taste.hpp"
#include "taste_order.hpp"

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
    detail::taste_scratch order;
    std::vector<double> worth;  // of one more item of each group; last: of none
  };

  xquad(Group group, taste of) : xquad(std::move(group), std::move(of), options{}) {}
  xquad(Group group, taste of, const options& o)
      : group_(std::move(group)),
        taste_(std::move(of)),
        options_{.lambda = detail::held_share(o.lambda),
                 .seen_again = detail::held_share(o.seen_again)} {}

  void operator()(std::span<const ranked_input> candidates, std::size_t count, scratch& s,
                  std::vector<std::uint32_t>& out) const {
    s.worth.clear();
    s.worth.reserve(taste_.size() + 1);
    for (const group_share& g : taste_.shares()) s.worth.push_back(g.share);
    s.worth.push_back(0);
    detail::choose_by_taste(
        candidates, count, group_, taste_, s.order, out, [](std::size_t) {},
        [&](double relevance, std::size_t g) {
          return (1 - options_.lambda) * relevance + options_.lambda * s.worth[g];
        },
        [&](std::size_t g) { s.worth[g] *= options_.seen_again; });
  }

 private:
  [[no_unique_address]] Group group_;
  taste taste_;
  options options_;
};

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_XQUAD_HPP
