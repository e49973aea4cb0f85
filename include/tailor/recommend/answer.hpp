#ifndef TAILOR_RECOMMEND_ANSWER_HPP
#define TAILOR_RECOMMEND_ANSWER_HPP

#include <cstddef>
#include <cstdint>
#include <vector>

#include "source.hpp"

namespace tailor::inline v0::recommend {

/// How an item came to its place.
enum class placed_by : std::uint8_t { score, pin, value_pin };

/// An item of an answer.
struct placed {
  item_id item{};
  std::int64_t score = 0;  ///< in units of 2^-score_bits, boosts included; 0: pinned by its id
  strategy reason = strategy::custom;  ///< of the source that says most for it
  std::uint32_t stage = 0;             ///< of the slot; 0 is what was asked for, others fell back
  placed_by how = placed_by::score;
  std::uint32_t rule = UINT32_MAX;  ///< the pin, where there is one
  std::uint64_t from = 0;           ///< a bit for each source of the stage that counts in the score

  friend constexpr bool operator==(const placed&, const placed&) = default;
};

/// Why an answer has fewer items than were asked for.
enum class shortness : std::uint8_t {
  none,           ///< it is full
  nothing_known,  ///< no source proposed anything
  removed,        ///< filters removed what was proposed; see `rule`
  few_proposed,   ///< sources proposed too few
  limited,        ///< quotas and limits left places free
  hidden,         ///< fewer than `at_least` were left, so none is shown; `rule` as for `removed`
};

[[nodiscard]] constexpr const char* name_of(shortness s) {
  constexpr const char* names[] = {"none",         "nothing known", "removed",
                                   "few proposed", "limited",       "hidden"};
  const auto n = static_cast<std::size_t>(s);
  return n < 6 ? names[n] : "unnamed";
}

/// What may be shown, in the order of its places, no item twice, and why it is not more. Where pins
/// stand at places that a short answer does not reach, they move up.
struct answer {
  std::vector<placed> items;
  shortness why = shortness::nothing_known;
  std::uint32_t rule = UINT32_MAX;  ///< with `removed`: the filter that removed most, if one did
  std::uint32_t proposed = 0;       ///< candidates that came through the filters, by stage
  std::uint32_t removed = 0;        ///< proposals that were looked at and removed, by source
  std::vector<std::int64_t> bests;  ///< best score of each source of each stage, for receipts
};

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_ANSWER_HPP
