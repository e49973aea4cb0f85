#ifndef TAILOR_SEGMENT_RULE_PROPERTY_HPP
#define TAILOR_SEGMENT_RULE_PROPERTY_HPP

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "../core/contract.hpp"
#include "../core/iso8601.hpp"
#include "../core/time.hpp"
#include "features.hpp"
#include "property.hpp"
#include "rule.hpp"
#include "rule_names.hpp"
#include "standing.hpp"

namespace tailor::inline v0::segment::detail {

/// What came of a test at a moment, and until when that is sure with no further event: until then
/// (exclusive) it stays; at it, it may change.
struct outcome {
  bool is = false;
  timestamp until = never;
  std::int64_t value = 0;  // what was compared
  bool has_value = false;
};

/// A test of a property with the source behind its name.
template <class Id>
struct compiled_property {
  property_test test{};
  rule_names::property<Id> property{};

  [[nodiscard]] outcome test_value(const property_value& v, timestamp now,
                                   duration midnight) const {
    using enum property_operator;
    if (test.op == missing) return {v.type == property_type::none, never, 0, false};
    // A source that breaks its word about the type is as one that does not know.
    if (v.type == property_type::none || v.type != property.type) return {};
    if (test.op == exists) return {true, never, 0, false};
    if (v.type == property_type::text) return {test_text(v.text), never, 0, false};
    if (v.type == property_type::texts) {
      return {std::any_of(v.texts.begin(), v.texts.end(),
                          [&](std::string_view s) { return is_listed(s); }),
              never, 0, false};
    }
    outcome out{false, never, v.number, true};
    if (test.op == in_time) {
      out.is = test.when.holds(timestamp{v.number}, now);
      out.until = test.when.next_change(timestamp{v.number}, now);
    } else if (test.op == anniversary) {
      test_anniversary(out, timestamp{v.number}, now, midnight);
    } else {
      out.is = test_number(v.number);
    }
    return out;
  }

 private:
  [[nodiscard]] bool is_listed(std::string_view s) const {
    return std::find(test.texts.begin(), test.texts.end(), s) != test.texts.end();
  }
  [[nodiscard]] bool test_text(std::string_view s) const {
    const std::string_view t = test.texts.front();
    switch (test.op) {
      case property_operator::equal:
        return s == t;
      case property_operator::not_equal:
        return s != t;
      case property_operator::any_of:
        return is_listed(s);
      case property_operator::contains:
        return s.find(t) != std::string_view::npos;
      case property_operator::starts_with:
        return s.starts_with(t);
      case property_operator::ends_with:
        return s.ends_with(t);
      default:
        return false;
    }
  }
  [[nodiscard]] bool test_number(std::int64_t n) const {
    const auto& all = test.numbers;
    if (test.op == property_operator::any_of) {
      return std::find(all.begin(), all.end(), n) != all.end();
    }
    const auto op = static_cast<comparison>(static_cast<int>(test.op) -
                                            static_cast<int>(property_operator::equal));
    return compares(n, op, all.front());
  }
  /// 29 February comes on 1 March where there is none.
  void test_anniversary(outcome& out, timestamp date, timestamp now, duration midnight) const {
    const std::int64_t today = day_of(now, midnight);
    const calendar_day born = day_at(day_of(date, midnight));
    const auto in_year = [&](auto year) {
      calendar_day d = born;
      d.year = year;
      if (d.month == 2 && d.day == 29 && !is_leap_year(year)) {
        d.month = 3;
        d.day = 1;
      }
      return days_since_epoch(d);
    };
    const auto year = day_at(today).year;
    const std::int64_t this_year = in_year(year);
    const std::int64_t comes = this_year >= today ? this_year : in_year(year + 1);
    out.value = comes - today;
    out.is = out.value < test.numbers.front();
    out.until = start_of_day(out.is ? comes + 1 : comes - test.numbers.front() + 1, midnight);
  }
};

static_assert(static_cast<int>(property_operator::at_least) -
                  static_cast<int>(property_operator::equal) ==
              static_cast<int>(comparison::at_least));

}  // namespace tailor::inline v0::segment::detail

#endif  // TAILOR_SEGMENT_RULE_PROPERTY_HPP
