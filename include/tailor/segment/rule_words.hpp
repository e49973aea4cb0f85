#ifndef TAILOR_SEGMENT_RULE_WORDS_HPP
#define TAILOR_SEGMENT_RULE_WORDS_HPP

#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "rule.hpp"

namespace tailor::inline v0::segment {

// Rules as C++ expressions:
//
//     number_of(purchases(), last(days(30))) >= 2 && !is("country", "DE")
//
// Each is the data of rule.hpp and nothing else.

namespace detail {

[[nodiscard]] inline rule join(joined_by how, rule a, rule b) {
  const auto same = [how](const rule& r) {
    const group* g = std::get_if<group>(&r.is);
    return g != nullptr && g->how == how;
  };
  group out{how, {}};
  for (rule* side : {&a, &b}) {
    if (same(*side)) {  // a && b && c is one group of three
      for (rule& r : std::get_if<group>(&side->is)->parts) out.parts.push_back(std::move(r));
    } else {
      out.parts.push_back(std::move(*side));
    }
  }
  return {std::move(out)};
}

}  // namespace detail

[[nodiscard]] inline rule operator&&(rule a, rule b) {
  return detail::join(joined_by::all, std::move(a), std::move(b));
}
[[nodiscard]] inline rule operator||(rule a, rule b) {
  return detail::join(joined_by::any, std::move(a), std::move(b));
}
[[nodiscard]] inline rule operator!(rule a) {
  group out{joined_by::none, {}};
  out.parts.push_back(std::move(a));
  return {std::move(out)};
}

// --- which events --------------------------------------------------------------------------------

[[nodiscard]] inline event_filter of_kinds(std::initializer_list<events::event_kind> kinds) {
  return {.kinds = kinds};
}
[[nodiscard]] inline event_filter purchases() { return of_kinds({events::event_kind::purchase}); }
[[nodiscard]] inline event_filter views() { return of_kinds({events::event_kind::view_item}); }
[[nodiscard]] inline event_filter carts() { return of_kinds({events::event_kind::add_to_cart}); }
/// Purchases and refunds: what is left of both.
[[nodiscard]] inline event_filter kept_purchases() {
  return of_kinds({events::event_kind::purchase, events::event_kind::refund});
}
[[nodiscard]] inline event_filter of_items(event_filter which, std::vector<item_id> items) {
  which.items = std::move(items);
  return which;
}
/// Of items whose property is that text.
[[nodiscard]] inline event_filter of(event_filter which, std::string property, std::string text) {
  which.item.push_back({std::move(property), property_operator::equal, {}, {std::move(text)}, {}});
  return which;
}

// --- counts and sums -----------------------------------------------------------------------------

/// A number about a shopper that waits for its bound.
struct measure_of {
  event_filter which{};
  measured what = measured::events;
  timeframe when{};

  [[nodiscard]] rule with(comparison op, std::int64_t bound) const {
    return {event_test{which, what, when, op, bound}};
  }
};

[[nodiscard]] inline rule operator==(const measure_of& m, std::int64_t bound) {
  return m.with(comparison::equal, bound);
}
[[nodiscard]] inline rule operator!=(const measure_of& m, std::int64_t bound) {
  return m.with(comparison::not_equal, bound);
}
[[nodiscard]] inline rule operator<(const measure_of& m, std::int64_t bound) {
  return m.with(comparison::less, bound);
}
[[nodiscard]] inline rule operator<=(const measure_of& m, std::int64_t bound) {
  return m.with(comparison::at_most, bound);
}
[[nodiscard]] inline rule operator>(const measure_of& m, std::int64_t bound) {
  return m.with(comparison::more, bound);
}
[[nodiscard]] inline rule operator>=(const measure_of& m, std::int64_t bound) {
  return m.with(comparison::at_least, bound);
}

[[nodiscard]] inline measure_of number_of(event_filter which, timeframe when = always()) {
  return {std::move(which), measured::events, when};
}
[[nodiscard]] inline measure_of measure(measured what, event_filter which,
                                        timeframe when = always()) {
  return {std::move(which), what, when};
}
/// Minor units.
[[nodiscard]] inline measure_of revenue(timeframe when = always()) {
  return {kept_purchases(), measured::revenue, when};
}
[[nodiscard]] inline measure_of orders(timeframe when = always()) {
  return {purchases(), measured::orders, when};
}
[[nodiscard]] inline rule did(event_filter which, timeframe when = always()) {
  return number_of(std::move(which), when) >= 1;
}

// --- properties, models, other segments ----------------------------------------------------------

[[nodiscard]] inline rule has(std::string property) {
  return {property_test{std::move(property), property_operator::exists, {}, {}, {}}};
}
[[nodiscard]] inline rule is(std::string property, std::string text) {
  return {property_test{std::move(property), property_operator::equal, {}, {std::move(text)}, {}}};
}
[[nodiscard]] inline rule is(std::string property, const char* text) {
  return is(std::move(property), std::string(text));
}
[[nodiscard]] inline rule is(std::string property, property_operator op, std::int64_t number) {
  return {property_test{std::move(property), op, {number}, {}, {}}};
}
[[nodiscard]] inline rule is_one_of(std::string property, std::vector<std::string> texts) {
  return {property_test{std::move(property), property_operator::any_of, {}, std::move(texts), {}}};
}
[[nodiscard]] inline rule lies(std::string date, timeframe when) {
  return {property_test{std::move(date), property_operator::in_time, {}, {}, when}};
}
/// The day and month of the date come again in fewer days; 1: today.
[[nodiscard]] inline rule anniversary(std::string date, std::int64_t days_ahead) {
  return {property_test{std::move(date), property_operator::anniversary, {days_ahead}, {}, {}}};
}
/// Permitted that purpose: a flag of the shopper that is known and set.
[[nodiscard]] inline rule consented(std::string purpose) {
  return {property_test{std::move(purpose), property_operator::equal, {1}, {}, {}}};
}
[[nodiscard]] inline rule member_of(std::string segment, timeframe joined = always()) {
  return {membership_test{std::move(segment), joined}};
}
[[nodiscard]] inline rule stands(std::string model, std::int64_t low, std::int64_t high) {
  return {standing_test{std::move(model), low, high, {}}};
}
[[nodiscard]] inline rule stands(std::string model, std::string label) {
  return {standing_test{std::move(model), 0, 0, std::move(label)}};
}

[[nodiscard]] inline funnel_step then(event_filter which) { return {std::move(which), true}; }
[[nodiscard]] inline funnel_step but_not(event_filter which) { return {std::move(which), false}; }
[[nodiscard]] inline rule funnel(std::vector<funnel_step> steps, duration within,
                                 timeframe when = always()) {
  return {funnel_test{std::move(steps), within, when}};
}

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_RULE_WORDS_HPP
