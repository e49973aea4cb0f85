#ifndef TAILOR_RECOMMEND_PART_HPP
#define TAILOR_RECOMMEND_PART_HPP

#include <cmath>
#include <cstddef>
#include <cstdint>

#include "../core/ids.hpp"

namespace tailor::inline v0::recommend {

/// Why an item of the context speaks for others.
enum class seed_reason : std::uint8_t { none, on_page, in_cart, viewed, carted, bought };

[[nodiscard]] constexpr const char* name_of(seed_reason reason) {
  constexpr const char* names[] = {"none", "on page", "in cart", "viewed", "carted", "bought"};
  const auto n = static_cast<std::size_t>(reason);
  return n < 6 ? names[n] : "unnamed";
}

/// What stands behind a part of a score, in whole numbers, as the model keeps it.
struct evidence {
  std::int64_t both = 0;        ///< people (or orders, sessions) with seed and item; 0: not a pair
  std::int64_t source = 0;      ///< with the seed
  std::int64_t target = 0;      ///< with the item
  std::int64_t population = 0;  ///< all
  std::int64_t weight = 0;      ///< learnt, in units of the source; 0: not learnt
  std::uint64_t column = 0;     ///< digest of all that the model says of the item; 0: none

  friend constexpr bool operator==(const evidence&, const evidence&) = default;
};

/// One summand of an item's score in one source: what a seed says for it.
struct part {
  item_id seed = no_item;  ///< no_item where nothing of the context stands behind it
  seed_reason reason = seed_reason::none;
  std::uint32_t times = 1;  ///< how much the seed counts
  std::int64_t amount = 0;  ///< what it says, in units of the source: the part is times · amount
  evidence because{};

  friend constexpr bool operator==(const part&, const part&) = default;
};

/// Scores of models are floating; answers are not, so that they are the same everywhere and
/// receipts re-compute. A model's score in units of 2^-bits, rounded to the nearest, held within
/// `most`; 0 for what is no number.
[[nodiscard]] inline std::int64_t in_units(double score, int bits, std::int64_t most) {
  const double scaled = std::floor(std::ldexp(score, bits) + 0.5);
  if (!(scaled > -static_cast<double>(most))) return scaled == scaled ? -most : 0;
  return scaled < static_cast<double>(most) ? static_cast<std::int64_t>(scaled) : most;
}

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_PART_HPP
