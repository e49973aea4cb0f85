// Rules as benchmarks draw them: 40 fields of 20 values, the same on every machine.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tailor/core/distributions.hpp"
#include "tailor/core/random.hpp"
#include "tailor/offer/condition_words.hpp"
#include "tailor/offer/field.hpp"
#include "tailor/offer/rule.hpp"

namespace bench {

using namespace tailor;

inline constexpr std::size_t field_count = 40;
inline constexpr std::int64_t value_count = 20;

struct visit {
  std::array<std::int64_t, field_count> field;
};

template <std::size_t... I>
offer::fields<visit> fields_of(std::index_sequence<I...>) {
  offer::fields<visit> f;
  ((f = std::move(f).number("f" + std::to_string(I), [](const visit& v) { return v.field[I]; })),
   ...);
  return f;
}
inline offer::fields<visit> visit_fields() {
  return fields_of(std::make_index_sequence<field_count>{});
}

inline std::vector<visit> drawn_visits(std::size_t count) {
  counter_random draw(11, 0);
  std::vector<visit> out(count);
  for (visit& v : out) {
    for (std::int64_t& x : v.field) x = static_cast<std::int64_t>(uniform_below(draw, value_count));
  }
  return out;
}

/// Of `least` to four tests. A third of them asks for one value, a third for one of three, a third
/// for a range of seven.
inline std::vector<offer::rule> drawn_rules(std::size_t count, std::size_t least = 1) {
  counter_random draw(7, 0);
  std::vector<offer::rule> rules;
  for (std::size_t i = 0; i < count; ++i) {
    offer::rule r{.name = "r" + std::to_string(i)};
    offer::group all;
    const std::uint64_t tests = least + uniform_below(draw, 5 - least);
    for (std::uint64_t t = 0; t < tests; ++t) {
      const auto field = offer::the("f" + std::to_string(uniform_below(draw, field_count)));
      const auto low = static_cast<std::int64_t>(uniform_below(draw, value_count));
      switch (uniform_below(draw, 3)) {
        case 0:
          all.parts.push_back(field == low);
          break;
        case 1:
          all.parts.push_back(
              field.any_of({low, (low + 5) % value_count, (low + 11) % value_count}));
          break;
        default:
          all.parts.push_back(field.between(low, low + 6));
      }
    }
    r.when = {std::move(all)};
    rules.push_back(std::move(r));
  }
  return rules;
}

}  // namespace bench
