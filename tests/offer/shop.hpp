#ifndef TAILOR_TESTS_OFFER_SHOP_HPP
#define TAILOR_TESTS_OFFER_SHOP_HPP

#include <algorithm>
#include <cstdint>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "tailor/offer/cart_traits.hpp"
#include "tailor/offer/condition.hpp"
#include "tailor/offer/discount.hpp"
#include "tailor/offer/field.hpp"
#include "tailor/offer/rule.hpp"
#include "tailor/offer/rule_book.hpp"

// A shop whose carts and rules are drawn at random, and what a rule means, said slowly.

namespace shop {

struct line {
  std::uint64_t sku = 0;
  std::int64_t price = 0;
  std::int64_t pieces = 1;
  std::int64_t cost = 0;
  std::string brand{};
  std::vector<std::string> tags{};
};

struct cart {
  std::int64_t total = 0;
  std::int64_t visits = 0;
  std::optional<std::int64_t> points{};
  std::string country{};
  std::optional<std::string> city{};
  std::vector<std::string> tags{};
  bool member = false;
  tailor::timestamp born{};
  std::int64_t shipping = 0;
  std::vector<line> lines{};
};

inline tailor::currency euro() { return tailor::currency::make("EUR", 2).value(); }

}  // namespace shop

template <>
struct tailor::offer::cart_traits<shop::cart> {
  static std::span<const shop::line> lines(const shop::cart& c) { return c.lines; }
  static item_id item(const shop::line& l) { return item_id{l.sku}; }
  static std::int64_t unit_price(const shop::line& l) { return l.price; }
  static std::int64_t unit_cost(const shop::line& l) { return l.cost; }
  static std::int64_t pieces(const shop::line& l) { return l.pieces; }
  static std::int64_t shipping(const shop::cart& c) { return c.shipping; }
  static currency unit(const shop::cart&) { return shop::euro(); }
};

