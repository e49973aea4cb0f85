#ifndef TAILOR_OFFER_RULE_REGIONS_HPP
#define TAILOR_OFFER_RULE_REGIONS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "../core/comparison.hpp"
#include "../core/time.hpp"
#include "box_table.hpp"
#include "boxes.hpp"
#include "compiled_rules.hpp"
#include "program.hpp"

namespace tailor::inline v0::offer::detail {

/// Which carts each rule of a book holds for, as far as boxes can say it, and the rest as marks
/// that are equal where conditions are written in the same words.
class rule_regions {
 public:
  enum class state : std::uint8_t { may_hold, never, over };

  /// A rule holds exactly in `boxes` when it is `exact`. Else it holds in none but those, and
  /// exactly where a cart is in `core` and all of `rest` hold.
  struct region {
    std::uint32_t first = 0;  ///< of its boxes
    std::uint32_t last = 0;
    std::uint32_t core = box_table::nothing;
    std::vector<std::uint32_t> rest{};  ///< ascending
    bool exact = true;
    state is = state::may_hold;
  };

  rule_regions(const compiled_rules& rules, timestamp now)
      : rules_(&rules), boxes_(domains_of(rules, now)) {
    regions_.resize(rules.rules.size());
    std::size_t at = 0;
    for (std::uint32_t r = 0; r < regions_.size(); ++r) {
      region& out = regions_[r];
      out.first = static_cast<std::uint32_t>(boxes_.size());
      std::uint32_t blocked_by = box_table::nothing;
      for (; at < rules.boxes.size() && (rules.box_rule[at] & ~compiled_rules::ask) == r; ++at) {
        if (boxes_.add(rules.boxes[at], &blocked_by) == box_table::nothing) continue;
        exact_.push_back(rules.boxes[at].exact);
        out.exact &= rules.boxes[at].exact;
      }
      out.last = static_cast<std::uint32_t>(boxes_.size());
      if (!out.exact) take_apart(out, rules.compiled[r].root);
      if (out.first == out.last) {
        out.is = blocked_by != box_table::nothing && blocked_by == rules.now_slot ? state::over
                                                                                  : state::never;
      }
      if (out.is != state::may_hold) out.last = out.first;
    }
  }

  [[nodiscard]] const box_table& boxes() const { return boxes_; }
  [[nodiscard]] std::size_t size() const { return regions_.size(); }
  [[nodiscard]] const region& operator[](std::uint32_t rule) const { return regions_[rule]; }
  [[nodiscard]] bool exact(std::uint32_t box) const { return box < exact_.size() && exact_[box]; }

  /// Whether rule a certainly holds for every cart in box `b` of rule `rule_b`.
  [[nodiscard]] bool implies(std::uint32_t rule_b, std::uint32_t b, std::uint32_t a) const {
    const region& r = regions_[a];
    for (std::uint32_t i = r.first; i < r.last; ++i) {
      if (exact_[i] && boxes_.covers(i, b)) return true;
    }
    return r.core != box_table::nothing && boxes_.covers(r.core, b) && has_rest_of(rule_b, a);
  }
  /// The same for every cart that rule b holds for.
  [[nodiscard]] bool implies(std::uint32_t b, std::uint32_t a) const {
    for (std::uint32_t i = regions_[b].first; i < regions_[b].last; ++i) {
      if (!implies(b, i, a)) return false;
    }
    return true;
  }
  [[nodiscard]] bool has_rest_of(std::uint32_t b, std::uint32_t a) const {
    const auto &all = regions_[b].rest, &some = regions_[a].rest;
    return std::includes(all.begin(), all.end(), some.begin(), some.end());
  }
  /// False when no cart passes both.
  [[nodiscard]] bool may_meet(std::uint32_t a, std::uint32_t b) const {
    for (std::uint32_t i = regions_[a].first; i < regions_[a].last; ++i) {
      for (std::uint32_t j = regions_[b].first; j < regions_[b].last; ++j) {
        if (boxes_.meet(i, j)) return true;
      }
    }
    return false;
  }
  /// Whether the two conditions are made of equal boxes, in whatever order, and equal rest.
  [[nodiscard]] bool same(std::uint32_t a, std::uint32_t b) const {
    const region &x = regions_[a], &y = regions_[b];
    if (x.exact != y.exact || x.last - x.first != y.last - y.first) return false;
    if (!x.exact) return x.rest == y.rest && boxes_.same(x.core, y.core);
    for (std::uint32_t i = x.first; i < x.last; ++i) {
      bool found = false;
      for (std::uint32_t j = y.first; j < y.last && !found; ++j) found = boxes_.same(i, j);
      if (!found) return false;
    }
    return true;
  }
  /// Equal for regions that are the same.
  [[nodiscard]] std::uint64_t fingerprint(std::uint32_t rule) const {
    const region& r = regions_[rule];
    std::uint64_t h = r.exact ? 1 : 2;
    if (!r.exact) {
      for (const std::uint32_t id : r.rest) h = mix64(h ^ id) + 1;
      return h ^ boxes_.fingerprint(r.core);
    }
    for (std::uint32_t i = r.first; i < r.last; ++i) h += mix64(boxes_.fingerprint(i));
    return h;
  }

