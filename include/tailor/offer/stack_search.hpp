#ifndef TAILOR_OFFER_STACK_SEARCH_HPP
#define TAILOR_OFFER_STACK_SEARCH_HPP

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <set>
#include <utility>
#include <variant>
#include <vector>

#include "box_room.hpp"
#include "compiled_rules.hpp"
#include "finding.hpp"
#include "meet_index.hpp"
#include "rule_regions.hpp"
#include "taking.hpp"

namespace tailor::inline v0::offer::detail {

/// Which rules a conflict rule lets apply to one cart.
enum class apart : std::uint8_t {
  groups_exclude,  ///< not two of one group
  groups_stack     ///< not two of different groups
};

struct stack_limits {
  std::int64_t most_off = whole_share;
  bool total_named = false;               ///< whether it is known what an order costs at least
  std::uint32_t total_slot = UINT32_MAX;  ///< by which field; none: no rule asks for it
  apart rule = apart::groups_exclude;
  bool may_be_certain = true;
  std::size_t most_together = 8;
  std::size_t most_found = 100;
  std::uint64_t most_looks = 0;
};

/// Finds rules that may apply to one cart and take too much together: from each rule on, whatever
/// still meets those before it and adds to them, the greatest first.
class stack_search {
 public:
  stack_search(const compiled_rules& rules, const rule_regions& regions,
               std::vector<taking> takings, const stack_limits& limits)
      : rules_(&rules),
        regions_(&regions),
        takings_(std::move(takings)),
        limits_(limits),
        left_(limits.most_looks),
        order_(in_order()),
        index_(regions.boxes(), boxes_in_order()) {
    list_groups();
    mark_groups();
  }

  void run(std::vector<finding>& out) {
    const auto count = static_cast<std::uint32_t>(regions_->size());
    for (std::uint32_t r = 0; r < count; ++r) {
      const rule_regions::region& region = (*regions_)[r];
      if (takings_[r].nothing()) continue;
      for (std::uint32_t b = region.first; b < region.last && !full(); ++b) grow(r, b, out);
      if (!full()) continue;
      out.push_back({finding_kind::cut, r, finding::none, "of rules that take too much",
                     std::int64_t{count - r}});
      return;
    }
  }

 private:
  struct member {
    std::uint32_t rule;
    std::uint32_t box;
  };
  struct candidate {
    std::int64_t alone_takes;
    std::uint32_t rule;
    std::uint32_t box;
  };

  [[nodiscard]] bool full() const { return left_ == 0 || found_.size() >= limits_.most_found; }
  [[nodiscard]] bool look() {
    if (left_ > 0) --left_;
    return left_ > 0;
  }
  [[nodiscard]] bool stands_alone(std::uint32_t r) const {
    return rules_->rules[r].combines == combining::alone;
  }
  [[nodiscard]] std::uint32_t group(std::uint32_t r) const { return rules_->compiled[r].group; }

  /// All boxes whose rules take something and may have others beside them, the greatest first.
  [[nodiscard]] std::vector<candidate> in_order() const {
    std::vector<candidate> out;
    for (std::uint32_t r = 0; r < regions_->size(); ++r) {
      if (takings_[r].nothing() || stands_alone(r)) continue;
      for (std::uint32_t b = (*regions_)[r].first; b < (*regions_)[r].last; ++b) {
        box_room room(regions_->boxes());
        room.enter(b);
        out.push_back({takes({{r, b}}, room), r, b});
      }
    }
    std::sort(out.begin(), out.end(), [](const candidate& a, const candidate& b) {
      return std::pair(-a.alone_takes, a.box) < std::pair(-b.alone_takes, b.box);
    });
    return out;
  }
  [[nodiscard]] std::vector<std::uint32_t> boxes_in_order() const {
    std::vector<std::uint32_t> out;
    out.reserve(order_.size());
    for (const candidate& c : order_) out.push_back(c.box);
    return out;
  }

