#ifndef TAILOR_OFFER_SHADOW_SEARCH_HPP
#define TAILOR_OFFER_SHADOW_SEARCH_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "compiled_rules.hpp"
#include "cover_index.hpp"
#include "finding.hpp"
#include "rule_regions.hpp"

namespace tailor::inline v0::offer::detail {

/// Finds the rules that `first_by_priority` never chooses, because an earlier one holds whenever
/// they do. Let B be a rule that holds, and A an earlier one that then holds as well.
///
/// - A and B in one group, none alone: when A is reached, its group has its rule already, or gets
///   it in A, or one that stands alone has ended the search. B is not chosen.
/// - B alone: when A has been reached something is chosen, and B is not beside it.
/// - A alone: A is chosen when nothing is before it. So B is not chosen, if no rule before A that
///   may hold together with B leaves B a place: each of them is alone, or of B's group.
class shadow_search {
 public:
  shadow_search(const compiled_rules& rules, const rule_regions& regions, std::uint64_t most_looks)
      : rules_(&rules), regions_(&regions), left_(most_looks) {}

  void run(std::vector<finding>& out) {
    index_rules();
    const auto count = static_cast<std::uint32_t>(regions_->size());
    for (std::uint32_t b = 0; b < count; ++b) {
      if ((*regions_)[b].is != rule_regions::state::may_hold) continue;
      const std::optional<finding> f = shadow_of(b);
      if (left_ == 0) {
        out.push_back({finding_kind::cut, b, finding::none, "of rules that are never chosen",
                       std::int64_t{count - b}});
        return;
      }
      if (f.has_value()) out.push_back(*f);
    }
  }
  /// Pairs that were not looked at for want of looks are none of these.
  [[nodiscard]] std::uint64_t looks_left() const { return left_; }

 private:
  [[nodiscard]] bool alone(std::uint32_t r) const {
    return rules_->rules[r].combines == combining::alone;
  }
  [[nodiscard]] std::uint32_t group(std::uint32_t r) const { return rules_->compiled[r].group; }

  void index_rules() {
    std::vector<cover_index::entry> all, alones;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> grouped;  // (group, rule)
    bool any_alone = false;
    group_index_.assign(regions_->size(), box_table::nothing);
    for (std::uint32_t r = 0; r < regions_->size(); ++r) {
      any_alone |= alone(r);
      if (alone(r)) add(r, alones);
      if (!alone(r) && group(r) != 0) grouped.emplace_back(group(r), r);
    }
    std::sort(grouped.begin(), grouped.end());
    for (std::size_t i = 0; i < grouped.size();) {
      std::vector<cover_index::entry> members;
      std::size_t j = i;
      for (; j < grouped.size() && grouped[j].first == grouped[i].first; ++j) {
        add(grouped[j].second, members);
        group_index_[grouped[j].second] = static_cast<std::uint32_t>(groups_.size());
      }
      groups_.emplace_back(regions_->boxes(), std::move(members));
      i = j;
    }
    if (!any_alone) return;
    alones_.emplace(regions_->boxes(), std::move(alones));
    for (std::uint32_t r = 0; r < regions_->size(); ++r) add(r, all);
    all_.emplace(regions_->boxes(), std::move(all));
  }

  void add(std::uint32_t r, std::vector<cover_index::entry>& to) const {
    const rule_regions::region& region = (*regions_)[r];
    if (region.is != rule_regions::state::may_hold) return;
    for (std::uint32_t i = region.first; i < region.last; ++i) {
      if (regions_->exact(i)) to.push_back({i, r});
    }
    if (region.core != box_table::nothing) to.push_back({region.core, r});
  }

  [[nodiscard]] std::optional<finding> shadow_of(std::uint32_t b) {
    finding out{finding_kind::shadowed, b};
    if (alone(b)) {
      if (all_.has_value()) out.other = first_implied(*all_, b);
      out.what = "stands alone and is never chosen: a rule before it holds whenever it does,";
    } else {
      if (group_index_[b] != box_table::nothing) {
        out.other = first_implied(groups_[group_index_[b]], b);
        out.what = "is never chosen: a rule of its group before it holds whenever it does,";
      }
      if (alones_.has_value()) {
        const std::uint32_t a = first_implied(*alones_, b);
        if (a < out.other && nothing_before(a, b)) {
          out.other = a;
          out.what = "is never chosen: a rule before it stands alone and holds whenever it does,";
        }
      }
    }
    if (out.other == finding::none) return std::nullopt;
    return out;
  }

  /// The first rule before b that certainly holds whenever b does; none when there is none.
  [[nodiscard]] std::uint32_t first_implied(const cover_index& among, std::uint32_t b) {
    const rule_regions::region& region = (*regions_)[b];
    std::uint32_t below = b;
    among.each(region.first, below, [&](const cover_index::entry& e) {
      if (!look()) {
        below = 0;
      } else if (regions_->boxes().covers(e.box, region.first) && regions_->implies(b, e.rule)) {
        below = e.rule;
      }
    });
    return below == b ? finding::none : below;
  }

  [[nodiscard]] bool nothing_before(std::uint32_t a, std::uint32_t b) {
    for (std::uint32_t x = 0; x < a; ++x) {
      if (!look()) return false;
      if (alone(x) || (group(x) != 0 && group(x) == group(b))) continue;
      if (regions_->may_meet(x, b)) return false;
    }
    return true;
  }

  [[nodiscard]] bool look() {
    if (left_ > 0) --left_;
    return left_ > 0;
  }

  const compiled_rules* rules_;
  const rule_regions* regions_;
  std::uint64_t left_;
  std::vector<cover_index> groups_{};
  std::vector<std::uint32_t> group_index_{};  // of each rule
  std::optional<cover_index> alones_{};
  std::optional<cover_index> all_{};
};

}  // namespace tailor::inline v0::offer::detail

#endif  // TAILOR_OFFER_SHADOW_SEARCH_HPP
