#ifndef TAILOR_ADAPTERS_OFFER_JSON_LOGIC_HPP
#define TAILOR_ADAPTERS_OFFER_JSON_LOGIC_HPP

#if !__has_include(<simdjson.h>)
#error \
    "tailor/adapters/offer_json_logic.hpp needs simdjson: Debian package libsimdjson-dev; link tailor::offer_json"
#endif

#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "../core/comparison.hpp"
#include "../core/errc.hpp"
#include "../offer/condition.hpp"
#include "offer_json_reduce.hpp"
#include "offer_json_values.hpp"
#include "offer_json_words.hpp"

namespace tailor::inline v0::adapters::detail {

/// Reads conditions: the part of JsonLogic that says what offer::condition says. `at` is where a
/// value stands in the JSON of the rule, `ours` where the compiler of rules says that it stands.
class offer_json_logic : public offer_json_reduce {
 public:
  using offer_json_reduce::offer_json_reduce;

 protected:
  void begin_conditions() { nodes_ = 0; }

  offer::condition condition_of(const element& e, const json_place& at, const json_place& ours,
                                json_scope s, std::size_t depth = 1) {
    keep(ours, at);
    if (depth > offer::condition_limits::depth) {
      note(errc::oversized, "nested deeper than 16: split the rule", at);
      return {};
    }
    if (++nodes_ > offer::condition_limits::nodes) {
      if (nodes_ == offer::condition_limits::nodes + 1) {
        note(errc::oversized, "more than 256 tests: split the rule", at);
      }
      return {};
    }
    bool literal = false;
    if (e.get(literal) == simdjson::SUCCESS) {
      if (literal) return {};
      offer::group never{offer::joined_by::none, {}};
      never.parts.emplace_back();
      return {std::move(never)};
    }
    std::string_view op;
    element v;
    if (!single(e, op, v)) {
      note(errc::malformed,
           e.is_object() ? "an object with one member: the operator"
                         : "a condition: true, false or an operator; values are not true or false",
           at);
      return {};
    }
    const logic_entry* const entry = logic_entry_of(op);
    if (entry == nullptr || entry->word == logic_word::refused) {
      refuse(op, at, "");
      return {};
    }
    return read(*entry, e, v, at, {&at, op}, ours, s, depth);
  }

 private:
  offer::condition read(const logic_entry& entry, const element& e, const element& v,
                        const json_place& at, const json_place& here, const json_place& ours,
                        json_scope s, std::size_t depth) {
    switch (entry.word) {
      case logic_word::join_all:
        return joined(offer::joined_by::all, v, here, ours, s, depth);
      case logic_word::join_any:
        return joined(offer::joined_by::any, v, here, ours, s, depth);
      case logic_word::negate:
        return negated(v, here, ours, s, depth);
      case logic_word::truth: {
        operands a;
        if (!take(v, here, a, 1, 1, "one condition")) return {};
        --nodes_;  // it is the same node
        return condition_of(a.e[0], a.at[0], ours, s, depth);
      }
      case logic_word::compare:
      case logic_word::compare_strictly:
        return compared_any(entry, v, here, ours, s, depth);
      case logic_word::in:
        return in(v, here, ours, s);
      case logic_word::some:
      case logic_word::all:
      case logic_word::none:
        return quantified(entry, v, here, ours, s, depth);
      case logic_word::var:
        return truth_of(e, v, at, here, ours, s);
      case logic_word::missing:
        return missing(v, here);
      case logic_word::starts_with:
      case logic_word::ends_with:
      case logic_word::has_all:
      case logic_word::not_in:
        return extended(entry, v, here, ours);
      case logic_word::in_segment: {
        operands a;
        offer::member_test m;
        if (take(v, here, a, 1, 1, "the name of a segment")) text(a.e[0], a.at[0], m.segment);
        return {std::move(m)};
      }
      case logic_word::refused:
        return {};  // not asked
    }
    return {};
  }

  void parts_of(const element& v, const json_place& here, const json_place& ours, json_scope s,
                std::size_t depth, offer::group& to) {
    constexpr const char* words[] = {"all", "any", "none"};
    const json_place group{&ours, words[static_cast<std::size_t>(to.how)]};
    array_type list;
    if (v.get(list) != simdjson::SUCCESS) {
      to.parts.push_back(condition_of(v, here, {&group, {}, 0}, s, depth + 1));
      return;
    }
    std::size_t i = 0;
    for (const element part : list) {
      if (nodes_ > offer::condition_limits::nodes) return;
      to.parts.push_back(condition_of(part, {&here, {}, i}, {&group, {}, i}, s, depth + 1));
      ++i;
    }
  }
  offer::condition joined(offer::joined_by how, const element& v, const json_place& here,
                          const json_place& ours, json_scope s, std::size_t depth) {
    offer::group g{how, {}};
    parts_of(v, here, ours, s, depth, g);
    if (g.parts.empty() && nodes_ <= offer::condition_limits::nodes) {
      note(errc::malformed,
           how == offer::joined_by::all ? "and of nothing: write true"
                                        : "or of nothing never holds: write false",
           here);
    }
    return {std::move(g)};
  }

  /// NOT of an OR is NOT ANY of its parts: one group.
  offer::condition negated(const element& v, const json_place& here, const json_place& ours,
                           json_scope s, std::size_t depth) {
    operands a;
    offer::group g{offer::joined_by::none, {}};
    if (!take(v, here, a, 1, 1, "one condition")) return {};
    std::string_view op;
    element inner;
    if (single(a.e[0], op, inner) && op == "or") {
      parts_of(inner, {&a.at[0], op}, ours, s, depth, g);
    } else if (is_lines(a.e[0]) && s == json_scope::cart) {
      return {offer::line_test{.how = offer::quantifier::none, .where = {}}};
    } else {
      const json_place group{&ours, "none"};
      g.parts.push_back(condition_of(a.e[0], a.at[0], {&group, {}, 0}, s, depth + 1));
    }
    return {std::move(g)};
  }