namespace shop {

using namespace tailor::offer;

inline fields<cart> cart_fields() {
  return fields<cart>{}
      .money("total", [](const cart& c) { return c.total; })
      .number(
          "visits", [](const cart& c) { return c.visits; }, field_use::personal)
      .number("points", [](const cart& c) { return c.points; })
      .text("country", [](const cart& c) -> std::string_view { return c.country; })
      .text("city", [](const cart& c) -> const std::optional<std::string>& { return c.city; })
      .set("tags", [](const cart& c) -> const std::vector<std::string>& { return c.tags; })
      .flag("member", [](const cart& c) { return c.member; })
      .time("born", [](const cart& c) { return c.born; })
      .text("religion", [](const cart&) -> std::string_view { return ""; }, field_use::forbidden);
}

inline fields<line> line_fields() {
  return fields<line>{}
      .money("price", [](const line& l) { return l.price; })
      .number("pieces", [](const line& l) { return l.pieces; })
      .text("brand", [](const line& l) -> std::string_view { return l.brand; })
      .set("tags", [](const line& l) -> const std::vector<std::string>& { return l.tags; });
}

// --- rules by hand -------------------------------------------------------------------------------

using book = rule_book<cart>;

inline book make_book(std::vector<rule> rules) {
  return book::make(cart_fields(), line_fields(), std::move(rules)).value();
}
inline rule named(std::string name, condition when, discount gives = {}) {
  return {.name = std::move(name), .when = std::move(when), .gives = std::move(gives)};
}
inline rule in_group(rule r, std::string group) {
  r.group = std::move(group);
  return r;
}

// --- drawn ---------------------------------------------------------------------------------------

using random = std::mt19937_64;

inline std::int64_t pick(random& r, std::int64_t low, std::int64_t high) {
  return std::uniform_int_distribution<std::int64_t>(low, high)(r);
}
inline bool chance(random& r, int percent) { return pick(r, 0, 99) < percent; }

inline std::string word(random& r) {
  constexpr const char* words[] = {"", "a", "ab", "abc", "b", "bc", "caba", "DE", "FR", "AT"};
  return words[pick(r, 0, 9)];
}
inline std::vector<std::string> some_words(random& r, std::int64_t least, std::int64_t most) {
  std::vector<std::string> out(static_cast<std::size_t>(pick(r, least, most)));
  for (std::string& s : out) s = word(r);
  return out;
}

inline cart any_cart(random& r, std::int64_t most_lines = 5) {
  cart c;
  c.total = pick(r, -2, 12);
  c.visits = pick(r, 0, 6);
  if (chance(r, 70)) c.points = pick(r, 0, 9);
  c.country = word(r);
  if (chance(r, 70)) c.city = word(r);
  c.tags = some_words(r, 0, 3);
  c.member = chance(r, 50);
  c.born = {pick(r, -5, 5)};
  c.shipping = pick(r, 0, 900);
  c.lines.resize(static_cast<std::size_t>(pick(r, 0, most_lines)));
  for (line& l : c.lines) {
    l = {static_cast<std::uint64_t>(pick(r, 1, 9)),
         pick(r, 0, 12),
         pick(r, 1, 4),
         pick(r, 0, 6),
         word(r),
         some_words(r, 0, 2)};
  }
  return c;
}

inline condition any_test(random& r, bool of_line) {
  using enum test_operator;
  const std::int64_t kind = of_line ? pick(r, 0, 3) : pick(r, 0, 7);
  test t;
  const auto number = [&](const char* name) {
    constexpr test_operator ops[] = {exists, missing,  equal,   not_equal, less,   at_most,
                                     more,   at_least, between, any_of,    none_of};
    t.field = name;
    t.op = ops[pick(r, 0, 10)];
    std::int64_t operands = t.op == exists || t.op == missing ? 0 : 1;
    if (t.op == between) operands = 2;
    if (t.op == any_of || t.op == none_of) operands = pick(r, 1, 4);
    for (std::int64_t i = 0; i < operands; ++i) t.numbers.push_back(pick(r, -1, 10));
    if (t.op == between) std::sort(t.numbers.begin(), t.numbers.end());
  };
  const auto text = [&](const char* name) {
    constexpr test_operator ops[] = {exists,  missing,     equal,     not_equal, any_of,
                                     none_of, starts_with, ends_with, contains};
    t.field = name;
    t.op = ops[pick(r, 0, 8)];
    std::int64_t operands = t.op == exists || t.op == missing ? 0 : 1;
    if (t.op == any_of || t.op == none_of) operands = pick(r, 1, 3);
    t.texts = some_words(r, operands, operands);
  };
  const auto set = [&] {
    constexpr test_operator ops[] = {exists, missing, any_of, none_of, all_of};
    t.field = "tags";
    t.op = ops[pick(r, 0, 4)];
    if (t.op != exists && t.op != missing) t.texts = some_words(r, 1, 3);
  };
  if (of_line) {
    if (kind == 0) number("price");
    if (kind == 1) number("pieces");
    if (kind == 2) text("brand");
    if (kind == 3) set();
    return {std::move(t)};
  }
  if (kind == 0) number("total");
  if (kind == 1) number("visits");
  if (kind == 2) number("points");
  if (kind == 3) text("country");
  if (kind == 4) text("city");
  if (kind == 5) set();
  if (kind == 6) {
    t.field = "member";
    t.op = chance(r, 50) ? equal : not_equal;
    t.numbers = {pick(r, 0, 1)};
  }
  if (kind == 7) number("born");
  return {std::move(t)};
}

inline condition any_condition(random& r, int depth = 0, bool of_line = false) {
  const std::int64_t kind = pick(r, 0, depth > 3 ? 3 : 9);
  if (kind >= 6) {
    group g{static_cast<joined_by>(pick(r, 0, 2)), {}};
    const std::int64_t parts = pick(r, g.how == joined_by::any ? 1 : 0, 3);
    for (std::int64_t i = 0; i < parts; ++i)
      g.parts.push_back(any_condition(r, depth + 1, of_line));
    return {std::move(g)};
  }
  if (kind == 5 && !of_line) {
    line_test l;
    l.how = static_cast<quantifier>(pick(r, 0, 4));
    if (chance(r, 80)) l.where.push_back(any_condition(r, depth + 2, true));
    if (l.how == quantifier::sum) l.field = chance(r, 50) ? "price" : "pieces";
    l.op = static_cast<tailor::comparison>(pick(r, 0, 5));
    l.bound = pick(r, -1, 12);
    return {std::move(l)};
  }
  if (kind == 4 && !of_line) return {member_test{std::string(1, "xyz"[pick(r, 0, 2)])}};
  return any_test(r, of_line);
}

// --- what a condition means ------------------------------------------------------------------

inline bool passes_number(const test& t, std::optional<std::int64_t> v) {
  using enum test_operator;
  if (t.op == missing) return !v.has_value();
  if (!v.has_value()) return false;
  const auto listed = [&] {
    return std::find(t.numbers.begin(), t.numbers.end(), *v) != t.numbers.end();
  };
  if (t.op == exists) return true;
  if (t.op == any_of) return listed();
  if (t.op == none_of) return !listed();
  if (t.op == between) return t.numbers[0] <= *v && *v <= t.numbers[1];
  const std::int64_t n = t.numbers[0];
  return t.op == equal       ? *v == n
         : t.op == not_equal ? *v != n
         : t.op == less      ? *v < n
         : t.op == at_most   ? *v <= n
         : t.op == more      ? *v > n
                             : *v >= n;
}
inline bool passes_text(const test& t, std::optional<std::string> v) {
  using enum test_operator;
  if (t.op == missing) return !v.has_value();
  if (!v.has_value()) return false;
  const bool listed = std::find(t.texts.begin(), t.texts.end(), *v) != t.texts.end();
  if (t.op == exists) return true;
  if (t.op == any_of || t.op == equal) return listed;
  if (t.op == none_of || t.op == not_equal) return !listed;
  if (t.op == starts_with) return v->starts_with(t.texts[0]);
  if (t.op == ends_with) return v->ends_with(t.texts[0]);
  return v->find(t.texts[0]) != std::string::npos;
}
inline bool passes_set(const test& t, const std::vector<std::string>& v) {
  using enum test_operator;
  if (t.op == exists) return true;
  if (t.op == missing) return false;
  std::size_t found = 0;
  for (const std::string& s : t.texts) found += std::find(v.begin(), v.end(), s) != v.end();
  return t.op == any_of ? found > 0 : t.op == none_of ? found == 0 : found == t.texts.size();
}

inline bool passes(const test& t, const line& l) {
  if (t.field == "price") return passes_number(t, l.price);
  if (t.field == "pieces") return passes_number(t, l.pieces);
  if (t.field == "brand") return passes_text(t, l.brand);
  return passes_set(t, l.tags);
}
inline bool passes(const test& t, const cart& c) {
  if (t.field == "total") return passes_number(t, c.total);
  if (t.field == "visits") return passes_number(t, c.visits);
  if (t.field == "points") return passes_number(t, c.points);
  if (t.field == "country") return passes_text(t, c.country);
  if (t.field == "city") return passes_text(t, c.city);
  if (t.field == "member") return passes_number(t, c.member ? 1 : 0);
  if (t.field == "born") return passes_number(t, c.born.us);
  return passes_set(t, c.tags);
}

struct segments {
  std::string in{};
  bool operator()(std::string_view s) const { return in.find(s) != std::string::npos; }
};

template <class Object>
bool holds(const condition& c, const Object& o, const segments& who) {
  if (const auto* g = std::get_if<group>(&c.is)) {
    bool any = false;
    bool all = true;
    for (const condition& part : g->parts) {
      const bool h = holds(part, o, who);
      any |= h;
      all &= h;
    }
    return g->how == joined_by::all ? all : g->how == joined_by::any ? any : !any;
  }
  if (const auto* t = std::get_if<test>(&c.is)) return passes(*t, o);
  if (const auto* m = std::get_if<member_test>(&c.is)) return who(m->segment);
  if constexpr (std::is_same_v<Object, cart>) {
    const auto& l = std::get<line_test>(c.is);
    std::int64_t count = 0;
    std::int64_t sum = 0;
    for (const line& one : o.lines) {
      if (!l.where.empty() && !holds(l.where[0], one, who)) continue;
      ++count;
      sum += l.field == "price" ? one.price : one.pieces;
    }
    switch (l.how) {
      case quantifier::any:
        return count > 0;
      case quantifier::all:
        return count == static_cast<std::int64_t>(o.lines.size()) && count > 0;
      case quantifier::none:
        return count == 0;
      case quantifier::count:
        return tailor::compares(count, l.op, l.bound);
      case quantifier::sum:
        return tailor::compares(sum, l.op, l.bound);
    }
  }
  return false;
}

}  // namespace shop

#endif  // TAILOR_TESTS_OFFER_SHOP_HPP
