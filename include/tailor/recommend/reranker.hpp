#ifndef TAILOR_RECOMMEND_RERANKER_HPP
#define TAILOR_RECOMMEND_RERANKER_HPP

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../core/ids.hpp"

namespace tailor::inline v0::recommend {

/// A candidate as an order sees it, best first. Relevance that is no finite number above 0 counts
/// as 0: the least, not an error.
struct ranked_input {
  item_id item{};
  double relevance = 0;
};

/// Puts candidates in the order in which they are to be shown: `r(candidates, count, scratch, out)`
/// fills `out` with at most `count` positions in `candidates`, each once, the first to be shown
/// first. Must be pure, break ties by position, and allocate nothing once its `R::scratch` and
/// `out` have grown.
template <class R>
concept reranker = requires(const R& r, std::span<const ranked_input> candidates, std::size_t count,
                            typename R::scratch& s,
                            std::vector<std::uint32_t>& out) { r(candidates, count, s, out); };

/// Leaves the order as it is.
struct as_ranked {
  struct scratch {};

  void operator()(std::span<const ranked_input> candidates, std::size_t count, scratch&,
                  std::vector<std::uint32_t>& out) const {
    out.clear();
    for (std::uint32_t n = 0; n < candidates.size() && n < count; ++n) out.push_back(n);
  }
};

/// How alike two items are: `l(a, b)`, symmetric, 1 for the same, 0 for nothing in common. What is
/// no number counts as 0.
template <class L>
concept item_likeness = requires(const L& l, item_id item) {
  { l(item, item) } -> std::convertible_to<double>;
};

/// The group an item belongs to, a category or a brand: `g(item)`; 0 is none.
template <class G>
concept item_group = requires(const G& g, item_id item) {
  { g(item) } -> std::convertible_to<std::uint64_t>;
};

/// Alike are items of the same group, those without one nothing.
template <item_group Group>
struct same_group {
  Group group;

  [[nodiscard]] double operator()(item_id a, item_id b) const {
    if (a == b) return 1;
    const std::uint64_t of_a = group(a);
    return of_a != 0 && of_a == group(b) ? 1.0 : 0.0;
  }
};

namespace detail {

[[nodiscard]] inline double usable(double relevance) {
  return relevance > 0 && std::isfinite(relevance) ? relevance : 0.0;
}

/// Relevance as a share of the greatest: 0 … 1, all 0 when nobody has any.
inline void relevance_shares(std::span<const ranked_input> candidates, std::vector<double>& out) {
  out.resize(candidates.size());
  double most = 0;
  for (std::size_t n = 0; n < candidates.size(); ++n) {
    out[n] = usable(candidates[n].relevance);
    most = (std::max)(most, out[n]);
  }
  if (most == 0) return;
  for (double& r : out) r /= most;
}

/// An option between 0 and 1, held within these; what is no number is 0.
[[nodiscard]] inline double held_share(double option) {
  return option > 0 ? (std::min)(option, 1.0) : 0.0;
}

}  // namespace detail

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_RERANKER_HPP
