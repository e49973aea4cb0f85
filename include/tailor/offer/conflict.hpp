#ifndef TAILOR_OFFER_CONFLICT_HPP
#define TAILOR_OFFER_CONFLICT_HPP

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "../core/int128.hpp"
#include "discount.hpp"
#include "rule.hpp"

namespace tailor::inline v0::offer {

/// A rule that holds, waiting to be combined with others; they come in the order in which rules are
/// considered.
struct proposal {
  std::uint32_t rule = 0;
  std::uint32_t group = 0;  ///< 0: of its own
  combining combines = combining::with_others;
};

/// What a set of proposals comes to, in minor units.
struct trial_outcome {
  std::int64_t given = 0;    ///< to the shopper, gifts at their worth
  std::int64_t revenue = 0;  ///< what the lines cost then
  std::int64_t cost = 0;     ///< what they cost the shop
};

/// Says how often a whole cart is priced to find the set of proposals, at most.
struct search_limit {
  std::size_t trials = 64;
};

/// What is left to price, and whether the search ended before it had seen everything.
struct conflict_scratch {
  std::vector<std::uint32_t> chosen{};  ///< proposals, ascending: the answer
  std::vector<std::uint32_t> trial{};
  std::vector<std::uint32_t> best{};
  std::vector<std::pair<std::uint32_t, std::uint32_t>> groups{};  ///< (group, proposal), sorted
  std::vector<std::uint32_t> first{};  ///< of each group in `groups`, and the end
  std::vector<std::uint32_t> picked{};
  bool cut = false;
};

/// Decides which proposals survive together: `rule.choose(proposals, price, scratch)` puts them
/// into `scratch.chosen`, ascending; `price(chosen)` tells what a set of them comes to.
/// Law: the answer depends on what the proposals are, not on the order in which rules were given.
template <class C>
concept conflict_rule = requires(const C& c, std::span<const proposal> p, conflict_scratch& scratch,
                                 trial_outcome (*price)(std::span<const std::uint32_t>)) {
  c.choose(p, price, scratch);
};

namespace detail {

/// Proposals that may be combined, by group, those of no group each in one of its own.
inline void group_proposals(std::span<const proposal> p, conflict_scratch& s) {
  s.groups.clear();
  s.first.clear();
  for (std::uint32_t i = 0; i < p.size(); ++i) {
    if (p[i].combines == combining::alone) continue;
    s.groups.emplace_back(p[i].group == 0 ? UINT32_MAX - i : p[i].group, i);
  }
  std::sort(s.groups.begin(), s.groups.end());
  for (std::uint32_t g = 0; g < s.groups.size(); ++g) {
    if (g == 0 || s.groups[g - 1].first != s.groups[g].first) s.first.push_back(g);
  }
  s.first.push_back(static_cast<std::uint32_t>(s.groups.size()));
}

inline void take_picked(const std::vector<std::uint32_t>& picked, conflict_scratch& s) {
  s.trial.clear();
  for (std::size_t g = 0; g < picked.size(); ++g) {
    s.trial.push_back(s.groups[s.first[g] + picked[g]].second);
  }
  std::sort(s.trial.begin(), s.trial.end());
}

}  // namespace detail

/// In the order in which they are considered, each that goes with those before it: of a group the
/// first, and nothing beside one that stands alone. Prices nothing: O(proposals · log).
struct first_by_priority {
  template <class Price>
  void choose(std::span<const proposal> p, const Price&, conflict_scratch& s) const {
    s.chosen.clear();
    s.picked.clear();  // groups that have theirs
    s.cut = false;
    for (std::uint32_t i = 0; i < p.size(); ++i) {
      if (p[i].combines == combining::alone) {
        if (!s.chosen.empty()) continue;
        s.chosen.push_back(i);
        return;
      }
      if (p[i].group != 0) {
        const auto at = std::lower_bound(s.picked.begin(), s.picked.end(), p[i].group);
        if (at != s.picked.end() && *at == p[i].group) continue;
        s.picked.insert(at, p[i].group);
      }
      s.chosen.push_back(i);
    }
  }
};

/// One of each group, or one that stands alone, so that the shopper gets most; of equal sets the
/// one whose rules are considered first. All sets are tried when they are no more than the limit
/// allows. Otherwise the best of each group for itself is where the search begins; it goes on one
/// group at a time while that gives more, and says that it was cut. Rules of no group always apply.
struct best_for_shopper {
  search_limit limit{};

