#ifndef TAILOR_OFFER_OVERLAP_COUNT_HPP
#define TAILOR_OFFER_OVERLAP_COUNT_HPP

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "meet_index.hpp"
#include "rule_regions.hpp"

namespace tailor::inline v0::offer::detail {

/// Counts the pairs of rules that may hold together and are not of one group. None of them is
/// looked at: the bits of an index are counted, so that pairs it cannot tell apart count as well.
class overlap_count {
 public:
  struct counted {
    std::uint32_t rule;
    std::uint32_t group;  ///< 0: of its own
  };

  /// `rules` ascend; each has a box.
  overlap_count(const rule_regions& regions, std::span<const counted> rules)
      : regions_(&regions), rules_(rules.begin(), rules.end()) {
    for (std::uint32_t i = 0; i < rules_.size(); ++i) {
      const auto& region = regions[rules_[i].rule];
      first_.push_back(static_cast<std::uint32_t>(order_.size()));
      for (std::uint32_t b = region.first; b < region.last; ++b) {
        if (region.last - region.first > 1) several_.emplace_back(std::uint32_t(order_.size()), i);
        order_.push_back(b);
      }
    }
    first_.push_back(static_cast<std::uint32_t>(order_.size()));
  }

  /// None when that takes more than `looks` looks at 64 boxes each.
  [[nodiscard]] std::optional<std::int64_t> pairs(std::uint64_t looks) const {
    const meet_index index(regions_->boxes(), order_);
    const std::size_t words = index.words();
    std::vector<std::uint64_t> bits(words), some(words), side(words), single(words), own(words);
    for (std::size_t at = 0; at < order_.size(); ++at) {
      single[at / 64] |= std::uint64_t{1} << at % 64;
    }
    for (const auto& [at, rule] : several_) single[at / 64] &= ~(std::uint64_t{1} << at % 64);
    std::vector<std::pair<std::uint32_t, std::uint32_t>> by_group;
    by_group.reserve(rules_.size());
    for (std::uint32_t i = 0; i < rules_.size(); ++i) by_group.emplace_back(rules_[i].group, i);
    std::sort(by_group.begin(), by_group.end());
    meet_index::probe probe;
    std::uint64_t twice = 0;
    for (std::size_t g = 0; g < by_group.size();) {
      std::size_t end = g + 1;
      while (end < by_group.size() && by_group[g].first != 0 &&
             by_group[end].first == by_group[g].first) {
        ++end;
      }
      for (std::size_t i = g; i < end; ++i) mark(by_group[i].second, own, true);
      for (std::size_t i = g; i < end; ++i) {
        const std::uint32_t rule = by_group[i].second;
        std::fill(bits.begin(), bits.end(), 0);
        for (std::uint32_t at = first_[rule]; at < first_[rule + 1]; ++at) {
          index.prepare(regions_->boxes(), order_[at], probe);
          const std::uint64_t cost = words * (probe.rows.size() + 1);
          if (looks < cost) return std::nullopt;
          looks -= cost;
          index.each_word(probe, bits, some, side);
        }
        for (std::size_t w = 0; w < words; ++w) {
          bits[w] &= ~own[w];
          twice += static_cast<std::uint64_t>(std::popcount(bits[w] & single[w]));
        }
        twice += of_several(bits);
      }
      for (std::size_t i = g; i < end; ++i) mark(by_group[i].second, own, false);
      g = end;
    }
    return static_cast<std::int64_t>(twice / 2);
  }

 private:
  void mark(std::uint32_t rule, std::vector<std::uint64_t>& own, bool in) const {
    for (std::uint32_t at = first_[rule]; at < first_[rule + 1]; ++at) {
      const std::uint64_t bit = std::uint64_t{1} << at % 64;
      own[at / 64] = in ? own[at / 64] | bit : own[at / 64] & ~bit;
    }
  }

  /// Of rules with several boxes each counts once.
  [[nodiscard]] std::uint64_t of_several(const std::vector<std::uint64_t>& bits) const {
    std::uint64_t found = 0;
    std::uint32_t last = UINT32_MAX;
    for (const auto& [at, rule] : several_) {
      if (rule == last || (bits[at / 64] >> at % 64 & 1) == 0) continue;
      last = rule;
      ++found;
    }
    return found;
  }

  const rule_regions* regions_;
  std::vector<counted> rules_;
  std::vector<std::uint32_t> order_{};  // boxes
  std::vector<std::uint32_t> first_{};  // of each rule, in order_
  std::vector<std::pair<std::uint32_t, std::uint32_t>> several_{};
};

}  // namespace tailor::inline v0::offer::detail

#endif  // TAILOR_OFFER_OVERLAP_COUNT_HPP
