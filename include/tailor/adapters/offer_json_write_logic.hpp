#ifndef TAILOR_ADAPTERS_OFFER_JSON_WRITE_LOGIC_HPP
#define TAILOR_ADAPTERS_OFFER_JSON_WRITE_LOGIC_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "../core/comparison.hpp"
#include "../core/json_writer.hpp"
#include "../offer/condition.hpp"
#include "../offer/field.hpp"
#include "offer_json_options.hpp"
#include "offer_json_words.hpp"

namespace tailor::inline v0::adapters::detail {

/// Appends conditions as JsonLogic: of all ways to say a thing always the same one.
class offer_json_logic_writer : public json_writer {
 public:
  explicit offer_json_logic_writer(const field_kinds& kinds) : kinds_(&kinds) {}

 protected:
  void list(const std::vector<std::string>& all) {
    out += '[';
    for (const std::string& s : all) {
      comma();
      text(s);
    }
    out += ']';
  }
  void list(const std::vector<std::int64_t>& all) {
    out += '[';
    for (const std::int64_t n : all) {
      comma();
      out += std::to_string(n);
    }
    out += ']';
  }
  void condition_member(const char* name, const offer::condition& c, json_scope s) {
    member(name);
    write(c, s);
  }

 private:
  void write(const offer::condition& c, json_scope s) {
    if (const auto* g = std::get_if<offer::group>(&c.is)) write(*g, s);
    if (const auto* t = std::get_if<offer::test>(&c.is)) write(*t, s);
    if (const auto* l = std::get_if<offer::line_test>(&c.is)) write(*l);
    if (const auto* m = std::get_if<offer::member_test>(&c.is)) {
      out += "{\"in_segment\":";
      text(m->segment);
      out += '}';
    }
  }

  static bool is_any(const offer::condition& c) {
    const auto* g = std::get_if<offer::group>(&c.is);
    return g != nullptr && g->how == offer::joined_by::any;
  }
  void parts(const char* before, const offer::group& g, json_scope s, const char* after) {
    out += before;
    for (const offer::condition& part : g.parts) {
      comma();
      write(part, s);
    }
    out += after;
  }
  /// NOT of an OR is read as NOT ANY of its parts, so that a NOT of one OR has two of them.
  void write(const offer::group& g, json_scope s) {
    if (g.how == offer::joined_by::any) return parts("{\"or\":[", g, s, "]}");
    if (g.how == offer::joined_by::none) {
      if (g.parts.size() != 1 || is_any(g.parts[0])) return parts(R"({"!":[{"or":[)", g, s, "]}]}");
      if (g.parts[0] == offer::condition{}) {
        out += "false";
        return;
      }
      return parts("{\"!\":[", g, s, "]}");
    }
    if (g.parts.empty()) {
      out += "true";
      return;
    }
    parts("{\"and\":[", g, s, "]}");
  }

  void var(std::string_view name) {
    out += "{\"var\":";
    text(name);
    out += '}';
  }
  void literal(const offer::test& t) {
    if (!t.texts.empty()) return text(t.texts[0]);
    out += std::to_string(t.numbers.empty() ? 0 : t.numbers[0]);
  }
  void list_of(const offer::test& t) { t.texts.empty() ? list(t.numbers) : list(t.texts); }
  void begin(const char* op) {
    out += "{\"";
    out += op;
    out += "\":[";
  }
  /// The operator, the field, and something behind it.
  template <class F>
  void about(const offer::test& t, const char* op, F&& rest) {
    begin(op);
    var(t.field);
    out += ',';
    rest();
    out += "]}";
  }

  void write(const offer::test& t, json_scope s) {
    using enum offer::test_operator;
    const auto null = [this] { out += "null"; };
    const auto value = [this, &t] { literal(t); };
    const auto values = [this, &t] { list_of(t); };
    const auto one_of = [this, &t] {
      out += R"({"in":[{"var":""},)";
      list_of(t);
      out += "]}";
    };
    // A field named "lines" that is a set would be taken for the lines.
    const bool set = kinds_->is(t.field, s, offer::field_kind::set) && t.field != "lines";
    switch (t.op) {
      case exists:
        return about(t, "!=", null);
      case missing:
        return about(t, "==", null);
      case equal:
        return about(t, "==", value);
      case not_equal:
        return about(t, "!=", value);
      case less:
        return about(t, "<", value);
      case at_most:
        return about(t, "<=", value);
      case more:
        return about(t, ">", value);
      case at_least:
        return about(t, ">=", value);
      case between:
        begin("<=");
        literal(t);
        out += ',';
        var(t.field);
        out += ',';
        out += std::to_string(t.numbers.size() > 1 ? t.numbers[1] : 0);
        out += "]}";
        return;
      case any_of:
        return set ? about(t, "some", one_of) : about(t, "in", values);
      case none_of:
        return set ? about(t, "none", one_of) : about(t, "not_in", values);
      case all_of:
        return about(t, "has_all", values);
      case contains:
        begin("in");
        literal(t);
        out += ',';
        var(t.field);
        out += "]}";
        return;
      case starts_with:
        return about(t, "startsWith", value);
      case ends_with:
        return about(t, "endsWith", value);
    }
  }

  /// `true` is no condition: one that always holds is !! of it.
  void where(const offer::line_test& l) {
    if (l.where.empty()) {
      out += "true";
    } else if (l.where[0] == offer::condition{}) {
      out += "{\"!!\":[true]}";
    } else {
      write(l.where[0], json_scope::line);
    }
  }
  void write(const offer::line_test& l) {
    constexpr const char* words[] = {"some", "all", "none"};
    if (l.how != offer::quantifier::count && l.how != offer::quantifier::sum) {
      begin(words[static_cast<std::size_t>(l.how)]);
      var("lines");
      out += ',';
      where(l);
      out += "]}";
      return;
    }
    begin(logic_name_of(l.op));
    begin("reduce");
    if (l.where.empty()) {
      var("lines");
    } else {
      begin("filter");
      var("lines");
      out += ',';
      where(l);
      out += "]}";
    }
    out += ',';
    begin("+");
    if (l.how == offer::quantifier::count) {
      out += '1';
    } else {
      var("current." + l.field);
    }
    out += R"(,{"var":"accumulator"}]},0]},)";
    out += std::to_string(l.bound);
    out += "]}";
  }

  const field_kinds* kinds_;
};

}  // namespace tailor::inline v0::adapters::detail

#endif  // TAILOR_ADAPTERS_OFFER_JSON_WRITE_LOGIC_HPP
