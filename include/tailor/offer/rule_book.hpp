#ifndef TAILOR_OFFER_RULE_BOOK_HPP
#define TAILOR_OFFER_RULE_BOOK_HPP

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/contract.hpp"
#include "../core/result.hpp"
#include "../core/time.hpp"
#include "cart_traits.hpp"
#include "compile_rules.hpp"
#include "compiled_rules.hpp"
#include "facts.hpp"
#include "field.hpp"
#include "mistake.hpp"
#include "program.hpp"
#include "rule.hpp"

namespace tailor::inline v0::offer {

/// Says whether the shopper of this request is in a segment of that name.
template <class A>
concept audience = requires(const A& a, std::string_view segment) {
  { a(segment) } -> std::convertible_to<bool>;
};

/// Nobody is in any segment.
struct no_audience {
  constexpr bool operator()(std::string_view) const { return false; }
};

/// What a rule may ask beside the cart.
struct request {
  timestamp now;
  std::string_view channel{};
  std::span<const std::string_view> arms{};  ///< of experiments: "name=arm"
};

/// What a rule book works in, reused from cart to cart: after the first few it allocates nothing.
struct match_state {
  facts cart{};
  match_scratch index{};
  std::vector<std::uint8_t> asked{};     ///< of each segment: 0 not yet, 1 no, 2 yes
  std::vector<std::uint32_t> matched{};  ///< rules, in the order in which they are considered
};

/// Asks the audience once a segment and cart; what it said is in the state, from `read` on.
template <class Audience>
class asked_once {
 public:
  asked_once(const Audience& in, const interner& names, std::vector<std::uint8_t>& asked)
      : in_(&in), names_(&names), asked_(&asked) {}
  [[nodiscard]] bool operator()(std::uint32_t segment) const {
    std::uint8_t& known = (*asked_)[segment];
    if (known == 0) known = (*in_)(names_->name(segment)) ? 2 : 1;
    return known == 2;
  }

 private:
  const Audience* in_;
  const interner* names_;
  std::vector<std::uint8_t>* asked_;
};

/// How a book is made.
struct book_options {
  duration zone{};  ///< how far the shop's clocks are ahead of UTC: for hours of the week
  std::size_t most_rules = 1'000'000;
};

/// Rules over the fields of a host's cart, ready to be asked. A value: it does not change once
/// made, and any number of threads may ask it, each with its own `match_state`. To put another in
/// its place while they do, see `published`.
template <class Cart>
class rule_book {
 public:
  using line = line_type<Cart>;

  /// Of no rules.
  rule_book() = default;

  /// All rules, or none: every mistake is noted in `mistakes` (if not null), and the first is the
  /// error. The rules are considered by priority, the greater first, among equals by name;
  /// the order in which they are given does not matter. full beyond `most_rules`.
  /// Cost: O(rules × nodes), and bits of the index: slots × values × rules.
  [[nodiscard]] static result<rule_book> make(const fields<Cart>& cart, std::vector<rule> rules,
                                              const book_options& options = {},
                                              std::vector<mistake>* mistakes = nullptr)
    requires(!has_lines<Cart>)
  {
    return make_of(cart.list(), {}, std::move(rules), options, mistakes);
  }
  [[nodiscard]] static result<rule_book> make(const fields<Cart>& cart, const fields<line>& lines,
                                              std::vector<rule> rules,
                                              const book_options& options = {},
                                              std::vector<mistake>* mistakes = nullptr)
    requires has_lines<Cart>
  {
    return make_of(cart.list(), lines.list(), std::move(rules), options, mistakes);
  }

  [[nodiscard]] std::size_t size() const { return book_.rules.size(); }
  /// By number, as answers have it.
  [[nodiscard]] const rule& operator[](std::size_t i) const { return book_.rules[i]; }
  /// Whether its answer depends on what is known of the person.
  [[nodiscard]] bool personal(std::size_t i) const { return book_.compiled[i].personal; }
  [[nodiscard]] const compiled_rules& compiled() const { return book_; }

