// Rules of tailor behind a C interface, for rules.py. Not a binding for use.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tailor/offer/condition_words.hpp"
#include "tailor/offer/rule_book.hpp"

namespace {

using namespace tailor;

struct customer {
  std::string_view country;
  std::int64_t tier;
  std::int64_t recency;
  std::int64_t monetary;
};

using book = offer::rule_book<customer>;

struct loaded {
  book rules;
  std::vector<std::uint32_t> given;  // the number of each in the list it came in
  offer::match_state state{};
};

}  // namespace

extern "C" {

/// Rules country == c, tier >= t, recency < r, monetary > m; null when they are none.
void* tailor_rules(const char* const* country, const std::int64_t* bounds, std::size_t n) {
  std::vector<offer::rule> rules;
  for (std::size_t i = 0; i < n; ++i) {
    const std::int64_t* const b = bounds + 3 * i;
    rules.push_back({.name = std::to_string(i),
                     .when = offer::the("country").is(country[i]) && offer::the("tier") >= b[0] &&
                             offer::the("recency") < b[1] && offer::the("monetary") > b[2]});
  }
  auto made = book::make(offer::fields<customer>{}
                             .text("country", [](const customer& c) { return c.country; })
                             .number("tier", [](const customer& c) { return c.tier; })
                             .number("recency", [](const customer& c) { return c.recency; })
                             .number("monetary", [](const customer& c) { return c.monetary; }),
                         std::move(rules));
  if (!made) return nullptr;
  auto* const out = new loaded{std::move(*made), {}};
  for (std::size_t i = 0; i < n; ++i) {
    out->given.push_back(static_cast<std::uint32_t>(std::stoul(out->rules[i].name)));
  }
  return out;
}

/// The rules of each customer one behind the other into `matched`, how many into `counts`. Gives
/// how many there are in all.
std::size_t tailor_match(void* made, const char* const* country, const std::int64_t* values,
                         std::size_t n, std::uint32_t* matched, std::uint32_t* counts) {
  loaded& h = *static_cast<loaded*>(made);
  std::size_t all = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const std::int64_t* const v = values + 3 * i;
    const auto found = h.rules.match({country[i], v[0], v[1], v[2]}, {}, h.state);
    counts[i] = static_cast<std::uint32_t>(found.size());
    for (const std::uint32_t rule : found) matched[all++] = h.given[rule];
  }
  return all;
}

void tailor_free(void* made) { delete static_cast<loaded*>(made); }

}  // extern "C"
