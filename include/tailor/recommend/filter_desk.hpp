#ifndef TAILOR_RECOMMEND_FILTER_DESK_HPP
#define TAILOR_RECOMMEND_FILTER_DESK_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "blend.hpp"
#include "merchandising.hpp"

namespace tailor::inline v0::recommend {

/// What happens to items that cannot be bought now.
enum class when_unavailable : std::uint8_t {
  hide,  ///< they are not shown
  bury,  ///< they come after all others of their stage
  show,  ///< nothing: a catalogue of things that are made to order
};

/// Why an item is not shown.
enum class removal : std::uint8_t {
  none,
  unavailable,
  on_page,  ///< it is what the page is about
  taken,    ///< another slot of the page shows it
  rule,     ///< a filter
};

[[nodiscard]] constexpr const char* name_of(removal r) {
  constexpr const char* names[] = {"none", "unavailable", "on page", "taken", "rule"};
  const auto n = static_cast<std::size_t>(r);
  return n < 5 ? names[n] : "unnamed";
}

/// Why, and by which rule.
struct removed_by {
  removal why = removal::none;
  std::uint32_t rule = UINT32_MAX;

  [[nodiscard]] explicit operator bool() const { return why != removal::none; }
  friend constexpr bool operator==(const removed_by&, const removed_by&) = default;
};

/// The filters and boosts of one question. Refers to context, rules and `taken` until it is opened
/// for the next one. Allocates nothing once it has grown.
class filter_desk {
 public:
  void open(const context& c, const merchandising& rules, std::span<const item_id> taken,
            when_unavailable unavailable) {
    context_ = &c;
    rules_ = &rules;
    taken_ = taken;
    unavailable_ = unavailable;
    facts_.read(c);
    active_.read(rules, c);
  }

  [[nodiscard]] const context& asked() const { return *context_; }
  [[nodiscard]] const merchandising& rules() const { return *rules_; }
  [[nodiscard]] const detail::active_rules& active() const { return active_; }

  /// The first thing that removes the item. Precondition: the desk was opened.
  template <catalogue Catalogue>
  [[nodiscard]] removed_by ask(item_id item, const Catalogue& known,
                               obeys which = obeys::all) const {
    if (detail::filter_facts::listed(facts_.page, item)) return {removal::on_page, UINT32_MAX};
    if (std::binary_search(taken_.begin(), taken_.end(), item)) {
      return {removal::taken, UINT32_MAX};
    }
    if (unavailable_ == when_unavailable::hide && !known.available(item)) {
      return {removal::unavailable, UINT32_MAX};
    }
    const std::uint32_t rule =
        active_.first_removing(*rules_, item, *context_, known, facts_, which);
    if (rule == UINT32_MAX) return {};
    return {removal::rule, rule};
  }

  /// Whether the item stands behind all that are not.
  template <catalogue Catalogue>
  [[nodiscard]] bool buried(item_id item, const Catalogue& known) const {
    return unavailable_ == when_unavailable::bury && !known.available(item);
  }

  /// A score after the boosts of its item.
  template <catalogue Catalogue>
  [[nodiscard]] std::int64_t boost(item_id item, std::int64_t score, const Catalogue& known) const {
    active_.for_each_boost(*rules_, item, known, [&](std::uint32_t, std::uint32_t percent) {
      score = boosted(score, percent);
    });
    return score;
  }

 private:
  const context* context_ = nullptr;
  const merchandising* rules_ = nullptr;
  std::span<const item_id> taken_;
  when_unavailable unavailable_ = when_unavailable::hide;
  detail::filter_facts facts_;
  detail::active_rules active_;
};

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_FILTER_DESK_HPP