  void list_groups() {
    for (std::uint32_t r = 0; r < regions_->size(); ++r) {
      if (stands_alone(r)) {
        alone_.push_back(r);
      } else {
        if (group(r) >= in_group_.size()) in_group_.resize(group(r) + 1);
        if (group(r) != 0) in_group_[group(r)].push_back(r);
      }
    }
  }
  /// Bits of the boxes of each large group, to pass over all of them at once.
  void mark_groups() {
    if (limits_.rule != apart::groups_exclude) return;
    std::vector<std::uint32_t> size;
    for (const candidate& c : order_) {
      if (group(c.rule) >= size.size()) size.resize(group(c.rule) + 1, 0);
      ++size[group(c.rule)];
    }
    group_bits_.resize(size.size());
    for (std::size_t i = 0; i < order_.size(); ++i) {
      const std::uint32_t g = group(order_[i].rule);
      if (g == 0 || size[g] < 64) continue;
      group_bits_[g].resize(index_.words(), 0);
      group_bits_[g][i / 64] |= std::uint64_t{1} << i % 64;
    }
  }
  /// Bits that none of the groups of `all` excludes, of those that are marked.
  [[nodiscard]] std::uint64_t free_of(const std::vector<member>& all, std::size_t word) const {
    std::uint64_t out = ~std::uint64_t{0};
    for (const member& m : all) {
      const std::uint32_t g = group(m.rule);
      if (g < group_bits_.size() && !group_bits_[g].empty()) out &= ~group_bits_[g][word];
    }
    return out;
  }

  [[nodiscard]] std::int64_t takes(const std::vector<member>& all, const box_room& room) const {
    std::vector<std::pair<int, std::uint32_t>> steps;
    steps.reserve(all.size());
    for (const member& m : all) steps.emplace_back(takings_[m.rule].phase, m.rule);
    std::sort(steps.begin(), steps.end());
    std::vector<taking> in_turn;
    for (const auto& [phase, rule] : steps) {
      in_turn.push_back(takings_[rule]);
      // Without a field that says what an order costs nothing is known of amounts.
      if (!limits_.total_named) in_turn.back().minor = 0;
    }
    return taken_together(in_turn, room.least_above_zero(limits_.total_slot));
  }
  [[nodiscard]] bool too_much(std::int64_t taken) const {
    return taken > limits_.most_off * (whole_order / whole_share);
  }

  [[nodiscard]] bool together(const std::vector<member>& all, std::uint32_t rule) const {
    for (const member& m : all) {
      if (m.rule == rule) return false;
      const std::uint32_t x = group(m.rule), y = group(rule);
      if (x == 0 || y == 0) continue;
      if ((x == y) == (limits_.rule == apart::groups_exclude)) return false;
    }
    return true;
  }

  void grow(std::uint32_t rule, std::uint32_t first_box, std::vector<finding>& out) {
    box_room room(regions_->boxes());
    room.enter(first_box);
    std::vector<member> all = {{rule, first_box}};
    std::int64_t taken = takes(all, room);
    std::size_t words = stands_alone(rule) || too_much(taken) ? 0 : index_.words();
    index_.prepare(room.sides(), probe_);
    std::int64_t asked = -1;  // what the next takes alone, at most: of many words the same
    for (std::size_t w = 0; w < words; ++w) {
      if (order_[w * 64].alone_takes != asked) {
        asked = order_[w * 64].alone_takes;
        if (!may_reach(all.size(), taken, asked)) break;
      }
      if (!look()) break;
      for (std::uint64_t bits = index_.word(probe_, w) & free_of(all, w); bits != 0;
           bits &= bits - 1) {
        const std::size_t at = w * 64 + static_cast<std::size_t>(std::countr_zero(bits));
        if (at >= order_.size() || !look()) break;
        const candidate& c = order_[at];
        if (!together(all, c.rule)) continue;
        box_room narrower = room;
        if (!narrower.enter(c.box)) continue;
        all.push_back({c.rule, c.box});
        const std::int64_t more = takes(all, narrower);
        if (more <= taken) {
          all.pop_back();
          continue;
        }
        taken = more;
        asked = -1;
        room = std::move(narrower);
        if (too_much(taken) || all.size() == limits_.most_together) break;
        index_.prepare(room.sides(), probe_);
        bits &= index_.word(probe_, w);  // and this bit stays
      }
      if (too_much(taken) || all.size() == limits_.most_together || left_ == 0) break;
    }
    if (too_much(taken)) tell(std::move(all), std::move(room), taken, out);
  }