  template <class Price>
  void choose(std::span<const proposal> p, const Price& price, conflict_scratch& s) const {
    detail::group_proposals(p, s);
    const std::size_t groups = s.first.size() - 1;
    std::size_t left = limit.trials;
    s.cut = false;
    s.best.clear();
    std::int64_t most = -1;
    const auto consider = [&](const std::vector<std::uint32_t>& set) {
      const std::int64_t given = price(std::span<const std::uint32_t>(set)).given;
      if (given < most ||
          (given == most &&
           !std::lexicographical_compare(set.begin(), set.end(), s.best.begin(), s.best.end()))) {
        return false;
      }
      most = given;
      s.best = set;
      return true;
    };
    const auto size_of = [&](std::size_t g) { return s.first[g + 1] - s.first[g]; };
    int128 sets = groups > 0 ? 1 : 0;
    for (std::size_t g = 0; g < groups && sets <= INT64_MAX; ++g) sets *= size_of(g);
    s.picked.assign(groups, 0);
    if (sets <= static_cast<int128>(left)) {
      for (bool more = groups > 0; more;) {  // counts up, the first group fastest
        detail::take_picked(s.picked, s);
        consider(s.trial);
        more = false;
        for (std::size_t g = 0; g < groups && !more; ++g) {
          more = ++s.picked[g] < size_of(g);
          if (!more) s.picked[g] = 0;
        }
      }
    } else {
      s.cut = true;
      for (std::size_t g = 0; g < groups; ++g) best_of_group(g, price, s);
      detail::take_picked(s.picked, s);
      consider(s.trial);
      bool better = true;
      while (better && left > 0) {
        better = false;
        for (std::size_t g = 0; g < groups && left > 0; ++g) {
          const std::uint32_t before = s.picked[g];
          std::uint32_t best = before;
          for (std::uint32_t i = 0; i < size_of(g) && left > 0; ++i) {
            if (i == before) continue;
            s.picked[g] = i;
            detail::take_picked(s.picked, s);
            --left;
            if (consider(s.trial)) best = i;
          }
          s.picked[g] = best;
          better |= best != before;
        }
      }
    }
    for (std::uint32_t i = 0; i < p.size(); ++i) {
      if (p[i].combines != combining::alone) continue;
      s.trial.assign(1, i);
      consider(s.trial);
    }
    s.chosen = s.best;
  }

 private:
  template <class Price>
  static void best_of_group(std::size_t g, const Price& price, conflict_scratch& s) {
    std::int64_t most = -1;
    const std::uint32_t size = s.first[g + 1] - s.first[g];
    for (std::uint32_t i = 0; size > 1 && i < size; ++i) {
      s.trial.assign(1, s.groups[s.first[g] + i].second);
      const std::int64_t given = price(std::span<const std::uint32_t>(s.trial)).given;
      if (given > most) {
        most = given;
        s.picked[g] = i;
      }
    }
  }
};

/// Of each group the one that costs the shop least but gives the shopper something, and each of
/// them only while the lines still bring in their cost and `margin` (basis points of what they
/// bring in) on top: considered in order, those that would break it are left out. One that stands
/// alone counts only where nothing else is. Lines of unknown cost count as if they cost nothing.
struct best_for_shop {
  std::int64_t margin = 0;

  template <class Price>
  void choose(std::span<const proposal> p, const Price& price, conflict_scratch& s) const {
    detail::group_proposals(p, s);
    s.cut = false;
    s.best.clear();
    for (std::size_t g = 0; g + 1 < s.first.size(); ++g) {
      std::int64_t least = INT64_MAX;
      std::uint32_t best = UINT32_MAX;
      for (std::uint32_t i = s.first[g]; i < s.first[g + 1]; ++i) {
        s.trial.assign(1, s.groups[i].second);
        const std::int64_t given = price(std::span<const std::uint32_t>(s.trial)).given;
        if (given > 0 && given < least) {
          least = given;
          best = s.groups[i].second;
        } else if (given == 0 && s.first[g + 1] - s.first[g] == 1) {
          best = s.groups[i].second;  // a message costs nothing
        }
      }
      if (best != UINT32_MAX) s.best.push_back(best);
    }
    std::sort(s.best.begin(), s.best.end());
    s.chosen.clear();
    for (const std::uint32_t i : s.best) keep_if_paid(i, price, s);
    for (std::uint32_t i = 0; i < p.size() && s.chosen.empty(); ++i) {
      if (p[i].combines == combining::alone) keep_if_paid(i, price, s);
    }
  }

 private:
  template <class Price>
  void keep_if_paid(std::uint32_t i, const Price& price, conflict_scratch& s) const {
    s.chosen.push_back(i);
    const trial_outcome o = price(std::span<const std::uint32_t>(s.chosen));
    if (int128{o.revenue - o.cost} * whole_share < int128{o.revenue} * margin) s.chosen.pop_back();
  }
};

/// All rules of one group together, of the group that gives the shopper most, with those of no
/// group; or one that stands alone, when that gives more. Prices one set a group.
struct stack_within_group {
  template <class Price>
  void choose(std::span<const proposal> p, const Price& price, conflict_scratch& s) const {
    s.cut = false;
    s.best.clear();
    s.picked.clear();
    for (const proposal& one : p) {
      if (one.combines != combining::alone && one.group != 0) s.picked.push_back(one.group);
    }
    std::sort(s.picked.begin(), s.picked.end());
    s.picked.erase(std::unique(s.picked.begin(), s.picked.end()), s.picked.end());
    if (s.picked.empty()) s.picked.push_back(0);
    std::int64_t most = -1;
    const auto consider = [&] {
      const std::int64_t given = price(std::span<const std::uint32_t>(s.trial)).given;
      if (given < most ||
          (given == most && !std::lexicographical_compare(s.trial.begin(), s.trial.end(),
                                                          s.best.begin(), s.best.end()))) {
        return;
      }
      most = given;
      s.best = s.trial;
    };
    for (const std::uint32_t group : s.picked) {
      s.trial.clear();
      for (std::uint32_t i = 0; i < p.size(); ++i) {
        if (p[i].combines == combining::alone) continue;
        if (p[i].group == 0 || p[i].group == group) s.trial.push_back(i);
      }
      consider();
    }
    for (std::uint32_t i = 0; i < p.size(); ++i) {
      if (p[i].combines != combining::alone) continue;
      s.trial.assign(1, i);
      consider();
    }
    s.chosen = s.best;
  }
};

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_CONFLICT_HPP
