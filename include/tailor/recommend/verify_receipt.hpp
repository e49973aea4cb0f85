#ifndef TAILOR_RECOMMEND_VERIFY_RECEIPT_HPP
#define TAILOR_RECOMMEND_VERIFY_RECEIPT_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "receipt.hpp"
#include "write_receipt.hpp"

namespace tailor::inline v0::recommend {

namespace detail {

/// Whether a receipt's sources are those of a stage and tell the same parts again.
template <class Slot>
[[nodiscard]] status verify_sources(const receipt& r, const Slot& slot, const context& c,
                                    typename Slot::scratch& s) {
  status out;
  std::size_t told = 0;  // sources of the receipt
  std::uint32_t stage = 0;
  std::vector<part> parts;
  slot.for_each_stage(
      [&](const auto& sources, auto& memory) {
        if (stage++ != r.item.stage) return;
        sources.for_each(
            [&](std::size_t n, const auto& source, auto& own) {
              if (!out || (r.item.from >> n & 1) == 0) return;
              const std::size_t at = told++;
              if (at >= r.sources.size()) {
                out = error{errc::stale, "receipt source", at};
                return;
              }
              const source_said& said = r.sources[at];
              if (said.kind != source.source.kind() || said.bits != source.source.bits() ||
                  said.model != source.source.digest() || said.percent != source.percent) {
                out = error{errc::stale, "receipt source", at};
                return;
              }
              parts.clear();
              source.source.explain(c, r.item.item, own,
                                    [&](const part& p) { parts.push_back(p); });
              const std::span<const part> before = r.parts_of(said);
              if (!std::equal(parts.begin(), parts.end(), before.begin(), before.end())) {
                // Only where state and model are vouched for nothing else can have changed.
                const bool vouched = r.state != 0 && said.model != 0;
                out = error{vouched ? errc::corrupt : errc::stale, "receipt parts", at};
              }
            },
            memory.own);
      },
      s.stages);
  if (out && told != r.sources.size()) out = error{errc::stale, "receipt source", told};
  return out;
}

}  // namespace detail

/// Whether a receipt is what the slot answers, by asking it again. corrupt: it does not tell of its
/// own score, or it tells other parts than the same model does in the same state. stale: another
/// shopper, time or state, other rules, models or sources; or all of these are the same and the
/// answer is another, because the catalogue, `taken` or the options are. `at` is the source, where
/// it is one. Where nobody vouches for state or model (`context::state` or its digest is 0), other
/// parts are stale. Cost: one answer; allocates.
template <class Slot, catalogue Catalogue>
[[nodiscard]] status verify(const receipt& r, const Slot& slot, const context& c,
                            const Catalogue& known, const merchandising& rules,
                            std::span<const item_id> taken, typename Slot::scratch& s) {
  if (const status sound = check(r); !sound) return sound;
  if (r.user != c.user || r.now != c.now || r.state != c.state) {
    return error{errc::stale, "receipt state"};
  }
  if (r.rules != rules.digest()) return error{errc::stale, "receipt rules"};
  if (r.item.how != placed_by::pin) {
    if (const status same = detail::verify_sources(r, slot, c, s); !same) return same;
  }
  answer now;
  slot.recommend(c, known, rules, taken, s, now);
  receipt again;
  if (!write_receipt(slot, c, known, rules, now, r.place, s, again) || again != r) {
    return error{errc::stale, "receipt answer"};
  }
  return {};
}

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_VERIFY_RECEIPT_HPP
