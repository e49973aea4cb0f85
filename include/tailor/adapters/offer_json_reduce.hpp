#ifndef TAILOR_ADAPTERS_OFFER_JSON_REDUCE_HPP
#define TAILOR_ADAPTERS_OFFER_JSON_REDUCE_HPP

#if !__has_include(<simdjson.h>)
#error \
    "tailor/adapters/offer_json_reduce.hpp needs simdjson: Debian package libsimdjson-dev; link tailor::offer_json"
#endif

#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "../core/errc.hpp"
#include "../offer/condition.hpp"
#include "offer_json_tests.hpp"
#include "offer_json_values.hpp"

namespace tailor::inline v0::adapters::detail {

/// Numbers about the lines.
class offer_json_reduce : public offer_json_tests {
 public:
  using offer_json_tests::offer_json_tests;

 protected:
  /// What reduce goes over: the condition of its filter is the second operand of `in`.
  struct reduce_parts {
    json_place source{};
    json_place filter{};
    operands in{};
    bool filtered = false;
  };

  /// {"reduce": [lines, {"+": [1 or a field of "current", {"var": "accumulator"}]}, 0]}: a count or
  /// a sum; lines are {"var": "lines"} or {"filter": [those, condition]}. The condition is not
  /// read.
  bool reduced(const element& v, const json_place& here, const json_place& ours,
               reduce_parts& parts, offer::line_test& to) {
    operands a;
    if (!take(v, here, a, 3, 3, "reduce: lines, a step and 0")) return false;
    if (!is_lines(a.e[0])) {
      parts.source = a.at[0];  // its own copy: the operands end with this call
      parts.filter = {&parts.source, "filter"};
      if (!filter(a.e[0], a.at[0], parts)) return false;
    }
    std::int64_t start = 1;
    if (!a.e[2].is_int64() || a.e[2].get(start) != simdjson::SUCCESS || start != 0) {
      note(errc::malformed, "reduce: it starts from 0", a.at[2]);
      return false;
    }
    return step(a.e[1], a.at[1], ours, to);
  }

 private:
  bool filter(const element& e, const json_place& at, reduce_parts& parts) {
    std::string_view op;
    element inner;
    if (!single(e, op, inner) || op != "filter") {
      note(errc::malformed, R"(reduce: {"var": "lines"}, or a filter of it)", at);
      return false;
    }
    if (!take(inner, parts.filter, parts.in, 2, 2, "filter: the lines and a condition")) {
      return false;
    }
    if (!is_lines(parts.in.e[0])) {
      note(errc::malformed, R"(filter: of {"var": "lines"} alone)", parts.in.at[0]);
      return false;
    }
    parts.filtered = true;
    return true;
  }

  bool step(const element& e, const json_place& at, const json_place& ours, offer::line_test& to) {
    const char* const wanted =
        "reduce: {\"+\": [1, {\"var\": \"accumulator\"}]} counts, "
        "with {\"var\": \"current.field\"} in place of 1 it sums";
    std::string_view op;
    element inner;
    operands p;
    if (!single(e, op, inner) || op != "+") {
      note(errc::unknown, wanted, at);
      return false;
    }
    const json_place plus{&at, "+"};
    if (!take(inner, plus, p, 2, 2, wanted)) return false;
    const std::size_t value = is_var(p.e[0], "accumulator") ? 1 : 0;
    if (!is_var(p.e[1 - value], "accumulator")) {
      note(errc::malformed, wanted, plus);
      return false;
    }
    std::int64_t one = 0;
    if (p.e[value].is_int64() && p.e[value].get(one) == simdjson::SUCCESS && one == 1) {
      to.how = offer::quantifier::count;
      return true;
    }
    to.how = offer::quantifier::sum;
    constexpr std::string_view current = "current.";
    if (!p.e[value].is_object() || !field(p.e[value], p.at[value], ours, to.field) ||
        !to.field.starts_with(current)) {
      note(errc::malformed, wanted, p.at[value]);
      return false;
    }
    to.field.erase(0, current.size());
    return true;
  }
};

}  // namespace tailor::inline v0::adapters::detail

#endif  // TAILOR_ADAPTERS_OFFER_JSON_REDUCE_HPP
