#ifndef TAILOR_RECOMMEND_SHUFFLED_HPP
#define TAILOR_RECOMMEND_SHUFFLED_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "../core/distributions.hpp"
#include "reranker.hpp"

namespace tailor::inline v0::recommend {

/// Draws what to show from the best, the better ones more often: from `factor` times as many
/// candidates as places, at most `most` but not fewer than places, without replacement, by
/// relevance; those without any come last. The same for the same key, so that a shopper who looks
/// again sees the same; make the key of shopper and day, say. Efraimidis & Spirakis 2006,
/// doi:10.1016/j.ipl.2005.11.003. Cost: O(drawn from · log).
class shuffled {
 public:
  struct scratch {
    std::vector<std::pair<double, std::uint32_t>> drawn;
  };

  explicit shuffled(std::uint64_t key, std::size_t factor = 4, std::size_t most = 50)
      : key_(key), factor_((std::max)(factor, std::size_t{1})), most_(most) {}

  void operator()(std::span<const ranked_input> candidates, std::size_t count, scratch& s,
                  std::vector<std::uint32_t>& out) const {
    out.clear();
    s.drawn.clear();
    const std::size_t wide = count > SIZE_MAX / factor_ ? SIZE_MAX : count * factor_;
    const std::size_t from =
        (std::min)(candidates.size(), (std::max)((std::min)(wide, most_), count));
    for (std::uint32_t n = 0; n < from; ++n) {
      // By item: what is drawn does not depend on who else is among the candidates.
      counter_random draw(key_, raw(candidates[n].item));
      const double relevance = detail::usable(candidates[n].relevance);
      s.drawn.emplace_back(
          relevance > 0 ? exponential(draw) / relevance : std::numeric_limits<double>::infinity(),
          n);
    }
    std::sort(s.drawn.begin(), s.drawn.end());
    for (std::size_t n = 0; n < s.drawn.size() && n < count; ++n) out.push_back(s.drawn[n].second);
  }

 private:
  std::uint64_t key_;
  std::size_t factor_;
  std::size_t most_;
};

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_SHUFFLED_HPP
