#ifndef TAILOR_OFFER_RECEIPT_HPP
#define TAILOR_OFFER_RECEIPT_HPP

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <vector>

#include "../core/ids.hpp"
#include "pricer.hpp"

namespace tailor::inline v0::offer {

/// Why a rule that holds gave nothing.
enum class lost : std::uint8_t {
  to_group,   ///< another of its group was chosen
  to_alone,   ///< one that stands alone was chosen, or it stands alone itself
  to_margin,  ///< the conflict rule left it out: it gave too little or cost too much
  refused     ///< the host said no: a cap, a budget
};

/// As it is written; never null.
[[nodiscard]] constexpr const char* name_of(lost l) {
  constexpr const char* names[] = {"another of its group", "combined with nothing",
                                   "left out by the conflict rule", "refused by the host"};
  const auto index = static_cast<std::size_t>(l);
  return index < std::size(names) ? names[index] : "unnamed";
}

/// What a cart costs and why. Rules are numbers of the book. Amounts are minor units.
struct receipt {
  struct line {
    item_id item = no_item;
    std::int64_t unit_price = 0;
    std::int64_t pieces = 0;
    std::int64_t before = 0;
    std::int64_t after = 0;

    friend bool operator==(const line&, const line&) = default;
  };
  struct fired_rule {
    std::uint32_t rule = 0;
    std::int64_t minor = 0;  ///< what it took off; 0: nothing was left to take, or it takes nothing

    friend bool operator==(const fired_rule&, const fired_rule&) = default;
  };
  struct dropped_rule {
    static constexpr std::uint32_t nobody = UINT32_MAX;

    std::uint32_t rule = 0;
    lost why = lost::to_group;
    std::uint32_t to = nobody;  ///< the rule that was chosen instead

    friend bool operator==(const dropped_rule&, const dropped_rule&) = default;
  };
  struct gift_line {
    item_id item = no_item;
    std::int64_t pieces = 0;
    std::uint32_t rule = 0;

    friend bool operator==(const gift_line&, const gift_line&) = default;
  };

  std::vector<line> lines{};              ///< in the order of the cart
  std::vector<adjustment> adjustments{};  ///< in the order in which they were taken
  std::vector<fired_rule> fired{};        ///< in the order in which rules are considered
  std::vector<dropped_rule> dropped{};
  std::vector<gift_line> gifts{};
  std::int64_t before = 0;  ///< the lines, without shipping
  std::int64_t after = 0;
  std::int64_t shipping_before = 0;
  std::int64_t shipping_after = 0;
  bool personal = false;  ///< a rule that asks about the person changed what is paid or given: it
                          ///< took something off, gave something, or kept another rule away
  bool search_was_cut = false;  ///< the conflict rule did not try all sets

  [[nodiscard]] std::int64_t total() const { return after + shipping_after; }

  friend bool operator==(const receipt&, const receipt&) = default;
};

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_RECEIPT_HPP
