#ifndef TAILOR_OFFER_CONDITION_WORDS_HPP
#define TAILOR_OFFER_CONDITION_WORDS_HPP

#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "../core/time.hpp"
#include "condition.hpp"

namespace tailor::inline v0::offer {

// Conditions as C++ expressions:
//
//     the("total") >= 50'00 && the("country").is("DE") && !any_line(the("brand").is("Acme"))
//
// Each is the data of condition.hpp and nothing else.

namespace detail {

[[nodiscard]] inline condition join(joined_by how, condition a, condition b) {
  group out{how, {}};
  for (condition* side : {&a, &b}) {
    group* const same = std::get_if<group>(&side->is);
    if (same != nullptr && same->how == how && !same->parts.empty()) {  // a && b && c: one group
      for (condition& part : same->parts) out.parts.push_back(std::move(part));
    } else {
      out.parts.push_back(std::move(*side));
    }
  }
  return {std::move(out)};
}

}  // namespace detail

[[nodiscard]] inline condition operator&&(condition a, condition b) {
  return detail::join(joined_by::all, std::move(a), std::move(b));
}
[[nodiscard]] inline condition operator||(condition a, condition b) {
  return detail::join(joined_by::any, std::move(a), std::move(b));
}
[[nodiscard]] inline condition operator!(condition a) {
  group out{joined_by::none, {}};
  out.parts.push_back(std::move(a));
  return {std::move(out)};
}

/// A field that waits for what it has to be.
struct field_word {
  std::string name;

  [[nodiscard]] condition with(test_operator op, std::vector<std::int64_t> numbers,
                               std::vector<std::string> texts = {}) const {
    return {test{name, op, std::move(numbers), std::move(texts)}};
  }
  [[nodiscard]] condition is(std::string text) const {
    return with(test_operator::equal, {}, {std::move(text)});
  }
  [[nodiscard]] condition is_not(std::string text) const {
    return with(test_operator::not_equal, {}, {std::move(text)});
  }
  [[nodiscard]] condition any_of(std::vector<std::string> texts) const {
    return with(test_operator::any_of, {}, std::move(texts));
  }
  [[nodiscard]] condition any_of(std::vector<std::int64_t> numbers) const {
    return with(test_operator::any_of, std::move(numbers));
  }
  [[nodiscard]] condition any_of(std::initializer_list<const char*> texts) const {
    return any_of(std::vector<std::string>(texts.begin(), texts.end()));
  }
  [[nodiscard]] condition any_of(std::initializer_list<std::int64_t> numbers) const {
    return any_of(std::vector<std::int64_t>(numbers));
  }
  [[nodiscard]] condition none_of(std::vector<std::string> texts) const {
    return with(test_operator::none_of, {}, std::move(texts));
  }
  [[nodiscard]] condition none_of(std::vector<std::int64_t> numbers) const {
    return with(test_operator::none_of, std::move(numbers));
  }
  [[nodiscard]] condition none_of(std::initializer_list<const char*> texts) const {
    return none_of(std::vector<std::string>(texts.begin(), texts.end()));
  }
  [[nodiscard]] condition none_of(std::initializer_list<std::int64_t> numbers) const {
    return none_of(std::vector<std::int64_t>(numbers));
  }
  /// Of a set.
  [[nodiscard]] condition all_of(std::vector<std::string> texts) const {
    return with(test_operator::all_of, {}, std::move(texts));
  }
  [[nodiscard]] condition contains(std::string text) const {
    return with(test_operator::contains, {}, {std::move(text)});
  }
  [[nodiscard]] condition starts_with(std::string text) const {
    return with(test_operator::starts_with, {}, {std::move(text)});
  }
  [[nodiscard]] condition ends_with(std::string text) const {
    return with(test_operator::ends_with, {}, {std::move(text)});
  }
  /// Both ends included.
  [[nodiscard]] condition between(std::int64_t low, std::int64_t high) const {
    return with(test_operator::between, {low, high});
  }
  [[nodiscard]] condition exists() const { return with(test_operator::exists, {}); }
  [[nodiscard]] condition missing() const { return with(test_operator::missing, {}); }
  /// Of a flag.
  [[nodiscard]] condition holds() const { return with(test_operator::equal, {1}); }
  /// Of a time: [from, until).
  [[nodiscard]] condition within(timestamp from, timestamp until) const {
    return detail::join(joined_by::all, with(test_operator::at_least, {from.us}),
                        with(test_operator::less, {until.us}));
  }
};

/// The field of that name.
[[nodiscard]] inline field_word the(std::string name) { return {std::move(name)}; }

[[nodiscard]] inline condition operator==(const field_word& f, std::int64_t n) {
  return f.with(test_operator::equal, {n});
}
[[nodiscard]] inline condition operator!=(const field_word& f, std::int64_t n) {
  return f.with(test_operator::not_equal, {n});
}
[[nodiscard]] inline condition operator<(const field_word& f, std::int64_t n) {
  return f.with(test_operator::less, {n});
}
[[nodiscard]] inline condition operator<=(const field_word& f, std::int64_t n) {
  return f.with(test_operator::at_most, {n});
}
[[nodiscard]] inline condition operator>(const field_word& f, std::int64_t n) {
  return f.with(test_operator::more, {n});
}
[[nodiscard]] inline condition operator>=(const field_word& f, std::int64_t n) {
  return f.with(test_operator::at_least, {n});
}

[[nodiscard]] inline condition any_line(condition where) {
  return {line_test{.how = quantifier::any, .where = {std::move(where)}}};
}
/// There are lines, and all of them pass.
[[nodiscard]] inline condition all_lines(condition where) {
  return {line_test{.how = quantifier::all, .where = {std::move(where)}}};
}
[[nodiscard]] inline condition no_line(condition where) {
  return {line_test{.how = quantifier::none, .where = {std::move(where)}}};
}

/// A number about the lines that waits for its bound.
struct lines_word {
  line_test what;

  [[nodiscard]] condition with(comparison op, std::int64_t bound) const {
    line_test out = what;
    out.op = op;
    out.bound = bound;
    return {std::move(out)};
  }
};

/// How many lines pass.
[[nodiscard]] inline lines_word count_of_lines(condition where = {}) {
  return {{.how = quantifier::count, .where = {std::move(where)}}};
}
/// The sum of a field over the lines that pass.
[[nodiscard]] inline lines_word sum_over_lines(std::string field, condition where = {}) {
  return {{.how = quantifier::sum, .where = {std::move(where)}, .field = std::move(field)}};
}
[[nodiscard]] inline condition operator==(const lines_word& w, std::int64_t n) {
  return w.with(comparison::equal, n);
}
[[nodiscard]] inline condition operator!=(const lines_word& w, std::int64_t n) {
  return w.with(comparison::not_equal, n);
}
[[nodiscard]] inline condition operator<(const lines_word& w, std::int64_t n) {
  return w.with(comparison::less, n);
}
[[nodiscard]] inline condition operator<=(const lines_word& w, std::int64_t n) {
  return w.with(comparison::at_most, n);
}
[[nodiscard]] inline condition operator>(const lines_word& w, std::int64_t n) {
  return w.with(comparison::more, n);
}
[[nodiscard]] inline condition operator>=(const lines_word& w, std::int64_t n) {
  return w.with(comparison::at_least, n);
}

[[nodiscard]] inline condition member_of(std::string segment) {
  return {member_test{std::move(segment)}};
}

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_CONDITION_WORDS_HPP
