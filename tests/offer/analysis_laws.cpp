#include <algorithm>
#include <cstdint>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "../catch.hpp"
#include "shop.hpp"
#include "tailor/offer/analysis.hpp"
#include "tailor/offer/checkout.hpp"
#include "tailor/offer/condition_words.hpp"

// What an analysis says of small books, against every cart there is.

using namespace tailor;
using namespace tailor::offer;

namespace {

using kind = finding_kind;
using shop::in_group;
using shop::named;

discount percent(std::int64_t share) { return percent_off{.share = share}; }

/// Every cart there is, as far as small rules can tell: each value they name, and others.
std::vector<shop::cart> all_carts(bool with_lines) {
  std::vector<shop::cart> out;
  for (std::int64_t total = -1; total <= 3; ++total) {
    for (std::int64_t points = -2; points <= 2; ++points) {
      for (const char* country : {"", "DE", "other"}) {
        for (int tags = 0; tags < 4; ++tags) {
          for (int lines = 0; lines < (with_lines ? 3 : 1); ++lines) {
            shop::cart c;
            c.total = total;
            if (points > -2) c.points = points;
            c.country = country;
            c.member = total % 2 == 0;
            if (tags & 1) c.tags.push_back("a");
            if (tags & 2) c.tags.push_back("b");
            if (lines > 0) c.lines.push_back({.sku = 1, .price = lines});
            out.push_back(std::move(c));
          }
        }
      }
    }
  }
  return out;
}

condition small_test(shop::random& r) {
  switch (shop::pick(r, 0, 9)) {
    case 0:
      return the("total") >= shop::pick(r, 0, 2);
    case 1:
      return the("total") <= shop::pick(r, 0, 2);
    case 2:
      return the("total").any_of({shop::pick(r, 0, 2), shop::pick(r, 0, 2)});
    case 3:
      return the("points") >= shop::pick(r, 0, 1);
    case 4:
      return the("points") != shop::pick(r, 0, 1);
    case 5:
      return shop::chance(r, 50) ? the("points").missing() : the("points").exists();
    case 6:
      return shop::chance(r, 50) ? the("country").is("DE") : the("country").is_not("DE");
    case 7:
      return the("tags").any_of({shop::chance(r, 50) ? "a" : "b"});
    case 8:
      return the("tags").any_of({"a", "b"});
    default:
      return the("country").any_of({"DE", ""});
  }
}

/// Of exact boxes alone, or of anything.
condition small_condition(shop::random& r, bool anything, int depth = 0) {
  const std::int64_t what = anything ? shop::pick(r, 0, 9) : 0;
  if (what == 9 && depth < 2) return !small_condition(r, anything, depth + 1);
  if (what >= 7 && depth < 2) {
    return small_condition(r, anything, depth + 1) || small_condition(r, anything, depth + 1);
  }
  if (what == 6) return any_line(the("price") >= shop::pick(r, 1, 2));
  if (what == 5) return member_of(shop::chance(r, 50) ? "x" : "y");
  if (what == 4) return the("tags").none_of({"a"});
  condition out = small_test(r);
  for (std::int64_t more = shop::pick(r, 0, 2); more > 0; --more) {
    out = std::move(out) && (anything ? small_condition(r, true, depth + 1) : small_test(r));
  }
  return out;
}

std::vector<offer::rule> small_rules(shop::random& r, bool anything) {
  std::vector<offer::rule> rules;
  for (std::int64_t i = shop::pick(r, 2, 30); i > 0; --i) {
    offer::rule one = named("r" + std::to_string(i), small_condition(r, anything));
    if (shop::chance(r, 80)) one.gives = percent(shop::pick(r, 1, 3) * 1'500);
    if (shop::chance(r, 60)) one.group = shop::chance(r, 70) ? "g" : "h";
    if (shop::chance(r, 10)) one.combines = combining::alone;
    one.priority = static_cast<std::int32_t>(shop::pick(r, 0, 2));
    rules.push_back(std::move(one));
  }
  return rules;
}

/// For which carts, asked by whom, a rule holds.
using holding = std::vector<bool>;

struct world {
  explicit world(bool with_lines) : carts(all_carts(with_lines)) {
    who.push_back({""});
    if (with_lines) who.insert(who.end(), {{"x"}, {"xy"}});
  }
  [[nodiscard]] holding of(const condition& when) const {
    holding out;
    for (const shop::cart& c : carts) {
      for (const shop::segments& w : who) out.push_back(shop::holds(when, c, w));
    }
    return out;
  }

  std::vector<shop::cart> carts;
  std::vector<shop::segments> who{};
};

bool none(const holding& h) { return std::find(h.begin(), h.end(), true) == h.end(); }
bool within(const holding& b, const holding& a) {
  for (std::size_t i = 0; i < b.size(); ++i) {
    if (b[i] && !a[i]) return false;
  }
  return true;
}
bool meet(const holding& a, const holding& b) {
  for (std::size_t i = 0; i < b.size(); ++i) {
    if (a[i] && b[i]) return true;
  }
  return false;
}

/// What is chosen by priority of those that hold, said once more.
std::vector<std::uint32_t> chosen(const shop::book& b, const std::vector<holding>& h,
                                  std::size_t cart) {
  std::vector<std::uint32_t> out;
  for (std::uint32_t i = 0; i < b.size(); ++i) {
    if (!h[i][cart]) continue;
    if (b[i].combines == combining::alone) {
      if (out.empty()) return {i};
      continue;
    }
    bool taken = false;
    for (const std::uint32_t o : out) taken |= !b[i].group.empty() && b[o].group == b[i].group;
    if (!taken) out.push_back(i);
  }
  return out;
}

std::int64_t share_of(const offer::rule& r) {
  const auto* p = std::get_if<percent_off>(&r.gives);
  return p == nullptr ? 0 : p->share;
}

}  // namespace

TEST_CASE(
    "analysis laws: what is told is so for every cart there is, and of plain rules all of it") {
  shop::random r(17);
  std::size_t shadows = 0, doubles = 0, nevers = 0, deciding = 0, stacks = 0, plain_stacks = 0;
  for (int round = 0; round < 240; ++round) {
    const bool anything = round % 2 == 1;
    const world all(anything);
    const shop::book b = shop::make_book(small_rules(r, anything));
    CAPTURE(round);
    std::vector<holding> h;
    for (std::uint32_t i = 0; i < b.size(); ++i) h.push_back(all.of(b[i].when));
    std::vector<std::vector<std::uint32_t>> winners;
    std::vector<bool> ever(b.size(), false);
    std::int64_t dearest = 0;
    for (std::size_t c = 0; c < h[0].size(); ++c) {
      winners.push_back(chosen(b, h, c));
      std::int64_t left = 1'000'000;
      for (const std::uint32_t w : winners.back()) {
        ever[w] = true;
        left = left * (10'000 - share_of(b[w])) / 10'000;
      }
      dearest = std::max(dearest, 1'000'000 - left);
    }
    const auto one_box = [&](std::uint32_t i) {
      const auto& boxes = b.compiled().boxes;
      const auto& of = b.compiled().box_rule;
      std::size_t count = 0;
      bool exact = true;
      for (std::size_t k = 0; k < boxes.size(); ++k) {
        if ((of[k] & ~compiled_rules::ask) != i) continue;
        ++count;
        exact &= boxes[k].exact;
      }
      return count == 0 || (count == 1 && exact);
    };
    const auto found = analyse(b.compiled());
    REQUIRE(std::is_sorted(found.begin(), found.end(), [](const finding& x, const finding& y) {
      return std::tuple(x.rule, x.kind, x.other) < std::tuple(y.rule, y.kind, y.other);
    }));
    std::int64_t most_told = 0;
    for (const finding& f : found) {
      CAPTURE(text_of(f, b.compiled().rules));
      switch (f.kind) {
        case kind::never_holds:
          REQUIRE(none(h[f.rule]));
          ++nevers;
          break;
        case kind::shadowed:
          REQUIRE_FALSE(ever[f.rule]);
          REQUIRE(f.other < f.rule);
          REQUIRE(within(h[f.rule], h[f.other]));
          ++shadows;
          break;
        case kind::duplicate:
          REQUIRE(h[f.rule] == h[f.other]);
          REQUIRE(b[f.rule].gives == b[f.other].gives);
          ++doubles;
          break;
        case kind::name_decides:
          REQUIRE(h[f.rule] == h[f.other]);
          REQUIRE(b[f.rule].priority == b[f.other].priority);
          REQUIRE_FALSE(b[f.rule].gives == b[f.other].gives);
          ++deciding;
          break;
        case kind::takes_too_much: {
          // These very rules are chosen for a cart, and take that.
          bool there = false;
          for (std::size_t c = 0; c < winners.size() && !there; ++c) {
            const auto& w = winners[c];
            if (std::find(w.begin(), w.end(), f.rule) == w.end()) continue;
            if (f.other != finding::none && std::find(w.begin(), w.end(), f.other) == w.end()) {
              continue;
            }
            std::int64_t left = 1'000'000;
            for (const std::uint32_t i : w) left = left * (10'000 - share_of(b[i])) / 10'000;
            there = w.size() >= f.together && (1'000'000 - left) / 100 >= f.amount;
          }
          REQUIRE(there);
          REQUIRE(f.amount > 5'000);
          ++stacks;
          [[fallthrough]];
        }
        case kind::may_take_too_much:
          most_told = std::max(most_told, f.amount);
          break;
        default:
          break;
      }
    }
    if (dearest > 500'000) {
      // Greedy steps find a set that is too much wherever there is one, in books as small.
      if (most_told <= 5'000) ++plain_stacks;
    }
    const auto told = [&](kind k, std::uint32_t rule) {
      return std::any_of(found.begin(), found.end(),
                         [&](const finding& f) { return f.kind == k && f.rule == rule; });
    };
    std::int64_t pairs = 0;
    bool all_exact = true;
    for (std::uint32_t i = 0; i < b.size(); ++i) {
      all_exact &= one_box(i);
      if (!one_box(i)) continue;
      REQUIRE(told(kind::never_holds, i) == none(h[i]));
      if (none(h[i])) continue;
      for (std::uint32_t a = 0; a < i; ++a) {
        if (!one_box(a) || none(h[a])) continue;
        const bool twin = h[i] == h[a];
        if (twin && b[i].gives == b[a].gives) REQUIRE(told(kind::duplicate, i));
        if (twin && b[i].priority == b[a].priority && !(b[i].gives == b[a].gives) &&
            b[i].combines == b[a].combines &&
            (b[i].combines == combining::alone ||
             (!b[i].group.empty() && b[i].group == b[a].group))) {
          REQUIRE(told(kind::name_decides, i));
        }
        if (!within(h[i], h[a])) continue;
        if (b[i].combines == combining::alone) {
          REQUIRE(told(kind::shadowed, i));
        } else if (b[a].combines != combining::alone) {
          if (!b[a].group.empty() && b[a].group == b[i].group) REQUIRE(told(kind::shadowed, i));
        } else {
          bool place = false;
          for (std::uint32_t x = 0; x < a; ++x) {
            place |= b[x].combines != combining::alone &&
                     (b[x].group.empty() || b[x].group != b[i].group) &&
                     (!one_box(x) || meet(h[x], h[i]));
          }
          if (!place) REQUIRE(told(kind::shadowed, i));
        }
      }
      const auto stacks_up = [&](std::uint32_t x) {
        return b[x].combines != combining::alone && share_of(b[x]) > 0;
      };
      for (std::uint32_t a = 0; a < i; ++a) {
        pairs += stacks_up(i) && stacks_up(a) && one_box(a) &&
                 (b[a].group.empty() || b[a].group != b[i].group) && meet(h[a], h[i]);
      }
    }
    if (all_exact) {
      const auto at = std::find_if(found.begin(), found.end(),
                                   [](const finding& f) { return f.kind == kind::may_add_up; });
      REQUIRE((at == found.end() ? 0 : at->amount) == pairs);
    }
  }
  CHECK(nevers > 100);
  CHECK(shadows > 500);
  CHECK(doubles > 100);
  CHECK(deciding > 20);
  CHECK(stacks > 300);
  CHECK(plain_stacks == 0);
}

TEST_CASE("analysis laws: two percentages that are too much are always found") {
  shop::random r(18);
  std::size_t together = 0;
  for (int round = 0; round < 200; ++round) {
    std::vector<offer::rule> rules;
    for (std::int64_t i = shop::pick(r, 2, 12); i > 0; --i) {
      rules.push_back(named("r" + std::to_string(i), small_condition(r, round % 2 == 1),
                            percent(shop::pick(r, 1, 5'500))));
      if (shop::chance(r, 40)) rules.back().group = shop::chance(r, 50) ? "g" : "h";
    }
    const shop::book b = shop::make_book(rules);
    const world all(round % 2 == 1);
    std::vector<holding> h;
    for (std::uint32_t i = 0; i < b.size(); ++i) h.push_back(all.of(b[i].when));
    std::vector<bool> told(b.size(), false);
    for (const finding& f : analyse(b.compiled(), {.most_off = 6'000, .most_together = 2})) {
      if (f.kind != kind::takes_too_much && f.kind != kind::may_take_too_much) continue;
      told[f.rule] = true;
      if (f.other != finding::none) told[f.other] = true;
    }
    for (std::uint32_t i = 0; i < b.size(); ++i) {
      for (std::uint32_t a = 0; a < i; ++a) {
        const std::int64_t left = (10'000 - share_of(b[i])) * (10'000 - share_of(b[a]));
        if (left >= 4'000 * 10'000 || !meet(h[a], h[i])) continue;
        if (!b[a].group.empty() && b[a].group == b[i].group) continue;
        REQUIRE(told[i]);
        REQUIRE(told[a]);
        ++together;
      }
    }
  }
  CHECK(together > 300);
}

TEST_CASE("analysis laws: a checkout takes what was said to be certain") {
  shop::random r(19);
  const checkout<shop::cart> till(shop::euro());
  checkout_state state;
  receipt out;
  std::size_t checked = 0;
  for (int round = 0; round < 150; ++round) {
    std::vector<offer::rule> rules;
    for (std::int64_t i = shop::pick(r, 1, 8); i > 0; --i) {
      condition when = the("total") >= shop::pick(r, 0, 4) * 20'000;
      if (shop::chance(r, 50)) when = std::move(when) && the("points") >= shop::pick(r, 0, 2);
      if (shop::chance(r, 30)) when = the("total").between(0, shop::pick(r, 1, 5) * 20'000);
      rules.push_back(named("r" + std::to_string(i), std::move(when)));
      offer::rule& one = rules.back();
      const std::int64_t most = shop::chance(r, 30) ? shop::pick(r, 1, 30'000) : INT64_MAX;
      const auto from = shop::chance(r, 50) ? taken_from::lines : taken_from::order;
      if (shop::chance(r, 60)) {
        one.gives = percent_off{shop::pick(r, 1, 40) * 100, from, {}, most};
      } else {
        one.gives = amount_off{shop::pick(r, 1, 30'000), taken_from::order, {}, most};
      }
      if (shop::chance(r, 30)) one.group = "g";
      if (shop::chance(r, 10)) one.combines = combining::alone;
      one.priority = static_cast<std::int32_t>(shop::pick(r, 0, 2));
    }
    const shop::book b = shop::make_book(rules);
    const auto found = analyse(b.compiled(), {.most_off = 4'500, .total = "total"});
    std::int64_t certain = 0;
    for (const finding& f : found) {
      if (f.kind == kind::takes_too_much) certain = std::max(certain, f.amount);
    }
    if (certain == 0) continue;
    ++checked;
    std::int64_t most = 0;
    for (std::int64_t step = -1; step <= 10; ++step) {
      for (const std::int64_t beside : {-1, 0, 1}) {
        for (std::int64_t points = -1; points <= 3; ++points) {
          shop::cart c;
          c.total = std::max(std::int64_t{1}, step * 10'000 + beside);
          if (points >= 0) c.points = points;
          c.lines.push_back({.sku = 1, .price = c.total});
          REQUIRE(till.price(b, c, {}, state, out));
          most =
              std::max(most, out.before == 0 ? 0 : (out.before - out.after) * 10'000 / out.before);
        }
      }
    }
    CAPTURE(round);
    REQUIRE(most + 1 >= certain);  // but for rounding
  }
  CHECK(checked > 50);
}

TEST_CASE("analysis laws: shadows among many rules are those that a slow search finds") {
  shop::random r(20);
  for (int round = 0; round < 12; ++round) {
    std::vector<offer::rule> rules;
    for (int i = 0; i < 400; ++i) {
      group all;
      const auto test = [&](const char* field, std::int64_t wide) {
        const std::int64_t low = shop::pick(r, 0, 100);
        switch (shop::pick(r, 0, 3)) {
          case 0:
            return the(field) >= low;
          case 1:
            return the(field) <= low;
          case 2:
            return the(field).any_of({low, low + 3, low + 7});
          default:
            return the(field).between(low, low + shop::pick(r, 0, wide));
        }
      };
      if (shop::chance(r, 60)) all.parts.push_back(test("total", 60));
      if (shop::chance(r, 60)) all.parts.push_back(test("visits", 80));
      if (shop::chance(r, 30)) all.parts.push_back(test("points", 80));
      if (shop::chance(r, 20)) all.parts.push_back(the("points").missing());
      if (shop::chance(r, 30)) all.parts.push_back(the("tags").any_of(shop::some_words(r, 1, 4)));
      if (shop::chance(r, 20)) all.parts.push_back(the("country").is(shop::word(r)));
      rules.push_back(in_group(named("r" + std::to_string(i), {std::move(all)}), "g"));
      rules.back().priority = static_cast<std::int32_t>(shop::pick(r, 0, 30));
    }
    const shop::book b = shop::make_book(rules);
    const offer::detail::rule_regions regions(b.compiled(), timestamp{INT64_MIN});
    std::vector<std::pair<std::uint32_t, std::uint32_t>> expected, found;
    for (std::uint32_t i = 0; i < b.size(); ++i) {
      if (regions[i].is != offer::detail::rule_regions::state::may_hold) continue;
      for (std::uint32_t a = 0; a < i; ++a) {
        if (regions[a].is != offer::detail::rule_regions::state::may_hold || !regions.implies(i, a))
          continue;
        expected.emplace_back(i, a);
        break;
      }
    }
    for (const finding& f : analyse(b.compiled())) {
      if (f.kind == kind::shadowed) found.emplace_back(f.rule, f.other);
    }
    REQUIRE(found == expected);
    CHECK(found.size() > 100);
    CHECK(found.size() < 390);
  }
}