  /// Whether as many more as may come, each taking `next` alone, could make it too much. A share
  /// is of what is left, but an amount is of the whole.
  [[nodiscard]] bool may_reach(std::size_t members, std::int64_t taken, std::int64_t next) const {
    const bool amounts = limits_.total_named;
    int128 left = whole_order - taken;
    for (; members < limits_.most_together && left > 0; ++members) {
      left -= (amounts ? int128{next} : left * next / whole_order) + 1;
    }
    return too_much(static_cast<std::int64_t>(whole_order - (std::max)(int128{0}, left)));
  }

  void tell(std::vector<member> all, box_room room, std::int64_t taken, std::vector<finding>& out) {
    std::sort(all.begin(), all.end(),
              [](const member& a, const member& b) { return a.rule < b.rule; });
    std::vector<std::uint32_t> rules;
    rules.reserve(all.size());
    for (const member& m : all) rules.push_back(m.rule);
    if (!found_.insert(rules).second) return;
    const bool certain = limits_.may_be_certain && is_certain(all, room);
    if (left_ == 0) return;
    const std::int64_t bp = taken / (whole_order / whole_share);
    out.push_back(
        {certain ? finding_kind::takes_too_much : finding_kind::may_take_too_much, rules[0],
         rules.size() > 1 ? rules[1] : finding::none,
         rules.size() > 1 ? (certain ? "take" : "may take") : (certain ? "takes" : "may take"), bp,
         static_cast<std::uint32_t>(rules.size())});
  }

  /// Whether there is a cart, in `room`, for which these very rules are chosen by
  /// `first_by_priority` and take too much. Others that are chosen beside them only add to it.
  [[nodiscard]] bool is_certain(const std::vector<member>& all, box_room& room) {
    for (const member& m : all) {
      if (!takings_[m.rule].sure || !regions_->exact(m.box)) return false;
    }
    const auto leave = [&](std::uint32_t x) {
      for (std::uint32_t b = (*regions_)[x].first; b < (*regions_)[x].last; ++b) {
        if (!look() || !room.leave(b)) return false;
      }
      return true;
    };
    const std::uint32_t first = all[0].rule;
    for (std::uint32_t x = 0; x < first && stands_alone(first); ++x) {
      if (!leave(x)) return false;
    }
    for (const std::uint32_t x : alone_) {
      if (x >= first) break;
      if (!leave(x)) return false;
    }
    for (const member& m : all) {
      if (group(m.rule) == 0 || stands_alone(m.rule)) continue;
      for (const std::uint32_t x : in_group_[group(m.rule)]) {
        if (x >= m.rule) break;
        if (!leave(x)) return false;
      }
    }
    // The day and the minute are those of the time: a cart with any three of them there is not.
    if (room.asks(rules_->now_slot) &&
        (room.asks(rules_->day_slot) || room.asks(rules_->minute_slot))) {
      return false;
    }
    return too_much(takes(all, room));
  }

  const compiled_rules* rules_;
  const rule_regions* regions_;
  std::vector<taking> takings_;
  stack_limits limits_;
  std::uint64_t left_;
  std::vector<candidate> order_;
  meet_index index_;
  meet_index::probe probe_{};
  std::vector<std::vector<std::uint64_t>> group_bits_{};
  std::vector<std::uint32_t> alone_{};  // ascending, and those of each group
  std::vector<std::vector<std::uint32_t>> in_group_{};
  std::set<std::vector<std::uint32_t>> found_{};
};

}  // namespace tailor::inline v0::offer::detail

#endif  // TAILOR_OFFER_STACK_SEARCH_HPP