 private:
  [[nodiscard]] static std::vector<value_set> domains_of(const compiled_rules& rules,
                                                         timestamp now) {
    std::vector<value_set> out(rules.cart_slots.size(), value_set::everything());
    for (std::size_t s = 0; s < out.size(); ++s) {
      if (rules.cart_slots[s].kind == field_kind::flag) out[s] = {{{0, 1}}, true};
    }
    const auto known = [&out](std::uint32_t slot, std::int64_t low, std::int64_t high) {
      if (slot < out.size()) out[slot] = {{{low, high}}, false};
    };
    known(rules.now_slot, now.us, INT64_MAX);
    known(rules.channel_slot, INT64_MIN, INT64_MAX);
    known(rules.day_slot, 1, 7);
    known(rules.minute_slot, 0, 1'439);
    return out;
  }

  /// Into what one box says exactly, and the rest.
  void take_apart(region& out, std::uint32_t root) {
    box core;
    parts(out, core, root);
    out.core = boxes_.add(core);
    if (out.core == box_table::nothing) out.is = state::never;
    exact_.resize(boxes_.size(), false);
    std::sort(out.rest.begin(), out.rest.end());
    out.rest.erase(std::unique(out.rest.begin(), out.rest.end()), out.rest.end());
  }

  void parts(region& out, box& core, std::uint32_t at) {
    const node& n = rules_->code.nodes[at];
    if (n.does == step::all) {
      for (std::uint32_t p = at + 1; p < n.end; p = rules_->code.nodes[p].end) parts(out, core, p);
      return;
    }
    const std::vector<box> boxes = boxes_of(rules_->code, at);
    if (boxes.empty() || never_passes(at)) {
      out.is = state::never;
    } else if (boxes.size() == 1 && boxes[0].exact && join(core, boxes[0])) {
      for (const box_side& s : core.sides) {
        if (!s.of_set && s.values.empty()) out.is = state::never;
      }
    } else {
      out.rest.push_back(
          rest_.try_emplace(key_of(at), static_cast<std::uint32_t>(rest_.size())).first->second);
    }
  }

  /// Narrows a box to what is in both; false, and nothing is done, when that is no box.
  [[nodiscard]] static bool join(box& into, const box& b) {
    box out = into;
    for (const box_side& s : b.sides) {
      const auto at = std::lower_bound(
          out.sides.begin(), out.sides.end(), s.slot,
          [](const box_side& side, std::uint32_t slot) { return side.slot < slot; });
      if (at == out.sides.end() || at->slot != s.slot) {
        out.sides.insert(at, s);
      } else if (s.of_set) {
        if (at->words != s.words) return false;
      } else {
        at->values = intersect(at->values, s.values);
      }
    }
    into = std::move(out);
    return true;
  }

  /// Whether what is asked of lines can be no line's answer.
  [[nodiscard]] bool never_passes(std::uint32_t at) const {
    const node& n = rules_->code.nodes[at];
    const bool no_line = at + 1 < n.end && n.does >= step::lines_any && n.does <= step::lines_sum &&
                         boxes_of(rules_->code, at + 1).empty();
    switch (n.does) {
      case step::lines_any:
      case step::lines_all:
        return no_line;
      case step::lines_sum:
        return no_line && !compares(0, n.op, n.bound);
      case step::lines_count:
        if (no_line) return !compares(0, n.op, n.bound);
        return n.op == comparison::less      ? n.bound <= 0
               : n.op == comparison::at_most ? n.bound < 0
               : n.op == comparison::equal   ? n.bound < 0
                                             : false;
      default:
        return false;
    }
  }

  /// Equal for conditions that are written alike.
  [[nodiscard]] std::vector<std::int64_t> key_of(std::uint32_t root) const {
    std::vector<std::int64_t> key;
    const program& p = rules_->code;
    for (std::uint32_t at = root; at < p.nodes[root].end; ++at) {
      const node& n = p.nodes[at];
      key.insert(key.end(),
                 {static_cast<std::int64_t>(n.does), n.unknown_passes ? 1 : 0, n.of_set ? 1 : 0,
                  static_cast<std::int64_t>(n.op), n.slot, n.end - at, n.bound});
      if (n.does == step::value_in) {
        key.push_back(n.count);
        for (std::uint32_t i = n.first; i < n.first + n.count; ++i) {
          key.insert(key.end(), {p.intervals[i].low, p.intervals[i].high});
        }
      } else if (n.does == step::has_any || n.does == step::has_all || n.does == step::has_none) {
        key.push_back(n.count);
        for (std::uint32_t i = n.first; i < n.first + n.count; ++i) key.push_back(p.words[i]);
      } else if (n.does == step::contains || n.does == step::starts_with ||
                 n.does == step::ends_with) {
        const std::string& text = p.texts[n.first];
        key.push_back(static_cast<std::int64_t>(text.size()));
        for (const char c : text) key.push_back(static_cast<unsigned char>(c));
      }
    }
    return key;
  }

  const compiled_rules* rules_;
  box_table boxes_;
  std::vector<bool> exact_{};  // by box; cores are not boxes of their rule
  std::vector<region> regions_{};
  std::map<std::vector<std::int64_t>, std::uint32_t> rest_{};
};

}  // namespace tailor::inline v0::offer::detail

#endif  // TAILOR_OFFER_RULE_REGIONS_HPP
