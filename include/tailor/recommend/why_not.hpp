#ifndef TAILOR_RECOMMEND_WHY_NOT_HPP
#define TAILOR_RECOMMEND_WHY_NOT_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "../core/int128.hpp"
#include "answer.hpp"
#include "filter_desk.hpp"

namespace tailor::inline v0::recommend {

/// What became of an item that somebody wanted to see.
enum class fate : std::uint8_t {
  shown,
  removed,       ///< see `because`: the first thing that removed it
  not_proposed,  ///< no source has anything to say for it
  outranked,     ///< others were better, or quotas and limits went against it
};

[[nodiscard]] constexpr const char* name_of(fate f) {
  constexpr const char* names[] = {"shown", "removed", "not proposed", "outranked"};
  const auto n = static_cast<std::size_t>(f);
  return n < 4 ? names[n] : "unnamed";
}

struct why_not_answer {
  fate what = fate::not_proposed;
  removed_by because{};
};

namespace detail {

/// Whether a stage of a slot that obeys such filters has anything to say for an item.
template <class Slot, catalogue Catalogue>
[[nodiscard]] bool is_proposed(item_id item, const Slot& slot, const context& c,
                               const Catalogue& known, obeys which, typename Slot::scratch& s) {
  bool proposed = false;
  slot.for_each_stage(
      [&](const auto& stage, auto& memory) {
        if (which == obeys::denials && stage.filters != which) return;
        if (!stage.admitted(c, known)(item)) return;
        stage.for_each(
            [&](std::size_t, const auto& source, auto& own) {
              int128 score = 0;
              source.source.explain(c, item, own,
                                    [&](const part& p) { score += int128{p.times} * p.amount; });
              proposed = proposed || (score > 0 && source.percent > 0);
            },
            memory.own);
      },
      s.stages);
  return proposed;
}

}  // namespace detail

/// Why an answer does not show an item. Preconditions: all but the item are those of the answer.
/// Cost: that of explaining one item by each source.
template <class Slot, catalogue Catalogue>
[[nodiscard]] why_not_answer why_not(item_id item, const Slot& slot, const context& c,
                                     const Catalogue& known, const merchandising& rules,
                                     std::span<const item_id> taken, typename Slot::scratch& s,
                                     const answer& of) {
  const auto is_it = [item](const placed& p) { return p.item == item; };
  if (std::any_of(of.items.begin(), of.items.end(), is_it)) return {fate::shown, {}};
  s.desk.open(c, rules, taken, slot.options().unavailable);
  const removed_by removed = s.desk.ask(item, known);
  // What only narrows does not keep an item from the stages that pass over it.
  const bool denied = removed && s.desk.ask(item, known, obeys::denials);
  const bool has_a_chance =
      !denied &&
      detail::is_proposed(item, slot, c, known, removed ? obeys::denials : obeys::all, s);
  if (has_a_chance) return {fate::outranked, {}};
  if (removed) return {fate::removed, removed};
  return {fate::not_proposed, {}};
}

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_WHY_NOT_HPP
