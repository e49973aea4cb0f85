#ifndef TAILOR_OFFER_BOX_ROOM_HPP
#define TAILOR_OFFER_BOX_ROOM_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <utility>
#include <vector>

#include "box_table.hpp"
#include "boxes.hpp"
#include "value_set.hpp"

namespace tailor::inline v0::offer::detail {

/// The carts that are in several boxes at once, and out of others. Never empty: what would make it
/// so is not done. Of a set it keeps what it has to have, one word of each list.
class box_room {
 public:
  explicit box_room(const box_table& boxes) : boxes_(&boxes) {}

  [[nodiscard]] const box& sides() const { return b_; }

  /// To what is in box `b` as well; false, and nothing is done, when that is nothing.
  bool enter(std::uint32_t b) {
    box out = b_;
    for (const box_table::side& s : boxes_->sides(b)) {
      auto at = find(out, s.slot);
      if (s.of_set) {
        const auto words = boxes_->words(s);
        at = out.sides.emplace(at);
        at->slot = s.slot;
        at->of_set = true;
        at->words.assign(words.begin(), words.end());
        continue;
      }
      const value_set v = values(s);
      if (at == out.sides.end() || at->slot != s.slot) {
        at = out.sides.emplace(at);
        at->slot = s.slot;
        at->values = v;
        continue;
      }
      at->values = intersect(at->values, v);
      if (at->values.empty()) return false;
    }
    b_ = std::move(out);
    return true;
  }

  /// To carts that are not in box `b`, of each field a known value where there is one; false, and
  /// nothing is done, when none of its sides alone keeps them out.
  bool leave(std::uint32_t b) {
    for (const box_table::side& s : boxes_->sides(b)) {
      if (!s.of_set && is_out(s)) return true;
    }
    for (const box_table::side& s : boxes_->sides(b)) {
      if (s.of_set ? leave_words(s) : leave_values(s)) return true;
    }
    return false;
  }

  /// The least value above 0 that a slot can have; 0 when it is not asked, or may be unknown; -1
  /// when there is none.
  [[nodiscard]] std::int64_t least_above_zero(std::uint32_t slot) const {
    for (const box_side& s : b_.sides) {
      if (s.slot != slot) continue;
      if (s.of_set || s.values.unknown) return 0;
      for (const interval& i : s.values.in) {
        if (i.high > 0) return (std::max)(std::int64_t{1}, i.low);
      }
      return -1;
    }
    return 0;
  }
  [[nodiscard]] bool asks(std::uint32_t slot) const {
    return std::any_of(b_.sides.begin(), b_.sides.end(),
                       [slot](const box_side& s) { return s.slot == slot; });
  }

 private:
  [[nodiscard]] static std::vector<box_side>::iterator find(box& in, std::uint32_t slot) {
    return std::lower_bound(in.sides.begin(), in.sides.end(), slot,
                            [](const box_side& s, std::uint32_t at) { return s.slot < at; });
  }
  [[nodiscard]] value_set values(const box_table::side& s) const {
    const auto in = boxes_->intervals(s);
    return {{in.begin(), in.end()}, s.unknown};
  }

  [[nodiscard]] bool is_out(const box_table::side& s) const {
    for (const box_side& own : b_.sides) {
      if (own.slot == s.slot) return intersect(own.values, values(s)).empty();
    }
    return false;
  }

  bool leave_values(const box_table::side& s) {
    auto at = find(b_, s.slot);
    const bool asked = at != b_.sides.end() && at->slot == s.slot;
    value_set rest = complement(values(s));
    rest = intersect(rest, asked ? at->values : boxes_->domain(s.slot));
    const bool never_known = asked && at->values.in.empty();
    if (rest.empty() || (rest.in.empty() && !never_known)) return false;
    if (!never_known) rest.unknown = false;
    if (asked) {
      at->values = std::move(rest);
    } else {
      b_.sides.insert(at, {s.slot, false, std::move(rest), {}});
    }
    return true;
  }

  /// A set that has to have nothing is empty.
  bool leave_words(const box_table::side& s) {
    const auto out = boxes_->words(s);
    std::vector<std::pair<std::size_t, std::vector<std::int64_t>>> changed;
    for (std::size_t i = 0; i < b_.sides.size(); ++i) {
      if (b_.sides[i].slot != s.slot) continue;
      std::vector<std::int64_t> kept;
      std::set_difference(b_.sides[i].words.begin(), b_.sides[i].words.end(), out.begin(),
                          out.end(), std::back_inserter(kept));
      if (kept.empty()) return false;
      changed.emplace_back(i, std::move(kept));
    }
    for (auto& [i, kept] : changed) b_.sides[i].words = std::move(kept);
    return true;
  }

  const box_table* boxes_;
  box b_{};
};

}  // namespace tailor::inline v0::offer::detail

#endif  // TAILOR_OFFER_BOX_ROOM_HPP
