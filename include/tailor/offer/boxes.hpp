#ifndef TAILOR_OFFER_BOXES_HPP
#define TAILOR_OFFER_BOXES_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <utility>
#include <vector>

#include "program.hpp"
#include "value_set.hpp"

namespace tailor::inline v0::offer {

/// What a conjunction asks of one slot: that its value is among `values`, or, of a set, that it has
/// one of `words`.
struct box_side {
  std::uint32_t slot = 0;
  bool of_set = false;
  value_set values{};
  std::vector<std::int64_t> words{};  ///< ascending

  friend bool operator==(const box_side&, const box_side&) = default;
};

/// A conjunction of sides, by slot. When it is not `exact` it lets more through than the condition
/// it was made from, never less: whoever passes it is asked the condition itself.
struct box {
  std::vector<box_side> sides{};
  bool exact = true;
  bool never = false;  ///< nothing is in it: a place for a condition that cannot hold

  friend bool operator==(const box&, const box&) = default;
};

namespace detail {

/// A condition as a disjunction of few boxes (disjunctive normal form, with NOT moved to the
/// leaves). Where it would take more than `most`, or where a part is nothing a box can say, boxes
/// become wider instead.
class box_maker {
 public:
  box_maker(const program& p, std::size_t most) : p_(&p), most_(most) {}

  /// None: the condition never holds, whatever the cart.
  [[nodiscard]] std::vector<box> make(std::uint32_t at, bool negated = false) const {
    const node& n = p_->nodes[at];
    switch (n.does) {
      case step::all:
      case step::any:
      case step::none: {
        const bool inner = negated != (n.does == step::none);
        // none(a, b) = all(not a, not b); not all(a, b) = any(not a, not b).
        const bool conjunction = (n.does == step::any) == negated;
        return conjunction ? all(at, inner) : any(at, inner);
      }
      case step::value_in: {
        if (n.of_set) break;
        const interval* const in = p_->intervals.data() + n.first;
        value_set v{{in, in + n.count}, n.unknown_passes};
        if (negated) v = complement(v);
        if (v.empty()) return {};
        if (v.is_everything()) return {{}};
        box_side side;
        side.slot = n.slot;
        side.values = std::move(v);
        return of_side(std::move(side));
      }
      case step::has_any:
      case step::has_all: {
        if (negated || (n.does == step::has_all && n.count > 1)) break;
        const std::int64_t* const words = p_->words.data() + n.first;
        box_side side;
        side.slot = n.slot;
        side.of_set = true;
        side.words.assign(words, words + n.count);
        return of_side(std::move(side));
      }
      default:
        break;
    }
    return {{{}, false}};
  }

 private:
  [[nodiscard]] static std::vector<box> of_side(box_side side) {
    std::vector<box> out(1);
    out[0].sides.push_back(std::move(side));
    return out;
  }

  [[nodiscard]] std::vector<box> any(std::uint32_t at, bool negated) const {
    const node& n = p_->nodes[at];
    std::vector<box> out;
    for (std::uint32_t part = at + 1; part < n.end; part = p_->nodes[part].end) {
      for (box& b : make(part, negated)) {
        if (!absorbed(out, b)) out.push_back(std::move(b));
      }
    }
    if (out.size() > most_) return {{{}, false}};
    return out;
  }

  [[nodiscard]] std::vector<box> all(std::uint32_t at, bool negated) const {
    const node& n = p_->nodes[at];
    std::vector<box> out = {{}};
    for (std::uint32_t part = at + 1; part < n.end; part = p_->nodes[part].end) {
      const std::vector<box> next = make(part, negated);
      if (next.size() > 1 && out.size() * next.size() > most_) {
        for (box& b : out) b.exact = false;
        continue;
      }
      std::vector<box> product;
      for (const box& a : out) {
        for (const box& b : next) {
          box both;
          if (join(a, b, both)) product.push_back(std::move(both));
        }
      }
      out = std::move(product);
      if (out.empty()) break;
    }
    return out;
  }

  /// Whether a box of `all` that differs in one value alone could take it in; then it has.
  [[nodiscard]] static bool absorbed(std::vector<box>& all, const box& b) {
    for (box& a : all) {
      if (a.exact != b.exact || a.sides.size() != b.sides.size()) continue;
      std::size_t differing = 0;
      std::size_t where = 0;
      for (std::size_t i = 0; i < a.sides.size(); ++i) {
        if (a.sides[i] == b.sides[i]) continue;
        ++differing;
        where = i;
      }
      if (differing == 0) return true;
      box_side& x = a.sides[where];
      const box_side& y = b.sides[where];
      if (differing > 1 || x.slot != y.slot || x.of_set != y.of_set) continue;
      if (x.of_set) {
        std::vector<std::int64_t> both;
        std::set_union(x.words.begin(), x.words.end(), y.words.begin(), y.words.end(),
                       std::back_inserter(both));
        x.words = std::move(both);
      } else {
        x.values = unite(x.values, y.values);
        if (x.values.is_everything()) a.sides.erase(a.sides.begin() + std::ptrdiff_t(where));
      }
      return true;
    }
    return false;
  }

  /// What is in both; false when that is nothing.
  [[nodiscard]] static bool join(const box& a, const box& b, box& out) {
    out.exact = a.exact && b.exact;
    auto i = a.sides.begin();
    auto j = b.sides.begin();
    while (i != a.sides.end() || j != b.sides.end()) {
      if (j == b.sides.end() || (i != a.sides.end() && i->slot < j->slot)) {
        out.sides.push_back(*i++);
      } else if (i == a.sides.end() || j->slot < i->slot) {
        out.sides.push_back(*j++);
      } else {
        box_side both = *i;
        if (both.of_set) {
          // "one of these and one of those" is no side: the shorter list stays.
          if (j->words != i->words) out.exact = false;
          if (j->words.size() < i->words.size()) both.words = j->words;
        } else {
          both.values = intersect(i->values, j->values);
          if (both.values.empty()) return false;
        }
        out.sides.push_back(std::move(both));
        ++i;
        ++j;
      }
    }
    return true;
  }

  const program* p_;
  std::size_t most_;
};

}  // namespace detail

/// As `detail::box_maker` has it. Cost: O(nodes × most).
[[nodiscard]] inline std::vector<box> boxes_of(const program& p, std::uint32_t root,
                                               std::size_t most = 8) {
  return detail::box_maker(p, most).make(root);
}

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_BOXES_HPP