  /// A field that stands where a condition does: a flag, or a number other than zero. "lines": that
  /// there are any.
  offer::condition truth_of(const element& e, const element& v, const json_place& at,
                            const json_place& here, const json_place& ours, json_scope s) {
    if (is_lines(e) && s == json_scope::cart) {
      return {offer::line_test{.how = offer::quantifier::any, .where = {}}};
    }
    offer::test t{{}, offer::test_operator::not_equal, {0}, {}};
    keep({&ours, "field"}, here);
    if (!name_of_var(v, here, t.field)) return {};
    const auto kind = kinds_->of(t.field, s);
    if (kind == offer::field_kind::text || kind == offer::field_kind::set) {
      note(errc::conflict, "only flags and numbers are true or false", at);
    }
    return {std::move(t)};
  }

  offer::condition missing(const element& v, const json_place& here) {
    offer::group any{offer::joined_by::any, {}};
    const auto add = [&](const element& name, const json_place& at) {
      offer::test t{{}, offer::test_operator::missing, {}, {}};
      if (name.is_object()) {
        note(errc::malformed, "missing: names of fields, written out", at);
      } else {
        text(name, at, t.field);
      }
      any.parts.push_back({std::move(t)});
    };
    array_type list;
    if (v.get(list) != simdjson::SUCCESS) {
      add(v, here);
    } else {
      std::size_t i = 0;
      for (const element name : list) {
        if (i == offer::condition_limits::nodes) break;  // the compiler refuses what is longer
        add(name, {&here, {}, i++});
      }
    }
    if (any.parts.empty()) note(errc::malformed, "missing: names of fields", here);
    if (any.parts.size() == 1) return std::move(any.parts[0]);
    return {std::move(any)};
  }

  offer::condition quantified(const logic_entry& entry, const element& v, const json_place& here,
                              const json_place& ours, json_scope s, std::size_t depth) {
    operands a;
    if (!take(v, here, a, 2, 2, "the lines and a condition on each")) return {};
    if (!is_lines(a.e[0])) return of_set(entry, a, ours, s);
    offer::line_test l;
    l.how = entry.word == logic_word::some  ? offer::quantifier::any
            : entry.word == logic_word::all ? offer::quantifier::all
                                            : offer::quantifier::none;
    where(a.e[1], a.at[1], ours, depth, l);
    return {std::move(l)};
  }
  /// `true` is no condition at all.
  void where(const element& e, const json_place& at, const json_place& ours, std::size_t depth,
             offer::line_test& to) {
    bool always = false;
    if (e.get(always) == simdjson::SUCCESS && always) return;
    to.where.push_back(condition_of(e, at, {&ours, "where"}, json_scope::line, depth + 1));
  }

  /// A comparison: of a field, or of a number that reduce makes from the lines.
  offer::condition compared_any(const logic_entry& entry, const element& v, const json_place& here,
                                const json_place& ours, json_scope s, std::size_t depth) {
    const bool chains = entry.how == comparison::less || entry.how == comparison::at_most;
    operands a;
    if (!take(v, here, a, 2, chains ? 3 : 2, "a field and a literal")) return {};
    std::size_t subject = a.count;
    for (std::size_t i = 0; i < a.count; ++i) {
      if (!a.e[i].is_object()) continue;
      if (subject != a.count) {
        note(errc::conflict, "a field and a literal: fields are not compared with fields", here);
        return {};
      }
      subject = i;
    }
    if (subject == a.count) {
      note(errc::conflict, "literals alone: nothing is asked", here);
      return {};
    }
    if (a.count == 3 && subject != 1) {
      note(errc::malformed, "between: the field stands in the middle", here);
      return {};
    }
    std::string_view op;
    element inner;
    const bool one = single(a.e[subject], op, inner);
    offer::line_test l;
    std::string name;
    const bool lines = one && op == "reduce";
    if (lines) {
      const json_place reduce{&a.at[subject], op};
      reduce_parts parts;
      if (!reduced(inner, reduce, ours, parts, l)) return {};
      if (parts.filtered) where(parts.in.e[1], parts.in.at[1], ours, depth, l);
    } else if (!field(a.e[subject], a.at[subject], ours, name)) {
      return {};
    }
    const auto one_side = [&](std::size_t literal) -> offer::condition {
      const comparison how = literal < subject ? turned(entry.how) : entry.how;
      if (!lines) return compared(name, entry, how, a.e[literal], a.at[literal], s);
      offer::line_test out = l;
      out.op = how;
      integer(a.e[literal], a.at[literal], out.bound);
      return {std::move(out)};
    };
    if (a.count == 2) return one_side(1 - subject);
    offer::condition low = one_side(0);
    offer::condition high = one_side(2);
    if (!lines && entry.how == comparison::at_most) {
      offer::test& from = std::get<offer::test>(low.is);
      const offer::test& to = std::get<offer::test>(high.is);
      from.op = offer::test_operator::between;
      from.numbers.insert(from.numbers.end(), to.numbers.begin(), to.numbers.end());
      return low;
    }
    nodes_ += 2;
    offer::group both{offer::joined_by::all, {}};
    both.parts.push_back(std::move(low));
    both.parts.push_back(std::move(high));
    return {std::move(both)};
  }

  std::size_t nodes_ = 0;
};

}  // namespace tailor::inline v0::adapters::detail

#endif  // TAILOR_ADAPTERS_OFFER_JSON_LOGIC_HPP
