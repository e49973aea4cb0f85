#ifndef TAILOR_RECOMMEND_TASTE_HPP
#define TAILOR_RECOMMEND_TASTE_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../core/result.hpp"

namespace tailor::inline v0::recommend {

/// How much of a shopper's interest is in a group.
struct group_share {
  std::uint64_t group = 0;
  double share = 0;
};

/// The shares of a shopper: ascending by group, scaled to add up to 1.
class taste {
 public:
  taste() = default;

  /// not_finite, out_of_range: a share that is no number, or below 0; duplicate: a group twice;
  /// `at` is its index. Shares that are all 0 make an empty taste.
  [[nodiscard]] static result<taste> make(std::span<const group_share> shares) {
    taste out;
    double sum = 0;
    for (std::size_t n = 0; n < shares.size(); ++n) {
      if (!std::isfinite(shares[n].share)) return error{errc::not_finite, "taste share", n};
      if (shares[n].share < 0) return error{errc::out_of_range, "taste share", n};
      for (std::size_t m = 0; m < n; ++m) {
        if (shares[m].group == shares[n].group) return error{errc::duplicate, "taste group", n};
      }
      if (shares[n].share > 0) out.shares_.push_back(shares[n]);
    }
    std::sort(out.shares_.begin(), out.shares_.end(),
              [](const group_share& a, const group_share& b) { return a.group < b.group; });
    for (const group_share& g : out.shares_) sum += g.share;
    if (!std::isfinite(sum)) return error{errc::overflow, "taste shares"};
    for (group_share& g : out.shares_) g.share /= sum;
    return out;
  }

  [[nodiscard]] std::span<const group_share> shares() const { return shares_; }
  /// The index of a group; size() when the shopper has no interest in it.
  [[nodiscard]] std::size_t find(std::uint64_t group) const {
    const auto at =
        std::lower_bound(shares_.begin(), shares_.end(), group,
                         [](const group_share& g, std::uint64_t v) { return g.group < v; });
    return at == shares_.end() || at->group != group
               ? shares_.size()
               : static_cast<std::size_t>(at - shares_.begin());
  }
  [[nodiscard]] std::size_t size() const { return shares_.size(); }

 private:
  std::vector<group_share> shares_;
};

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_TASTE_HPP
