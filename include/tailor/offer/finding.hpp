#ifndef TAILOR_OFFER_FINDING_HPP
#define TAILOR_OFFER_FINDING_HPP

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <string>
#include <string_view>

#include "money_text.hpp"
#include "rule.hpp"

namespace tailor::inline v0::offer {

/// What an analysis can say of a rule book. `certain` and `possible` are never one kind.
enum class finding_kind : std::uint8_t {
  never_holds,        ///< no cart passes the condition
  over,               ///< no cart from `now` on does
  shadowed,           ///< it is never chosen, because of `other`
  duplicate,          ///< the condition and the discount of `other` once more
  name_decides,       ///< against `other`: the same condition, group and priority
  no_line,            ///< of its discount: no line passes the condition on lines
  takes_nothing,      ///< the discount, whatever the cart
  takes_everything,   ///< of the lines it is for, and has no limit
  takes_too_much,     ///< certain: there are carts it takes `amount` basis points from, with others
  may_take_too_much,  ///< possible: the same, but not shown for any cart
  may_add_up,         ///< of the book: `amount` pairs of rules that may hold and apply together
  asks_every_cart,    ///< of the book: `amount` rules that no index helps with, the first of them
  cut                 ///< the analysis ended early: `amount` rules from this one on were left out
};

/// As it is written; never null.
[[nodiscard]] constexpr const char* name_of(finding_kind k) {
  constexpr const char* names[] = {"never holds",
                                   "over",
                                   "shadowed",
                                   "duplicate",
                                   "name decides",
                                   "no line",
                                   "takes nothing",
                                   "takes all",
                                   "takes too much",
                                   "may take too much",
                                   "may add up",
                                   "asks every cart",
                                   "cut"};
  const auto index = static_cast<std::size_t>(k);
  return index < std::size(names) ? names[index] : "unnamed";
}

/// One thing to look at. Rules are numbers of the book.
struct finding {
  static constexpr std::uint32_t none = UINT32_MAX;

  finding_kind kind = finding_kind::never_holds;
  std::uint32_t rule = none;
  std::uint32_t other = none;
  const char* what = "";       ///< what follows the name of the rule in a sentence
  std::int64_t amount = 0;     ///< basis points of an order, or how many; see `finding_kind`
  std::uint32_t together = 0;  ///< of what takes too much: how many rules do, this one included
};

/// By what they say; `what` is compared as a text.
[[nodiscard]] inline bool operator==(const finding& a, const finding& b) {
  return a.kind == b.kind && a.rule == b.rule && a.other == b.other && a.amount == b.amount &&
         a.together == b.together && std::string_view(a.what) == b.what;
}

/// One plain sentence, with the names of the rules as they are: who shows it escapes it. `rules`
/// are those of the book that was analysed (`compiled_rules::rules`).
[[nodiscard]] inline std::string text_of(const finding& f, std::span<const rule> rules) {
  std::string out;
  const auto name = [&](std::uint32_t i) {
    out += '"';
    if (i < rules.size()) out += rules[i].name;
    out += '"';
  };
  const auto number = [&](std::int64_t n) { append_decimal(out, n, 0); };
  switch (f.kind) {
    case finding_kind::may_add_up:
      number(f.amount);
      return out += f.amount == 1 ? " pair of rules may apply to one cart and add up."
                                  : " pairs of rules may apply to one cart and add up.";
    case finding_kind::asks_every_cart:
      number(f.amount);
      out += f.amount == 1 ? " rule has" : " rules have";
      out += " no test that an index can use, so that every cart is asked: the first is ";
      name(f.rule);
      return out += '.';
    case finding_kind::cut:
      out += "The analysis was cut: ";
      out += f.what;
      out += ", ";
      number(f.amount);
      out += f.amount == 1 ? " rule from " : " rules from ";
      name(f.rule);
      return out += f.amount == 1 ? " on was left out." : " on were left out.";
    default:
      break;
  }
  out += "Rule ";
  name(f.rule);
  if (f.kind == finding_kind::takes_too_much || f.kind == finding_kind::may_take_too_much) {
    if (f.together > 1) {
      out += f.together > 2 ? ", " : " and ";
      name(f.other);
      if (f.together > 2) {
        out += " and ";
        number(f.together - 2);
        out += " more";
      }
    }
    out += ' ';
    out += f.what;
    out += ' ';
    append_decimal(out, f.amount, 2);
    out += " % of an order";
    if (f.together > 1) out += " together";
    return out += '.';
  }
  out += ' ';
  out += f.what;
  if (f.other != finding::none) {
    out += ' ';
    name(f.other);
  }
  return out += '.';
}

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_FINDING_HPP
