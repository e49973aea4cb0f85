#ifndef TAILOR_OFFER_CHECKOUT_HPP
#define TAILOR_OFFER_CHECKOUT_HPP

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "../core/money.hpp"
#include "../core/result.hpp"
#include "cart_line.hpp"
#include "cart_traits.hpp"
#include "conflict.hpp"
#include "line_lists.hpp"
#include "pricer.hpp"
#include "receipt.hpp"
#include "rule_book.hpp"

namespace tailor::inline v0::offer {

/// Says whether a rule may be used in this checkout: caps, budgets, anything the host knows.
template <class G>
concept rule_gate = requires(const G& g, const rule& r) {
  { g(r) } -> std::convertible_to<bool>;
};

struct open_gate {
  constexpr bool operator()(const rule&) const { return true; }
};

/// What a checkout works in, reused from cart to cart: after the first few it allocates nothing.
struct checkout_state {
  match_state match{};
  pricer prices{};
  conflict_scratch conflict{};
  std::vector<cart_line> lines{};      // in the order of the pricer
  std::vector<std::uint32_t> place{};  // of each in the cart
  std::vector<proposal> proposals{};
  line_lists lists{};
  std::vector<cart_line> ordered{};
  std::vector<std::pair<int, std::uint32_t>> phases{};  // of the chosen, as they are applied
};

/// Prices carts by the rules of a book. A value without state of its own.
template <class Cart, class Conflict = first_by_priority>
class checkout {
  static_assert(priced_cart<Cart>,
                "checkout<Cart>: specialise offer::cart_traits<Cart> with lines(cart), "
                "unit_price(line), pieces(line) and unit(cart)  [offer::priced_cart]");
  static_assert(
      conflict_rule<Conflict>,
      "checkout<Cart, Conflict>: Conflict needs  void choose(span<const proposal>, price, "
      "conflict_scratch&) const  [offer::conflict_rule]");

 public:
  explicit checkout(currency unit, Conflict conflict = {}, price_limits limits = {})
      : unit_(unit), conflict_(std::move(conflict)), limits_(limits) {}

  /// What the cart costs, into `out`. mixed_currency when the cart is of another currency;
  /// out_of_range, with the line in `at`, for a price or cost below zero, pieces below one or above
  /// a million; overflow when the cart costs more than `most_minor`: `out` is not touched then.
  ///
  /// Discounts are taken in a fixed order, whatever that of the rules: fixed prices, tiers,
  /// bundles, buy-and-get, shares of lines, amounts of lines, shares of the order, amounts of the
  /// order, shipping; of a kind by priority, then name. Each takes from what is left.
  ///
  /// Cost: one match, conditions on lines, and a pricing of lines × rules for every trial of the
  /// conflict rule and one more.
  template <audience Audience = no_audience, rule_gate Gate = open_gate>
  status price(const rule_book<Cart>& book, const Cart& cart, const request& r, checkout_state& s,
               receipt& out, const Audience& in = {}, const Gate& may = {}) const {
    std::int64_t shipping = 0;
    if (const status read = read_lines(cart, s, shipping); !read) return read;
    const auto matched = book.match(cart, r, s.match, in);
    out.dropped.clear();
    s.proposals.clear();
    for (const std::uint32_t rule : matched) {
      if (!may(book[rule])) {
        out.dropped.push_back({rule, lost::refused, receipt::dropped_rule::nobody});
        continue;
      }
      s.proposals.push_back({rule, book.compiled().compiled[rule].group, book[rule].combines});
    }
    s.lists.find(book, s.match, s.place, s.proposals, in);
    s.prices.begin(s.lines, shipping, limits_);
    conflict_.choose(
        std::span<const proposal>(s.proposals),
        [&](std::span<const std::uint32_t> chosen) { return run(book, s, chosen); }, s.conflict);
    write(book, s, shipping, out);
    return {};
  }

 private:
  using traits = cart_traits<Cart>;

