#ifndef TAILOR_RECOMMEND_WRITE_RECEIPT_HPP
#define TAILOR_RECOMMEND_WRITE_RECEIPT_HPP

#include <cstddef>
#include <cstdint>

#include "filter_desk.hpp"
#include "receipt.hpp"

namespace tailor::inline v0::recommend {

/// Writes the receipt of one place of an answer, asking the same models again: for whoever wants to
/// know, so it costs as much as the answer. out_of_range: there is no such place. stale: a model
/// says something else than it did for the answer; the receipt is of no use then. Preconditions:
/// context, catalogue, rules and slot are those of the answer.
template <class Slot, catalogue Catalogue>
[[nodiscard]] status write_receipt(const Slot& slot, const context& c, const Catalogue& known,
                                   const merchandising& rules, const answer& of, std::size_t place,
                                   typename Slot::scratch& s, receipt& out) {
  out = {};
  if (place >= of.items.size()) return error{errc::out_of_range, "receipt place", place};
  out.item = of.items[place];
  out.place = static_cast<std::uint32_t>(place);
  out.user = c.user;
  out.now = c.now;
  out.state = c.state;
  out.rules = rules.digest();
  if (out.item.how == placed_by::pin) return {};

  const item_id item = out.item.item;
  std::uint32_t stage = 0;
  std::size_t number = 0;  // of the source, over all stages
  slot.for_each_stage(
      [&](const auto& sources, auto& memory) {
        sources.for_each(
            [&](std::size_t n, const auto& source, auto& own) {
              const std::int64_t best = number < of.bests.size() ? of.bests[number] : 0;
              ++number;
              if (stage != out.item.stage || (out.item.from >> n & 1) == 0) return;
              source_said said{source.source.kind(),
                               source.source.bits(),
                               source.source.digest(),
                               source.percent,
                               best,
                               0,
                               static_cast<std::uint32_t>(out.parts.size()),
                               0};
              source.source.explain(c, item, own, [&](const part& p) { out.parts.push_back(p); });
              said.parts = static_cast<std::uint32_t>(out.parts.size()) - said.first;
              if (said.parts == 0) return;
              said.score = sum_of(out.parts_of(said));
              out.sources.push_back(said);
            },
            memory.own);
        ++stage;
      },
      s.stages);
  s.desk.open(c, rules, {}, slot.options().unavailable);
  if (out.item.how == placed_by::score) {  // pins come before boosts
    s.desk.active().for_each_boost(
        rules, item, known,
        [&](std::uint32_t rule, std::uint32_t percent) { out.boosts.push_back({rule, percent}); });
  }
  if (!check(out)) return error{errc::stale, "receipt score"};
  return {};
}

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_WRITE_RECEIPT_HPP
