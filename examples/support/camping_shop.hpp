// A shop of eleven things in two sections, and what forty people bought in it.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "tailor/events/timeline.hpp"
#include "tailor/recommend/catalogue.hpp"

namespace camping_shop {

using namespace tailor;

inline constexpr timestamp now{1'764'072'000'000'000};  // 2025-11-25T12:00:00Z
inline constexpr recommend::attribute section{1};       // 1: outdoors, 2: kitchen
inline constexpr item_id sleeping_bag{2}, mugs{6}, voucher{11};

inline std::string_view name(item_id item) {
  constexpr const char* names[] = {"",       "a tent",  "a sleeping bag", "a stove",
                                   "a lamp", "a rope",  "mugs",           "a kettle",
                                   "a pan",  "a knife", "a map",          "a voucher"};
  return raw(item) < 12 ? names[raw(item)] : "";
}

/// The rope is sold out.
inline recommend::item_table items() {
  std::vector<recommend::item_table::row> rows;
  for (std::uint64_t i = 1; i < 12; ++i) {
    const auto price = static_cast<std::int64_t>(900 + 500 * i);
    rows.push_back({item_id{i}, price, i != 5, {{section, i < 6 ? 1u : 2u}}});
  }
  return recommend::item_table::make(rows).value();
}

/// Campers have even numbers, cooks odd ones; shopper 1 looks at this and that.
inline events::timeline past() {
  using enum events::event_kind;
  events::timeline out;
  const auto does = [&](std::uint64_t user, events::event_kind kind, std::uint64_t item, int day) {
    (void)out.observe({user_id{user}, now - days(day), kind, item_id{item}});
  };
  does(1, purchase, 1, 9);
  does(1, view_item, 3, 2);
  does(1, view_item, 8, 1);
  for (std::uint64_t u = 2; u < 40; ++u) {
    for (std::uint64_t n = 0; n < 4; ++n) {
      const std::uint64_t chosen = u / 2 + n * n;
      does(u, purchase, u % 2 == 0 ? 1 + chosen % 5 : 6 + chosen % 4, 30 - int(n));
    }
  }
  return out;
}

}  // namespace camping_shop