  /// The lines in an order that does not depend on that of the cart.
  status read_lines(const Cart& cart, checkout_state& s, std::int64_t& shipping) const {
    if (!(traits::unit(cart) == unit_)) return error{errc::mixed_currency, "the cart", 0};
    const auto lines = traits::lines(cart);
    s.place.clear();
    s.lines.clear();
    int128 sum = 0;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      cart_line l;
      if constexpr (requires { traits::item(lines[i]); }) l.item = traits::item(lines[i]);
      if constexpr (requires { traits::unit_cost(lines[i]); }) {
        l.unit_cost = traits::unit_cost(lines[i]);
      }
      l.unit_price = traits::unit_price(lines[i]);
      l.pieces = traits::pieces(lines[i]);
      if (l.pieces < 1 || l.pieces > most_pieces) return error{errc::out_of_range, "pieces", i};
      if (l.unit_price < 0) return error{errc::out_of_range, "unit price", i};
      if (l.unit_cost < 0) return error{errc::out_of_range, "unit cost", i};
      if (l.unit_price > most_minor || l.unit_cost > most_minor) {
        return error{errc::overflow, "unit price", i};
      }
      sum += int128{l.unit_price} * l.pieces;
      if (sum > most_minor) return error{errc::overflow, "what the cart costs", i};
      s.lines.push_back(l);
      s.place.push_back(static_cast<std::uint32_t>(i));
    }
    if constexpr (requires { traits::shipping(cart); }) shipping = traits::shipping(cart);
    if (shipping < 0 || shipping > most_minor) return error{errc::out_of_range, "shipping", 0};
    const auto key = [&s](std::uint32_t i) {
      const cart_line& l = s.lines[i];
      return std::tuple(raw(l.item), l.unit_price, l.pieces, l.unit_cost, i);
    };
    std::sort(s.place.begin(), s.place.end(),
              [&key](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
    s.ordered.clear();
    for (const std::uint32_t i : s.place) s.ordered.push_back(s.lines[i]);
    s.lines.swap(s.ordered);
    return {};
  }

  /// Where a discount comes among others; see `price`.
  [[nodiscard]] static int phase_of(const discount& d) {
    if (std::holds_alternative<fixed_price>(d)) return 0;
    if (std::holds_alternative<tiered>(d)) return 1;
    if (std::holds_alternative<bundle_price>(d)) return 2;
    if (std::holds_alternative<buy_get>(d)) return 3;
    if (const auto* p = std::get_if<percent_off>(&d)) return p->from == taken_from::order ? 6 : 4;
    if (const auto* a = std::get_if<amount_off>(&d)) return a->from == taken_from::order ? 7 : 5;
    return std::holds_alternative<free_shipping>(d) ? 8 : 9;
  }

  std::int64_t apply(const rule_book<Cart>& book, checkout_state& s, std::uint32_t at) const {
    const std::uint32_t rule = s.proposals[at].rule;
    return s.prices.apply(rule, book[rule].gives, s.lists.of(at));
  }
  /// The chosen proposals in the order in which discounts are taken.
  void order_steps(const rule_book<Cart>& book, checkout_state& s,
                   std::span<const std::uint32_t> chosen) const {
    s.phases.clear();
    for (const std::uint32_t at : chosen) {
      s.phases.emplace_back(phase_of(book[s.proposals[at].rule].gives), at);
    }
    std::sort(s.phases.begin(), s.phases.end());
  }

  trial_outcome run(const rule_book<Cart>& book, checkout_state& s,
                    std::span<const std::uint32_t> chosen) const {
    order_steps(book, s, chosen);
    s.prices.restart(nullptr);
    trial_outcome out;
    for (const auto& [phase, at] : s.phases) {
      apply(book, s, at);
      if (const gift* g = std::get_if<gift>(&book[s.proposals[at].rule].gives))
        out.given += g->worth;
    }
    out.given += s.prices.taken();
    for (std::size_t i = 0; i < s.lines.size(); ++i) {
      out.revenue += s.prices.left(i);
      out.cost = held(int128{out.cost} + int128{s.lines[i].unit_cost} * s.lines[i].pieces);
    }
    return out;
  }

  void write(const rule_book<Cart>& book, checkout_state& s, std::int64_t shipping,
             receipt& out) const {
    out.adjustments.clear();
    out.fired.clear();
    out.gifts.clear();
    const std::vector<std::uint32_t>& chosen = s.conflict.chosen;
    order_steps(book, s, chosen);
    s.prices.restart(&out.adjustments);
    for (const auto& [phase, at] : s.phases) {
      const std::uint32_t rule = s.proposals[at].rule;
      out.fired.push_back({rule, apply(book, s, at)});
      if (const gift* g = std::get_if<gift>(&book[rule].gives)) {
        out.gifts.push_back({g->item, g->pieces, rule});
      }
    }
    std::sort(out.fired.begin(), out.fired.end(),
              [](const auto& a, const auto& b) { return a.rule < b.rule; });
    for (adjustment& a : out.adjustments) {
      if (a.line != adjustment::shipping) a.line = s.place[a.line];
    }
    out.lines.resize(s.lines.size());
    for (std::size_t i = 0; i < s.lines.size(); ++i) {
      out.lines[s.place[i]] = {s.lines[i].item, s.lines[i].unit_price, s.lines[i].pieces,
                               s.prices.before(i), s.prices.left(i)};
    }
    out.before = s.prices.order_before();
    out.shipping_before = shipping;
    out.shipping_after = s.prices.shipping();
    out.after = out.before + shipping - out.shipping_after - s.prices.taken();
    out.search_was_cut = s.conflict.cut;
    name_dropped(s, out);
    out.personal = std::any_of(out.fired.begin(), out.fired.end(), [&](const auto& f) {
      return book.personal(f.rule) && mattered(book, out, f);
    });
  }

  /// Whether what is paid or given would be something else without a rule that fired.
  [[nodiscard]] static bool mattered(const rule_book<Cart>& book, const receipt& out,
                                     const receipt::fired_rule& f) {
    if (f.minor > 0 || std::holds_alternative<gift>(book[f.rule].gives)) return true;
    return std::any_of(out.dropped.begin(), out.dropped.end(),
                       [&f](const auto& d) { return d.to == f.rule; });
  }

  /// Why each proposal that was not chosen was not.
  static void name_dropped(checkout_state& s, receipt& out) {
    const std::vector<std::uint32_t>& chosen = s.conflict.chosen;
    std::size_t next = 0;
    for (std::uint32_t i = 0; i < s.proposals.size(); ++i) {
      if (next < chosen.size() && chosen[next] == i) {
        ++next;
        continue;
      }
      const proposal& p = s.proposals[i];
      receipt::dropped_rule d{p.rule, lost::to_margin, receipt::dropped_rule::nobody};
      for (const std::uint32_t c : chosen) {
        const proposal& winner = s.proposals[c];
        if (winner.combines == combining::alone || p.combines == combining::alone) {
          d.why = lost::to_alone;
        } else if (winner.group == p.group && p.group != 0) {
          d.why = lost::to_group;
        } else {
          continue;
        }
        d.to = winner.rule;
        break;
      }
      out.dropped.push_back(d);
    }
    std::sort(out.dropped.begin(), out.dropped.end(),
              [](const auto& a, const auto& b) { return a.rule < b.rule; });
  }

  currency unit_;
  [[no_unique_address]] Conflict conflict_;
  price_limits limits_;
};

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_CHECKOUT_HPP
