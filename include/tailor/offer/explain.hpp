#ifndef TAILOR_OFFER_EXPLAIN_HPP
#define TAILOR_OFFER_EXPLAIN_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "../core/int128.hpp"
#include "../core/money.hpp"
#include "compiled_rules.hpp"
#include "condition_text.hpp"
#include "program.hpp"
#include "rule_book.hpp"

namespace tailor::inline v0::offer {

/// The first thing that kept a rule from a cart.
struct blocked_rule {
  std::uint32_t rule = 0;
  std::string path;    ///< a JSON pointer into the rule: /when/all/0
  std::string wanted;  ///< total >= 50.00 EUR
  std::string had;     ///< 49.90 EUR; empty where there is no single value
};

namespace detail {

/// The condition that was compiled to a node, and its place: nodes are numbered as they are met.
class node_finder {
 public:
  explicit node_finder(std::uint32_t wanted) : wanted_(wanted) {}

  bool in(const condition& c, std::string path, bool of_line, std::uint32_t& next) {
    if (next++ == wanted_) {
      found = &c;
      where = std::move(path);
      is_of_line = of_line;
      return true;
    }
    if (const group* g = std::get_if<group>(&c.is)) {
      constexpr const char* words[] = {"/all/", "/any/", "/none/"};
      for (std::size_t i = 0; i < g->parts.size(); ++i) {
        std::string inner = path;
        inner += words[static_cast<std::size_t>(g->how)];
        inner += std::to_string(i);
        if (in(g->parts[i], std::move(inner), of_line, next)) return true;
      }
    } else if (const line_test* l = std::get_if<line_test>(&c.is); l && !l->where.empty()) {
      path += "/where";
      return in(l->where[0], std::move(path), true, next);
    }
    return false;
  }

  const condition* found = nullptr;
  std::string where{};
  bool is_of_line = false;

 private:
  std::uint32_t wanted_;
};

}  // namespace detail

/// Says why rules do not hold, for one cart: on demand, beside the request path.
template <class Cart, audience Audience = no_audience>
class explainer {
 public:
  /// The state is that of this explainer until it is gone; the book and the cart outlive it.
  explainer(const rule_book<Cart>& book, const Cart& cart, const request& r, const currency& unit,
            match_state& state, const Audience& in = {})
      : book_(&book), writer_(book.compiled(), unit), state_(&state), in_(&in) {
    book.read(cart, r, state);
  }

  /// What blocked a rule first, in the order in which its parts are asked: schedule, hours,
  /// channel, arm, audience, condition. Precondition: it does not hold.
  [[nodiscard]] blocked_rule why_not(std::uint32_t rule) const {
    const asked_once<Audience> member(*in_, code().segments, state_->asked);
    const asker ask(code().code, state_->cart, member);
    const std::uint32_t root = code().compiled[rule].root;
    const std::uint32_t at = ask.blocked_by(root);
    blocked_rule out{rule, {}, {}, {}};
    std::uint32_t next = root + 1;
    const std::vector<rule_part> parts = parts_of((*book_)[rule]);
    detail::node_finder find(at);
    for (const rule_part& p : parts) {
      if (find.in(p.is, p.path, false, next)) break;
    }
    if (find.found == nullptr) return out;
    const bool held = ask.holds(at);  // what a NOT excludes
    out.path = std::move(find.where);
    out.wanted = held ? "not: " : "";
    out.wanted += writer_.text_of(*find.found);
    out.had = value_at(at);
    return out;
  }

  /// Rules that one thing alone kept from the cart, as they are considered, at most `most` of
  /// them. Rules are asked through the index; what it cannot decide counts as one thing.
  /// Cost: as a match, and explaining what is found.
  [[nodiscard]] std::vector<blocked_rule> near_misses(std::size_t most) const {
    const asked_once<Audience> member(*in_, code().segments, state_->asked);
    const asker ask(code().code, state_->cart, member);
    std::vector<std::uint32_t> rules;
    const auto note = [&](std::size_t box) {
      const std::uint32_t rule = code().box_rule[box] & ~compiled_rules::ask;
      if (!ask.holds(code().compiled[rule].root)) rules.push_back(rule);
    };
    for (const std::uint32_t box :
         code().index.find(state_->cart.cart(), state_->cart, state_->index)) {
      note(box);
    }
    code().index.each_near(state_->cart.cart(), state_->cart, state_->index, note);
    std::sort(rules.begin(), rules.end());
    rules.erase(std::unique(rules.begin(), rules.end()), rules.end());
    std::vector<blocked_rule> out;
    for (std::size_t i = 0; i < rules.size() && i < most; ++i) out.push_back(why_not(rules[i]));
    return out;
  }

 private:
  [[nodiscard]] const compiled_rules& code() const { return book_->compiled(); }

  [[nodiscard]] std::string value_at(std::uint32_t at) const {
    const node& n = code().code.nodes[at];
    std::string out;
    switch (n.does) {
      case step::value_in:
      case step::contains:
      case step::starts_with:
      case step::ends_with: {
        const cell& c = state_->cart.cart()[n.slot];
        const field_kind kind = code().cart_slots[n.slot].kind;
        if (!c.known) return "not known";
        if (kind == field_kind::text) return std::string(c.text);
        if (kind != field_kind::set) writer_.append(out, kind, c.number);
        return out;
      }
      case step::lines_count:
      case step::lines_sum: {
        const asked_once<Audience> member(*in_, code().segments, state_->asked);
        const asker ask(code().code, state_->cart, member);
        int128 sum = 0;
        for (std::size_t i = 0; i < state_->cart.line_count(); ++i) {
          if (at + 1 < n.end && !ask.holds_for_line(at + 1, i)) continue;
          if (n.does == step::lines_count) ++sum;
          if (n.does == step::lines_sum) sum += state_->cart.line(i)[n.slot].number;
        }
        const field_kind kind =
            n.does == step::lines_sum ? code().line_slots[n.slot].kind : field_kind::number;
        writer_.append(out, kind, held(sum));
        return out;
      }
      default:
        return out;
    }
  }

  const rule_book<Cart>* book_;
  condition_writer writer_;
  match_state* state_;
  const Audience* in_;
};

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_EXPLAIN_HPP