  /// The numbers of all rules that hold, in the order in which they are considered; valid until
  /// the state is used again. Cost: see `match_index`, and asking the rules that it cannot decide.
  template <audience Audience = no_audience>
  [[nodiscard]] std::span<const std::uint32_t> match(const Cart& cart, const request& r,
                                                     match_state& state,
                                                     const Audience& in = {}) const {
    read(cart, r, state);
    const asked_once<Audience> member(in, book_.segments, state.asked);
    const asker ask(book_.code, state.cart, member);
    const auto boxes = book_.index.find(state.cart.cart(), state.cart, state.index);
    if (book_.boxes_are_rules) return boxes;
    state.matched.resize(book_.rules.size() + 1);  // one is written that may not stay
    std::uint32_t* const out = state.matched.data();
    std::size_t found = 0;
    std::uint32_t last = slot_book::none;  // the boxes of a rule come one after another
    for (const std::uint32_t box : boxes) {
      std::uint32_t rule = book_.box_rule[box];
      if (rule >= compiled_rules::ask) {
        rule -= compiled_rules::ask;
        if (rule == last || !ask.holds(book_.compiled[rule].root)) continue;
      }
      out[found] = rule;
      found += rule != last ? 1 : 0;
      last = rule;
    }
    return {out, found};
  }

  /// The same, every rule asked one after the other: to compare with.
  template <audience Audience = no_audience>
  [[nodiscard]] std::vector<std::uint32_t> match_slowly(const Cart& cart, const request& r,
                                                        const Audience& in = {}) const {
    match_state state;
    read(cart, r, state);
    const asked_once<Audience> member(in, book_.segments, state.asked);
    const asker ask(book_.code, state.cart, member);
    std::vector<std::uint32_t> out;
    for (std::uint32_t i = 0; i < book_.rules.size(); ++i) {
      if (ask.holds(book_.compiled[i].root)) out.push_back(i);
    }
    return out;
  }

  /// Puts the fields that the rules use into the state.
  void read(const Cart& cart, const request& r, match_state& state) const {
    std::size_t lines = 0;
    if constexpr (has_lines<Cart>) lines = cart_traits<Cart>::lines(cart).size();
    state.asked.assign(book_.segments.size(), 0);
    facts& f = state.cart;
    f.begin(book_.cart_slots.size(), book_.line_slots.size(), lines);
    f.read_cart(&cart, book_.cart_slots);
    constexpr std::uint32_t none = slot_book::none;
    if (book_.now_slot != none) f.put(book_.now_slot, r.now.us);
    if (book_.channel_slot != none) f.put(book_.channel_slot, r.channel);
    if (book_.arms_slot != none) f.put(book_.arms_slot, r.arms);
    if (book_.day_slot != none || book_.minute_slot != none) {
      const std::int64_t day = day_of(r.now, duration{-zone_.us});
      const auto since = int128{r.now.us} + zone_.us - int128{day} * days(1).us;
      // 1970-01-01 was a Thursday, the fourth day.
      if (book_.day_slot != none) f.put(book_.day_slot, day + 3 - 7 * floor_div(day + 3, 7) + 1);
      if (book_.minute_slot != none) {
        f.put(book_.minute_slot, static_cast<std::int64_t>(since / minutes(1).us));
      }
    }
    if constexpr (has_lines<Cart>) {
      if (!book_.line_slots.empty()) {
        const auto all = cart_traits<Cart>::lines(cart);
        for (std::size_t i = 0; i < lines; ++i) f.read_line(i, &all[i], book_.line_slots);
      }
    }
    f.name(book_.words, book_.cart_texts, book_.line_texts);
  }

 private:
  [[nodiscard]] static result<rule_book> make_of(const std::vector<field>& cart,
                                                 std::span<const field> lines,
                                                 std::vector<rule> rules,
                                                 const book_options& options,
                                                 std::vector<mistake>* mistakes) {
    if (rules.size() > (std::min)(options.most_rules, std::size_t{compiled_rules::ask}))
      return error{errc::full, "rules", rules.size()};
    if (options.zone <= duration{} - days(1) || days(1) <= options.zone) {
      return error{errc::out_of_range, "the zone of the shop", 0};
    }
    std::vector<mistake> found;
    rule_book out;
    out.zone_ = options.zone;
    out.book_ =
        detail::rules_compiler(cart, lines, has_lines<Cart>, found).compile(std::move(rules));
    if (found.empty()) return out;
    const error first{found.front().code, found.front().what, 0};
    if (mistakes != nullptr) *mistakes = std::move(found);
    return first;
  }

  compiled_rules book_{};
  duration zone_{};
};

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_RULE_BOOK_HPP
