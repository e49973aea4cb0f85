#ifndef TAILOR_ADAPTERS_OFFER_JSON_TESTS_HPP
#define TAILOR_ADAPTERS_OFFER_JSON_TESTS_HPP

#if !__has_include(<simdjson.h>)
#error \
    "tailor/adapters/offer_json_tests.hpp needs simdjson: Debian package libsimdjson-dev; link tailor::offer_json"
#endif

#include <simdjson.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/comparison.hpp"
#include "../core/errc.hpp"
#include "../offer/condition.hpp"
#include "../offer/field.hpp"
#include "offer_json_options.hpp"
#include "offer_json_values.hpp"
#include "offer_json_words.hpp"

namespace tailor::inline v0::adapters::detail {

/// Tests of one field.
class offer_json_tests : public offer_json_values {
 public:
  offer_json_tests(json_faults& out, const field_kinds& kinds, json_places* places = nullptr)
      : offer_json_values(out, places), kinds_(&kinds) {}

 protected:
  /// The operands of an operator: a list of them, or one without a list.
  struct operands {
    std::array<element, 3> e{};
    std::array<json_place, 3> at{};
    std::size_t count = 0;
  };

  /// At least and at most so many. `at` is the place of `v` and has to outlive the operands.
  bool take(const element& v, const json_place& at, operands& out, std::size_t least,
            std::size_t most, const char* what) {
    array_type list;
    if (v.get(list) != simdjson::SUCCESS) {
      out.e[0] = v;
      out.at[0] = at;
      out.count = 1;
    } else {
      for (const element part : list) {
        if (out.count == most) {
          note(errc::malformed, what, at);
          return false;
        }
        out.e[out.count] = part;
        out.at[out.count] = {&at, {}, out.count};
        ++out.count;
      }
    }
    if (out.count >= least) return true;
    note(errc::malformed, what, at);
    return false;
  }

  /// The one member of an object: its operator. No fault is noted.
  static bool single(const element& e, std::string_view& name, element& inner) {
    object_type o;
    if (e.get(o) != simdjson::SUCCESS || o.size() != 1) return false;
    const auto field = *o.begin();
    name = field.key;
    inner = field.value;
    return true;
  }
  /// Whether it is {"var": …} of that name alone.
  static bool is_var(const element& e, std::string_view wanted) {
    std::string_view op;
    std::string_view name;
    element inner;
    if (!single(e, op, inner) || op != "var") return false;
    array_type list;
    if (inner.get(list) == simdjson::SUCCESS) {
      if (list.size() != 1) return false;
      inner = *list.begin();
    }
    return inner.get(name) == simdjson::SUCCESS && name == wanted;
  }
  static bool is_lines(const element& e) { return is_var(e, "lines"); }

  /// Notes that an operator does not stand for what is asked for here.
  void refuse(std::string_view op, const json_place& at, const char* wanted) {
    const logic_entry* const known = logic_entry_of(op);
    if (known == nullptr) return note(errc::unknown, "an operator that is not known", at, op);
    if (known->word == logic_word::refused) return note(errc::unknown, known->refusal, {&at, op});
    note(errc::malformed, wanted, at);
  }

  /// The name that {"var": inner} has.
  bool name_of_var(const element& inner, const json_place& at, std::string& to) {
    operands a;
    std::string_view name;
    if (!take(inner, at, a, 1, 2, "var: the name of a field")) return false;
    if (a.count == 2) {
      note(errc::unknown, R"(var with another value: ask {"==": [{"var": "x"}, null]})", at);
      return false;
    }
    if (a.e[0].get(name) != simdjson::SUCCESS || name.empty()) {
      note(errc::malformed, "var: the name of a field", at);
      return false;
    }
    to = name;
    return true;
  }
  /// The field of an operand that has to be one.
  bool field(const element& e, const json_place& at, const json_place& ours, std::string& to) {
    std::string_view op;
    element inner;
    if (!single(e, op, inner)) {
      note(errc::malformed, R"(a field: {"var": "its name"})", at);
      return false;
    }
    if (op != "var") {
      refuse(op, at, R"(a field: {"var": "its name"})");
      return false;
    }
    const json_place here{&at, "var"};
    keep({&ours, "field"}, here);
    return name_of_var(inner, here, to);
  }
  bool list(const element& e, const json_place& at, offer::test& t) {
    array_type all;
    if (e.get(all) != simdjson::SUCCESS) {
      note(errc::malformed, "a list of numbers or of texts", at);
      return false;
    }
    std::size_t i = 0;
    for (const element part : all) {
      const json_place here{&at, {}, i};
      if (i++ == offer::condition_limits::list) {
        note(errc::oversized, "a list of more than 1,000", at);
        return false;
      }
      if (part.is_string() && t.numbers.empty()) {
        t.texts.emplace_back();
        text(part, here, t.texts.back());
      } else if (part.is_number() && t.texts.empty()) {
        t.numbers.emplace_back();
        if (!integer(part, here, t.numbers.back())) return false;
      } else {
        note(errc::malformed, "numbers or texts, and all of one kind", here);
        return false;
      }
    }
    return true;
  }

