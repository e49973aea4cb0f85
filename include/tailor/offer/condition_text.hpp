#ifndef TAILOR_OFFER_CONDITION_TEXT_HPP
#define TAILOR_OFFER_CONDITION_TEXT_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "../core/comparison.hpp"
#include "../core/iso8601.hpp"
#include "../core/money.hpp"
#include "compiled_rules.hpp"
#include "condition.hpp"
#include "field.hpp"
#include "money_text.hpp"

namespace tailor::inline v0::offer {

/// Writes conditions and values as people read them: money with its decimal places, times in UTC.
class condition_writer {
 public:
  condition_writer(const compiled_rules& book, const currency& unit) : book_(&book), unit_(unit) {}

  [[nodiscard]] std::string text_of(const condition& c, bool of_line = false) const {
    std::string out;
    write(out, c, of_line);
    return out;
  }

  /// A value of a field of that kind.
  void append(std::string& out, field_kind kind, std::int64_t number) const {
    if (kind == field_kind::money) return append_money(out, {number, unit_});
    if (kind == field_kind::flag) return void(out += number != 0 ? "yes" : "no");
    if (kind != field_kind::time) return void(out += std::to_string(number));
    const timestamp t{number};
    const std::int64_t day = day_of(t);
    const calendar_day date = day_at(day);
    const std::int64_t minute = (t - timestamp{} - days(1) * day).us / minutes(1).us;
    const auto two = [&out](std::int64_t n, const char* before) {
      out += before;
      if (n < 10) out += '0';
      out += std::to_string(n);
    };
    out += std::to_string(date.year);
    two(date.month, "-");
    two(date.day, "-");
    two(minute / 60, " ");
    two(minute % 60, ":");
    out += " UTC";
  }

  [[nodiscard]] field_kind kind_of(std::string_view name, bool of_line) const {
    const auto& names = of_line ? book_->line_names : book_->cart_names;
    const auto& slots = of_line ? book_->line_slots : book_->cart_slots;
    for (std::size_t s = 0; s < names.size(); ++s) {
      if (names[s] == name) return slots[s].kind;
    }
    return field_kind::number;
  }

 private:
  void write(std::string& out, const condition& c, bool of_line) const {
    if (const group* g = std::get_if<group>(&c.is)) {
      if (g->parts.empty()) return void(out += "always");
      if (g->how == joined_by::none) out += g->parts.size() == 1 ? "not " : "none of ";
      const bool brackets = g->parts.size() > 1;
      if (brackets) out += '(';
      for (std::size_t i = 0; i < g->parts.size(); ++i) {
        if (i > 0) out += g->how == joined_by::all ? " and " : " or ";
        write(out, g->parts[i], of_line);
      }
      if (brackets) out += ')';
    } else if (const test* t = std::get_if<test>(&c.is)) {
      write(out, *t, of_line);
    } else if (const line_test* l = std::get_if<line_test>(&c.is)) {
      write(out, *l);
    } else {
      (out += "the shopper is in ") += std::get<member_test>(c.is).segment;
    }
  }

  void write(std::string& out, const test& t, bool of_line) const {
    const field_kind kind = kind_of(t.field, of_line);
    out += t.field;
    out += ' ';
    if (t.op == test_operator::exists || t.op == test_operator::missing) {
      return void(out += t.op == test_operator::exists ? "is known" : "is not known");
    }
    out += name_of(t.op);
    const char* comma = " ";
    const std::size_t operands = t.numbers.size() + t.texts.size();
    constexpr std::size_t shown = 5;
    for (std::size_t i = 0; i < operands && i < shown; ++i) {
      out += comma;
      if (i < t.numbers.size()) {
        append(out, kind, t.numbers[i]);
      } else {
        out += t.texts[i - t.numbers.size()];
      }
      comma = t.op == test_operator::between ? " and " : ", ";
    }
    if (operands > shown) {
      out += " and ";
      out += std::to_string(operands - shown);
      out += " more";
    }
  }

  void write(std::string& out, const line_test& l) const {
    constexpr const char* begin[] = {"a line has ", "every line has ", "no line has ",
                                     "the number of lines", "the sum of "};
    out += begin[static_cast<std::size_t>(l.how)];
    if (l.how == quantifier::sum) (out += l.field) += " over the lines";
    const bool counted = l.how == quantifier::count || l.how == quantifier::sum;
    if (!l.where.empty() && l.where[0] != condition{}) {
      if (counted) out += " with ";
      write(out, l.where[0], true);
    } else if (!counted) {
      out += "anything";
    }
    if (!counted) return;
    ((out += ' ') += tailor::name_of(l.op)) += ' ';
    append(out, l.how == quantifier::sum ? kind_of(l.field, true) : field_kind::number, l.bound);
  }

  const compiled_rules* book_;
  currency unit_;
};

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_CONDITION_TEXT_HPP
