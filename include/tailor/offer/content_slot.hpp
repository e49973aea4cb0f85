#ifndef TAILOR_OFFER_CONTENT_SLOT_HPP
#define TAILOR_OFFER_CONTENT_SLOT_HPP

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/result.hpp"
#include "../core/time.hpp"
#include "../core/utf8.hpp"

namespace tailor::inline v0::offer {

/// Answers the conditions of a slot by number, for the shopper and page at hand. Must be pure for
/// the time of one question. Why a condition does not hold is for the predicate to explain.
template <class P>
concept slot_predicate = requires(const P& p, std::uint32_t condition) {
  { p.holds(condition) } -> std::same_as<bool>;
};

/// The rules of a book that hold, as `rule_book::match` gives them: a condition is the number of a
/// rule.
struct matched_rules {
  std::span<const std::uint32_t> all;  ///< ascending

  [[nodiscard]] bool holds(std::uint32_t rule) const {
    return std::binary_search(all.begin(), all.end(), rule);
  }
};

/// One thing that a slot may show.
struct slot_variant {
  static constexpr std::uint32_t always = UINT32_MAX;

  std::string name;
  std::int32_t priority = 0;  ///< the highest that matches wins; among equals, the first named
  std::uint32_t condition = always;  ///< number of the condition; `always` is not asked
  timestamp from{INT64_MIN};         ///< shown from here on ...
  timestamp to{INT64_MAX};           ///< ... until before here
};

/// What became of a variant.
enum class slot_outcome : std::uint8_t {
  chosen,
  too_early,   ///< its time has not come
  over,        ///< its time is over
  blocked,     ///< its condition does not hold
  not_reached  ///< another was chosen before
};

struct slot_step {
  std::uint32_t variant = 0;
  slot_outcome outcome = slot_outcome::not_reached;

  friend constexpr bool operator==(const slot_step&, const slot_step&) = default;
};

/// A place on a page or in a message that shows one of several variants, or else its default.
/// Immutable once made: readers need no lock.
class content_slot {
 public:
  static constexpr std::uint32_t by_default = UINT32_MAX;
  static constexpr std::size_t most_variants = 1'024;

  /// `fallback` is the name of what is shown when nothing matches; empty to show nothing.
  /// empty_id and not_text for names, duplicate when two have one, out_of_range for a time that is
  /// over before it begins, full above `most_variants`; `at` is the place in `variants`.
  [[nodiscard]] static result<content_slot> make(std::vector<slot_variant> variants,
                                                 std::string fallback = {}) {
    if (variants.size() > most_variants) return error{errc::full, "variants"};
    if (!check_text(fallback)) return error{errc::not_text, "fallback"};
    content_slot made;
    for (std::uint32_t i = 0; i < variants.size(); ++i) {
      const slot_variant& v = variants[i];
      if (v.name.empty()) return error{errc::empty_id, "name", i};
      if (!check_text(v.name)) return error{errc::not_text, "name", i};
      if (v.from >= v.to) return error{errc::out_of_range, "schedule", i};
      if (v.name == fallback) return error{errc::duplicate, "name", i};
      made.order_.push_back(i);
    }
    std::sort(made.order_.begin(), made.order_.end(), [&](std::uint32_t a, std::uint32_t b) {
      return variants[a].name != variants[b].name ? variants[a].name < variants[b].name : a < b;
    });
    for (std::size_t i = 1; i < made.order_.size(); ++i) {
      if (variants[made.order_[i - 1]].name == variants[made.order_[i]].name) {
        return error{errc::duplicate, "name", made.order_[i]};
      }
    }
    std::sort(made.order_.begin(), made.order_.end(), [&](std::uint32_t a, std::uint32_t b) {
      const std::int32_t first = variants[a].priority;
      const std::int32_t second = variants[b].priority;
      return first != second ? first > second : a < b;
    });
    made.variants_ = std::move(variants);
    made.fallback_ = std::move(fallback);
    return made;
  }

  [[nodiscard]] std::size_t size() const { return variants_.size(); }
  /// Precondition: a place in the vector given to `make`.
  [[nodiscard]] const slot_variant& variant(std::uint32_t i) const { return variants_[i]; }
  /// The name to show for an answer of `choose`.
  [[nodiscard]] std::string_view name_of(std::uint32_t choice) const {
    return choice == by_default ? std::string_view(fallback_) : variants_[choice].name;
  }

  /// The place of the variant to show at `now`, or `by_default`. Conditions are asked from the
  /// highest priority down, until one holds. Allocates nothing. Cost: O(variants).
  template <slot_predicate P>
  [[nodiscard]] std::uint32_t choose(const P& predicate, timestamp now) const {
    for (const std::uint32_t i : order_) {
      if (judge(variants_[i], predicate, now) == slot_outcome::chosen) return i;
    }
    return by_default;
  }

  /// The same, and what became of each variant, in the order in which they were asked.
  template <slot_predicate P>
  std::uint32_t explain(const P& predicate, timestamp now, std::vector<slot_step>& steps) const {
    steps.clear();
    std::uint32_t choice = by_default;
    for (const std::uint32_t i : order_) {
      const slot_outcome outcome =
          choice == by_default ? judge(variants_[i], predicate, now) : slot_outcome::not_reached;
      if (outcome == slot_outcome::chosen) choice = i;
      steps.push_back({i, outcome});
    }
    return choice;
  }

  /// The next moment after `now` at which a variant's time begins or ends; the last one when there
  /// is none. Until then an answer stays good as long as the conditions do.
  [[nodiscard]] timestamp stands_until(timestamp now) const {
    timestamp next{INT64_MAX};
    for (const slot_variant& v : variants_) {
      if (v.from > now) next = (std::min)(next, v.from);
      if (v.to > now) next = (std::min)(next, v.to);
    }
    return next;
  }

 private:
  content_slot() = default;

  template <class P>
  static slot_outcome judge(const slot_variant& v, const P& predicate, timestamp now) {
    if (now < v.from) return slot_outcome::too_early;
    if (now >= v.to) return slot_outcome::over;
    if (v.condition != slot_variant::always && !predicate.holds(v.condition)) {
      return slot_outcome::blocked;
    }
    return slot_outcome::chosen;
  }

  std::vector<slot_variant> variants_;
  std::vector<std::uint32_t> order_;  // by priority
  std::string fallback_;
};

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_CONTENT_SLOT_HPP