  /// A field compared with a literal: `op` as if the field came first.
  offer::condition compared(const std::string& name, const logic_entry& entry, comparison op,
                            const element& literal, const json_place& at, json_scope s) {
    offer::test t{name, operator_of(op), {}, {}};
    const bool equality = op == comparison::equal || op == comparison::not_equal;
    if (literal.is_null()) {
      if (!equality) note(errc::conflict, "null is neither less nor more: ask == null", at);
      t.op = op == comparison::equal ? offer::test_operator::missing : offer::test_operator::exists;
      return {std::move(t)};
    }
    bool flag = false;
    if (literal.get(flag) == simdjson::SUCCESS) {
      const auto kind = kinds_->of(name, s);
      const bool strict = entry.word == logic_word::compare_strictly;
      if (!equality || (strict && kind && *kind != offer::field_kind::flag)) {
        note(errc::conflict, "true and false are values of flags", at);
      }
      t.numbers.push_back(flag ? 1 : 0);
      return {std::move(t)};
    }
    std::string_view word;
    if (literal.get(word) != simdjson::SUCCESS) {
      t.numbers.emplace_back();
      integer(literal, at, t.numbers[0]);
    } else if (kinds_->is(name, s, offer::field_kind::time)) {
      t.numbers.emplace_back();
      moment(word, at, t.numbers[0]);
    } else {
      t.texts.emplace_back(word);
      if (!equality) {
        note(errc::conflict, "texts are not less or more; of a time, give the reader the fields",
             at);
      }
    }
    return {std::move(t)};
  }

  /// {"in": [field, list]}, {"in": [text, field]}
  offer::condition in(const element& v, const json_place& at, const json_place& ours,
                      json_scope s) {
    operands a;
    offer::test t{{}, offer::test_operator::any_of, {}, {}};
    if (!take(v, at, a, 2, 2, "in: a field and a list, or a text and a field")) return {};
    if (a.e[0].is_object()) {
      if (field(a.e[0], a.at[0], ours, t.field)) list(a.e[1], a.at[1], t);
      return {std::move(t)};
    }
    if (!a.e[1].is_object()) {
      note(errc::conflict, "literals alone: nothing is asked", at);
      return {};
    }
    t.texts.emplace_back();
    if (field(a.e[1], a.at[1], ours, t.field) && text(a.e[0], a.at[0], t.texts[0]) &&
        !kinds_->is(t.field, s, offer::field_kind::set)) {
      t.op = offer::test_operator::contains;
    }
    return {std::move(t)};
  }

  /// startsWith, endsWith, has_all, not_in
  offer::condition extended(const logic_entry& entry, const element& v, const json_place& at,
                            const json_place& ours) {
    using enum offer::test_operator;
    operands a;
    offer::test t;
    t.op = entry.word == logic_word::starts_with ? starts_with
           : entry.word == logic_word::ends_with ? ends_with
           : entry.word == logic_word::has_all   ? all_of
                                                 : none_of;
    if (!take(v, at, a, 2, 2, "a field and a text, or a field and a list")) return {};
    if (!field(a.e[0], a.at[0], ours, t.field)) return {};
    if (t.op == starts_with || t.op == ends_with) {
      t.texts.emplace_back();
      text(a.e[1], a.at[1], t.texts[0]);
    } else {
      list(a.e[1], a.at[1], t);
    }
    return {std::move(t)};
  }

  /// {"some": [a set, {"in": [{"var": ""}, list]}]}, and none; of JsonLogic the plain way to ask
  /// sets. Only where the field is known to be one: of a text it would mean something else.
  offer::condition of_set(const logic_entry& entry, const operands& a, const json_place& ours,
                          json_scope s) {
    offer::test t;
    t.op = entry.word == logic_word::some ? offer::test_operator::any_of
                                          : offer::test_operator::none_of;
    if (!field(a.e[0], a.at[0], ours, t.field)) return {};
    if (!kinds_->is(t.field, s, offer::field_kind::set) || entry.word == logic_word::all) {
      note(errc::conflict,
           entry.word == logic_word::all
               ? R"(all: of {"var": "lines"} alone)"
               : R"(of {"var": "lines"}; of a set, when the reader is given the fields)",
           a.at[0]);
      return {};
    }
    std::string_view op;
    element inner;
    const char* const wanted = R"(of a set: {"in": [{"var": ""}, list of texts]})";
    operands parts;
    const json_place here{&a.at[1], "in"};
    if (!single(a.e[1], op, inner) || op != "in" || !take(inner, here, parts, 2, 2, wanted) ||
        !is_var(parts.e[0], "")) {
      note(errc::malformed, wanted, a.at[1]);
      return {};
    }
    list(parts.e[1], parts.at[1], t);
    return {std::move(t)};
  }

  const field_kinds* kinds_;
};

}  // namespace tailor::inline v0::adapters::detail

#endif  // TAILOR_ADAPTERS_OFFER_JSON_TESTS_HPP
